"""职责: a standing duty on a day, recorded by exception; a normal day costs an outlet nothing.

What nobody reports and no check finds is taken as kept when its day is over.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import OFFICE, UNIT, Role

_CHECKERS = (*OFFICE, Role.INSPECTOR)

DUTY = Flow(
    name="duty",
    title="日常职责",
    states=(
        open_state("expected", "应履行", Role.OUTLET_HEAD),
        open_state("exception", "例外待核", Role.SERVICE_OFFICE),
        closed_state("kept", "已履行"),
        closed_state("excused", "因故未履行"),
        closed_state("missed", "未履行"),
    ),
    initial="expected",
    moves=(
        Move(
            "expect",
            "生成职责",
            (NEW,),
            "expected",
            (Role.SYSTEM, *OFFICE),
            needs=("task", "unit"),
            says="{who}生成{unit}的职责：{task}。",
        ),
        Move(
            "pass_quietly",
            "按无例外视为履行",
            ("expected",),
            "kept",
            (Role.SYSTEM,),
            says="{who}登记：当日没有例外，视为已履行。",
        ),
        Move(
            "record_kept",
            "登记已履行",
            ("expected",),
            "kept",
            UNIT,
            needs=("evidence",),
            says="{who}登记已履行。",
        ),
        Move(
            "record_exception",
            "登记例外",
            ("expected",),
            "exception",
            UNIT,
            needs=("grounds",),
            limits=("duty_judge",),
            says="{who}登记例外。",
        ),
        Move(
            "find_missed",
            "登记检查未履行",
            ("expected",),
            "exception",
            _CHECKERS,
            needs=("finding", "evidence"),
            limits=("duty_judge",),
            says="{who}检查发现：{finding}。",
        ),
        Move(
            "excuse",
            "认可例外",
            ("exception",),
            "excused",
            OFFICE,
            needs=("grounds",),
            guards=(OTHER_PERSON,),
            says="{who}认可例外。",
        ),
        Move(
            "mark_missed",
            "认定未履行",
            ("exception",),
            "missed",
            OFFICE,
            needs=("grounds", "article"),
            says="{who}认定未履行（{article}）。",
        ),
        Move(
            "find_later",
            "登记事后发现问题",
            ("kept",),
            None,
            _CHECKERS,
            needs=("finding",),
            says="{who}事后发现没有履行：{finding}。",
            opens="finding",
        ),
    ),
    clocks=(
        Clock("duty_keep", "履行职责", ("record_kept", "record_exception", "find_missed")),
        Clock("duty_judge", "核定例外", ("excuse", "mark_missed"), since="登记例外"),
    ),
)
