"""When matters fall due: the same words and colors in 待办, in lists and on their own pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from wenyou.knobs.services import setting
from wenyou.knobs.table import OFFICE, Knob, KnobKind, register_knobs
from wenyou.org.timetable import calendar_now
from wenyou.web import pieces, words
from wenyou.web.listing import Due
from wenyou_core.worktime.calendar import YearNotAnnounced
from wenyou_core.worktime.left import Urgency
from wenyou_core.worktime.texts import beijing

register_knobs(
    Knob(
        name="todo.near_days",
        group="待办",
        title="提前几天算临期",
        kind=KnobKind.INT,
        default=3,
        low=1,
        high=30,
        unit="天",
        who=OFFICE,
    )
)


class Dueness:
    """One moment with the calendar in force then; asked for as many matters as a page shows."""

    def __init__(self, now: datetime) -> None:
        self.now, self.today = now, beijing(now).date()
        self.calendar = calendar_now()
        self.tonight, self.soon = edges(now)

    def due(self, at: datetime | None) -> Due | None:
        """When, on which heap it lies, and how much is left in working days."""
        if at is None:
            return None
        last = beijing(at).date()
        near = Urgency.NEAR.value if self.today < last and self.now < at < self.soon else ""
        days = None
        if last > self.today:
            try:
                days = self.calendar.working_days_after(self.today, last)
            except YearNotAnnounced:
                days = None
        return Due(at, urgency=near, left=words.left(at, self.now, working_days=days))

    def said(self, at: datetime) -> tuple[str, str]:
        """The color and the words of a moment that a clock runs to."""
        found = self.due(at) or Due(at)
        heap = Urgency(found.urgency) if found.urgency else pieces.heap_of(at, self.now)
        return pieces.KINDS[heap], found.left


def edges(now: datetime) -> tuple[datetime, datetime]:
    """The end of today, and of the last day that counts as near."""
    day = timezone.localdate(now) + timedelta(days=1)
    tonight = midnight(day)
    return tonight, midnight(day + timedelta(days=int(setting("todo.near_days"))))


def midnight(day: date) -> datetime:
    """The first moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.min))
