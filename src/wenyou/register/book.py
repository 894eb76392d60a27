"""The register as an assessment takes it: a book of facts as the desk's tables give one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from wenyou.org.models import Employee, Unit
from wenyou.register import models as rows
from wenyou.register.orgbook import OrgBook
from wenyou.schemes.models import Adoption
from wenyou_core.assess.facts import (
    DECISION,
    Cell,
    Coverage,
    Fact,
    FactBook,
    Opening,
    Subject,
)
from wenyou_core.errors import Place
from wenyou_core.scheme.words import State, SubjectKind
from wenyou_desk.facts.orgsheets import OPENINGS
from wenyou_desk.facts.values import evidence
from wenyou_desk.runs.codec import Json, cell_json, cell_of
from wenyou_desk.tables.loaded import SourceFile

if TYPE_CHECKING:
    from wenyou_core.scheme.model import Plan

REGISTER = "登记簿"
_FACT = (
    "pk", "kind", "key", "revision", "unit__code", "employee__number", "happened_on",
    "happened_at", "known_at", "recorded_at", "state", "data", "evidence",
)  # fmt: skip
_STATES = {state.value: state for state in State}


def cells_json(values: Mapping[str, Cell]) -> dict[str, Json]:
    """The fields of a fact as the database keeps them."""
    return {name: cell_json(cell) for name, cell in values.items()}


def cells_of(data: Mapping[str, Json]) -> dict[str, Cell]:
    """The fields of a fact as the core reads them."""
    return {name: cell_of(value) for name, value in data.items()}


def facts_of(adoption: Adoption) -> QuerySet[rows.Fact]:
    """The facts that a run of an adoption may look at.

    A plan adopted again looks back at what was registered under its earlier adoptions.
    """
    return rows.Fact.objects.filter(adoption__plan=adoption.plan, adoption__unit=adoption.unit)


def book_of(adoption: Adoption, plan: Plan, known_at: datetime | None = None) -> FactBook:
    """Everything a run of this adoption may look at, revisions included.

    ``known_at`` leaves out at once what was recorded later; the core picks the revisions.
    """
    org = OrgBook(adoption.unit, plan)
    found = facts_of(adoption).exclude(kind=OPENINGS)
    if known_at is not None:
        found = found.filter(recorded_at__lte=known_at)
    facts: dict[str, list[Fact]] = defaultdict(list)
    kinds = {*plan.facts, DECISION}
    for fact in _facts(found, plan):
        if fact.kind in kinds:
            facts[fact.kind].append(fact)
    return FactBook(
        facts={kind: tuple(facts[kind]) for kind in sorted(facts)},
        units=tuple(org.units()),
        persons=tuple(org.persons()),
        posts=tuple(org.posts()),
        coverage=tuple(_coverage(adoption, known_at)),
        openings=tuple(_openings(adoption)),
    )


def _facts(found: QuerySet[rows.Fact], plan: Plan) -> Iterator[Fact]:
    moment = cache(_moment)
    pieces = cache(evidence)
    titles = {name: kind.title for name, kind in plan.facts.items()} | {DECISION: "决定"}
    # Where two revisions were recorded at one moment, the later row is the newer one.
    ordered = found.order_by("kind", "key", "revision").values_list(*_FACT)
    for row in ordered.iterator(chunk_size=5000):
        pk, kind, key, _, unit, employee, day, at, known, recorded, state, data, told = row
        yield Fact(
            kind=kind,
            id=key,
            happened=day,
            known=moment(known),
            recorded=moment(recorded),
            state=_STATES[state],
            at=None if at is None else at.hour * 60 + at.minute,
            unit=unit or "",
            person=employee or "",
            evidence=pieces(told),
            values=cells_of(data),
            place=Place(file=REGISTER, sheet=titles.get(kind, kind), row=pk),
        )


def _moment(moment: datetime) -> datetime:
    """By the clock of Beijing, without a zone, as a cell of a workbook is read."""
    return timezone.localtime(moment).replace(tzinfo=None)


def _coverage(adoption: Adoption, known_at: datetime | None) -> Iterator[Coverage]:
    found = rows.Coverage.objects.filter(adoption__plan=adoption.plan, adoption__unit=adoption.unit)
    still = Q(withdrawn_at__isnull=True)
    if known_at is not None:
        found = found.filter(declared_at__lte=known_at)
        still |= Q(withdrawn_at__gt=known_at)
    declared = found.filter(still).order_by("kind", "unit__code", "from_on", "pk")
    names = ("kind", "unit__code", "from_on", "until_on", "declared_at")
    for kind, unit, since, till, at in declared.values_list(*names):
        yield Coverage(kind=kind, since=since, till=till, unit=unit, recorded=_moment(at))


def _openings(adoption: Adoption) -> Iterator[Opening]:
    latest = facts_of(adoption).filter(kind=OPENINGS, latest=True, state=rows.Fact.State.CONFIRMED)
    names = ("unit__code", "employee__number", "happened_on", "data")
    for unit, employee, on, data in latest.order_by("key").values_list(*names):
        values = cells_of(data)
        number = values.get("number")
        kind = SubjectKind.PERSON if employee else SubjectKind.UNIT
        yield Opening(
            subject=Subject(kind, employee or unit),
            ledger=str(values.get("ledger", "")),
            number=number if isinstance(number, Fraction) else Fraction(0),
            on=on,
            note=str(values.get("note", "")),
        )


def source_of(adoption: Adoption, book: FactBook) -> SourceFile:
    """What stands in a result as the place the facts came from; its hash is over their keys."""
    hasher = hashlib.sha256()
    count = 0
    for facts in book.facts.values():
        for fact in facts:
            hasher.update(f"{fact.kind}|{fact.id}|{fact.recorded.isoformat()}\n".encode())
            count += 1
    return SourceFile(f"{REGISTER}（{adoption.unit.code}）", count, hasher.hexdigest())


def units_by_code(unit: Unit) -> dict[str, int]:
    """The ids of the units at and beneath a unit, by their codes."""
    found = Unit.objects.filter(path__startswith=unit.path)
    return dict(found.values_list("code", "pk"))


def people_by_number(unit: Unit) -> dict[str, int]:
    """The ids of everybody who ever held a post at or beneath a unit, by 员工号."""
    found = Employee.objects.filter(postings__unit__path__startswith=unit.path).distinct()
    return dict(found.values_list("number", "pk"))
