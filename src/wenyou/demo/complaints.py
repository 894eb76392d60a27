"""Complaints and tickets of the demo bank: their whole road, and everything that may cross it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from wenyou.demo.cases import CASES, Case
from wenyou.demo.play import NOTHING, Begin, Part, Row, Said, Script, walk
from wenyou.demo.stage import Stage, later, on
from wenyou.matters.models import Matter
from wenyou.matters.services import Particulars
from wenyou.org.models import Employee, Unit
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.known import instant

HERE = ZoneInfo("Asia/Shanghai")
TICKETED = {"客服热线": ("总行客服热线", "head_office"), "政务热线": ("12345转办", "hotline"),
            "监管转办": ("监管来函", "regulator")}  # fmt: skip
DIRECT = {"网点现场": "营业现场", "来访": "营业现场", "信函": "来信"}
ARTICLE = "三.2(1)"
OPEN = "待认定"
RECENT = 45


def of_ledger(stage: Stage) -> Iterator[Script]:
    """The complaints of the last weeks, as far as each has come by today."""
    stories = {fact.id for story in stage.bank.stories for fact in story.facts.values()}
    for number, fact in enumerate(stage.bank.facts["complaint"]):
        young = (stage.today - fact.happened).days <= RECENT
        if young and fact.id not in stories and fact.unit in stage.people.heads:
            yield of_fact(stage, fact, CASES[number % len(CASES)])


def of_fact(stage: Stage, fact: Fact, case: Case) -> Script:
    """The road of a complaint that the register knows."""
    matter = yield from received(stage, fact, case)
    stage.outcome(fact, matter)
    known = matter.opened_at
    rows = road(stage, matter, known, case, slow=fact.values.get("closed_on") != fact.happened)
    matter = yield from walk(matter, rows, end(stage))
    if fact.values.get("ruling") != OPEN and matter.state == "ruling":
        yield from ruled(stage, matter, str(fact.values["ruling"]), _day(fact, matter))


def received(stage: Stage, fact: Fact, case: Case) -> Part:
    """A complaint comes in, as a ticket of head office or to us first."""
    unit, at = stage.unit(fact.unit), instant(fact.known).replace(tzinfo=HERE)
    channel = str(fact.values.get("channel", ""))
    demand = str(fact.values.get("demand", ""))
    request = case.demand if demand[:4] in case.demand else f"客户投诉：{demand}。"
    about = stage.person(fact.person)
    said = Particulars(about=about, known_at=at, received_at=at, happened_at=_happened(fact, at))
    if channel not in TICKETED:
        filled: Said = {"channel": DIRECT.get(channel, "其他"), "customer_request": request}
        return (yield Begin(flow="complaint", at=at, unit=unit, by=stage.head(unit),
                            filled=filled, particulars=said))  # fmt: skip
    number = f"ZH{at:%Y%m%d}{int(fact.id[-4:]):04d}"
    return (yield ticket(stage, unit, number, request, at, source=TICKETED[channel][1],
                         about=about, reply_by=later(at, days=7).date()))  # fmt: skip


def ticket(
    stage: Stage,
    unit: Unit,
    number: str,
    request: str,
    at: datetime,
    *,
    source: str,
    reply_by: date,
    about: Employee | None = None,
) -> Begin:
    """A ticket of head office with the day by which it wants an answer."""
    said = Particulars(
        source=source, ticket=number, about=about, known_at=at, received_at=at,
        own_limits={"ticket_reply": reply_by},
    )  # fmt: skip
    filled: Said = {"external_number": number, "customer_request": request}
    return Begin(flow="complaint_ticket", at=at, unit=unit, by=stage.handler, filled=filled,
                 particulars=said)  # fmt: skip


def road(
    stage: Stage, matter: Matter, known: datetime, case: Case, *, slow: bool = False
) -> list[Row]:
    """From the dispatch to the ruling; ``slow`` takes a day more."""
    unit = matter.unit
    head, office, handler = stage.head(unit), stage.office, stage.handler
    more = 1 if slow else 0
    first: list[Row] = [
        (later(known, minutes=20), "assign", handler, {"unit": unit}),
        (later(known, hours=26 if slow else 2), "contact", head, {"contact": case.contact}),
        (later(known, days=1 + more), "submit_reply", head,
         {"facts": case.facts, "reply": case.reply}),
        (later(known, days=1 + more, hours=3), "approve_reply", office, NOTHING),
    ]  # fmt: skip
    if matter.flow == "complaint_ticket":
        return [
            *first,
            (later(known, days=2 + more), "answer_upstream", handler, NOTHING),
            (later(known, days=4 + more), "upstream_closes", handler,
             {"upstream_result": "总行已办结，客户评价满意。"}),
        ]  # fmt: skip
    return [
        *first,
        (later(known, days=2 + more), "tell_customer", head,
         {"notice": "电话告知客户处理结果，客户无异议。"}),
        (later(known, days=4 + more), "follow_up", handler, {"follow_up": "满意"}),
    ]  # fmt: skip


def ruled(stage: Stage, matter: Matter, ruling: str, at: datetime) -> Part:
    """The ruling of a case, with the article and the minutes."""
    grounds = {
        "有责": "核实属服务不到位，按条款认定有责；已听取当事人情况说明。",
        "视同有责": "按条款视同责任性投诉。",
    }.get(ruling, "核实无服务差错，属客户理解偏差或客观原因，认定无责。")
    filled: Said = {"ruling": ruling, "article": ARTICLE, "grounds": grounds,
                    "minutes": f"服务考核小组会议纪要（{at:%Y年%m月}）"}  # fmt: skip
    return (yield from walk(matter, [(at, "rule", stage.office, filled)], end(stage)))


def end(stage: Stage) -> datetime:
    """The end of the day on which the bank is looked at."""
    return on(stage.today, "23:59")


def _happened(fact: Fact, known: datetime) -> datetime | None:
    """When it happened, where the hour is told and lies before it was known."""
    if fact.at is None:
        return None
    hour, minute = divmod(fact.at, 60)
    return min(on(fact.happened, f"{hour:02d}:{minute:02d}"), known)


def _day(fact: Fact, matter: Matter) -> datetime:
    """When the ruling was made: not before the case was ready for it."""
    said = fact.values.get("ruled_on")
    ready = later(matter.moved_at, hours=1)
    return max(ready, on(said, "16:00")) if isinstance(said, date) else ready
