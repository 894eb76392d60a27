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

UNREADABLE = (
    "群机器人的答复读不懂，不知道是否已发出：可能被代理或防火墙拦下，请核对服务器的外网出口。"
    "为免重复，不再自动重发；请到群里看，没有收到的再重发。"
)
IN_PART = (
    "这条消息较长，分几段发，只发出了一部分，其余的群机器人没有收下。"
    "为免重复，不再自动重发；请到群里看，需要的再重发。"
)
BAD_STATUS = 400


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


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its HTTP status and its body."""

    status: int
    body: bytes


_heard: ContextVar[tuple[Answer, ...]] = ContextVar("wenyou_robot_heard", default=())


class _Listening:
    """The module ``requests`` as a plugin of apprise sees it: each answer is kept."""

    def __init__(self, requests: Any) -> None:
        self._requests = requests

    def __getattr__(self, name: str) -> Any:
        return getattr(self._requests, name)

    def post(self, *args: Any, **options: Any) -> Any:
        """Post, and remember what came back."""
        response = self._requests.post(*args, **options)
        _heard.set((*_heard.get(), Answer(response.status_code, response.content or b"")))
        return response


def listen(robot: object) -> None:
    """Hear what the service of this robot answers from now on."""
    module: Any = sys.modules[type(robot).__module__]
    _heard.set(())
    if type(robot).__name__ in CODES and not isinstance(module.requests, _Listening):
        module.requests = _Listening(module.requests)


def judge(robot: object, *, told: bool) -> None:
    """Raise NotSent where the service has answered anything but its word for taken, to any of the
    posts of a message. What has arrived, whole or in part, or may have, is not sent again by
    itself. ``told`` is what apprise says: every post was answered with a good status.
    """
    codes = CODES.get(type(robot).__name__)
    if codes is not None:
        found = [_code(one.body, codes.name) for one in _heard.get() if one.status < BAD_STATUS]
        _judge(codes, found if found or not told else [None], told=told)
    if not told:
        said = "群机器人没有收下：可能被移出群、限了流，或服务器连不上对方。"
        raise NotSent(said, silent=not _heard.get())


def _judge(codes: Codes, found: list[int | None], *, told: bool) -> None:
    """Raise NotSent for codes (None: not readable) that are not all the word for taken."""
    busy = next((code for code in found if code in codes.passing), None)
    refused = next((code for code in found if code and code not in codes.passing), None)
    if refused is not None:
        why = codes.meanings.get(refused, "请对照该平台的错误码说明处理")
        raise NotSent(f"群机器人拒收（错误码 {refused}）：{why}。", again=False)
    if None in found:
        raise NotSent(UNREADABLE, again=False)
    if 0 in found and (busy is not None or not told):
        raise NotSent(IN_PART, again=False)
    if busy is not None:
        raise NotSent(f"群机器人限了流或正忙（错误码 {busy}），稍后再发。")


def _code(body: bytes, name: str) -> int | None:
    """The code in an answer; None where it cannot be read."""
    try:
        return int(json.loads(body)[name])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
