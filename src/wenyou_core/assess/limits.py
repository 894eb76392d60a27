"""Step 5: floors and ceilings. A bound never rewrites an entry; it adds an adjusting one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Line, Who, adjusting, who
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.scheme.amounts import Sum
from wenyou_core.scheme.rules import Bounds, Limit
from wenyou_core.scheme.words import LimitPer
from wenyou_core.worktime.periods import Period, year_of


class Clamp:
    """A floor and a ceiling in one ledger's smallest unit."""

    def __init__(self, bounds: Bounds | Limit, amounts: Amounts, rule: str) -> None:
        """Turn both ends into integers."""
        ends = [end for end in (bounds.floor, bounds.ceiling) if end is not None]
        self.ledger = ends[0].ledger
        self._floor = _whole(bounds.floor, amounts, rule)
        self._ceiling = _whole(bounds.ceiling, amounts, rule)

    def __call__(self, total: int) -> int:
        """The total held between floor and ceiling."""
        if self._floor is not None and total < self._floor:
            return self._floor
        if self._ceiling is not None and total > self._ceiling:
            return self._ceiling
        return total


def bound_singly(lines: Iterable[Line], clamp: Clamp) -> list[Line]:
    """``per: event``: a LIMIT line for each entry that goes beyond; ``net`` is set on each."""
    found = []
    for line in lines:
        entry = line.entry
        bounded = clamp(entry.amount) if entry.ledger == clamp.ledger else entry.amount
        line.net = bounded
        if bounded != entry.amount:
            found.append(adjusting(line, EntryKind.LIMIT, bounded - entry.amount))
    return found


Totals = Mapping[Period, Mapping[Who, int]]
"""Per period and subject the sum that is to be held."""


def bound_totals(
    totals: Totals, clamp: Callable[[int], int], per: LimitPer
) -> list[tuple[Period, Who, int]]:
    """The adjustments that hold the totals of subjects, per period or per year to date.

    Per year: what a period's adjustment leaves is the difference of the held totals to date, so
    that a later period may give back what an earlier one took.
    """
    found: list[tuple[Period, Who, int]] = []
    to_date: dict[tuple[int, Who], int] = {}
    for period in sorted(totals):
        for subject, total in totals[period].items():
            key = (year_of(period).start.year, subject)
            before = to_date.get(key) if per is LimitPer.YEAR else None
            so_far = total if before is None else before + total
            held_before = 0 if before is None else clamp(before)
            to_date[key] = so_far
            change = clamp(so_far) - held_before - total
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
                amount=change,
                base=change,
                period=period.code,
                day=period.end,
            ),
            period,
            unit="",
        )
        for period, subject, change in held
    ]


def _whole(end: Sum | None, amounts: Amounts, rule: str) -> int | None:
    return None if end is None else amounts.whole(end.number, end.ledger, rule)
