"""检查: 底稿, signed on the spot (事实确认; 拒签 with reason), 整改通知书.

The rectifications it orders live on by themselves; the visit is over when they are ordered.
"""

from __future__ import annotations

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, closed_state, open_state
from wenyou_core.flow.roles import OFFICE, Role

_INSPECTORS = (Role.INSPECTOR, *OFFICE)

_MOVES = (
    Move(
        "plan",
        "安排检查",
        (NEW,),
        "planned",
        _INSPECTORS,
        needs=("unit",),
        says="{who}安排检查{unit}。",
    ),
    Move(
        "import",
        "导入检查结果",
        (NEW,),
        "confirming",
        _INSPECTORS,
        needs=("unit", "score_sheet"),
        limits=("visit_sign",),
        says="{who}导入对{unit}的检查结果。",
    ),
    Move(
        "start",
        "开始检查",
        ("planned",),
        "draft",
        (Role.INSPECTOR, Role.SERVICE_OFFICE),
        limits=("visit_present",),
        says="{who}开始检查。",
    ),
    Move(
        "present",
        "送事实确认",
        ("draft",),
        "confirming",
        _INSPECTORS,
        needs=("score_sheet",),
        limits=("visit_sign",),
        says="{who}把底稿送被查单位确认。",
    ),
    Move(
        "close_clean",
        "无问题办结检查",
        ("draft", "signed"),
        "closed",
        _INSPECTORS,
        needs=("score_sheet",),
        says="{who}办结检查，没有要整改的问题。",
    ),
    Move(
        "sign",
        "签署事实确认书",
        ("confirming",),
        "signed",
        (Role.OUTLET_HEAD, Role.DEPARTMENT, Role.INSPECTOR),
        needs=("signature",),
        limits=("visit_notify",),
        says="{who}登记事实确认书已签字。",
    ),
    Move(
        "refuse_to_sign",
        "登记拒签",
        ("confirming",),
        "disputed",
        (Role.OUTLET_HEAD, Role.DEPARTMENT, Role.INSPECTOR),
        needs=("grounds",),
        limits=("visit_dispute",),
        says="{who}登记拒签；没有签认的扣分不计。",
    ),
    Move(
        "amend",
        "退回修改底稿",
        ("confirming", "disputed"),
        "draft",
        _INSPECTORS,
        needs=("grounds",),
        limits=("visit_present",),
        says="{who}退回底稿修改。",
    ),
    Move(
        "present_again",
        "补充佐证后再送确认",
        ("disputed",),
        "confirming",
        _INSPECTORS,
        needs=("evidence",),
        limits=("visit_sign",),
        says="{who}补充佐证后再送确认。",
    ),
    Move(
        "settle_dispute",
        "按未签认处理",
        ("disputed",),
        "signed",
        OFFICE,
        needs=("grounds",),
        guards=(OTHER_PERSON,),
        limits=("visit_notify",),
        says="{who}按未签认处理，拒签的扣分不计，其余照常办理。",
    ),
    Move(
        "notify",
        "下达整改通知书",
        ("signed",),
        "closed",
        _INSPECTORS,
        needs=("notice_number",),
        says="{who}下达整改通知书{notice_number}。",
        opens="rectification",
    ),
    Move(
        "seal_video",
        "申请封存录像",
        ("draft", "confirming", "disputed", "signed"),
        None,
        (*_INSPECTORS, Role.OUTLET_HEAD),
        needs=("recording",),
        says="{who}申请封存录像：{recording}。",
    ),
    Move(
        "cancel",
        "取消检查",
        ("planned", "draft"),
        "cancelled",
        _INSPECTORS,
        needs=("grounds",),
        says="{who}取消检查。",
    ),
)

VISIT = Flow(
    name="visit",
    title="检查",
    states=(
        open_state("planned", "已安排", Role.INSPECTOR),
        open_state("draft", "底稿编制中", Role.INSPECTOR),
        open_state("confirming", "待事实确认", Role.OUTLET_HEAD),
        open_state("disputed", "拒签待处理", Role.SERVICE_OFFICE),
        open_state("signed", "已确认待通知整改", Role.INSPECTOR),
        closed_state("closed", "已办结"),
        closed_state("cancelled", "已取消"),
    ),
    initial="planned",
    moves=_MOVES,
    clocks=(
        Clock("visit_present", "编制底稿", ("present",), since="检查开始或退回修改"),
        Clock("visit_sign", "事实确认", ("sign", "refuse_to_sign", "amend"), since="送确认"),
        Clock(
            "visit_dispute", "处理拒签", ("amend", "present_again", "settle_dispute"), since="拒签"
        ),
        Clock("visit_notify", "下达整改通知", ("notify",), since="事实确认"),
        Clock("visit_video", "封存录像", ("seal_video",)),
    ),
)
