"""Several clocks on one matter, side by side: the customer's, the ticket's, the internal one.

Each clock has its own limit, starting event, reasons that pause it and events that meet it,
so that none of them closes, hides or moves another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum

from wenyou_core.worktime.calendar import Calendar, YearNotAnnounced
from wenyou_core.worktime.counting import Frame, allowed, consumed
from wenyou_core.worktime.deadline import (
    Deadline,
    DeadlineState,
    Events,
    Extension,
    compute_deadline,
)
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.limits import TimeLimit
from wenyou_core.worktime.pauses import Pause, Stop, joined
from wenyou_core.worktime.texts import at, beijing


class ClockState(StrEnum):
    """What a clock does at a moment."""

    NOT_STARTED = "not_started"
    RUNNING = "running"
    PAUSED = "paused"
    EXCEEDED = "exceeded"
    MET = "met"
    MET_LATE = "met_late"
    UNKNOWN = "unknown"


CLOCK_LABELS = {
    ClockState.NOT_STARTED: "未起算",
    ClockState.RUNNING: "计时中",
    ClockState.PAUSED: "已暂停",
    ClockState.EXCEEDED: "已超过",
    ClockState.MET: "按时完成",
    ClockState.MET_LATE: "超时完成",
    ClockState.UNKNOWN: "到期日未定",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRule:
    """One clock: ``met_by`` are the events that stop it for good, ``paused_by`` the reasons
    of pauses that it heeds (None: all of them)."""

    name: str
    label: str
    limit: TimeLimit
    met_by: frozenset[str]
    paused_by: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A clock at a moment; ``used`` and ``allowed`` are minutes for time units, else days.

    ``allowed`` is 0 for limits that name a date.
    """

    rule: ClockRule
    state: ClockState
    deadline: Deadline
    met_at: datetime | None
    used: int
    allowed: int


def read_clocks(
    rules: Sequence[ClockRule],
    events: Events,
    now: datetime,
    *,
    calendar: Calendar | None = None,
    hours: WorkHours | None = None,
    pauses: Iterable[Pause] = (),
    extensions: Mapping[str, Sequence[Extension]] | None = None,
) -> tuple[ClockReading, ...]:
    """Every clock's state, deadline and consumption at ``now``, in the order of the rules.

    ``extensions`` go by the name of the clock. Once a clock is met, later pauses and
    extensions do not touch it any more. Raises what ``compute_deadline`` raises.
    """
    all_pauses = tuple(pauses)
    return tuple(
        _read(
            rule,
            events,
            beijing(now),
            frame=Frame(calendar, hours, ()),
            pauses=_heeded(rule, all_pauses),
            extensions=(extensions or {}).get(rule.name, ()),
        )
        for rule in rules
    )


def _read(
    rule: ClockRule,
    events: Events,
    now: datetime,
    *,
    frame: Frame,
    pauses: tuple[Pause, ...],
    extensions: Sequence[Extension],
) -> ClockReading:
    first = compute_deadline(
        rule.limit, events, calendar=frame.calendar, hours=frame.hours, pauses=pauses
    )
    met_at = _met_at(rule, events, first)
    if met_at is not None:
        pauses = _before(pauses, met_at)
        extensions = [one for one in extensions if beijing(one.approved_at) <= met_at]
    deadline = compute_deadline(
        rule.limit,
        events,
        calendar=frame.calendar,
        hours=frame.hours,
        pauses=pauses,
        extensions=extensions,
    )
    until = min(met_at, now) if met_at else now
    paused = replace(frame, stops=joined(pauses))
    start, limit = deadline.started_at, deadline.limit or rule.limit
    return ClockReading(
        rule,
        _state(deadline, met_at, now, paused.stops),
        deadline,
        met_at,
        _used(rule, deadline, until, paused),
        allowed(limit, start) if start is not None else 0,
    )


def _heeded(rule: ClockRule, pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    if rule.paused_by is None:
        return tuple(pauses)
    return tuple(pause for pause in pauses if pause.reason in rule.paused_by)


def _before(pauses: Iterable[Pause], met_at: datetime) -> tuple[Pause, ...]:
    """Pauses up to the moment the clock was met; one that was open then ends there."""
    kept = []
    for pause in pauses:
        if beijing(pause.start) >= met_at:
            continue
        late = pause.end is None or beijing(pause.end) > met_at
        kept.append(replace(pause, end=met_at) if late else pause)
    return tuple(kept)


def _met_at(rule: ClockRule, events: Events, deadline: Deadline) -> datetime | None:
    if deadline.state is DeadlineState.NOT_STARTED:
        return None
    moments = (
        _met_moment(value, deadline.started_at)
        for kind in rule.met_by
        for value in _values(events.get(kind, ()))
    )
    return min((moment for moment in moments if moment is not None), default=None)


def _values(found: date | Sequence[date]) -> Sequence[date]:
    return [found] if isinstance(found, date) else found


def _met_moment(value: date, started_at: datetime | None) -> datetime | None:
    """When an event meets the clock; None when it lies before the start.

    A date without a time is taken as the beginning of the day, but not before the start.
    """
    if isinstance(value, datetime):
        moment = beijing(value)
        return moment if started_at is None or moment >= started_at else None
    moment = at(value, time.min)
    if started_at is None:
        return moment
    return max(moment, started_at) if value >= started_at.date() else None


def _used(rule: ClockRule, deadline: Deadline, until: datetime, frame: Frame) -> int:
    if deadline.started_at is None or until < deadline.started_at:
        return 0
    try:
        return consumed(deadline.limit or rule.limit, deadline.started_at, until, frame)
    except YearNotAnnounced:
        return 0


def _state(
    deadline: Deadline, met_at: datetime | None, now: datetime, stops: Sequence[Stop]
) -> ClockState:
    if deadline.state is DeadlineState.NOT_STARTED:
        return ClockState.NOT_STARTED
    due = deadline.due_at
    if met_at is not None and met_at <= now:
        return ClockState.MET_LATE if due is not None and met_at > due else ClockState.MET
    if due is not None and now > due:
        return ClockState.EXCEEDED
    if any(one.start <= now and (one.end is None or now < one.end) for one in stops):
        return ClockState.PAUSED
    return ClockState.UNKNOWN if due is None else ClockState.RUNNING
