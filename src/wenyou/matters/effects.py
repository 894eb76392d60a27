"""What a move changes on the matter besides its state, and what it hands to the one it opens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from wenyou.accounts.models import User
from wenyou.matters.fields import REFS, SEALED, Answer, kept, seals
from wenyou.matters.kinds import KINDS, registering
from wenyou.matters.models import Extension, Matter, MatterLink
from wenyou.org.models import Unit
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import Flow, Move, StateKind
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import UNIT
from wenyou_core.worktime.deadline import ExtensionMode

COLUMNS = (
    "state", "closed", "waiting", "in_hands_of", "unit", "with_unit", "holder", "closed_at",
    "moved_at", "article", "data",
)  # fmt: skip
SYSTEM_NUMBER = "system"
ASKED_CLOCK = "asked_clock"


def system_user() -> User:
    """The account that stands for the system where a row must name its opener; nobody signs
    in with it."""
    found, _ = User.objects.get_or_create(
        number=SYSTEM_NUMBER, defaults={"name": "系统", "is_active": False, "password": "!"}
    )
    return found


def apply(
    flow: Flow,
    matter: Matter,
    made: Move,
    target: str,
    *,
    by: User | None,
    role: str,
    filled: Mapping[str, Answer],
    at: datetime,
) -> None:
    """Set the columns that follow from a move, in memory."""
    state = flow.state(target)
    moved_on = target != matter.state
    if filled:
        matter.data = merged(matter.data, kept(filled), seals(filled, matter.number))
    if "unit" in filled and isinstance(filled["unit"].ref, int):
        matter.unit = Unit.objects.get(pk=filled["unit"].ref)
    if "department" in filled and isinstance(filled["department"].ref, int):
        matter.with_unit = Unit.objects.get(pk=filled["department"].ref)
    if "article" in filled:
        matter.article = filled["article"].text[:60]
    matter.holder = _holder(matter, state.in_hands_of, by, role, moved_on=moved_on)
    matter.state, matter.closed = target, state.closed
    matter.waiting = state.kind is StateKind.WAITING
    matter.in_hands_of = state.in_hands_of or ""
    matter.moved_at = at
    if state.closed and matter.closed_at is None:
        matter.closed_at = at


def _holder(
    matter: Matter, in_hands_of: str | None, by: User | None, role: str, *, moved_on: bool
) -> Any:
    """Who took it up keeps it while it stays with his side; given on, it is everybody's there."""
    stays = in_hands_of is not None and (
        role == in_hands_of or (role in UNIT and in_hands_of in UNIT)
    )
    if not moved_on:
        return matter.holder
    return by.employee if by is not None and stays else None


def merged(
    data: Mapping[str, Any], fresh: Mapping[str, Any], sealed: Mapping[str, str]
) -> dict[str, Any]:
    """The content of a matter with fresh answers: their references and seals replace older ones."""
    found = {**data, **fresh}
    for key, new in ((REFS, fresh.get(REFS, {})), (SEALED, sealed)):
        held = {name: one for name, one in data.get(key, {}).items() if name not in fresh}
        both = {**held, **new}
        found.pop(key, None)
        if both:
            found[key] = both
    return found


def after_move(
    matter: Matter, made: Move, *, by: User | None, filled: Mapping[str, Answer], at: datetime
) -> list[Matter]:
    """What a decision does to the matters it was asked for, and which have to be computed anew.

    Time that was granted is a fact. Asked for in time it counts even when it is granted late.
    """
    if matter.flow != "extension" or made.action != "grant" or by is None:
        return []
    said = filled["due"].ref if "due" in filled else None
    if not isinstance(said, str):
        raise InputRefused("extension-date", "请选一个具体的日期作为新的时限。")
    links = MatterLink.objects.filter(target=matter).select_related("source__unit")
    touched = [link.source for link in links]
    for asked in touched:
        in_time = asked.due_at is None or matter.opened_at <= asked.due_at
        Extension.objects.create(
            matter=asked,
            clock=matter.data.get(ASKED_CLOCK) or asked.due_clock,
            mode=ExtensionMode.UNTIL.value,
            until=_day(said),
            grounds=filled["grounds"].text[:300],
            approved_by=by,
            approved_at=at,
            late_accepted=in_time,
        )
    return touched


def _day(said: str) -> date:
    return date.fromisoformat(said[:10])


# -- the matter a move opens ------------------------------------------------------------


def also_asked(matter: Matter, made: Move, filled: Mapping[str, Answer]) -> tuple[str, ...]:
    """What the opened matter's registration needs that nobody has said yet."""
    if standing_meeting(matter, made) is not None:
        return ()
    have = handed_over(matter, made, dict(filled))
    return tuple(name for name in registering(made.opens).needs if name not in have)


def handed_over(matter: Matter, made: Move, filled: Mapping[str, Answer]) -> dict[str, Answer]:
    """The answers with which the opened matter is registered."""
    wanted = registering(made.opens).needs
    found = {
        "unit": Answer(matter.unit.name, matter.unit_id),
        "linked": Answer(matter.number),
        "item": Answer(f"{flow_named(matter.flow).title}{matter.number}"),
    }
    refs = matter.data.get(REFS, {})
    for name in wanted:
        text = matter.data.get(name)
        if isinstance(text, str) and text:
            found[name] = Answer(text, refs.get(name))
    found.update({name: filled[name] for name in wanted if name in filled})
    return {name: one for name, one in found.items() if name in wanted}


def limits_handed_over(made: Move, filled: Mapping[str, Answer]) -> dict[str, date]:
    """A day named by the opening move is the opened matter's own limit."""
    clock = KINDS[made.opens].own_limit
    said = filled["due"].ref if "due" in filled else None
    return {clock: _day(said)} if clock and isinstance(said, str) else {}


def data_handed_over(matter: Matter, made: Move) -> dict[str, Any]:
    """Which clock an extension is asked for: the one the matter is listed by."""
    return {ASKED_CLOCK: matter.due_clock} if made.opens == "extension" else {}


def standing_meeting(matter: Matter, made: Move) -> Matter | None:
    """The meeting of the unit, or of one above, that still collects cases; cases go ten at a time."""
    if made.opens != "ruling_batch":
        return None
    line = [int(part) for part in matter.unit.path.split("/") if part]
    found = Matter.objects.filter(flow="ruling_batch", state="collecting", unit__in=line)
    return found.order_by("-unit__depth", "pk").first()
