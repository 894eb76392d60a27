"""A complaint that reached us first: counter, letter, telephone at the outlet.

Here the reply is reviewed, told to the customer and followed up in full; a head-office ticket
(``complaint_ticket``) is answered in head office's own system.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.matters.complaint_aside import aside_moves
from wenyou_core.flow.matters.complaint_steps import (
    HANDLING_MOVES,
    HANDLING_STATES,
    RULING_MOVES,
    RULING_STATE,
    handling_clocks,
)
from wenyou_core.flow.roles import DESK, HEADS, OFFICE, UNIT, Role

_MOVES = (
    Move(
        "register",
        "登记投诉",
        (NEW,),
        "registered",
        (*UNIT, *DESK),
        needs=("channel", "customer_request"),
        limits=("complaint_dispatch",),
        says="{who}登记投诉（{channel}）：{customer_request}。",
    ),
    Move(
        "decline",
        "登记不予受理",
        ("registered",),
        "declined",
        DESK,
        needs=("grounds", "notice"),
        says="{who}登记不予受理，已告知客户：{notice}。",
    ),
    *HANDLING_MOVES,
    Move(
        "approve_reply",
        "审定回复",
        ("reply_review",),
        "approved",
        OFFICE,
        guards=(OTHER_PERSON,),
        limits=("complaint_tell",),
        says="{who}审定了回复。",
    ),
    Move(
        "tell_customer",
        "登记已回复客户",
        ("approved",),
        "replied",
        (*HEADS, *DESK),
        needs=("notice",),
        limits=("complaint_follow_up",),
        says="{who}回复了客户：{notice}。",
    ),
    Move(
        "follow_up",
        "登记回访",
        ("replied",),
        "ruling",
        DESK,
        needs=("follow_up",),
        limits=("complaint_ruling",),
        says="{who}回访了客户：{follow_up}。",
    ),
    Move(
        "reopen",
        "回访不满意退回重办",
        ("replied",),
        "handling",
        DESK,
        needs=("follow_up", "grounds"),
        limits=("complaint_handle",),
        says="{who}回访后退回重办：{follow_up}。",
    ),
    Move(
        "skip_follow_up",
        "免回访",
        ("replied",),
        "ruling",
        OFFICE,
        needs=("grounds",),
        limits=("complaint_ruling",),
        says="{who}登记免回访。",
    ),
    *RULING_MOVES,
    *aside_moves(("approved", "replied"), ("closed",)),
)

COMPLAINT = Flow(
    name="complaint",
    title="投诉",
    states=(
        *HANDLING_STATES,
        open_state("approved", "待告知客户", Role.OUTLET_HEAD),
        open_state("replied", "已回复待回访", Role.COMPLAINT_HANDLER),
        RULING_STATE,
        closed_state("closed", "已办结"),
        closed_state("withdrawn", "已撤诉"),
        closed_state("declined", "不予受理"),
        closed_state("merged", "已并案"),
    ),
    initial="registered",
    moves=_MOVES,
    clocks=(
        *handling_clocks(("tell_customer",)),
        Clock("complaint_reply_check", "审定回复", ("approve_reply", "return_reply"), since="送审"),
        Clock("complaint_tell", "告知客户", ("tell_customer",), since="审定"),
        Clock(
            "complaint_follow_up",
            "回访客户",
            ("follow_up", "reopen", "skip_follow_up"),
            since="回复客户",
        ),
        Clock("complaint_ruling", "责任认定", ("rule",), since="回访或免回访"),
    ),
)
