"""The calendar of working days as it stands now or stood once, and the hours of a unit.

The newest version of each year counts. A year nobody has entered is not announced, and what
needs it says so. ``v12`` is the calendar after the twelfth entry; any older one can be had.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files

from wenyou.knobs.services import setting
from wenyou.org.models import CalendarIssue, OpeningHours, Unit
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import Calendar, CalendarYear, DayKind, DayRow
from wenyou_core.worktime.calendar_data import read_calendar
from wenyou_core.worktime.hours import DayException, WorkHours, parse_segments

TITLE = "工作日历"


def shipped_calendar() -> Calendar:
    """The years that come with the program, each with the number of its notice."""
    data = files("wenyou_core.worktime") / "data" / "cn_holidays.yaml"
    return read_calendar(data.read_text("utf-8"), "cn_holidays.yaml")


def calendar_now() -> Calendar:
    """The calendar in force: the newest version of every year that was entered."""
    newest = CalendarIssue.objects.order_by("-pk").values_list("pk", "entered_at").first()
    number, entered = newest or (0, None)
    return _calendar(number, entered, _rest())


def calendar_version() -> str:
    """The name of the calendar in force; every entry makes a new one."""
    newest = CalendarIssue.objects.order_by("-pk").values_list("pk", flat=True).first()
    return f"v{newest or 0}"


def calendar_for(first: date, last: date) -> Calendar:
    """The calendar in force, for days from ``first`` to ``last``.

    A version is one for all years, so that a deadline names the same version however far it
    reaches. Raises InputRefused when the days are reversed.
    """
    if last < first:
        raise InputRefused("calendar-range", "日期范围的止不能早于起，请改正。")
    return calendar_now()


def calendar_at(version: str) -> Calendar:
    """The calendar of a version. Raises InputRefused for one that never was."""
    text = version.removeprefix("v")
    number = int(text) if text.isdecimal() else -1
    last = CalendarIssue.objects.filter(pk=number).values_list("entered_at", flat=True).first()
    if last is None and number != 0:
        raise InputRefused("calendar-version", f"没有“{version}”这个日历版本，请核对。")
    return _calendar(number, last, _rest())


def _rest() -> tuple[int, ...]:
    """The days of each week that are free, as set."""
    return tuple(int(one) for one in sorted(setting("calendar.rest_weekdays")))


@lru_cache(maxsize=64)
def _calendar(newest: int, _entered_at: datetime | None, rest: tuple[int, ...]) -> Calendar:
    """Entries are never changed, so a version once built stays right."""
    issues: dict[int, CalendarIssue] = {}
    for issue in CalendarIssue.objects.filter(pk__lte=newest).order_by("pk"):
        issues[issue.year] = issue
    years = tuple(year_of(issues[year]) for year in sorted(issues))
    return Calendar(f"v{newest}", years, frozenset(rest), TITLE)


def year_of(issue: CalendarIssue) -> CalendarYear:
    """A stored year as the core knows it."""
    rows = tuple(
        DayRow(date.fromisoformat(day), DayKind(kind), name) for day, kind, name in issue.days
    )
    return CalendarYear(
        issue.year, tuple(sorted(rows)), issue.notice, issue.issued_on, issue.announced
    )


def rows_of(year: CalendarYear) -> list[list[str]]:
    """The days of a year as they are stored."""
    return [[row.day.isoformat(), row.kind.value, row.name] for row in sorted(year.rows)]


# -- hours ------------------------------------------------------------------------------


def hours_for(unit: Unit, day: date) -> WorkHours:
    """The hours of a unit on a day: its own, else those of the nearest unit above that has
    some, else the house's standard hours of the settings.
    """
    row = hours_row(unit, day)
    return work_hours(row) if row is not None else standard_hours()


def hours_row(unit: Unit, day: date) -> OpeningHours | None:
    """The entry that counts for a unit on a day, its own or an inherited one."""
    above = [int(part) for part in unit.path.strip("/").split("/") if part]
    rows = OpeningHours.objects.filter(unit_id__in=above, from_on__lte=day)
    return rows.select_related("unit").order_by("-unit__depth", "-from_on").first()


def standard_hours() -> WorkHours:
    """The hours of a house in which nobody has entered any."""
    day = parse_segments(str(setting("hours.standard")))
    return WorkHours("标准工作时间", (day,) * 5 + ((),) * 2, makeup=day)


def work_hours(row: OpeningHours) -> WorkHours:
    """Stored hours as the core knows them."""
    return WorkHours(
        name=f"{row.unit}营业时间",
        weekly=tuple(parse_segments(day) for day in row.weekly),
        makeup=parse_segments(row.makeup),
        holiday=parse_segments(row.holiday),
        exceptions=tuple(
            DayException(date.fromisoformat(day), parse_segments(text), reason)
            for day, text, reason in row.exceptions
        ),
    )
