"""A flow as text for people: a mermaid picture, and tables of its states, moves and clocks."""

from __future__ import annotations

from collections.abc import Iterable

from wenyou_core.flow.clocks import ClockMode, clocks, starters
from wenyou_core.flow.guards import GUARDS
from wenyou_core.flow.machine import NEW, Clock, Flow, Move, Side, State, StateKind
from wenyou_core.flow.needs import need_title
from wenyou_core.flow.roles import ROLE_TITLES, role_titles

_SIDES = {Side.INTERNAL: "内部", Side.UPSTREAM: "上级", Side.CUSTOMER: "客户"}
_DRAWN_APART = 4
_SEVERAL = "several_states"
_KINDS = {StateKind.OPEN: "办理中", StateKind.WAITING: "等待中", StateKind.CLOSED: "已结束"}


def mermaid(flow: Flow) -> str:
    """The flow as a mermaid state diagram.

    Moves that stay are left to the table; one that many states share is drawn once.
    """
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.title}" as {state.code}' for state in flow.states]
    edges: dict[tuple[str, str], list[str]] = {}
    for move in flow.moves:
        sources = move.sources if len(move.sources) <= _DRAWN_APART else (_SEVERAL,)
        for source in sources:
            if move.target is not None:
                edges.setdefault((source, move.target), []).append(move.title)
    if any(source == _SEVERAL for source, _ in edges):
        lines.append(f'    state "多个状态（见下表）" as {_SEVERAL}')
    lines += [
        f"    {source or '[*]'} --> {target} : {'、'.join(titles)}"
        for (source, target), titles in edges.items()
    ]
    lines += [f"    {state.code} --> [*]" for state in flow.states if state.closed]
    return "\n".join(lines) + "\n"


def markdown(flow: Flow) -> str:
    """The flow as a section of a page: picture, states, moves, clocks."""
    parts = [
        f"## {flow.title} `{flow.name}`\n",
        f"```mermaid\n{mermaid(flow)}```\n",
        _table(
            ("状态", "类别", "在谁手里", "计时", "暂停"), (_state_row(flow, s) for s in flow.states)
        ),
        _table(
            ("操作", "从", "到", "谁办理", "要填", "核对", "起算"),
            (_move_row(flow, m) for m in flow.moves),
        ),
    ]
    if flow.clocks:
        head = ("时限", "名称", "对谁", "起算", "完成")
        parts.append(_table(head, (_clock_row(flow, clock) for clock in flow.clocks)))
    return "\n".join(parts)


def page(flows: Iterable[Flow]) -> str:
    """All flows, one section each."""
    return "\n".join(markdown(flow) for flow in flows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _state_row(flow: Flow, state: State) -> tuple[str, ...]:
    modes = clocks(flow, state.code)
    hands = ROLE_TITLES[state.in_hands_of] if state.in_hands_of else ""
    told = {
        mode: "、".join(clock.title for clock in flow.clocks if modes[clock.name] is mode)
        for mode in (ClockMode.RUNS, ClockMode.PAUSED)
    }
    name = f"{state.title} `{state.code}`"
    return (name, _KINDS[state.kind], hands, told[ClockMode.RUNS], told[ClockMode.PAUSED])


def _move_row(flow: Flow, move: Move) -> tuple[str, ...]:
    titles = {clock.name: clock.title for clock in flow.clocks}
    alive = {state.code for state in flow.states if not state.closed}
    sources = "、".join(flow.state(one).title if one != NEW else "（新）" for one in move.sources)
    if len(alive) > 1 and set(move.sources) == alive:
        sources = "所有未结束的状态"
    target = flow.state(move.target).title if move.target is not None else "不变"
    opens = f"，另立 `{move.opens}`" if move.opens else ""
    return (
        f"{move.title} `{move.action}`",
        sources,
        f"{target}{opens}",
        role_titles(move.roles),
        "、".join(need_title(name) for name in move.needs),
        "、".join(GUARDS[name].title for name in move.guards),
        "、".join(titles[name] for name in move.limits),
    )


def _clock_row(flow: Flow, clock: Clock) -> tuple[str, ...]:
    actions = flow.actions()
    met_by = "、".join(actions[action].title for action in clock.met_by)
    since = clock.since if starters(flow, clock) else "按时限自己的起算事件"
    return (f"`{clock.name}`", clock.title, _SIDES[clock.side], since, met_by)
