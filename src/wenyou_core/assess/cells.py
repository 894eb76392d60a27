"""For which periods each rule and node is computed.

A node is computed for every period of its kind wholly inside the run, and for earlier ones only
because something looks back: a change, a streak, a limit or a bar over the year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wenyou_core.scheme.check import Checked
from wenyou_core.scheme.depends import Look, Read
from wenyou_core.scheme.outcomes import Award, Grade, Target
from wenyou_core.scheme.outcoming import counted, period_of_obligation
from wenyou_core.scheme.rivals import rivals
from wenyou_core.scheme.rules import Limit
from wenyou_core.scheme.words import PeriodKind
from wenyou_core.worktime.months import months_back
from wenyou_core.worktime.periods import (
    Period,
    day_range,
    period_of,
    previous,
    run_of,
    same_of_last_year,
    shifted,
)
from wenyou_core.worktime.periods import PeriodKind as GridKind

_Cells = dict[str, set[Period]]


def kinds_of(checked: Checked) -> dict[str, PeriodKind]:
    """The kind of period of every node that is computed and of every event rule."""
    scope = checked.scope
    found = {name: one.period for name, one in checked.types.items()}
    for rule in scope.computing():
        found[rule.name] = scope.period(rule.period)
    for limit in scope.limits():
        found[limit.name] = _kind_of_limit(checked, limit)
    outcomes: tuple[Grade | Award | Target, ...] = (
        *scope.grades.values(),
        *scope.awards.values(),
        *scope.targets.values(),
    )
    for one in outcomes:
        found[one.name] = scope.period(one.period)
    for duty in scope.obligations.values():
        if counted(duty):
            found[duty.name] = period_of_obligation(scope, duty)
    return found


def _kind_of_limit(checked: Checked, limit: Limit) -> PeriodKind:
    rule = checked.scope.rules[limit.limit[0]]
    while isinstance(rule, Limit):
        rule = checked.scope.rules[rule.limit[0]]
    given = getattr(rule, "period", None)
    return checked.scope.period(given)


def inside(kind: PeriodKind, period: Period) -> tuple[Period, ...]:
    """The periods of a kind wholly inside a period; a campaign is the period itself."""
    if kind is PeriodKind.CAMPAIGN:
        return (period,)
    grid = GridKind(kind.value)
    first, last = period_of(grid, period.start), period_of(grid, period.end)
    return tuple(one for one in run_of(first, last) if period.covers(one))


def cells_of(checked: Checked, run: Period, first: date | None) -> dict[str, tuple[Period, ...]]:
    """The periods of every node and event rule; ``first`` is where "ever" begins."""
    kinds = kinds_of(checked)
    cells: _Cells = {name: set(inside(kind, run)) for name, kind in kinds.items()}
    groups = _rivals(checked)
    while True:
        before = sum(len(found) for found in cells.values())
        for name in reversed(checked.order):
            if name in kinds:
                _spread(name, checked.reads[name], kinds, cells, first)
        for names in groups:
            shared = set().union(*(cells[name] for name in names))
            for name in names:
                cells[name] |= shared
        if sum(len(found) for found in cells.values()) == before:
            break
    return {name: tuple(sorted(found)) for name, found in cells.items()}


def _rivals(checked: Checked) -> list[list[str]]:
    """Event rules that compete: wherever one is computed, all are."""
    return [[rule.name for rule in group] for group in rivals(checked.scope.events())]


def _spread(
    name: str,
    reads: tuple[Read, ...],
    kinds: Mapping[str, PeriodKind],
    cells: _Cells,
    first: date | None,
) -> None:
    """Add to what a node reads the periods in which it is read; itself first."""
    for read in sorted(reads, key=lambda one: one.name != name):
        if read.name in kinds:
            for period in tuple(cells[name]):
                seen = looked_at(read, period, kinds[name], kinds[read.name], first)
                cells[read.name].update(seen)


def looked_at(
    read: Read, period: Period, own: PeriodKind, other: PeriodKind, first: date | None
) -> tuple[Period, ...]:
    """The periods of what is read, for one period of the reader."""
    if other is PeriodKind.CAMPAIGN and own is not other:
        return ()  # there is one campaign, that of the run, and it is computed anyway
    if read.look is Look.PARTS:
        return _parts(period, own, other)
    if read.look is Look.PREVIOUS:
        return _parts(previous(period), own, other)
    if read.look is Look.LAST_YEAR:
        return _parts(same_of_last_year(period), own, other)
    if read.look is Look.STREAK:
        back = (shifted(period, -step) for step in range(max(read.number, 1)))
        return tuple(part for one in back for part in _parts(one, own, other))
    if read.look is Look.MONTHS and other is not PeriodKind.CAMPAIGN:
        return _touching(other, months_back(period.start, read.number), period.end)
    start = date(period.end.year, 1, 1)
    if read.look is Look.EVER and first is not None:
        start = min(start, first)
    if other is PeriodKind.CAMPAIGN:
        return (period,)
    return inside(other, day_range(min(start, period.start), period.end))


def _touching(kind: PeriodKind, first: date, last: date) -> tuple[Period, ...]:
    """The periods of a kind that hold a day from ``first`` on and end by ``last``."""
    grid = GridKind(kind.value)
    found = run_of(period_of(grid, first), period_of(grid, last))
    return tuple(one for one in found if one.end <= last)


def _parts(period: Period, own: PeriodKind, other: PeriodKind) -> tuple[Period, ...]:
    return (period,) if own is other else inside(other, period)


def reported(run: Period, kinds: Mapping[str, PeriodKind]) -> frozenset[str]:
    """The codes of the periods that belong to the run."""
    found = {part.code for kind in set(kinds.values()) for part in inside(kind, run)}
    return frozenset(found | {run.code})
