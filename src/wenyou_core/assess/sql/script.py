"""What is being compiled: the program, what is known of its input, and the statements so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlglot import exp

from wenyou_core.assess.needs import Looks, looks_of
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import value_at
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.engine import Column, Row
from wenyou_core.assess.sql.exprs import dated
from wenyou_core.assess.sql.layout import Needs
from wenyou_core.assess.sql.terms import Term, constant, day_number
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.model import Parameter, Table
from wenyou_core.scheme.readings import date_of_word
from wenyou_core.scheme.rules import Deem
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.words import PeriodKind
from wenyou_core.worktime.periods import Period


@dataclass(frozen=True, slots=True)
class Shape:
    """What a source says of its facts beforehand, so that no step is taken in vain.

    ``kinds`` have rows at all; of ``versioned`` kinds an id may stand in several rows; of
    ``unitless`` kinds a fact may have a person and no unit; ``lacking`` names the head columns
    that a kind does not have (they are absent in every row). ``single``: all units that count are
    under one and the same adopting unit. ``known_at`` is in microseconds.
    """

    kinds: frozenset[str]
    versioned: frozenset[str] = frozenset()
    unitless: frozenset[str] = frozenset()
    lacking: Mapping[str, frozenset[str]] = field(default_factory=dict)
    single: bool = False
    known_at: int | None = None

    def has(self, kind: str, column: str) -> bool:
        """Whether a kind has a head column."""
        return column not in self.lacking.get(kind, frozenset())


@dataclass(frozen=True, slots=True)
class Output:
    """A query whose rows become part of the result; ``tag`` and ``about`` say which part."""

    tag: str
    about: Any
    query: Sql


@dataclass(slots=True)
class Script:
    """The statements of a program, in order, and what they read.

    The columns of intermediate tables are only known when everything that reads them has been
    compiled, so a statement may be given as a function that is called at the end.
    """

    program: Program
    shape: Shape
    needs: Needs = field(default_factory=Needs)
    steps: list[tuple[str, Callable[[], Sql]]] = field(default_factory=list)
    outputs: list[Output] = field(default_factory=list)
    constants: dict[str, tuple[Sequence[Column], Sequence[Row]]] = field(default_factory=dict)
    params: Mapping[str, Parameter] = field(init=False)
    tables: Mapping[str, Table] = field(init=False)
    periods: tuple[Period, ...] = field(init=False)
    number: Mapping[Period, int] = field(init=False)
    unitless: set[str] = field(init=False)
    filled: frozenset[str] = field(init=False)
    """The kinds that may have facts: those with rows, and what is derived from them."""
    looks: Looks = field(init=False)

    def __post_init__(self) -> None:
        self.unitless = set(self.shape.unitless)
        self.filled = filled(self.shape.kinds, self.program.deems)
        self.looks = looks_of(self.program)
        articles = self.program.plan.articles
        self.params = {name: one for article in articles for name, one in article.params.items()}
        self.tables = {name: one for article in articles for name, one in article.tables.items()}
        cells = {period for periods in self.program.cells.values() for period in periods}
        self.periods = tuple(sorted(cells | {self.program.run}))
        self.number = {period: at for at, period in enumerate(self.periods)}

    def make(self, name: str, query: Sql | Callable[[], Sql]) -> str:
        """Add a statement that makes a table; gives the table's name."""
        made = (lambda: query) if isinstance(query, exp.Expression) else query
        self.steps.append((name, made))
        return name

    def output(self, tag: str, about: Any, query: Sql) -> None:
        """Add a query of the result."""
        self.outputs.append(Output(tag, about, query))

    def statements(self) -> list[Sql]:
        """The statements that make the tables, in order."""
        return [b.created(name, made()) for name, made in self.steps]

    def param(self, name: str, day: Sql) -> Term:
        """A parameter on a day."""
        values = [
            (one.since, None if one.value is None else constant(one.value))
            for one in self.params[name].values
        ]
        return dated(values, day)

    def param_at(self, name: str, day: date) -> Value | None:
        """The value of a parameter on a day that is known beforehand."""
        return value_at(self.params[name], day)

    def date_name(self, text: str, kind: str) -> str:
        """Which date decides for a kind; a reading is read on the last day of the run."""
        text = text or self.program.plan.deciding
        name = param_of(text)
        if not name:
            return text
        declared = self.program.plan.facts.get(kind)
        word = str(self.param_at(name, self.program.run.end))
        return date_of_word(word, declared) if declared is not None else ""

    def cells_of(self, name: str) -> tuple[Period, ...]:
        """The periods for which a rule or node is computed."""
        return self.program.cells.get(name, ())

    def kind_of(self, given: PeriodKind | None) -> PeriodKind:
        """The period kind of a rule or node."""
        return given if given is not None else self.program.plan.periods[0]


def filled(kinds: frozenset[str], deems: Sequence[Deem]) -> frozenset[str]:
    """Kinds that have rows or get some from others, in whatever order facts are deemed."""
    found = kinds
    for _ in deems:  # a chain of kinds is no longer than there are deeming rules
        found |= {one.becomes for one in deems if one.becomes and one.deem in found}
    return found


def period_of_day(periods: Mapping[Period, int], day: Sql) -> Sql:
    """The number of the period that holds a day; NULL outside all of them."""
    cases = [
        (b.within(day, b.num(day_number(one.start)), b.num(day_number(one.end))), b.num(at))
        for one, at in sorted(periods.items())
    ]
    return b.cast(b.when(cases), "SMALLINT")
