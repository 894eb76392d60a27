"""突发事件: first, further and final report; the clock runs from *known*, not from entered.

迟报, 漏报, 瞒报 and 误报 are ruled when it is looked back upon, from the moments recorded here.
"""

from __future__ import annotations

from wenyou_core.flow.guards import NO_INTEREST
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, Side, closed_state, open_state
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

_REPORTERS = (*UNIT, *OFFICE)
_REPORTED = ("reported", "final_reported")

_MOVES = (
    Move(
        "register",
        "登记突发事件",
        (NEW,),
        "noted",
        _REPORTERS,
        needs=("event", "grade"),
        says="{who}登记突发事件（{grade}）：{event}。",
    ),
    Move(
        "report_at_once",
        "登记并首报",
        (NEW,),
        "reported",
        _REPORTERS,
        needs=("event", "grade", "report", "channel"),
        limits=("incident_next",),
        says="{who}登记并首报（{grade}，{channel}）：{event}。",
    ),
    Move(
        "first_report",
        "首报",
        ("noted",),
        "reported",
        _REPORTERS,
        needs=("report", "channel"),
        limits=("incident_next",),
        says="{who}首报（{channel}）：{report}。",
    ),
    Move(
        "written_report",
        "书面报告",
        ("reported",),
        None,
        _REPORTERS,
        needs=("report", "evidence"),
        says="{who}提交书面报告：{report}。",
    ),
    Move(
        "follow_up_report",
        "续报",
        ("reported",),
        None,
        _REPORTERS,
        needs=("report",),
        limits=("incident_next",),
        says="{who}续报：{report}。",
    ),
    Move(
        "report_up",
        "上报上级",
        _REPORTED,
        None,
        OFFICE,
        needs=("channel",),
        says="{who}上报上级（{channel}）。",
    ),
    Move(
        "regrade",
        "调整事件级别",
        ("noted", *_REPORTED),
        None,
        OFFICE,
        needs=("grade", "grounds"),
        says="{who}把级别调整为{grade}。",
    ),
    Move(
        "final_report",
        "终报",
        ("reported",),
        "final_reported",
        (*HEADS, *OFFICE),
        needs=("report", "measure"),
        limits=("incident_look_back",),
        says="{who}终报：{report}。",
    ),
    Move(
        "return",
        "退回补充终报",
        ("final_reported",),
        "reported",
        OFFICE,
        needs=("grounds",),
        limits=("incident_next",),
        says="{who}退回，请补充终报。",
    ),
    Move(
        "look_back",
        "登记复盘和认定",
        ("final_reported",),
        "closed",
        (*OFFICE, Role.LEADER),
        needs=("fault", "lessons"),
        guards=(NO_INTEREST,),
        says="{who}登记复盘：{lessons}；报告情况认定：{fault}。",
    ),
    Move(
        "order_rectification",
        "发起整改",
        _REPORTED,
        None,
        OFFICE,
        needs=("finding",),
        says="{who}发起整改：{finding}。",
        opens="rectification",
    ),
    Move(
        "dismiss",
        "认定不属突发事件",
        ("noted", *_REPORTED),
        "dismissed",
        OFFICE,
        needs=("grounds",),
        says="{who}认定不属突发事件。",
    ),
)

INCIDENT = Flow(
    name="incident",
    title="突发事件",
    states=(
        open_state("noted", "待首报", Role.OUTLET_HEAD),
        open_state("reported", "处置中", Role.OUTLET_HEAD),
        open_state("final_reported", "待复盘", Role.SERVICE_OFFICE),
        closed_state("closed", "已办结"),
        closed_state("dismissed", "不属突发事件"),
    ),
    initial="noted",
    moves=_MOVES,
    clocks=(
        Clock("incident_first", "首报", ("first_report", "report_at_once"), side=Side.UPSTREAM),
        Clock("incident_written", "书面报告", ("written_report",), side=Side.UPSTREAM),
        Clock("incident_next", "续报或终报", ("final_report",), since="上次报告"),
        Clock("incident_look_back", "复盘", ("look_back", "return"), since="终报"),
    ),
)
