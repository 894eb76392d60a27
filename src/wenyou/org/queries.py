"""Which units and people a user may see, and how the house stood on a day.

Who leads a unit at a moment is in ``heads``; calendars and hours are in ``timetable``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import beneath, scope
from wenyou.errors import NotAllowed, NotFound
from wenyou.org.actions import (
    HEADS,
    KEEPERS,
    calendar_keeper,
    head_or_keeper,
    house_keeper,
    keeper,
    person_keeper,
    places_to_enter,
)
from wenyou.org.heads import Headship, deputy_of, head_of, heads_of
from wenyou.org.models import (
    Absence,
    CalendarIssue,
    Employee,
    Group,
    GroupMember,
    LetterSignature,
    Posting,
    ResponsibilityLetter,
    RosterDuty,
    Unit,
    UnitSpell,
)
from wenyou.org.private import indexes_for
from wenyou.org.reach import units_at, whole
from wenyou.org.timetable import calendar_for, calendar_now, hours_for
from wenyou.search.queries import ids_matching

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
    paths = scope(user).paths(ALL_ROLES)
    if whole(user, paths):
        return Unit.objects.all()
    seen = beneath(paths, prefix="")
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

    Who holds no post yet is seen by those of the unit of his first post, else of the one that
    registered him; others without a post today by those whose role covers the whole house.
    """
    paths = scope(user).paths(SEES_PEOPLE)
    if whole(user, paths):
        return Employee.objects.all()
    seen = units_at(user, paths) | Q(pk=user.employee_id)
    seen |= Q(unit__isnull=True) & units_at(user, paths, "entered_for")
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


# -- what pages show --------------------------------------------------------------------


def unit_kept(user: User, pk: int, doing: str = "调整机构") -> Unit:
    """A unit the user keeps. Raises NotFound when he does not see it, else NotAllowed."""
    unit = unit_for(user, pk)
    keeper(user, unit.path, doing)
    return unit


def unit_headed(user: User, pk: int, doing: str) -> Unit:
    """A unit the user leads or keeps."""
    unit = unit_for(user, pk)
    head_or_keeper(user, unit.path, doing)
    return unit


def employee_kept(user: User, pk: int, doing: str = "登记人员") -> Employee:
    """A person whose unit the user keeps; without a unit, one of those who keep the whole house."""
    found = employee_for(user, pk)
    person_keeper(user, found, doing)
    return found


def keeps(user: User, path: str) -> bool:
    """Whether the user keeps the unit of a path: his pages show the buttons."""
    return scope(user).covers(path, KEEPERS)


def keeps_any(user: User) -> bool:
    """Whether the user keeps some unit."""
    return bool(scope(user).paths(KEEPERS))


def units_kept(user: User) -> QuerySet[Unit]:
    """Open units the user keeps, to choose from."""
    return units_open(Unit.objects.filter(beneath(scope(user).paths(KEEPERS), prefix="")))


def units_to_enter(user: User) -> list[Unit]:
    """The units for one of which the user registers people; none: for the whole house."""
    return list(Unit.objects.filter(pk__in=places_to_enter(user)).order_by("code"))


def people_active(user: User) -> QuerySet[Employee]:
    """People the user sees who have not left."""
    today = timezone.localdate()
    return people_visible_to(user).filter(Q(left_on=None) | Q(left_on__gte=today))


def children_of(unit: Unit, day: date) -> QuerySet[Unit]:
    """The units right beneath that exist on a day."""
    return units_open(Unit.objects.filter(parent=unit), day).order_by("code")


def spells_of(unit: Unit) -> QuerySet[UnitSpell]:
    """How a unit was from when to when, newest first."""
    return unit.spells.select_related("parent").order_by("-from_on")


def postings_of(employee: Employee) -> QuerySet[Posting]:
    """All posts of a person, newest first."""
    return employee.postings.select_related("unit").order_by("-from_on", "-pk")


def posting_kept(user: User, pk: int, doing: str = "任免人员") -> Posting:
    """A post in a unit the user keeps, of a person he sees."""
    rows = Posting.objects.select_related("employee", "unit")
    found = rows.filter(pk=pk, employee__in=people_visible_to(user)).first()
    if found is None:
        raise NotFound("这段任职")
    keeper(user, found.unit.path, doing)
    return found


def roster_on(unit: Unit, day: date) -> QuerySet[RosterDuty]:
    """Who is on duty at a unit on a day."""
    return unit.roster.filter(on=day).select_related("employee")


def absences_of(employee: Employee) -> QuerySet[Absence]:
    """Leaves of a person, newest first."""
    return employee.absences.select_related("stand_in")[:20]


def absence_for(user: User, pk: int) -> Absence:
    """A leave of a person one sees."""
    rows = Absence.objects.select_related("employee__unit")
    found = rows.filter(pk=pk, employee__in=people_visible_to(user)).first()
    if found is None:
        raise NotFound("这次请假")
    return found


def groups_of(unit: Unit, day: date) -> QuerySet[Group]:
    """Groups and lists of a unit on a day, with how many are in each."""
    held = Q(members__from_on__lte=day) & (
        Q(members__until_on=None) | Q(members__until_on__gte=day)
    )
    return unit.groups.filter(held_on(day)).annotate(size=Count("members", filter=held))


def group_for(user: User, pk: int) -> Group:
    """A group of a unit one sees."""
    rows = Group.objects.select_related("unit").filter(unit__in=units_visible_to(user))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise NotFound("这个小组或名单")
    return found


def members_of(group: Group) -> QuerySet[GroupMember]:
    """Everybody who is or was in a group."""
    return group.members.select_related("employee__unit").order_by("until_on", "from_on", "pk")


def member_for(user: User, pk: int) -> GroupMember:
    """A membership in a group of a unit one sees."""
    rows = GroupMember.objects.select_related("group__unit", "employee")
    found = rows.filter(pk=pk, group__unit__in=units_visible_to(user)).first()
    if found is None:
        raise NotFound("这名成员")
    return found


def letters_of(unit: Unit) -> QuerySet[ResponsibilityLetter]:
    """Letters of a unit with how many have and have not signed."""
    return unit.letters.annotate(
        asked=Count("signatures"),
        unsigned=Count("signatures", filter=Q(signatures__signed_on=None)),
    )


def letter_for(user: User, pk: int) -> ResponsibilityLetter:
    """A letter of a unit one sees, or that one has to sign."""
    rows = ResponsibilityLetter.objects.select_related("unit")
    mine = Q(unit__in=units_visible_to(user)) | Q(signatures__employee_id=user.employee_id)
    found = rows.filter(mine, pk=pk).distinct().first()
    if found is None:
        raise NotFound("这份责任书")
    return found


def signatures_of(letter: ResponsibilityLetter) -> QuerySet[LetterSignature]:
    """Who has to sign; those who have not come first."""
    rows = letter.signatures.select_related("employee__unit")
    return rows.order_by(F("signed_on").asc(nulls_first=True), "employee__number")


def calendar_years() -> list[CalendarIssue]:
    """The newest version of each year, latest year first."""
    newest: dict[int, CalendarIssue] = {}
    for issue in CalendarIssue.objects.select_related("entered_by").order_by("year", "version"):
        newest[issue.year] = issue
    return [newest[year] for year in sorted(newest, reverse=True)]


def calendar_versions(year: int) -> list[CalendarIssue]:
    """All versions of a year, newest first. Raises NotFound for a year nobody entered."""
    rows = CalendarIssue.objects.filter(year=year).select_related("entered_by")
    found = list(rows.order_by("-version"))
    if not found:
        raise NotFound("这一年的日历")
    return found


def units_above_seen(user: User, unit: Unit) -> list[Unit]:
    """Those of the units above that the user sees himself, from the top down."""
    seen = units_visible_to(user).filter(pk__in=path_ids(unit.path)[:-1])
    return list(seen.order_by("depth"))


def leads(user: User, path: str) -> bool:
    """Whether the user leads or keeps the unit of a path."""
    return scope(user).covers(path, HEADS)


def may_open(user: User) -> None:
    """Raise NotAllowed for whoever keeps no unit at all."""
    house_keeper(user, "开设机构")


def closed_by(day: date) -> Q:
    """A filter for units that were closed before a day."""
    return Q(closed_on__lt=day)


def may_register(user: User) -> None:
    """Raise NotAllowed for whoever keeps no unit at all."""
    house_keeper(user, "登记人员")


def may_import(user: User) -> None:
    """Raise NotAllowed for whoever keeps no unit at all."""
    house_keeper(user, "导入机构和人员")


def may_enter_calendar(user: User) -> None:
    """Raise NotAllowed for whoever does not keep the calendar."""
    calendar_keeper(user, "录入工作日历")


def keeps_calendar(user: User) -> bool:
    """Whether the user keeps the calendar."""
    try:
        may_enter_calendar(user)
    except NotAllowed:
        return False
    return True


def employee_led(user: User, pk: int, doing: str) -> Employee:
    """Oneself, or a person whose unit the user leads or keeps."""
    found = employee_for(user, pk)
    if found.pk != user.employee_id:
        head_or_keeper(user, found.kept_path, doing)
    return found


def with_phone(text: str) -> Q:
    """A filter for the person of a whole telephone number."""
    return Q(phone_index__in=indexes_for("phone", text)) if text.strip() else Q(pk__in=[])


def named(text: str) -> Q:
    """A filter for people by a part of name or number, off the index of the search."""
    return Q(pk__in=ids_matching("person", text))


def with_same_identity(user: User) -> Q:
    """A filter for people whose identity number another has as well, among those one sees."""
    seen = people_visible_to(user).exclude(identity_index="").order_by()
    double = seen.values("identity_index").annotate(n=Count("pk")).filter(n__gt=1)
    return Q(identity_index__in=double.values("identity_index"))


def without_post() -> Q:
    """A filter for people who hold no main post today."""
    return Q(unit=None, left_on=None)


def left_by(day: date) -> Q:
    """A filter for people who left before a day."""
    return Q(left_on__lt=day)
