"""The kinds of notices as data: what may be said of them outside the house, and what cannot wait.

What leaves the house names a matter by its number at most; who complained, about what, and how
to reach him stays in the inbox.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind: ``outside`` is the sentence when the teller gives none; empty: it never leaves."""

    code: str
    title: str
    outside: str
    urgent: bool = False


KINDS: dict[str, Kind] = {
    one.code: one
    for one in (
        Kind(code="matter", title="事项派办", outside="您有一件事项等待办理"),
        Kind(code="urge", title="催办", outside="您有一件事项被催办"),
        Kind(code="clock", title="到期时间变动", outside="您有一件事项的到期时间有变动"),
        Kind(code="cleanup", title="到期清理", outside="有一份到期清理清单待您确认"),
        Kind(code="account", title="账号安全", outside="您的账号设置有变动", urgent=True),
        Kind(code="test", title="测试", outside="这是一条测试通知", urgent=True),
        Kind(code="delivery", title="发送情况", outside=""),
    )
}
OTHER = Kind(code="", title="其他", outside="您有一条新消息")


def kind_of(code: str) -> Kind:
    """A kind; one that no table names is like any other message."""
    return KINDS.get(code, OTHER)
