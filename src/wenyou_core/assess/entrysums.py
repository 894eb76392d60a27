"""Step 6: sums of final entries, over the period or a window that ends with it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from functools import cache, partial

from wenyou_core.assess.amounts import ledger_of
from wenyou_core.assess.facts import Cell, Opening
from wenyou_core.assess.lines import Who, who
from wenyou_core.assess.nodes import Run, Values
from wenyou_core.assess.notes import NO_CYCLE
from wenyou_core.assess.org import Member
from wenyou_core.assess.quantities import Quantity, absent, plain
from wenyou_core.assess.readings import window_at
from wenyou_core.assess.windows import window_of_measure
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.worktime.periods import Period, day_range


def entry_sums(run: Run, node: EntryMeasure, period: Period) -> Values:
    """The base, the opening balance, and the entries of the period or of its window."""
    window = node.window and window_at(run.program, node.window, period.end)

    @cache
    def sums(first: date, last: date) -> Mapping[Who, Fraction]:
        return _summed(run, node, day_range(first, last))

    def value(member: Member) -> Quantity:
        anchor = partial(_anchor, run, member, period.end)
        days = window_of_measure(window, period, anchor)
        if days is None:
            _note_no_cycle(run, node, member, period)
            return absent(NO_CYCLE)
        first, number = days[0], node.base
        opening = _opening(run, node, member, period, days[1]) if node.opening else None
        if opening is not None:
            first, number = max(first, opening.on), number + opening.number
        booked = sums(first, days[1]).get(who(member.subject))
        return plain(number if booked is None else number + booked)

    return run.each(node.name, period, value)


def _summed(run: Run, node: EntryMeasure, days: Period) -> Mapping[Who, Fraction]:
    """Per subject the sum of the entries whose day lies in the days."""
    by_subject: dict[Who, Fraction] = defaultdict(Fraction)
    for (subject, ledger), amount in run.totals(node.entries or None, days).items():
        if not node.ledger or ledger == node.ledger:
            by_subject[subject] += Fraction(amount, 10 ** run.program.digits[ledger])
    return by_subject


def _anchor(run: Run, member: Member, day: date, name: str) -> Cell | None:
    """The attribute that a personal cycle begins on."""
    of, _, field = name.partition(".")
    subject = member.subject.id if of == "person" else member.unit
    return run.org.attribute(of, field, subject, day)


def _note_no_cycle(run: Run, node: EntryMeasure, member: Member, period: Period) -> None:
    if run.reported(period) and node.window is not None:
        run.notes.miss_attribute(node.window.param, member.subject, period.end, node.name)


def days_of(
    run: Run, node: EntryMeasure, member: Member, period: Period
) -> tuple[date, date] | None:
    """The days whose entries a member's sum takes; None without the attribute of a cycle."""
    window = node.window and window_at(run.program, node.window, period.end)
    days = window_of_measure(window, period, partial(_anchor, run, member, period.end))
    opening = opening_of(run, node, member, period)
    if days is None or opening is None:
        return days
    return max(days[0], opening.on), days[1]


def opening_of(run: Run, node: EntryMeasure, member: Member, period: Period) -> Opening | None:
    """The balance that a member's sum begins with: the newest by the first day, or by the last
    day of a personal cycle that closed before; none where the measure asks for none."""
    window = node.window and window_at(run.program, node.window, period.end)
    days = window_of_measure(window, period, partial(_anchor, run, member, period.end))
    if not node.opening or days is None:
        return None
    return _newest(run, node, member, min(period.start, days[1]))


def _newest(run: Run, node: EntryMeasure, member: Member, by: date) -> Opening | None:
    """The newest opening balance dated up to the day."""
    ledger = node.ledger or ledger_of(run.program, node.entries)
    own = run.openings.get((who(member.subject), ledger), ())
    return max((one for one in own if one.on <= by), key=lambda one: one.on, default=None)


def _opening(
    run: Run, node: EntryMeasure, member: Member, period: Period, last: date
) -> Opening | None:
    """The newest balance up to the period's first day and the last day; none is missing."""
    by = min(period.start, last)  # a closed personal cycle may end before the period begins
    found = _newest(run, node, member, by)
    if found is None and run.reported(period):
        ledger = node.ledger or ledger_of(run.program, node.entries)
        title = run.program.plan.ledgers[ledger].title
        text = f"{member.subject.id}没有“{title}”的期初余额，暂按零计，请补录。"
        run.notes.miss("opening", ledger, member.subject.id, (by, by), rule=node.name, text=text)
    return found
