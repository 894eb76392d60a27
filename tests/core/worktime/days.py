"""Short words for the tests of this folder: moments in Beijing, usual hours and limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.worktime.deadline import Deadline, Events, Extension, compute_deadline
from wenyou_core.worktime.hours import office_hours
from wenyou_core.worktime.limits import TimeLimit, Unit
from wenyou_core.worktime.pauses import Pause
from wenyou_core.worktime.texts import BEIJING

OFFICE = office_hours("09:00-12:00 13:30-17:30")
CALENDAR = shipped_calendar()
TWO_HOURS = TimeLimit(unit=Unit.WORKING_HOURS, amount=2, start="received")
FIVE_WORKING_DAYS = TimeLimit(unit=Unit.WORKING_DAYS, amount=5, start="received")
FIFTEEN_DAYS = TimeLimit(unit=Unit.CALENDAR_DAYS, amount=15, start="received")


def on(day: str, clock: str = "00:00") -> datetime:
    """A moment: on("2025-09-26", "16:40")."""
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BEIJING)


def shown(moment: datetime | None) -> str:
    """A moment as text to compare; the end of a day as 24:00."""
    if moment is None:
        return "-"
    clock = "24:00" if moment.microsecond == 999_999 else moment.strftime("%H:%M")
    return f"{moment:%Y-%m-%d} {clock}"


def limit_of(unit: Unit, amount: int = 1, **more: object) -> TimeLimit:
    """A limit in one line."""
    return TimeLimit(unit=unit, amount=amount, **more)  # type: ignore[arg-type]


def deadline(
    limit: TimeLimit, events: Events, *pauses: Pause, extensions: Sequence[Extension] = ()
) -> Deadline:
    return compute_deadline(
        limit,
        events,
        calendar=CALENDAR,
        hours=OFFICE,
        pauses=pauses,
        extensions=extensions,
    )


def due(limit: TimeLimit, events: Events, *pauses: Pause) -> str:
    return shown(deadline(limit, events, *pauses).due_at)


def received(day: str, clock: str) -> Events:
    return {"received": on(day, clock)}


def waiting(start: datetime, end: datetime | None, reason: str = "customer") -> Pause:
    return Pause(reason, start, end, "等客户补充材料")
