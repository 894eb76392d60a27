"""报备 that exempts a check item from deduction: within its window, which is not ours to move.

A branch's own window is always open; head office announces its window by mail and decides
itself, so a filing may be passed up.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON, WINDOW_CLOSED, WINDOW_OPEN
from wenyou_core.flow.machine import (
    NEW,
    Clock,
    Flow,
    Move,
    closed_state,
    open_state,
    waiting_state,
)
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

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
    Move(
        "return",
        "退回补充报备",
        ("submitted",),
        "returned",
        OFFICE,
        needs=("grounds",),
        limits=("filing_window",),
        says="{who}退回，请补充后在窗口关闭前再提交。",
    ),
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
    Move(
        "pass_up",
        "转报上级",
        ("submitted",),
        "passed_up",
        OFFICE,
        guards=(WINDOW_OPEN,),
        says="{who}转报上级。",
    ),
    Move(
        "upstream_approves",
        "登记上级同意",
        ("passed_up",),
        "approved",
        OFFICE,
        needs=("upstream_result",),
        says="{who}登记上级同意：{upstream_result}。",
    ),
    Move(
        "upstream_refuses",
        "登记上级不同意",
        ("passed_up",),
        "refused",
        OFFICE,
        needs=("upstream_result",),
        says="{who}登记上级不同意：{upstream_result}。",
    ),
    Move(
        "withdraw",
        "撤回报备",
        ("draft", "returned", "submitted", "passed_up"),
        "withdrawn",
        HEADS,
        says="{who}撤回报备。",
    ),
    Move(
        "lapse",
        "关闭过期报备",
        ("draft", "returned"),
        "lapsed",
        (Role.SYSTEM, *OFFICE),
        guards=(WINDOW_CLOSED,),
        says="{who}关闭报备：窗口已关闭，没有提交。",
    ),
)

EXEMPTION_FILING = Flow(
    name="exemption_filing",
    title="报备",
    states=(
        open_state("draft", "草稿", Role.OUTLET_HEAD),
        open_state("submitted", "待审核", Role.SERVICE_OFFICE),
        open_state("returned", "退回补充", Role.OUTLET_HEAD),
        waiting_state("passed_up", "待上级审核", Role.SERVICE_OFFICE),
        closed_state("approved", "已同意"),
        closed_state("refused", "不同意"),
        closed_state("withdrawn", "已撤回"),
        closed_state("lapsed", "过期未报"),
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
