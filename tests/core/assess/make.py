"""Small books and programs, written down in a line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from wenyou_core.assess.facts import Cell, Fact, PersonSpan, PostSpan, UnitSpan
from wenyou_core.assess.program import Program
from wenyou_core.scheme.model import Adoption, FieldDef, Plan, Population, Role
from wenyou_core.scheme.words import State, SubjectKind
from wenyou_core.worktime.periods import Period, parse_period

LONG_AGO = date(2000, 1, 1)


def day(text: str) -> date:
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def fact(kind: str, id: str, happened: str, **given: Any) -> Fact:
    """A confirmed fact known at 18:00; what is not built in becomes a field."""
    built_in = {
        key: given.pop(key)
        for key in ("state", "at", "unit", "person", "evidence", "known", "recorded")
        if key in given
    }
    known = built_in.pop("known", None)
    at_six = moment(known) if known else datetime.combine(day(happened), time(18))
    recorded = built_in.pop("recorded", None)
    values: Mapping[str, Cell] = given
    return Fact(
        kind=kind,
        id=id,
        happened=day(happened),
        known=at_six,
        recorded=moment(recorded) if recorded else at_six,
        state=State(built_in.pop("state", "confirmed")),
        values=values,
        **built_in,
    )


def unit(id: str, parent: str = "", since: str = "", till: str = "", **values: Cell) -> UnitSpan:
    return UnitSpan(
        id=id,
        name=f"{id}网点",
        since=day(since) if since else LONG_AGO,
        till=day(till) if till else None,
        parent=parent,
        values=values,
    )


def person(id: str, since: str = "", till: str = "", **values: Cell) -> PersonSpan:
    first, last = day(since) if since else LONG_AGO, day(till) if till else None
    return PersonSpan(id=id, name=f"员工{id}", since=first, till=last, values=values)


def post(
    person: str,
    unit: str,
    post: str = "柜员",
    since: str = "",
    till: str = "",
    *,
    acting: bool = False,
) -> PostSpan:
    return PostSpan(
        person=person,
        unit=unit,
        post=post,
        since=day(since) if since else LONG_AGO,
        till=day(till) if till else None,
        acting=acting,
    )


def bare_program(
    *,
    run: str = "2025Q3",
    adopters: tuple[str, ...] = ("B",),
    acting: str = "instead",
    peers: tuple[str, ...] = (),
) -> Program:
    """A plan without articles: an organization, the role ``head``, three populations."""
    fields = {"kind": FieldDef(title="类别"), "name": FieldDef(title="名称")}
    populations = {
        "outlets": Population(name="outlets", title="网点", of=SubjectKind.UNIT, peers=peers),
        "staff": Population(name="staff", title="员工", of=SubjectKind.PERSON, peers=peers),
        "whole": Population(name="whole", title="全行", of=SubjectKind.ADOPTER),
    }
    plan = Plan(
        id="p",
        version="1",
        title="示范",
        issuer="示范行",
        unit_fields=fields,
        person_fields={"grade": FieldDef(title="职级")},
        roles={"head": Role(name="head", title="负责人", posts=("网点负责人",), acting=acting)},
        populations=populations,
    )
    adoption = Adoption(id="a", plan="p", version="1", units=adopters, in_force_from=LONG_AGO)
    return Program(
        plan=plan,
        adoption=adoption if adopters else None,
        run=period(run),
        plan_digest="",
        adoption_digest="",
        digits={},
    )


def period(text: str) -> Period:
    return parse_period(text)
