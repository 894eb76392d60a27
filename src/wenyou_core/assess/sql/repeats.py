"""Repeat counts as SQL: the n-th matching fact of a key in a window, and the one just before.

Facts of one key stand by (deciding day, order of events). A fact's n is its place among them less
the number of those before its window. In a rolling window that is a count of rows up to a day,
which every engine finds without looking at the rows; a year or period is part of the key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import day_number
from wenyou_core.scheme.readings import window_of
from wenyou_core.scheme.rules import EventRule, Window
from wenyou_core.scheme.words import PeriodKind

MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
}


@dataclass(slots=True)
class Repeats:
    """Compiles ``again`` of one rule. Rows are in a query (a table, for personal cycles) with
    ``day``, ``key_0`` … (what makes facts alike), the columns of ``order`` (of events) and of
    ``key`` (that tell facts apart), and ``from_…``, where a personal cycle begins."""

    script: Script
    rule: EventRule
    order: Sequence[str]
    key: Sequence[str]

    @property
    def same(self) -> tuple[str, ...]:
        """The fields that are equal of facts alike."""
        again, kind = self.rule.again, self.script.program.plan.facts[self.rule.on]
        return (again.same if again else ()) or tuple(one.value for one in kind.subjects)

    def keys(self, scope: FactScope) -> list[Sql]:
        """What these fields hold."""
        return [scope.named(name).stored for name in self.same]

    def windows(self) -> list[tuple[Sql | None, Window | None]]:
        """The window; of a parameter each that it held, with the condition on the day, newest
        first. None is unset: nothing but the fact itself is in it."""
        again = self.rule.again
        if again is None:
            return []
        if again.window.kind != "param":
            return [(None, again.window)]
        found: list[tuple[Sql | None, Window | None]] = []
        for one in reversed(self.script.params[again.window.param].values):
            window = None if one.value is None else window_of(one.value)
            found.append((b.ge(b.col("day", "w"), b.num(day_number(one.since))), window))
        return [*found, (None, None)]

    def cycles(self, scope: FactScope) -> dict[str, Sql]:
        """Where the personal cycle begins for a fact, by the name of its attribute."""
        windows = (window for _, window in self.windows())
        names = {one.param for one in windows if one is not None and one.kind == "cycle"}
        return {name: scope.cycle(name) for name in sorted(names)}

    def note_cycles(self, table: str, told: Callable[[Sql], list[Sql]]) -> None:
        """What has no beginning of its cycle, where the window of its day is that cycle."""
        newer: list[Sql] = []
        for test, window in self.windows():
            if window is not None and window.kind == "cycle":
                tests = [*newer, *told(b.col("day", "w")), *([] if test is None else [test])]
                tests.append(b.is_null(b.col(start_of(window.param), "w")))
                what = b.columns("w", "whose", "day")
                query = b.select(what, table, "w", where=tests, distinct=True)
                self.script.output("no_attribute", (self.rule.name, window.param), query)
            if test is not None:
                newer.append(b.no(test))

    def counted(self, source: str | Sql, columns: Sequence[str], keys: int) -> Sql:
        """The rows with ``n`` and ``earlier`` (the fact just before in the window)."""
        by = [b.col(f"key_{at}", "w") for at in range(keys)]
        order = [b.rising(b.col(name, "w")) for name in ("day", *self.order)]
        place = b.over(b.row_number(), by=by, order=order)
        count = self._choose(lambda window: self._count(window, by, place, order))
        before = b.over(b.lag(b.col("fact", "w")), by=by, order=order)
        what = [*b.columns("w", *columns), b.as_(count, "n"), b.as_(before, "before_it")]
        inner = b.select(what, source, "w", joins=list(self._befores(source, keys)))
        earlier = b.when([(b.gt(b.col("n", "c"), b.num(1)), b.col("before_it", "c"))])
        return b.select([*b.columns("c", *columns, "n"), b.as_(earlier, "earlier")], inner, "c")

    def _befores(self, source: str | Sql, keys: int) -> Iterator[b.Join]:
        """Per personal cycle: how many facts of the key lie before it, for each fact.

        The beginnings of the cycles are sorted in among the facts, before those of the same day,
        and the facts so far are counted.
        """
        names = {
            window.param
            for _, window in self.windows()
            if window is not None and window.kind == "cycle"
        }
        for name in sorted(names):
            key = [b.col(f"key_{at}", "s") for at in range(keys)]
            same = [b.col(one, "s") for one in self.key]
            starts = b.select(
                [*key, b.as_(b.col(start_of(name), "s"), "day"), b.as_(b.num(0), "one"), *same],
                source,
                "s",
                where=[b.not_null(b.col(start_of(name), "s"))],
            )
            facts = b.select([*key, b.col("day", "s"), b.as_(b.num(1), "one"), *same], source, "s")
            order = [b.rising(b.col("day", "u")), b.rising(b.col("one", "u"))]
            so_far = b.over(
                b.total(b.col("one", "u")),
                by=[b.col(f"key_{at}", "u") for at in range(keys)],
                order=order,
                frame=b.so_far(),
            )
            what = [*b.columns("u", "one", *self.key), b.as_(so_far, "before")]
            every = b.select(what, b.stacked([starts, facts]), "u")
            only = b.select(
                b.columns("v", *self.key, "before"),
                every,
                "v",
                where=[b.eq(b.col("one", "v"), b.num(0))],
            )
            alias = before_of(name)
            on = b.all_of([b.eq(b.col(one, alias), b.col(one, "w")) for one in self.key])
            yield b.Join(only, alias, on, "LEFT")

    def _choose(self, count: Callable[[Window | None], Sql]) -> Sql:
        cases = [(test, count(window)) for test, window in self.windows()]
        tests = [(test, tree) for test, tree in cases if test is not None]
        return b.when(tests, cases[-1][1]) if tests else cases[-1][1]

    def _count(
        self, window: Window | None, by: Sequence[Sql], place: Sql, order: Sequence[Sql]
    ) -> Sql:
        day = b.col("day", "w")
        if window is None:
            return b.num(1)
        if window.kind == "all":
            return place
        if window.kind in ("year", "period"):
            return self._in_grid(window, by, order)
        if window.kind == "cycle":
            before = b.coalesce(b.col("before", before_of(window.param)), b.num(0))
            absent = b.is_null(b.col(start_of(window.param), "w"))
            return b.when([(absent, b.num(1))], b.sub(place, before))
        if window.kind == "days":
            early = b.over(
                b.count(), by=by, order=[b.rising(day)], frame=b.before(b.num(window.number))
            )
            return b.sub(place, early)
        # A row a whole number of months before may lie in the window: count both ends.
        line, reach = b.rising(b.day(day)), b.months(window.number)
        upto = b.over(b.count(), by=by, order=[line], frame=b.since("UNBOUNDED"))
        inside = b.over(b.count(), by=by, order=[line], frame=b.since(reach))
        return b.add(b.sub(place, upto), inside)

    def _in_grid(self, window: Window, by: Sequence[Sql], order: Sequence[Sql]) -> Sql:
        """Place among the facts of one calendar year, or one period of the rule."""
        day = b.col("day", "w")
        kind = self.script.kind_of(self.rule.period)
        if window.kind == "period" and kind is PeriodKind.CAMPAIGN:
            early = b.lt(day, b.num(day_number(self.script.program.run.start)))
            place = b.over(b.row_number(), by=[*by, b.flag(early)], order=order)
            return b.when([(early, b.num(1))], place)
        grid = [b.part_of_day("year", day)]
        months = MONTHS[kind] if window.kind == "period" else 12
        if months < 12:
            month = b.sub(b.part_of_day("month", day), b.num(1))
            grid.append(month if months == 1 else b.quotient(month, b.num(months)))
        return b.over(b.row_number(), by=[*by, *grid], order=order)


def start_of(name: str) -> str:
    """The column with the beginning of a personal cycle."""
    return f"from_{name.replace('.', '_')}"


def before_of(name: str) -> str:
    """The alias of the counts of facts before a personal cycle."""
    return f"before_{name.replace('.', '_')}"
