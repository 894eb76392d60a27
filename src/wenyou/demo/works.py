"""Filings, orders, incidents, tasks, duties, training, praise and results of the demo bank."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wenyou.demo.complaints import HERE, RECENT, end
from wenyou.demo.play import NOTHING, Begin, Opened, Row, Script, walk
from wenyou.demo.stage import Stage, later, on, spoken
from wenyou.matters.duties import Every
from wenyou.matters.services import Particulars
from wenyou.matters.setting import set_duty, set_window
from wenyou.org.models import Unit
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.known import instant
from wenyou_core.worktime.periods import previous

Rows = list[Row]
PRAISED = "柜员为行动不便的老年客户上门办理密码重置，客户来信致谢。"
MOST_PRAISES = 4
DUTIES = (
    ("open", "开门前迎客准备和设备检查", "三.1"),
    ("book", "查看意见簿，当日回复客户留言", "四.2"),
)


def works(stage: Stage) -> Iterator[Script]:
    """All kinds that are neither complaints nor inspections."""
    _open_windows(stage)
    _set_duties(stage)
    first, second = stage.cast("repeated"), stage.cast("tied", "large")
    yield from _praises(stage)
    for to in ("begin", "submit", "approve", "refuse", "return"):
        yield _filing(stage, first if to in ("begin", "return") else stage.other(), to)
    for to in ("file", "confirm", "publish", "take_note"):
        yield _notice(stage, second if to == "confirm" else stage.other(), to)
    for to in ("draft", "ask_signature", "issue", "close"):
        yield _order(stage, stage.cast("perfunctory") if to == "issue" else stage.other(), to)
    for to in ("report", "final", "look_back", "dismiss"):
        yield _incident(stage, stage.other(), to)
    for to, left in (("give", -1), ("give", 2), ("submit", 1), ("confirm", 1), ("excuse", 1)):
        yield _task(stage, first if (to, left) == ("give", 2) else stage.other(), to, left)
    for to in ("exception", "excuse", "missed"):
        yield _duty(stage, stage.other(), to)
    for to in ("plan", "hold", "exam", "archive", "cancel"):
        yield _training(stage, stage.other(), to)
    for to in ("plan", "enter", "finish", "deliver", "accept"):
        yield _coaching(stage, stage.other(), to)
    yield _result(stage)
    yield _paid(stage)


def _open_windows(stage: Stage) -> None:
    """The window of filings before the next inspection is announced."""
    set_window(
        stage.house.root, "exemption_filing", opens_at=stage.at(20, "09:00"),
        closes_at=on(stage.day(4), "17:00"), article="七.9", from_on=stage.day(-25),
        by=stage.office,
    )  # fmt: skip


def _set_duties(stage: Stage) -> None:
    """What every outlet does daily and records only when it could not."""
    for code, title, article in DUTIES:
        set_duty(
            stage.house.root, code=code, title=title, every=Every.DAY, levels=["outlet"],
            article=article, from_on=stage.day(-60), by=stage.office,
        )  # fmt: skip


# -- praise ---------------------------------------------------------------------------------------


def _praises(stage: Stage) -> Iterator[Script]:
    stories = {fact.id for story in stage.bank.stories for fact in story.facts.values()}
    young = [
        fact
        for fact in stage.bank.facts["praise"]
        if (stage.today - fact.happened).days <= RECENT and fact.id not in stories
        and fact.unit in stage.people.heads
    ]  # fmt: skip
    for fact in young[-MOST_PRAISES:]:
        yield praised(stage, fact)
    second = stage.cast("tied", "large")
    for to in ("register", "return", "reject"):
        yield _praise(stage, second if to != "reject" else stage.other(), to)


def praised(stage: Stage, fact: Fact) -> Script:
    """A commendation that the register knows."""
    unit, at = stage.unit(fact.unit), instant(fact.known).replace(tzinfo=HERE)
    matter = yield Begin(
        flow="commendation", at=at, unit=unit, by=stage.head(unit),
        filled={"channel": "来信", "praise_case": PRAISED},
        particulars=Particulars(about=stage.person(fact.person), known_at=at),
    )  # fmt: skip
    rows: Rows = [
        (later(at, days=2), "accept", stage.office, lambda: {
            "article": "二.1", "evidence": stage.sheet(unit, "表扬信扫描件", stage.office)}),
        (later(at, days=3), "archive", stage.office, NOTHING),
    ]  # fmt: skip
    matter = yield from walk(matter, rows, end(stage))
    stage.outcome(fact, matter)


def _praise(stage: Stage, unit: Unit, to: str) -> Script:
    matter = yield Begin(
        flow="commendation", at=stage.at(2, "14:00"), unit=unit, by=stage.head(unit),
        filled={"channel": "营业现场", "praise_case": "客户送来锦旗，感谢大堂经理帮助找回遗失的存折。"},
    )  # fmt: skip
    roads: dict[str, Rows] = {
        "register": [],
        "return": [(stage.at(1, "10:00"), "return", stage.office, {"grounds": "请补锦旗照片。"})],
        "reject": [(stage.at(1, "10:30"), "reject", stage.office, {"grounds": "没有具体事例。"})],
    }
    yield from walk(matter, roads[to], end(stage))


# -- filings --------------------------------------------------------------------------------------


def _filing(stage: Stage, unit: Unit, to: str) -> Script:
    head, office = stage.head(unit), stage.office
    grounds = "网点叫号机更换，两日内用人工号牌，请在检查中予以说明。"
    matter = yield Begin(
        flow="exemption_filing", at=stage.at(3, "10:00"), unit=unit, by=head,
        filled={"grounds": grounds},
    )  # fmt: skip
    submit: Row = (stage.at(2, "11:00"), "submit", head, lambda: {
        "article": "七.9", "grounds": grounds, "evidence": stage.sheet(unit, "报修单")})  # fmt: skip
    roads: dict[str, Rows] = {
        "begin": [],
        "submit": [submit],
        "approve": [submit, (stage.at(1, "09:40"), "approve", office, {"grounds": "情况属实。"})],
        "refuse": [submit, (stage.at(1, "09:50"), "refuse", office,
                            {"grounds": "设备故障应有备用方案，不予免责。"})],
        "return": [submit, (stage.at(1, "10:00"), "return", office, {"grounds": "请附更换日期。"})],
    }  # fmt: skip
    yield from walk(matter, roads[to], end(stage))


def _notice(stage: Stage, unit: Unit, to: str) -> Script:
    head, office = stage.head(unit), stage.office
    stand_in = stage.somebody(unit) or head.employee
    filled = {"schedule": f"{spoken(stage.day(3))}全天外出培训", "grounds": "参加分行服务例会"}
    matter = yield Begin(
        flow="notice_filing", at=stage.at(1, "16:30"), unit=unit, by=head,
        filled=filled if stand_in is None else {**filled, "acting_head": stand_in},
    )  # fmt: skip
    confirm: Row = (stage.at(0, "08:40"), "confirm", office, NOTHING)
    roads: dict[str, Rows] = {
        "file": [],
        "confirm": [confirm],
        "publish": [
            confirm,
            (
                stage.at(0, "09:30"),
                "publish",
                head,
                lambda: {
                    "notice": "已在网点门口和微信公告栏公示。",
                    "evidence": stage.sheet(unit, "公示照片"),
                },
            ),
        ],
        "take_note": [(stage.at(0, "08:45"), "take_note", office, NOTHING)],
    }
    yield from walk(matter, roads[to], end(stage))


# -- orders, incidents, tasks, duties -------------------------------------------------------------


def _order(stage: Stage, unit: Unit, to: str) -> Script:
    head, office = stage.head(unit), stage.office
    matter = yield Begin(
        flow="supervision_order", at=stage.at(4, "10:00"), unit=unit, by=office,
        filled={"supervision": "十日内完成叫号机更换，并报告客户分流安排。",
                "grounds": "同类投诉一月内三件"},
    )  # fmt: skip
    ask: Row = (stage.at(4, "11:00"), "ask_signature", office, NOTHING)
    sign: Row = (stage.at(3, "15:00"), "sign", stage.leader, {"instruction": "同意，按期完成。"})
    roads: dict[str, Rows] = {
        "draft": [],
        "ask_signature": [ask],
        "issue": [ask, sign],
        "close": [ask, sign,
                  (stage.at(2, "10:00"), "feed_back", head, {"measure": "设备已更换，增设引导岗。"}),
                  (stage.at(1, "10:00"), "close", office, NOTHING)],
    }  # fmt: skip
    yield from walk(matter, roads[to], end(stage))


def _incident(stage: Stage, unit: Unit, to: str) -> Script:
    head, office = stage.head(unit), stage.office
    at = stage.at(0 if to == "report" else 5, "09:05")
    matter = yield Begin(
        flow="incident", at=at, unit=unit, by=head, action="report_at_once",
        filled={"event": "营业开始后系统中断二十分钟，客户聚集约三十人。", "grade": "一般",
                "report": "已电话首报分行，启动应急预案，人工登记分流。", "channel": "网点电话"},
    )  # fmt: skip
    written: Row = (later(at, minutes=35), "written_report", head, lambda: {
        "report": "书面报告：起因为线路故障，10时恢复，无客户滞留。",
        "evidence": stage.sheet(unit, "突发事件书面报告")})  # fmt: skip
    final: Row = (later(at, days=1), "final_report", head,
                  {"report": "终报：线路已更换备用路由。", "measure": "每月演练一次系统中断预案。"})  # fmt: skip
    roads: dict[str, Rows] = {
        "report": [written],
        "final": [written, final],
        "look_back": [written, final, (later(at, days=2), "look_back", office, {
            "fault": "按时首报，无迟报。", "lessons": "预案有效，人工号牌准备不足。"})],
        "dismiss": [(later(at, hours=3), "dismiss", office, {"grounds": "计划内停机，不属突发事件。"})],
    }  # fmt: skip
    yield from walk(matter, roads[to], end(stage))


def _task(stage: Stage, unit: Unit, to: str, left: int) -> Script:
    head, office = stage.head(unit), stage.office
    matter = yield Begin(
        flow="task", at=stage.at(4, "09:40"), unit=unit, by=office,
        filled={"task": "核对便民设施清单，报送缺损情况。"},
        particulars=Particulars(own_limits={"task_do": stage.day(left)}),
    )  # fmt: skip
    submit: Row = (
        stage.at(1, "15:00"),
        "submit",
        head,
        {"answer": "清单已核对，缺老花镜一副，已补。"},
    )
    roads: dict[str, Rows] = {
        "give": [],
        "submit": [submit],
        "confirm": [submit, (stage.at(0, "09:00"), "confirm", office, NOTHING)],
        "excuse": [(stage.at(2, "09:00"), "excuse", office, {"grounds": "网点装修，下季再报。"})],
    }
    yield from walk(matter, roads[to], end(stage))


def _duty(stage: Stage, unit: Unit, to: str) -> Script:
    """A standing duty on which something was not as it should be."""
    office = stage.office
    matter = yield Begin(
        flow="duty", at=stage.at(2, "08:30"), unit=unit, by=office,
        filled={"task": "开门前迎客准备和设备检查"},
    )  # fmt: skip
    said: Row = (stage.at(2, "09:20"), "record_exception", stage.head(unit),
                 {"grounds": "早高峰停电，设备检查推迟一小时。"})  # fmt: skip
    found: Row = (stage.at(2, "09:40"), "find_missed", stage.inspector, lambda: {
        "finding": "录像抽查：开门时大堂无人迎客。",
        "evidence": stage.sheet(unit, "录像截图", stage.inspector)})  # fmt: skip
    roads: dict[str, Rows] = {
        "exception": [said],
        "excuse": [said, (stage.at(1, "09:00"), "excuse", office, {"grounds": "停电属实。"})],
        "missed": [found, (stage.at(1, "09:10"), "mark_missed", office,
                           {"grounds": "录像属实，未报备。", "article": "三.2(3)"})],
    }  # fmt: skip
    yield from walk(matter, roads[to], end(stage))


# -- training and coaching ------------------------------------------------------------------------


def _training(stage: Stage, unit: Unit, to: str) -> Script:
    by = stage.trainer
    matter = yield Begin(
        flow="training", at=stage.at(8, "10:00"), unit=stage.house.root, by=by,
        filled={"agenda": "投诉处理六步法情景演练与通关考试", "audience": f"{unit}等五个网点大堂经理",
                "schedule": f"{spoken(stage.day(3 if to == 'plan' else -4))}下午"},
        particulars=Particulars(own_limits={"training_hold": stage.day(3 if to == "plan" else -4)}),
    )  # fmt: skip
    hold: Row = (stage.at(4, "17:00"), "hold", by,
                 lambda: {"sign_in": stage.sheet(unit, "培训签到表", by)})  # fmt: skip
    exam: Row = (stage.at(2, "16:00"), "record_exam", by,
                 {"exam_marks": "应考二十三人，合格二十一人，最高96分，最低54分。"})  # fmt: skip
    roads: dict[str, Rows] = {
        "plan": [(stage.at(7, "10:00"), "report_plan", by, {"channel": "其他"})],
        "hold": [hold],
        "exam": [hold, exam],
        "archive": [hold, exam, (stage.at(1, "17:00"), "archive", by, NOTHING)],
        "cancel": [(stage.at(5, "10:00"), "cancel", by, {"grounds": "与月末业务高峰冲突。"})],
    }
    yield from walk(matter, roads[to], end(stage))


def _coaching(stage: Stage, unit: Unit, to: str) -> Script:
    by, office = stage.trainer, stage.office
    ago = 1 if to == "plan" else 12
    matter = yield Begin(
        flow="coaching_stay", at=stage.at(ago, "09:30"), unit=unit, by=by,
        filled={"schedule": f"{spoken(stage.day(2 if to == 'plan' else -11))}起驻点五天"},
    )  # fmt: skip
    enter: Row = (stage.at(11, "09:00"), "enter", by, {"minutes": "进场沟通会纪要"})
    note: Row = (stage.at(9, "17:00"), "daily_note", by,
                 {"comment": "第三天：晨会由网点自行主持，迎送语已成习惯。"})  # fmt: skip
    finish: Row = (stage.at(6, "16:00"), "finish", by, {"minutes": "总结会纪要"})
    deliver: Row = (stage.at(3, "16:00"), "deliver", by, lambda: {
        "deliverables": stage.sheet(unit, "辅导报告", by),
        "evaluations": stage.sheet(unit, "三方评估表", by),
        "sign_in": stage.sheet(unit, "签到表", by)})  # fmt: skip
    roads: dict[str, Rows] = {
        "plan": [],
        "enter": [enter, note],
        "finish": [enter, note, finish],
        "deliver": [enter, note, finish, deliver],
        "accept": [enter, note, finish, deliver, (stage.at(1, "10:00"), "accept", office, NOTHING)],
    }
    yield from walk(matter, roads[to], end(stage))


# -- results --------------------------------------------------------------------------------------


def _began(stage: Stage, label: str, at: datetime) -> Begin:
    return Begin(
        flow="period_result", at=at, unit=stage.house.root, by=stage.office,
        filled={"period": label, "result": f"{label}测算结果，见“考核”"},
        particulars=Particulars(title=f"{label}考核结果"),
    )  # fmt: skip


def _result(stage: Stage) -> Script:
    """The last quarter: asked for opinions, one outlet has answered."""
    matter = yield _began(stage, stage.bank.period.label, stage.at(6, "09:00"))
    rows: Rows = [
        (stage.at(2, "10:00"), "consult", stage.office, NOTHING),
        (stage.at(1, "15:00"), "countersign", stage.protection, {"opinion": "投诉数据核对一致。"}),
    ]
    yield from walk(matter, rows, end(stage))


def _paid(stage: Stage) -> Script:
    """The quarter before: signed, published, paid; a correction is on its way."""
    label = previous(stage.bank.period).label
    office, leader = stage.office, stage.leader
    matter = yield _began(stage, label, stage.at(45, "09:00"))
    rows: Rows = [
        (stage.at(44, "10:00"), "consult", office, NOTHING),
        (stage.at(41, "10:00"), "submit", office, {"opinion": "各网点无异议。"}),
        (stage.at(40, "15:00"), "agree", leader, {"minutes": "领导小组会议纪要"}),
        (stage.at(39, "11:00"), "sign", leader, lambda: {
            "document_number": "示范文优〔演示〕9号", "signer": "顾平",
            "signature": stage.sheet(stage.house.root, "发文稿纸", leader)}),
        (stage.at(38, "09:30"), "publish", office, NOTHING),
        (stage.at(30, "10:30"), "pay", stage.who("计划财务岗"), {
            "pay_month": f"{stage.at(30, '10:30'):%Y-%m}"}),
        (stage.at(4, "10:00"), "correct", office, {
            "finding": "一件表扬登记晚到，应补加分。", "result": "补加2分，名次不变。",
            "grounds": "逾期收到的表扬信经核实有效。"}),
    ]  # fmt: skip
    matter = yield from walk(matter, rows, end(stage))
    yield Opened(matter=matter, action="correct", at=matter.moved_at)
