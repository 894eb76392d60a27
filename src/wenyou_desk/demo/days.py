"""The two years of a demo bank, day by day: what is worked, and when customers complain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random

import wenyou_core.worktime
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.calendar_data import read_calendar
from wenyou_core.worktime.months import ONE_DAY, months_back
from wenyou_core.worktime.periods import (
    Period,
    PeriodKind,
    day_range,
    months_of,
    period_of,
    previous,
    quarters_of,
)
from wenyou_core.worktime.texts import BEIJING
from wenyou_desk.demo.chance import Weighted

MONTHS = 24
_CALENDAR = Path("data/cn_holidays.yaml")
_SATURDAY = 6
_BY_WEEKDAY = {1: 14, 2: 11, 3: 10, 4: 10, 5: 12, 6: 6, 7: 4}
_HOLIDAY, _AFTER_REST, _PENSION_DAY = 3, 6, 5
_LONG_REST = 3
_PENSIONS_ARE_PAID = 15


class Days:
    """The history of a bank that is looked at on ``as_of``.

    It is two years long and ends on that day; ``period`` is the last quarter that was over by
    then.
    """

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.start = months_back(as_of, MONTHS) + ONE_DAY
        self.period = previous(period_of(PeriodKind.QUARTER, as_of))
        self.first, self.last = self.period.start, self.period.end
        self.history = day_range(self.start, as_of)
        self.months = months_of(self.history, partial=True)
        self.quarters = quarters_of(self.history, partial=True)
        self._workdays = {month.start: _workdays(month) for month in self.months}
        self._complaints = {month.start: _complaint_days(month) for month in self.months}

    def __contains__(self, day: date) -> bool:
        return self.start <= day <= self.as_of

    def workday_in(self, month: Period, random: Random) -> date:
        """Some workday of a month, which may lie before or after the history."""
        return random.choice(self._workdays[month.start])

    def complaint_day_in(self, month: Period, random: Random) -> date:
        """Some day of a month, as customers are wont to complain."""
        return self._complaints[month.start].draw(random)

    def in_period(self, offset: int) -> date:
        """The first workday that many days after the period's first day, or later."""
        return self.workday_from(self.first + timedelta(days=offset))

    def workday_from(self, day: date) -> date:
        """The day, or the next that is worked."""
        while not is_workday(day):
            day += ONE_DAY
        return day

    def ends_of_quarters(self) -> Iterator[date]:
        """The last days of the quarters that end in the history."""
        return (quarter.end for quarter in self.quarters if quarter.end in self)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in Beijing."""
    return datetime.combine(day, time(hour, minute), BEIJING)


def is_workday(day: date) -> bool:
    """Whether banks' offices work that day; Monday to Friday where no year is announced."""
    calendar = _calendar()
    if calendar.row(day) is None and not calendar.announced(day.year):
        return day.isoweekday() < _SATURDAY
    return calendar.is_workday(day)


@cache
def _calendar() -> Calendar:
    path = Path(wenyou_core.worktime.__file__).parent / _CALENDAR
    return read_calendar(path.read_text(encoding="utf-8"), path.name)


def _workdays(month: Period) -> tuple[date, ...]:
    return tuple(day for day in month if is_workday(day))


def _complaint_days(month: Period) -> Weighted[date]:
    """Mondays and the day after a long rest are the worst, holidays are quiet."""
    weighted = []
    rest = 0
    for day in day_range(month.start - timedelta(days=_LONG_REST), month.end):
        worked = is_workday(day)
        weight = _BY_WEEKDAY[day.isoweekday()] if worked or day.isoweekday() > 5 else _HOLIDAY
        if worked and rest >= _LONG_REST:
            weight += _AFTER_REST
        if day.day == _PENSIONS_ARE_PAID:
            weight += _PENSION_DAY
        rest = 0 if worked else rest + 1
        if day >= month.start:
            weighted.append((day, weight))
    return Weighted(weighted)
