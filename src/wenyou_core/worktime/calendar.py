"""Working days: statutory holidays and make-up workdays as rows, by year and version.

A calendar is data with a version name. A year whose arrangement is not announced is a state:
whatever needs one of its days gets ``YearNotAnnounced`` and never a guess.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from wenyou_core.errors import Fault, FaultsError, InputRefused, Place, WenyouError
from wenyou_core.worktime.months import ONE_DAY, last_of_month
from wenyou_core.worktime.periods import Period, day_range
from wenyou_core.worktime.texts import day_text, weekday_text


class DayKind(StrEnum):
    """What a row of a calendar makes of its day."""

    HOLIDAY = "holiday"
    MAKEUP = "makeup"


class YearNotAnnounced(WenyouError):
    """A working day was asked of a year whose arrangement is not announced."""

    def __init__(self, year: int, version: str) -> None:
        super().__init__(
            "calendar-year-not-announced",
            f"{year}年的节假日安排未公布（日历版本{version}），不能推算工作日；"
            "请在国务院办公厅的通知发布后录入该年日历，再重新计算。",
            year=year,
            version=version,
        )
        self.year = year
        self.version = version


class CalendarError(FaultsError):
    """A calendar does not load; every fault is named with its line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        super().__init__("calendar", faults)


@dataclass(frozen=True, slots=True, order=True)
class DayRow:
    """One day that differs from the weekly pattern, and the holiday it belongs to."""

    day: date
    kind: DayKind
    name: str


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The arrangement of one year: its rows and the notice they come from."""

    year: int
    rows: tuple[DayRow, ...] = ()
    notice: str = ""
    issued_on: date | None = None
    announced: bool = True


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, for the years that are announced.

    ``rest_weekdays`` are ISO numbers (Saturday 6, Sunday 7). Raises CalendarError with every
    fault when the years contradict themselves.
    """

    version: str
    years: tuple[CalendarYear, ...]
    rest_weekdays: frozenset[int]
    title: str = ""
    _rows: dict[date, DayRow] = field(init=False, repr=False, compare=False)
    _known: dict[int, tuple[int, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        faults = list(faults_of(self.years, self.rest_weekdays))
        if faults:
            raise CalendarError(faults)
        rows = {row.day: row for one in self.years for row in one.rows}
        object.__setattr__(self, "_rows", rows)
        known = {one.year: self._workdays_of(one.year) for one in self.years if one.announced}
        object.__setattr__(self, "_known", known)

    # -- single days --------------------------------------------------------------------

    def announced(self, year: int) -> bool:
        """Whether the working days of the year are known."""
        return year in self._known

    def row(self, day: date) -> DayRow | None:
        """The row that makes the day a holiday or a make-up workday, if there is one."""
        return self._rows.get(day)

    def is_workday(self, day: date) -> bool:
        """Whether people work on the day. Raises YearNotAnnounced."""
        row = self._rows.get(day)
        if row is not None:
            return row.kind is DayKind.MAKEUP
        if day.year not in self._known:
            raise YearNotAnnounced(day.year, self.version)
        return day.isoweekday() not in self.rest_weekdays

    def reason(self, day: date) -> str:
        """Why the day is worked or not: 国庆节放假, 国庆节调休上班, 周六休息, or nothing."""
        row = self._rows.get(day)
        if row is not None:
            return f"{row.name}{'放假' if row.kind is DayKind.HOLIDAY else '调休上班'}"
        return f"{weekday_text(day)}休息" if day.isoweekday() in self.rest_weekdays else ""

    # -- counting -----------------------------------------------------------------------

    def next_workday(self, day: date) -> date:
        """The day itself when it is worked, else the first workday after it."""
        while not self.is_workday(day):
            day += ONE_DAY
        return day

    def previous_workday(self, day: date) -> date:
        """The day itself when it is worked, else the last workday before it."""
        while not self.is_workday(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: date, amount: int) -> date:
        """The ``amount``-th workday after the day (negative: before it); 0 is the day itself.

        The day itself is never counted, worked or not. Raises YearNotAnnounced.
        """
        step, left = (ONE_DAY, amount) if amount > 0 else (-ONE_DAY, -amount)
        while left:
            day += step
            if self.is_workday(day):
                left -= 1
        return day

    def working_days_in(self, period: Period) -> int:
        """How many workdays the period has, first and last day included."""
        first, last = period.start, period.end
        for row_year in range(first.year, last.year + 1):
            if row_year not in self._known:
                raise YearNotAnnounced(row_year, self.version)
        days = [
            ordinal for year in range(first.year, last.year + 1) for ordinal in self._known[year]
        ]
        return bisect_right(days, last.toordinal()) - bisect_left(days, first.toordinal())

    def working_days_after(self, day: date, until: date) -> int:
        """Workdays later than ``day`` up to and including ``until``; 0 when there are none."""
        if until <= day:
            return 0
        return self.working_days_in(day_range(day + ONE_DAY, until))

    def nth_workday_of_month(self, year: int, month: int, number: int) -> date:
        """The number-th workday of a month. Raises InputRefused when it has fewer."""
        found = self.add_working_days(date(year, month, 1) - ONE_DAY, number)
        if found > last_of_month(year, month):
            raise InputRefused(
                "calendar-month-too-short",
                f"{year}年{month}月没有第{number}个工作日，请改小这个数。",
                number=number,
            )
        return found

    # -- versions -----------------------------------------------------------------------

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits over what decides working days, equal for equal content."""
        parts = [",".join(map(str, sorted(self.rest_weekdays)))]
        for one in sorted(self.years, key=lambda y: y.year):
            parts.append(f"{one.year} {one.announced}")
            parts.extend(f"{row.day} {row.kind.value} {row.name}" for row in sorted(one.rows))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]

    def replaced(self, year: CalendarYear, *, version: str) -> Calendar:
        """A new version in which one year is entered or replaced; this one stays as it is."""
        if version == self.version:
            raise InputRefused(
                "calendar-version-same",
                f"日历改动后必须使用新的版本号，“{version}”已经用过。",
                version=version,
            )
        kept = [one for one in self.years if one.year != year.year]
        years = tuple(sorted([*kept, year], key=lambda y: y.year))
        return Calendar(version, years, self.rest_weekdays, self.title)

    def _workdays_of(self, year: int) -> tuple[int, ...]:
        days = day_range(date(year, 1, 1), date(year, 12, 31))
        return tuple(day.toordinal() for day in days if self._is_worked(day))

    def _is_worked(self, day: date) -> bool:
        row = self._rows.get(day)
        if row is not None:
            return row.kind is DayKind.MAKEUP
        return day.isoweekday() not in self.rest_weekdays


def changed_days(old: Calendar, new: Calendar) -> tuple[date, ...]:
    """The days whose standing differs between two versions, in order.

    A day of a year that only one of them has announced counts as changed: deadlines that
    touch these days are the ones to compute again.
    """
    years = {one.year for calendar in (old, new) for one in calendar.years}
    return tuple(
        day
        for year in sorted(years)
        for day in day_range(date(year, 1, 1), date(year, 12, 31))
        if _standing(old, day) != _standing(new, day)
    )


def _standing(calendar: Calendar, day: date) -> bool | None:
    if calendar.row(day) is None and not calendar.announced(day.year):
        return None
    return calendar.is_workday(day)


def faults_of(years: Iterable[CalendarYear], rest_weekdays: frozenset[int]) -> Iterator[Fault]:
    """Everything that contradicts itself in the years, as sentences for the person who typed."""
    if not rest_weekdays <= set(range(1, 7 + 1)) or len(rest_weekdays) == 7:
        text = "每周休息日须写1至7的数字（周一为1），且不能七天都休息，请核对。"
        yield _fault("calendar-rest-weekdays", text)
    seen_years: set[int] = set()
    seen_days: set[date] = set()
    for one in years:
        if one.year in seen_years:
            yield _fault("calendar-year-twice", f"{one.year}年出现了两次，请只留一份。")
        seen_years.add(one.year)
        yield from _year_faults(one)
        for row in one.rows:
            yield from _row_faults(row, one.year, rest_weekdays)
            if row.day in seen_days:
                text = f"{day_text(row.day)}写了两次，请只留一条。"
                yield _fault("calendar-day-twice", text)
            seen_days.add(row.day)


def _year_faults(one: CalendarYear) -> Iterator[Fault]:
    if one.announced and not one.notice:
        text = f"{one.year}年标为已公布，却没有写通知文号，请补上（例如国办发明电〔2025〕7号）。"
        yield _fault("calendar-no-notice", text)
    if one.announced and not one.rows:
        yield _fault("calendar-no-rows", f"{one.year}年标为已公布，却没有任何放假日期，请补上。")
    if not one.announced and one.rows:
        text = f"{one.year}年标为未公布，却写了日期；请改为已公布并写上文号，或删去日期。"
        yield _fault("calendar-rows-early", text)


def _row_faults(row: DayRow, year: int, rest_weekdays: frozenset[int]) -> Iterator[Fault]:
    # The notice for a year may reach back into the last days of the year before.
    if row.day.year != year and (row.day.year, row.day.month) != (year - 1, 12):
        yield _fault("calendar-day-off-year", f"{day_text(row.day)}不属于{year}年，请核对年份。")
    if not row.name.strip():
        yield _fault("calendar-no-name", f"{day_text(row.day)}没有写节日名称，请补上。")
    if row.kind is DayKind.MAKEUP and row.day.isoweekday() not in rest_weekdays:
        text = f"{day_text(row.day)}本来就上班，不能作为调休上班日，请核对日期。"
        yield _fault("calendar-makeup-on-workday", text)


def _fault(code: str, text: str) -> Fault:
    return Fault(Place(), code, text)
