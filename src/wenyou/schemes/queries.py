"""Which adoptions a person sees: those of his units, and those that bind him from above."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import beneath, scope
from wenyou.errors import NotFound
from wenyou.org.models import Unit, UnitLevel
from wenyou.schemes.models import Adoption
from wenyou.schemes.plans import kept_plan, plan_file
from wenyou.schemes.writing import FILE
from wenyou_core.scheme.load import load_adoption
from wenyou_desk.plans import AdoptionFile, PlanFile, shipped

if TYPE_CHECKING:
    from wenyou.accounts.models import User

ADOPTERS = (RoleCode.SERVICE_OFFICE.value,)
SMALL = (UnitLevel.OUTLET, UnitLevel.COMMUNITY, UnitLevel.TEAM, UnitLevel.DEPARTMENT)


def adoptions_visible_to(user: User) -> QuerySet[Adoption]:
    """Adoptions of units in reach; of units above those in force, for they bind."""
    paths = scope(user).paths()
    above = Q(unit__in=ids_above(paths)) & ~Q(state=Adoption.State.DRAFT)
    return Adoption.objects.filter(beneath(paths) | above).select_related("unit", "adopted_by")


def adoption_for(user: User, pk: int) -> Adoption:
    """An adoption that a person may see. Raises NotFound."""
    found = adoptions_visible_to(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这次采用")
    return found


def ids_above(paths: Iterable[str]) -> set[int]:
    """The ids of the units that paths run through, their ends included."""
    return {int(part) for path in paths for part in path.split("/") if part}


def units_that_adopt(user: User) -> QuerySet[Unit]:
    """The units for which a person may adopt a plan; outlets and teams take part in one."""
    units = Unit.objects.filter(beneath(scope(user).paths(ADOPTERS), prefix=""))
    return units.filter(closed_on__isnull=True).exclude(level__in=SMALL)


def may_adopt(user: User, unit: Unit) -> bool:
    """Whether a person may adopt plans for a unit."""
    return scope(user).covers(unit.path, ADOPTERS)


def names_of(codes: Iterable[str]) -> list[str]:
    """The names of units, in the order of their numbers; a number where no unit bears it."""
    wanted = sorted(codes)
    names = dict(Unit.objects.filter(code__in=wanted).values_list("code", "name"))
    return [names.get(code, code) for code in wanted]


def ranked_apart(unit: Unit) -> list[str]:
    """The codes of the units right beneath that would be ranked each by itself."""
    children = Unit.objects.filter(parent=unit, closed_on__isnull=True).exclude(level__in=SMALL)
    return list(children.order_by("code").values_list("code", flat=True))


def in_force_on(unit: Unit, day: date) -> QuerySet[Adoption]:
    """The adoptions that a unit works by on a day, its own and those of units above."""
    open_end = Q(until_on__isnull=True) | Q(until_on__gte=day)
    above = Adoption.objects.filter(unit__in=ids_above([unit.path]), from_on__lte=day)
    return above.filter(open_end).exclude(state=Adoption.State.DRAFT)


def plan_of(adoption: Adoption) -> PlanFile:
    """The plan an adoption was made from, from the text that was kept with it."""
    source = adoption.source
    return plan_file(adoption.plan) if source is None else kept_plan(adoption.plan, source.text)


def newer_than(adoption: Adoption) -> PlanFile | None:
    """The plan as it is shipped today where it says something else than the adoption's; an
    adoption that has ended stays as it was.
    """
    if adoption.state == Adoption.State.ENDED or adoption.plan not in shipped():
        return None
    today = plan_file(adoption.plan)
    return today if today.checked.digest != plan_of(adoption).checked.digest else None


def loaded(adoption: Adoption) -> tuple[PlanFile, AdoptionFile]:
    """The plan and the adoption file of a row, as the desk's functions take them."""
    return plan_of(adoption), AdoptionFile(FILE, adoption.text, load_adoption(adoption.text, FILE))
