"""The clocks of a matter computed from its history: what the mover and the recompute job store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from wenyou.matters.fields import told
from wenyou.matters.limits import Limits, Rule, limit_at, limit_on, limits_for
from wenyou.matters.models import ClockRun, Extension, Matter, Transition
from wenyou.org.models import Unit
from wenyou.org.timetable import calendar_now, hours_for
from wenyou_core.flow.clocks import clock_rules, events, pauses
from wenyou_core.flow.machine import Clock, Flow, Side
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.telling import Transition as Told
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.clocks import ClockReading, ClockState, read_clocks
from wenyou_core.worktime.deadline import DeadlineState, Events, ExtensionMode
from wenyou_core.worktime.deadline import Extension as Granted
from wenyou_core.worktime.hours import WorkHours
from wenyou_core.worktime.limits import describe
from wenyou_core.worktime.texts import beijing

OWN_LIMITS = "own_limits"
RECEIVED = "received"
COUNTDOWNS = frozenset({"complaint_video", "visit_video"})
_STATES = {
    ClockState.RUNNING: ClockRun.State.RUNNING,
    ClockState.EXCEEDED: ClockRun.State.RUNNING,
    ClockState.PAUSED: ClockRun.State.PAUSED,
    ClockState.MET: ClockRun.State.MET,
    ClockState.MET_LATE: ClockRun.State.LATE,
    ClockState.UNKNOWN: ClockRun.State.UNKNOWN,
}
OPEN = frozenset({ClockRun.State.RUNNING, ClockRun.State.PAUSED, ClockRun.State.UNKNOWN})
WRITTEN = (
    "title", "side", "state", "started_at", "due_at", "met_at", "steps", "limit",
    "calendar_version", "needs_year", "decided", "computed_at",
)  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """What a unit's deadlines are computed with on a day; read once for many matters of it."""

    unit: Unit
    day: date

    @cached_property
    def limits(self) -> Limits:
        """The limits in force."""
        return limits_for(self.unit, self.day)

    @cached_property
    def calendar(self) -> Calendar:
        """The newest calendar."""
        return calendar_now()

    @cached_property
    def hours(self) -> WorkHours:
        """The unit's working hours."""
        return hours_for(self.unit, self.day)


_kept: ContextVar[dict[tuple[int, date], Setting] | None] = ContextVar("settings", default=None)


def setting_of(matter: Matter) -> Setting:
    """What a matter's deadlines are computed with: as it was set on the day it was registered.

    A limit that is set anew holds for matters that begin after it, so that what people were
    told stands, and the stored dates can be computed again at any time.
    """
    fresh = Setting(matter.unit, beijing(matter.opened_at).date())
    kept = _kept.get()
    return fresh if kept is None else kept.setdefault((fresh.unit.pk, fresh.day), fresh)


@contextmanager
def settings_kept() -> Iterator[None]:
    """Within this block limits, hours and calendar are asked for once by unit and day.

    Only for many moves at once, while nobody can set anything: the laying of a bank.
    """
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def history_of(rows: Iterable[Transition]) -> list[Told]:
    """Stored transitions as the core tells them."""
    return [
        Told(
            action=row.action,
            source=row.source,
            target=row.target,
            by=row.by_name,
            at=row.at,
            told=told(row.filled),
        )
        for row in rows
    ]


def read_matter(
    matter: Matter,
    history: Sequence[Told],
    now: datetime,
    *,
    setting: Setting,
    extensions: Iterable[Extension] = (),
) -> list[ClockRun]:
    """The rows of the clocks that have started, as computed now; nothing is stored."""
    flow = flow_named(matter.flow)
    rules = rules_of(matter, setting.limits.rules)
    granted: dict[str, list[Granted]] = {}
    for row in extensions:
        granted.setdefault(row.clock, []).append(granted_of(row))
    read = read_clocks(
        clock_rules(flow, {name: rule.limit for name, rule in rules.items()}),
        events(flow, history, moments(matter)),
        now,
        calendar=setting.calendar,
        hours=setting.hours,
        pauses=pauses(flow, history),
        extensions=_of_this_round(flow, history, granted),
    )
    clocks = {clock.name: clock for clock in flow.clocks}
    return [
        row_of(matter, clocks[one.rule.name], one, rules[one.rule.name].article, now)
        for one in read
        if one.state is not ClockState.NOT_STARTED
    ]


def rules_of(matter: Matter, rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The limits that hold for a matter: what was set for it alone goes first."""
    own = matter.data.get(OWN_LIMITS) or {}
    found = dict(rules)
    for name, said in own.items():
        limit = limit_on(date.fromisoformat(said)) if len(said) == 10 else None
        limit = limit or limit_at(datetime.fromisoformat(said))
        found[name] = Rule(limit, matter.article or "本件载明的时限")
    return found


def moments(matter: Matter) -> Events:
    """The moments of the matter itself, by which limits may start."""
    received = matter.data.get(RECEIVED)
    found: dict[str, date] = {"known": matter.known_at}
    found[RECEIVED] = datetime.fromisoformat(str(received)) if received else matter.known_at
    if matter.happened_at is not None:
        found["happened"] = matter.happened_at
    return found


def granted_of(row: Extension) -> Granted:
    """A stored extension as the core reads it."""
    return Granted(
        mode=ExtensionMode(row.mode),
        approved_at=row.approved_at,
        by=row.approved_by.name,
        amount=row.amount,
        until=row.until,
        grounds=row.grounds,
        late_accepted=row.late_accepted,
    )


def _of_this_round(
    flow: Flow, history: Sequence[Told], granted: Mapping[str, list[Granted]]
) -> dict[str, list[Granted]]:
    """An extension belongs to the round in which it was approved."""
    found: dict[str, list[Granted]] = {}
    for name, rows in granted.items():
        begun = [
            one.at
            for one in history
            if any(
                move.action == one.action and one.source in move.sources and name in move.limits
                for move in flow.moves
            )
        ]
        since = max(begun, default=None)
        found[name] = [one for one in rows if since is None or one.approved_at >= since]
    return found


def row_of(
    matter: Matter, clock: Clock, reading: ClockReading, article: str, now: datetime
) -> ClockRun:
    """A reading as it is stored, with every step of why this minute."""
    deadline = reading.deadline
    steps = [{"kind": step.kind.value, "text": step.text} for step in deadline.steps]
    steps.append({"kind": "source", "text": f"时限出处：{article}。"})
    due = deadline.due_at if deadline.state is DeadlineState.SET else None
    return ClockRun(
        matter=matter,
        name=clock.name,
        title=clock.title,
        side=clock.side.value,
        state=_STATES[reading.state],
        started_at=deadline.started_at,
        due_at=due,
        met_at=reading.met_at,
        steps=steps,
        limit=describe(deadline.limit or reading.rule.limit)[:200],
        calendar_version=deadline.calendar_version,
        needs_year=deadline.missing_year,
        decided=reading.met_at is not None,
        computed_at=now,
    )


def shown_first(rows: Iterable[ClockRun]) -> ClockRun | None:
    """The clock a matter is listed by: the earliest open one, head office's first among equals.

    A countdown (recordings that are kept so many days) is nobody's delay and never listed.
    """
    order = {Side.UPSTREAM.value: 0, Side.INTERNAL.value: 1, Side.CUSTOMER.value: 2}
    dated = [
        (row.due_at, order[row.side], row.name, row)
        for row in rows
        if row.due_at is not None and row.state in OPEN and row.name not in COUNTDOWNS
    ]
    return min(dated, key=lambda one: one[:3])[3] if dated else None
