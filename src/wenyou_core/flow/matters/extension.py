"""A request for more time on any matter; what is granted is a fact that the clocks read.

It does not stop the matter it hangs on, nor that matter's clocks.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, Role

_APPLICANTS = (*HEADS, Role.COMPLAINT_HANDLER, Role.TRAINER)

EXTENSION = Flow(
    name="extension",
    title="延期申请",
    states=(
        open_state("asked", "待审批延期", Role.SERVICE_OFFICE),
        closed_state("granted", "已同意延期"),
        closed_state("refused", "不同意延期"),
        closed_state("withdrawn", "已撤回"),
    ),
    initial="asked",
    moves=(
        Move(
            "ask",
            "申请延期",
            (NEW,),
            "asked",
            _APPLICANTS,
            needs=("due", "grounds"),
            limits=("extension_decide",),
            says="{who}申请延期到{due}。",
        ),
        Move(
            "grant",
            "同意延期",
            ("asked",),
            "granted",
            (*OFFICE, Role.LEADER),
            needs=("due", "grounds"),
            guards=(OTHER_PERSON,),
            says="{who}同意延期到{due}。",
        ),
        Move(
            "refuse",
            "不同意延期",
            ("asked",),
            "refused",
            (*OFFICE, Role.LEADER),
            needs=("grounds",),
            says="{who}不同意延期，按原时限办理。",
        ),
        Move(
            "withdraw",
            "撤回延期申请",
            ("asked",),
            "withdrawn",
            _APPLICANTS,
            says="{who}撤回延期申请。",
        ),
    ),
    clocks=(Clock("extension_decide", "审批延期", ("grant", "refuse"), since="申请延期"),),
)
