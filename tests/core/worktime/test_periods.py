"""Periods: reading, moving, comparing, leap days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.months import add_months, months_back
from wenyou_core.worktime.periods import (
    Period,
    PeriodKind,
    campaign,
    cycle_of,
    day_range,
    following,
    half,
    last_closed_cycle,
    month,
    months_of,
    parse_period,
    period_of,
    previous,
    quarter,
    quarters_of,
    rolling_window,
    run_of,
    same_of_last_year,
    shifted,
    year,
    year_of,
)

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))
GRID_KINDS = st.sampled_from(
    [PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF, PeriodKind.YEAR]
)


@pytest.mark.parametrize(
    ("text", "start", "end", "code", "label"),
    [
        ("2025-07", date(2025, 7, 1), date(2025, 7, 31), "2025-07", "2025年7月"),
        ("2025Q3", date(2025, 7, 1), date(2025, 9, 30), "2025Q3", "2025年第三季度"),
        ("2025H2", date(2025, 7, 1), date(2025, 12, 31), "2025H2", "2025年下半年"),
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "2025", "2025年"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-02", "2024年2月"),
        (
            "2025-10-01..2025-12-31",
            date(2025, 10, 1),
            date(2025, 12, 31),
            "2025-10-01..2025-12-31",
            "2025年10月1日至2025年12月31日",
        ),
    ],
)
def test_parse_period_reads_each_form(
    text: str, start: date, end: date, code: str, label: str
) -> None:
    period = parse_period(text)

    assert (period.start, period.end, period.code, period.label) == (start, end, code, label)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (" 2025q3 ", "2025Q3"),
        ("2025Q3", "2025Q3"),
        ("2025年7月", "2025-07"),
        ("2025年三季度", "2025Q3"),
        ("2025年第3季度", "2025Q3"),
        ("2025年上半年", "2025H1"),
        ("2025年度", "2025"),
        ("2025-01-05 .. 2025-01-06", "2025-01-05..2025-01-06"),
        ("2025-01-05至2025-01-06", "2025-01-05..2025-01-06"),
    ],
)
def test_parse_period_reads_what_people_type(text: str, code: str) -> None:
    assert parse_period(text).code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "period-unreadable"),
        ("上个季度", "period-unreadable"),
        ("2025-7", "period-unreadable"),
        ("2025-02-30..2025-03-01", "period-unreadable"),
        ("2025Q5", "period-number"),
        ("2025-13", "period-number"),
        ("2025H0", "period-number"),
        ("1025Q1", "period-year"),
        ("2025-12-31..2025-10-01", "period-reversed"),
    ],
)
def test_parse_period_refuses_with_a_chinese_sentence(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as caught:
        parse_period(text)

    assert caught.value.code == code
    assert str(caught.value).endswith("。")


def test_a_month_off_the_grid_is_refused() -> None:
    with pytest.raises(InputRefused) as caught:
        Period(PeriodKind.MONTH, date(2025, 7, 2), date(2025, 7, 31), "七月")

    assert caught.value.code == "period-off-grid"


@given(GRID_KINDS, DAYS)
def test_code_and_label_of_a_grid_period_read_back_as_itself(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)

    assert parse_period(period.code) == period
    assert parse_period(period.label) == period
    assert day in period


@given(GRID_KINDS, DAYS, st.integers(-40, 40))
def test_shifting_forth_and_back_returns_to_the_same_period(
    kind: PeriodKind, day: date, steps: int
) -> None:
    period = period_of(kind, day)

    assert shifted(shifted(period, steps), -steps) == period


@given(GRID_KINDS, DAYS)
def test_neighbours_touch_without_gap_or_overlap(kind: PeriodKind, day: date) -> None:
    period = period_of(kind, day)

    assert previous(period).end + timedelta(days=1) == period.start
    assert following(period).start - timedelta(days=1) == period.end
    assert previous(period) < period < following(period)


@pytest.mark.parametrize(
    ("period", "before", "last_year"),
    [
        (month(2025, 1), "2024-12", "2024-01"),
        (quarter(2025, 1), "2024Q4", "2024Q1"),
        (half(2025, 1), "2024H2", "2024H1"),
        (year(2025), "2024", "2024"),
        (
            campaign("旺季", date(2025, 10, 1), date(2025, 12, 31)),
            "2025-07-01..2025-09-30",
            "2024-10-01..2024-12-31",
        ),
        (
            day_range(date(2025, 2, 1), date(2025, 2, 28)),
            "2025-01-01..2025-01-31",
            "2024-02-01..2024-02-29",
        ),
        (
            day_range(date(2024, 2, 10), date(2024, 2, 29)),
            "2024-01-21..2024-02-09",
            "2023-02-10..2023-02-28",
        ),
    ],
)
def test_previous_and_last_year_of_each_kind(period: Period, before: str, last_year: str) -> None:
    assert previous(period).code == before
    assert same_of_last_year(period).code == last_year


@pytest.mark.parametrize(
    ("day", "months", "start"),
    [
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2024, 2, 28), 12, date(2023, 2, 28)),
        (date(2025, 2, 28), 12, date(2024, 2, 28)),
        (date(2025, 3, 31), 1, date(2025, 2, 28)),
        (date(2025, 5, 31), 3, date(2025, 2, 28)),
        (date(2025, 1, 15), 1, date(2024, 12, 15)),
    ],
)
def test_months_back_clamps_to_the_end_of_the_month(day: date, months: int, start: date) -> None:
    assert months_back(day, months) == start


def test_months_back_equals_the_interval_of_duckdb() -> None:
    duckdb = pytest.importorskip("duckdb")
    rows = duckdb.sql(
        "SELECT d::DATE, n, (d - to_months(n))::DATE FROM"
        " range(DATE '2023-01-01', DATE '2025-01-01', INTERVAL 1 DAY) t(d),"
        " (VALUES (1), (3), (12), (24)) m(n)"
    ).fetchall()

    assert len(rows) == 4 * 731
    assert [(day, n, months_back(day, n)) for day, n, _ in rows] == rows


def test_rolling_window_includes_the_same_day_a_year_earlier() -> None:
    window = rolling_window(date(2025, 7, 1), 12)

    assert (window.start, window.end) == (date(2024, 7, 1), date(2025, 7, 1))


def test_months_and_quarters_of_a_campaign_are_whole_ones_unless_asked() -> None:
    period = campaign("春节", date(2025, 1, 15), date(2025, 7, 2))

    assert [m.code for m in months_of(period)] == [
        "2025-02",
        "2025-03",
        "2025-04",
        "2025-05",
        "2025-06",
    ]
    assert [q.code for q in quarters_of(period)] == ["2025Q2"]
    assert [q.code for q in quarters_of(period, partial=True)] == ["2025Q1", "2025Q2", "2025Q3"]


def test_months_and_quarters_of_a_year_are_complete() -> None:
    assert [m.code for m in months_of(year(2025))] == [f"2025-{n:02d}" for n in range(1, 13)]
    assert [q.code for q in quarters_of(half(2025, 2))] == ["2025Q3", "2025Q4"]


def test_year_of_is_the_year_in_which_a_period_ends() -> None:
    period = campaign("跨年", date(2025, 12, 1), date(2026, 2, 28))

    assert year_of(period) == year(2026)


def test_run_of_lists_consecutive_periods_and_refuses_mixed_ones() -> None:
    run = run_of(quarter(2024, 3), quarter(2025, 2))

    assert [p.code for p in run] == ["2024Q3", "2024Q4", "2025Q1", "2025Q2"]
    with pytest.raises(InputRefused):
        run_of(quarter(2024, 3), month(2025, 2))
    with pytest.raises(InputRefused):
        run_of(quarter(2025, 3), quarter(2025, 2))


def test_cycles_of_a_leap_day_come_back_to_the_leap_day() -> None:
    anchor = date(2024, 2, 29)

    cycles = run_of(cycle_of(anchor, anchor), cycle_of(anchor, date(2028, 3, 1)))

    assert [p.start for p in cycles] == [
        date(2024, 2, 29),
        date(2025, 2, 28),
        date(2026, 2, 28),
        date(2027, 2, 28),
        date(2028, 2, 29),
    ]
    assert [previous(p) for p in cycles[1:]] == list(cycles[:-1])


@given(DAYS, DAYS)
def test_every_day_lies_in_exactly_one_cycle(anchor: date, day: date) -> None:
    cycle = cycle_of(anchor, day)

    assert cycle.contains(day)
    assert cycle.end + timedelta(days=1) == following(cycle).start
    assert cycle.anchor == anchor


def test_last_closed_cycle_counts_one_that_ends_on_the_day_itself() -> None:
    anchor = date(2024, 7, 1)

    assert last_closed_cycle(anchor, date(2025, 6, 30)).end == date(2025, 6, 30)
    assert last_closed_cycle(anchor, date(2025, 6, 29)).end == date(2024, 6, 30)


def test_periods_sort_in_time_and_iterate_over_their_days() -> None:
    shuffled = [quarter(2025, 2), month(2025, 1), quarter(2025, 1), year(2024)]

    assert [p.code for p in sorted(shuffled)] == ["2024", "2025-01", "2025Q1", "2025Q2"]
    assert len(list(month(2024, 2))) == month(2024, 2).days == 29


def test_covers_and_overlaps() -> None:
    assert quarter(2025, 3).covers(month(2025, 9))
    assert not month(2025, 9).covers(quarter(2025, 3))
    assert quarter(2025, 3).overlaps(day_range(date(2025, 9, 30), date(2025, 10, 2)))
    assert not quarter(2025, 3).overlaps(quarter(2025, 4))


@given(DAYS, st.integers(-60, 60))
def test_add_months_never_leaves_the_month_aimed_at(day: date, months: int) -> None:
    moved = add_months(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day <= day.day
