"""Faults of the tables themselves, found by tests: what no user should ever run into."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from string import Formatter

from wenyou_core.flow.clocks import running_in, starters
from wenyou_core.flow.guards import GUARDS
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, State
from wenyou_core.flow.needs import NEEDS

_CODE = re.compile(r"[a-z][a-z_]*[a-z]")
_FREE_PLACEHOLDERS = frozenset({"who"})


def faults_of(flow: Flow) -> list[str]:
    """What is wrong with one table, in English; an empty list when nothing is."""
    found = [*_state_faults(flow), *_name_faults(flow)]
    if found:
        return found  # the rest would stumble over unknown names
    return [
        *_road_faults(flow),
        *_duty_faults(flow),
        *(fault for move in flow.moves for fault in _move_faults(flow, move)),
        *(fault for clock in flow.clocks for fault in _clock_faults(flow, clock)),
        *_start_faults(flow),
    ]


def faults_between(flows: Mapping[str, Flow]) -> list[str]:
    """What does not fit between tables: links to nowhere, one clock with two names."""
    found = [
        f"{flow.name}.{move.action} opens {move.opens}, which is no flow"
        for flow in flows.values()
        for move in flow.moves
        if move.opens and move.opens not in flows
    ]
    found += [
        f"{flow.name} stands under {name}" for name, flow in flows.items() if flow.name != name
    ]
    titles: dict[str, str] = {}
    for flow in flows.values():
        for clock in flow.clocks:
            if titles.setdefault(clock.name, clock.title) != clock.title:
                found.append(f"clock {clock.name} has two titles")
    return found


def way_out(flow: Flow, state: str) -> tuple[Move, ...]:
    """The shortest road from a state to a closed one; empty when closed or when there is none."""
    roads: dict[str, tuple[Move, ...]] = {state: ()}
    for code, road in _widening(flow, roads):
        if code != NEW and flow.state(code).closed:
            return road
    return ()


def reachable(flow: Flow, state: str = NEW) -> frozenset[str]:
    """All states that lie on roads from ``state``, itself among them unless it is NEW."""
    roads: dict[str, tuple[Move, ...]] = {state: ()}
    return frozenset(code for code, _ in _widening(flow, roads)) - {NEW}


def _widening(
    flow: Flow, roads: dict[str, tuple[Move, ...]]
) -> Iterator[tuple[str, tuple[Move, ...]]]:
    """States with the shortest road to each, nearest first."""
    waiting = list(roads)
    for code in waiting:
        yield code, roads[code]
        for move in flow.moves_from(code):
            if move.target is not None and move.target not in roads:
                roads[move.target] = (*roads[code], move)
                waiting.append(move.target)


def _state_faults(flow: Flow) -> Iterator[str]:
    for what, values in (
        ("code", [state.code for state in flow.states]),
        ("title", [state.title for state in flow.states]),
    ):
        yield from (f"state {what} {one!r} twice" for one in _twice(values))
    for state in flow.states:
        if not state.title or not _CODE.fullmatch(state.code):
            yield f"state {state.code!r} has no good code or title"
        if state.closed != (state.in_hands_of is None):
            yield f"state {state.code} is in the wrong hands"


def _name_faults(flow: Flow) -> Iterator[str]:
    codes = {state.code for state in flow.states}
    if not any(move.target == flow.initial for move in flow.moves if NEW in move.sources):
        yield f"no move begins in {flow.initial!r}"
    for move in flow.moves:
        names = {*move.sources, *([move.target] if move.target is not None else [])}
        yield from (f"{move.action} names no state: {name!r}" for name in names - codes - {NEW})
        if not move.sources or move.target == NEW or (NEW in move.sources and move.target is None):
            yield f"{move.action} begins or ends nowhere"
    for clock in flow.clocks:
        yield from (
            f"{clock.name} pauses in no state: {code!r}" for code in {*clock.paused_in} - codes
        )


def _road_faults(flow: Flow) -> Iterator[str]:
    reached = reachable(flow)
    for state in flow.states:
        if state.code not in reached:
            yield f"state {state.code} is never reached"
        if not state.closed and not way_out(flow, state.code):
            yield f"state {state.code} never ends"
        actions = [move.action for move in flow.moves_from(state.code)]
        titles = [move.title for move in flow.moves_from(state.code)]
        yield from (f"{one} twice from {state.code}" for one in _twice([*actions, *titles]))


def _duty_faults(flow: Flow) -> Iterator[str]:
    """Whoever has a matter in hand can move it on; what is closed only opens another."""
    for state in flow.states:
        moves = flow.moves_from(state.code)
        if state.closed:
            yield from (
                f"{move.action} leaves the closed state {state.code}"
                for move in moves
                if move.target is not None or not move.opens
            )
        elif not any(_carries_on(move, state) for move in moves):
            yield f"{state.in_hands_of} has {state.code} in hand and no way on"


def _carries_on(move: Move, state: State) -> bool:
    onward = move.target is not None and move.target != state.code
    return onward and state.in_hands_of in move.roles


def _move_faults(flow: Flow, move: Move) -> Iterator[str]:
    if not move.title or not _CODE.fullmatch(move.action):
        yield f"{move.action!r} has no good action or title"
    if not move.roles or list(_twice(move.roles)):
        yield f"{move.action} has no roles, or one twice"
    if move.sources == (move.target,):
        yield f"{move.action} leads back to where it starts; say that it stays"
    for what, names, known in (
        ("need", move.needs, NEEDS.keys()),
        ("guard", move.guards, GUARDS.keys()),
        ("clock", move.limits, {clock.name for clock in flow.clocks}),
        ("placeholder", _placeholders(move), {*move.needs, *_FREE_PLACEHOLDERS}),
    ):
        yield from (f"{move.action} names no {what}: {name}" for name in set(names) - set(known))
    if "who" not in _placeholders(move) or not move.says.endswith("。"):
        yield f"{move.action} does not say who did it, in a full sentence"


def _placeholders(move: Move) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(move.says) if name}


def _clock_faults(flow: Flow, clock: Clock) -> Iterator[str]:
    actions = {move.action for move in flow.moves}
    starting = {move.action for move in starters(flow, clock)}
    yield from (f"{clock.name} is met by no action: {one}" for one in {*clock.met_by} - actions)
    if not clock.title or bool(clock.since) != bool(starting):
        yield f"{clock.name} has no title, or moves start it that it does not tell of"
    yield from (f"{clock.name}: {one} starts and meets it" for one in starting & {*clock.met_by})
    running = running_in(flow, clock)
    yield from (
        f"{clock.name} never runs in {one}, where it pauses" for one in {*clock.paused_in} - running
    )
    places = running if clock.since else running | {NEW}
    offered = {move.action for code in places for move in flow.moves_from(code)}
    yield from (
        f"{clock.name} never runs where {one} would meet it" for one in {*clock.met_by} - offered
    )


def _start_faults(flow: Flow) -> Iterator[str]:
    """Clocks of one starting event start together, or the event would not tell them apart."""
    yield from (f"clock {one} twice" for one in _twice(clock.name for clock in flow.clocks))
    by_event: dict[str, set[tuple[Move, ...]]] = {}
    for clock in flow.clocks:
        if clock.since:
            by_event.setdefault(clock.since, set()).add(starters(flow, clock))
    yield from (
        f"event {event} starts clocks apart" for event, of in by_event.items() if len(of) > 1
    )


def _twice(values: Iterable[str]) -> Iterator[str]:
    return (value for value, count in Counter(values).items() if count > 1)
