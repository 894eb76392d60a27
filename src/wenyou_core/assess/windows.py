"""Where a look-back window begins, from a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from wenyou_core.assess.facts import Cell
from wenyou_core.scheme.rules import Window
from wenyou_core.scheme.words import MONTHS_IN, PeriodKind
from wenyou_core.worktime.months import ONE_DAY, months_back
from wenyou_core.worktime.periods import Period, cycle_of, last_closed_cycle, period_of
from wenyou_core.worktime.spans import PeriodKind as GridKind

BEGINNING = date.min


def window_start(
    window: Window,
    day: date,
    *,
    run: Period,
    kind: PeriodKind,
    anchor: Callable[[str], Cell | None],
) -> date | None:
    """The first day of the window that looks back from ``day``.

    ``kind`` is the rule's kind of period, ``anchor`` reads the attribute of a personal cycle.
    None when that attribute is absent.
    """
    match window.kind:
        case "months":
            return _months_back(day, window.number)
        case "days":
            return day - timedelta(days=window.number - 1)
        case "year":
            return date(day.year, 1, 1)
        case "period":
            return run.start if kind is PeriodKind.CAMPAIGN else _of(kind, day).start
        case "cycle":
            first = anchor(window.param)
            return cycle_of(first, day).start if isinstance(first, date) else None
    return BEGINNING


def window_of_measure(
    window: Window | None, period: Period, anchor: Callable[[str], Cell | None]
) -> tuple[date, date] | None:
    """The days a measure of facts looks at in a period, both ends included.

    Without a window the period itself; ``cycle`` is the last cycle closed by the period's end;
    months are whole ones, so that 12 months up to 30 September begin on 1 October. None when
    the attribute of the cycle is absent.
    """
    if window is None or window.kind == "period":
        return (period.start, period.end)
    if window.kind == "cycle":
        first = anchor(window.param)
        if not isinstance(first, date):
            return None
        cycle = last_closed_cycle(first, period.end)
        return (cycle.start, cycle.end)
    if window.kind == "months":
        return (_months_back(period.end + ONE_DAY, window.number), period.end)
    # the kind of period only matters to the window "period", which is done above
    start = window_start(window, period.end, run=period, kind=PeriodKind.YEAR, anchor=anchor)
    return None if start is None else (start, period.end)


@lru_cache(maxsize=4096)
def _months_back(day: date, months: int) -> date:
    """Many facts share a day, and calendars are slow."""
    return months_back(day, months)


def _of(kind: PeriodKind, day: date) -> Period:
    return period_of(GridKind(kind.value), day)


def same_calendar(kind: PeriodKind, one: date, other: date) -> bool:
    """Whether two days lie in the same calendar month, quarter, half or year."""
    first, second = ((day.year * 12 + day.month - 1) // MONTHS_IN[kind] for day in (one, other))
    return first == second
