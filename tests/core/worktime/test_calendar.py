"""The working calendar: the shipped years, counting, versions, faults."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.worktime.shipped import shipped_calendar, shipped_text
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import (
    Calendar,
    CalendarError,
    CalendarYear,
    DayKind,
    DayRow,
    YearNotAnnounced,
    changed_days,
)
from wenyou_core.worktime.calendar_data import read_calendar, write_calendar
from wenyou_core.worktime.periods import day_range, month, parse_period, quarter, year

CALENDAR = shipped_calendar()
DAYS = st.dates(date(2023, 2, 1), date(2026, 11, 30))

# Counted by hand from the notices, apart from the file: days of the year, its Saturdays and
# Sundays, weekdays that became days off, rest days that became workdays.
HAND_COUNT = {
    2023: (365, 105, 18, 7),
    2024: (366, 104, 19, 8),
    2025: (365, 104, 18, 5),
    2026: (365, 104, 19, 6),
}


@pytest.mark.parametrize("number", sorted(HAND_COUNT))
def test_workdays_of_a_year_equal_the_count_by_hand(number: int) -> None:
    days, weekend_days, weekdays_off, makeups = HAND_COUNT[number]

    assert CALENDAR.working_days_in(year(number)) == days - weekend_days - weekdays_off + makeups


@pytest.mark.parametrize(
    ("code", "workdays"),
    [("2023", 249), ("2024", 251), ("2025", 248), ("2026", 248)],
)
def test_workdays_of_a_year_are_the_published_totals(code: str, workdays: int) -> None:
    assert CALENDAR.working_days_in(parse_period(code)) == workdays


@pytest.mark.parametrize(
    ("code", "workdays"),
    [
        ("2023-01", 18),
        ("2023-10", 19),
        ("2024-02", 18),
        ("2024-05", 21),
        ("2025-01", 19),
        ("2025-02", 19),
        ("2025-10", 18),
        ("2026-01", 21),
        ("2026-02", 16),
        ("2026-10", 18),
    ],
)
def test_workdays_of_a_month_with_a_holiday(code: str, workdays: int) -> None:
    assert CALENDAR.working_days_in(parse_period(code)) == workdays


def test_every_shipped_year_names_its_notice() -> None:
    notices = {one.year: one.notice for one in CALENDAR.years if one.announced}

    assert notices == {
        2023: "国办发明电〔2022〕16号",
        2024: "国办发明电〔2023〕7号",
        2025: "国办发明电〔2024〕12号",
        2026: "国办发明电〔2025〕7号",
    }


def test_makeup_saturday_is_a_workday_and_says_why() -> None:
    assert CALENDAR.is_workday(date(2025, 10, 11))
    assert CALENDAR.reason(date(2025, 10, 11)) == "国庆节、中秋节调休上班"
    assert not CALENDAR.is_workday(date(2025, 10, 8))
    assert CALENDAR.reason(date(2025, 10, 8)) == "国庆节、中秋节放假"
    assert CALENDAR.reason(date(2025, 7, 5)) == "周六休息"
    assert CALENDAR.reason(date(2025, 7, 4)) == ""


def test_a_row_in_the_december_before_its_year_is_known() -> None:
    assert not CALENDAR.is_workday(date(2022, 12, 31))


def test_a_year_not_announced_is_refused_and_named() -> None:
    with pytest.raises(YearNotAnnounced) as caught:
        CALENDAR.is_workday(date(2027, 1, 4))

    assert caught.value.year == 2027
    assert "2027年的节假日安排未公布" in str(caught.value)


def test_counting_into_a_year_not_announced_is_refused() -> None:
    with pytest.raises(YearNotAnnounced):
        CALENDAR.add_working_days(date(2026, 12, 30), 5)
    with pytest.raises(YearNotAnnounced):
        CALENDAR.working_days_in(day_range(date(2026, 12, 1), date(2027, 1, 31)))


@pytest.mark.parametrize(
    ("day", "amount", "expected"),
    [
        (date(2025, 9, 26), 1, date(2025, 9, 28)),
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        (date(2025, 10, 9), -1, date(2025, 9, 30)),
        (date(2025, 10, 4), 0, date(2025, 10, 4)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
    ],
)
def test_adding_working_days_over_holidays(day: date, amount: int, expected: date) -> None:
    assert CALENDAR.add_working_days(day, amount) == expected


@given(DAYS, st.integers(1, 15))
def test_working_days_forth_and_back_return_to_the_last_workday(day: date, amount: int) -> None:
    ahead = CALENDAR.add_working_days(day, amount)

    assert CALENDAR.is_workday(ahead)
    assert CALENDAR.working_days_after(day, ahead) == amount
    assert CALENDAR.add_working_days(ahead, -amount) == CALENDAR.previous_workday(day)


@given(DAYS, st.integers(0, 60))
def test_counting_a_range_equals_counting_its_days(day: date, length: int) -> None:
    last = min(day + timedelta(days=length), date(2026, 12, 31))
    period = day_range(day, last)

    assert CALENDAR.working_days_in(period) == sum(map(CALENDAR.is_workday, period))


def test_nth_workday_of_a_month_and_one_too_many() -> None:
    assert CALENDAR.nth_workday_of_month(2025, 10, 1) == date(2025, 10, 9)
    assert CALENDAR.nth_workday_of_month(2025, 10, 3) == date(2025, 10, 11)
    with pytest.raises(InputRefused) as caught:
        CALENDAR.nth_workday_of_month(2025, 10, 19)
    assert caught.value.code == "calendar-month-too-short"


def test_next_and_previous_workday_keep_a_workday() -> None:
    assert CALENDAR.next_workday(date(2025, 10, 1)) == date(2025, 10, 9)
    assert CALENDAR.previous_workday(date(2025, 10, 8)) == date(2025, 9, 30)
    assert CALENDAR.next_workday(date(2025, 9, 28)) == date(2025, 9, 28)


def test_working_days_after_is_zero_when_the_end_is_not_later() -> None:
    assert CALENDAR.working_days_after(date(2025, 9, 28), date(2025, 9, 28)) == 0
    assert CALENDAR.working_days_after(date(2025, 9, 28), date(2025, 9, 1)) == 0


# -- versions ---------------------------------------------------------------------------

YEAR_2027 = CalendarYear(
    2027,
    (DayRow(date(2027, 1, 1), DayKind.HOLIDAY, "元旦"),),
    "国办发明电〔2026〕1号",
    date(2026, 11, 10),
)


def test_entering_a_year_makes_a_new_version_and_leaves_the_old_alone() -> None:
    entered = CALENDAR.replaced(YEAR_2027, version="cn-2027.1")

    assert entered.working_days_in(month(2027, 1)) == 20
    assert not CALENDAR.announced(2027)
    assert entered.fingerprint != CALENDAR.fingerprint
    assert len(changed_days(CALENDAR, entered)) == 365


def test_the_same_version_name_twice_is_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        CALENDAR.replaced(YEAR_2027, version=CALENDAR.version)

    assert caught.value.code == "calendar-version-same"


def test_changed_days_names_exactly_the_days_moved() -> None:
    old = next(one for one in CALENDAR.years if one.year == 2026)
    moved = tuple(row for row in old.rows if row.day != date(2026, 10, 10))
    changed = CALENDAR.replaced(
        CalendarYear(2026, moved, old.notice, old.issued_on), version="cn-2026.2"
    )

    assert changed_days(CALENDAR, changed) == (date(2026, 10, 10),)


def test_fingerprint_depends_on_content_only() -> None:
    same = Calendar("other", CALENDAR.years[::-1], CALENDAR.rest_weekdays)

    assert same.fingerprint == CALENDAR.fingerprint


# -- reading ----------------------------------------------------------------------------


def test_written_calendar_reads_back_equal() -> None:
    assert read_calendar(write_calendar(CALENDAR)) == CALENDAR


def _codes(text: str) -> list[tuple[int, str]]:
    with pytest.raises(CalendarError) as caught:
        read_calendar(text, "a.yaml")
    assert all(fault.text.endswith("。") for fault in caught.value.faults)
    return [(fault.place.line, fault.code) for fault in caught.value.faults]


HEAD = "version: v\nrest_weekdays: [6, 7]\nyears:\n"


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", [(0, "calendar-empty")]),
        ("version: [", [(1, "calendar-yaml")]),
        (
            "- 1",
            [
                (0, "calendar-no-years"),
                (0, "calendar-rest-weekdays"),
                (1, "calendar-form"),
                (1, "calendar-no-version"),
            ],
        ),
        (HEAD + "  26:\n    state: 未公布\n", [(4, "calendar-year")]),
        (HEAD + "  2026:\n    state: 待定\n", [(5, "calendar-state")]),
        (HEAD + "  2026:\n    state: 未公布\n    holydays: []\n", [(6, "calendar-unknown-word")]),
        (HEAD + "  2026:\n    state: 未公布\n    state: 未公布\n", [(6, "calendar-word-twice")]),
        (HEAD + "  2026:\n    state: 已公布\n    notice: 文\n", [(0, "calendar-no-rows")]),
        (
            HEAD + "  2026: {state: 已公布, holidays: [{days: 2026-01-01, name: 元旦}]}\n",
            [(0, "calendar-no-notice")],
        ),
        (
            HEAD + "  2026: {state: 未公布, holidays: [{days: 2026-01-01, name: 元旦}]}\n",
            [(0, "calendar-rows-early")],
        ),
        (
            HEAD
            + "  2026: {state: 已公布, notice: 文, holidays: [{days: 2026-02-30, name: 春节}]}\n",
            [(4, "calendar-day")],
        ),
        (
            HEAD
            + "  2026: {state: 已公布, notice: 文, holidays: [{days: 2026-01-03..2026-01-01, name: x}]}\n",
            [(4, "calendar-day")],
        ),
        (
            HEAD
            + "  2026: {state: 已公布, notice: 文, holidays: [{days: 2025-10-01, name: 国庆节}]}\n",
            [(0, "calendar-day-off-year")],
        ),
        (
            HEAD
            + "  2026: {state: 已公布, notice: 文, workdays: [{days: 2026-01-05, name: 元旦}]}\n",
            [(0, "calendar-makeup-on-workday")],
        ),
        (
            HEAD
            + "  2026: {state: 已公布, notice: 文, holidays: [{days: 2026-01-04, name: 元旦}],"
            + " workdays: [{days: 2026-01-04, name: 元旦}]}\n",
            [(0, "calendar-day-twice")],
        ),
        (
            HEAD + "  2026: {state: 已公布, notice: 文, holidays: [{days: 2026-01-01}]}\n",
            [(0, "calendar-no-name")],
        ),
        (
            "version: v\nrest_weekdays: [0, 9]\nyears:\n  2026: {state: 未公布}\n",
            [(0, "calendar-rest-weekdays")],
        ),
        (
            "version: v\nrest_weekdays: 周末\nyears:\n  2026: {state: 未公布}\n",
            [(2, "calendar-rest-weekdays")],
        ),
        ("rest_weekdays: [7]\nyears:\n  2026: {state: 未公布}\n", [(1, "calendar-no-version")]),
    ],
)
def test_a_faulty_calendar_names_line_and_remedy(text: str, codes: list[tuple[int, str]]) -> None:
    assert _codes(text) == codes


def test_a_year_written_twice_is_a_fault() -> None:
    text = HEAD + "  2026: {state: 未公布}\n  2026: {state: 未公布}\n"

    assert _codes(text) == [(0, "calendar-year-twice")]


def test_the_shipped_file_keeps_2027_as_a_state() -> None:
    assert "2027" in shipped_text()
    assert not CALENDAR.announced(2027)


def test_quarter_with_the_longest_holiday_counts_its_makeup_days() -> None:
    assert CALENDAR.working_days_in(quarter(2026, 1)) == 21 + 16 + 22
