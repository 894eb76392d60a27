"""Measures of facts and counts of obligations as SQL: ``v_<name>`` with ``p``, ``subject``, ``value``.

Facts are first joined to the subjects they count for, then to the days of each period. A measure
without a window counts a fact in the one period that holds its day; with a window a fact may
count in several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from wenyou_core.assess.notes import NO_CYCLE, NO_VALUE
from wenyou_core.assess.readings import window_at
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import compile_expr, condition
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.layout import Closed
from wenyou_core.assess.sql.located import Located
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script, period_of_day
from wenyou_core.assess.sql.standing import Measured, Measures, why
from wenyou_core.assess.sql.statistics import middle
from wenyou_core.assess.sql.terms import Term, constant, day_number
from wenyou_core.assess.windows import window_of_measure
from wenyou_core.scheme.depends import reads_period
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.rules import Window
from wenyou_core.scheme.words import SubjectKind, ValueType
from wenyou_core.worktime.periods import Period

Counting = FactMeasure | Obligation
ADDED = ("count", "sum", "distinct")
"""Of nothing these are zero; the others are absent."""


def compile_counting(measures: Measures, located: Located, node: Counting) -> Measured:
    """The table of a measure's values; absent ones are NULL."""
    script = measures.script
    one = _Count(script, located, node, sorted(script.cells_of(node.name)))
    query = one.query(measures)
    return measures.make(Measured(node.name, one.digits()), query)


@dataclass(slots=True)
class _Count:
    """One measure on its way to its table."""

    script: Script
    located: Located
    node: Counting
    periods: Sequence[Period]
    value: Term | None = None
    how: str = "count"
    only: Period | None = None  # the one period whose days are read

    def query(self, measures: Measures) -> Sql:
        """Value and reason of every member in every period."""
        relation = measures.members(self.node.each, self.periods)
        value = self._counted(relation)
        absent = [(b.is_null(value), why(NO_VALUE))]
        if self.cycles():
            nowhere = self._uncycled(relation)
            value = b.when([(nowhere, b.null("BIGINT"))], value)
            absent = [(nowhere, why(NO_CYCLE)), *absent]
        what = [
            relation.col("p"),
            relation.col("subject"),
            b.as_(b.narrow(value), "value"),
            b.as_(b.when(absent, b.num(0)), "why"),
        ]
        return relation.select(what, [measures.within(self.periods)])

    def _counted(self, relation: Relation) -> Sql:
        """The number of a member: of no facts at all it is known beforehand."""
        if self.node.facts not in self.script.filled:
            self._told()
            return b.num(0) if self.how in ADDED else b.null("BIGINT")
        counted = self._statistic(self._numbered())
        same = [b.eq(b.col(name, "a"), relation.col(name)) for name in ("p", "subject")]
        relation.join("a", counted, b.all_of(same))
        value = b.col("value", "a")
        return b.coalesce(value, b.num(0)) if self.how in ADDED else value

    def _told(self) -> None:
        """What is counted and with how many decimals, though there is nothing to count."""
        node = self.node
        if isinstance(node, FactMeasure):
            self.how = node.how
            if node.of is not None:
                relation = Relation(self.script, f"fact_{node.facts}", "f")
                scope = FactScope(relation, node.facts, b.null("INTEGER"), days=self._period_day)
                self.only = self.periods[0]
                self.value = compile_expr(node.of, scope)

    def digits(self) -> int:
        """Decimals of the value."""
        counts = self.value is None or self.how in ("count", "distinct")
        if counts or self.value is None:
            return 0
        return self.value.digits + 1 if self.how == "median" else self.value.digits

    def _numbered(self) -> Sql:
        """The rows with their periods; one period after the other where its days are read."""
        of = self.node.of if isinstance(self.node, FactMeasure) else None
        if not reads_period(self.node.where, of):
            return self._in_periods(self._rows())
        parts = []
        for one in self.periods:
            self.only = one
            parts.append(self._in_periods(self._rows()))
        return b.stacked(parts)

    def _period_day(self, name: str) -> Term:
        assert self.only is not None  # noqa: S101 -- else no day of the period is read
        return constant(self.only.start if name == "start" else self.only.end)

    # -- facts and subjects -----------------------------------------------------------------

    def _rows(self) -> Sql:
        """A row per fact and subject: ``subject``, ``day``, what is counted, the order."""
        sides = [self._side(beneath=False)]
        if isinstance(self.node, FactMeasure) and self.node.beneath and not self._adopters():
            sides.append(self._side(beneath=True))
        return sides[0] if len(sides) == 1 else b.stacked(sides)

    def _side(self, *, beneath: bool) -> Sql:
        node = self.node
        date_text = node.date if isinstance(node, FactMeasure) else ""
        table = self.located.table(node.facts, date_text, node.name)
        relation = Relation(self.script, table, "f")
        day, days = relation.col("day"), self._period_day
        scope = FactScope(relation, node.facts, day, located=True, days=days)
        tests = condition(node.where, scope)
        what = {"day": relation.col("day")}
        if isinstance(node, FactMeasure):
            self.how = node.how
            if node.of is not None:
                self.value = compile_expr(node.of, scope)
                what["value"] = self.value.stored
        if self.how == "latest":
            for name in self.located.order(node.facts):
                what[name] = relation.col(name)
        subject = self._subject(relation, scope, beneath=beneath)
        return relation.select(
            [b.as_(subject, "subject"), *b.named(what)], [*tests, b.not_null(subject)]
        )

    def _adopters(self) -> bool:
        plan = self.script.program.plan
        return plan.populations[self.node.each].of is SubjectKind.ADOPTER

    def _subject(self, relation: Relation, scope: FactScope, *, beneath: bool) -> Sql:
        """Whose fact it is: by ``link``, else the fact's own unit, person or adopting unit."""
        node, kind = self.node, self.script.program.plan.populations[self.node.each].of
        day = relation.col("day")
        if kind is SubjectKind.PERSON:
            declared = scope.fields.get(node.link)
            if declared is not None and declared.type is ValueType.PERSONS:
                return self._people(relation, scope)
            return scope.named(node.link or "person").sql
        unit = scope.named(node.link or "unit").sql
        if kind is SubjectKind.ADOPTER:
            if node.link in ("", "unit"):
                date_text = node.date if isinstance(node, FactMeasure) else ""
                return self.located.adopter(relation, node.facts, date_text)
            self.script.needs.tables.add("adopter")
            return b.col("top", relation.held("adopter", "adopter", {"unit": unit}, day, "INNER"))
        if beneath:
            self.script.needs.tables.add("above")
            alias = relation.held("above", "above", {"unit": unit}, day, "INNER")
            return b.when([(b.gt(b.col("up", alias), b.num(0)), b.col("top", alias))])
        return unit

    def _people(self, relation: Relation, scope: FactScope) -> Sql:
        kind, name = self.node.facts, self.node.link
        self.script.needs.people.add((kind, name))
        on = [b.eq(b.col(one, "people"), scope.head(one)) for one in ("fact", "ord")]
        if kind in self.located.counted.mixed:
            on.append(b.eq(relation.col("root"), b.num(self.located.counted.root(kind))))
        alias = relation.join("people", f"many_{kind}_{name}", b.all_of(on), "INNER")
        return b.col("person", alias)

    # -- periods ----------------------------------------------------------------------------

    def _spans(self) -> list[tuple[Period, Window | None]]:
        program = self.script.program
        if self.node.window is None:
            return [(one, None) for one in self.periods]
        window = self.node.window
        return [(one, window_at(program, window, one.end)) for one in self.periods]

    def cycles(self) -> list[tuple[Period, str]]:
        """The periods whose window is a personal cycle, with its attribute."""
        return [
            (period, window.param)
            for period, window in self._spans()
            if window is not None and window.kind == "cycle"
        ]

    def _in_periods(self, rows: Sql) -> Sql:
        """The rows with the number of each period they count in."""
        cyclic = {period for period, _ in self.cycles()}
        plain = [(one, window) for one, window in self._spans() if one not in cyclic]
        if self.only is not None:
            cyclic &= {self.only}
            plain = [(one, window) for one, window in plain if one == self.only]
        own = [one for one, window in plain if window is None or window.kind == "period"]
        wide = [(one, window) for one, window in plain if one not in own]
        names = ["subject", "day", *(["value"] if self.value is not None else [])]
        if self.how == "latest":
            names += self.located.order(self.node.facts)
        parts: list[Sql] = []
        if own:
            relation = Relation(self.script, rows, "r")
            number = period_of_day(
                {one: self.script.number[one] for one in own}, relation.col("day")
            )
            what = [relation.col(name) for name in names]
            parts.append(relation.select([*what, b.as_(number, "p")], [b.not_null(number)]))
        for period, window in wide:
            parts.append(self._windowed(rows, names, period, window))
        if cyclic:
            parts.append(self._cycled(rows, names))
        return b.stacked(parts)

    def _windowed(
        self, rows: Sql, names: Sequence[str], period: Period, window: Window | None
    ) -> Sql:
        span = window_of_measure(window, period, lambda _: None)
        assert span is not None  # noqa: S101 -- only a cycle has none
        relation = Relation(self.script, rows, "r")
        what = [relation.col(name) for name in names]
        first, last = (max(one, date(1, 1, 1)) for one in span)
        day = b.within(relation.col("day"), b.num(day_number(first)), b.num(day_number(last)))
        number = b.cast(b.num(self.script.number[period]), "SMALLINT")
        return relation.select([*what, b.as_(number, "p")], [day])

    def _closed(self) -> str:
        """The table of the members' last closed cycles."""
        cycles = Closed(self.node.each, tuple(self.cycles()))
        self.script.needs.closed[self.node.name] = cycles
        return f"closed_{self.node.name}"

    def _cycled(self, rows: Sql, names: Sequence[str]) -> Sql:
        relation = Relation(self.script, rows, "r")
        on = [
            b.eq(b.col("subject", "y"), relation.col("subject")),
            b.le(b.col("first_day", "y"), relation.col("day")),
            b.ge(b.col("last_day", "y"), relation.col("day")),
        ]
        if self.only is not None:
            on.append(b.eq(b.col("p", "y"), b.num(self.script.number[self.only])))
        relation.join("y", self._closed(), b.all_of(on), "INNER")
        return relation.select([*(relation.col(name) for name in names), b.col("p", "y")])

    def _uncycled(self, relation: Relation) -> Sql:
        """A member's cycle has no beginning."""
        same = [b.eq(b.col(name, "y"), relation.col(name)) for name in ("p", "subject")]
        relation.join("y", self._closed(), b.all_of(same))
        here = [b.num(self.script.number[one]) for one, _ in self.cycles()]
        nowhere = b.is_null(b.col("subject", "y"))
        return b.all_of([b.one_of(relation.col("p"), here), nowhere])

    # -- numbers ----------------------------------------------------------------------------

    def _statistic(self, rows: Sql) -> Sql:
        keys = b.columns("n", "p", "subject")
        if self.how == "latest":
            return self._latest(rows)
        if self.how == "median":
            there = b.select([b.star()], rows, "n", where=[b.not_null(b.col("value", "n"))])
            return middle(there, ("p", "subject"))
        value = b.col("value", "n")
        tree = {
            "count": lambda: b.count(),
            "distinct": lambda: b.count(value, distinct=True),
            "sum": lambda: b.total(value),
            "min": lambda: b.lowest(value),
            "max": lambda: b.highest(value),
        }[self.how]()
        return b.select([*keys, b.as_(tree, "value")], rows, "n", group=keys)

    def _latest(self, rows: Sql) -> Sql:
        """The last in the order of events that has a number."""
        keys = b.columns("n", "p", "subject")
        order = [*self.located.order(self.node.facts), "value"]
        place = b.over(
            b.row_number(), by=keys, order=[b.falling(b.col(name, "n")) for name in order]
        )
        value = b.col("value", "n")
        what = [*keys, value, b.as_(place, "place")]
        ranked = b.select(what, rows, "n", where=[b.not_null(value)])
        return b.select(
            b.columns("o", "p", "subject", "value"),
            ranked,
            "o",
            where=[b.eq(b.col("place", "o"), b.num(1))],
        )
