"""What a complaint of our own and a head-office ticket have in common.

Both are dispatched, handled, written up and ruled on in the same way; they differ in how they
begin and in who answers the customer.
"""

from __future__ import annotations

from wenyou_core.flow.guards import NO_INTEREST
from wenyou_core.flow.machine import Clock, Move, Side, State, open_state, waiting_state
from wenyou_core.flow.roles import DESK, HEADS, OFFICE, UNIT, Role

WITH_UNIT = ("assigned", "handling", "with_department", "with_customer")
BEFORE_REPLY = ("registered", *WITH_UNIT, "reply_review")

HANDLING_STATES: tuple[State, ...] = (
    open_state("registered", "待派单", Role.COMPLAINT_HANDLER),
    open_state("assigned", "已派单待联系", Role.OUTLET_HEAD),
    open_state("handling", "处理中", Role.OUTLET_HEAD),
    waiting_state("with_department", "待部门协办", Role.DEPARTMENT),
    waiting_state("with_customer", "待客户补充", Role.OUTLET_HEAD),
    open_state("reply_review", "待审回复", Role.SERVICE_OFFICE),
)
RULING_STATE = open_state("ruling", "待责任认定", Role.SERVICE_OFFICE)

UNIT_OR_DESK = (*HEADS, *DESK)

HANDLING_MOVES: tuple[Move, ...] = (
    Move(
        "assign",
        "派单",
        ("registered",),
        "assigned",
        DESK,
        needs=("unit",),
        limits=("complaint_contact", "complaint_handle"),
        says="{who}派单给{unit}。",
    ),
    Move(
        "take_up",
        "就地受理",
        ("registered",),
        "handling",
        (*UNIT, Role.COMPLAINT_HANDLER),
        limits=("complaint_handle",),
        says="{who}按首问负责就地受理。",
    ),
    Move(
        "contact",
        "登记联系客户",
        ("assigned",),
        "handling",
        (*UNIT, Role.COMPLAINT_HANDLER),
        needs=("contact",),
        says="{who}联系了客户：{contact}。",
    ),
    Move(
        "contact",
        "登记联系客户",
        ("handling",),
        None,
        (*UNIT, Role.COMPLAINT_HANDLER),
        needs=("contact",),
        says="{who}联系了客户：{contact}。",
    ),
    Move(
        "return_order",
        "退单",
        ("assigned", "handling"),
        "registered",
        (*HEADS, Role.COMPLAINT_HANDLER),
        needs=("grounds",),
        limits=("complaint_dispatch",),
        says="{who}退单，请重新派单。",
    ),
    Move(
        "transfer",
        "转派",
        WITH_UNIT,
        "assigned",
        DESK,
        needs=("unit", "grounds"),
        limits=("complaint_contact", "complaint_handle"),
        says="{who}转派给{unit}。",
    ),
    Move(
        "ask_department",
        "请部门协办",
        ("handling",),
        "with_department",
        UNIT_OR_DESK,
        needs=("department", "question"),
        limits=("complaint_assist",),
        says="{who}请{department}协办：{question}。",
    ),
    Move(
        "department_answers",
        "反馈协办意见",
        ("with_department",),
        "handling",
        (Role.DEPARTMENT, Role.EXPERT),
        needs=("opinion",),
        says="{who}反馈协办意见：{opinion}。",
    ),
    Move(
        "recall_department",
        "收回协办",
        ("with_department",),
        "handling",
        (Role.OUTLET_HEAD, *DESK),
        needs=("grounds",),
        says="{who}收回协办，继续处理。",
    ),
    Move(
        "ask_customer",
        "请客户补充材料",
        ("handling",),
        "with_customer",
        (*UNIT, Role.COMPLAINT_HANDLER),
        needs=("contact",),
        says="{who}请客户补充材料：{contact}。",
    ),
    Move(
        "customer_supplies",
        "登记客户补充情况",
        ("with_customer",),
        "handling",
        (*UNIT, Role.COMPLAINT_HANDLER),
        needs=("contact",),
        says="{who}登记客户补充情况：{contact}。",
    ),
    Move(
        "submit_reply",
        "送审回复",
        ("assigned", "handling"),
        "reply_review",
        (*HEADS, Role.COMPLAINT_HANDLER),
        needs=("facts", "reply"),
        limits=("complaint_reply_check",),
        says="{who}把回复送审。",
    ),
    Move(
        "countersign",
        "会签回复",
        ("reply_review",),
        None,
        (*OFFICE, Role.DEPARTMENT),
        needs=("opinion",),
        says="{who}会签：{opinion}。",
    ),
    Move(
        "return_reply",
        "退回修改回复",
        ("reply_review",),
        "handling",
        OFFICE,
        needs=("grounds",),
        limits=("complaint_handle",),
        says="{who}退回回复，请修改后再送审。",
    ),
)

RULING_MOVES: tuple[Move, ...] = (
    Move(
        "put_to_meeting",
        "提交责任认定会",
        ("ruling",),
        None,
        OFFICE,
        says="{who}把本案提交责任认定会。",
        opens="ruling_batch",
    ),
    Move(
        "rule",
        "登记责任认定",
        ("ruling",),
        "closed",
        (*OFFICE, Role.LEADER),
        needs=("ruling", "article", "grounds", "minutes"),
        guards=(NO_INTEREST,),
        says="{who}登记责任认定：{ruling}（{article}）。",
    ),
    Move(
        "close_without_ruling",
        "免认定办结",
        ("ruling",),
        "closed",
        OFFICE,
        needs=("grounds",),
        says="{who}办结，本件不需要责任认定。",
    ),
)


def handling_clocks(
    answers: tuple[str, ...], cut: tuple[str, ...] = (), held: tuple[str, ...] = ()
) -> tuple[Clock, ...]:
    """The clocks of both; ``answers`` are the actions by which the customer has an answer.

    ``cut`` are actions that end the handling from whatever state, ``held`` states in which
    dispatching stands still. The internal clock of the
    unit stands still while others have the matter; the customer's goes on, for no rule we
    know of stops it.
    """
    return (
        Clock("complaint_answer", "答复客户", answers, side=Side.CUSTOMER),
        Clock(
            "complaint_dispatch",
            "派单",
            ("assign", "take_up", *cut),
            since="登记或退单",
            paused_in=held,
        ),
        Clock(
            "complaint_contact",
            "首次联系客户",
            ("contact", "submit_reply", "return_order", *cut),
            since="派单",
        ),
        Clock(
            "complaint_handle",
            "承办处理",
            ("submit_reply", "return_order", *cut),
            since="交办",
            paused_in=("with_department", "with_customer"),
        ),
        Clock(
            "complaint_assist",
            "部门协办",
            ("department_answers", "recall_department", "transfer", *cut),
            since="请求协办",
        ),
        Clock("complaint_video", "封存录音录像", ("seal_video",)),
    )
