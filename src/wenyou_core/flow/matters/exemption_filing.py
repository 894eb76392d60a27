"""报备 that exempts a check item from deduction: within its window, which is not ours to move.

A branch's own window is always open; head office announces its window by mail and decides
itself, so a filing may be passed up.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON, WINDOW_OPEN
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
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

_FORM = Windowed("报备", "filing_window", ("submitted",), HEADS)

_MOVES = (
    Move(
        "begin",
        "填写报备",
        (NEW,),
        "draft",
        UNIT,
        limits=("filing_window",),
        says="{who}开始填写报备。",
    ),
    Move(
        "submit",
        "提交报备",
        ("draft", "returned"),
        "submitted",
        HEADS,
        needs=("article", "grounds", "evidence"),
        guards=(WINDOW_OPEN,),
        limits=("filing_decide",),
        says="{who}提交报备（{article}）。",
    ),
    _FORM.returned("退回补充报备", "{who}退回，请补充后在窗口关闭前再提交。"),
    Move(
        "approve",
        "同意报备",
        ("submitted",),
        "approved",
        OFFICE,
        needs=("grounds",),
        guards=(OTHER_PERSON,),
        says="{who}同意报备。",
    ),
    Move(
        "refuse",
        "不同意报备",
        ("submitted",),
        "refused",
        OFFICE,
        needs=("grounds",),
        says="{who}不同意报备。",
    ),
    _FORM.passed_up("转报上级"),
    _FORM.upstream(
        "upstream_approves", "登记上级同意", "approved", "{who}登记上级同意：{upstream_result}。"
    ),
    _FORM.upstream(
        "upstream_refuses", "登记上级不同意", "refused", "{who}登记上级不同意：{upstream_result}。"
    ),
    _FORM.withdrawn(),
    _FORM.lapsed(),
)

EXEMPTION_FILING = Flow(
    name="exemption_filing",
    title="报备",
    states=(
        DRAFT,
        open_state("submitted", "待审核", Role.SERVICE_OFFICE),
        RETURNED,
        waiting_above("待上级审核"),
        closed_state("approved", "已同意"),
        closed_state("refused", "不同意"),
        WITHDRAWN,
        lapsed_state("过期未报"),
    ),
    initial="draft",
    moves=_MOVES,
    clocks=(
        Clock("filing_window", "报备窗口关闭", ("submit",), since="填写或退回报备"),
        Clock(
            "filing_decide",
            "审核报备",
            ("approve", "refuse", "return", "pass_up"),
            since="提交报备",
        ),
    ),
)
