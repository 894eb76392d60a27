"""The kinds of matters as tables for the filling: states, the moves that lead there, clocks."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from wenyou_core.flow.machine import NEW, Flow, Move, StateKind
from wenyou_core.flow.registry import FLOWS

# How often a kind occurs, in parts of a hundred; what is not named occurs once.
WEIGHTS = {
    "complaint_ticket": 26, "complaint": 14, "commendation": 9, "rectification": 13, "finding": 6,
    "visit": 6, "duty": 7, "task": 4, "training": 3, "notice_filing": 2,
}  # fmt: skip
Step = tuple[Move, str, str]
Row = tuple[str | int | bool, ...]


def shares() -> list[str]:
    """Every kind as often as its weight says."""
    return [name for name in FLOWS for _ in range(WEIGHTS.get(name, 1))]


def way_to(flow: Flow, state: str) -> list[Step]:
    """The shortest line of moves from registration to a state; empty when none leads there."""
    waiting: deque[tuple[str, list[Step]]] = deque([(NEW, [])])
    seen = {NEW}
    while waiting:
        place, line = waiting.popleft()
        if place == state:
            return line
        for made in flow.moves_from(place):
            if made.target is not None and made.target not in seen:
                seen.add(made.target)
                waiting.append((made.target, [*line, (made, place, made.target)]))
    return []


def states() -> Iterator[Row]:
    """Rows of ``bench_state``: each state of a kind that can be reached, counted per side."""
    for flow in FLOWS.values():
        for closed in (False, True):
            found = [one for one in flow.states if one.closed is closed and way_to(flow, one.code)]
            for place, one in enumerate(found):
                hands = one.in_hands_of.value if one.in_hands_of else ""
                waits = one.kind is StateKind.WAITING
                turns = len(way_to(flow, one.code))
                yield flow.name, one.code, closed, waits, hands, turns, place, len(found)


def ways() -> Iterator[Row]:
    """Rows of ``bench_way``: the moves by which a matter came to its state."""
    for flow in FLOWS.values():
        for one in flow.states:
            for turn, (made, source, target) in enumerate(way_to(flow, one.code), 1):
                role = made.roles[0].value
                yield flow.name, one.code, turn, made.action, source, target, role


def clocks() -> Iterator[Row]:
    """Rows of ``bench_clock``: the clocks that had started on the way to a state."""
    for flow in FLOWS.values():
        for one in flow.states:
            started = {name for made, _, _ in way_to(flow, one.code) for name in made.limits}
            for clock in flow.clocks:
                if clock.name in started or clock.name == first_clock(flow):
                    yield flow.name, one.code, clock.name, clock.title, clock.side.value


def first_clock(flow: Flow) -> str:
    """The clock that the matters of a kind are listed by."""
    return flow.clocks[0].name if flow.clocks else ""
