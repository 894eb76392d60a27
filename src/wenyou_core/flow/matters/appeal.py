"""申诉: item by item, within its window; decided by somebody the case does not touch.

An upheld appeal edits nothing: it is a fact from which the next computation makes the
difference, and money goes into the next month of pay-out.
"""

from __future__ import annotations

from wenyou_core.flow.guards import NO_INTEREST, OTHER_PERSON, WINDOW_OPEN
from wenyou_core.flow.machine import (
    NEW,
    Clock,
    Flow,
    Move,
    closed_state,
    open_state,
)
from wenyou_core.flow.matters.windowed import (
    DRAFT,
    RETURNED,
    WITHDRAWN,
    Windowed,
    lapsed_state,
    waiting_above,
)
from wenyou_core.flow.roles import OFFICE, UNIT, Role

_DECIDERS = (*OFFICE, Role.LEADER)
_JUDGED = (NO_INTEREST, OTHER_PERSON)
_FORM = Windowed("申诉", "appeal_window", ("submitted", "examining"), UNIT)


def _decision(action: str, title: str, target: str, says: str) -> Move:
    return Move(
        action,
        title,
        ("examining",),
        target,
        _DECIDERS,
        needs=("article", "grounds"),
        guards=_JUDGED,
        says=says,
    )


_MOVES = (
    Move(
        "begin",
        "填写申诉",
        (NEW,),
        "draft",
        UNIT,
        needs=("item",),
        limits=("appeal_window",),
        says="{who}开始填写申诉：{item}。",
    ),
    Move(
        "submit",
        "提交申诉",
        ("draft", "returned"),
        "submitted",
        UNIT,
        needs=("item", "grounds", "evidence"),
        guards=(WINDOW_OPEN,),
        limits=("appeal_accept", "appeal_decide"),
        says="{who}提交申诉：{item}。",
    ),
    _FORM.returned("退回补充申诉材料", "{who}退回，请补充材料后在窗口关闭前再提交。"),
    Move("accept", "受理申诉", ("submitted",), "examining", OFFICE, says="{who}受理申诉。"),
    Move(
        "comment",
        "提交检查说明",
        ("submitted", "examining"),
        None,
        (Role.INSPECTOR, *OFFICE),
        needs=("comment",),
        says="{who}对申诉作出说明：{comment}。",
    ),
    _decision("uphold", "裁定申诉成立", "upheld", "{who}裁定申诉成立（{article}）。"),
    _decision("uphold_partly", "裁定部分成立", "partly_upheld", "{who}裁定部分成立（{article}）。"),
    _decision("reject", "裁定维持原结果", "rejected", "{who}裁定维持原结果（{article}）。"),
    _FORM.passed_up("转报上级申诉"),
    _FORM.upstream(
        "upstream_upholds", "登记上级认可申诉", "upheld", "{who}登记：{upstream_result}。"
    ),
    _FORM.upstream(
        "upstream_rejects", "登记上级维持", "rejected", "{who}登记：{upstream_result}。"
    ),
    _FORM.withdrawn(),
    _FORM.lapsed(),
)

APPEAL = Flow(
    name="appeal",
    title="申诉",
    states=(
        DRAFT,
        open_state("submitted", "待受理", Role.SERVICE_OFFICE),
        open_state("examining", "审理中", Role.SERVICE_OFFICE),
        RETURNED,
        waiting_above("待上级裁定"),
        closed_state("upheld", "申诉成立"),
        closed_state("partly_upheld", "部分成立"),
        closed_state("rejected", "维持原结果"),
        WITHDRAWN,
        lapsed_state("过期未交"),
    ),
    initial="draft",
    moves=_MOVES,
    clocks=(
        Clock("appeal_window", "申诉窗口关闭", ("submit",), since="填写或退回申诉"),
        Clock("appeal_accept", "受理申诉", ("accept", "return", "pass_up"), since="提交申诉"),
        Clock("appeal_decide", "裁定申诉", ("return",), since="提交申诉", paused_in=("passed_up",)),
    ),
)
