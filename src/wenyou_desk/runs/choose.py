"""Which period a run computes, and as known when, from what was typed and what is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time

from wenyou_core.assess.facts import Coverage, FactBook
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.model import Plan
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.periods import Period, PeriodKind, parse_period, period_of, previous
from wenyou_core.worktime.spans import GRID_KINDS

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}:\d{2}(?::\d{2})?))?")


def period_said(text: str) -> Period:
    """The period that was typed. Raises InputRefused with the forms that can be read."""
    return parse_period(text)


def period_covered(plan: Plan, book: FactBook) -> Period:
    """The last whole period of the plan's first kind that the facts cover.

    Covered is what some kind of facts is declared complete for, from the first day to the last;
    without any declaration, the period of the last fact. Raises InputRefused where nothing
    tells, or the plan speaks of campaigns.
    """
    kind = PeriodKind(plan.periods[0].value)
    if kind not in GRID_KINDS:
        text = "这个方案的考核期没有固定的起止日，请用 --period 写明，例如 2025-10-01..2025-12-31。"
        raise InputRefused("no_period", text)
    days = [fact.happened for facts in book.facts.values() for fact in facts]
    if not book.coverage and not days:
        text = "没有事实，也没有覆盖声明，看不出要算哪一期。请用 --period 写明，例如 2025Q3。"
        raise InputRefused("no_period", text)
    if not book.coverage:
        return period_of(kind, max(days))
    found = [_last_inside(kind, *stretch) for stretch in _stretches(book.coverage)]
    whole = [period for period in found if period is not None]
    if not whole:
        text = "覆盖声明没有盖满一个完整的考核期。请补全声明，或用 --period 写明要算的期间。"
        raise InputRefused("no_period", text)
    return max(whole)


def _last_inside(kind: PeriodKind, since: date, till: date) -> Period | None:
    """The last period of a kind that lies within the days."""
    last = period_of(kind, till)
    if last.end > till:
        last = previous(last)
    return last if since <= last.start else None


def _stretches(coverage: Iterable[Coverage]) -> list[tuple[date, date]]:
    """The days that declarations of one kind cover together, joined where they touch."""
    found: list[tuple[date, date]] = []
    kind = ""
    for row in sorted(coverage, key=lambda row: (row.kind, row.since, row.till)):
        if found and kind == row.kind and row.since <= found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], max(found[-1][1], row.till))
        else:
            found.append((row.since, row.till))
        kind = row.kind
    return found


def moment_said(text: str) -> datetime:
    """The moment of ``2025-10-08 12:00`` in Beijing; a day alone reaches to its last instant.

    Raises InputRefused for everything else.
    """
    found = _MOMENT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError(text)
        day = date.fromisoformat(found[1])
        clock = time.max if found[2] is None else time.fromisoformat(found[2].rjust(5, "0"))
    except ValueError:
        sentence = f"数据截止时点「{text[:30]}」认不出来，请写成 2025-10-08 或 2025-10-08 12:00。"
        raise InputRefused("known_at", sentence) from None
    return datetime.combine(day, clock)
