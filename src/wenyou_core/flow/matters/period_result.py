"""A period's result: computed, 征求意见, leading group, signature, published, paid out.

Nothing is published before the signature: that would be a leak. A published result is never
printed again; what was wrong goes out as a correction, paid in the next month of pay-out.
"""

from __future__ import annotations

from wenyou_core.flow.guards import ADOPTION_RECORDED, OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, Role

_SIGNERS = (Role.LEADER, Role.SERVICE_OFFICE)
_UNSIGNED = ("computed", "consulting", "group", "signing")

_MOVES = (
    Move(
        "compute",
        "测算",
        (NEW,),
        "computed",
        (Role.SERVICE_OFFICE, Role.SYSTEM),
        needs=("period", "result"),
        says="{who}测算{period}：{result}。",
    ),
    Move(
        "recompute",
        "重新测算",
        ("computed",),
        None,
        (Role.SERVICE_OFFICE,),
        needs=("result", "grounds"),
        says="{who}重新测算：{result}。",
    ),
    Move(
        "consult",
        "征求意见",
        ("computed",),
        "consulting",
        (Role.SERVICE_OFFICE,),
        limits=("result_consult",),
        says="{who}把初步结果发各单位征求意见。",
    ),
    Move(
        "comment",
        "反馈意见",
        ("consulting",),
        None,
        (*HEADS, Role.CONSUMER_PROTECTION),
        needs=("comment",),
        says="{who}反馈意见：{comment}。",
    ),
    Move(
        "countersign",
        "会签",
        ("consulting", "group", "signing"),
        None,
        (Role.CONSUMER_PROTECTION, Role.DEPARTMENT),
        needs=("opinion",),
        says="{who}会签：{opinion}。",
    ),
    Move(
        "submit",
        "提交领导小组",
        ("consulting",),
        "group",
        (Role.SERVICE_OFFICE,),
        needs=("opinion",),
        limits=("result_group",),
        says="{who}提交领导小组，意见处理情况：{opinion}。",
    ),
    Move(
        "agree",
        "登记领导小组同意",
        ("group",),
        "signing",
        _SIGNERS,
        needs=("minutes",),
        limits=("result_sign",),
        says="{who}登记领导小组同意：{minutes}。",
    ),
    Move(
        "return",
        "退回重新测算",
        ("consulting", "group", "signing"),
        "computed",
        _SIGNERS,
        needs=("grounds",),
        says="{who}退回重新测算。",
    ),
    Move(
        "sign",
        "登记签发",
        ("signing",),
        "signed",
        _SIGNERS,
        needs=("document_number", "signer", "signature"),
        limits=("result_publish",),
        says="{who}登记签发：{document_number}，签发人{signer}。",
    ),
    Move(
        "publish",
        "公布结果",
        ("signed",),
        "published",
        (Role.SERVICE_OFFICE,),
        limits=("result_pay",),
        says="{who}公布结果。",
    ),
    Move(
        "pay",
        "登记兑现",
        ("published",),
        "paid",
        (Role.SERVICE_OFFICE, Role.FINANCE),
        needs=("pay_month",),
        guards=(ADOPTION_RECORDED, OTHER_PERSON),
        says="{who}登记在{pay_month}兑现。",
    ),
    Move(
        "pay_by_override",
        "特批兑现",
        ("published",),
        "paid",
        (Role.LEADER,),
        needs=("pay_month", "grounds", "document_number"),
        says="{who}特批在{pay_month}兑现（{document_number}）。",
    ),
    Move(
        "close_without_pay",
        "登记无兑现",
        ("published",),
        "unpaid",
        (Role.SERVICE_OFFICE,),
        needs=("grounds",),
        says="{who}登记本期没有要兑现的金额。",
    ),
    Move(
        "correct",
        "发起更正",
        ("published", "paid", "unpaid"),
        None,
        OFFICE,
        needs=("finding",),
        says="{who}发起更正：{finding}。",
        opens="correction",
    ),
    Move(
        "appeal",
        "提出申诉",
        ("published", "paid", "unpaid"),
        None,
        (*HEADS, Role.STAFF),
        needs=("item",),
        says="{who}提出申诉：{item}。",
        opens="appeal",
    ),
    Move(
        "abandon",
        "作废本次测算",
        _UNSIGNED,
        "abandoned",
        (Role.SERVICE_OFFICE,),
        needs=("grounds",),
        says="{who}作废本次测算。",
    ),
)

PERIOD_RESULT = Flow(
    name="period_result",
    title="考核结果",
    states=(
        open_state("computed", "初步结果", Role.SERVICE_OFFICE),
        open_state("consulting", "征求意见中", Role.SERVICE_OFFICE),
        open_state("group", "待领导小组审议", Role.LEADER),
        open_state("signing", "待签发", Role.LEADER),
        open_state("signed", "已签发待公布", Role.SERVICE_OFFICE),
        open_state("published", "已公布待兑现", Role.SERVICE_OFFICE),
        closed_state("paid", "已兑现"),
        closed_state("unpaid", "已公布无兑现"),
        closed_state("abandoned", "已作废"),
    ),
    initial="computed",
    moves=_MOVES,
    clocks=(
        Clock("result_compute", "报出考核结果", ("sign",)),
        Clock("result_consult", "征求意见", ("submit", "return"), since="征求意见"),
        Clock("result_group", "领导小组审议", ("agree", "return"), since="提交领导小组"),
        Clock("result_sign", "签发", ("sign", "return"), since="领导小组同意"),
        Clock("result_publish", "公布结果", ("publish",), since="签发"),
        Clock("result_pay", "兑现", ("pay", "pay_by_override"), since="公布"),
    ),
)
