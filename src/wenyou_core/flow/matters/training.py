"""培训: planned, held with a sheet of signatures, examined, archived."""

from __future__ import annotations

from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import OFFICE, Role

_ORGANIZERS = (Role.TRAINER, Role.OUTLET_HEAD, *OFFICE)

TRAINING = Flow(
    name="training",
    title="培训",
    states=(
        open_state("planned", "已计划", Role.TRAINER),
        open_state("held", "待考试", Role.TRAINER),
        open_state("examined", "待归档", Role.TRAINER),
        closed_state("closed", "已归档"),
        closed_state("cancelled", "已取消"),
    ),
    initial="planned",
    moves=(
        Move(
            "plan",
            "登记培训计划",
            (NEW,),
            "planned",
            _ORGANIZERS,
            needs=("agenda", "audience", "schedule"),
            says="{who}登记培训计划：{agenda}，{audience}，{schedule}。",
        ),
        Move(
            "report_plan",
            "报送培训计划",
            ("planned",),
            None,
            _ORGANIZERS,
            needs=("channel",),
            says="{who}把培训计划报送上级（{channel}）。",
        ),
        Move(
            "postpone",
            "改期培训",
            ("planned",),
            None,
            _ORGANIZERS,
            needs=("schedule", "grounds"),
            says="{who}改期到{schedule}。",
        ),
        Move(
            "hold",
            "登记已开展",
            ("planned",),
            "held",
            _ORGANIZERS,
            needs=("sign_in",),
            limits=("training_exam",),
            says="{who}登记培训已开展，签到表已归入。",
        ),
        Move(
            "make_up",
            "登记补课或补考",
            ("held", "examined"),
            None,
            _ORGANIZERS,
            needs=("sign_in",),
            says="{who}登记补课或补考。",
        ),
        Move(
            "record_exam",
            "登记考试成绩",
            ("held",),
            "examined",
            _ORGANIZERS,
            needs=("exam_marks",),
            limits=("training_archive",),
            says="{who}登记考试成绩：{exam_marks}。",
        ),
        Move(
            "skip_exam",
            "免考试",
            ("held",),
            "examined",
            OFFICE,
            needs=("grounds",),
            limits=("training_archive",),
            says="{who}登记本次培训不考试。",
        ),
        Move("archive", "归档培训", ("examined",), "closed", _ORGANIZERS, says="{who}归档。"),
        Move(
            "cancel",
            "取消培训",
            ("planned",),
            "cancelled",
            _ORGANIZERS,
            needs=("grounds",),
            says="{who}取消培训。",
        ),
    ),
    clocks=(
        Clock("training_hold", "开展培训", ("hold",)),
        Clock("training_exam", "培训考试", ("record_exam", "skip_exam"), since="培训开展"),
        Clock("training_archive", "培训归档", ("archive",), since="登记成绩或免考"),
    ),
)
