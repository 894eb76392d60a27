"""Cases of a plan in one run: whoever belongs to a case gets its mark behind every id.

A case is small and a program costs much to compile, so cases with the same program are put side
by side in one book, each below an adopting unit of its own. Ranks, means and sets never reach
across adopting units, so each case must still come out as it says; ``apart`` takes the
result to pieces again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from tests.schemes.shipped import case_files, cases, checked
from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of, fact_book
from wenyou_core.assess.cases import disagreements
from wenyou_core.assess.facts import DECISION, Cell, Fact, FactBook, Subject
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Result
from wenyou_core.scheme.canon import canonical
from wenyou_core.scheme.cases import Case
from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.words import ValueType

IDS = (ValueType.UNIT, ValueType.PERSON, ValueType.PERSONS, ValueType.FACT)
MARK, MARKED = "〔{}〕", re.compile(r"〔(\d+)〕$")


@dataclass(frozen=True, slots=True)
class Together:
    """Cases side by side: one program, one book, and the cases in the order of their marks."""

    program: Program
    book: FactBook
    known_at: datetime | None
    cases: tuple[Case, ...]

    def wrong(self, result: Result) -> Iterator[str]:
        """Where a result disagrees with what the cases expect."""
        parts = apart(result, len(self.cases))
        for case, one in zip(self.cases, parts, strict=True):
            yield from disagreements(self.program.plan, case, one)


def together(judged: Checked, cases: Iterable[Case]) -> Iterator[Together]:
    """All cases of a plan but those that are refused, by program and moment."""
    groups: dict[tuple[str, str, str], list[Case]] = {}
    for case in cases:
        if case.expect.refused is None:
            bare = replace(adoption_of(case, judged.plan), units=())
            key = (case.period.code, case.known_at, canonical(bare))
            groups.setdefault(key, []).append(case)
    for alike in groups.values():
        yield _together(judged, alike)


def together_of(plan: str) -> Iterator[Together]:
    """The cases of a shipped plan."""
    return together(checked(plan), (one for path in case_files(plan) for one in cases(path)))


def _together(judged: Checked, alike: Sequence[Case]) -> Together:
    marks = [MARK.format(at) for at in range(len(alike))]
    adoptions = [adoption_of(case, judged.plan) for case in alike]
    units = tuple(
        unit + mark for one, mark in zip(adoptions, marks, strict=True) for unit in one.units
    )
    books = [
        marked(fact_book(case, judged.plan), mark, judged.plan)
        for case, mark in zip(alike, marks, strict=True)
    ]
    known_at = alike[0].known_at
    return Together(
        program=bind(judged, replace(adoptions[0], units=units), alike[0].period),
        book=_joined(books),
        known_at=datetime.fromisoformat(known_at) if known_at else None,
        cases=tuple(alike),
    )


def _joined(books: Sequence[FactBook]) -> FactBook:
    facts: dict[str, tuple[Fact, ...]] = {}
    for book in books:
        for kind, rows in book.facts.items():
            facts[kind] = (*facts.get(kind, ()), *rows)
    spans = {
        name: tuple(one for book in books for one in getattr(book, name))
        for name in ("units", "persons", "posts", "openings")
    }
    coverage = tuple(dict.fromkeys(one for book in books for one in book.coverage))
    return FactBook(facts=facts, coverage=coverage, **spans)


# -- marks ----------------------------------------------------------------------------------


def marked(book: FactBook, mark: str, plan: Plan) -> FactBook:
    """The same book with a mark behind every id."""

    def name(text: str) -> str:
        return text + mark if text else text

    def values(given: Mapping[str, Cell], declared: Mapping[str, FieldDef]) -> dict[str, Cell]:
        return {
            key: _cell(value, mark) if key in declared and declared[key].type in IDS else value
            for key, value in given.items()
        }

    ids_of_facts = {one.id for rows in book.facts.values() for one in rows}

    def spoken(given: Mapping[str, Cell]) -> dict[str, Cell]:
        """A decision names a subject, and a fact or else a period."""
        names = [key for key in given if key == "subject"]
        names += [key for key in given if key == "target" and given[key] in ids_of_facts]
        return {**given, **{key: name(str(given[key])) for key in names}}

    def fact(one: Fact) -> Fact:
        if one.kind == DECISION:
            cells = spoken(one.values)
        else:
            cells = values(one.values, plan.facts[one.kind].fields)
        unit, person = name(one.unit), name(one.person)
        return replace(one, id=name(one.id), unit=unit, person=person, values=cells)

    return FactBook(
        facts={kind: tuple(fact(one) for one in rows) for kind, rows in book.facts.items()},
        units=tuple(
            replace(
                one,
                id=name(one.id),
                parent=name(one.parent),
                values=values(one.values, plan.unit_fields),
            )
            for one in book.units
        ),
        persons=tuple(
            replace(one, id=name(one.id), values=values(one.values, plan.person_fields))
            for one in book.persons
        ),
        posts=tuple(
            replace(one, person=name(one.person), unit=name(one.unit)) for one in book.posts
        ),
        coverage=tuple(replace(one, unit=name(one.unit)) for one in book.coverage),
        openings=tuple(
            replace(one, subject=replace(one.subject, id=name(one.subject.id)))
            for one in book.openings
        ),
    )


def _cell(value: Cell, mark: str) -> Cell:
    if isinstance(value, tuple):
        return tuple(one + mark for one in value)
    return value + mark if isinstance(value, str) and value else value


def apart(result: Result, count: int) -> list[Result]:
    """The results of so many cases, each with its own rows and without its mark.

    Rows that name nobody (facts of a kind that are declared nowhere) concern every case.
    """
    parts = [replace(result) for _ in range(count)]
    for one in fields(result):
        rows = getattr(result, one.name)
        if isinstance(rows, tuple):
            shares: list[list[object]] = [[] for _ in parts]
            for row in rows:
                found = next((mark for text in _texts(row) for mark in MARKED.findall(text)), "")
                for at in [int(found)] if found else range(count):
                    shares[at].append(_stripped(row, MARK.format(at)))
            parts = [
                replace(part, **{one.name: tuple(share)})  # type: ignore[arg-type]
                for part, share in zip(parts, shares, strict=True)
            ]
    return parts


def _texts(thing: object) -> Iterator[str]:
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, tuple):
        for one in thing:
            yield from _texts(one)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from _texts(getattr(thing, field.name))


def _stripped(thing: Any, mark: str) -> Any:
    if isinstance(thing, str):
        return thing.removesuffix(mark)
    if isinstance(thing, tuple):
        return tuple(_stripped(one, mark) for one in thing)
    if isinstance(thing, Subject):
        return replace(thing, id=thing.id.removesuffix(mark))
    if is_dataclass(thing) and not isinstance(thing, type):
        changed = {one.name: _stripped(getattr(thing, one.name), mark) for one in fields(thing)}
        return type(thing)(**changed)
    return thing
