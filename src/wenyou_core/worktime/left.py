"""How much time is left, or by how much it is over: for lists, texts and deductions per day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wenyou_core.worktime.calendar import Calendar, YearNotAnnounced
from wenyou_core.worktime.deadline import Deadline, DeadlineState
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.texts import LAST_INSTANT, beijing, length_text


class Urgency(StrEnum):
    """The heap a matter lies on in 待办."""

    OVERDUE = "overdue"
    TODAY = "today"
    NEAR = "near"
    LATER = "later"
    PAUSED = "paused"
    UNKNOWN = "unknown"


URGENCY_LABELS = {
    Urgency.OVERDUE: "逾期",
    Urgency.TODAY: "今日到期",
    Urgency.NEAR: "临期",
    Urgency.LATER: "未到期",
    Urgency.PAUSED: "已暂停",
    Urgency.UNKNOWN: "到期日未定",
}


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The distance between a moment and a deadline, in every measure; never negative.

    ``late`` says on which side. ``calendar_days`` are midnights between the two days.
    ``working_days`` are workdays later than the earlier day up to the later one, None
    without a calendar or in a year that is not announced; ``working_time`` likewise.
    """

    late: bool
    clock: timedelta
    calendar_days: int
    working_days: int | None = None
    working_time: timedelta | None = None

    @property
    def text(self) -> str:
        """Short Chinese: 还剩2天3小时, 超时40分钟 within the day, 逾期3天 after it."""
        if not self.late:
            return f"还剩{length_text(self.clock)}"
        if self.calendar_days:
            return f"逾期{self.calendar_days}天"
        return f"超时{length_text(self.clock)}"


def is_overdue(deadline: Deadline, now: datetime) -> bool:
    """Whether ``now`` is later than the deadline; a paused or unknown one is never overdue."""
    return deadline.due_at is not None and beijing(now) > deadline.due_at


def time_left(
    deadline: Deadline,
    now: datetime,
    *,
    calendar: Calendar | None = None,
    hours: WorkHours | None = None,
) -> TimeLeft | None:
    """The distance from ``now`` (or from when it was done) to the deadline.

    None while the deadline has no date. ``hours`` need their calendar.
    """
    due = deadline.due_at
    if due is None:
        return None
    moment = beijing(now)
    late = moment > due
    # The end of a day is stored as its last microsecond; lengths are measured to midnight.
    edge = due + timedelta.resolution if due.time() == LAST_INSTANT else due
    first, last = (edge, moment) if late else (moment, edge)
    return TimeLeft(
        late,
        last - first,
        abs((moment.date() - due.date()).days),
        _working_days(min(due, moment), max(due, moment), calendar),
        _working_time(first, last, calendar, hours),
    )


def urgency(deadline: Deadline, now: datetime, *, near: timedelta) -> Urgency:
    """The heap it lies on; NEAR means due within ``near``, a setting of the unit."""
    if deadline.due_at is None:
        paused = deadline.state is DeadlineState.PAUSED
        return Urgency.PAUSED if paused else Urgency.UNKNOWN
    moment = beijing(now)
    if moment > deadline.due_at:
        return Urgency.OVERDUE
    if moment.date() == deadline.due_at.date():
        return Urgency.TODAY
    return Urgency.NEAR if deadline.due_at - moment <= near else Urgency.LATER


def _working_days(first: datetime, last: datetime, calendar: Calendar | None) -> int | None:
    if calendar is None:
        return None
    try:
        return calendar.working_days_after(first.date(), last.date())
    except YearNotAnnounced:
        return None


def _working_time(
    first: datetime, last: datetime, calendar: Calendar | None, hours: WorkHours | None
) -> timedelta | None:
    if hours is None:
        return None
    try:
        return hours.worked_between(first, last, calendar)
    except YearNotAnnounced:
        return None
