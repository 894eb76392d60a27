"""Random deadlines agree with the minute-by-minute oracle."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest

from tests.core.worktime.oracle import (
    DAY,
    EPOCH,
    EPOCH_DAY,
    PAUSED,
    Question,
    World,
    answer,
    minute_of,
    open_minutes,
)
from wenyou_core.worktime.calendar import Calendar, CalendarYear, DayKind, DayRow
from wenyou_core.worktime.deadline import (
    Deadline,
    DeadlineState,
    Extension,
    ExtensionMode,
    compute_deadline,
)
from wenyou_core.worktime.hours import DayException, Segment, Segments, WorkHours
from wenyou_core.worktime.limits import (
    CountFrom,
    DayEnd,
    OutsideHours,
    Shift,
    TimeLimit,
    Unit,
)
from wenyou_core.worktime.pauses import Pause
from wenyou_core.worktime.texts import LAST_INSTANT

Pauses = tuple[tuple[int, int | None], ...]

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)
AMOUNTS = {
    Unit.MINUTES: 4000,
    Unit.HOURS: 80,
    Unit.WORKING_MINUTES: 1500,
    Unit.WORKING_HOURS: 24,
    Unit.CALENDAR_DAYS: 15,
    Unit.WORKING_DAYS: 8,
    Unit.MONTHS: 1,
    Unit.SAME_DAY: 1,
    Unit.DAY_OF_MONTH: 31,
    Unit.WORKDAY_OF_MONTH: 10,
    Unit.DAYS_BEFORE: 15,
    Unit.WORKING_DAYS_BEFORE: 8,
}
NAMED = (
    Unit.DAY_OF_MONTH,
    Unit.WORKDAY_OF_MONTH,
    Unit.DAYS_BEFORE,
    Unit.WORKING_DAYS_BEFORE,
)


@dataclass(frozen=True)
class Surroundings:
    """A calendar and a unit's hours, with the same as the oracle sees them."""

    calendar: Calendar
    hours: WorkHours
    off: frozenset[int]
    segments: dict[int, tuple[tuple[int, int], ...]]
    open_minutes: bytearray

    def world(self, pauses: Pauses) -> World:
        """What the oracle is told."""
        return World(self.off, self.segments, self.open_minutes, pauses)


def _random_segments(draw: random.Random) -> Segments:
    marks = sorted(draw.sample(range(7 * 60, 20 * 60, 5), 2 * draw.choice((1, 2, 2, 3))))
    return tuple(Segment(*marks[i : i + 2]) for i in range(0, len(marks), 2))


def _an_hour_or_more(draw: random.Random) -> Segments:
    """Hours of ordinary days: with a few minutes a day a limit would outlast the oracle."""
    while True:
        found = _random_segments(draw)
        if sum(one.end - one.start for one in found) >= 60:
            return found


def _random_years(draw: random.Random) -> tuple[CalendarYear, ...]:
    years = []
    for year in range(FIRST.year, LAST.year + 1):
        rows: dict[date, DayRow] = {}
        for _ in range(draw.randint(1, 9)):
            start = date(year, 1, 1) + timedelta(days=draw.randrange(364))
            for offset in range(draw.choice((1, 1, 3, 5, 8))):
                day = start + timedelta(days=offset)
                if day.year == year:
                    rows[day] = DayRow(day, DayKind.HOLIDAY, "放假")
        for _ in range(draw.randint(0, 9)):
            day = date(year, 1, 1) + timedelta(days=draw.randrange(364))
            if day.isoweekday() > 5 and day not in rows:
                rows[day] = DayRow(day, DayKind.MAKEUP, "放假")
        years.append(CalendarYear(year, tuple(rows.values()), "文"))
    return tuple(years)


def surroundings(draw: random.Random) -> Surroundings:
    """A random calendar with random hours, told twice."""
    calendar = Calendar("v", _random_years(draw), frozenset({6, 7}))
    weekday, saturday = _an_hour_or_more(draw), _random_segments(draw)
    weekend = (saturday, ()) if draw.random() < 0.4 else ((), ())
    makeup = _random_segments(draw)
    holiday = saturday if draw.random() < 0.2 else ()
    exceptions = tuple(
        DayException(day, draw.choice(((), _random_segments(draw))), "临时调整")
        for day in sorted({FIRST + timedelta(days=draw.randrange(1090)) for _ in range(20)})
    )
    hours = WorkHours("网点", (weekday,) * 5 + weekend, makeup, holiday, exceptions)
    rows = {row.day: row.kind for one in calendar.years for row in one.rows}
    special = {one.day: one.segments for one in exceptions}
    off, segments = set(), {}
    for number in range((FIRST - EPOCH_DAY).days, (LAST - EPOCH_DAY).days + 1):
        day = EPOCH_DAY + timedelta(days=number)
        kind = rows.get(day)
        if kind is DayKind.HOLIDAY or (kind is None and day.isoweekday() > 5):
            off.add(number)
        opened = {
            DayKind.HOLIDAY: holiday,
            DayKind.MAKEUP: makeup,
            None: hours.weekly[day.weekday()],
        }
        chosen = special.get(day, opened[kind])
        segments[number] = tuple((one.start, one.end) for one in chosen)
    return Surroundings(calendar, hours, frozenset(off), segments, open_minutes(segments))


def _snapped(draw: random.Random, minute: int, around: Surroundings) -> int:
    """Often the minute itself, often a border of its day, where ends of days go wrong."""
    if draw.random() < 0.5:
        return minute
    day = minute // DAY
    borders = [0, 9 * 60 + 30, 17 * 60, DAY]
    for start, end in around.segments[day]:
        borders += [start, end, end]
    return day * DAY + draw.choice(borders)


def _random_pauses(draw: random.Random, start: int, around: Surroundings) -> Pauses:
    pauses: list[tuple[int, int | None]] = []
    for _ in range(draw.choice((0, 0, 1, 1, 2, 3))):
        begin = _snapped(draw, start + draw.randrange(-DAY, 12 * DAY), around)
        length = draw.choice((0, 7, 95, 600, DAY, 2 * DAY, 5 * DAY + 30))
        pauses.append((begin, max(begin, _snapped(draw, begin + length, around))))
    if draw.random() < 0.06:
        pauses.append((_snapped(draw, start + draw.randrange(20 * DAY), around), None))
    return tuple(pauses)


def _random_question(draw: random.Random, around: Surroundings) -> tuple[Question, TimeLimit]:
    unit = draw.choice(tuple(AMOUNTS))
    amount = draw.randint(1, AMOUNTS[unit])
    if unit is Unit.WORKDAY_OF_MONTH:
        amount = draw.randint(1, 6)
    if unit is Unit.DAY_OF_MONTH:
        amount = draw.choice((amount, 29, 30, 31))
    start = minute_of(EPOCH) + (date(2025, 1, 1) - EPOCH_DAY).days * DAY
    start = _snapped(draw, start + draw.randrange(365 * DAY), around)
    end = draw.choice((DayEnd.MIDNIGHT, DayEnd.MIDNIGHT, DayEnd.CLOSING, time(17, 0), time(9, 30)))
    next_day = draw.random() < 0.6
    shift = draw.choice(tuple(Shift))
    opening = draw.random() < 0.3
    offset = draw.choice((0, 1, 1, 3))
    plain_end = end.value if isinstance(end, DayEnd) else str(end.hour * 60 + end.minute)
    extensions = []
    if unit not in NAMED and draw.random() < 0.3:
        extra = draw.randint(1, max(1, AMOUNTS[unit] // 2))
        mode = draw.choice(("add", "total"))
        approved = _snapped(draw, start + draw.randrange(20 * DAY), around)
        extensions.append((mode, extra, approved))
    question = Question(
        unit.value,
        amount,
        start,
        next_day,
        plain_end,
        shift.value,
        opening,
        offset,
        tuple(extensions),
    )
    limit = TimeLimit(
        unit=unit,
        amount=amount,
        count_from=CountFrom.NEXT_DAY if next_day else CountFrom.SAME_DAY,
        end=end,
        shift=shift,
        outside_hours=OutsideHours.NEXT_OPENING if opening else OutsideHours.AS_IS,
        month_offset=offset,
    )
    return question, limit


def _at_the_end_itself(question: Question, around: Surroundings) -> Pauses:
    """A pause that begins in the very minute in which the limit ends without it."""
    due = answer(question, around.world(()))
    assert isinstance(due, int)
    return ((due, due + DAY),)


def _moment(minute: int) -> datetime:
    return EPOCH + timedelta(minutes=minute)


def _ask_engine(
    question: Question,
    limit: TimeLimit,
    around: Surroundings,
    pauses: Pauses,
) -> Deadline:
    return compute_deadline(
        limit,
        {"known": [_moment(question.start)]},
        calendar=around.calendar,
        hours=around.hours,
        pauses=[
            Pause("w", _moment(start), None if end is None else _moment(end))
            for start, end in pauses
        ],
        extensions=[
            Extension(mode=ExtensionMode(mode), amount=amount, approved_at=_moment(at), by="某人")
            for mode, amount, at in question.extensions
        ],
    )


def _as_minute(due: datetime) -> int:
    whole = due.time() == LAST_INSTANT
    return minute_of(due) + (1 if whole else 0)


def disagreements(seed: str, cases: int) -> list[str]:
    """The cases of a seed in which engine and oracle differ, as text to look at."""
    draw = random.Random(seed)
    around = surroundings(draw)
    found = []
    for number in range(cases):
        if number % 100 == 99:
            around = surroundings(draw)
        question, limit = _random_question(draw, around)
        pauses = _random_pauses(draw, question.start, around)
        if draw.random() < 0.15:
            pauses = _at_the_end_itself(question, around)
        expected = answer(question, around.world(pauses))
        deadline = _ask_engine(question, limit, around, pauses)
        if deadline.due_at is None:
            got: int | str = PAUSED if deadline.state is DeadlineState.PAUSED else "?"
        else:
            got = _as_minute(deadline.due_at)
        if got != expected:
            shown = [_moment(x) if isinstance(x, int) else x for x in (expected, got)]
            found.append(f"{seed}#{number}: {shown}\n{question}\n{pauses}\n{deadline.text}")
    return found


@pytest.mark.differential
@pytest.mark.parametrize("part", range(8))
def test_deadlines_agree_with_the_minute_by_minute_oracle(part: int) -> None:
    assert disagreements(f"suite {part}", 250) == []


@pytest.mark.long
@pytest.mark.parametrize("part", range(20))
def test_a_hundred_thousand_deadlines_agree_with_the_oracle(part: int) -> None:
    seed = f"{random.SystemRandom().getrandbits(64)}/{part}"

    assert disagreements(seed, 5_000) == []


def test_the_oracle_sees_every_outcome() -> None:
    draw = random.Random("coverage")
    around = surroundings(draw)
    outcomes = set()
    for _ in range(150):
        question, limit = _random_question(draw, around)
        pauses = _random_pauses(draw, question.start, around)
        deadline = _ask_engine(question, limit, around, pauses)
        outcomes.add((limit.unit, deadline.state))

    assert {unit for unit, _ in outcomes} == set(AMOUNTS)
    assert {state for _, state in outcomes} == {DeadlineState.SET, DeadlineState.PAUSED}
