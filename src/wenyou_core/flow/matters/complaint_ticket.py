"""A ticket of head office (hotline, 12378, 12345), imported and never registered twice.

Reply and call-back happen in head office's system; here the outlet's account is gathered, what
was answered there is recorded, and 「总行已结 / 我方未结」 shows by comparing the two.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import (
    NEW,
    Clock,
    Flow,
    Move,
    Side,
    closed_state,
    open_state,
    waiting_state,
)
from wenyou_core.flow.matters.complaint_aside import aside_moves
from wenyou_core.flow.matters.complaint_steps import (
    BEFORE_REPLY,
    HANDLING_MOVES,
    HANDLING_STATES,
    RULING_MOVES,
    RULING_STATE,
    handling_clocks,
)
from wenyou_core.flow.roles import DESK, OFFICE, Role

_ANSWERED = ("to_answer", "answered")

_MOVES = (
    Move(
        "import",
        "导入工单",
        (NEW,),
        "registered",
        (*DESK, Role.SYSTEM),
        needs=("external_number",),
        limits=("complaint_dispatch",),
        says="{who}导入总行工单{external_number}。",
    ),
    Move(
        "sync",
        "更新工单",
        (*BEFORE_REPLY, *_ANSWERED, "ruling", "return_asked"),
        None,
        (*DESK, Role.SYSTEM),
        needs=("changes",),
        says="{who}再次导入，工单有变动：{changes}。",
    ),
    Move(
        "return_upstream",
        "申请退回总行",
        ("registered",),
        "return_asked",
        DESK,
        needs=("grounds",),
        says="{who}向总行申请退单。",
    ),
    Move(
        "upstream_takes_back",
        "登记总行同意退单",
        ("return_asked",),
        "returned",
        (*DESK, Role.SYSTEM),
        needs=("upstream_result",),
        says="{who}登记总行同意退单：{upstream_result}。",
    ),
    Move(
        "upstream_insists",
        "登记总行退单不成",
        ("return_asked",),
        "registered",
        (*DESK, Role.SYSTEM),
        needs=("upstream_result",),
        limits=("complaint_dispatch",),
        says="{who}登记总行不同意退单：{upstream_result}。",
    ),
    *HANDLING_MOVES,
    Move(
        "approve_reply",
        "审定回复",
        ("reply_review",),
        "to_answer",
        OFFICE,
        guards=(OTHER_PERSON,),
        limits=("ticket_enter",),
        says="{who}审定了回复，待录入总行系统。",
    ),
    Move(
        "answer_upstream",
        "登记已在总行系统回复",
        ("to_answer",),
        "answered",
        DESK,
        says="{who}登记已在总行系统回复。",
    ),
    Move(
        "upstream_sends_back",
        "登记总行退回重办",
        ("answered",),
        "handling",
        (*DESK, Role.SYSTEM),
        needs=("grounds",),
        limits=("complaint_handle",),
        says="{who}登记总行退回重办。",
    ),
    Move(
        "upstream_closes",
        "登记总行已办结",
        (*BEFORE_REPLY, *_ANSWERED),
        "ruling",
        (*DESK, Role.SYSTEM),
        needs=("upstream_result",),
        limits=("complaint_ruling",),
        says="{who}登记总行已办结：{upstream_result}。",
    ),
    *RULING_MOVES,
    *aside_moves(_ANSWERED, ("closed",)),
)

COMPLAINT_TICKET = Flow(
    name="complaint_ticket",
    title="总行工单",
    states=(
        *HANDLING_STATES,
        open_state("to_answer", "待录入总行系统", Role.COMPLAINT_HANDLER),
        waiting_state("answered", "已回复待总行办结", Role.COMPLAINT_HANDLER),
        waiting_state("return_asked", "待总行确认退单", Role.COMPLAINT_HANDLER),
        RULING_STATE,
        closed_state("closed", "已办结"),
        closed_state("withdrawn", "已撤诉"),
        closed_state("returned", "已退回总行"),
        closed_state("merged", "已并案"),
    ),
    initial="registered",
    moves=_MOVES,
    clocks=(
        # The ticket's own 要求回复时间 comes first; the walls of the law lie behind it.
        Clock(
            "ticket_reply",
            "工单要求回复",
            ("answer_upstream", "upstream_closes"),
            side=Side.UPSTREAM,
        ),
        *handling_clocks(
            ("answer_upstream", "upstream_closes"), ("upstream_closes",), ("return_asked",)
        ),
        Clock(
            "complaint_reply_check",
            "审定回复",
            ("approve_reply", "return_reply", "upstream_closes"),
            since="送审",
        ),
        Clock(
            "ticket_enter",
            "录入总行系统",
            ("answer_upstream", "upstream_closes"),
            since="审定",
        ),
        Clock("complaint_ruling", "责任认定", ("rule",), since="总行办结"),
    ),
)
