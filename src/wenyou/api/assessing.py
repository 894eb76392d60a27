"""The operations of ``/api/v1`` around an assessment: adoptions, facts, declarations, results."""

from __future__ import annotations

from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Query, Router, Status

from wenyou.api import answers, shapes
from wenyou.api.answers import each, page
from wenyou.api.doors import KEYED, caller, needs, once
from wenyou.api.facts import proposed
from wenyou.api.reading import unit_of
from wenyou.api.readings import people_in, personal
from wenyou.api.routes import After, Id, Limit, gives
from wenyou.assessments import queries, reading
from wenyou.assessments.models import Run
from wenyou.errors import NotFound
from wenyou.register.queries import adoption_to_keep, coverages_visible_to, facts_visible_to
from wenyou.register.services import declare_complete
from wenyou.schemes.queries import adoptions_visible_to

TAG = ["考核"]
Key = Annotated[str, Query(max_length=64, description="对象，例如 unit:机构号、person:员工号")]
Passed = Annotated[int, Query(ge=0, le=10_000_000, description="上一页的 next")]
router = Router()


@router.get("/adoptions", response=gives(shapes.AdoptionPage), summary="采用的考核方案", tags=TAG)
@needs("read")
def adoptions(request: HttpRequest, after: After = None, limit: Limit = 50) -> shapes.AdoptionPage:
    rows = adoptions_visible_to(caller(request)).select_related("source")
    found: shapes.AdoptionPage = each(
        answers.adoption, page(rows, after, limit), shapes.AdoptionPage
    )
    return found


@router.get("/facts", response=gives(shapes.FactPage), summary="登记簿", tags=TAG)
@needs("read")
@personal("登记簿")
def facts(
    request: HttpRequest,
    kind: Annotated[str, Query(max_length=60, description="类别")] = "",
    after: After = None,
    limit: Limit = 50,
) -> shapes.FactPage:
    rows = facts_visible_to(caller(request)).filter(latest=True)
    if kind:
        rows = rows.filter(kind=kind)
    found: shapes.FactPage = each(answers.fact, page(rows, after, limit), shapes.FactPage)
    return found


@router.post(
    "/facts",
    response=gives(shapes.FactOut, 201),
    summary="登记一件事实",
    tags=TAG,
    openapi_extra=KEYED,
)
@needs("facts")
@personal("登记簿")
@once
def register(request: HttpRequest, given: shapes.FactIn) -> Status[Any]:
    return Status(201, answers.fact(proposed(given, by=caller(request))))


@router.post(
    "/facts/batch",
    response=gives(shapes.FactsOut, 201),
    summary="登记一批事实，全部登记或一件也不登记",
    tags=TAG,
    openapi_extra=KEYED,
)
@needs("facts")
@personal("登记簿")
@once
def register_batch(request: HttpRequest, given: shapes.FactBatch) -> Status[Any]:
    user = caller(request)
    with transaction.atomic():
        made = [proposed(one, by=user, number=at) for at, one in enumerate(given.facts, 1)]
    return Status(201, shapes.FactsOut(items=[answers.fact(one) for one in made]))


@router.get("/coverages", response=gives(shapes.CoveragePage), summary="登记完整的声明", tags=TAG)
@needs("read")
def coverages(request: HttpRequest, after: After = None, limit: Limit = 50) -> shapes.CoveragePage:
    rows = coverages_visible_to(caller(request))
    found: shapes.CoveragePage = each(
        answers.coverage, page(rows, after, limit), shapes.CoveragePage
    )
    return found


@router.post(
    "/coverages",
    response=gives(shapes.CoveragesOut, 201),
    summary="声明登记完整",
    tags=TAG,
    openapi_extra=KEYED,
)
@needs("facts")
@once
def declare(request: HttpRequest, given: shapes.CoverageIn) -> Status[Any]:
    user = caller(request)
    rows = declare_complete(
        adoption=adoption_to_keep(user, given.adoption),
        kinds=given.kinds,
        unit=unit_of(user, given.unit),
        from_on=given.from_on,
        until_on=given.until_on,
        by=user,
    )
    return Status(201, shapes.CoveragesOut(items=[answers.coverage(one) for one in rows]))


@router.get("/runs", response=gives(shapes.RunPage), summary="测算", tags=TAG)
@needs("read")
def runs(request: HttpRequest, after: After = None, limit: Limit = 50) -> shapes.RunPage:
    rows = queries.runs_visible_to(caller(request))
    found: shapes.RunPage = each(answers.run, page(rows, after, limit), shapes.RunPage)
    return found


@router.get(
    "/runs/{pk}/subjects",
    response=gives(shapes.SubjectPage),
    summary="一次测算中各机构和人员的数字",
    tags=TAG,
)
@needs("read")
@personal("测算对象", people_in)
def subjects(
    request: HttpRequest, pk: Id, after: After = None, limit: Limit = 50
) -> shapes.SubjectPage:
    user = caller(request)
    rows = queries.rows_visible_to(user, queries.run_for(user, pk))
    found: shapes.SubjectPage = each(
        answers.subject, page(rows, after, limit, newest=False), shapes.SubjectPage
    )
    return found


@router.get("/runs/{pk}", response=gives(shapes.RunDetail), summary="一次测算", tags=TAG)
@needs("read")
def run(request: HttpRequest, pk: Id) -> shapes.RunDetail:
    return answers.run_whole(queries.run_for(caller(request), pk))


@router.get(
    "/runs/{pk}/standings",
    response=gives(shapes.StandingPage),
    summary="一次测算的排名，看得到测算的人都看得到",
    tags=TAG,
)
@needs("read")
def standings(
    request: HttpRequest, pk: Id, after: Passed = 0, limit: Limit = 50
) -> shapes.StandingPage:
    found = queries.run_for(caller(request), pk)
    head = reading.head_for_all(found)
    if head is None:
        raise NotFound("这次测算的排名")
    rows = list(queries.ranking(found, head.population)[after : after + limit + 1])
    items = [
        shapes.StandingOut(
            key=one.key,
            title=one.title,
            place=one.place,
            value=str(one.figures.get(head.main, "")),
        )
        for one in rows[:limit]
    ]
    more = after + limit if len(rows) > limit else None
    return shapes.StandingPage(items=items, next=more)


@router.get(
    "/runs/{pk}/entries",
    response=gives(shapes.EntryPage),
    summary="一次测算的加扣明细，只给本人看得到的对象",
    tags=TAG,
)
@needs("read")
@personal("加扣明细")
def entries(
    request: HttpRequest, pk: Id, key: Key = "", after: Passed = 0, limit: Limit = 50
) -> shapes.EntryPage:
    user = caller(request)
    found: Run = queries.run_for(user, pk)
    rows = queries.rows_visible_to(user, found).order_by()
    keys = set((rows.filter(key=key) if key else rows).values_list("key", flat=True))
    told, more = reading.entries_among(found, keys, after, limit)
    items = [shapes.EntryOut(**vars_of(one)) for one in told]
    return shapes.EntryPage(items=items, next=after + limit if more else None)


def vars_of(one: reading.ToldEntry) -> dict[str, Any]:
    """The fields of an entry as they are told."""
    return {name: getattr(one, name) for name in shapes.EntryOut.model_fields}
