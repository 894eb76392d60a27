"""Enter and mend years of the calendar; each entry is a new version, none is changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wenyou.audit.services import Change, record
from wenyou.org.actions import calendar_keeper
from wenyou.org.hooks import tell_calendar
from wenyou.org.models import CalendarIssue
from wenyou.org.timetable import calendar_now, calendar_version, rows_of, shipped_calendar, year_of
from wenyou.org.words import clean_text
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import CalendarYear, DayKind, DayRow

if TYPE_CHECKING:
    from wenyou.accounts.models import User

SHIPPED = "随程序提供"
KINDS = {"放假": DayKind.HOLIDAY, "调休上班": DayKind.MAKEUP}


@transaction.atomic
def load_shipped_calendar() -> int:
    """Store the shipped years that are not in the database yet; returns how many."""
    kept = set(CalendarIssue.objects.values_list("year", flat=True))
    now = timezone.now()
    fresh = [
        CalendarIssue(
            year=one.year, version=1, announced=one.announced, notice=one.notice,
            issued_on=one.issued_on, days=rows_of(one), entered_at=now, reason=SHIPPED,
        )
        for one in shipped_calendar().years
        if one.year not in kept
    ]  # fmt: skip
    for issue in fresh:
        issue.save()
    return len(fresh)


@transaction.atomic
def enter_calendar_year(year: CalendarYear, *, reason: str, by: User | None) -> CalendarIssue:
    """Enter or mend a year as a new version; whoever computes deadlines is told.

    Raises CalendarError with every day that contradicts itself, InputRefused when nothing
    differs from the version in force.
    """
    calendar_keeper(by, "录入工作日历")
    before = calendar_now()
    newest = CalendarIssue.objects.filter(year=year.year).order_by("-version").first()
    if newest is not None and year_of(newest) == year:
        raise InputRefused(
            "calendar-same", f"{year.year}年的日历与现行版本完全相同，没有要保存的内容。"
        )
    before.replaced(year, version=f"{before.version}+")  # Raises for what contradicts itself.
    issue = CalendarIssue.objects.create(
        year=year.year, version=newest.version + 1 if newest else 1, announced=year.announced,
        notice=clean_text(year.notice, "通知文号", 80, required=False), issued_on=year.issued_on,
        days=rows_of(year), entered_at=timezone.now(), entered_by=by,
        reason=clean_text(reason, "变更原因", 200),
    )  # fmt: skip
    said = {"year": year.year, "version": issue.version, "notice": issue.notice, "days": issue.days}
    old = {"version": newest.version, "days": newest.days} if newest else {}
    change = Change(subject=issue, old=old, new=said, note=issue.reason)
    record("org.calendar.enter", by=by, change=change)
    tell_calendar(before.version, calendar_version())
    return issue


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice a year of the calendar comes from."""

    number: str
    issued_on: date | None = None


def calendar_from_table(path: Path, year: int, notice: Notice) -> CalendarYear:
    """Read a year from a table with the columns 日期, 类型 (放假 or 调休上班) and 名称.

    Raises TableFaults with every row that cannot be read.
    """
    from wenyou_desk.tables.read import read_tables  # noqa: PLC0415 -- slow import
    from wenyou_desk.tables.spec import (  # noqa: PLC0415 -- slow import
        Choice,
        ColumnSpec,
        Kind,
        SheetSpec,
    )

    choices = tuple(Choice(kind.value, title) for title, kind in KINDS.items())
    spec = SheetSpec(
        name="calendar",
        title="日历",
        columns=(
            ColumnSpec(name="day", title="日期", kind=Kind.DATE, required=True),
            ColumnSpec(name="kind", title="类型", kind=Kind.CHOICE, required=True, choices=choices),
            ColumnSpec(name="name", title="名称", required=True, aliases=("节日",)),
        ),
    )
    rows = tuple(
        DayRow(day, DayKind(str(kind)), str(name))
        for table in read_tables(path, [spec]).tables
        for day, kind, name in table.rows()
        if isinstance(day, date)
    )
    return CalendarYear(year, tuple(sorted(rows)), notice.number, notice.issued_on)
