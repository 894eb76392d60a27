"""Conditions a move asks for that the tables cannot know: answered by whoever has the facts.

An answer is "" when the condition holds, else the Chinese sentence that says why not. A guard
nobody answered refuses: forgetting to ask must not open a door.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition, its Chinese name, and the sentence for one that nobody has checked."""

    name: str
    title: str
    unchecked: str


NO_INTEREST = "no_interest"
OTHER_PERSON = "other_person"
WINDOW_OPEN = "window_open"
WINDOW_CLOSED = "window_closed"
ADOPTION_RECORDED = "adoption_recorded"
ALL_RULED = "all_ruled"

GUARDS = {
    guard.name: guard
    for guard in (
        Guard(NO_INTEREST, "回避", "还没有核对办理人与本案的利害关系，请先核对回避情况。"),
        Guard(OTHER_PERSON, "换人办理", "还没有核对是否由另一人办理，请换经办人以外的人办理。"),
        Guard(WINDOW_OPEN, "窗口开放", "还没有核对办理窗口，请先由服务办公室设置窗口。"),
        Guard(WINDOW_CLOSED, "窗口已关闭", "还没有核对窗口是否已经关闭，请先核对窗口。"),
        Guard(
            ADOPTION_RECORDED,
            "方案通过程序齐全",
            "还没有核对方案的征求意见、公示和签收记录，请先核对后再兑现。",
        ),
        Guard(ALL_RULED, "逐案有结论", "还没有核对本次会议的案件是否都有结论，请先逐案核对。"),
    )
}


def other_person(by: str, first: str) -> str:
    """The answer of ``other_person``: "" when 员工号 ``by`` is not that of the first act."""
    if by != first:
        return ""
    return "这一步不能由前一步的经办人自己办理，请换一人办理。"
