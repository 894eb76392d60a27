"""检查问题: one deduction, confirmed or refused, answered and closed one by one.

An unsigned deduction is no deduction. An upheld appeal does not come back here: it is a
correction that the next computation reads.
"""

from __future__ import annotations

from wenyou_core.flow.guards import NO_INTEREST, OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

_INSPECTORS = (Role.INSPECTOR, *OFFICE)

_MOVES = (
    Move(
        "note",
        "登记问题",
        (NEW,),
        "noted",
        _INSPECTORS,
        needs=("article", "finding"),
        limits=("finding_confirm",),
        says="{who}登记问题（{article}）：{finding}。",
    ),
    Move(
        "confirm",
        "确认问题",
        ("noted",),
        "confirmed",
        (*HEADS, Role.INSPECTOR),
        needs=("signature",),
        limits=("finding_answer",),
        says="{who}登记问题已签字确认。",
    ),
    Move(
        "refuse",
        "拒签问题",
        ("noted",),
        "refused",
        (*HEADS, Role.INSPECTOR),
        needs=("grounds",),
        limits=("finding_dispute",),
        says="{who}登记拒签；签认之前不计扣分。",
    ),
    Move(
        "present_again",
        "补充佐证后再送确认",
        ("refused",),
        "noted",
        _INSPECTORS,
        needs=("evidence",),
        limits=("finding_confirm",),
        says="{who}补充佐证后再送确认。",
    ),
    Move(
        "uphold",
        "裁定问题成立",
        ("refused",),
        "confirmed",
        (Role.LEADER, Role.SERVICE_OFFICE),
        needs=("grounds", "evidence", "minutes"),
        guards=(NO_INTEREST,),
        limits=("finding_answer",),
        says="{who}登记裁定：问题成立。",
    ),
    Move(
        "drop",
        "撤销问题",
        ("noted", "refused"),
        "dropped",
        _INSPECTORS,
        needs=("grounds",),
        says="{who}撤销这个问题，不计扣分。",
    ),
    Move(
        "answer",
        "登记落实情况",
        ("confirmed",),
        "answered",
        UNIT,
        needs=("answer",),
        limits=("finding_settle",),
        says="{who}登记落实情况：{answer}。",
    ),
    Move(
        "return",
        "退回重新落实",
        ("answered",),
        "confirmed",
        _INSPECTORS,
        needs=("grounds",),
        limits=("finding_answer",),
        says="{who}退回，请重新落实。",
    ),
    Move(
        "settle",
        "销号",
        ("answered",),
        "settled",
        _INSPECTORS,
        guards=(OTHER_PERSON,),
        says="{who}销号。",
    ),
    Move(
        "order_rectification",
        "下达整改",
        ("confirmed", "answered"),
        None,
        _INSPECTORS,
        needs=("due",),
        says="{who}下达整改，限{due}前完成。",
        opens="rectification",
    ),
    Move(
        "appeal",
        "提出申诉",
        ("confirmed", "answered", "settled"),
        None,
        UNIT,
        needs=("grounds",),
        says="{who}提出申诉。",
        opens="appeal",
    ),
)

FINDING = Flow(
    name="finding",
    title="检查问题",
    states=(
        open_state("noted", "待确认", Role.OUTLET_HEAD),
        open_state("refused", "拒签待裁定", Role.SERVICE_OFFICE),
        open_state("confirmed", "已确认待落实", Role.OUTLET_HEAD),
        open_state("answered", "待销号", Role.SERVICE_OFFICE),
        closed_state("settled", "已销号"),
        closed_state("dropped", "已撤销"),
    ),
    initial="noted",
    moves=_MOVES,
    clocks=(
        Clock("finding_confirm", "确认问题", ("confirm", "refuse"), since="送确认"),
        Clock("finding_dispute", "裁定拒签", ("present_again", "uphold"), since="拒签"),
        Clock("finding_answer", "落实问题", ("answer",), since="确认问题"),
        Clock("finding_settle", "销号问题", ("settle", "return"), since="登记落实"),
    ),
)
