"""Working hours of a unit: segments with lunch breaks, make-up days, exceptions by date.

Holidays decide whether a weekday's hours hold; an exception for a date decides over both. A
unit that works the same every week, holiday or not, does not follow the calendar and then
needs none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import Calendar, DayKind
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.texts import BEIJING, beijing

MINUTES_OF_DAY = 24 * 60
LONGEST_SEARCH_DAYS = 3660
_SEGMENT = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class Segment:
    """Open from minute ``start`` of the day until minute ``end``, at most 1440 (24:00)."""

    start: int
    end: int


Segments = tuple[Segment, ...]
Interval = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class DayException:
    """Other hours on one date, and why; no segments: closed."""

    day: date
    segments: Segments
    reason: str


@dataclass(frozen=True)
class WorkHours:
    """When a unit works. ``weekly`` has seven entries, Monday first.

    ``makeup`` are the hours of a make-up workday, ``holiday`` those of a statutory holiday.
    Raises InputRefused when there are not seven days, segments overlap or a date has two
    exceptions.
    """

    name: str
    weekly: tuple[Segments, ...]
    makeup: Segments
    holiday: Segments = ()
    exceptions: tuple[DayException, ...] = ()
    follows_calendar: bool = True
    _by_date: dict[date, DayException] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if len(self.weekly) != 7:
            raise InputRefused("hours-week", f"“{self.name}”的工作时间须写满周一至周日七天。")
        for segments in (*self.weekly, self.makeup, self.holiday):
            check_segments(segments, self.name)
        by_date = {one.day: one for one in self.exceptions}
        if len(by_date) != len(self.exceptions):
            text = f"“{self.name}”的同一天写了两次例外时间，请只留一条。"
            raise InputRefused("hours-exception-twice", text)
        for one in self.exceptions:
            check_segments(one.segments, self.name)
        object.__setattr__(self, "_by_date", by_date)

    def segments(self, day: date, calendar: Calendar | None) -> Segments:
        """The segments of a day; empty when closed.

        Raises YearNotAnnounced when the hours follow a calendar that does not know the year,
        and InputRefused when they follow one and none is given.
        """
        exception = self._by_date.get(day)
        if exception is not None:
            return exception.segments
        if not self.follows_calendar:
            return self.weekly[day.weekday()]
        if calendar is None:
            raise InputRefused(
                "hours-need-calendar", f"“{self.name}”的工作时间按工作日历执行，请先选定日历版本。"
            )
        row = calendar.row(day)
        if row is not None:
            return self.holiday if row.kind is DayKind.HOLIDAY else self.makeup
        calendar.is_workday(day)  # Refuses a year that is not announced.
        return self.weekly[day.weekday()]

    def why_closed(self, day: date, calendar: Calendar | None) -> str:
        """Why a day has no hours, for explanations."""
        exception = self._by_date.get(day)
        if exception is not None:
            return exception.reason or "当日停业"
        row = calendar.row(day) if calendar and self.follows_calendar else None
        return f"{row.name}放假" if row else "当日不营业"

    def intervals(self, day: date, calendar: Calendar | None) -> Iterator[Interval]:
        """The segments of a day as moments from–to, in order."""
        midnight = datetime(day.year, day.month, day.day, tzinfo=BEIJING)
        for segment in self.segments(day, calendar):
            yield (
                midnight + timedelta(minutes=segment.start),
                midnight + timedelta(minutes=segment.end),
            )

    def closing(self, day: date, calendar: Calendar | None) -> datetime | None:
        """When the unit closes for the day, None on a day without hours."""
        ends = [end for _, end in self.intervals(day, calendar)]
        return ends[-1] if ends else None

    def is_open(self, moment: datetime, calendar: Calendar | None) -> bool:
        """Whether the unit works at the moment; at the closing minute it does not."""
        local = beijing(moment)
        intervals = self.intervals(local.date(), calendar)
        return any(start <= local < end for start, end in intervals)

    def next_opening(self, moment: datetime, calendar: Calendar | None) -> datetime:
        """The moment itself while open, else the next opening.

        Raises InputRefused when the unit does not open within ten years.
        """
        local = beijing(moment)
        day = local.date()
        for _ in range(LONGEST_SEARCH_DAYS):
            for start, end in self.intervals(day, calendar):
                if local < end:
                    return max(local, start)
            day += ONE_DAY
        raise never_open(self.name)

    def after(self, moment: datetime, length: timedelta, calendar: Calendar | None) -> datetime:
        """The moment at which ``length`` of working time has passed since ``moment``.

        No length is the moment itself, even outside working hours. Raises InputRefused when
        the unit is not open that long within ten years.
        """
        local = beijing(moment)
        if not length:
            return local
        day = local.date()
        for _ in range(LONGEST_SEARCH_DAYS):
            for start, end in self.intervals(day, calendar):
                run = max(end - max(start, local), timedelta())
                if length <= run:
                    return max(start, local) + length
                length -= run
            day += ONE_DAY
        raise never_open(self.name)

    def worked_between(
        self, start: datetime, end: datetime, calendar: Calendar | None
    ) -> timedelta:
        """How much working time lies between two moments; none when they are reversed."""
        first, last = beijing(start), beijing(end)
        total, day = timedelta(), first.date()
        while day <= last.date():
            for opened, closed in self.intervals(day, calendar):
                total += max(min(closed, last) - max(opened, first), timedelta())
            day += ONE_DAY
        return total

    def working_minutes_between(
        self, start: datetime, end: datetime, calendar: Calendar | None
    ) -> int:
        """``worked_between`` in whole minutes, rounded down."""
        return self.worked_between(start, end, calendar) // timedelta(minutes=1)


def office_hours(
    text: str, *, name: str = "办公时间", exceptions: tuple[DayException, ...] = ()
) -> WorkHours:
    """The same segments from Monday to Friday and on make-up workdays, closed otherwise."""
    day = parse_segments(text)
    return WorkHours(name, (day,) * 5 + ((),) * 2, makeup=day, exceptions=exceptions)


def round_the_clock(name: str = "全天候") -> WorkHours:
    """Every minute of every day, whatever the calendar says."""
    day = (Segment(0, MINUTES_OF_DAY),)
    return WorkHours(name, (day,) * 7, makeup=day, holiday=day, follows_calendar=False)


def parse_segments(text: str) -> Segments:
    """Read 09:00-12:00 13:30-17:30; the empty text and 休息 mean closed.

    Raises InputRefused for anything else, for overlaps and for hours over midnight.
    """
    plain = unicodedata.normalize("NFKC", text).replace("—", "-").replace("~", "-").strip()
    if plain in ("", "休息"):
        return ()
    segments = []
    for part in re.split(r"[\s,;、]+", plain):
        found = _SEGMENT.fullmatch(part)
        if not found:
            raise InputRefused(
                "hours-unreadable",
                f"营业时间“{part[:40]}”认不出来，请写成09:00-12:00 13:30-17:30。",
                part=part,
            )
        hour, minute, to_hour, to_minute = (int(group) for group in found.groups())
        if minute >= 60 or to_minute >= 60:
            raise InputRefused("hours-minute", f"“{part}”的分钟数应小于60，请改正。", part=part)
        segments.append(Segment(hour * 60 + minute, to_hour * 60 + to_minute))
    check_segments(tuple(segments), text.strip())
    return tuple(segments)


def check_segments(segments: Segments, name: str) -> None:
    """Refuse segments that are empty, overlap, are out of order or cross midnight."""
    last = 0
    for segment in segments:
        if not 0 <= segment.start < segment.end <= MINUTES_OF_DAY:
            raise InputRefused(
                "hours-segment",
                f"“{name}”中有一段时间的止点不晚于起点或超过24:00；"
                "跨零点的请分成当日至24:00和次日00:00起两段。",
            )
        if segment.start < last:
            raise InputRefused(
                "hours-overlap", f"“{name}”的时间段前后重叠或次序颠倒，请由早到晚写。"
            )
        last = segment.end


def never_open(name: str) -> InputRefused:
    """The refusal for hours without any opening within ten years."""
    return InputRefused(
        "hours-never-open", f"“{name}”十年内都没有营业时间，无法推算，请核对工作时间。"
    )
