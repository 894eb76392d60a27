"""Entries while they are being made: with the happening and the unit behind each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.prepare import Happening
from wenyou_core.assess.result import Entry, EntryKind
from wenyou_core.rows import row
from wenyou_core.scheme.rules import Cap, EventRule, PeriodRule
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period

PayingRule = EventRule | PeriodRule
Who = tuple[bool, str]
Totals = Mapping[tuple[Who, str], int]
JOINT = "+joint"
"""Behind a rule's name: the joint entries that follow its entries."""


@dataclass(slots=True)
class Line:
    """An entry; ``unit`` is where its joint holders are looked for.

    ``one`` is the happening of an event entry; ``net`` the entry's amount after the bounds of
    the single entry; ``lost`` whether it was taken back in an exclusion set.
    """

    entry: Entry
    period: Period
    unit: str
    one: Happening | None = None
    net: int = 0
    lost: bool = False


@row()
class Hit:
    """A rule hit a subject: what effects and caps hang on.

    ``of`` is the member that a period rule was judged on, whoever it hits then.
    """

    rule: PayingRule
    subject: Subject
    period: Period
    one: Happening | None = None
    of: Subject | None = None


@dataclass(frozen=True, slots=True)
class CapHit:
    """A rule holds a grade of a subject down."""

    cap: Cap
    rule: str
    subject: Subject
    period: Period


def who(subject: Subject) -> Who:
    """The key of a subject: 员工号 and 机构号 may coincide; an adopting unit is its unit."""
    return (subject.kind is SubjectKind.PERSON, subject.id)


def adjusting(line: Line, kind: EntryKind, amount: int) -> Line:
    """A line that adjusts another: same rule, subject, day and fact, which it names as cause."""
    entry = line.entry
    adjusted = Entry(
        rule=entry.rule,
        article=entry.article,
        kind=kind,
        subject=entry.subject,
        ledger=entry.ledger,
        amount=amount,
        period=entry.period,
        day=entry.day,
        fact_kind=entry.fact_kind,
        fact=entry.fact,
        base=amount,
        cause=entry.key,
    )
    return Line(adjusted, line.period, line.unit, line.one)


class Journal:
    """All lines by rule, limit or award; joint entries stand under ``rule+joint``."""

    def __init__(self) -> None:
        """Begin empty."""
        self.lines: dict[str, list[Line]] = defaultdict(list)
        self._sums: dict[str, dict[Period, dict[tuple[Who, str], int]]] = defaultdict(dict)

    def add(self, lines: Iterable[Line]) -> None:
        """Write lines down under the names they count for, and sum them per period."""
        for line in lines:
            entry = line.entry
            name = entry.rule + JOINT if entry.kind is EntryKind.JOINT else entry.rule
            self.lines[name].append(line)
            sums = self._sums[name].setdefault(line.period, {})
            key = (who(entry.subject), entry.ledger)
            sums[key] = sums.get(key, 0) + entry.amount

    def totals(self, names: Iterable[str] | None, period: Period) -> Totals:
        """Per subject and ledger the sum of the entries whose day lies in the period.

        ``names`` are rules, limits, awards, ``rule+joint``; None stands for all of them. The day
        of an entry lies in the entry's own period, so that only periods that are cut by the one
        asked for are looked at line by line.
        """
        found: dict[tuple[Who, str], int] = defaultdict(int)
        for name in self.lines if names is None else names:
            for own, sums in self._sums.get(name, {}).items():
                if period.overlaps(own):
                    parts = sums if period.covers(own) else self._cut(name, own, period)
                    for key, amount in parts.items():
                        found[key] += amount
        return found

    def _cut(self, name: str, own: Period, period: Period) -> Totals:
        found: dict[tuple[Who, str], int] = defaultdict(int)
        for line in self.lines[name]:
            entry = line.entry
            if line.period == own and entry.day in period:
                found[who(entry.subject), entry.ledger] += entry.amount
        return found
