"""Which units and people a user may see, and how the house stood on a day.

Who leads a unit at a moment is in ``heads``; calendars and hours are in ``timetable``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import beneath, scope
from wenyou.errors import NotFound
from wenyou.org.heads import Headship, deputy_of, head_of, heads_of
from wenyou.org.models import Employee, Posting, Unit, UnitSpell
from wenyou.org.timetable import calendar_for, calendar_now, hours_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

__all__ = [
    "Headship", "calendar_for", "calendar_now", "deputy_of", "employee_for", "head_of",
    "heads_of", "held_on", "hours_for", "people_visible_to", "spell_on", "spells_on", "unit_for",
    "unit_on", "units_above", "units_open", "units_visible_to",
]  # fmt: skip

ALL_ROLES = frozenset(RoleCode.values)
# A colleague's record is no business of the staff; the audit administrator reads logs only.
SEES_PEOPLE = ALL_ROLES - {RoleCode.STAFF, RoleCode.AUDIT_ADMIN}


def held_on(day: date) -> Q:
    """A filter for rows with ``from_on`` and ``until_on`` that hold on a day."""
    return Q(from_on__lte=day) & (Q(until_on__isnull=True) | Q(until_on__gte=day))


# -- units ------------------------------------------------------------------------------


def units_visible_to(user: User) -> QuerySet[Unit]:
    """Units for which the user holds any role, those beneath, and where he works."""
    seen = beneath(scope(user).paths(ALL_ROLES), prefix="")
    if user.employee_id is not None:
        seen |= Q(pk__in=Employee.objects.filter(pk=user.employee_id).values("unit_id"))
    return Unit.objects.filter(seen)


def unit_for(user: User, pk: int) -> Unit:
    """A unit by id. Raises NotFound outside the user's scope."""
    unit = units_visible_to(user).select_related("parent", "merged_into").filter(pk=pk).first()
    if unit is None:
        raise NotFound("这个机构")
    return unit


def units_open(units: QuerySet[Unit], day: date | None = None) -> QuerySet[Unit]:
    """Those of ``units`` that exist on a day, by default today."""
    day = day or timezone.localdate()
    return units.filter(opened_on__lte=day).filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=day)
    )


def units_above(unit: Unit) -> list[Unit]:
    """The units above, from the root down, as the tree stands today."""
    ids = path_ids(unit.path)[:-1]
    return sorted(Unit.objects.filter(pk__in=ids), key=lambda one: one.depth)


def path_ids(path: str) -> list[int]:
    """The ids in a path from the root down: ``/1/5/9/`` is 1, 5, 9."""
    return [int(part) for part in path.strip("/").split("/") if part]


def spells_on(day: date, units: Collection[int] | None = None) -> QuerySet[UnitSpell]:
    """How units were on a day, by default all of them."""
    spells = UnitSpell.objects.filter(held_on(day))
    return spells if units is None else spells.filter(unit_id__in=units)


def spell_on(unit: Unit, day: date) -> UnitSpell | None:
    """How a unit was called and where it belonged on a day; None when it did not exist."""
    return spells_on(day, [unit.pk]).select_related("parent").first()


unit_on = spell_on


# -- people -----------------------------------------------------------------------------


def people_visible_to(user: User) -> QuerySet[Employee]:
    """A head his own people, an office those of its units, everybody himself.

    People without a post today are seen by those whose role covers the whole house.
    """
    paths = scope(user).paths(SEES_PEOPLE)
    seen = beneath(paths) | Q(pk=user.employee_id)
    if any(path.count("/") == 2 for path in paths):
        seen |= Q(unit__isnull=True)
    return Employee.objects.filter(seen)


def employee_for(user: User, pk: int) -> Employee:
    """A person by id. Raises NotFound outside the user's scope."""
    found = people_visible_to(user).select_related("unit").filter(pk=pk).first()
    if found is None:
        raise NotFound("这名员工")
    return found


def postings_on(day: date, units: Iterable[int]) -> QuerySet[Posting]:
    """Who holds which post of these units on a day."""
    rows = Posting.objects.filter(held_on(day), unit_id__in=list(units))
    return rows.select_related("employee").order_by("unit_id", "-head", "acting", "pk")
