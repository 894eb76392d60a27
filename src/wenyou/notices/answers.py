"""What a robot of a group chat has answered: apprise looks at the HTTP status alone, and these
services refuse with 200 and a code in the body.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from wenyou.notices.sending import NotSent

UNREADABLE = "群机器人的答复读不懂，不能算已发出：可能被代理或防火墙拦下，请核对服务器的外网出口。"
_heard: ContextVar[bytes] = ContextVar("wenyou_robot_heard", default=b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """Under which name a service answers its code (0: taken), which pass by themselves, and what
    the others mean.
    """

    name: str
    passing: Collection[int] = ()
    meanings: Mapping[int, str]


_KEYWORDS = "消息里没有机器人要求的关键词，请在群里把关键词设为“文优”"
_ADDRESS = "地址已失效或填错，请从群设置里重新复制登记"
CODES: Mapping[str, Codes] = {
    "NotifyWeComBot": Codes(
        name="errcode",
        passing=(-1, 45009),
        meanings={93000: _ADDRESS, 40008: "消息格式不被接受", 45002: "消息太长"},
    ),
    "NotifyDingTalk": Codes(
        name="errcode",
        passing=(-1, 130101, 410100),
        meanings={
            310000: f"{_KEYWORDS}；用了加签或 IP 白名单的，请改用关键词或登记服务器的 IP",
            300005: _ADDRESS,
            400101: _ADDRESS,
            400013: "群已解散",
            400102: "机器人已停用",
        },
    ),
    "NotifyFeishu": Codes(
        name="code",
        passing=(11232,),
        meanings={
            9499: "消息格式不被接受",
            19001: _ADDRESS,
            19021: "机器人用了签名校验，请改用关键词",
            19022: "服务器的 IP 不在机器人的白名单里",
            19024: _KEYWORDS,
        },
    ),
}


class _Listening:
    """The module ``requests`` as a plugin of apprise sees it: the body of each answer is kept."""

    def __init__(self, requests: Any) -> None:
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, *args: Any, **options: Any) -> Any:
        """Post, and remember what came back."""
        response = self._requests.post(*args, **options)
        _heard.set(response.content or b"")
        return response


def listen(robot: object) -> None:
    """Hear what the service of this robot answers from now on."""
    module: Any = sys.modules[type(robot).__module__]
    _heard.set(b"")
    if type(robot).__name__ in CODES and not isinstance(module.requests, _Listening):
        module.requests = _Listening(module.requests)


def judge(robot: object) -> None:
    """Raise NotSent where the service has answered anything but its word for taken."""
    codes = CODES.get(type(robot).__name__)
    if codes is None:
        return
    try:
        code = int(json.loads(_heard.get())[codes.name])
    except (ValueError, TypeError, KeyError):
        raise NotSent(UNREADABLE) from None
    if code in codes.passing:
        raise NotSent(f"群机器人限了流或正忙（错误码 {code}），稍后再发。")
    if code != 0:
        why = codes.meanings.get(code, "请对照该平台的错误码说明处理")
        raise NotSent(f"群机器人拒收（错误码 {code}）：{why}。", again=False)
