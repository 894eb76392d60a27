"""A slow second opinion: the clock ticked forward minute by minute.

It shares nothing with the engine but the plain data (rows, segments, pauses): no function of
``wenyou_core.worktime`` decides anything here. Moments are whole minutes since 2000-01-01 in
Beijing; the minute ``t`` is the stretch from ``t`` to ``t + 1``.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from wenyou_core.worktime.texts import BEIJING

EPOCH = datetime(2000, 1, 1, tzinfo=BEIJING)
EPOCH_DAY = date(2000, 1, 1)
DAY = 24 * 60
PAUSED = "paused"
WINDOW = 120 * DAY  # every pause of a case that ends, ends within it
HORIZON = 300 * DAY


def open_minutes(segments: dict[int, tuple[tuple[int, int], ...]]) -> bytearray:
    """The segments of all days as one long row of minutes since the epoch."""
    row = bytearray((max(segments) + 1) * DAY)
    for day, parts in segments.items():
        for start, end in parts:
            row[day * DAY + start : day * DAY + end] = bytearray([1]) * (end - start)
    return row


@dataclass(frozen=True)
class World:
    """What the oracle knows: minutes of pauses, kinds of days, segments of days."""

    off: frozenset[int]  # days since the epoch that are not worked
    segments: dict[int, tuple[tuple[int, int], ...]]  # by day; other days are closed
    open_minutes: bytearray  # a one for each minute that the unit works
    pauses: tuple[tuple[int, int | None], ...]

    def stand_still(self, start: int) -> bytearray:
        """Minute by minute from ``start``: 0 runs, 1 stands, 2 stands for good."""
        still = bytearray(WINDOW)
        for mark, ends in ((b"\1", True), (b"\2", False)):  # what is for good goes over the rest
            for begin, end in self.pauses:
                if (end is not None) is ends:
                    first = min(max(begin - start, 0), WINDOW)
                    last = WINDOW if end is None else min(max(end - start, first), WINDOW)
                    still[first:last] = mark * (last - first)
        return still + bytearray([still[-1]]) * (HORIZON - WINDOW)

    def worked(self, day: int) -> bool:
        """Whether the day is a workday."""
        return day not in self.off


@dataclass(frozen=True)
class Question:
    """One limit, in plain words and numbers."""

    unit: str
    amount: int
    start: int
    next_day: bool = True
    end: str = "24:00"  # or closing, or a minute of the day as a number
    shift: str = "none"
    from_opening: bool = False
    month_offset: int = 1
    extensions: tuple[tuple[str, int, int], ...] = field(default=())  # mode, amount, approved


def minute_of(moment: datetime) -> int:
    """Whole minutes since the epoch."""
    return int((moment - EPOCH).total_seconds()) // 60


def answer(question: Question, world: World) -> int | str:
    """The minute at which the limit ends (the day's 1440 for 24:00), or PAUSED."""
    asked = question
    for mode, amount, approved in question.extensions:
        due = tick(asked, world)
        if due != PAUSED and isinstance(due, int) and approved > _last(due, asked):
            continue
        unit, base, next_day = asked.unit, asked.amount, asked.next_day
        if unit == "same_day":
            unit, base, next_day = "calendar_days", 1, False
        total = base + amount if mode == "add" else amount
        asked = replace(asked, unit=unit, amount=total, next_day=next_day)
    return tick(asked, world)


def _last(due: int, question: Question) -> int:
    """The last whole minute that is still in time: 24:00 itself is the next day's."""
    clock_units = {"minutes", "hours", "working_minutes", "working_hours"}
    return due - 1 if question.unit not in clock_units and due % DAY == 0 else due


def tick(question: Question, world: World) -> int | str:
    """Let time pass from the start until the limit is used up."""
    minute = question.start
    if question.from_opening:
        while not world.open_minutes[minute]:
            minute += 1
    unit = question.unit
    if unit in ("minutes", "hours", "working_minutes", "working_hours"):
        return _tick_time(minute, question, world)
    if unit in ("day_of_month", "workday_of_month", "days_before", "working_days_before"):
        return _named(minute, question, world)
    return _tick_days(minute, question, world)


def _tick_time(start: int, question: Question, world: World) -> int | str:
    left = question.amount * (60 if question.unit.endswith("hours") else 1)
    working = question.unit.startswith("working")
    still, opened = world.stand_still(start), world.open_minutes
    for now in range(start, start + HORIZON):
        if still[now - start] == 2:
            return PAUSED
        if still[now - start] == 0 and (not working or opened[now]):
            left -= 1
            if left == 0:
                return now + 1
    raise AssertionError("the oracle ran out of time")


def _cut(day: int, question: Question, world: World) -> int:
    if question.end == "24:00":
        return day * DAY + DAY
    if question.end == "closing":
        segments = world.segments.get(day, ())
        return day * DAY + (segments[-1][1] if segments else DAY)
    return day * DAY + int(question.end)


def _tick_days(start: int, question: Question, world: World) -> int | str:
    first = start // DAY + (question.next_day and question.unit != "same_day")
    left = _days_wanted(question, start // DAY)
    ended = False  # the last day has been counted, only the shift is missing
    early = -1  # the last workday that could have been the end
    still = world.stand_still(start)
    day = start // DAY
    midnight, cut = (day + 1) * DAY, _cut(day, question, world)
    for now in range(start, start + HORIZON):
        if now == midnight:
            day, midnight = day + 1, midnight + DAY
            cut = _cut(day, question, world)
        if now + 1 != cut:
            continue
        # The last minute of a day: does the day count?
        if still[now - start] == 2:
            return PAUSED
        worked = world.worked(day)
        if ended:
            if worked and still[now - start] == 0:
                return cut
            continue
        if worked:
            early = now
        if day < first or still[now - start]:
            continue
        if question.unit == "working_days" and not worked:
            continue
        left -= 1
        if left == 0:
            if question.shift == "none" or worked:
                return cut
            if question.shift == "previous" and early >= 0 and still[early - start] == 0:
                return early + 1
            ended = True
    raise AssertionError("the oracle ran out of time")


def _days_wanted(question: Question, day: int) -> int:
    if question.unit == "same_day":
        return 1
    if question.unit != "months":
        return question.amount
    start = EPOCH_DAY + timedelta(days=day)
    wanted_month = start.year * 12 + start.month - 1 + question.amount
    days = 0
    while True:
        days += 1
        at = start + timedelta(days=days)
        month = at.year * 12 + at.month - 1
        last = (at + timedelta(days=1)).day == 1
        if month == wanted_month and (at.day == start.day or (last and at.day < start.day)):
            return days


def _named(minute: int, question: Question, world: World) -> int:
    day = minute // DAY
    if question.unit.endswith("before"):
        left = question.amount
        while left:
            day -= 1
            left -= question.unit == "days_before" or world.worked(day)
    else:
        day = _day_of_month(day, question, world)
    step = {"none": 0, "next": 1, "previous": -1}[question.shift]
    while step and not world.worked(day):
        day += step
    return _cut(day, question, world)


def _day_of_month(day: int, question: Question, world: World) -> int:
    start = EPOCH_DAY + timedelta(days=day)
    wanted = start.year * 12 + start.month - 1 + question.month_offset
    day -= start.day - 1
    found = 0
    while True:
        at = EPOCH_DAY + timedelta(days=day)
        if at.year * 12 + at.month - 1 == wanted:
            found += question.unit == "day_of_month" or world.worked(day)
            last = (at + timedelta(days=1)).day == 1
            if found == question.amount or (question.unit == "day_of_month" and last):
                return day
        day += 1
