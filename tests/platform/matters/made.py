"""Matters for tests: registered and walked through the services, by people of the cast."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.evidence.models import Evidence
from wenyou.matters.fields import Kind, Value, kind_of
from wenyou.matters.kinds import registering
from wenyou.matters.models import LimitSetting, Matter
from wenyou.matters.queries import sees
from wenyou.matters.services import Particulars, move, register
from wenyou.org.models import Unit
from wenyou_core.flow.machine import Flow, Move, MoveRefused, Why
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import Role

BEIJING = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=BEIJING)


def make_evidence(by: User, name: str = "照片.jpg") -> Evidence:
    """A stored file, without its bytes."""
    return Evidence.objects.create(
        sha256="0" * 64, kind="image/jpeg", size=1, name=name, stored_at=MONDAY, stored_by=by
    )


def set_limit(unit: Unit, name: str, limit: Any, **fields: Any) -> LimitSetting:
    """A limit that a unit has set long ago."""
    said = {"from_on": date(2020, 1, 1), **fields}
    return LimitSetting.objects.create(unit=unit, name=name, limit=limit, **said)


def people_of(cast: Cast) -> Mapping[Role, tuple[User, ...]]:
    """Who plays each role for 甲, several where one may not check his own work."""
    return {
        Role.STAFF: (cast.zhou,),
        Role.OUTLET_HEAD: (cast.lin,),
        Role.DEPARTMENT: (cast.department,),
        Role.COMPLAINT_HANDLER: (cast.handler,),
        Role.SERVICE_OFFICE: (cast.chen, cast.he),
        Role.CONSUMER_PROTECTION: (cast.protection,),
        Role.EXPERT: (cast.expert,),
        Role.INSPECTOR: (cast.zheng,),
        Role.TRAINER: (cast.trainer,),
        Role.LEADER: (cast.leader,),
        Role.FINANCE: (cast.finance,),
    }


def value_of(name: str, cast: Cast) -> Value:
    """A fitting answer to any need."""
    match kind_of(name):
        case Kind.UNIT:
            return cast.jia
        case Kind.PERSON:
            assert cast.zhou.employee is not None
            return cast.zhou.employee
        case Kind.DATE:
            return date(2026, 3, 31)
        case Kind.MOMENT:
            return MONDAY + timedelta(days=20)
        case Kind.FILES:
            return [make_evidence(cast.chen)]
    return f"{name}的内容"


def filled_for(made: Move, cast: Cast) -> dict[str, Value]:
    """All that a move asks for, and what the registration of the matter it opens asks for."""
    names = dict.fromkeys(made.needs)
    if made.opens:
        names |= dict.fromkeys(registering(made.opens).needs)
    return {name: value_of(name, cast) for name in names}


def candidates(made: Move, cast: Cast) -> Iterator[User | None]:
    """Everybody who may make a move, the system last."""
    people = people_of(cast)
    for role in made.roles:
        yield from people.get(role, ())
    if Role.SYSTEM in made.roles:
        yield None


def begin(
    flow: str, cast: Cast, *, at: datetime = MONDAY, by: User | None = None, **said: Any
) -> Matter:
    """A matter of a kind at 甲."""
    made = registering(flow, said.pop("action", ""))
    unit, once = said.pop("unit", cast.jia), said.pop("once", "")
    filled = {**filled_for(made, cast), **said.pop("filled", {})}
    return register(
        flow,
        unit=unit,
        by=by or next(candidates(made, cast)),
        filled=filled,
        action=made.action,
        particulars=Particulars(**said),
        at=at,
        once=once,
    )


def take(matter: Matter, made: Move, cast: Cast, at: datetime) -> Matter:
    """One step by the first person whom no guard bars."""
    barred: MoveRefused | None = None
    for by in candidates(made, cast):
        if by is not None and not sees(by, matter):
            continue
        try:
            return move(
                matter, made.action, by=by, turn=matter.turn, filled=filled_for(made, cast), at=at
            )
        except MoveRefused as refused:
            if refused.why is not Why.BARRED:
                raise
            barred = refused
    assert barred is not None
    raise barred


def roads(flow: Flow, avoid: frozenset[str]) -> dict[str, tuple[Move, ...]]:
    """The shortest road from registration to each state, by moves without these guards."""
    found: dict[str, tuple[Move, ...]] = {"": ()}
    waiting = [""]
    for code in waiting:
        for made in flow.moves_from(code):
            if made.target and made.target not in found and not avoid & set(made.guards):
                found[made.target] = (*found[code], made)
                waiting.append(made.target)
    return found


def made_named(flow: str, action: str, state: str) -> Move:
    """A move by its action and the state it is made from."""
    return next(one for one in FLOWS[flow].moves_from(state) if one.action == action)
