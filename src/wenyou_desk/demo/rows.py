"""From the facts of a bank to the rows of the sheets that an office fills in: the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction

from wenyou_core.assess.facts import Cell, Coverage, Fact
from wenyou_core.assess.known import instant
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.demo.model import DemoBank
from wenyou_desk.facts.orgsheets import ALL_KINDS, COVERAGE, OPENINGS, PERSONS, POSTS, UNITS
from wenyou_desk.tables.spec import ColumnSpec, Kind, SheetSpec, Value

Row = Mapping[str, Value]


def rows_of(bank: DemoBank, spec: SheetSpec) -> Iterator[list[Value]]:
    """The rows of one sheet, in the order of its columns."""
    given = _SHEETS.get(spec.name)
    rows = _facts(bank.facts.get(spec.name, ()), spec) if given is None else given(bank, spec)
    for row in rows:
        yield [row.get(column.name) for column in spec.columns]


def _facts(facts: tuple[Fact, ...], spec: SheetSpec) -> Iterator[Row]:
    for fact in facts:
        yield {
            "id": fact.id,
            "happened": fact.happened,
            "at": None if fact.at is None else _clock(fact.at),
            "known": _told(fact.known),
            "recorded": None if fact.recorded == fact.known else _told(fact.recorded),
            "state": fact.state.value,
            "unit": fact.unit or None,
            "person": fact.person or None,
            "evidence": "、".join(fact.evidence) or None,
            **_fields(fact.values, spec),
        }


def _units(bank: DemoBank, spec: SheetSpec) -> Iterator[Row]:
    for unit in bank.units:
        fixed = {"id": unit.id, "name": unit.name, "parent": unit.parent or None}
        spans = {"since": unit.since, "till": unit.till, "recorded": _told(unit.recorded)}
        yield {**fixed, **spans, **_fields(unit.values, spec)}


def _persons(bank: DemoBank, spec: SheetSpec) -> Iterator[Row]:
    for person in bank.persons:
        fixed = {"id": person.id, "name": person.name, "recorded": _told(person.recorded)}
        spans = {"since": person.since, "till": person.till}
        yield {**fixed, **spans, **_fields(person.values, spec)}


def _posts(bank: DemoBank, spec: SheetSpec) -> Iterator[Row]:
    for post in bank.posts:
        yield {
            "person": post.person,
            "unit": post.unit,
            "post": post.post,
            "since": post.since,
            "till": post.till,
            "acting": True if post.acting else None,
            "recorded": _told(post.recorded),
        }


def _coverage(bank: DemoBank, spec: SheetSpec) -> Iterator[Row]:
    """One row for all kinds where they are declared alike, else one a kind."""
    every = {choice.code for choice in spec.column("kind").choices} - {ALL_KINDS}
    alike: dict[tuple[object, ...], list[Coverage]] = {}
    for row in bank.coverage:
        alike.setdefault((row.unit, row.since, row.till, row.recorded), []).append(row)
    for rows in alike.values():
        whole = {row.kind for row in rows} == every
        for row in rows[:1] if whole else rows:
            yield {
                "kind": ALL_KINDS if whole else row.kind,
                "unit": row.unit or None,
                "since": row.since,
                "till": row.till,
                "recorded": _told(row.recorded),
            }


def _openings(bank: DemoBank, spec: SheetSpec) -> Iterator[Row]:
    for row in bank.openings:
        subject = "person" if row.subject.kind is SubjectKind.PERSON else "unit"
        yield {
            subject: row.subject.id,
            "ledger": row.ledger,
            "number": decimal_of(row.number),
            "on": row.on,
            "note": row.note or None,
        }


_SHEETS: Mapping[str, Callable[[DemoBank, SheetSpec], Iterator[Row]]] = {
    UNITS: _units,
    PERSONS: _persons,
    POSTS: _posts,
    COVERAGE: _coverage,
    OPENINGS: _openings,
}


def _fields(values: Mapping[str, Cell], spec: SheetSpec) -> dict[str, Value]:
    columns = {column.name: column for column in spec.columns}
    return {name: _cell(value, columns[name]) for name, value in values.items()}


def _cell(value: Cell, column: ColumnSpec) -> Value:
    if isinstance(value, tuple):
        return "、".join(value)
    if not isinstance(value, Fraction):
        return value
    match column.kind:
        case Kind.INT:
            return int(value)
        case Kind.MONEY:
            return int(value * 100)
        case Kind.TIME:
            return _clock(int(value))
        case _:
            return decimal_of(value)


def decimal_of(number: Fraction) -> Decimal:
    """A number of points, yuan or pieces as a decimal; the demo has none with endless digits."""
    return Decimal(number.numerator) / Decimal(number.denominator)


def _clock(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def _told(moment: datetime | None) -> datetime | None:
    return None if moment is None else instant(moment)
