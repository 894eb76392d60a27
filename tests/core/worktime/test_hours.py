"""Working hours: segments, exceptions, make-up days, measuring and adding."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worktime.days import OFFICE, on
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import YearNotAnnounced
from wenyou_core.worktime.hours import (
    DayException,
    Segment,
    WorkHours,
    office_hours,
    parse_segments,
    round_the_clock,
)

CALENDAR = shipped_calendar()
MINUTES = st.integers(0, 200 * 24 * 60)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("09:00-12:00 13:30-17:30", ((540, 720), (810, 1050))),
        ("9:00—12:00;13:30~17:30", ((540, 720), (810, 1050))),
        ("00:00-24:00", ((0, 1440),)),
        ("休息", ()),
        ("", ()),
    ],
)
def test_parse_segments_reads_what_people_type(
    text: str, segments: tuple[tuple[int, int], ...]
) -> None:
    assert parse_segments(text) == tuple(Segment(*pair) for pair in segments)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("九点到五点", "hours-unreadable"),
        ("09:00-12:75", "hours-minute"),
        ("17:30-09:00", "hours-segment"),
        ("22:00-25:00", "hours-segment"),
        ("09:00-12:00 11:00-17:00", "hours-overlap"),
        ("13:30-17:30 09:00-12:00", "hours-overlap"),
    ],
)
def test_parse_segments_refuses_with_a_chinese_sentence(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_segments(text)

    assert caught.value.code == code
    assert str(caught.value).endswith("。")


def test_a_week_of_six_days_is_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        WorkHours("网点", ((),) * 6, makeup=())

    assert caught.value.code == "hours-week"


def test_two_exceptions_on_one_date_are_refused() -> None:
    twice = DayException(date(2025, 7, 1), (), "装修")

    with pytest.raises(InputRefused) as caught:
        office_hours("09:00-17:00", exceptions=(twice, twice))

    assert caught.value.code == "hours-exception-twice"


def test_hours_follow_holidays_makeup_days_and_exceptions() -> None:
    late = DayException(date(2025, 7, 1), parse_segments("10:30-17:00"), "停电推迟开门")
    hours = office_hours("09:00-17:00", exceptions=(late,))

    assert hours.segments(date(2025, 10, 1), CALENDAR) == ()
    assert hours.segments(date(2025, 10, 11), CALENDAR) == (Segment(540, 1020),)
    assert hours.segments(date(2025, 7, 1), CALENDAR) == (Segment(630, 1020),)
    assert hours.segments(date(2025, 7, 5), CALENDAR) == ()
    assert hours.why_closed(date(2025, 10, 1), CALENDAR) == "国庆节、中秋节放假"
    assert hours.why_closed(date(2025, 7, 1), CALENDAR) == "停电推迟开门"


def test_an_outlet_open_on_saturdays_and_holidays_has_its_own_hours() -> None:
    day, short = parse_segments("09:00-17:00"), parse_segments("09:30-15:00")
    hours = WorkHours("网点", (day,) * 5 + (short, ()), makeup=day, holiday=short)

    assert hours.segments(date(2025, 7, 5), CALENDAR) == short
    assert hours.segments(date(2025, 10, 1), CALENDAR) == short
    assert hours.segments(date(2025, 10, 11), CALENDAR) == day


def test_hours_of_a_year_not_announced_are_refused_unless_they_follow_no_calendar() -> None:
    with pytest.raises(YearNotAnnounced):
        OFFICE.segments(date(2027, 1, 4), CALENDAR)
    assert round_the_clock().segments(date(2027, 1, 1), None) == (Segment(0, 1440),)


def test_hours_that_follow_a_calendar_need_one() -> None:
    with pytest.raises(InputRefused) as caught:
        OFFICE.segments(date(2025, 7, 1), None)

    assert caught.value.code == "hours-need-calendar"


def test_open_until_the_closing_minute_and_closed_at_it() -> None:
    assert OFFICE.is_open(on("2025-07-01", "09:00"), CALENDAR)
    assert OFFICE.is_open(on("2025-07-01", "11:59"), CALENDAR)
    assert not OFFICE.is_open(on("2025-07-01", "12:00"), CALENDAR)
    assert not OFFICE.is_open(on("2025-07-01", "12:45"), CALENDAR)


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (on("2025-07-01", "10:00"), on("2025-07-01", "10:00")),
        (on("2025-07-01", "12:00"), on("2025-07-01", "13:30")),
        (on("2025-07-01", "17:30"), on("2025-07-02", "09:00")),
        (on("2025-09-30", "18:00"), on("2025-10-09", "09:00")),
        (on("2025-09-27", "10:00"), on("2025-09-28", "09:00")),
    ],
)
def test_next_opening_skips_lunch_nights_and_holidays(moment: datetime, opening: datetime) -> None:
    assert OFFICE.next_opening(moment, CALENDAR) == opening


def test_closing_is_the_end_of_the_last_segment() -> None:
    assert OFFICE.closing(date(2025, 7, 1), CALENDAR) == on("2025-07-01", "17:30")
    assert OFFICE.closing(date(2025, 7, 5), CALENDAR) is None


def test_a_unit_that_never_opens_is_refused() -> None:
    hours = WorkHours("撤并网点", ((),) * 7, makeup=(), follows_calendar=False)

    with pytest.raises(InputRefused) as caught:
        hours.next_opening(on("2025-07-01"), None)
    assert caught.value.code == "hours-never-open"
    with pytest.raises(InputRefused):
        hours.after(on("2025-07-01"), timedelta(minutes=1), None)


def test_working_minutes_leave_out_lunch_and_holidays() -> None:
    minutes = OFFICE.working_minutes_between(
        on("2025-09-30", "11:00"), on("2025-10-09", "10:00"), CALENDAR
    )

    assert minutes == 60 + 240 + 60


def test_working_minutes_of_a_reversed_pair_are_none() -> None:
    start, end = on("2025-07-02", "10:00"), on("2025-07-01", "10:00")

    assert OFFICE.working_minutes_between(start, end, CALENDAR) == 0


@given(MINUTES, MINUTES)
def test_adding_working_time_is_the_reverse_of_measuring_it(first: int, length: int) -> None:
    start = on("2025-01-01") + timedelta(minutes=first)
    work = timedelta(minutes=length % 3000)

    end = OFFICE.after(start, work, CALENDAR)

    assert OFFICE.worked_between(start, end, CALENDAR) == work
    assert OFFICE.worked_between(start, end - timedelta(seconds=1), CALENDAR) <= work


@given(MINUTES, MINUTES, MINUTES)
def test_working_time_adds_up_over_a_point_between(a: int, b: int, c: int) -> None:
    first, middle, last = (on("2025-01-01") + timedelta(minutes=m) for m in sorted((a, b, c)))

    whole = OFFICE.worked_between(first, last, CALENDAR)

    parts = (
        OFFICE.worked_between(first, middle, CALENDAR),
        OFFICE.worked_between(middle, last, CALENDAR),
    )
    assert whole == sum(parts, timedelta())
