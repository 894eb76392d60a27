"""Which clocks run in which state, and the events and pauses a history gives to them.

The bridge to ``wenyou_core.worktime``: rules with the plan's limits, events and pauses go
into ``read_clocks`` as they come out of here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from wenyou_core.flow.machine import NEW, Clock, Flow, Move
from wenyou_core.flow.telling import Transition
from wenyou_core.worktime.clocks import ClockRule
from wenyou_core.worktime.deadline import Events
from wenyou_core.worktime.limits import Occurrence, TimeLimit
from wenyou_core.worktime.pauses import Pause

# The event that ends every clock: the matter has reached a closed state.
ENDED = "ended"


class ClockMode(StrEnum):
    """What a state does to a clock that has been started and not yet met."""

    RUNS = "runs"
    PAUSED = "paused"
    OFF = "off"


def clocks(flow: Flow, state: str) -> dict[str, ClockMode]:
    """Every clock of the flow in this state, by name. Raises UnknownState.

    OFF: it cannot be open here, for no way leads from its start to this state without meeting
    it. Whether one that RUNS has really started is told by ``read_clocks`` from the events.
    """
    flow.state(state)
    return {clock.name: _mode(flow, clock, state) for clock in flow.clocks}


def running_in(flow: Flow, clock: Clock) -> frozenset[str]:
    """The states in which the clock may be open, running or paused."""
    begins = starters(flow, clock) if clock.since else flow.moves_from(NEW)
    waiting = [code for move in begins if move.action not in clock.met_by for code in _into(move)]
    reached = set(waiting)
    while waiting:
        for move in flow.moves_from(waiting.pop()):
            if move.target is None or move.target in reached or move.action in clock.met_by:
                continue
            reached.add(move.target)
            waiting.append(move.target)
    return frozenset(code for code in reached if not flow.state(code).closed)


def starters(flow: Flow, clock: Clock) -> tuple[Move, ...]:
    """The moves that start the clock, anew each time."""
    return tuple(move for move in flow.moves if clock.name in move.limits)


def clock_rules(flow: Flow, limits: Mapping[str, TimeLimit]) -> tuple[ClockRule, ...]:
    """The clocks for which the plan or the unit has set a limit, for ``read_clocks``.

    A clock started by moves counts from the last of them, so that work sent back has its
    whole time again. Closing the matter ends every clock.
    """
    return tuple(
        ClockRule(
            name=clock.name,
            label=clock.title,
            limit=_limit(clock, limits[clock.name]),
            met_by=frozenset({*clock.met_by, ENDED}),
            paused_by=frozenset(clock.paused_in),
        )
        for clock in flow.clocks
        if clock.name in limits
    )


def events(flow: Flow, transitions: Iterable[Transition], facts: Events | None = None) -> Events:
    """The events of a history: each action, each clock's own start, and ``facts`` besides.

    ``facts`` are moments of the matter itself (``known``, ``received`` …). Raises
    UnknownState for a transition into a state that the flow does not have.
    """
    found: dict[str, list[date]] = {
        kind: [moments] if isinstance(moments, date) else list(moments)
        for kind, moments in (facts or {}).items()
    }
    starts = _starts(flow)
    for one in transitions:
        kinds = [one.action, *starts.get((one.action, one.source), ())]
        if flow.state(one.target).closed:
            kinds.append(ENDED)
        for kind in dict.fromkeys(kinds):
            found.setdefault(kind, []).append(one.at)
    return found


def pauses(flow: Flow, transitions: Sequence[Transition]) -> tuple[Pause, ...]:
    """The stretches spent in a state that pauses some clock; the last may still be open.

    The reason of a pause is the code of the state, its label the state's title.
    """
    pausing = {code for clock in flow.clocks for code in clock.paused_in}
    found: list[Pause] = []
    since: tuple[str, datetime] | None = None
    for one in transitions:
        if since is not None and one.target != since[0]:
            found.append(_pause(flow, *since, one.at))
            since = None
        if since is None and one.target in pausing:
            since = (one.target, one.at)
    if since is not None:
        found.append(_pause(flow, *since, None))
    return tuple(found)


def _pause(flow: Flow, code: str, start: datetime, end: datetime | None) -> Pause:
    return Pause(code, start, end, flow.state(code).title)


def _mode(flow: Flow, clock: Clock, state: str) -> ClockMode:
    if state not in running_in(flow, clock):
        return ClockMode.OFF
    return ClockMode.PAUSED if state in clock.paused_in else ClockMode.RUNS


def _into(move: Move) -> tuple[str, ...]:
    """Where the matter may be when the move has started a clock."""
    if move.target is not None:
        return (move.target,)
    return move.sources


def _limit(clock: Clock, limit: TimeLimit) -> TimeLimit:
    if not clock.since:
        return limit
    return replace(limit, start=clock.since, occurrence=Occurrence.LAST)


def _starts(flow: Flow) -> dict[tuple[str, str], list[str]]:
    """(action, source) → the start events that the move gives.

    They are in Chinese: explanations of deadlines show the event as it stands.
    """
    found: dict[tuple[str, str], list[str]] = {}
    for clock in flow.clocks:
        for move in starters(flow, clock):
            for source in move.sources:
                found.setdefault((move.action, source), []).append(clock.since)
    return found
