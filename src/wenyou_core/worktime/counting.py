"""Counting a limit out: along the clock, along working hours, or day by day.

Each counter walks forward from the start and says what it counted and what it left out. A
pause without an end blocks it when the walk reaches the pause.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.hours import LONGEST_SEARCH_DAYS, WorkHours
from wenyou_core.worktime.limits import (
    CLOCK_UNITS,
    DATED_UNITS,
    TIME_UNITS,
    WORKING_TIME_UNITS,
    CountFrom,
    DayEnd,
    Shift,
    TimeLimit,
    Unit,
    amount_text,
)
from wenyou_core.worktime.months import ONE_DAY, add_months
from wenyou_core.worktime.pauses import Stop, running_parts, running_time, stop_at
from wenyou_core.worktime.steps import DayRuns, Step, StepKind
from wenyou_core.worktime.texts import (
    at,
    clock_text,
    day_text,
    end_of_day,
    hours_text,
    length_text,
    moment_text,
    span_text,
)

ONE_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every counter needs beside the limit."""

    calendar: Calendar | None
    hours: WorkHours | None
    stops: tuple[Stop, ...]

    def the_calendar(self) -> Calendar:
        """The calendar; InputRefused when none was given."""
        if self.calendar is None:
            raise InputRefused(
                "limit-needs-calendar", "这个时限按工作日计算，请先选定工作日历的版本。"
            )
        return self.calendar

    def the_hours(self) -> WorkHours:
        """The working hours; InputRefused when none were given."""
        if self.hours is None:
            raise InputRefused(
                "limit-needs-hours", "这个时限与工作时间有关，请先登记该机构的工作时间。"
            )
        return self.hours

    def cutoff(self, limit: TimeLimit, day: date) -> datetime:
        """When ``day`` ends for this limit; midnight on a day the unit does not open."""
        if not isinstance(limit.end, DayEnd):
            return at(day, limit.end)
        if limit.end is DayEnd.CLOSING:
            return self.the_hours().closing(day, self.calendar) or end_of_day(day)
        return end_of_day(day)


@dataclass(frozen=True, slots=True)
class Counted:
    """Where a count ended."""

    end: datetime
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Blocked:
    """Which endless pause a count met, and what was left then, in Chinese."""

    stop: Stop
    left: str
    steps: tuple[Step, ...]


def count_clock(start: datetime, amount: timedelta, frame: Frame) -> Counted | Blocked:
    """``amount`` of running time after ``start``, nights and holidays included."""
    position, left = start, amount
    steps: list[Step] = []
    for stop in frame.stops:
        if stop.end is not None and stop.end <= position:
            continue
        run = max(stop.start - position, timedelta())
        if left <= run:
            break
        left -= run
        if stop.end is None:
            return Blocked(stop, length_text(left), tuple(steps))
        away = stop.end - max(stop.start, position)
        steps.append(Step(StepKind.PAUSED, f"暂停{stop.text()}，{length_text(away)}不计。"))
        position = stop.end
    return Counted(position + left, tuple(steps))


def count_working_time(start: datetime, amount: timedelta, frame: Frame) -> Counted | Blocked:
    """``amount`` of running working time after ``start``; closing time can be the end."""
    hours, left, day = frame.the_hours(), amount, start.date()
    told = _ToldHours(frame.stops)
    for _ in range(LONGEST_SEARCH_DAYS):
        intervals = list(hours.intervals(day, frame.calendar))
        for since, to in intervals:
            position = max(since, start)
            for begin, finish in running_parts(frame.stops, position, to):
                told.pauses(position, begin)
                position = min(begin + left, finish)
                left -= position - begin
                told.worked(begin, position)
                if not left:
                    return Counted(position, told.steps())
            told.pauses(position, to)
        stop = stop_at(frame.stops, end_of_day(day))
        if stop is not None and stop.end is None:
            return Blocked(stop, f"{hours_text(left // ONE_MINUTE)}工作时间", told.steps())
        if not intervals:
            told.closed(day, hours.why_closed(day, frame.calendar))
        day += ONE_DAY
    raise _unreachable()


class _ToldHours:
    """Working time told stretch by stretch; closed days joined, each pause told once."""

    def __init__(self, stops: tuple[Stop, ...]) -> None:
        self._stops = stops
        self._told: set[Stop] = set()
        self._steps: list[Step] = []
        self._closed: list[date] = []
        self._why = ""

    def worked(self, begin: datetime, finish: datetime) -> None:
        minutes = hours_text((finish - begin) // ONE_MINUTE)
        span = f"{day_text(begin.date())}{clock_text(begin)}至{clock_text(finish)}"
        self._say(StepKind.COUNTED, f"{span}计{minutes}。")

    def closed(self, day: date, why: str) -> None:
        if why != self._why:
            self._flush()
        self._closed.append(day)
        self._why = why

    def pauses(self, since: datetime, to: datetime) -> None:
        """Tell the finished pauses that lie in a stretch of working time."""
        for stop in self._stops:
            if stop.end is None or stop in self._told:
                continue
            if stop.start < to and since < stop.end:
                self._told.add(stop)
                self._say(StepKind.PAUSED, f"暂停{stop.text()}，其间不计。")

    def steps(self) -> tuple[Step, ...]:
        self._flush()
        return tuple(self._steps)

    def _say(self, kind: StepKind, text: str) -> None:
        self._flush()
        self._steps.append(Step(kind, text))

    def _flush(self) -> None:
        if self._closed:
            days = span_text(self._closed[0], self._closed[-1])
            self._steps.append(Step(StepKind.SKIPPED, f"{days}{self._why}，不计。"))
        self._closed = []


def _unreachable() -> InputRefused:
    return InputRefused(
        "limit-unreachable", "按这些暂停、日历和工作时间，时限十年内都数不满，请核对。"
    )


def count_days(limit: TimeLimit, start: datetime, frame: Frame) -> Counted | Blocked:
    """The end of the last of the days that count, moved by the limit's shift.

    A day counts when it is of the limit's kind, ends after the start, and the clock runs at
    its end: so a pause takes out the days it covers at their end, and never a day twice.
    """
    calendar = _counted_by(limit, frame)
    measured = Unit.WORKING_DAYS if calendar else Unit.CALENDAR_DAYS
    left = _in_days(limit, start.date())
    day = start.date() + (ONE_DAY if _from_next_day(limit) else timedelta())
    runs = DayRuns("个工作日" if calendar else "日")
    for _ in range(LONGEST_SEARCH_DAYS + 2 * left):
        end = frame.cutoff(limit, day)
        stop = stop_at(frame.stops, end)
        if stop is not None and stop.end is None:
            return Blocked(stop, amount_text(measured, left), runs.steps())
        why = _why_not(day, end, start=start, stop=stop, calendar=calendar)
        if why:
            runs.skipped(day, why)
        else:
            left -= 1
            runs.counted(day, _makeup_note(day, calendar))
            if not left:
                return _shifted(limit, day, start, frame, runs.steps())
        day += ONE_DAY
    raise _unreachable()


def _in_days(limit: TimeLimit, first: date) -> int:
    if limit.unit is Unit.SAME_DAY:
        return 1
    if limit.unit is Unit.MONTHS:
        return (add_months(first, limit.amount) - first).days
    return limit.amount


def _from_next_day(limit: TimeLimit) -> bool:
    return limit.unit is not Unit.SAME_DAY and limit.count_from is CountFrom.NEXT_DAY


def _counted_by(limit: TimeLimit, frame: Frame) -> Calendar | None:
    return frame.the_calendar() if limit.unit is Unit.WORKING_DAYS else None


def _why_not(
    day: date, end: datetime, *, start: datetime, stop: Stop | None, calendar: Calendar | None
) -> str:
    if calendar is not None and not calendar.is_workday(day):
        row = calendar.row(day)
        return f"{row.name}放假" if row else "为每周休息日"
    if end <= start:
        return "截止时间已过"
    return f"暂停（{stop.label}）" if stop is not None else ""


def _makeup_note(day: date, calendar: Calendar | None) -> str:
    row = calendar.row(day) if calendar else None
    return f"{row.name}调休上班" if row else ""


def _shifted(
    limit: TimeLimit, day: date, start: datetime, frame: Frame, steps: tuple[Step, ...]
) -> Counted | Blocked:
    if limit.shift is Shift.NONE or frame.the_calendar().is_workday(day):
        return Counted(frame.cutoff(limit, day), steps)
    calendar = frame.the_calendar()
    moved = _neighbor(limit.shift, day, calendar)
    if frame.cutoff(limit, moved) <= start:
        # The workday before ended before the event itself: only the one after is left.
        moved = calendar.next_workday(day)
    paused = ""
    while (stop := stop_at(frame.stops, frame.cutoff(limit, moved))) is not None:
        if stop.end is None:
            return Blocked(stop, amount_text(Unit.CALENDAR_DAYS, 1), steps)
        paused = f"其间暂停（{stop.label}），"
        moved = calendar.next_workday(moved + ONE_DAY)
    step = _shift_step(day, moved, calendar, paused)
    return Counted(frame.cutoff(limit, moved), (*steps, step))


def _neighbor(shift: Shift, day: date, calendar: Calendar) -> date:
    next_one = shift is Shift.NEXT
    return calendar.next_workday(day) if next_one else calendar.previous_workday(day)


def _shift_step(day: date, moved: date, calendar: Calendar, paused: str = "") -> Step:
    how = "顺延" if moved > day else "提前"
    note = _makeup_note(moved, calendar)
    return Step(
        StepKind.SHIFT,
        f"{day_text(day)}{calendar.reason(day)}，{paused}{how}至工作日{day_text(moved)}"
        f"{f'（{note}）' if note else ''}。",
    )


def dated(limit: TimeLimit, start: date, frame: Frame) -> Counted:
    """A limit that names a date: n-th of a month, a fixed date, days before an event.

    Pauses do not move it, which is said when there are any.
    """
    day = _named_day(limit, start, frame)
    steps: list[Step] = []
    if limit.shift is not Shift.NONE and not frame.the_calendar().is_workday(day):
        moved = _neighbor(limit.shift, day, frame.the_calendar())
        steps.append(_shift_step(day, moved, frame.the_calendar()))
        day = moved
    if frame.stops:
        steps.append(Step(StepKind.PAUSED, "这个时限写明了日期，暂停不使它顺延。"))
    return Counted(frame.cutoff(limit, day), tuple(steps))


def _named_day(limit: TimeLimit, start: date, frame: Frame) -> date:
    if limit.on is not None and limit.unit is Unit.DATE:
        return limit.on
    if limit.unit is Unit.DAYS_BEFORE:
        return start - timedelta(days=limit.amount)
    if limit.unit is Unit.WORKING_DAYS_BEFORE:
        return frame.the_calendar().add_working_days(start, -limit.amount)
    first = add_months(start.replace(day=1), limit.month_offset)
    if limit.unit is Unit.WORKDAY_OF_MONTH:
        return frame.the_calendar().nth_workday_of_month(first.year, first.month, limit.amount)
    return min(first + timedelta(days=limit.amount - 1), add_months(first, 1) - ONE_DAY)


def allowed(limit: TimeLimit, start: datetime) -> int:
    """The whole limit in the measure of ``consumed``: minutes, days, or 0 for a named date."""
    if limit.unit in (Unit.HOURS, Unit.WORKING_HOURS):
        return limit.amount * 60
    if limit.unit in DATED_UNITS:
        return 0
    return limit.amount if limit.unit in TIME_UNITS else _in_days(limit, start.date())


def consumed(limit: TimeLimit, start: datetime, now: datetime, frame: Frame) -> int:
    """How much of the limit has run by ``now``: minutes for time units, else days.

    Days are those that count and have ended. 0 for limits that name a date.
    """
    if limit.unit in CLOCK_UNITS:
        return running_time(frame.stops, start, now) // ONE_MINUTE
    if limit.unit in WORKING_TIME_UNITS:
        worked = (
            frame.the_hours().worked_between(since, to, frame.calendar)
            for since, to in running_parts(frame.stops, start, now)
        )
        return sum(worked, timedelta()) // ONE_MINUTE
    return 0 if limit.unit in DATED_UNITS else _days_run(limit, start, now, frame)


def _days_run(limit: TimeLimit, start: datetime, now: datetime, frame: Frame) -> int:
    calendar = _counted_by(limit, frame)
    day = start.date() + (ONE_DAY if _from_next_day(limit) else timedelta())
    found = 0
    while (end := frame.cutoff(limit, day)) <= now:
        stop = stop_at(frame.stops, end)
        found += not _why_not(day, end, start=start, stop=stop, calendar=calendar)
        day += ONE_DAY
    return found


def due_text(due: datetime) -> str:
    """The last line of an explanation."""
    return f"到期：{moment_text(due)}。"
