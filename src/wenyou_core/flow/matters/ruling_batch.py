"""责任认定会: cases ruled ten at a time in a meeting, with minutes and a page of signatures.

Who has an interest keeps out case by case (``recusal.bench``); the batch is signed when every
case has an outcome, and each complaint is then moved by its own ``rule``.
"""

from __future__ import annotations

from wenyou_core.flow.guards import ALL_RULED, NO_INTEREST
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import OFFICE, Role

_MOVES = (
    Move(
        "open",
        "登记责任认定会",
        (NEW,),
        "collecting",
        OFFICE,
        needs=("meeting",),
        limits=("ruling_circulate",),
        says="{who}登记责任认定会：{meeting}。",
    ),
    Move(
        "add_case",
        "列入案件",
        ("collecting",),
        None,
        OFFICE,
        needs=("case",),
        says="{who}列入{case}。",
    ),
    Move(
        "remove_case",
        "移出案件",
        ("collecting", "circulated", "held"),
        None,
        OFFICE,
        needs=("case", "grounds"),
        says="{who}移出{case}，留待下次审议。",
    ),
    Move(
        "circulate",
        "印发会议材料",
        ("collecting",),
        "circulated",
        OFFICE,
        limits=("ruling_hold",),
        says="{who}印发会议材料。",
    ),
    Move(
        "take_back",
        "收回会议材料",
        ("circulated",),
        "collecting",
        (*OFFICE, Role.LEADER),
        needs=("grounds",),
        limits=("ruling_circulate",),
        says="{who}收回会议材料。",
    ),
    Move(
        "hold",
        "登记已开会",
        ("circulated",),
        "held",
        (*OFFICE, Role.LEADER),
        needs=("attendees",),
        limits=("ruling_record",),
        says="{who}登记会议已开，到会：{attendees}。",
    ),
    Move(
        "record",
        "登记逐案结论",
        ("held",),
        "recorded",
        OFFICE,
        needs=("minutes",),
        guards=(ALL_RULED, NO_INTEREST),
        limits=("ruling_sign",),
        says="{who}登记逐案结论：{minutes}。",
    ),
    Move(
        "amend",
        "退回修改结论",
        ("recorded",),
        "held",
        (*OFFICE, Role.LEADER),
        needs=("grounds",),
        limits=("ruling_record",),
        says="{who}退回修改结论。",
    ),
    Move(
        "sign",
        "登记签字生效",
        ("recorded",),
        "closed",
        (*OFFICE, Role.LEADER),
        needs=("signature",),
        guards=(ALL_RULED,),
        says="{who}登记签字页，认定生效。",
    ),
    Move(
        "cancel",
        "取消责任认定会",
        ("collecting", "circulated"),
        "cancelled",
        OFFICE,
        needs=("grounds",),
        says="{who}取消本次会议。",
    ),
)

RULING_BATCH = Flow(
    name="ruling_batch",
    title="责任认定会",
    states=(
        open_state("collecting", "收集案件", Role.SERVICE_OFFICE),
        open_state("circulated", "待开会", Role.LEADER),
        open_state("held", "待登记结论", Role.SERVICE_OFFICE),
        open_state("recorded", "待签字", Role.LEADER),
        closed_state("closed", "已生效"),
        closed_state("cancelled", "已取消"),
    ),
    initial="collecting",
    moves=_MOVES,
    clocks=(
        Clock("ruling_circulate", "印发会议材料", ("circulate",), since="登记会议或收回材料"),
        Clock("ruling_hold", "召开责任认定会", ("hold", "take_back"), since="印发材料"),
        Clock("ruling_record", "登记逐案结论", ("record",), since="开会或退回修改"),
        Clock("ruling_sign", "签字生效", ("sign", "amend"), since="登记结论"),
    ),
)
