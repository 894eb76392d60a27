"""Rows as the API shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from wenyou.accounts.models import User
from wenyou.api import shapes
from wenyou.assessments.models import Run, RunSubject
from wenyou.matters.fields import SEALED
from wenyou.matters.guards import INTERESTS
from wenyou.matters.models import Matter
from wenyou.matters.queries import roles_for
from wenyou.org.models import Employee, Unit
from wenyou.register.models import Coverage, Fact
from wenyou.schemes.models import Adoption
from wenyou_core.flow.machine import open_actions
from wenyou_core.flow.registry import flow_named

Row = TypeVar("Row", bound=Model)
Paged = tuple[list[Row], int | None]
MOST = 200


def page(rows: QuerySet[Row], after: int | None, limit: int, *, newest: bool = True) -> Paged[Row]:
    """At most ``limit`` rows behind the key ``after``, and the key to ask with next."""
    if after is not None:
        rows = rows.filter(pk__lt=after) if newest else rows.filter(pk__gt=after)
    found = list(rows.order_by("-pk" if newest else "pk")[: limit + 1])
    more = len(found) > limit
    return found[:limit], (found[limit - 1].pk if more else None)


def unit(one: Unit) -> shapes.UnitOut:
    """A unit, with its parent read along."""
    return shapes.UnitOut(
        code=one.code,
        name=one.name,
        short_name=one.short_name,
        level=one.level,
        kind=one.kind,
        area=one.area,
        parent=one.parent.code if one.parent else None,
        opened_on=one.opened_on,
        closed_on=one.closed_on,
    )


def person(one: Employee) -> shapes.PersonOut:
    """A person, with the unit read along."""
    return shapes.PersonOut(
        number=one.number, name=one.name, unit=one.unit.code if one.unit else None, post=one.post
    )


def matter(one: Matter) -> shapes.MatterOut:
    """A matter, with its unit read along."""
    return shapes.MatterOut(**_matter(one))


def _matter(one: Matter) -> dict[str, Any]:
    return {
        "id": one.pk,
        "number": one.number,
        "flow": one.flow,
        "title": one.title,
        "unit": one.unit.code,
        "state": one.state,
        "state_title": flow_named(one.flow).state(one.state).title,
        "closed": one.closed,
        "turn": one.turn,
        "ticket": one.ticket,
        "source": one.source,
        "known_at": one.known_at,
        "opened_at": one.opened_at,
        "due_at": one.due_at,
        "closed_at": one.closed_at,
    }


def matter_whole(one: Matter, user: User) -> shapes.MatterDetail:
    """A matter with clocks, course, and what the caller may do now."""
    clocks = [
        shapes.ClockOut(
            name=row.name,
            title=row.title,
            state=row.state,
            due_at=row.due_at,
            met_at=row.met_at,
            why=[str(step) for step in _texts(row.steps)],
        )
        for row in one.clocks.order_by("pk")
    ]
    moves = open_actions(flow_named(one.flow), one.state, roles_for(user, one))
    return shapes.MatterDetail(
        **_matter(one),
        data=open_part(one.data),
        clocks=clocks,
        actions=[
            shapes.ActionOut(action=move.action, title=move.title, needs=list(move.needs))
            for move in moves
        ],
        course=[
            shapes.StepOut(
                action=row.action, target=row.target, at=row.at, by=row.by_name, note=row.note
            )
            for row in one.transitions.order_by("turn")
        ],
    )


def open_part(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in without what is sealed: that is shown on a page, with a reason, alone."""
    return {name: one for name, one in data.items() if name not in (SEALED, INTERESTS)}


def _texts(steps: Iterable[Any]) -> Iterable[object]:
    return (step.get("text", step) if isinstance(step, dict) else step for step in steps)


def fact(one: Fact) -> shapes.FactOut:
    """A fact, with unit and person read along."""
    return shapes.FactOut(
        id=one.pk,
        adoption=one.adoption_id,
        kind=one.kind,
        key=one.key,
        revision=one.revision,
        state=one.state,
        unit=one.unit.code if one.unit else None,
        person=one.employee.number if one.employee else None,
        happened_on=one.happened_on,
        known_at=one.known_at,
        data=open_part(one.data),
        evidence=one.evidence,
    )


def run(one: Run) -> shapes.RunOut:
    """A run, with adoption and unit read along."""
    return shapes.RunOut(
        id=one.pk,
        plan=one.adoption.plan,
        unit=one.unit.code,
        period=one.period,
        state=one.state,
        known_at=one.known_at,
        provisional=one.provisional,
        digest=one.digest,
    )


def run_whole(one: Run) -> shapes.RunDetail:
    """A run with what it still needs."""
    tables = [str(table["population"]) for table in one.summary.get("tables", ())]
    return shapes.RunDetail(
        **run(one).model_dump(),
        missing=one.missing,
        waiting=one.summary.get("waiting", []),
        tables=tables,
        lawful=bool(one.summary.get("lawful")),
    )


def adoption(one: Adoption) -> shapes.AdoptionOut:
    """An adoption, with its unit and text read along."""
    return shapes.AdoptionOut(
        id=one.pk,
        plan=one.plan,
        version=one.version,
        plan_digest=one.source.digest if one.source else "",
        title=one.title,
        unit=one.unit.code,
        from_on=one.from_on,
        until_on=one.until_on,
        state=one.state,
    )


def coverage(one: Coverage) -> shapes.CoverageOut:
    """A declaration, with its unit read along."""
    return shapes.CoverageOut(
        id=one.pk,
        adoption=one.adoption_id,
        kind=one.kind,
        unit=one.unit.code,
        from_on=one.from_on,
        until_on=one.until_on,
        declared_at=one.declared_at,
    )


def subject(one: RunSubject) -> shapes.SubjectOut:
    """The figures of a subject."""
    return shapes.SubjectOut(
        key=one.key,
        title=one.title,
        place=one.place,
        points=None if one.points is None else format(one.points.normalize(), "f"),
        amount_fen=one.amount_fen,
        provisional=one.provisional,
        figures=one.figures,
    )


def each(make: Callable[[Any], Any], paged: Paged[Any], shape: type[Any]) -> Any:
    """A page in its shape."""
    rows, following = paged
    return shape(items=[make(row) for row in rows], next=following)
