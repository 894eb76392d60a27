"""Step 6, first part: numbers of subjects straight from facts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from functools import partial

from wenyou_core.assess.evaluate import compiled, condition
from wenyou_core.assess.facts import Cell
from wenyou_core.assess.inperiod import InPeriod
from wenyou_core.assess.known import EventOrder
from wenyou_core.assess.notes import NO_CYCLE, NO_VALUE
from wenyou_core.assess.org import Member
from wenyou_core.assess.prepare import Happening, Prepared, World
from wenyou_core.assess.quantities import Quantity, absent, median, plain
from wenyou_core.assess.readings import window_at
from wenyou_core.assess.windows import window_of_measure
from wenyou_core.rows import row
from wenyou_core.scheme.depends import reads_period
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period


@row()
class Row:
    """A fact that counts for a subject: its day, its place in the order, its number, itself."""

    day: date
    order: EventOrder
    value: Cell | None
    one: Happening


class FactMeasures:
    """Measures of facts, and the counts of obligations, for every subject of a period."""

    def __init__(self, world: World, prepared: Prepared) -> None:
        """Hold the facts; each measure sorts them by subject once."""
        self.world, self.prepared = world, prepared
        self._rows: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self._dated: dict[str, bool] = {}

    def values(self, node: FactMeasure | Obligation, period: Period) -> dict[str, Quantity]:
        """The number of each member by its id."""
        self._of(node, period)  # what does not count is noted though nobody should be a member
        return {
            member.subject.id: self._number(node, member, period)
            for member in self.world.org.members(node.each, period)
        }

    def rows(
        self, node: FactMeasure | Obligation, member: Member, period: Period
    ) -> list[Row] | None:
        """The facts that count for a member in a period, in the order of their days.

        None when the window cannot be told, because the attribute of a cycle is absent.
        """
        window = node.window and window_at(self.world.program, node.window, period.end)
        days = window_of_measure(window, period, partial(self._anchor, member, period.end))
        own = self._of(node, period).get(member.subject.id, [])
        return None if days is None else _between(own, *days)

    def _of(self, node: FactMeasure | Obligation, period: Period) -> dict[str, list[Row]]:
        """The rows by subject: those of all days at once, unless days of the period are read."""
        if node.name not in self._dated:
            of = node.of if isinstance(node, FactMeasure) else None
            self._dated[node.name] = reads_period(node.where, of)
        only = period if self._dated[node.name] else None
        key = (node.name, "" if only is None else only.code)
        if key not in self._rows:
            self._rows[key] = self._by_subject(node, only)
        return self._rows[key]

    def _by_subject(
        self, node: FactMeasure | Obligation, period: Period | None
    ) -> dict[str, list[Row]]:
        passes, whose = condition(node.where), self._whose(node)
        of = compiled(node.of) if isinstance(node, FactMeasure) and node.of else None
        date_name = node.date if isinstance(node, FactMeasure) else ""
        found: dict[str, list[Row]] = defaultdict(list)
        for one in self.prepared.of(node.facts, date_name, node.name):
            here = one if period is None else InPeriod(one, period)
            if passes(here):
                row = Row(one.day, one.order, of(here) if of else None, one)
                for subject in whose(one):
                    found[subject].append(row)  # happenings come sorted by day
        return found

    def _whose(self, node: FactMeasure | Obligation) -> Callable[[Happening], Iterable[str]]:
        """Whose fact it is: by ``link``, else the fact's own unit, person, or adopting unit."""
        org, kind = self.world.org, self.world.program.plan.populations[node.each].of
        person = kind is SubjectKind.PERSON
        linked = self.world.reader(node.facts, node.link or ("person" if person else "unit"))
        if person:
            return lambda one: _several(linked(one))
        if kind is SubjectKind.ADOPTER:
            return lambda one: [
                adopter
                for unit in _one(linked(one))
                for adopter in _one(org.adopter_of(unit, one.day))
            ]
        if isinstance(node, FactMeasure) and node.beneath:
            return lambda one: [
                above for unit in _one(linked(one)) for above in org.chain(unit, one.day)
            ]
        return lambda one: _one(linked(one))

    def _number(self, node: FactMeasure | Obligation, member: Member, period: Period) -> Quantity:
        rows = self.rows(node, member, period)
        if rows is None:
            self._note_no_cycle(node, member, period)
            return absent(NO_CYCLE)
        return _statistic(node.how if isinstance(node, FactMeasure) else "count", rows)

    def _anchor(self, member: Member, day: date, name: str) -> Cell | None:
        of, _, field = name.partition(".")
        subject = member.subject.id if of == "person" else member.unit
        return self.world.org.attribute(of, field, subject, day)

    def _note_no_cycle(
        self, node: FactMeasure | Obligation, member: Member, period: Period
    ) -> None:
        if period.code in self.world.program.reported and node.window is not None:
            name = node.window.param
            self.world.notes.miss_attribute(name, member.subject, period.end, node.name)


def _several(names: object) -> tuple[str, ...]:
    return names if isinstance(names, tuple) else _one(names)


def _one(name: object) -> tuple[str, ...]:
    return (name,) if isinstance(name, str) and name else ()


def _between(rows: list[Row], first: date, last: date) -> list[Row]:
    start = bisect_left(rows, first, key=_day)
    return rows[start : bisect_right(rows, last, lo=start, key=_day)]


def _day(row: Row) -> date:
    return row.day


def _statistic(how: str, rows: list[Row]) -> Quantity:
    """Count, sum and distinct of nothing are 0, the others absent; absent numbers do not count."""
    if how == "count":
        return plain(len(rows))
    if how == "distinct":
        return plain(len({row.value for row in rows if row.value is not None}))
    numbered = [(row.order, row.value) for row in rows if isinstance(row.value, Fraction)]
    numbers = [number for _, number in numbered]
    if how == "sum":
        return plain(sum(numbers, Fraction(0)))
    if not numbers:
        return absent(NO_VALUE)
    if how == "latest":
        return plain(max(numbered)[1])
    if how == "median":
        return plain(median(numbers))
    return plain(min(numbers) if how == "min" else max(numbers))
