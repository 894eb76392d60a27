"""The calendar: shipped years, new versions, years nobody has announced."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.platform.people import Cast
from wenyou.errors import NotAllowed
from wenyou.org import hooks
from wenyou.org.models import CalendarIssue
from wenyou.org.queries import calendar_for, calendar_now
from wenyou.org.services import calendar_from_table, enter_calendar_year, load_shipped_calendar
from wenyou.org.services.calendar import Notice
from wenyou.org.timetable import calendar_at, calendar_version, shipped_calendar
from wenyou_core.errors import FactsError, InputRefused
from wenyou_core.worktime.calendar import (
    CalendarError,
    CalendarYear,
    DayKind,
    DayRow,
    YearNotAnnounced,
)

NOTICE = "国办发明电〔2026〕9号"


def year(number: int = 2027, *rows: DayRow) -> CalendarYear:
    first = DayRow(date(number, 1, 1), DayKind.HOLIDAY, "元旦")
    return CalendarYear(number, (first, *rows), NOTICE, date(2026, 11, 1))


def test_database_begins_with_the_shipped_years_and_their_notices(db: None) -> None:
    assert calendar_now().years == shipped_calendar().years
    assert load_shipped_calendar() == 0


def test_year_nobody_entered_is_not_announced_and_says_so(db: None) -> None:
    with pytest.raises(YearNotAnnounced, match="2027年的节假日安排未公布"):
        calendar_for(date(2026, 12, 1), date(2027, 2, 1)).is_workday(date(2027, 1, 4))


def test_entered_year_makes_a_new_version_and_the_old_one_can_still_be_had(cast: Cast) -> None:
    before = calendar_version()

    issue = enter_calendar_year(year(), reason="国务院办公厅已发布", by=cast.system_admin)

    # The first version of 2027 is the shipped 未公布.
    assert (issue.version, calendar_now().announced(2027)) == (2, True)
    assert calendar_version() != before
    assert not calendar_at(before).announced(2027)


def test_mended_year_is_one_more_version_and_listeners_hear_both_names(cast: Cast) -> None:
    enter_calendar_year(year(), reason="发布", by=cast.system_admin)
    heard: list[tuple[str, str]] = []

    def listen(old: str, new: str) -> None:
        heard.append((old, new))

    hooks.after_calendar(listen)
    before = calendar_version()
    more = DayRow(date(2027, 10, 1), DayKind.HOLIDAY, "国庆节")
    issue = enter_calendar_year(year(2027, more), reason="补录国庆", by=cast.system_admin)
    hooks._calendar.remove(listen)

    assert issue.version == 3
    assert heard == [(before, calendar_version())]
    assert CalendarIssue.objects.filter(year=2027).count() == 3


def test_same_year_again_is_refused(cast: Cast) -> None:
    enter_calendar_year(year(), reason="发布", by=cast.system_admin)

    with pytest.raises(InputRefused, match="完全相同"):
        enter_calendar_year(year(), reason="发布", by=cast.system_admin)


def test_year_that_contradicts_itself_is_refused_and_nothing_is_stored(cast: Cast) -> None:
    wrong = DayRow(date(2027, 3, 3), DayKind.MAKEUP, "春节")  # a Wednesday

    with pytest.raises(CalendarError, match="本来就上班"):
        enter_calendar_year(year(2027, wrong), reason="发布", by=cast.system_admin)
    assert not calendar_now().announced(2027)


def test_calendar_is_kept_by_the_administrator_and_needs_a_reason(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        enter_calendar_year(year(), reason="发布", by=cast.chen)
    with pytest.raises(InputRefused, match="变更原因"):
        enter_calendar_year(year(), reason=" ", by=cast.system_admin)


@pytest.mark.parametrize("version", ["", "v", "v999999", "w1", "v-1"])
def test_version_that_never_was_is_refused(db: None, version: str) -> None:
    with pytest.raises(InputRefused, match="日历版本"):
        calendar_at(version)


def test_year_is_read_from_a_table_and_wrong_rows_are_named(tmp_path: Path, cast: Cast) -> None:
    good = tmp_path / "日历.csv"
    good.write_text("日期,类型,名称\n2027-01-01,放假,元旦\n2027-01-02,放假,元旦\n", "utf-8")
    read = calendar_from_table(good, 2027, Notice(NOTICE, date(2026, 11, 1)))
    assert [row.day.day for row in read.rows] == [1, 2]
    assert enter_calendar_year(read, reason="发布", by=cast.system_admin).version == 2

    bad = tmp_path / "日历2.csv"
    bad.write_text("日期,类型,名称\n2027-01-01,放大假,元旦\n", "utf-8")
    with pytest.raises(FactsError, match="类型"):
        calendar_from_table(bad, 2027, Notice(NOTICE))
