"""The bank's SMS gateway by HTTP: one call for each message, to the configured host alone.

No redirect is followed and no proxy is asked, so that a number of a colleague goes nowhere else.
What the gateway answers is judged, never kept: it may repeat the number.
"""

from __future__ import annotations

import http.client
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import SplitResult, urlencode, urlsplit

from wenyou.knobs.services import secret
from wenyou.notices.sending import Message, NotSent
from wenyou.vault.mask import mask_text

LONGEST_ANSWER = 64 * 1024
PIECE = 4096
# Too many at once, a time-out on their side, and errors of theirs may pass.
PASSING = frozenset({408, 425, 429})
CHECK = "请系统管理员检查参数设置。"


@dataclass(frozen=True, slots=True)
class _Asked:
    """One request; what it holds is a secret."""

    method: str
    target: str = field(repr=False)
    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)


def send(message: Message) -> None:
    """Hand one message to the gateway. Raises NotSent."""
    values = message.settings
    said = {
        "{手机号}": message.to,
        "{内容}": message.words,
        "{编号}": message.number,
        "{密钥}": secret("sms.secret"),
    }
    goal = _goal(values["sms.url"])
    headers, fields = _headers(values["sms.headers"], said), _fields(values["sms.body"], said)
    method, path, body = "POST", goal.path or "/", b""
    query = goal.query
    match values["sms.format"]:
        case "json":
            body = json.dumps(fields, ensure_ascii=False).encode()
            headers.setdefault("Content-Type", "application/json; charset=utf-8")
        case "form":
            body = urlencode(_flat(fields)).encode()
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        case _:
            method, query = "GET", "&".join(filter(None, (query, urlencode(_flat(fields)))))
    asked = _Asked(method, f"{path}?{query}" if query else path, body, headers)
    _judge(*_call(goal, asked, int(values["sms.timeout"])), values["sms.success"])


def _goal(url: str) -> SplitResult:
    try:
        goal = urlsplit(url)
        goal.port  # noqa: B018 -- a bad port raises here and not while calling
    except ValueError:
        goal = urlsplit("")
    if goal.scheme not in {"http", "https"} or not goal.hostname or goal.username:
        raise NotSent(f"短信网关地址没有填或不对。{CHECK}", again=False)
    return goal


def _headers(text: str, said: Mapping[str, str]) -> dict[str, str]:
    found = {"Accept": "application/json"}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, colon, value = line.partition(":")
        filled = _filled(value.strip(), said)
        if not colon or not name.isascii() or not filled.isascii() or not filled.isprintable():
            raise NotSent(f"短信请求头应为“名称: 值”，一行一个，只用英文字符。{CHECK}", again=False)
        found[name.strip()] = filled
    return found


def _fields(text: str, said: Mapping[str, str]) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise NotSent(f"短信字段不是一个 JSON 对象。{CHECK}", again=False)
    filled: dict[str, Any] = _filled(fields, said)
    return filled


def _filled(value: Any, said: Mapping[str, str]) -> Any:
    """Names in braces are replaced inside texts alone: what is put in cannot change the form."""
    if isinstance(value, dict):
        return {key: _filled(one, said) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, said) for one in value]
    if isinstance(value, str):
        for name, text in said.items():
            value = value.replace(name, text)
    return value


def _flat(fields: Mapping[str, Any]) -> dict[str, str]:
    return {
        key: one if isinstance(one, str) else json.dumps(one, ensure_ascii=False)
        for key, one in fields.items()
    }


def _call(goal: SplitResult, asked: _Asked, wait: int) -> tuple[int, bytes]:
    """Status and answer; the whole call is over after ``wait`` seconds."""
    secure = goal.scheme == "https"
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    line = kind(goal.hostname or "", goal.port, timeout=wait)
    until = time.monotonic() + wait
    try:
        line.request(asked.method, asked.target, asked.body or None, asked.headers)
        answer = line.getresponse()
        pieces, length = [], 0
        while length <= LONGEST_ANSWER and (piece := answer.read1(PIECE)):
            pieces.append(piece)
            length += len(piece)
            if time.monotonic() > until:
                raise TimeoutError
        return answer.status, b"".join(pieces)
    except TimeoutError:
        raise NotSent(f"短信网关 {wait} 秒内没有答完。", silent=True) from None
    except ssl.SSLError:
        raise NotSent(f"短信网关的证书没有通过校验，没有发送。{CHECK}") from None
    except (OSError, http.client.HTTPException) as error:
        said = getattr(error, "strerror", None) or type(error).__name__
        raise NotSent(f"连不上短信网关：{said}。", silent=True) from None
    finally:
        line.close()


def _judge(status: int, answer: bytes, success: str) -> None:
    if 300 <= status < 400:
        raise NotSent(f"短信网关要求转到别的地址，没有照办。{CHECK}", again=False)
    if not 200 <= status < 300:
        passing = status in PASSING or status >= 500
        raise NotSent(f"短信网关没有收下，状态码 {status}。", again=passing)
    if not success:
        return
    path, _, wanted = success.partition("=")
    try:
        value: Any = json.loads(answer)
        for step in path.strip().split("."):
            value = value[step]
    except (ValueError, KeyError, TypeError):
        raise NotSent(f"短信网关的回答里没有“{path.strip()}”。{CHECK}") from None
    got = value if isinstance(value, str) else json.dumps(value)
    if got != wanted.strip():
        raise NotSent(f"短信网关没有收下：{path.strip()} 是“{mask_text(got[:40])}”。")
