"""Periods of assessment: months to years, campaigns, personal cycles, ranges of days.

The one door for callers: the type with its makers, moving along periods (环比, 同比), taking
them apart, and reading what a person typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.months import ONE_DAY, add_months, is_month_end, months_back
from wenyou_core.worktime.spans import (
    GRID_KINDS,
    HALVES,
    MONTHS_IN,
    QUARTER_DIGITS,
    Period,
    PeriodKind,
    campaign,
    cycle_of,
    day_range,
    half,
    month,
    numbered_cycle,
    period_of,
    quarter,
    rolling_window,
    year,
)

__all__ = [
    "Period",
    "PeriodKind",
    "add_months",
    "campaign",
    "cycle_of",
    "day_range",
    "following",
    "half",
    "last_closed_cycle",
    "month",
    "months_back",
    "months_of",
    "parse_period",
    "period_of",
    "previous",
    "quarter",
    "quarters_of",
    "rolling_window",
    "run_of",
    "same_of_last_year",
    "shifted",
    "year",
    "year_of",
]

# -- moving along periods ---------------------------------------------------------------


def shifted(period: Period, steps: int) -> Period:
    """The period ``steps`` further on (negative: back), of the same length.

    Months, quarters, halves, years and cycles move along their own grid. A campaign or a
    range of days moves by whole months when it consists of whole months, and by its own
    number of days otherwise; what comes out is a range of days.
    """
    if period.kind in GRID_KINDS:
        return period_of(period.kind, add_months(period.start, steps * MONTHS_IN[period.kind]))
    if period.kind is PeriodKind.CYCLE:
        anchor = period.anchor or period.start
        return numbered_cycle(anchor, period.start.year - anchor.year + steps)
    if _is_whole_months(period):
        return _moved_by_months(period, steps * _months_between(period))
    move = timedelta(days=steps * period.days)
    return day_range(period.start + move, period.end + move)


def previous(period: Period) -> Period:
    """The period just before (环比): see ``shifted`` for campaigns and ranges."""
    return shifted(period, -1)


def following(period: Period) -> Period:
    """The period just after."""
    return shifted(period, 1)


def last_closed_cycle(anchor: date, day: date) -> Period:
    """The last cycle that had ended by the end of ``day``."""
    current = cycle_of(anchor, day)
    return current if current.end == day else previous(current)


def same_of_last_year(period: Period) -> Period:
    """The same period one year earlier (同比).

    A range of whole months stays one (February ends on its last day); of other ranges
    both dates go back 12 months, 29 February to 28 February.
    """
    if period.kind in GRID_KINDS:
        return shifted(period, -12 // MONTHS_IN[period.kind])
    if period.kind is PeriodKind.CYCLE:
        return previous(period)
    if _is_whole_months(period):
        return _moved_by_months(period, -12)
    return day_range(months_back(period.start, 12), months_back(period.end, 12))


def run_of(first: Period, last: Period) -> tuple[Period, ...]:
    """The consecutive periods of one kind from ``first`` to ``last``, both included."""
    if first.kind is not last.kind or first.kind not in MONTHS_IN or last < first:
        raise InputRefused(
            "period-run",
            f"从“{first.label}”到“{last.label}”排不成连续的期间，请选同一种期间并由前到后。",
        )
    found = [first]
    while found[-1] < last:
        found.append(following(found[-1]))
    return tuple(found)


def months_of(period: Period, *, partial: bool = False) -> tuple[Period, ...]:
    """The calendar months wholly inside the period, in order; with ``partial`` also cut ones."""
    return _grid_inside(period, PeriodKind.MONTH, partial=partial)


def quarters_of(period: Period, *, partial: bool = False) -> tuple[Period, ...]:
    """The calendar quarters wholly inside the period; with ``partial`` also cut ones."""
    return _grid_inside(period, PeriodKind.QUARTER, partial=partial)


def year_of(period: Period) -> Period:
    """The calendar year a period counts for: the year in which it ends."""
    return year(period.end.year)


def _grid_inside(period: Period, kind: PeriodKind, *, partial: bool) -> tuple[Period, ...]:
    touched = run_of(period_of(kind, period.start), period_of(kind, period.end))
    return touched if partial else tuple(one for one in touched if period.covers(one))


def _is_whole_months(period: Period) -> bool:
    return period.start.day == 1 and is_month_end(period.end)


def _months_between(period: Period) -> int:
    return (period.end.year - period.start.year) * 12 + period.end.month - period.start.month + 1


def _moved_by_months(period: Period, months: int) -> Period:
    start = add_months(period.start, months)
    return day_range(start, add_months(start, _months_between(period)) - ONE_DAY)


# -- reading ----------------------------------------------------------------------------

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_FORMS: tuple[tuple[re.Pattern[str], Callable[[int, str], Period]], ...] = (
    (re.compile(r"(\d{4})(?:年度?)?()"), lambda y, _: year(y)),
    (re.compile(r"(\d{4})-(\d{2})"), lambda y, n: month(y, int(n))),
    (re.compile(r"(\d{4})年(\d{1,2})月"), lambda y, n: month(y, int(n))),
    (re.compile(r"(\d{4})Q(\d)"), lambda y, n: quarter(y, int(n))),
    (re.compile(r"(\d{4})年第?([一二三四])季度"), lambda y, n: quarter(y, QUARTER_DIGITS.index(n))),
    (re.compile(r"(\d{4})年第?(\d)季度"), lambda y, n: quarter(y, int(n))),
    (re.compile(r"(\d{4})H(\d)"), lambda y, n: half(y, int(n))),
    (re.compile(r"(\d{4})年([上下])半年"), lambda y, n: half(y, HALVES.index(n) + 1)),
)
_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:\.\.|至)(\d{4}-\d{2}-\d{2})")


def parse_period(text: str) -> Period:
    """Read 2025-07, 2025Q3, 2025H2, 2025, or 2025-10-01..2025-12-31.

    The Chinese labels (2025年7月, 2025年第三季度, 2025年上半年, 2025年) are read as well, and so
    are full-width digits. Raises InputRefused with a Chinese sentence for everything else.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    try:
        return _read(plain)
    except ValueError:
        raise InputRefused(
            "period-unreadable",
            f"期间“{text.strip()[:40]}”认不出来，请写成2025-07（月）、2025Q3（季度）、2025H2（半年）、"
            "2025（年）或2025-10-01..2025-12-31（起止日）。",
            typed=text,
        ) from None


def _read(plain: str) -> Period:
    found = _RANGE.fullmatch(plain)
    if found:
        start, end = (date.fromisoformat(part) for part in found.groups())
        _check_year(start.year)
        _check_year(end.year)
        return day_range(start, end)
    for form, make in _FORMS:
        found = form.fullmatch(plain)
        if found:
            _check_year(int(found[1]))
            return make(int(found[1]), found[2])
    raise ValueError(plain)


def _check_year(number: int) -> None:
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise InputRefused(
            "period-year",
            f"年份{number}不在{_FIRST_YEAR}至{_LAST_YEAR}之间，请核对期间。",
            year=number,
        )
