"""Deadlines, unit by unit: worked cases, refusals, and what cannot be known yet."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worktime.days import CALENDAR, deadline, limit_of, on, shown
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.deadline import (
    DeadlineState,
    Extension,
    ExtensionMode,
    compute_deadline,
)
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.limits import (
    CountFrom,
    DayEnd,
    OutsideHours,
    Shift,
    TimeLimit,
    Unit,
    describe,
)
from wenyou_core.worktime.steps import StepKind

KNOWN = {"known": on("2025-07-01", "10:00")}


def due(limit: TimeLimit, *start: str) -> str:
    return shown(deadline(limit, {limit.start: on(*start)}).due_at)


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        (limit_of(Unit.MINUTES, 30), "2025-09-30 23:45", "2025-10-01 00:15"),
        (limit_of(Unit.HOURS, 2), "2025-09-30 23:45", "2025-10-01 01:45"),
        (limit_of(Unit.WORKING_MINUTES, 45), "2025-09-30 11:30", "2025-09-30 13:45"),
        (limit_of(Unit.WORKING_HOURS, 4), "2025-09-30 16:30", "2025-10-09 12:00"),
        (limit_of(Unit.CALENDAR_DAYS, 15), "2025-09-20 16:00", "2025-10-05 24:00"),
        (
            limit_of(Unit.CALENDAR_DAYS, 15, shift=Shift.NEXT),
            "2025-09-20 16:00",
            "2025-10-09 24:00",
        ),
        (
            limit_of(Unit.CALENDAR_DAYS, 15, shift=Shift.PREVIOUS),
            "2025-09-20 16:00",
            "2025-09-30 24:00",
        ),
        (
            limit_of(Unit.CALENDAR_DAYS, 15, count_from=CountFrom.SAME_DAY),
            "2025-09-20 16:00",
            "2025-10-04 24:00",
        ),
        (limit_of(Unit.WORKING_DAYS, 1), "2025-09-27 16:00", "2025-09-28 24:00"),
        (
            limit_of(Unit.WORKING_DAYS, 1, count_from=CountFrom.SAME_DAY),
            "2025-09-27 16:00",
            "2025-09-28 24:00",
        ),
        (limit_of(Unit.WORKING_DAYS, 3, end=time(17, 0)), "2025-09-26 08:00", "2025-09-30 17:00"),
        (
            limit_of(Unit.WORKING_DAYS, 3, end=DayEnd.CLOSING),
            "2025-09-26 08:00",
            "2025-09-30 17:30",
        ),
        (limit_of(Unit.MONTHS, 1), "2025-01-31 10:00", "2025-02-28 24:00"),
        (limit_of(Unit.MONTHS, 6), "2025-01-15 10:00", "2025-07-15 24:00"),
        (
            limit_of(Unit.MONTHS, 1, count_from=CountFrom.SAME_DAY),
            "2025-01-15 10:00",
            "2025-02-14 24:00",
        ),
        (limit_of(Unit.SAME_DAY), "2025-09-26 16:40", "2025-09-26 24:00"),
        (limit_of(Unit.SAME_DAY, end=DayEnd.CLOSING), "2025-09-26 16:40", "2025-09-26 17:30"),
        (limit_of(Unit.DAY_OF_MONTH, 5), "2025-09-26 16:40", "2025-10-05 24:00"),
        (limit_of(Unit.DAY_OF_MONTH, 5, shift=Shift.NEXT), "2025-09-26 16:40", "2025-10-09 24:00"),
        (limit_of(Unit.DAY_OF_MONTH, 31), "2025-01-26 16:40", "2025-02-28 24:00"),
        (limit_of(Unit.DAY_OF_MONTH, 25, month_offset=0), "2025-09-26 16:40", "2025-09-25 24:00"),
        (limit_of(Unit.DAY_OF_MONTH, 10, month_offset=3), "2025-11-30 16:40", "2026-02-10 24:00"),
        (limit_of(Unit.WORKDAY_OF_MONTH, 3), "2025-09-26 16:40", "2025-10-11 24:00"),
        (limit_of(Unit.DATE, on=date(2025, 12, 31)), "2025-09-26 16:40", "2025-12-31 24:00"),
        (
            limit_of(Unit.DATE, on=date(2025, 10, 4), shift=Shift.PREVIOUS),
            "2025-09-26 16:40",
            "2025-09-30 24:00",
        ),
        (limit_of(Unit.DAYS_BEFORE, 7), "2025-10-10 09:00", "2025-10-03 24:00"),
        (limit_of(Unit.WORKING_DAYS_BEFORE, 3), "2025-10-10 09:00", "2025-09-29 24:00"),
        (
            limit_of(Unit.WORKING_DAYS, 1, outside_hours=OutsideHours.NEXT_OPENING),
            "2025-09-30 18:00",
            "2025-10-10 24:00",
        ),
    ],
)
def test_due_of_each_unit(limit: TimeLimit, start: str, expected: str) -> None:
    assert due(limit, *start.split()) == expected


def test_seconds_of_the_start_are_kept() -> None:
    start = on("2025-07-01", "10:20:35")

    found = deadline(limit_of(Unit.HOURS, 2), {"known": start})

    assert found.due_at == start + timedelta(hours=2)
    assert found.steps[-1].text == "到期：2025年7月1日（周二）12:20:35。"


@given(st.integers(0, 600 * 24 * 60), st.integers(1, 20), st.booleans())
def test_a_later_start_is_never_due_earlier(minutes: int, amount: int, working: bool) -> None:
    unit = Unit.WORKING_DAYS if working else Unit.WORKING_HOURS
    first = on("2024-01-02") + timedelta(minutes=minutes)
    limit = TimeLimit(unit=unit, amount=amount)

    early, late = (
        deadline(limit, {"known": start}).due_at for start in (first, first + timedelta(hours=7))
    )

    assert early is not None
    assert late is not None
    assert first < early <= late


# -- events -----------------------------------------------------------------------------


def test_a_date_without_a_time_starts_a_limit_in_days() -> None:
    found = deadline(limit_of(Unit.WORKING_DAYS, 3), {"known": date(2025, 9, 26)})

    assert shown(found.due_at) == "2025-09-30 24:00"
    assert found.steps[0].text == "起算：2025年9月26日（周五）知悉。"


def test_a_date_without_a_time_cannot_start_a_limit_in_hours() -> None:
    found = deadline(limit_of(Unit.HOURS, 2), {"known": date(2025, 9, 26)})

    assert found.state is DeadlineState.NOT_STARTED
    assert found.steps[0].text == "知悉只登记了日期，没有几点几分，时限无法起算；请补登时间。"


def test_an_empty_list_of_events_is_no_start() -> None:
    assert deadline(limit_of(Unit.HOURS), {"known": []}).state is DeadlineState.NOT_STARTED


# -- years not announced ----------------------------------------------------------------


def test_what_depends_on_a_year_not_announced_has_no_date_and_says_why() -> None:
    found = deadline(limit_of(Unit.WORKING_DAYS, 5), {"known": on("2026-12-29", "10:00")})

    assert (found.state, found.due_at, found.missing_year) == (
        DeadlineState.YEAR_NOT_ANNOUNCED,
        None,
        2027,
    )
    assert found.started_at == on("2026-12-29", "10:00")
    assert found.steps[-1].kind is StepKind.UNKNOWN
    assert found.steps[-1].text.startswith("2027年的节假日安排未公布（日历版本cn-2026.1）")


@pytest.mark.parametrize(
    ("limit", "state"),
    [
        (limit_of(Unit.CALENDAR_DAYS, 15), DeadlineState.SET),
        (limit_of(Unit.HOURS, 400), DeadlineState.SET),
        (limit_of(Unit.CALENDAR_DAYS, 15, shift=Shift.NEXT), DeadlineState.YEAR_NOT_ANNOUNCED),
        (limit_of(Unit.CALENDAR_DAYS, 15, end=DayEnd.CLOSING), DeadlineState.YEAR_NOT_ANNOUNCED),
        (limit_of(Unit.WORKING_HOURS, 40), DeadlineState.YEAR_NOT_ANNOUNCED),
        (limit_of(Unit.WORKDAY_OF_MONTH, 2), DeadlineState.YEAR_NOT_ANNOUNCED),
        (limit_of(Unit.WORKING_DAYS, 1), DeadlineState.SET),
    ],
)
def test_only_what_needs_the_missing_year_is_without_a_date(
    limit: TimeLimit, state: DeadlineState
) -> None:
    assert deadline(limit, {"known": on("2026-12-29", "10:00")}).state is state


def test_an_extension_to_a_date_needs_no_calendar_of_the_missing_year() -> None:
    until = Extension(
        mode=ExtensionMode.UNTIL,
        until=date(2027, 1, 20),
        approved_at=on("2026-12-30", "09:00"),
        by="王主任",
    )

    found = deadline(
        limit_of(Unit.WORKING_DAYS, 5), {"known": on("2026-12-29", "10:00")}, extensions=[until]
    )

    assert shown(found.due_at) == "2027-01-20 24:00"


# -- closing time, words, refusals ------------------------------------------------------


def test_closing_time_of_a_day_without_hours_is_midnight_and_says_so() -> None:
    limit = limit_of(Unit.CALENDAR_DAYS, 4, end=DayEnd.CLOSING)

    found = deadline(limit, KNOWN)

    assert shown(found.due_at) == "2025-07-05 24:00"
    assert "2025年7月5日（周六）没有营业时间，按24:00截止。" in found.text


@pytest.mark.parametrize(
    ("limit", "text"),
    [
        (limit_of(Unit.MINUTES, 90), "知悉后1小时30分钟"),
        (limit_of(Unit.WORKING_HOURS, 2, start="received"), "收到后2小时工作时间"),
        (
            limit_of(Unit.WORKING_DAYS, 5, shift=Shift.NEXT),
            "知悉后5个工作日（次日起算，至当日24:00止，遇非工作日顺延）",
        ),
        (
            limit_of(Unit.SAME_DAY, end=DayEnd.CLOSING, outside_hours=OutsideHours.NEXT_OPENING),
            "知悉当日（至当日下班止，非工作时间的自下次上班起算）",
        ),
        (limit_of(Unit.DAY_OF_MONTH, 5, start="happened"), "发生次月5日前（至当日24:00止）"),
        (
            limit_of(Unit.WORKDAY_OF_MONTH, 2, month_offset=0, end=time(17, 0)),
            "知悉当月第2个工作日前（至当日17:00止）",
        ),
        (limit_of(Unit.WORKING_DAYS_BEFORE, 3, start="event"), "事项前3个工作日（至当日24:00止）"),
        (
            limit_of(Unit.DATE, on=date(2025, 10, 4), shift=Shift.PREVIOUS),
            "固定日期2025年10月4日（周六）（至当日24:00止，遇非工作日提前）",
        ),
        (
            limit_of(Unit.MONTHS, 1, count_from=CountFrom.SAME_DAY, start="整改通知送达"),
            "整改通知送达后1个月（当日起算，至当日24:00止）",
        ),
    ],
)
def test_a_limit_reads_as_a_chinese_phrase(limit: TimeLimit, text: str) -> None:
    assert describe(limit) == text


@pytest.mark.parametrize(
    ("unit", "more", "code"),
    [
        (Unit.HOURS, {"amount": 0}, "limit-amount"),
        (Unit.WORKING_DAYS, {"amount": 2501}, "limit-amount"),
        (Unit.DATE, {}, "limit-date"),
        (Unit.DAY_OF_MONTH, {"amount": 32}, "limit-day"),
        (Unit.WORKDAY_OF_MONTH, {"amount": 16}, "limit-workday"),
        (Unit.DAY_OF_MONTH, {"month_offset": -1}, "limit-month"),
        (Unit.HOURS, {"start": " "}, "limit-start"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(unit: Unit, more: dict[str, object], code: str) -> None:
    with pytest.raises(InputRefused) as caught:
        TimeLimit(unit=unit, **more)  # type: ignore[arg-type]

    assert caught.value.code == code
    assert str(caught.value).endswith("。")


def test_working_days_without_a_calendar_are_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        compute_deadline(limit_of(Unit.WORKING_DAYS), KNOWN)

    assert caught.value.code == "limit-needs-calendar"


def test_working_hours_without_hours_are_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        compute_deadline(limit_of(Unit.WORKING_HOURS), KNOWN, calendar=CALENDAR)

    assert caught.value.code == "limit-needs-hours"


def test_working_hours_that_never_come_are_refused() -> None:
    closed = WorkHours("撤并网点", ((),) * 7, makeup=(), follows_calendar=False)

    with pytest.raises(InputRefused) as caught:
        compute_deadline(limit_of(Unit.WORKING_HOURS), KNOWN, hours=closed)

    assert caught.value.code == "limit-unreachable"


def test_the_calendar_is_named_only_where_it_decided() -> None:
    by_days = deadline(limit_of(Unit.WORKING_DAYS), KNOWN)
    by_clock = deadline(limit_of(Unit.HOURS), KNOWN)

    assert (by_days.calendar_version, by_clock.calendar_version) == ("cn-2026.1", "")
