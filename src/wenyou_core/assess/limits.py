"""Step 5: floors and ceilings. A bound never rewrites an entry; it adds an adjusting one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wenyou_core.assess.alike import alike
from wenyou_core.assess.amounts import Amounts, ledger_of_bounds
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Line, Who, adjusting, who
from wenyou_core.assess.readings import amount_at
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.assess.rounding import LARGEST, too_large
from wenyou_core.scheme.amounts import End
from wenyou_core.scheme.rules import Bounds, Limit
from wenyou_core.scheme.words import LimitPer
from wenyou_core.worktime.periods import Period, year_of


class Clamp:
    """A floor and a ceiling in one ledger's smallest unit, which may change from day to day."""

    def __init__(self, bounds: Bounds | Limit, amounts: Amounts, rule: str) -> None:
        """Hold both ends; they are turned into integers once for each day they are asked for."""
        self.ledger = ledger_of_bounds(amounts.program, bounds)
        self._bounds, self._amounts, self._rule = bounds, amounts, rule
        self._held: dict[date, tuple[int | None, int | None]] = {}

    def __call__(self, total: int, day: date) -> int:
        """The total held between floor and ceiling as they are on a day.

        Raises WenyouError where no engine can hold the total.
        """
        storable(total, self._rule)
        if day not in self._held:
            bounds = self._bounds
            self._held[day] = (self._whole(bounds.floor, day), self._whole(bounds.ceiling, day))
        floor, ceiling = self._held[day]
        if floor is not None and total < floor:
            return floor
        return ceiling if ceiling is not None and total > ceiling else total

    def _whole(self, end: End | None, day: date) -> int | None:
        held = None if end is None else amount_at(self._amounts.program, end, day)
        return None if held is None else self._amounts.whole(held.number, held.ledger, self._rule)


def bound_singly(lines: Iterable[Line], clamp: Clamp) -> list[Line]:
    """``per: event``: a LIMIT line for each entry that goes beyond; ``net`` is set on each."""
    found = []
    for line in lines:
        entry = line.entry
        apart = entry.ledger != clamp.ledger
        bounded = entry.amount if apart else clamp(entry.amount, entry.day)
        line.net = bounded
        if bounded != entry.amount:
            change = storable(bounded - entry.amount, entry.rule)
            found.append(adjusting(line, EntryKind.LIMIT, change))
    return found


@dataclass(frozen=True, slots=True)
class Step:
    """An event on the way of a running total: what stood before it, and what is cut there."""

    line: Line
    before: int
    held: int  # of what stood before
    cut: int


def steps_of(
    lines: Iterable[Line], clamp: Callable[[int, date], int], bounds: Bounds, ledger: str
) -> Iterator[Step]:
    """``running``: the total of each key is held after each event, by the ends of its day.

    ``lines`` hold the entries of one rule in the order of deciding days and of events within
    them. What a set took back counts 0. Before the first event nothing was held.
    """
    so_far: dict[Hashable, tuple[int, int]] = {}
    for line in lines:
        entry = line.entry
        if entry.kind is not EntryKind.EVENT or entry.ledger != ledger:
            continue
        key = (key_of(line, bounds), within(line, bounds))
        before, held = so_far.get(key, (0, 0))
        own = 0 if line.lost else entry.amount
        now = clamp(before + own, entry.day)
        so_far[key] = (before + own, now)
        yield Step(line, before, held, now - held - own)


def key_of(line: Line, bounds: Bounds) -> Hashable:
    """Whose total an entry runs into: the subject's, or that of facts alike by ``same``."""
    if not bounds.same or line.one is None:
        return who(line.entry.subject)
    return alike(line.one, bounds.same)


def within(line: Line, bounds: Bounds) -> Hashable:
    """In which days the total runs: those of the period, or the year's."""
    return year_of(line.period) if bounds.per is LimitPer.YEAR else line.period


def bound_running(lines: Iterable[Line], clamp: Clamp, bounds: Bounds) -> list[Line]:
    """A LIMIT line for each event after which the total would stand beyond, with its cause."""
    return [
        adjusting(step.line, EntryKind.LIMIT, storable(step.cut, step.line.entry.rule))
        for step in steps_of(lines, clamp, bounds, clamp.ledger)
        if step.cut
    ]


def storable(amount: int, rule: str) -> int:
    """The amount; WenyouError where no engine can hold it."""
    if abs(amount) > LARGEST:
        raise too_large(rule)
    return amount


Totals = Mapping[Period, Mapping[Who, int]]
"""Per period and subject the sum that is to be held."""


def bound_totals(
    totals: Totals, clamp: Callable[[int, date], int], per: LimitPer
) -> list[tuple[Period, Who, int]]:
    """The adjustments that hold the totals of subjects, per period or per year to date.

    Per year: what a period's adjustment leaves is the difference of the held totals to date, so
    that a later period may give back what an earlier one took. The ends are those of the last day
    of each period.
    """
    found: list[tuple[Period, Who, int]] = []
    to_date: dict[tuple[int, Who], tuple[int, int]] = {}
    for period in sorted(totals):
        for subject, total in totals[period].items():
            key = (year_of(period).start.year, subject)
            yearly = per is LimitPer.YEAR
            before, held_before = to_date.get(key, (0, 0)) if yearly else (0, 0)
            held = clamp(before + total, period.end)
            to_date[key] = (before + total, held)
            change = held - held_before - total
            if change:
                found.append((period, subject, change))
    return found


def totals_of(lines: Iterable[Line], ledger: str) -> Totals:
    """Sums of lines by the period of their entries."""
    found: dict[Period, dict[Who, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        if line.entry.ledger == ledger:
            found[line.period][who(line.entry.subject)] += line.entry.amount
    return found


def limit_lines(
    rule: Limit | tuple[str, str],
    held: Sequence[tuple[Period, Who, int]],
    ledger: str,
    subjects: Mapping[Who, Subject],
) -> list[Line]:
    """LIMIT lines over a period: no cause, no fact, on the period's last day.

    ``rule`` is the limit, or name and article of the rule whose own bound it is.
    """
    name, article = (rule.name, rule.article) if isinstance(rule, Limit) else rule
    return [
        Line(
            Entry(
                rule=name,
                article=article,
                kind=EntryKind.LIMIT,
                subject=subjects[subject],
                ledger=ledger,
                amount=storable(change, name),
                base=change,
                period=period.code,
                day=period.end,
            ),
            period,
            unit="",
        )
        for period, subject, change in held
    ]
