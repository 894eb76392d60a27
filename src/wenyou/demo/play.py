"""Scripts of matters, played in the order of time, every act through the services.

A script is a generator: it yields an act and is handed the matter as it is then. All scripts run
side by side, so that numbers, inboxes and the log follow one another as in a living house.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from heapq import heappop, heappush

from wenyou.accounts.models import User
from wenyou.matters import urging
from wenyou.matters.beginning import PLAIN, Particulars
from wenyou.matters.fields import Value
from wenyou.matters.models import Matter, MatterLink
from wenyou.matters.services import move, register
from wenyou.org.models import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """A matter is registered; ``by`` None is the system."""

    flow: str
    at: datetime
    unit: Unit
    by: User | None
    filled: Mapping[str, Value] = field(default_factory=dict)
    particulars: Particulars = PLAIN
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A matter is moved."""

    matter: Matter
    action: str
    at: datetime
    by: User | None
    filled: Mapping[str, Value] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """Somebody urges."""

    matter: Matter
    at: datetime
    by: User


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The matter that the last act of a kind has opened is asked for."""

    matter: Matter
    action: str
    at: datetime


Step = Begin | Act | Press | Opened
Said = Mapping[str, Value]
# When, which move, by whom, and what is filled in; files are made only when their time comes.
Row = tuple[datetime, str, "User | None", "Said | Callable[[], Said]"]
NOTHING: Said = {}
SOON = timedelta(minutes=8)
Script = Generator[Step, Matter, None]
Part = Generator[Step, Matter, Matter]


def play(scripts: Iterable[Script], now: datetime) -> int:
    """Play all scripts to their ends; how many acts. Nothing happens later than ``now``."""
    waiting: list[tuple[datetime, int, Step, Script]] = []
    for number, script in enumerate(scripts):
        _await(waiting, number, script, next(script, None))
    acts = 0
    while waiting:
        at, number, step, script = heappop(waiting)
        matter = _do(step, min(at, now))
        acts += 1
        try:
            following = script.send(matter)
        except StopIteration:
            continue
        _await(waiting, number, script, following)
    return acts


def walk(matter: Matter, rows: Iterable[Row], until: datetime) -> Part:
    """Move a matter along a road, as far as the day allows; the matter where it has come to.

    A step that days of rest have pushed before the last one follows it a little later.
    """
    for when, action, by, filled in rows:
        at = max(when, matter.moved_at + SOON)
        if at > until:
            break
        said = filled() if callable(filled) else filled
        matter = yield Act(matter=matter, action=action, at=at, by=by, filled=said)
    return matter


def _await(
    waiting: list[tuple[datetime, int, Step, Script]],
    number: int,
    script: Script,
    step: Step | None,
) -> None:
    if step is not None:
        # The number of a script is its own: steps and scripts are never compared.
        heappush(waiting, (step.at, number, step, script))


def _do(step: Step, at: datetime) -> Matter:
    match step:
        case Begin():
            return register(
                step.flow, unit=step.unit, by=step.by, filled=step.filled,
                particulars=_by(at, step.particulars), action=step.action, at=at,
            )  # fmt: skip
        case Act():
            turn = Matter.objects.values_list("turn", flat=True).get(pk=step.matter.pk)
            return move(
                step.matter, step.action, by=step.by, turn=turn, filled=step.filled,
                note=step.note, at=at,
            )  # fmt: skip
        case Press():
            urging.urge(step.matter, by=step.by, at=at)
            return step.matter
        case Opened():
            links = MatterLink.objects.filter(source=step.matter, kind=step.action)
            return links.select_related("target__unit").latest("pk").target


def _by(at: datetime, said: Particulars) -> Particulars:
    """What is told of a matter that is registered before its hour: nothing lies ahead of it."""
    moments = {name: getattr(said, name) for name in ("happened_at", "known_at", "received_at")}
    return replace(said, **{name: min(one, at) for name, one in moments.items() if one is not None})
