"""更正: a published result was wrong; 更正通知, and 补发 or 扣回 in the next month of pay-out."""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import OFFICE, Role

_SIGNERS = (Role.LEADER, Role.SERVICE_OFFICE)

CORRECTION = Flow(
    name="correction",
    title="更正",
    states=(
        open_state("drafted", "待签发更正", Role.LEADER),
        open_state("returned", "退回修改", Role.SERVICE_OFFICE),
        open_state("signed", "待公布更正", Role.SERVICE_OFFICE),
        open_state("told", "待补发或扣回", Role.SERVICE_OFFICE),
        closed_state("settled", "已补发或扣回"),
        closed_state("withdrawn", "已撤回"),
    ),
    initial="drafted",
    moves=(
        Move(
            "draft",
            "拟更正通知",
            (NEW,),
            "drafted",
            OFFICE,
            needs=("finding", "result", "grounds"),
            limits=("correction_sign",),
            says="{who}拟更正通知：{finding}，更正为{result}。",
        ),
        Move(
            "return",
            "退回修改更正",
            ("drafted",),
            "returned",
            _SIGNERS,
            needs=("grounds",),
            says="{who}退回修改。",
        ),
        Move(
            "redraft",
            "修改后再送签发",
            ("returned",),
            "drafted",
            OFFICE,
            needs=("result",),
            limits=("correction_sign",),
            says="{who}修改后再送签发：{result}。",
        ),
        Move(
            "sign",
            "登记签发更正",
            ("drafted",),
            "signed",
            _SIGNERS,
            needs=("document_number", "signer", "signature"),
            guards=(OTHER_PERSON,),
            limits=("correction_tell",),
            says="{who}登记签发：{document_number}，签发人{signer}。",
        ),
        Move(
            "tell",
            "公布更正通知",
            ("signed",),
            "told",
            (Role.SERVICE_OFFICE,),
            limits=("correction_settle",),
            says="{who}公布更正通知。",
        ),
        Move(
            "settle",
            "登记补发或扣回",
            ("told",),
            "settled",
            (Role.SERVICE_OFFICE, Role.FINANCE),
            needs=("pay_month",),
            says="{who}登记在{pay_month}补发或扣回。",
        ),
        Move(
            "settle_without_money",
            "登记无金额变动",
            ("told",),
            "settled",
            (Role.SERVICE_OFFICE,),
            needs=("grounds",),
            says="{who}登记本次更正没有金额变动。",
        ),
        Move(
            "withdraw",
            "撤回更正",
            ("drafted", "returned"),
            "withdrawn",
            OFFICE,
            needs=("grounds",),
            says="{who}撤回更正。",
        ),
    ),
    clocks=(
        Clock("correction_sign", "签发更正", ("sign", "return"), since="送签发"),
        Clock("correction_tell", "公布更正", ("tell",), since="签发更正"),
        Clock("correction_settle", "补发或扣回", ("settle",), since="公布更正"),
    ),
)
