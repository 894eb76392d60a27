"""What the two rooms of the bug museum share: usual limits, hours and short words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tests.core.worktime.days import OFFICE, on, shown
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.worktime.deadline import Deadline, Events, Extension, compute_deadline
from wenyou_core.worktime.limits import TimeLimit, Unit
from wenyou_core.worktime.pauses import Pause

CALENDAR = shipped_calendar()
TWO_HOURS = TimeLimit(unit=Unit.WORKING_HOURS, amount=2, start="received")
FIVE_WORKING_DAYS = TimeLimit(unit=Unit.WORKING_DAYS, amount=5, start="received")
FIFTEEN_DAYS = TimeLimit(unit=Unit.CALENDAR_DAYS, amount=15, start="received")


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
