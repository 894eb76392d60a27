"""Units, people, posts and leaves of the demo bank, saved in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from django.utils import timezone

from wenyou.org.models import (
    Absence,
    Employee,
    OpeningHours,
    Posting,
    Unit,
    UnitArea,
    UnitLevel,
    UnitSpell,
)
from wenyou_core.assess.facts import UnitSpan
from wenyou_desk.demo.model import DemoBank

BATCH = 2000
OUTLET, DEPARTMENT = "营业网点", "职能部门"
AREAS = {"城区": UnitArea.CITY, "县域": UnitArea.COUNTY}
HEADS = frozenset({"行长", "营业部主任", "网点负责人", "部门负责人"})
WEEKLY = ["09:00-12:00 13:30-17:00"] * 5 + ["", ""]
MAKEUP = "09:00-12:00 13:30-17:00"


@dataclass(slots=True)
class House:
    """What was saved, by the numbers of the generator."""

    root: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Employee] = field(default_factory=dict)


def build_house(bank: DemoBank) -> House:
    """Save the organization; the database has none yet."""
    spans: dict[str, list[UnitSpan]] = defaultdict(list)
    for span in bank.units:
        spans[span.id].append(span)
    for rows in spans.values():
        rows.sort(key=lambda one: one.since)
    house = _units(spans, bank.as_of)
    _spells(house, spans)
    _people(house, bank)
    _postings(house, bank)
    _leaves(house, bank)
    hours = OpeningHours(
        unit=house.root, from_on=house.root.opened_on, weekly=WEEKLY, makeup=MAKEUP
    )
    hours.save()
    return house


def _units(spans: Mapping[str, list[UnitSpan]], today: date) -> House:
    """Level by level from the root, so that everybody's path is known when he is saved."""
    current = {code: _on(rows, today) for code, rows in spans.items()}
    (top,) = [code for code, span in current.items() if not span.parent]
    house: House | None = None
    level = [top]
    saved: dict[str, Unit] = {}
    while level:
        rows = [_unit(code, spans[code], current[code], saved) for code in level]
        Unit.objects.bulk_create(rows, batch_size=BATCH)
        for unit in rows:
            unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
            unit.depth = unit.parent.depth + 1 if unit.parent else 0
            saved[unit.code] = unit
        Unit.objects.bulk_update(rows, ["path", "depth"], batch_size=500)
        above = set(level)
        level = sorted(code for code, span in current.items() if span.parent in above)
        house = house or House(rows[0])
    assert house is not None  # noqa: S101 -- a bank has a root
    house.units = saved
    return house


def _on(rows: list[UnitSpan], day: date) -> UnitSpan:
    """How a unit is on a day; one that is closed, how it was last."""
    begun = [one for one in rows if one.since <= day]
    return begun[-1] if begun else rows[0]


def _unit(code: str, rows: list[UnitSpan], span: UnitSpan, saved: Mapping[str, Unit]) -> Unit:
    return Unit(
        code=code,
        name=span.name,
        level=_level(span),
        area=AREAS.get(str(span.values.get("class", "")), UnitArea.NONE),
        parent=saved.get(span.parent),
        opened_on=rows[0].since,
        closed_on=rows[-1].till,
    )


def _level(span: UnitSpan) -> str:
    kind = span.values.get("kind")
    if not span.parent:
        return UnitLevel.CITY_BRANCH
    if kind == OUTLET:
        return UnitLevel.OUTLET
    return UnitLevel.DEPARTMENT if kind == DEPARTMENT else UnitLevel.SUB_BRANCH


def _spells(house: House, spans: Mapping[str, list[UnitSpan]]) -> None:
    rows = []
    for code, found in spans.items():
        before: UnitSpan | None = None
        for span in found:
            rows.append(
                UnitSpell(
                    unit=house.units[code],
                    from_on=span.since,
                    until_on=span.till,
                    name=span.name,
                    kind=house.units[code].kind,
                    level=_level(span),
                    area=AREAS.get(str(span.values.get("class", "")), UnitArea.NONE),
                    parent=house.units.get(span.parent),
                    cause=_cause(before, span),
                )
            )
            before = span
    UnitSpell.objects.bulk_create(rows, batch_size=BATCH)


def _cause(before: UnitSpan | None, span: UnitSpan) -> str:
    cause = UnitSpell.Cause
    if before is None:
        return cause.OPENED
    if before.name != span.name:
        return cause.RENAMED
    return cause.MOVED if before.parent != span.parent else cause.RECLASSED


def _people(house: House, bank: DemoBank) -> None:
    known: dict[str, Employee] = {}
    for span in sorted(bank.persons, key=lambda one: (one.id, one.since)):
        first = known.get(span.id)
        known[span.id] = Employee(
            number=span.id,
            name=span.name,
            joined_on=first.joined_on if first else span.since,
            left_on=span.till,
        )
    Employee.objects.bulk_create(known.values(), batch_size=BATCH)
    house.people = known


def _postings(house: House, bank: DemoBank) -> None:
    rows = []
    for post in bank.posts:
        employee, unit = house.people[post.person], house.units[post.unit]
        rows.append(
            Posting(
                employee=employee,
                unit=unit,
                post=post.post,
                head=post.post in HEADS,
                acting=post.acting,
                main=not post.acting,
                from_on=post.since,
                until_on=post.till,
            )
        )
        holds = post.since <= bank.as_of and (post.till is None or bank.as_of <= post.till)
        if holds and not post.acting:
            employee.unit, employee.post = unit, post.post
    Posting.objects.bulk_create(rows, batch_size=BATCH)
    Employee.objects.bulk_update(house.people.values(), ["unit", "post"], batch_size=400)


def _leaves(house: House, bank: DemoBank) -> None:
    Absence.objects.bulk_create(
        (
            Absence(
                employee=house.people[one.person],
                from_at=_moment(one.since, time(0)),
                until_at=_moment(one.till, time(23, 59)),
                reason=one.why,
                stand_in=house.people.get(one.stand_in),
            )
            for one in bank.leaves
        ),
        batch_size=BATCH,
    )


def _moment(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
