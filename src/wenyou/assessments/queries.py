"""Who sees which runs and whose figures.

A run that is not published is seen by the service office and the leaders of its unit and above.
Once it is, everybody beneath sees the ranking of units; a head his own people; a person himself.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import BUSINESS, beneath, scope
from wenyou.assessments.models import Contest, Run, RunSubject
from wenyou.errors import NotFound
from wenyou.org.models import Unit
from wenyou.schemes.models import Adoption
from wenyou.schemes.queries import ids_above
from wenyou_core.scheme.words import SubjectKind

if TYPE_CHECKING:
    from wenyou.accounts.models import User

OFFICE = frozenset({RoleCode.SERVICE_OFFICE.value, RoleCode.LEADER.value})
WHOLE = OFFICE | {RoleCode.AUDITOR.value, RoleCode.FINANCE.value}
HEADS = frozenset({RoleCode.OUTLET_HEAD.value, RoleCode.DEPARTMENT.value})
ORDERS = {
    "place": ("place", "key"),
    "name": ("title", "key"),
    "points": ("-points", "key"),
    "amount": ("-amount_fen", "key"),
}


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person sees of a run: all of it, or the people at and beneath ``paths``."""

    whole: bool
    paths: tuple[str, ...]
    employee_id: int | None
    home: str


def own_path(user: User) -> str:
    """The path of the unit where somebody works; empty without one."""
    if user.employee_id is None:
        return ""
    found = Unit.objects.filter(people=user.employee_id).values_list("path", flat=True)
    return found.first() or ""


def runs_visible_to(user: User) -> QuerySet[Run]:
    """Runs, newest first."""
    held = scope(user)
    mine = {*held.paths(), own_path(user)} - {""}
    published = Q(state=Run.State.PUBLISHED, unit__in=ids_above(mine))
    over = Q(state=Run.State.PUBLISHED) & beneath(held.paths())
    return Run.objects.filter(beneath(held.paths(OFFICE)) | published | over).select_related(
        "adoption", "unit", "started_by", "confirmed_by", "job"
    )


def run_for(user: User, pk: int) -> Run:
    """A run that a person may see. Raises NotFound."""
    found = runs_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这次测算")
    return found


def may_decide(user: User, run: Run) -> bool:
    """Whether a person may confirm and publish a run."""
    return scope(user).covers(run.unit.path, OFFICE)


def covers(user: User, run: Run, roles: Collection[str]) -> bool:
    """Whether a person holds one of the roles for the unit of a run."""
    return scope(user).covers(run.unit.path, roles)


def contests_visible_to(user: User) -> QuerySet[Contest]:
    """What was said of results: all to the office of the run's unit, else one's own words and
    those about one's own people.
    """
    held = scope(user)
    seen = Q(raised_by=user) | beneath(held.paths(OFFICE), prefix="run__unit__")
    heads = RunSubject.objects.filter(beneath(held.paths(HEADS)), run=OuterRef("run"))
    seen |= Q(Exists(heads.filter(key=OuterRef("key"))))
    return Contest.objects.filter(seen).select_related(
        "run__adoption", "run__unit", "run__started_by", "matter", "fact", "raised_by"
    )


def contest_for(user: User, pk: int) -> Contest:
    """One of them. Raises NotFound."""
    found = contests_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这件异议")
    return found


def sight_of(user: User, run: Run) -> Sight:
    """What a person sees of a run that he sees at all."""
    held = scope(user)
    roles = WHOLE if run.state == Run.State.PUBLISHED else OFFICE
    whole = held.covers(run.unit.path, roles)
    paths = () if run.state != Run.State.PUBLISHED else held.paths(HEADS | WHOLE)
    return Sight(whole, paths, user.employee_id, own_path(user))


def rows_visible_to(user: User, run: Run) -> QuerySet[RunSubject]:
    """The rows whose figures a person sees in full."""
    sight = sight_of(user, run)
    rows = RunSubject.objects.filter(run=run).select_related("unit", "unit__parent")
    if sight.whole:
        return rows
    seen = beneath(sight.paths)
    if run.state == Run.State.PUBLISHED:
        seen |= Q(employee_id=sight.employee_id, employee__isnull=False)
        home = Q(employee__isnull=True, unit__path=sight.home) if sight.home else Q(pk__in=[])
        inside = beneath(scope(user).paths(BUSINESS - {RoleCode.STAFF.value}))
        seen |= home | (inside & Q(employee__isnull=True))
    return rows.filter(seen)


def latest_row(user: User, key: str) -> RunSubject | None:
    """A subject's row in the newest result in which a person sees it; of the last few alone."""
    finished = (Run.State.DONE, Run.State.CONFIRMED, Run.State.PUBLISHED)
    mine = RunSubject.objects.filter(run=OuterRef("pk"), key=key)
    runs = runs_visible_to(user).filter(Exists(mine), state__in=finished)
    rows = (rows_visible_to(user, run).filter(key=key).first() for run in _newest(runs))
    return next(filter(None, rows), None)


def _newest(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.order_by("-period", "-pk")[:5]


def row_for(user: User, run: Run, key: str) -> RunSubject:
    """One subject's row, seen in full. Raises NotFound."""
    found = rows_visible_to(user, run).filter(key=key).first()
    if found is None:
        raise NotFound("这一对象的测算结果")
    return found


def keys_among(user: User, run: Run, keys: Collection[str]) -> set[str]:
    """Those of the keys whose rows a person sees; few are asked for at a time."""
    wanted, found = sorted(keys), set[str]()
    rows = rows_visible_to(user, run).order_by()
    for start in range(0, len(wanted), 500):
        part = rows.filter(key__in=wanted[start : start + 500])
        found |= set(part.values_list("key", flat=True))
    return found


def own_rows(user: User, run: Run) -> list[RunSubject]:
    """A person's own row of a run that he sees, then that of the unit where he works."""
    if user.employee_id is None:
        return []
    own = Q(employee_id=user.employee_id)
    if user.employee is not None and user.employee.unit_id is not None:
        own |= Q(employee=None, unit_id=user.employee.unit_id)
    rows = rows_visible_to(user, run).filter(own)
    return list(rows.order_by(F("employee_id").asc(nulls_last=True), "key"))


def ranking(run: Run, population: str, order: str = "place") -> QuerySet[RunSubject]:
    """The units of a population in their order: everybody who sees the run sees this."""
    rows = RunSubject.objects.filter(run=run, figures__has_key=f"@{population}")
    return rows.order_by(*ORDERS.get(order, ORDERS["place"]))


def units_of(run: Run) -> QuerySet[RunSubject]:
    """The rows of units alone."""
    return RunSubject.objects.filter(run=run, key__startswith=f"{SubjectKind.UNIT.value}:")


def before(run: Run) -> QuerySet[Run]:
    """Other finished runs of the same plan and unit, newest first: what may be compared."""
    finished = (Run.State.DONE, Run.State.CONFIRMED, Run.State.PUBLISHED)
    return Run.objects.filter(
        unit=run.unit, adoption__plan=run.adoption.plan, state__in=finished
    ).exclude(pk=run.pk)


def may_assess(user: User) -> bool:
    """Whether a person computes results for some unit, once a plan is adopted there."""
    return bool(scope(user).paths(OFFICE))


def adoptions_to_assess(user: User) -> QuerySet[Adoption]:
    """The adoptions with which a person may compute; drafts are tried out too."""
    units = Unit.objects.filter(beneath(scope(user).paths(OFFICE), prefix=""))
    return Adoption.objects.filter(unit__in=units).select_related("unit")
