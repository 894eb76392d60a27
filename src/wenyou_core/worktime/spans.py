"""The period type and its makers; callers import it from ``periods``.

A period is a pair of dates, both inclusive. Moving by months follows SQL: the day of the
month is kept, and clamped to the last day where the target month is shorter, exactly as
``day - INTERVAL 12 MONTH`` does in DuckDB and PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import total_ordering

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.months import (
    ONE_DAY,
    add_months,
    last_of_month,
    months_back,
)

QUARTER_DIGITS = "〇一二三四"
HALVES = ("上", "下")


class PeriodKind(StrEnum):
    """What sort of period it is; the first four lie on the calendar's grid."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CAMPAIGN = "campaign"
    CYCLE = "cycle"
    DAYS = "days"


MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
    PeriodKind.CYCLE: 12,
}


@total_ordering
@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both inclusive, with a Chinese label.

    Periods sort by start, then end, so a list of months or quarters sorts in time.
    ``anchor`` is set for a personal cycle only: the day its first cycle began.
    Raises InputRefused when the end is before the start, or when a month, quarter, half
    or year does not lie on the calendar's grid.
    """

    kind: PeriodKind
    start: date
    end: date
    label: str
    anchor: date | None = None

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise InputRefused(
                "period-reversed",
                f"期间的止日{self.end}早于起日{self.start}，请把两个日期对调。",
                start=self.start,
                end=self.end,
            )
        if self.kind in GRID_KINDS and (self.start, self.end) != _bounds(self.kind, self.start):
            raise InputRefused(
                "period-off-grid",
                f"{self.start}至{self.end}不是一个完整的自然期间，"
                "请写成“起日..止日”，例如“2025-10-01..2025-12-31”。",
                start=self.start,
                end=self.end,
            )

    def __lt__(self, other: Period) -> bool:
        return self._order() < other._order()

    def _order(self) -> tuple[date, date, str, str]:
        return (self.start, self.end, self.kind.value, self.label)

    @property
    def code(self) -> str:
        """Canonical text: 2025-07, 2025Q3, 2025H2, 2025, or ``start..end``.

        ``parse_period(p.code)`` has the same dates as ``p`` for every kind.
        """
        start = self.start
        if self.kind is PeriodKind.MONTH:
            return f"{start.year:04d}-{start.month:02d}"
        if self.kind is PeriodKind.QUARTER:
            return f"{start.year:04d}Q{(start.month + 2) // 3}"
        if self.kind is PeriodKind.HALF:
            return f"{start.year:04d}H{(start.month + 5) // 6}"
        if self.kind is PeriodKind.YEAR:
            return f"{start.year:04d}"
        return f"{self.start}..{self.end}"

    @property
    def days(self) -> int:
        """Number of calendar days, at least 1."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        return self.contains(day)

    def __iter__(self) -> Iterator[date]:
        for offset in range(self.days):
            yield self.start + timedelta(days=offset)

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period, first and last day included."""
        return self.start <= day <= self.end

    def covers(self, other: Period) -> bool:
        """Whether every day of ``other`` lies in this period."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        """Whether the two periods share at least one day."""
        return self.start <= other.end and other.start <= self.end


# -- making periods ---------------------------------------------------------------------


def month(year: int, number: int) -> Period:
    """A calendar month; ``number`` is 1 to 12."""
    return _grid(PeriodKind.MONTH, year, number)


def quarter(year: int, number: int) -> Period:
    """A calendar quarter; ``number`` is 1 to 4."""
    return _grid(PeriodKind.QUARTER, year, number)


def half(year: int, number: int) -> Period:
    """A half of a calendar year; ``number`` is 1 or 2."""
    return _grid(PeriodKind.HALF, year, number)


def year(number: int) -> Period:
    """A calendar year."""
    return _grid(PeriodKind.YEAR, number, 1)


def campaign(label: str, start: date, end: date) -> Period:
    """A named campaign with any dates; its label is its name."""
    return Period(PeriodKind.CAMPAIGN, start, end, label)


def day_range(start: date, end: date, label: str = "") -> Period:
    """Any days from ``start`` to ``end``; labelled by its dates when no label is given."""
    return Period(PeriodKind.DAYS, start, end, label or _dates_label(start, end))


def rolling_window(day: date, months: int) -> Period:
    """The days from ``months_back(day, months)`` to ``day``, both inclusive.

    The day with the same number belongs to it: a year from 1 July ends with the next
    1 July, as a period of the civil code does (the first day is not counted).
    """
    return day_range(months_back(day, months), day)


def cycle_of(anchor: date, day: date) -> Period:
    """The personal yearly cycle that ``day`` falls in, for cycles beginning at ``anchor``.

    Cycles are counted from the anchor, never chained, so one that began on 29 February
    begins on 28 February in common years and on the 29th again in leap years. Days before
    the anchor fall in cycles counted backwards.
    """
    number = day.year - anchor.year
    if day < add_months(anchor, 12 * number):
        number -= 1
    return numbered_cycle(anchor, number)


def period_of(kind: PeriodKind, day: date) -> Period:
    """The month, quarter, half or year that ``day`` falls in.

    Raises InputRefused for the other kinds, which the calendar alone does not fix.
    """
    if kind not in GRID_KINDS:
        raise InputRefused("period-kind", "只有月、季度、半年、年可以由日期确定。", kind=kind)
    return _grid(kind, day.year, (day.month - 1) // MONTHS_IN[kind] + 1)


def _grid(kind: PeriodKind, of_year: int, number: int) -> Period:
    months = MONTHS_IN[kind]
    if not 1 <= number <= 12 // months:
        raise InputRefused(
            "period-number",
            f"一年里没有第{number}个{_KIND_NAMES[kind]}，应为1至{12 // months}。",
            number=number,
        )
    start, end = _bounds(kind, date(of_year, (number - 1) * months + 1, 1))
    return Period(kind, start, end, _LABELS[kind](of_year, number))


def _bounds(kind: PeriodKind, day: date) -> tuple[date, date]:
    months = MONTHS_IN[kind]
    first = (day.month - 1) // months * months + 1
    return date(day.year, first, 1), last_of_month(day.year, first + months - 1)


def numbered_cycle(anchor: date, number: int) -> Period:
    """The yearly cycle with this number; 0 is the one that begins at the anchor."""
    start = add_months(anchor, 12 * number)
    end = add_months(anchor, 12 * (number + 1)) - ONE_DAY
    return Period(PeriodKind.CYCLE, start, end, _dates_label(start, end), anchor)


def _dates_label(start: date, end: date) -> str:
    return f"{_chinese_day(start)}至{_chinese_day(end)}" if start != end else _chinese_day(start)


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


GRID_KINDS = frozenset({PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR})
_KIND_NAMES = {
    PeriodKind.MONTH: "月",
    PeriodKind.QUARTER: "季度",
    PeriodKind.HALF: "半年",
    PeriodKind.YEAR: "年度",
}
_LABELS: dict[PeriodKind, Callable[[int, int], str]] = {
    PeriodKind.MONTH: lambda of_year, number: f"{of_year}年{number}月",
    PeriodKind.QUARTER: lambda of_year, number: f"{of_year}年第{QUARTER_DIGITS[number]}季度",
    PeriodKind.HALF: lambda of_year, number: f"{of_year}年{HALVES[number - 1]}半年",
    PeriodKind.YEAR: lambda of_year, number: f"{of_year}年",
}
