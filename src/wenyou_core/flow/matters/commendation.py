"""表扬: counts only with a concrete case and shown merit, and may be reported upward."""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import DESK, OFFICE, UNIT, Role

COMMENDATION = Flow(
    name="commendation",
    title="表扬",
    states=(
        open_state("registered", "待核实", Role.SERVICE_OFFICE),
        open_state("returned", "退回补充", Role.OUTLET_HEAD),
        open_state("accepted", "已采纳待归档", Role.SERVICE_OFFICE),
        closed_state("closed", "已归档"),
        closed_state("rejected", "不予采纳"),
        closed_state("withdrawn", "已撤回"),
    ),
    initial="registered",
    moves=(
        Move(
            "register",
            "登记表扬",
            (NEW,),
            "registered",
            (*UNIT, *DESK),
            needs=("channel", "praise_case"),
            limits=("commendation_check",),
            says="{who}登记表扬（{channel}）：{praise_case}。",
        ),
        Move(
            "return",
            "退回补充事例",
            ("registered",),
            "returned",
            OFFICE,
            needs=("grounds",),
            limits=("commendation_supplement",),
            says="{who}退回，请补充具体事例和佐证。",
        ),
        Move(
            "resubmit",
            "补充后再提交",
            ("returned",),
            "registered",
            UNIT,
            needs=("praise_case",),
            limits=("commendation_check",),
            says="{who}补充了事例：{praise_case}。",
        ),
        Move(
            "accept",
            "采纳表扬",
            ("registered",),
            "accepted",
            OFFICE,
            needs=("article", "evidence"),
            guards=(OTHER_PERSON,),
            says="{who}核实后采纳（{article}）。",
        ),
        Move(
            "reject",
            "不予采纳",
            ("registered",),
            "rejected",
            OFFICE,
            needs=("grounds",),
            says="{who}核实后不予采纳。",
        ),
        Move(
            "report_up",
            "报送上级",
            ("accepted",),
            None,
            OFFICE,
            needs=("channel",),
            says="{who}整理后报送上级（{channel}）。",
        ),
        Move("archive", "归档表扬", ("accepted",), "closed", OFFICE, says="{who}归档。"),
        Move(
            "withdraw",
            "撤回表扬登记",
            ("registered", "returned"),
            "withdrawn",
            (*UNIT, *DESK),
            needs=("grounds",),
            says="{who}撤回登记。",
        ),
    ),
    clocks=(
        Clock("commendation_check", "核实表扬", ("accept", "reject", "return"), since="提交表扬"),
        Clock("commendation_supplement", "补充表扬事例", ("resubmit",), since="退回补充"),
    ),
)
