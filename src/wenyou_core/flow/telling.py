"""The time line of a matter: each transition as one Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from wenyou_core.flow.machine import Flow, Move
from wenyou_core.flow.needs import need_title
from wenyou_core.flow.roles import ROLE_TITLES, Role
from wenyou_core.worktime.texts import beijing, moment_text

GROUNDS = "grounds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """What happened to a matter: by whom (the name shown), when, and what was filled in.

    ``source`` is NEW for the registration. ``told`` maps needs to their text as it may be
    shown; ``due_at`` is the end of the clock that the move started, if it is to be told.
    """

    action: str
    source: str
    target: str
    by: str
    at: datetime
    told: Mapping[str, str] = field(default_factory=dict)
    due_at: datetime | None = None


def timeline(flow: Flow, transitions: Iterable[Transition]) -> list[str]:
    """The sentences of the transitions, in the order given."""
    return [sentence(flow, one) for one in transitions]


def sentence(flow: Flow, transition: Transition) -> str:
    """One transition: when, who, what, on what grounds, until when.

    A row written by an earlier version, whose action or state is gone, is told all the same.
    """
    who = transition.by or ROLE_TITLES[Role.SYSTEM]
    told = _Told({name: _line(text) for name, text in transition.told.items()})
    told["who"] = who
    move = _move(flow, transition)
    says = move.says if move else f"{who}办理了“{transition.action}”。"
    parts = [f"{moment_text(beijing(transition.at))}，", says.format_map(told) if move else says]
    if told.get(GROUNDS) and "{grounds}" not in says:
        parts.append(f"理由：{told[GROUNDS]}。")
    if transition.due_at is not None:
        parts.append(f"时限到{moment_text(beijing(transition.due_at))}。")
    return "".join(parts)


class _Told(dict[str, str]):
    """What was filled in; what was not is named instead of failing."""

    def __missing__(self, name: str) -> str:
        return f"（未填{need_title(name)}）"


def _move(flow: Flow, transition: Transition) -> Move | None:
    found = [move for move in flow.moves if move.action == transition.action]
    fitting = [move for move in found if transition.source in move.sources]
    return next(iter([*fitting, *found]), None)


def _line(text: str) -> str:
    """A typed text on one line, without the full stop the sentence brings itself."""
    return " ".join(text.split()).rstrip("。")
