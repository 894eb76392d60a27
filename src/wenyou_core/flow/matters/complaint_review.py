"""核查: the customer asks the unit above to look at a decided complaint again; its own case.

The window in which it may be asked for and the days for the answer are the regulator's.
"""

from __future__ import annotations

from wenyou_core.flow.guards import NO_INTEREST, WINDOW_OPEN
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, Side, closed_state, open_state
from wenyou_core.flow.roles import DESK, OFFICE, Role

COMPLAINT_REVIEW = Flow(
    name="complaint_review",
    title="投诉核查",
    states=(
        open_state("asked", "待受理核查", Role.CONSUMER_PROTECTION),
        open_state("reviewing", "核查中", Role.CONSUMER_PROTECTION),
        open_state("decided", "待告知核查结论", Role.CONSUMER_PROTECTION),
        closed_state("closed", "已办结"),
        closed_state("declined", "不予核查"),
        closed_state("withdrawn", "已撤回"),
    ),
    initial="asked",
    moves=(
        Move(
            "ask",
            "登记核查申请",
            (NEW,),
            "asked",
            DESK,
            needs=("linked", "customer_request"),
            says="{who}登记对{linked}的核查申请：{customer_request}。",
        ),
        Move(
            "accept",
            "受理核查",
            ("asked",),
            "reviewing",
            OFFICE,
            needs=("reviewer",),
            guards=(WINDOW_OPEN, NO_INTEREST),
            says="{who}受理核查，由{reviewer}核查。",
        ),
        Move(
            "decline",
            "登记不予核查",
            ("asked",),
            "declined",
            OFFICE,
            needs=("grounds", "notice"),
            says="{who}登记不予核查，已告知客户：{notice}。",
        ),
        Move(
            "change_reviewer",
            "更换核查人",
            ("reviewing",),
            None,
            OFFICE,
            needs=("reviewer", "grounds"),
            says="{who}把核查人换为{reviewer}。",
        ),
        Move(
            "decide",
            "作出核查结论",
            ("reviewing",),
            "decided",
            OFFICE,
            needs=("decision", "article", "grounds"),
            guards=(NO_INTEREST,),
            says="{who}作出核查结论：{decision}（{article}）。",
        ),
        Move(
            "tell_customer",
            "登记已告知核查结论",
            ("decided",),
            "closed",
            DESK,
            needs=("notice",),
            says="{who}把核查结论告知客户：{notice}。",
        ),
        Move(
            "withdraw",
            "登记撤回核查",
            ("asked", "reviewing", "decided"),
            "withdrawn",
            DESK,
            needs=("withdrawal",),
            says="{who}登记客户撤回核查申请。",
        ),
    ),
    clocks=(
        Clock("review_answer", "告知核查结论", ("tell_customer",), side=Side.CUSTOMER),
        Clock("review_accept", "受理核查", ("accept",)),
    ),
)
