"""Runs made in memory: the small bank's happenings, drawn or written down, and its plan varied."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache

from tests.core.assess.make import fact, person, post, unit
from tests.desk.bank import ADOPTION, jsb
from wenyou_core.assess.facts import DECISION, Coverage, Fact, FactBook
from wenyou_core.scheme.check import check
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_core.scheme.words import State
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.facts.load import LoadedFacts
from wenyou_desk.plans import AdoptionFile, PlanFile
from wenyou_desk.runs.execute import run_plan
from wenyou_desk.runs.record import RunRecord

UNITS = ("U1", "U2", "U3")
HEAVIER = (
    "媒体升级扣罚额, type: amount, value: -400 元",
    "媒体升级扣罚额, type: amount, value: -450 元",
)
MILDER = ("factors: [1, 1.5]", "factors: [1, 1.2]")
NEWER = ('version: "2025.1"', 'version: "2025.2"')
DEARER = ("complaint_basis: 客户数", "complaint_basis: 客户数, responsible_fine: -150 元")


@cache
def plan_with(*changes: tuple[str, str]) -> PlanFile:
    """The first plan with other words in some places."""
    text = jsb().text
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return PlanFile("scheme.yaml", text, check(load_plan(text, "scheme.yaml")))


def adoption_with(*changes: tuple[str, str]) -> AdoptionFile:
    text = ADOPTION
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return AdoptionFile("采用.yaml", text, load_adoption(text, "采用.yaml"))


def book_of(facts: Iterable[Fact]) -> FactBook:
    """A bank of three outlets, a head and a teller in each, with these facts, all declared."""
    found: dict[str, tuple[Fact, ...]] = {}
    for one in (*facts, *volumes()):
        found[one.kind] = (*found.get(one.kind, ()), one)
    kinds = (*jsb().plan.facts, DECISION)
    everything = [Coverage(kind, date(2023, 1, 1), date(2025, 12, 31)) for kind in kinds]
    return FactBook(
        facts=found,
        units=(
            unit("B", kind="支行"),
            *(unit(code, parent="B", kind="营业网点") for code in UNITS),
        ),
        persons=tuple(person(f"{who}{code}") for code in UNITS for who in "HT"),
        posts=tuple(
            post(f"{who}{code}", code, title)
            for code in UNITS
            for who, title in (("H", "网点负责人"), ("T", "柜员"))
        ),
        coverage=tuple(everything),
    )


def volumes() -> list[Fact]:
    return [
        fact("volume", f"V{code}", "2025-09-30", unit=code, basis="客户数", number=Fraction(1000))
        for code in UNITS
    ]


def complaint(code: str, at: str, happened: str, **given: object) -> Fact:
    values = {
        "channel": "客服热线",
        "ruling": "有责",
        "excluded": False,
        "media": False,
        "neglected": False,
        "perfunctory": False,
        **given,
    }
    return fact("complaint", code, happened, unit=at, person=f"T{at}", **values)


def finding(code: str, at: str, happened: str, kind: str = "服务用语") -> Fact:
    values = {"type": kind, "points": Fraction(3), "counted": True}
    return fact("finding", code, happened, unit=at, person=f"T{at}", **values)


def appeal(code: str, target: str, at: str = "U1", result: str = "支持") -> Fact:
    return fact("appeal", code, "2025-09-20", unit=at, target=target, result=result)


def decision(code: str, subject: str, choice: str = "选中") -> Fact:
    """Who of those that share the last place bears it."""
    values = {"rule": "last_above_mean", "subject": subject, "choice": choice}
    return fact(DECISION, code, "2025-10-05", by="HU1", grounds="小组商定", **values)


def run_with(
    facts: Iterable[Fact],
    *,
    plan: PlanFile | None = None,
    adoption: AdoptionFile | None = None,
    period: str = "2025Q3",
    known_at: datetime | None = None,
    change: Callable[[FactBook], FactBook] = lambda book: book,
) -> RunRecord:
    loaded = LoadedFacts(change(book_of(facts)), (), (), ())
    adopted = adoption or adoption_with()
    when = parse_period(period)
    return run_plan(plan or jsb(), adopted, loaded, when, known_at=known_at)[1]


# -- drawn ----------------------------------------------------------------------------------


def drawn(chance: random.Random) -> list[Fact]:
    """Happenings of half a year, several versions of some, each recorded some days later."""
    facts: list[Fact] = []
    for number in range(chance.randint(4, 12)):
        facts += _versions(chance, _one(chance, f"F{number}"))
    targets = [one.id for one in facts if one.kind in ("complaint", "finding")]
    for number in range(chance.randint(0, 3)):
        if targets:
            result = chance.choice(("支持", "不支持"))
            facts += _versions(chance, appeal(f"S{number}", chance.choice(targets), "U1", result))
    for number in range(chance.randint(0, 2)):
        facts += _versions(chance, decision(f"D{number}", chance.choice(UNITS)))
    return facts


def _one(chance: random.Random, code: str) -> Fact:
    day = (date(2025, 5, 1) + timedelta(days=chance.randrange(150))).isoformat()
    at = chance.choice(UNITS)
    if chance.random() < 0.4:
        return finding(code, at, day, chance.choice(("服务用语", "环境卫生")))
    media = chance.random() < 0.3
    ruling = chance.choice(("有责", "无责", "待认定"))
    return complaint(code, at, day, ruling=ruling, media=media, neglected=media)


def _versions(chance: random.Random, one: Fact) -> list[Fact]:
    late = timedelta(days=chance.choice((0, 0, 5, 60)))
    first = replace(one, known=one.known + late, recorded=one.recorded + late)
    if chance.random() < 0.6:
        return [first]
    again = replace(first, recorded=first.recorded + timedelta(days=chance.choice((1, 40))))
    if chance.random() < 0.5:
        return [first, replace(again, state=State.WITHDRAWN)]
    if one.kind == "complaint":
        return [first, replace(again, values={**one.values, "ruling": "有责"})]
    return [first, again]
