"""Who is told, and when, after a deadline has passed: the unit's own ladder of rungs.

By default a house sets handler, outlet head, service office, and nothing further by itself.
A rung on which nobody can be reached (on leave without a stand-in) is stepped over at once:
it neither tells an absent person nor burns the waiting time of the rung.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.texts import beijing

# Whom a role reaches at a moment: a person, their stand-in, or nobody.
Reach = Callable[[str, datetime], str | None]


@dataclass(frozen=True, slots=True)
class Rung:
    """A role to tell, and how long to wait for an answer before the next rung.

    ``in_working_time``: the wait runs in working hours only, and nobody is told outside them.
    """

    role: str
    wait_minutes: int
    in_working_time: bool = True

    def __post_init__(self) -> None:
        if self.wait_minutes < 0:
            raise InputRefused("ladder-wait", "催办阶梯的等待时间不能为负，请改正。")


@dataclass(frozen=True, slots=True)
class Call:
    """One rung of a climb: when it is told, and whom; nobody when it was stepped over."""

    role: str
    at: datetime
    person: str | None


def climb(
    rungs: Sequence[Rung],
    due_at: datetime,
    now: datetime,
    *,
    reach: Reach,
    calendar: Calendar | None = None,
    hours: WorkHours | None = None,
    answered_at: datetime | None = None,
) -> tuple[Call, ...]:
    """The rungs reached by ``now``, in order; an answer stops the climb.

    Each call is fixed by the past alone, so asking later adds calls and changes none. Raises
    YearNotAnnounced and InputRefused as working hours do.
    """
    moment, end = beijing(due_at), beijing(now)
    if answered_at is not None:
        end = min(end, beijing(answered_at))
    calls: list[Call] = []
    for rung in rungs:
        if rung.in_working_time:
            moment = _needed(hours).next_opening(moment, calendar)
        if moment > end or (answered_at is not None and moment == end):
            break
        person = reach(rung.role, moment)
        calls.append(Call(rung.role, moment, person))
        if person is None:
            continue
        wait = timedelta(minutes=rung.wait_minutes)
        working = rung.in_working_time
        moment = _needed(hours).after(moment, wait, calendar) if working else moment + wait
    return tuple(calls)


def next_moment(
    rungs: Sequence[Rung],
    called: int,
    last: datetime,
    *,
    waits: bool,
    calendar: Calendar | None = None,
    hours: WorkHours | None = None,
) -> datetime | None:
    """When the rung after the first ``called`` ones may be reached, without asking for anybody.

    ``last`` is the moment of the last call, or the due date before the first; ``waits`` says
    whether it reached somebody, so that its waiting time runs. A climb before this moment adds
    nothing. None when the ladder has no such rung. Raises as ``climb`` does.
    """
    if called >= len(rungs):
        return None
    moment = beijing(last)
    if called and waits:
        wait = timedelta(minutes=rungs[called - 1].wait_minutes)
        working = rungs[called - 1].in_working_time
        moment = _needed(hours).after(moment, wait, calendar) if working else moment + wait
    if rungs[called].in_working_time:
        moment = _needed(hours).next_opening(moment, calendar)
    return moment


def _needed(hours: WorkHours | None) -> WorkHours:
    if hours is None:
        raise InputRefused("ladder-needs-hours", "催办阶梯按工作时间推进，请先登记工作时间。")
    return hours
