"""The operations of ``/api/v1``; each calls the same queries and services as the pages."""

from __future__ import annotations

from typing import Annotated, Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status
from pydantic import Field

from wenyou.accounts.scope import scope
from wenyou.api import answers, shapes
from wenyou.api.answers import MOST, each, page
from wenyou.api.doors import KEYED, caller, needs, once
from wenyou.api.reading import filled_for_move, filled_for_registering, matter_of, unit_of
from wenyou.api.readings import personal
from wenyou.matters import services
from wenyou.matters.models import Matter
from wenyou.matters.queries import NOT_TYPED, matters_visible_to
from wenyou.org.queries import people_visible_to, units_visible_to
from wenyou.search.queries import ids_matching
from wenyou_core.errors import InputRefused

# Every operation declares what it may answer.
REFUSALS = dict.fromkeys((400, 401, 403, 404, 409, 422), shapes.Problem)
Answers = dict[int, Any]
After = Annotated[int | None, Query(ge=0, le=2**62, description="上一页的 next")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="每页条数")]
Words = Annotated[str, Query(max_length=80, description="要找的字")]
Id = Annotated[int, Field(ge=1, le=2**62)]
router = Router()


def gives(shape: Any, status: int = 200) -> Answers:
    """What an operation answers when it succeeds, and when it is refused."""
    return {status: shape, **REFUSALS}


@router.get("/me", response=gives(shapes.Me), summary="令牌代表谁、能做什么", tags=["令牌"])
def me(request: HttpRequest) -> shapes.Me:
    token = request.auth  # type: ignore[attr-defined]
    return shapes.Me(
        number=token.user.number,
        name=token.user.name,
        scopes=token.scopes,
        roles=sorted(scope(token.user).roles),
        expires_at=token.expires_at,
    )


@router.get("/units", response=gives(shapes.UnitPage), summary="机构", tags=["机构和人员"])
@needs("read")
def units(
    request: HttpRequest, q: Words = "", after: After = None, limit: Limit = 50
) -> shapes.UnitPage:
    rows = units_visible_to(caller(request)).select_related("parent")
    if q:
        rows = rows.filter(pk__in=ids_matching("unit", q))
    found: shapes.UnitPage = each(
        answers.unit, page(rows, after, limit, newest=False), shapes.UnitPage
    )
    return found


@router.get("/people", response=gives(shapes.PersonPage), summary="人员", tags=["机构和人员"])
@needs("read")
@personal("人员")
def people(
    request: HttpRequest, q: Words = "", after: After = None, limit: Limit = 50
) -> shapes.PersonPage:
    rows = people_visible_to(caller(request)).select_related("unit")
    if q:
        rows = rows.filter(pk__in=ids_matching("person", q))
    found: shapes.PersonPage = each(
        answers.person, page(rows, after, limit, newest=False), shapes.PersonPage
    )
    return found


@router.get("/matters", response=gives(shapes.MatterPage), summary="事项", tags=["事项"])
@needs("read")
@personal("事项")
def matters(
    request: HttpRequest, wanted: Query[shapes.MatterQuery], after: After = None, limit: Limit = 50
) -> shapes.MatterPage:
    user = caller(request)
    rows = matters_visible_to(user, [wanted.flow] if wanted.flow else ()).select_related("unit")
    narrowed = Q()
    if wanted.ticket:
        narrowed &= Q(ticket=wanted.ticket)
    if wanted.closed is not None:
        narrowed &= Q(closed=wanted.closed)
    if wanted.q:
        narrowed &= Q(pk__in=ids_matching("matter", wanted.q))
    found: shapes.MatterPage = each(
        answers.matter, page(rows.filter(narrowed), after, limit), shapes.MatterPage
    )
    return found


@router.post(
    "/matters",
    response=gives(shapes.MatterDetail, 201),
    summary="登记一件事项",
    tags=["事项"],
    openapi_extra=KEYED,
)
@needs("matters")
@personal("事项内容")
@once
def register(request: HttpRequest, given: shapes.MatterIn) -> Status[Any]:
    user = caller(request)
    if given.flow in NOT_TYPED:
        text = "这类事项由系统或另一件事项发起，不能单独登记。请在原事项上办理。"
        raise InputRefused("not-registered-alone", text)
    unit = unit_of(user, given.unit)
    filled, particulars = filled_for_registering(user, given)
    matter = services.register(
        given.flow,
        unit=unit,
        by=user,
        filled=filled,
        particulars=particulars,
        action=given.action,
        note=given.note,
    )
    return Status(201, answers.matter_whole(matter, user))


@router.get(
    "/matters/{number}", response=gives(shapes.MatterDetail), summary="一件事项", tags=["事项"]
)
@needs("read")
@personal("事项内容")
def matter(request: HttpRequest, number: str) -> shapes.MatterDetail:
    user = caller(request)
    return answers.matter_whole(matter_of(user, number), user)


@router.post(
    "/matters/{number}/moves",
    response=gives(shapes.MatterDetail),
    summary="办理一件事项",
    tags=["事项"],
    openapi_extra=KEYED,
)
@needs("matters")
@personal("事项内容")
@once
def move(request: HttpRequest, number: str, given: shapes.MoveIn) -> Status[Any]:
    user = caller(request)
    found: Matter = matter_of(user, number)
    moved = services.move(
        found,
        given.action,
        by=user,
        turn=given.turn,
        filled=filled_for_move(user, given),
        note=given.note,
    )
    return Status(200, answers.matter_whole(matter_of(user, moved.number), user))
