"""How numbers, days and stretches of time read."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou.web import words
from wenyou_core.worktime.texts import BEIJING

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=BEIJING)


def moment(month: int, day: int, hour: int = 0, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("fen", "text"),
    [(123456, "1,234.56"), (-60000, "−600.00"), (5, "0.05"), (-5, "−0.05"), (None, "—")],
)
def test_yuan_shows_two_digits_and_a_real_minus(fen: int | None, text: str) -> None:
    assert words.yuan(fen) == text


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_yuan_reads_back_to_the_same_fen(fen: int) -> None:
    read = Decimal(words.yuan(fen).replace(",", "").replace(words.MINUS, "-"))

    assert read * 100 == fen


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal("98.50"), "98.50"), (Decimal("-0.5"), "−0.5"), ("1E+2", "100"), (None, "—")],
)
def test_points_keep_the_digits_they_were_given(value: Decimal | str | None, text: str) -> None:
    assert words.points(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(Decimal(2), "+2"), (Decimal("-0.5"), "−0.5"), (Decimal(0), "0"), (Decimal("0.00"), "0.00")],
)
def test_signed_points_carry_a_plus_only_above_zero(value: Decimal, text: str) -> None:
    assert words.signed(value) == text


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (moment(10, 12, 16, 30), "今天 16:30"),
        (moment(10, 13, 9, 5), "明天 09:05"),
        (moment(10, 11, 8), "昨天 08:00"),
        (moment(10, 18, 16, 30), "10月18日（周日）16:30"),
        (moment(1, 4, 9, year=2027), "2027年1月4日（周一）09:00"),
        (datetime.combine(date(2026, 10, 14), time.max, BEIJING), "10月14日（周三）24:00"),
        (datetime(2026, 10, 12, 17, 0, tzinfo=UTC), "明天 01:00"),
        (None, "—"),
    ],
)
def test_moments_read_as_people_say_them(at: datetime | None, text: str) -> None:
    assert words.when(at, NOW) == text


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=2, hours=3, minutes=5), "2 天 3 小时"),
        (timedelta(days=2), "2 天"),
        (timedelta(minutes=45), "45 分钟"),
        (timedelta(hours=1, minutes=5), "1 小时 5 分钟"),
        (timedelta(seconds=20), "0 分钟"),
    ],
)
def test_durations_name_their_two_largest_measures(length: timedelta, text: str) -> None:
    assert words.duration(length) == text


@pytest.mark.parametrize(
    ("due", "working_days", "text"),
    [
        (moment(10, 12, 12, 30), None, "还剩 3 小时"),
        (moment(10, 12, 8, 50), None, "超时 40 分钟"),
        (moment(10, 9, 17), None, "逾期 3 天"),
        (moment(10, 14, 17), 2, "还剩 2 个工作日"),
        (moment(10, 14, 17), None, "还剩 2 天"),
        (datetime.combine(date(2026, 10, 12), time.max, BEIJING), None, "还剩 14 小时 30 分钟"),
        (None, None, "到期日未定"),
    ],
)
def test_time_left_is_over_in_hours_today_and_in_days_after(
    due: datetime | None, working_days: int | None, text: str
) -> None:
    assert words.left(due, NOW, working_days=working_days) == text


@pytest.mark.parametrize(
    ("text", "kind", "hidden"),
    [
        ("欧阳文静", "name", "欧***"),
        ("13800138000", "phone", "138****8000"),
        ("110101199003071234", "identity", "110101********1234"),
        ("1234", "phone", "1***"),
        ("", "name", "—"),
        (None, "phone", "—"),
    ],
)
def test_masked_shows_no_more_than_the_kept_ends(text: str | None, kind: str, hidden: str) -> None:
    assert words.masked(text, kind) == hidden


@given(st.text(min_size=1, max_size=40).map(str.strip).filter(bool))
def test_masked_always_hides_something(text: str) -> None:
    for kind in ("name", *words.KEPT):
        assert words.MASK in words.masked(text, kind)


def test_counted_stops_above_the_most() -> None:
    assert words.counted(10_000, 10_000) == "10,000"
    assert words.counted(10_001, 10_000) == "10,000+"


def test_moments_in_cells_leave_the_weekday_out() -> None:
    assert words.when_short(moment(10, 18, 16, 30), NOW) == "10月18日 16:30"
    assert words.when_short(moment(10, 13, 16, 30), NOW) == "明天 16:30"
    assert words.when_short(moment(1, 4, 9, year=2027), NOW) == "2027年1月4日 09:00"
    end = datetime.combine(date(2026, 10, 20), time.max, BEIJING)
    assert words.when_short(end, NOW) == "10月20日 24:00"


def test_days_of_another_year_leave_the_weekday_out_in_cells() -> None:
    assert words.day_short(date(2026, 11, 22), NOW.date()) == "11月22日（周日）"
    assert words.day_short(date(2024, 11, 22), NOW.date()) == "2024年11月22日"
