"""Register a matter, move it, urge it: the one road by which any matter changes.

Access, then the flow's table, then the guards, then compare-and-set on ``turn``; the
transition, the clocks, the due date and the audit row are saved in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.accounts.scope import scope
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.matters import effects
from wenyou.matters.beginning import PLAIN, Particulars, begin_matter
from wenyou.matters.fields import Answer, Value, answered, opened
from wenyou.matters.guards import Case, answers
from wenyou.matters.kinds import registering
from wenyou.matters.limits import limits_for
from wenyou.matters.models import ClockRun, FormSent, Matter, MatterLink, Transition
from wenyou.matters.queries import roles_for, sees
from wenyou.matters.reading import history_of, setting_of
from wenyou.matters.store import store_clocks
from wenyou.matters.telling import tell_of_move
from wenyou.matters.written import attach, audit, moment_of, trace_people, transition_of
from wenyou.org.models import Unit
from wenyou.search.services import moved as found_at
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import (
    Flow,
    Given,
    Move,
    MoveRefused,
    StaleMatter,
    after,
    refusal,
)
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import Role

SHORTEST_REASON = 4


@transaction.atomic
def register(
    flow: str,
    *,
    unit: Unit,
    by: User | None,
    filled: Mapping[str, Value] | None = None,
    particulars: Particulars = PLAIN,
    action: str = "",
    note: str = "",
    at: datetime | None = None,
    once: str = "",
) -> Matter:
    """Register a matter of a kind for a unit; ``by`` None is the system.

    ``action`` names the registering move where the flow has several. ``once`` is the key of the
    form that a person sent: sent again, also at the same moment, it gives the same matter.
    Raises NotFound for a unit out of reach, MoveRefused for a role that may not or for what is
    missing, InputRefused.
    """
    table = flow_named(flow)
    moment = moment_of(at)
    sent = _sent(once, by, moment)
    if sent is not None and sent.matter is not None:
        return sent.matter
    if by is not None and not scope(by).covers(unit.path):
        raise NotFound("这个机构")
    _refuse_closed(unit, moment)
    roles = frozenset({Role.SYSTEM}) if by is None else scope(by).roles_at(unit.path)
    begun = begin_matter(
        table,
        registering(flow, action),
        unit=unit,
        by=by,
        roles=roles,
        filled=answered({"unit": unit, **(filled or {})}),
        particulars=particulars,
        note=note,
        at=moment,
    )
    if sent is not None:
        sent.matter = begun
        sent.save(update_fields=["matter"])
    return begun


def _sent(key: str, by: User | None, at: datetime) -> FormSent | None:
    """The mark of a form, set now or before; whoever sends it meanwhile waits for this one."""
    if not key or by is None:
        return None
    return FormSent.objects.get_or_create(by=by, key=key, defaults={"at": at})[0]


@transaction.atomic
def move(
    matter: Matter,
    action: str,
    *,
    by: User | None,
    turn: int,
    filled: Mapping[str, Value] | None = None,
    note: str = "",
    at: datetime | None = None,
) -> Matter:
    """Move a matter on from the turn it was seen at; the matter as it is then.

    Raises NotFound, StaleMatter (who moved it meanwhile), MoveRefused, InputRefused.
    """
    now = moment_of(at)
    fresh = _read(matter.pk)
    flow = flow_named(fresh.flow)
    if by is not None and not sees(by, fresh):
        raise NotFound("这件事项")
    rows = list(fresh.transitions.select_related("by__employee").order_by("turn"))
    if fresh.turn != turn:
        raise _stale(flow, fresh, rows, turn)
    if rows and now < rows[-1].at:
        raise InputRefused("move-before-last", "办理时间早于上一步的办理时间，请核对后再提交。")
    roles = frozenset({Role.SYSTEM}) if by is None else roles_for(by, fresh)
    given_answers = answered(filled or {})
    made = made_by(flow, fresh.state, action)
    if made is None:
        raise refusal(flow, fresh.state, action, roles) or NotFound("这项操作")
    also = effects.also_asked(fresh, made, given_answers) if made.opens else ()
    given = Given(
        filled=frozenset(given_answers),
        answers=answers(
            Case(flow, made, fresh, by, rows, now, limits_for(fresh.unit, timezone.localdate(now)))
        )
        if made.guards
        else {},
        also_needed=also,
    )
    target = after(flow, fresh.state, action, roles, given)
    _check_reach(by, given_answers, now)
    return _moved(
        flow, fresh, made, target, by=by, roles=roles, filled=given_answers, rows=rows,
        note=note, at=now,
    )  # fmt: skip


def _moved(
    flow: Flow,
    matter: Matter,
    made: Move,
    target: str,
    *,
    by: User | None,
    roles: frozenset[Role],
    filled: dict[str, Answer],
    rows: list[Transition],
    note: str,
    at: datetime,
) -> Matter:
    old = {"state": matter.state, "turn": matter.turn, "due_at": matter.due_at}
    source, seen_at, unit_id = matter.state, matter.turn, matter.unit_id
    row = transition_of(
        matter, made, by=by, roles=roles, source=source, target=target, filled=filled,
        note=note, at=at, turn=seen_at + 1,
    )  # fmt: skip
    effects.apply(flow, matter, made, target, by=by, role=row.for_role, filled=filled, at=at)
    columns = {name: getattr(matter, name) for name in effects.COLUMNS}
    done = Matter.objects.filter(pk=matter.pk, turn=seen_at).update(turn=seen_at + 1, **columns)
    if not done:
        fresh = _read(matter.pk)
        now_rows = list(fresh.transitions.order_by("turn"))
        raise _stale(flow, fresh, now_rows, seen_at)
    matter.turn = seen_at + 1
    if matter.unit_id != unit_id:
        found_at("matter", matter.pk, matter.unit_id)
    row.save()
    attach(matter, filled)
    trace_people(matter, filled, note)
    for touched in effects.after_move(matter, made, by=by, filled=filled, at=at):
        recompute(touched, at)
    if made.opens:
        _open_linked(matter, made, by=by, role=row.for_role, filled=filled, at=at)
    store_clocks(matter, history_of([*rows, row]), at, setting=setting_of(matter))
    audit("matter.moved", matter, made, by=by, old=old, note=note)
    tell_of_move(matter, made, by=by, at=at)
    return matter


def _open_linked(
    matter: Matter,
    made: Move,
    *,
    by: User | None,
    role: str,
    filled: dict[str, Answer],
    at: datetime,
) -> Matter:
    """The matter that a move begins, linked to this one; a standing meeting is joined instead."""
    joined = effects.standing_meeting(matter, made)
    if joined is None:
        flow = flow_named(made.opens)
        joined = begin_matter(
            flow,
            registering(made.opens),
            unit=matter.unit,
            by=by,
            roles=frozenset(registering(made.opens).roles),
            filled=effects.handed_over(matter, made, filled),
            particulars=Particulars(
                about=matter.about,
                source=matter.flow,
                article=matter.article,
                own_limits=effects.limits_handed_over(made, filled),
                data=effects.data_handed_over(matter, made),
            ),
            note="",
            at=at,
        )
    MatterLink.objects.get_or_create(source=matter, target=joined, kind=made.action)
    return joined


def link(source: Matter, target: Matter, *, kind: str, by: User | None) -> MatterLink:
    """Link two matters that belong together."""
    with transaction.atomic():
        found, _ = MatterLink.objects.get_or_create(source=source, target=target, kind=kind)
        record(
            "matter.linked",
            by=by,
            change=Change(subject=source, unit=source.unit, new={"to": target.number, "as": kind}),
        )
    return found


def recompute(matter: Matter, at: datetime) -> list[ClockRun]:
    """Compute the clocks of a matter again and store them; they as they are now."""
    rows = matter.transitions.order_by("turn")
    return store_clocks(matter, history_of(rows), at, setting=setting_of(matter))


@transaction.atomic
def may_unmask(user: User, matter: Matter) -> None:
    """Raise NotFound or NotAllowed for whoever has no part in handling it."""
    if not sees(user, matter):
        raise NotFound("这件事项")
    if not roles_for(user, matter) - {Role.STAFF}:
        raise NotAllowed("查看完整内容", "承办单位和服务办公室")


def unmask(matter: Matter, *, reason: str, by: User) -> dict[str, str]:
    """The texts of a matter as they were typed, by need; who looked and why is recorded.

    Raises NotFound, NotAllowed for who has no part in handling it, InputRefused without a
    reason.
    """
    may_unmask(by, matter)
    if len(reason.strip()) < SHORTEST_REASON:
        raise InputRefused(
            "unmask-reason",
            f"请写明查看原因（至少{SHORTEST_REASON}个字），查看会记入操作记录。",
        )
    record(
        "matter.unmasked",
        by=by,
        change=Change(subject=matter, unit=matter.unit, note=reason.strip()),
    )
    return opened(matter.data, matter.number)


# -- pieces -----------------------------------------------------------------------------


def _read(pk: int) -> Matter:
    found = Matter.objects.select_related("unit", "with_unit", "about", "holder", "opened_by")
    return found.get(pk=pk)


def made_by(flow: Flow, state: str, action: str) -> Move | None:
    """The move that an action makes from a state; None when it makes none."""
    return next((one for one in flow.moves_from(state) if one.action == action), None)


def _check_reach(by: User | None, filled: Mapping[str, Answer], at: datetime) -> None:
    """Work is given to one's own open units; whoever is only asked for help may be anywhere."""
    given = filled.get("unit")
    if by is None or given is None or not isinstance(given.ref, int):
        return
    unit = Unit.objects.filter(pk=given.ref).first()
    if unit is not None and scope(by).covers(unit.path):
        _refuse_closed(unit, at)
    else:
        raise InputRefused(
            "unit-out-of-reach",
            f"“{given.text}”不在您的管辖范围内，不能派给它；请选择本机构或下级机构。",
        )


def _refuse_closed(unit: Unit, at: datetime) -> None:
    """Nobody works at a unit that has closed or has not opened yet."""
    if not unit.open_on(timezone.localdate(at)):
        raise InputRefused(
            "unit-closed",
            f"“{unit}”当日未开业或已停业，事项不能登记在它名下或派给它；请选承接它业务的机构。",
        )


def _stale(flow: Flow, matter: Matter, rows: Sequence[Transition], turn: int) -> StaleMatter:
    last = rows[-1]
    seen = next((row.target for row in rows if row.turn == turn), matter.state)
    return StaleMatter(
        flow, expected=seen, actual=matter.state, who=last.by_name or "系统", when=last.at
    )


__all__ = [
    "MoveRefused", "Particulars", "StaleMatter", "link", "move", "recompute", "register",
    "unmask",
]  # fmt: skip
