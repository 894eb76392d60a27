"""Two back ends on one pair: where they differ, the smallest plan and book that still shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from tests.core.assess.gen_plans import SPACES, Scheme, without
from wenyou_core.assess.bind import bind
from wenyou_core.assess.facts import FactBook
from wenyou_core.assess.program import Program
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.engine import Engine
from wenyou_core.assess.sql.run import run_sql
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.check import check
from wenyou_core.scheme.model import Plan
from wenyou_core.worktime.calendar import Calendar

MOST_STEPS = 300
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Bench:
    """Where pairs are run: a connection, and the calendar both back ends are given."""

    connection: Any
    engine: Engine
    calendar: Calendar

    def sql(self, program: Program, book: FactBook, known_at: datetime | None) -> Result:
        """The result of the SQL back end; its tables are gone afterwards."""
        self.connection.execute("BEGIN")
        try:
            source = BookSource(book, program, known_at, self.calendar)
            return run_sql(program, source, self.engine).result()
        finally:
            self.connection.execute("ROLLBACK")

    def difference(self, program: Program, book: FactBook, known_at: datetime | None) -> str:
        """The first rows that differ; empty when both back ends agree."""
        expected = assess(program, book, known_at, calendar=self.calendar)
        found = self.sql(program, book, known_at)
        return "" if found == expected else "\n".join(differences(expected, found))


def differences(expected: Result, found: Result) -> Iterator[str]:
    """The parts that differ, and of each the first rows that only one side has."""
    for part in fields(expected):
        one, two = getattr(expected, part.name), getattr(found, part.name)
        if one == two:
            continue
        yield f"{part.name}:"
        if isinstance(one, tuple) and isinstance(two, tuple):
            yield from (f"  only the reference: {row}" for row in _only(one, two))
            yield from (f"  only SQL:           {row}" for row in _only(two, one))
        else:
            yield f"  reference {one}"
            yield f"  SQL       {two}"


def _only(rows: Iterable[object], others: Iterable[object]) -> list[object]:
    there = list(others)
    return [row for row in rows if row not in there][:SHOWN]


# -- the smallest pair ----------------------------------------------------------------------


def smallest(
    scheme: Scheme, book: FactBook, still: Callable[[Program, FactBook], bool]
) -> tuple[Plan, Program, FactBook]:
    """The plan and book with everything left out that the difference does not need."""
    plan, program, steps = scheme.plan, scheme.program, 0
    for shorter in _shorter_plans(plan):
        steps += 1
        bound = _bound(scheme, shorter(plan))
        if bound is not None and steps < MOST_STEPS and still(bound, book):
            plan, program = bound.plan, bound
    for kind in list(book.facts):
        for fact in book.facts[kind]:
            steps += 1
            rest = tuple(one for one in book.facts[kind] if one is not fact)
            fewer = replace(book, facts={**book.facts, kind: rest})
            if steps < MOST_STEPS and still(program, fewer):
                book = fewer
    return plan, program, book


def _shorter_plans(plan: Plan) -> Iterator[Callable[[Plan], Plan]]:
    lines = [
        one.place.line
        for article in reversed(plan.articles)
        for space in SPACES
        for one in getattr(article, space).values()
    ]
    for line in lines:
        yield lambda shorter, line=line: without(shorter, {line})  # type: ignore[misc]


def _bound(scheme: Scheme, plan: Plan) -> Program | None:
    try:
        return bind(check(plan), scheme.adoption, scheme.program.run)
    except SchemeError:
        return None


# -- telling --------------------------------------------------------------------------------


def told(plan: Plan, program: Program, book: FactBook) -> str:
    """A plan and a book in short: what is not the default."""
    lines = [f"run {program.run.code}, periods {[one.value for one in plan.periods]}"]
    lines.append(f"deciding {plan.deciding}, roles {short(plan.roles)}")
    for article in plan.articles:
        for space in (*SPACES, "params", "tables"):
            for name, one in getattr(article, space).items():
                lines.append(f"{space[:-1]} {name}: {short(one)}")
    for rows in book.facts.values():
        lines += [f"fact {short(fact)}" for fact in rows]
    spans = (*book.units, *book.persons, *book.posts, *book.openings, *book.coverage)
    lines += [short(span) for span in spans]
    return "\n".join(lines)


def short(thing: Any) -> str:
    """A dataclass without the fields that are at their default."""
    if is_dataclass(thing) and not isinstance(thing, type):
        parts = [
            f"{one.name}={short(getattr(thing, one.name))}"
            for one in fields(thing)
            if one.name not in ("place", "title", "article")
            and getattr(thing, one.name) != _default(one)
        ]
        return f"{type(thing).__name__}({', '.join(parts)})"
    if isinstance(thing, tuple):
        return f"[{', '.join(short(one) for one in thing)}]"
    if isinstance(thing, dict):
        return f"{{{', '.join(f'{key}: {short(one)}' for key, one in thing.items())}}}"
    return thing.name if isinstance(thing, Enum) else str(thing)


def _default(one: Any) -> Any:
    if one.default is not MISSING:
        return one.default
    return one.default_factory() if one.default_factory is not MISSING else MISSING
