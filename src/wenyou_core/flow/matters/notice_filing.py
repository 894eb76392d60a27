"""外出、加时、停业 and changes of hours or telephone: told, noted, and done; nothing is exempted.

The head's absence names the 当班主管; a closure or a change is done when it has been published.
"""

from __future__ import annotations

from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, Role

NOTICE_FILING = Flow(
    name="notice_filing",
    title="事前报告",
    states=(
        open_state("filed", "待确认", Role.SERVICE_OFFICE),
        open_state("returned", "退回修改", Role.OUTLET_HEAD),
        open_state("noted", "已确认待公示", Role.OUTLET_HEAD),
        closed_state("closed", "已办结"),
        closed_state("withdrawn", "已撤回"),
    ),
    initial="filed",
    moves=(
        Move(
            "file",
            "报告外出、加时或停业",
            (NEW,),
            "filed",
            (*HEADS, Role.TRAINER),
            needs=("schedule", "grounds", "acting_head"),
            limits=("notice_confirm",),
            says="{who}报告：{schedule}，当班主管{acting_head}。",
        ),
        Move(
            "return",
            "退回修改报告",
            ("filed",),
            "returned",
            OFFICE,
            needs=("grounds",),
            says="{who}退回报告，请修改。",
        ),
        Move(
            "resubmit",
            "修改后再报告",
            ("returned",),
            "filed",
            (*HEADS, Role.TRAINER),
            needs=("schedule",),
            limits=("notice_confirm",),
            says="{who}修改后再报告：{schedule}。",
        ),
        Move(
            "take_note",
            "确认无须公示",
            ("filed",),
            "closed",
            OFFICE,
            says="{who}确认报告，无须对外公示。",
        ),
        Move(
            "confirm",
            "确认并要求公示",
            ("filed",),
            "noted",
            OFFICE,
            limits=("notice_publish",),
            says="{who}确认报告，请对外公示。",
        ),
        Move(
            "publish",
            "登记已公示",
            ("noted",),
            "closed",
            (*HEADS, *OFFICE),
            needs=("notice", "evidence"),
            says="{who}登记已公示：{notice}。",
        ),
        Move(
            "withdraw",
            "撤回报告",
            ("filed", "returned", "noted"),
            "withdrawn",
            (*HEADS, Role.TRAINER),
            needs=("grounds",),
            says="{who}撤回报告。",
        ),
    ),
    clocks=(
        Clock("notice_confirm", "确认报告", ("return", "take_note", "confirm"), since="报告"),
        Clock("notice_publish", "对外公示", ("publish",), since="确认报告"),
    ),
)
