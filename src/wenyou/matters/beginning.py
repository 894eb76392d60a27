"""A matter is registered: what is known of it becomes its first row, number and clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.matters import effects
from wenyou.matters.fields import Answer, kept, seals
from wenyou.matters.guards import Case, answers
from wenyou.matters.kinds import KINDS
from wenyou.matters.limits import limits_for
from wenyou.matters.models import Matter
from wenyou.matters.numbers import next_number
from wenyou.matters.reading import OWN_LIMITS, RECEIVED, history_of, setting_of
from wenyou.matters.store import store_clocks
from wenyou.matters.telling import tell_of_move
from wenyou.matters.written import AHEAD, attach, audit, trace_people, transition_of
from wenyou.org.models import Employee, Unit
from wenyou_core.errors import InputRefused
from wenyou_core.flow.machine import NEW, Flow, Given, Move, after
from wenyou_core.flow.roles import Role

LONGEST_TITLE = 60


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


def begin_matter(
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
    """Save a new matter, as far as roles, needs and guards allow."""
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
    row = transition_of(
        matter, move, by=by, roles=roles, source=NEW, filled=filled, note=note, at=at
    )
    row.save()
    attach(matter, filled)
    trace_people(matter, filled, note)
    store_clocks(matter, history_of([row]), at, setting=setting_of(matter), fresh=True)
    audit("matter.registered", matter, move, by=by, old={}, note=note)
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
