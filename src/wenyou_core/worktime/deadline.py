"""When a matter falls due: a pure function of limit, events, pauses, extensions, calendar.

The result says *why this minute* step by step in Chinese and names the version of the
calendar it was computed with. What cannot be known yet is a state with a reason, not a date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import Calendar, YearNotAnnounced
from wenyou_core.worktime.counting import (
    Blocked,
    Counted,
    Frame,
    count_clock,
    count_days,
    count_working_time,
    dated,
    due_text,
)
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.limits import (
    CLOCK_UNITS,
    DATED_UNITS,
    TIME_UNITS,
    CountFrom,
    DayEnd,
    Occurrence,
    OutsideHours,
    TimeLimit,
    Unit,
    amount_text,
    describe,
)
from wenyou_core.worktime.pauses import Pause, joined
from wenyou_core.worktime.steps import Step, StepKind
from wenyou_core.worktime.texts import LAST_INSTANT, at, beijing, day_text, moment_text

# A kind of event and when it happened; a plain date where no time is known.
Events = Mapping[str, date | Sequence[date]]


class DeadlineState(StrEnum):
    """Whether a deadline has a date, and why it has none."""

    SET = "set"
    PAUSED = "paused"
    NOT_STARTED = "not_started"
    YEAR_NOT_ANNOUNCED = "year_not_announced"


class ExtensionMode(StrEnum):
    """How an extension changes the limit."""

    ADD = "add"
    TOTAL = "total"
    UNTIL = "until"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """An approved extension, as a fact: by whom, when, on what grounds.

    ADD adds ``amount`` in the limit's unit, TOTAL makes it the whole limit from the same
    start, UNTIL names the last day. One approved after the deadline has passed does not
    count unless somebody accepted it all the same (``late_accepted``).
    """

    mode: ExtensionMode
    approved_at: datetime
    by: str
    amount: int = 0
    until: date | None = None
    grounds: str = ""
    late_accepted: bool = False

    def __post_init__(self) -> None:
        if self.mode is ExtensionMode.UNTIL:
            if self.until is None:
                raise InputRefused("extension-date", "延期至某日须写明日期，请补上。")
        elif self.amount < 1:
            raise InputRefused("extension-amount", "延期的数量须为正整数，请改正。")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The outcome. ``due_at`` is inclusive: what is done at that instant is in time.

    ``due_at`` is None in every state but SET. The end of a day is its last microsecond, so
    that ``due_at`` carries the day's own date; explanations show it as 24:00. ``limit`` is
    the limit as the extensions left it.
    """

    state: DeadlineState
    due_at: datetime | None
    steps: tuple[Step, ...]
    calendar_version: str = ""
    started_at: datetime | None = None
    paused_since: datetime | None = None
    missing_year: int | None = None
    limit: TimeLimit | None = None

    @property
    def text(self) -> str:
        """All steps, one to a line."""
        return "\n".join(step.text for step in self.steps)


def compute_deadline(
    limit: TimeLimit,
    events: Events,
    *,
    calendar: Calendar | None = None,
    hours: WorkHours | None = None,
    pauses: Iterable[Pause] = (),
    extensions: Iterable[Extension] = (),
) -> Deadline:
    """When the limit ends for these events, and why.

    ``events`` maps a kind to when it happened (datetimes with a zone; dates where no time is
    known). Raises InputRefused when the limit needs a calendar or hours and none is given, a
    datetime has no zone, or an extension does not fit the limit's unit. A year that is not
    announced, a missing start and an open pause are states of the result.
    """
    frame = Frame(calendar, hours, joined(pauses))
    _check_needs(limit, frame)
    version = calendar.version if calendar is not None and _uses_calendar(limit, hours) else ""
    started = _start_of(limit, events)
    if isinstance(started, Step):
        steps: tuple[Step, ...] = (started, _rule_step(limit))
        return Deadline(DeadlineState.NOT_STARTED, None, steps, version)
    computation = _Computation(limit, frame, version)
    try:
        return computation.run(started, sorted(extensions, key=lambda one: one.approved_at))
    except YearNotAnnounced as gap:
        steps = (*computation.opening, Step(StepKind.UNKNOWN, str(gap)))
        state = DeadlineState.YEAR_NOT_ANNOUNCED
        moment = _as_moment(started)
        return Deadline(state, None, steps, version, moment, missing_year=gap.year)


class _Computation:
    """One run over a limit; keeps the opening steps for the case that a year is missing."""

    def __init__(self, limit: TimeLimit, frame: Frame, version: str) -> None:
        self.limit = limit
        self.frame = frame
        self.version = version
        self.opening: tuple[Step, ...] = ()

    def run(self, event: date, extensions: Sequence[Extension]) -> Deadline:
        start = self._open(event)
        limit, until, told = self._extended(start, extensions)
        counted = self._count(limit, until, start)
        if until is not None:
            limit = replace(limit, unit=Unit.DATE, on=until)
        steps = (*self.opening, *told, *counted.steps)
        moment = None if self.limit.unit is Unit.DATE else start
        if isinstance(counted, Blocked):
            text = f"暂停{counted.stop.text()}，时限尚余{counted.left}，恢复后续算。"
            steps = (*steps, Step(StepKind.PAUSED, text))
            since = counted.stop.start
            state = DeadlineState.PAUSED
            return Deadline(
                state, None, steps, self.version, moment, paused_since=since, limit=limit
            )
        steps = (*steps, *self._due_steps(counted.end), *self._basis())
        return Deadline(DeadlineState.SET, counted.end, steps, self.version, moment, limit=limit)

    def _open(self, event: date) -> datetime:
        start = _as_moment(event)
        if self.limit.unit is not Unit.DATE:
            before = self.limit.unit in (Unit.DAYS_BEFORE, Unit.WORKING_DAYS_BEFORE)
            what = f"{self.limit.start_label}：" if before else "起算："
            label = f"{what}{_event_text(event)}{'' if before else self.limit.start_label}。"
            self.opening = (Step(StepKind.START, label),)
        if self.limit.outside_hours is OutsideHours.NEXT_OPENING:
            opening = self.frame.the_hours().next_opening(start, self.frame.calendar)
            if opening != start:
                text = f"当时不在工作时间，按{moment_text(opening)}上班时起算。"
                self.opening = (*self.opening, Step(StepKind.START, text))
                start = opening
        self.opening = (*self.opening, _rule_step(self.limit))
        return start

    def _extended(
        self, start: datetime, extensions: Sequence[Extension]
    ) -> tuple[TimeLimit, date | None, tuple[Step, ...]]:
        limit, until, steps = self.limit, None, []
        for one in extensions:
            due = self._due_so_far(limit, until, start)
            if due is not None and beijing(one.approved_at) > due and not one.late_accepted:
                text = f"{_who(one)}批准延期，但时限已于{moment_text(due)}届满，不予延长。"
                steps.append(Step(StepKind.EXTENSION, text))
                continue
            limit, until, text = _applied(limit, until, one)
            steps.append(Step(StepKind.EXTENSION, text))
        return limit, until, tuple(steps)

    def _due_so_far(self, limit: TimeLimit, until: date | None, start: datetime) -> datetime | None:
        try:
            counted = self._count(limit, until, start)
        except YearNotAnnounced:
            return None  # Not known to have passed, so the extension holds.
        return counted.end if isinstance(counted, Counted) else None

    def _count(self, limit: TimeLimit, until: date | None, start: datetime) -> Counted | Blocked:
        if until is not None:
            return Counted(self.frame.cutoff(limit, until))
        if limit.unit in CLOCK_UNITS:
            return count_clock(start, _length(limit), self.frame)
        if limit.unit in TIME_UNITS:
            return count_working_time(start, _length(limit), self.frame)
        if limit.unit in DATED_UNITS:
            return dated(limit, start.date(), self.frame)
        return count_days(limit, start, self.frame)

    def _due_steps(self, due: datetime) -> tuple[Step, ...]:
        step = Step(StepKind.DUE, due_text(due))
        at_closing = self.limit.end is DayEnd.CLOSING and self.limit.unit not in TIME_UNITS
        if at_closing and due.time() == LAST_INSTANT:
            text = f"{day_text(due.date())}没有营业时间，按24:00截止。"
            return Step(StepKind.RULE, text), step
        return (step,)

    def _basis(self) -> tuple[Step, ...]:
        if not self.version:
            return ()
        return (Step(StepKind.BASIS, f"依据工作日历版本{self.version}。"),)


def _length(limit: TimeLimit) -> timedelta:
    minutes = limit.unit in (Unit.MINUTES, Unit.WORKING_MINUTES)
    return timedelta(minutes=limit.amount) if minutes else timedelta(hours=limit.amount)


def _applied(
    limit: TimeLimit, until: date | None, one: Extension
) -> tuple[TimeLimit, date | None, str]:
    grounds = f"（{one.grounds}）" if one.grounds else ""
    if one.mode is ExtensionMode.UNTIL and one.until is not None:
        return limit, one.until, f"{_who(one)}批准延期至{day_text(one.until)}{grounds}。"
    if until is not None or limit.unit in DATED_UNITS:
        raise InputRefused(
            "extension-needs-date", "时限写明了日期，延期也须写明延至哪一天，请改填日期。"
        )
    adds = one.mode is ExtensionMode.ADD
    if limit.unit is Unit.SAME_DAY:
        # The day itself was the limit; extended, it is counted in days from that day on.
        days = Unit.CALENDAR_DAYS
        limit = replace(limit, unit=days, amount=1, count_from=CountFrom.SAME_DAY)
    amount = limit.amount + one.amount if adds else one.amount
    changed = replace(limit, amount=amount)
    what = f"延长{amount_text(limit.unit, one.amount)}" if adds else "时限改"
    return changed, None, f"{_who(one)}批准{what}为共{amount_text(limit.unit, amount)}{grounds}。"


def _who(one: Extension) -> str:
    return f"{moment_text(beijing(one.approved_at))}经{one.by}"


def _start_of(limit: TimeLimit, events: Events) -> date | Step:
    if limit.unit is Unit.DATE and limit.on is not None:
        return limit.on
    found = events.get(limit.start, ())
    moments = [found] if isinstance(found, date) else list(found)
    if not moments:
        text = f"尚未登记{limit.start_label}的时间，时限未起算；登记后自动计算。"
        return Step(StepKind.UNKNOWN, text)
    ordered = sorted(moments, key=_as_moment)
    event = ordered[0] if limit.occurrence is Occurrence.FIRST else ordered[-1]
    timed = isinstance(event, datetime)
    if not timed and (limit.unit in TIME_UNITS or limit.outside_hours is not OutsideHours.AS_IS):
        text = f"{limit.start_label}只登记了日期，没有几点几分，时限无法起算；请补登时间。"
        return Step(StepKind.UNKNOWN, text)
    return event


def _as_moment(event: date) -> datetime:
    return beijing(event) if isinstance(event, datetime) else at(event, time.min)


def _event_text(event: date) -> str:
    return moment_text(beijing(event)) if isinstance(event, datetime) else day_text(event)


def _rule_step(limit: TimeLimit) -> Step:
    return Step(StepKind.RULE, f"时限：{describe(limit)}。")


def _uses_calendar(limit: TimeLimit, hours: WorkHours | None) -> bool:
    by_hours = limit.needs_hours and hours is not None and hours.follows_calendar
    return limit.needs_calendar or by_hours


def _check_needs(limit: TimeLimit, frame: Frame) -> None:
    if limit.needs_calendar:
        frame.the_calendar()
    if limit.needs_hours and frame.the_hours().follows_calendar:
        frame.the_calendar()
