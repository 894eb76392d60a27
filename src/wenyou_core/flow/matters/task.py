"""任务: what a rule of the plan, a meeting or a leader asks somebody to do, once."""

from __future__ import annotations

from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

_GIVERS = (*OFFICE, Role.LEADER)
_DOERS = (*UNIT, *_GIVERS, Role.INSPECTOR, Role.TRAINER)

TASK = Flow(
    name="task",
    title="任务",
    states=(
        open_state("assigned", "待办理", Role.OUTLET_HEAD),
        open_state("submitted", "待核验", Role.SERVICE_OFFICE),
        closed_state("done", "已完成"),
        closed_state("excused", "免办"),
        closed_state("cancelled", "已取消"),
    ),
    initial="assigned",
    moves=(
        Move(
            "give",
            "下达任务",
            (NEW,),
            "assigned",
            (*_GIVERS, Role.SYSTEM),
            needs=("task", "unit"),
            limits=("task_do",),
            says="{who}向{unit}下达任务：{task}。",
        ),
        Move(
            "reassign",
            "改派任务",
            ("assigned",),
            None,
            _GIVERS,
            needs=("unit", "grounds"),
            limits=("task_do",),
            says="{who}把任务改派给{unit}。",
        ),
        Move(
            "submit",
            "提交任务完成情况",
            ("assigned",),
            "submitted",
            _DOERS,
            needs=("answer",),
            limits=("task_check",),
            says="{who}提交完成情况：{answer}。",
        ),
        Move(
            "return",
            "退回继续办理",
            ("submitted",),
            "assigned",
            _GIVERS,
            needs=("grounds",),
            limits=("task_do",),
            says="{who}退回，请继续办理。",
        ),
        Move("confirm", "核验任务完成", ("submitted",), "done", _GIVERS, says="{who}核验完成。"),
        Move("urge", "催办", ("assigned", "submitted"), None, _GIVERS, says="{who}催办。"),
        Move(
            "ask_extension",
            "申请延期",
            ("assigned",),
            None,
            HEADS,
            needs=("due", "grounds"),
            says="{who}申请延期到{due}。",
            opens="extension",
        ),
        Move(
            "excuse",
            "免办任务",
            ("assigned", "submitted"),
            "excused",
            _GIVERS,
            needs=("grounds",),
            says="{who}准予免办。",
        ),
        Move(
            "cancel",
            "取消任务",
            ("assigned", "submitted"),
            "cancelled",
            _GIVERS,
            needs=("grounds",),
            says="{who}取消任务。",
        ),
    ),
    clocks=(
        Clock("task_do", "完成任务", ("submit",), since="下达、改派或退回"),
        Clock("task_check", "核验任务", ("confirm", "return"), since="提交完成情况"),
    ),
)
