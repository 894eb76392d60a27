"""Inspections of the demo bank: from the draft over the signature to the recheck; and appeals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction

from wenyou.accounts.models import User
from wenyou.demo.complaints import end
from wenyou.demo.play import NOTHING, Begin, Opened, Part, Row, Script, walk
from wenyou.demo.stage import Stage, later, on
from wenyou.matters.models import Matter
from wenyou.matters.services import Particulars
from wenyou.org.models import Unit
from wenyou_core.assess.facts import Fact
from wenyou_core.scheme.show import show_number

Rows = list[Row]
ARTICLE = "三.1"
PROBLEMS = (
    "大堂引导岗高峰时段无人在岗，客户自行取号排队。",
    "意见簿未及时回复，最近三条意见超过五个工作日。",
    "便民箱药品过期，雨伞架无雨伞。",
    "柜台外公示的投诉电话与总行公布的不一致。",
    "自助设备缺纸超过一小时未处理，未摆放提示。",
    "爱心窗口标识被宣传架遮挡，轮椅坡道堆放杂物。",
)
LATELY = 21
MOST_VISITS = 4


def inspections(stage: Stage) -> Iterator[Script]:
    """Visits and findings of the last weeks, and what lies on the desks today."""
    yield from _of_ledger(stage)
    first, second, third = (
        stage.cast("repeated"), stage.cast("tied", "large"), stage.cast("perfunctory"),
    )  # fmt: skip
    for unit, ago, left, said in ((first, 8, -2, 0), (second, 4, 0, 1), (third, 1, 5, 2)):
        yield _issued(stage, unit, (ago, left), PROBLEMS[said])
    for at, to in enumerate(("submit", "return", "pass", "close", "look_back", "hand_over")):
        yield _rectified(stage, stage.other(), to, PROBLEMS[at % len(PROBLEMS)])
    for to in ("plan", "start", "present", "sign", "refuse_to_sign", "clean", "cancel"):
        yield _visit(stage, first if to == "present" else stage.other(), to)
    for to in ("note", "refuse", "confirm", "answer", "uphold", "drop"):
        yield _finding(stage, second if to == "note" else stage.other(), to)
    for to in ("submit", "accept", "uphold_partly", "reject", "pass_up", "return"):
        yield _appealed(stage, first if to == "return" else stage.other(), to)


# -- of the register ------------------------------------------------------------------------------


def _of_ledger(stage: Stage) -> Iterator[Script]:
    """The last visits that found something, as the register has them."""
    stories = {code for story in stage.bank.stories for code in story.units.values()}
    found: dict[tuple[str, str], list[Fact]] = {}
    for fact in stage.bank.facts["finding"]:
        young = (stage.today - fact.happened).days <= LATELY
        if young and fact.unit not in stories and fact.unit in stage.people.heads:
            found.setdefault((fact.happened.isoformat(), fact.unit), []).append(fact)
    for _, facts in sorted(found.items())[-MOST_VISITS:]:
        yield _known(stage, facts)


def _known(stage: Stage, facts: list[Fact]) -> Script:
    unit, at = stage.unit(facts[0].unit), on(facts[0].happened, "09:30")
    told = "；".join(str(fact.values.get("note", "")) for fact in facts)
    head, by = stage.head(unit), stage.inspector
    matter = yield Begin(
        flow="visit", at=later(at, days=-1), unit=unit, by=by, filled={"unit": unit}, action="plan",
        particulars=Particulars(title=f"{unit}服务检查", known_at=later(at, days=-1)),
    )  # fmt: skip
    points = "、".join(f"{fact.values['type']}扣{points_of(fact)}分" for fact in facts)
    rows: Rows = [
        (at, "start", by, NOTHING),
        (on(facts[0].happened, "11:40"), "present", by, {"score_sheet": f"{points}：{told}"}),
        (on(facts[0].happened, "15:20"), "sign", head,
         lambda: {"signature": stage.sheet(unit, "事实确认书")}),
        (later(at, days=2), "notify", by,
         {"notice_number": f"整改〔{at.year}〕{int(facts[0].id[-4:])}号", "finding": told}),
    ]  # fmt: skip
    matter = yield from walk(matter, rows, end(stage))
    for fact in facts:
        stage.outcome(fact, matter)
    if matter.closed:
        order = yield Opened(matter=matter, action="notify", at=matter.moved_at)
        yield from mended(stage, order, days=3)


def mended(stage: Stage, order: Matter, *, days: int) -> Part:
    """An order to put right, from the report to the recheck by another person."""
    unit, start = order.unit, order.opened_at
    rows: Rows = [
        (later(start, days=1), "report_plan", stage.head(unit),
         {"action_plan": "当日整改，责任人为大堂经理，负责人每日复核。"}),
        (later(start, days=days), "submit", stage.head(unit),
         lambda: {"measure": "已整改到位并纳入每日开门检查。", "photos": stage.photos(unit)}),
        (later(start, days=days + 2), "pass_and_close", stage.office,
         {"recheck": "现场复查，问题已消除。"}),
    ]  # fmt: skip
    return (yield from walk(order, rows, end(stage)))


# -- orders to put right --------------------------------------------------------------------------


def ordered(stage: Stage, unit: Unit, at: datetime, finding: str, left: int | None = None) -> Begin:
    """An order to put something right."""
    limits = {} if left is None else {"rectify": stage.day(left)}
    return Begin(
        flow="rectification", at=at, unit=unit, by=stage.inspector, filled={"finding": finding},
        particulars=Particulars(source="inspection", own_limits=limits),
    )  # fmt: skip


def _issued(stage: Stage, unit: Unit, days: tuple[int, int], finding: str) -> Script:
    ago, left = days
    yield ordered(stage, unit, stage.at(ago, "16:10"), finding, left)


def _rectified(stage: Stage, unit: Unit, to: str, finding: str) -> Script:
    """An order in each of its later states."""
    head, office = stage.head(unit), stage.office
    left = -4 if to == "pass" else None  # reported a day late
    matter = yield ordered(stage, unit, stage.at(6, "15:00"), finding, left)
    submit: Row = (stage.at(3, "11:30"), "submit", head, lambda: {
        "measure": "已调整班次并张贴提示。", "photos": stage.photos(unit)})  # fmt: skip
    passed: Row = (stage.at(2, "10:00"), "pass", stage.inspector, {"recheck": "调阅录像，已改正。"})
    closed: Row = (stage.at(1, "09:30"), "close", office, NOTHING)
    roads: dict[str, Rows] = {
        "submit": [submit],
        "return": [submit, (stage.at(1, "14:30"), "return", stage.inspector,
                            {"grounds": "照片看不出整改后的标识，请补拍。"})],
        "pass": [submit, passed],
        "close": [submit, passed, closed],
        "look_back": [submit, passed, closed, (stage.at(0, "09:20"), "look_back", office,
                                               {"finding": "回头看：同一问题再次出现。"})],
        "hand_over": [(stage.at(4, "10:00"), "hand_over", head,
                       {"department": stage.department(unit), "grounds": "须由会计出纳科报修。"})],
    }  # fmt: skip
    yield from walk(matter, roads[to], end(stage))


# -- visits ---------------------------------------------------------------------------------------


def _visit(stage: Stage, unit: Unit, to: str) -> Script:
    by, head = stage.inspector, stage.head(unit)
    at = stage.at(0 if to == "plan" else 2, "09:30")
    matter = yield Begin(
        flow="visit", at=later(at, minutes=-40), unit=unit, by=by, filled={"unit": unit},
        action="plan", particulars=Particulars(title=f"{unit}服务检查"),
    )  # fmt: skip
    start: Row = (at, "start", by, NOTHING)
    sheet = "大堂管理扣1分：客户排队拥挤未分流。"
    present: Row = (stage.at(1, "16:20"), "present", by, {"score_sheet": sheet})
    sign: Row = (stage.at(0, "09:10"), "sign", head,
                 lambda: {"signature": stage.sheet(unit, "事实确认书")})  # fmt: skip
    refuse: Row = (stage.at(0, "09:15"), "refuse_to_sign", head,
                   {"grounds": "当时正在处理客户突发不适，不应扣分。"})  # fmt: skip
    roads: dict[str, Rows] = {
        "plan": [],
        "start": [start],
        "present": [start, present],
        "sign": [start, present, sign],
        "refuse_to_sign": [start, present, refuse],
        "clean": [
            start,
            (stage.at(1, "11:00"), "close_clean", by, {"score_sheet": "未发现问题。"}),
        ],
        "cancel": [(stage.at(1, "08:50"), "cancel", by, {"grounds": "网点当日停电，改期检查。"})],
    }
    yield from walk(matter, roads[to], end(stage))


# -- findings -------------------------------------------------------------------------------------


def noted(stage: Stage, unit: Unit, at: datetime, finding: str, by: User | None = None) -> Begin:
    """A finding is put before the outlet."""
    return Begin(
        flow="finding", at=at, unit=unit, by=by or stage.inspector,
        filled={"finding": finding, "article": ARTICLE},
        particulars=Particulars(source="inspection", known_at=at),
    )  # fmt: skip


def confirmed(stage: Stage, matter: Matter, *, days: int = 1) -> Part:
    """Signed, put right and closed by somebody else."""
    unit, start = matter.unit, matter.opened_at
    rows: Rows = [
        (later(start, hours=2), "confirm", stage.head(unit),
         lambda: {"signature": stage.sheet(unit, "事实确认书")}),
        (later(start, days=days), "answer", stage.head(unit), {"answer": "已当场改正并在晨会讲评。"}),
        (later(start, days=days + 2), "settle", stage.office, NOTHING),
    ]  # fmt: skip
    return (yield from walk(matter, rows, end(stage)))


def _finding(stage: Stage, unit: Unit, to: str) -> Script:
    head, office = stage.head(unit), stage.office
    matter = yield noted(stage, unit, stage.at(2, "15:40"), PROBLEMS[len(to) % len(PROBLEMS)])
    confirm: Row = (stage.at(2, "17:00"), "confirm", head,
                    lambda: {"signature": stage.sheet(unit, "事实确认书")})  # fmt: skip
    refuse: Row = (stage.at(1, "09:10"), "refuse", head, {"grounds": "录像时间与检查时间不符。"})
    roads: dict[str, Rows] = {
        "note": [],
        "refuse": [refuse],
        "confirm": [confirm],
        "answer": [confirm, (stage.at(1, "11:00"), "answer", head, {"answer": "已整改。"})],
        "uphold": [refuse, (stage.at(1, "16:00"), "uphold", office, lambda: {
            "grounds": "复核录像，问题属实。", "minutes": "检查复核会纪要",
            "evidence": stage.sheet(unit, "录像截图", office)})],
        "drop": [refuse, (stage.at(0, "09:00"), "drop", stage.inspector,
                          {"grounds": "录像时间有误，撤销。"})],
    }  # fmt: skip
    yield from walk(matter, roads[to], end(stage))


# -- appeals --------------------------------------------------------------------------------------


def appealing(stage: Stage, matter: Matter, at: datetime, grounds: str) -> Part:
    """A finding is appealed against: the appeal as it was handed in."""
    unit, head = matter.unit, stage.head(matter.unit)
    asked: Rows = [(at, "appeal", head, {"grounds": grounds})]
    matter = yield from walk(matter, asked, end(stage))
    appeal = yield Opened(matter=matter, action="appeal", at=matter.moved_at)
    row: Rows = [(later(at, minutes=30), "submit", head, lambda: {
        "item": f"检查扣分：{matter.title}"[:60], "grounds": grounds,
        "evidence": stage.sheet(unit, "监控截图说明"),
    })]  # fmt: skip
    return (yield from walk(appeal, row, end(stage)))


def _appealed(stage: Stage, unit: Unit, to: str) -> Script:
    matter = yield noted(stage, unit, stage.at(4, "08:40"), PROBLEMS[(len(to) + 2) % len(PROBLEMS)])
    sign: Rows = [(stage.at(4, "09:20"), "confirm", stage.head(unit),
                   lambda: {"signature": stage.sheet(unit, "事实确认书")})]  # fmt: skip
    matter = yield from walk(matter, sign, end(stage))
    ago = 1 if to == "submit" else 4
    appeal = yield from appealing(
        stage, matter, stage.at(ago, "10:00"), "当时大堂经理在协助客户使用自助设备，并非离岗。"
    )
    office, checker = stage.office, stage.checker
    accept: Row = (stage.at(3, "09:20"), "accept", office, NOTHING)
    said = {"article": ARTICLE, "grounds": "调阅录像核对，前五分钟属协助客户，其余时间确无人在岗。"}
    roads: dict[str, Rows] = {
        "submit": [],
        "accept": [accept, (stage.at(2, "10:30"), "comment", stage.inspector,
                            {"comment": "录像显示离岗约十二分钟。"})],
        "uphold_partly": [accept, (stage.at(1, "16:00"), "uphold_partly", checker, said)],
        "reject": [accept, (stage.at(1, "16:30"), "reject", checker, said)],
        "pass_up": [accept, (stage.at(1, "11:00"), "pass_up", office, NOTHING)],
        "return": [(stage.at(1, "11:20"), "return", office,
                    {"grounds": "请补充当班录像的起止时间。"})],
    }  # fmt: skip
    yield from walk(appeal, roads[to], end(stage))


def points_of(fact: Fact) -> str:
    """The points of a finding, as people write them."""
    points = fact.values["points"]
    return show_number(points) if isinstance(points, Fraction) else str(points)
