"""Register a matter, move it, urge it: the one road by which any matter changes.

Access, then the flow's table, then the guards, then compare-and-set on ``turn``; the
transition, the clocks, the due date and the audit row are saved in the same transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.accounts.scope import scope
from wenyou.audit.actions import register_actions
from wenyou.audit.context import origin
from wenyou.audit.services import Change, record
from wenyou.errors import NotAllowed, NotFound
from wenyou.evidence.models import Evidence, EvidenceUse
from wenyou.matters import effects
from wenyou.matters.fields import (
    SEALED,
    Answer,
    Value,
    answered,
    free_text,
    kept,
    opened,
    seals,
)
from wenyou.matters.guards import Case, answers
from wenyou.matters.kinds import KINDS, registering
from wenyou.matters.limits import limits_for
from wenyou.matters.models import ClockRun, Matter, MatterLink, Transition
from wenyou.matters.numbers import next_number
from wenyou.matters.queries import roles_for, sees
from wenyou.matters.reading import OWN_LIMITS, RECEIVED, history_of, setting_of
from wenyou.matters.store import store_clocks
from wenyou.matters.telling import tell_of_move
from wenyou.org.models import Employee, Unit
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import (
    NEW,
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

register_actions(
    {
        "matter.registered": "登记事项",
        "matter.moved": "办理事项",
        "matter.urged": "催办事项",
        "matter.linked": "关联事项",
        "matter.exported": "导出事项清单",
        "matter.unmasked": "查看事项完整内容",
    }
)
LONGEST_TITLE = 60
SHORTEST_REASON = 4
# Clocks of two machines differ a little; more than this is a slip of the keyboard.
AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What is known of a matter when it is registered, besides what its flow asks for.

    ``own_limits`` are moments or days set for this matter alone, by name of the clock;
    ``data`` is kept as it is (columns of an imported ticket and the like).
    """

    title: str = ""
    about: Employee | None = None
    happened_at: datetime | None = None
    known_at: datetime | None = None
    received_at: datetime | None = None
    source: str = ""
    ticket: str = ""
    article: str = ""
    own_limits: Mapping[str, date] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)


PLAIN = Particulars()


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
) -> Matter:
    """Register a matter of a kind for a unit; ``by`` None is the system.

    ``action`` names the registering move where the flow has several. Raises NotFound for a
    unit out of reach, MoveRefused for a role that may not or for what is missing, InputRefused.
    """
    table = flow_named(flow)
    moment = _moment(at)
    if by is not None and not scope(by).covers(unit.path):
        raise NotFound("这个机构")
    roles = frozenset({Role.SYSTEM}) if by is None else scope(by).roles_at(unit.path)
    return _register(
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


def _register(
    flow: Flow,
    move: Move,
    *,
    unit: Unit,
    by: User | None,
    roles: frozenset[Role],
    filled: dict[str, Answer],
    particulars: Particulars,
    note: str,
    at: datetime,
) -> Matter:
    matter = _begun(flow, unit=unit, by=by, filled=filled, particulars=particulars, at=at)
    needs_unit = "unit" in move.needs
    said: Mapping[str, str] = {}
    if move.guards:
        limits = limits_for(unit, timezone.localdate(at))
        said = answers(Case(flow, move, matter, by, (), at, limits))
    given = Given(filled=frozenset(filled), answers=said)
    target = after(flow, NEW, move.action, roles, given)
    state = flow.state(target)
    matter.state, matter.closed = target, state.closed
    matter.waiting, matter.in_hands_of = state.kind == "waiting", state.in_hands_of or ""
    matter.number = next_number(flow.name, at)
    matter.turn = 1
    matter.data = effects.merged(matter.data, {}, seals(filled, matter.number))
    _save_new(matter)
    if not needs_unit:
        filled.pop("unit", None)
    row = _transition(matter, move, by=by, roles=roles, source=NEW, filled=filled, note=note, at=at)
    row.save()
    _attach(matter, filled)
    store_clocks(matter, history_of([row]), at, setting=setting_of(matter), fresh=True)
    _audit("matter.registered", matter, move, by=by, old={}, note=note)
    tell_of_move(matter, move, by=by, at=at)
    return matter


def _save_new(matter: Matter) -> None:
    """Insert; a ticket that somebody registered at the same moment is refused all the same."""
    try:
        with transaction.atomic():
            matter.save()
    except IntegrityError:
        if not matter.ticket:
            raise
        raise InputRefused(
            "ticket-twice",
            f"工单{matter.ticket}已经登记，不用再登记一次；请在投诉清单里按工单编号查找。",
        ) from None


def _begun(
    flow: Flow,
    *,
    unit: Unit,
    by: User | None,
    filled: Mapping[str, Answer],
    particulars: Particulars,
    at: datetime,
) -> Matter:
    said = particulars
    known = said.known_at or at
    _check_moments(said, known, at)
    own = {name: moment.isoformat() for name, moment in said.own_limits.items()}
    data = {**said.data, **kept({name: one for name, one in filled.items() if name != "unit"})}
    if own:
        data[OWN_LIMITS] = own
    if said.received_at is not None:
        data[RECEIVED] = said.received_at.isoformat()
    opener = by if by is not None else effects.system_user()
    return Matter(
        flow=flow.name,
        title=said.title[:160] or _title(flow, filled, unit),
        unit=unit,
        about=said.about,
        happened_at=said.happened_at,
        known_at=known,
        opened_at=at,
        moved_at=at,
        source=said.source,
        ticket=said.ticket,
        article=said.article or (filled["article"].text[:60] if "article" in filled else ""),
        data=data,
        opened_by=opener,
    )


def _check_moments(said: Particulars, known: datetime, at: datetime) -> None:
    if known > at + AHEAD:
        raise InputRefused("matter-known-ahead", "知悉时间晚于现在，请核对后再登记。")
    if said.happened_at is not None and said.happened_at > known:
        raise InputRefused(
            "matter-happened-ahead", "发生时间晚于知悉时间，请核对：先发生，后知悉。"
        )


def _title(flow: Flow, filled: Mapping[str, Answer], unit: Unit) -> str:
    texts = (filled[name].text for name in KINDS[flow.name].titles if name in filled)
    text = " ".join(next(texts, "").split())
    if not text:
        return f"{unit}{flow.title}"
    return text if len(text) <= LONGEST_TITLE else f"{text[: LONGEST_TITLE - 1]}…"


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
    now = _moment(at)
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
    _check_reach(by, given_answers)
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
    source, seen_at = matter.state, matter.turn
    row = _transition(
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
    row.save()
    _attach(matter, filled)
    for touched in effects.after_move(matter, made, by=by, filled=filled, at=at):
        recompute(touched, at)
    if made.opens:
        _open_linked(matter, made, by=by, role=row.for_role, filled=filled, at=at)
    store_clocks(matter, history_of([*rows, row]), at, setting=setting_of(matter))
    _audit("matter.moved", matter, made, by=by, old=old, note=note)
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
        joined = _register(
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
def record_export(title: str, narrowed: str, rows: int, *, by: User) -> None:
    """Say in the log that a list was taken out of the house."""
    record(
        "matter.exported", by=by, change=Change(new={"list": title, "rows": rows}, note=narrowed)
    )


@transaction.atomic
def unmask(matter: Matter, *, reason: str, by: User) -> dict[str, str]:
    """The texts of a matter as they were typed, by need; who looked and why is recorded.

    Raises NotFound, NotAllowed for who has no part in handling it, InputRefused without a
    reason.
    """
    if not sees(by, matter):
        raise NotFound("这件事项")
    if not roles_for(by, matter) - {Role.STAFF}:
        raise NotAllowed("查看完整内容", "承办单位和服务办公室")
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


def _moment(at: datetime | None) -> datetime:
    now = timezone.now()
    if at is not None and at > now + AHEAD:
        raise InputRefused("move-ahead", "办理时间晚于现在，请核对后再提交。")
    return at or now


def _read(pk: int) -> Matter:
    found = Matter.objects.select_related("unit", "with_unit", "about", "holder", "opened_by")
    return found.get(pk=pk)


def made_by(flow: Flow, state: str, action: str) -> Move | None:
    """The move that an action makes from a state; None when it makes none."""
    return next((one for one in flow.moves_from(state) if one.action == action), None)


def _check_reach(by: User | None, filled: Mapping[str, Answer]) -> None:
    """Work is given to one's own units; whoever is only asked for help may be anywhere."""
    given = filled.get("unit")
    if by is None or given is None or not isinstance(given.ref, int):
        return
    path = Unit.objects.filter(pk=given.ref).values_list("path", flat=True).first() or ""
    if not scope(by).covers(path):
        raise InputRefused(
            "unit-out-of-reach",
            f"“{given.text}”不在您的管辖范围内，不能派给它；请选择本机构或下级机构。",
        )


def _stale(flow: Flow, matter: Matter, rows: Sequence[Transition], turn: int) -> StaleMatter:
    last = rows[-1]
    seen = next((row.target for row in rows if row.turn == turn), matter.state)
    return StaleMatter(
        flow, expected=seen, actual=matter.state, who=last.by_name or "系统", when=last.at
    )


def _transition(
    matter: Matter,
    made: Move,
    *,
    by: User | None,
    roles: frozenset[Role],
    source: str,
    filled: Mapping[str, Answer],
    note: str,
    at: datetime,
    target: str = "",
    turn: int = 1,
) -> Transition:
    said = free_text(note)
    whole = seals({**filled, "note": said}, matter.number)
    as_role = next((role for role in made.roles if role in roles), Role.SYSTEM)
    return Transition(
        matter=matter,
        turn=turn,
        action=made.action,
        source=source,
        target=target or matter.state,
        by=by,
        by_name=by.name if by is not None else "",
        for_role=as_role.value,
        at=at,
        note=said.text,
        filled={**kept(filled), **({SEALED: whole} if whole else {})},
        article=filled["article"].text[:60] if "article" in filled else "",
        request_id=origin().request_id,
    )


def _attach(matter: Matter, filled: Mapping[str, Answer]) -> None:
    """Files that were handed in become evidence of the matter."""
    wanted = {
        pk: name for name, one in filled.items() if isinstance(one.ref, list) for pk in one.ref
    }
    if not wanted:
        return
    found = Evidence.objects.filter(pk__in=wanted)
    EvidenceUse.objects.bulk_create(
        EvidenceUse(evidence=one, object_kind="matter", object_id=str(matter.pk),
                    caption=wanted[one.pk])
        for one in found
    )  # fmt: skip


def _audit(
    action: str, matter: Matter, made: Move, *, by: User | None, old: dict[str, Any], note: str
) -> None:
    new = {
        "action": made.action,
        "state": matter.state,
        "turn": matter.turn,
        "due_at": matter.due_at,
        "unit": matter.unit_id,
    }
    change = Change(
        subject=matter,
        unit=matter.unit,
        old=old,
        new=new,
        article=matter.article,
        note=free_text(note).text,
    )
    record(action, by=by, change=change)


__all__ = [
    "MoveRefused", "Particulars", "StaleMatter", "link", "move", "recompute", "record_export",
    "register", "unmask",
]  # fmt: skip
