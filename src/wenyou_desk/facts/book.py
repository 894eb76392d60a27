"""Typed tables to a book of facts, row by row with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat
from typing import Any

from wenyou_core.assess.facts import (
    DECISION,
    Cell,
    Coverage,
    Fact,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    Subject,
    UnitSpan,
)
from wenyou_core.errors import Place
from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.words import State, SubjectKind, ValueType
from wenyou_desk.facts import values
from wenyou_desk.facts.orgsheets import ALL_KINDS, COVERAGE, OPENINGS, PERSONS, POSTS, UNITS
from wenyou_desk.tables.loaded import Loaded, Table
from wenyou_desk.tables.spec import Value

DECISION_FIELDS: Mapping[str, FieldDef] = {
    "rule": FieldDef(name="rule", title="规则"),
    "target": FieldDef(name="target", title="编号或期间", type=ValueType.FACT),
    "subject": FieldDef(name="subject", title="对象"),
    "choice": FieldDef(name="choice", title="结论"),
    "value": FieldDef(name="value", title="数值", type=ValueType.DECIMAL),
    "by": FieldDef(name="by", title="决定人"),
    "grounds": FieldDef(name="grounds", title="理由"),
}
_STATES: Mapping[Value, State] = {state.value: state for state in State}


def book_of(loaded: Loaded, plan: Plan) -> FactBook:
    """The book of everything that was read. Rows keep the order of files, sheets and rows."""
    kinds = {name: kind.fields for name, kind in plan.facts.items()}
    kinds[DECISION] = DECISION_FIELDS
    facts = {
        kind: tuple(fact for table in loaded.of(kind) for fact in _facts(table, kind, fields))
        for kind, fields in kinds.items()
    }
    every = tuple(plan.facts)
    units, persons = _without_name(plan.unit_fields), _without_name(plan.person_fields)
    return FactBook(
        facts={kind: rows for kind, rows in facts.items() if rows},
        units=tuple(row for table in loaded.of(UNITS) for row in _units(table, units)),
        persons=tuple(row for table in loaded.of(PERSONS) for row in _persons(table, persons)),
        posts=tuple(row for table in loaded.of(POSTS) for row in _posts(table)),
        coverage=tuple(row for table in loaded.of(COVERAGE) for row in _coverage(table, every)),
        openings=tuple(row for table in loaded.of(OPENINGS) for row in _openings(table)),
    )


def _without_name(fields: Mapping[str, FieldDef]) -> Mapping[str, FieldDef]:
    """The fields but a declared ``name``, which the span has itself (``Org.attribute``)."""
    return {name: one for name, one in fields.items() if name != "name"}


def _facts(table: Table, kind: str, fields: Mapping[str, FieldDef]) -> Iterable[Fact]:
    """The facts of a sheet, column by column in the order of the fields of a fact.

    The kinds of the columns were judged when they were read.
    """
    columns: Mapping[str, Sequence[Any]] = table.columns
    nothing: list[Value] = [None] * len(table)
    moment, evidence = cache(values.moment), cache(values.evidence)
    known = list(map(moment, columns["known"]))
    return map(
        Fact,
        repeat(kind),
        columns["id"],
        columns["happened"],
        known,
        [
            first if later is None else moment(later)
            for first, later in zip(known, columns["recorded"], strict=True)
        ],
        map(_STATES.__getitem__, columns["state"]),
        map(values.minutes, columns["at"]),
        [unit or "" for unit in columns.get("unit", nothing)],
        [person or "" for person in columns.get("person", nothing)],
        map(evidence, columns["evidence"]),
        _given(table, fields),
        _places(table),
    )


def _given(table: Table, fields: Mapping[str, FieldDef]) -> list[dict[str, Cell]]:
    """Per row the fields that are filled in."""
    rows: list[dict[str, Cell]] = [{} for _ in range(len(table))]
    columns: Mapping[str, Sequence[Any]] = table.columns
    for name, make in values.converters(fields).items():
        for row, value in zip(rows, columns[name], strict=True):
            if value is not None:
                row[name] = value if make is None else make(value)
    return rows


def _places(table: Table) -> Iterable[Place]:
    # by position, which is quicker: file, line, sheet, row
    return map(Place, repeat(table.file), repeat(0), repeat(table.sheet), table.row_numbers)


def _rows(table: Table, *names: str) -> Iterable[tuple[Value, ...]]:
    return zip(*(table.columns[name] for name in names), strict=True)


def _units(table: Table, fields: Mapping[str, FieldDef]) -> Iterator[UnitSpan]:
    rows = _rows(table, "id", "name", "since", "till", "parent", "recorded")
    for row, given, place in zip(rows, _given(table, fields), _places(table), strict=True):
        yield UnitSpan(
            id=values.text(row[0]),
            name=values.text(row[1]),
            since=values.day(row[2]),
            till=values.day_or_none(row[3]),
            parent=values.text(row[4]),
            values=given,
            recorded=values.moment_or_none(row[5]),
            place=place,
        )


def _persons(table: Table, fields: Mapping[str, FieldDef]) -> Iterator[PersonSpan]:
    rows = _rows(table, "id", "name", "since", "till", "recorded")
    for row, given, place in zip(rows, _given(table, fields), _places(table), strict=True):
        yield PersonSpan(
            id=values.text(row[0]),
            name=values.text(row[1]),
            since=values.day(row[2]),
            till=values.day_or_none(row[3]),
            values=given,
            recorded=values.moment_or_none(row[4]),
            place=place,
        )


def _posts(table: Table) -> Iterator[PostSpan]:
    rows = _rows(table, "person", "unit", "post", "since", "till", "acting", "recorded")
    for row, place in zip(rows, _places(table), strict=True):
        yield PostSpan(
            person=values.text(row[0]),
            unit=values.text(row[1]),
            post=values.text(row[2]),
            since=values.day(row[3]),
            till=values.day_or_none(row[4]),
            acting=row[5] is True,
            recorded=values.moment_or_none(row[6]),
            place=place,
        )


def _coverage(table: Table, every: tuple[str, ...]) -> Iterator[Coverage]:
    rows = _rows(table, "kind", "unit", "since", "till", "recorded")
    for row, place in zip(rows, _places(table), strict=True):
        said = values.text(row[0])
        for kind in every if said == ALL_KINDS else (said,):
            yield Coverage(
                kind=kind,
                since=values.day(row[2]),
                till=values.day(row[3]),
                unit=values.text(row[1]),
                recorded=values.moment_or_none(row[4]),
                place=place,
            )


def _openings(table: Table) -> Iterator[Opening]:
    """Opening balances; a row with both or neither of 机构号 and 员工号 is judged later."""
    rows = _rows(table, "unit", "person", "ledger", "number", "on", "note")
    for row, place in zip(rows, _places(table), strict=True):
        unit, person = values.text(row[0]), values.text(row[1])
        kind = SubjectKind.PERSON if person else SubjectKind.UNIT
        if not (unit or person):
            continue
        yield Opening(
            subject=Subject(kind, person or unit),
            ledger=values.text(row[2]),
            number=values.number(row[3]),
            on=values.day(row[4]),
            note=values.text(row[5]),
            place=place,
        )
