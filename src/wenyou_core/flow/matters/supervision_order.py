"""督办单: sent by a person, never by itself; signed or issued at once, answered, 销号."""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

_SENDERS = (*OFFICE, Role.LEADER)

_MOVES = (
    Move(
        "draft",
        "拟督办单",
        (NEW,),
        "draft",
        _SENDERS,
        needs=("unit", "supervision", "grounds"),
        says="{who}拟督办单，由{unit}承办：{supervision}。",
    ),
    Move(
        "ask_signature",
        "送签督办单",
        ("draft",),
        "signing",
        OFFICE,
        limits=("supervision_sign",),
        says="{who}送领导签批。",
    ),
    Move(
        "sign",
        "签批督办单",
        ("signing",),
        "issued",
        (Role.LEADER, Role.SERVICE_OFFICE),
        needs=("instruction",),
        limits=("supervision_do",),
        says="{who}登记批示：{instruction}。",
    ),
    Move(
        "return_draft",
        "退回重拟督办单",
        ("signing",),
        "draft",
        _SENDERS,
        needs=("grounds",),
        says="{who}退回重拟。",
    ),
    Move(
        "issue",
        "直接下发督办单",
        ("draft",),
        "issued",
        _SENDERS,
        limits=("supervision_do",),
        says="{who}下发督办单。",
    ),
    Move(
        "feed_back",
        "反馈督办落实",
        ("issued",),
        "answered",
        UNIT,
        needs=("measure",),
        limits=("supervision_check",),
        says="{who}反馈落实情况：{measure}。",
    ),
    Move(
        "return",
        "退回继续落实",
        ("answered",),
        "issued",
        _SENDERS,
        needs=("grounds",),
        limits=("supervision_do",),
        says="{who}退回，请继续落实。",
    ),
    Move(
        "close",
        "督办销号",
        ("answered",),
        "closed",
        _SENDERS,
        guards=(OTHER_PERSON,),
        says="{who}销号。",
    ),
    Move("urge", "催办", ("issued", "answered"), None, _SENDERS, says="{who}催办。"),
    Move(
        "ask_extension",
        "申请延期",
        ("issued",),
        None,
        HEADS,
        needs=("due", "grounds"),
        says="{who}申请延期到{due}。",
        opens="extension",
    ),
    Move(
        "withdraw",
        "撤销督办单",
        ("draft", "signing", "issued", "answered"),
        "withdrawn",
        _SENDERS,
        needs=("grounds",),
        says="{who}撤销督办单。",
    ),
)

SUPERVISION_ORDER = Flow(
    name="supervision_order",
    title="督办单",
    states=(
        open_state("draft", "拟稿", Role.SERVICE_OFFICE),
        open_state("signing", "待签批", Role.LEADER),
        open_state("issued", "承办中", Role.OUTLET_HEAD),
        open_state("answered", "待审反馈", Role.SERVICE_OFFICE),
        closed_state("closed", "已销号"),
        closed_state("withdrawn", "已撤销"),
    ),
    initial="draft",
    moves=_MOVES,
    clocks=(
        Clock("supervision_sign", "签批督办单", ("sign", "return_draft"), since="送签"),
        Clock("supervision_do", "落实督办", ("feed_back",), since="下发或退回"),
        Clock("supervision_check", "审核督办反馈", ("close", "return"), since="反馈落实"),
    ),
)
