"""剔除: a complaint that shall not be counted; the rate before and after stands beside it.

The hottest fight of a quarter: checked by the office, decided by another person with minutes.
"""

from __future__ import annotations

from wenyou_core.flow.guards import NO_INTEREST, OTHER_PERSON, WINDOW_OPEN
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, Role

_APPLICANTS = (*HEADS, Role.COMPLAINT_HANDLER)

EXCLUSION = Flow(
    name="exclusion",
    title="剔除申请",
    states=(
        open_state("asked", "待初审", Role.SERVICE_OFFICE),
        open_state("returned", "退回补充", Role.OUTLET_HEAD),
        open_state("proposed", "待审批剔除", Role.LEADER),
        closed_state("excluded", "已剔除"),
        closed_state("refused", "不予剔除"),
        closed_state("withdrawn", "已撤回"),
    ),
    initial="asked",
    moves=(
        Move(
            "ask",
            "申请剔除",
            (NEW,),
            "asked",
            _APPLICANTS,
            needs=("exclusion_kind", "grounds", "evidence"),
            guards=(WINDOW_OPEN,),
            limits=("exclusion_check",),
            says="{who}申请剔除（{exclusion_kind}）。",
        ),
        Move(
            "return",
            "退回补充剔除材料",
            ("asked",),
            "returned",
            OFFICE,
            needs=("grounds",),
            limits=("exclusion_supplement",),
            says="{who}退回申请，请补充材料。",
        ),
        Move(
            "ask_again",
            "补充后再申请剔除",
            ("returned",),
            "asked",
            _APPLICANTS,
            needs=("evidence",),
            limits=("exclusion_check",),
            says="{who}补充材料后再次提交。",
        ),
        Move(
            "propose",
            "初审通过剔除",
            ("asked",),
            "proposed",
            OFFICE,
            needs=("rates", "opinion"),
            guards=(OTHER_PERSON,),
            limits=("exclusion_decide",),
            says="{who}初审通过：{opinion}，剔除前后投诉率为{rates}。",
        ),
        Move(
            "exclude",
            "批准剔除",
            ("proposed",),
            "excluded",
            (Role.LEADER, Role.SERVICE_OFFICE),
            needs=("grounds", "minutes"),
            guards=(OTHER_PERSON, NO_INTEREST),
            says="{who}登记批准剔除。",
        ),
        Move(
            "refuse",
            "不予剔除",
            ("asked", "proposed"),
            "refused",
            (*OFFICE, Role.LEADER),
            needs=("grounds",),
            says="{who}登记不予剔除。",
        ),
        Move(
            "withdraw",
            "撤回剔除申请",
            ("asked", "returned", "proposed"),
            "withdrawn",
            _APPLICANTS,
            says="{who}撤回剔除申请。",
        ),
    ),
    clocks=(
        Clock("exclusion_check", "初审剔除", ("propose", "return"), since="提交剔除申请"),
        Clock("exclusion_supplement", "补充剔除材料", ("ask_again",), since="退回补充"),
        Clock("exclusion_decide", "审批剔除", ("exclude", "refuse"), since="初审通过"),
    ),
)
