"""Time left, lateness, the heaps of 待办, clocks met late, ladders, stored deadlines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.core.worktime.days import CALENDAR, OFFICE, deadline, limit_of, on, shown
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.clocks import ClockReading, ClockRule, ClockState, read_clocks
from wenyou_core.worktime.deadline import Deadline, Events, Extension, ExtensionMode
from wenyou_core.worktime.ladder import Rung, climb
from wenyou_core.worktime.left import (
    URGENCY_LABELS,
    TimeLeft,
    Urgency,
    is_overdue,
    time_left,
    urgency,
)
from wenyou_core.worktime.limits import TimeLimit, Unit
from wenyou_core.worktime.pauses import Pause
from wenyou_core.worktime.recompute import Outcome, StoredDeadline, reconcile
from wenyou_core.worktime.texts import dated_span_text, hours_text, length_text, span_text

KNOWN = {"known": on("2025-09-26", "10:00")}
THREE_DAYS = deadline(limit_of(Unit.WORKING_DAYS, 3), KNOWN)  # 2025-09-30 24:00
BY_CLOCK = deadline(limit_of(Unit.HOURS, 2), KNOWN)  # 2025-09-26 12:00


def left(found: Deadline, now: datetime) -> TimeLeft:
    result = time_left(found, now, calendar=CALENDAR, hours=OFFICE)
    assert result is not None
    return result


@pytest.mark.parametrize(
    ("now", "late", "days", "working_days", "working_minutes", "text"),
    [
        ("2025-09-26 16:00", False, 4, 3, 90 + 3 * 420, "还剩4天8小时"),
        ("2025-09-30 18:00", False, 0, 0, 0, "还剩6小时"),
        ("2025-10-01 00:00", True, 1, 0, 0, "逾期1天"),
        ("2025-10-09 10:00", True, 9, 1, 60, "逾期9天"),
        ("2025-10-11 10:00", True, 11, 3, 2 * 420 + 60, "逾期11天"),
    ],
)
def test_time_left_and_lateness_in_every_measure(
    *, now: str, late: bool, days: int, working_days: int, working_minutes: int, text: str
) -> None:
    found = left(THREE_DAYS, on(*now.split()))

    assert (found.late, found.calendar_days, found.working_days, found.text) == (
        late,
        days,
        working_days,
        text,
    )
    assert found.working_time == timedelta(minutes=working_minutes)


def test_lateness_within_the_day_is_told_in_minutes() -> None:
    assert left(BY_CLOCK, on("2025-09-26", "12:35")).text == "超时35分钟"


def test_what_is_done_at_the_very_end_is_in_time() -> None:
    assert not is_overdue(BY_CLOCK, on("2025-09-26", "12:00"))
    assert is_overdue(BY_CLOCK, on("2025-09-26", "12:00") + timedelta(seconds=1))


def test_working_days_left_are_unknown_in_a_year_not_announced() -> None:
    found = left(BY_CLOCK, on("2027-01-05", "09:00"))

    assert (found.late, found.working_days, found.working_time) == (True, None, None)
    assert found.text == "逾期466天"


def test_without_a_date_there_is_no_time_left() -> None:
    assert time_left(deadline(limit_of(Unit.HOURS), {}), on("2025-09-26")) is None


@pytest.mark.parametrize(
    ("found", "now", "expected"),
    [
        (THREE_DAYS, "2025-10-01 09:00", Urgency.OVERDUE),
        (THREE_DAYS, "2025-09-30 09:00", Urgency.TODAY),
        (THREE_DAYS, "2025-09-29 09:00", Urgency.NEAR),
        (THREE_DAYS, "2025-09-26 12:00", Urgency.LATER),
        (deadline(limit_of(Unit.HOURS), {}), "2025-09-26 12:00", Urgency.UNKNOWN),
    ],
)
def test_urgency_sorts_matters_into_heaps(found: Deadline, now: str, expected: Urgency) -> None:
    assert urgency(found, on(*now.split()), near=timedelta(days=2)) is expected


def test_every_heap_has_a_chinese_label() -> None:
    assert set(URGENCY_LABELS) == set(Urgency)


# -- clocks -----------------------------------------------------------------------------


def clock(
    limit: TimeLimit,
    events: Events,
    now: datetime,
    *,
    pauses: tuple[Pause, ...] = (),
    extension: Extension | None = None,
) -> ClockReading:
    rule = ClockRule(name="a", label="答复", limit=limit, met_by=frozenset({"done"}))
    more = {"a": [extension]} if extension else {}
    (reading,) = read_clocks(
        [rule], events, now, calendar=CALENDAR, hours=OFFICE, pauses=pauses, extensions=more
    )
    return reading


def test_a_clock_met_after_its_end_is_met_late() -> None:
    events = {**KNOWN, "done": on("2025-10-09", "09:00")}

    reading = clock(limit_of(Unit.WORKING_DAYS, 3), events, on("2025-10-10"))
    by_minutes = clock(limit_of(Unit.HOURS, 3), events, on("2025-09-26", "12:20"))

    assert (by_minutes.used, by_minutes.allowed) == (140, 180)
    assert (reading.state, reading.used, reading.allowed) == (ClockState.MET_LATE, 3, 3)


def test_an_event_before_the_start_does_not_meet_the_clock() -> None:
    events = {**KNOWN, "done": on("2025-09-25", "09:00")}

    reading = clock(limit_of(Unit.WORKING_DAYS, 3), events, on("2025-09-27"))

    assert (reading.state, reading.met_at) == (ClockState.RUNNING, None)


def test_a_clock_in_a_year_not_announced_is_unknown() -> None:
    events = {"known": on("2026-12-30", "10:00")}

    reading = clock(limit_of(Unit.WORKING_DAYS, 5), events, on("2027-01-03"))

    assert (reading.state, reading.used) == (ClockState.UNKNOWN, 0)


def test_an_extension_makes_a_clock_longer_and_shows_in_what_is_allowed() -> None:
    more = Extension(
        mode=ExtensionMode.ADD, amount=2, approved_at=on("2025-09-28", "09:00"), by="王主任"
    )

    reading = clock(
        limit_of(Unit.WORKING_DAYS, 3), KNOWN, on("2025-10-09", "10:00"), extension=more
    )

    assert (reading.state, reading.used, reading.allowed) == (ClockState.RUNNING, 3, 5)
    assert shown(reading.deadline.due_at) == "2025-10-10 24:00"


def test_a_clock_without_a_start_uses_nothing() -> None:
    reading = clock(limit_of(Unit.HOURS, 2), {}, on("2025-10-09"))

    assert (reading.state, reading.used, reading.allowed) == (ClockState.NOT_STARTED, 0, 0)


def test_a_clock_by_a_fixed_date_is_met_by_its_event() -> None:
    limit = limit_of(Unit.DATE, on=on("2025-09-30").date())
    events = {"done": on("2025-09-29", "09:00")}

    reading = clock(limit, events, on("2025-10-01"))

    assert (reading.state, reading.allowed) == (ClockState.MET, 0)


def test_a_completion_known_by_its_date_only_counts_from_the_start_of_that_day() -> None:
    reading = clock(
        limit_of(Unit.HOURS, 2),
        {**KNOWN, "done": on("2025-09-26", "10:00").date()},
        on("2025-10-01"),
    )

    assert (reading.state, reading.met_at) == (ClockState.MET, on("2025-09-26", "10:00"))


# -- ladder -----------------------------------------------------------------------------


def test_a_ladder_around_the_clock_needs_no_hours() -> None:
    rungs = (Rung("handler", 30, in_working_time=False), Rung("head", 0, in_working_time=False))

    calls = climb(rungs, on("2025-10-01", "02:00"), on("2025-10-02"), reach=lambda role, at: role)

    assert [(one.role, shown(one.at)) for one in calls] == [
        ("handler", "2025-10-01 02:00"),
        ("head", "2025-10-01 02:30"),
    ]


def test_a_ladder_in_working_time_needs_hours() -> None:
    with pytest.raises(InputRefused) as caught:
        climb([Rung("handler", 30)], on("2025-10-01"), on("2025-10-09"), reach=lambda r, at: r)

    assert caught.value.code == "ladder-needs-hours"


def test_a_negative_wait_is_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        Rung("handler", -1)

    assert caught.value.code == "ladder-wait"


def test_before_the_end_nobody_is_called() -> None:
    rungs = (Rung("handler", 30),)

    calls = climb(
        rungs,
        on("2025-10-09", "10:00"),
        on("2025-10-09", "09:59"),
        reach=lambda role, at: role,
        calendar=CALENDAR,
        hours=OFFICE,
    )

    assert calls == ()


# -- stored deadlines -------------------------------------------------------------------


def test_the_same_end_is_no_change() -> None:
    stored = StoredDeadline(THREE_DAYS.due_at, "cn-2025.1")

    result = reconcile(stored, THREE_DAYS)

    assert (result.outcome, result.text) == (Outcome.SAME, "")
    assert result.stored.calendar_version == "cn-2026.1"


def test_a_stored_end_in_utc_is_told_in_the_time_of_beijing() -> None:
    assert BY_CLOCK.due_at is not None
    stored = StoredDeadline(BY_CLOCK.due_at.astimezone(UTC), "cn-2025.1")

    same, moved = reconcile(stored, BY_CLOCK), reconcile(stored, THREE_DAYS)

    assert same.outcome is Outcome.SAME
    assert moved.text.startswith(
        "到期时间由2025年9月26日（周五）12:00改为2025年9月30日（周二）24:00"
    )


def test_a_deadline_that_becomes_known_says_so() -> None:
    result = reconcile(StoredDeadline(None, "cn-2024.1"), THREE_DAYS)

    assert result.outcome is Outcome.MOVED
    assert result.text == (
        "到期时间由未定改为2025年9月30日（周二）24:00（工作日历由cn-2024.1改为cn-2026.1）。"
    )


# -- words ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(), "0分钟"),
        (timedelta(seconds=59), "0分钟"),
        (timedelta(minutes=125), "2小时5分钟"),
        (timedelta(days=2), "2天"),
        (timedelta(days=1, hours=2), "1天2小时"),
    ],
)
def test_length_text(length: timedelta, text: str) -> None:
    assert length_text(length) == text


def test_hours_text_and_span_text() -> None:
    assert [hours_text(minutes) for minutes in (0, 45, 60, 61)] == [
        "0分钟",
        "45分钟",
        "1小时",
        "1小时1分钟",
    ]
    first, last = on("2025-12-31").date(), on("2026-01-02").date()
    assert span_text(first, last) == "2025年12月31日至2026年1月2日"


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ("2024-07-01", "2024-07-01", "2024年7月1日"),
        ("2025-07-01", "2025-07-31", "2025年7月1日至31日"),
        ("2025-07-01", "2025-09-30", "2025年7月1日至9月30日"),
        ("2024-07-01", "2025-09-30", "2024年7月1日至2025年9月30日"),
    ],
)
def test_dated_span_says_the_year_of_every_day(first: str, last: str, text: str) -> None:
    assert dated_span_text(on(first).date(), on(last).date()) == text
