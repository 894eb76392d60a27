"""Who sees and keeps which facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from wenyou.accounts.models import RoleCode
from wenyou.accounts.scope import beneath, scope
from wenyou.errors import NotFound
from wenyou.matters.models import Matter
from wenyou.matters.queries import sees
from wenyou.org.models import Employee, Unit
from wenyou.register.models import Coverage, Fact, Upload
from wenyou.schemes.models import Adoption
from wenyou.schemes.queries import ids_above

if TYPE_CHECKING:
    from wenyou.accounts.models import User

# Who sees all facts of his units; the staff see those that name them.
SEERS = frozenset(
    {
        RoleCode.OUTLET_HEAD.value, RoleCode.DEPARTMENT.value, RoleCode.COMPLAINT_HANDLER.value,
        RoleCode.SERVICE_OFFICE.value, RoleCode.CONSUMER_PROTECTION.value,
        RoleCode.INSPECTOR.value, RoleCode.TRAINER.value, RoleCode.LEADER.value,
        RoleCode.FINANCE.value, RoleCode.AUDITOR.value,
    }
)  # fmt: skip
WRITERS = SEERS - {RoleCode.LEADER.value, RoleCode.FINANCE.value, RoleCode.AUDITOR.value}
DECIDERS = frozenset({RoleCode.SERVICE_OFFICE.value, RoleCode.CONSUMER_PROTECTION.value})


def facts_visible_to(user: User) -> QuerySet[Fact]:
    """All revisions of the facts in reach; a fact without a unit belongs to the adopting one."""
    held = scope(user)
    paths = held.paths(SEERS)
    seen = beneath(paths) | (Q(unit__isnull=True) & beneath(paths, "adoption__unit__"))
    if user.employee_id is not None:
        seen |= Q(employee_id=user.employee_id)
    return Fact.objects.filter(seen).select_related("unit", "employee", "proposed_by")


def fact_for(user: User, pk: int) -> Fact:
    """A revision of a fact. Raises NotFound."""
    found = facts_visible_to(user).select_related("adoption__unit", "decided_by").filter(pk=pk)
    fact = found.first()
    if fact is None:
        raise NotFound("这件登记事项")
    return fact


def matter_behind(user: User, fact: Fact) -> Matter | None:
    """The matter that a fact came of, for those who may see it."""
    if fact.matter_id is None:
        return None
    matter = Matter.objects.filter(pk=fact.matter_id).select_related("unit", "with_unit").first()
    return matter if matter is not None and sees(user, matter) else None


def revisions_of(fact: Fact) -> QuerySet[Fact]:
    """All revisions of a fact, the newest first."""
    same = Fact.objects.filter(adoption=fact.adoption, kind=fact.kind, key=fact.key)
    return same.select_related("proposed_by", "decided_by", "unit", "employee").order_by(
        "-revision"
    )


def revisions_seen(user: User, fact: Fact) -> QuerySet[Fact]:
    """Those of them that a person may open: a fact may have been noted for another unit before."""
    return revisions_of(fact).filter(pk__in=facts_visible_to(user).values("pk"))


def newest_of(fact: Fact) -> Fact:
    """The newest revision of a fact: itself, where nothing was written since."""
    return fact if fact.latest else revisions_of(fact)[0]


def newest_seen(user: User, fact: Fact) -> Fact | None:
    """The newest revision of a fact; None where it has gone to a unit that ``user`` does not see."""
    newest = newest_of(fact)
    if newest.pk == fact.pk or facts_visible_to(user).filter(pk=newest.pk).exists():
        return newest
    return None


def registers_any(user: User) -> bool:
    """Whether a person registers facts of some unit; others look on, if at all."""
    return bool(scope(user).roles & WRITERS)


def adoptions_to_keep(user: User) -> QuerySet[Adoption]:
    """The adoptions under which a person may register: those that bind units he writes for."""
    paths = scope(user).paths(WRITERS)
    binding = Q(unit__in=ids_above(paths)) | beneath(paths)
    found = Adoption.objects.filter(binding).exclude(state=Adoption.State.DRAFT)
    return found.select_related("unit").order_by("-from_on", "-pk")


def decides_any(user: User, adoption: Adoption) -> bool:
    """Whether a person confirms facts of some unit of an adoption."""
    top = adoption.unit.path
    paths = scope(user).paths(DECIDERS)
    return any(path.startswith(top) or top.startswith(path) for path in paths)


def adoption_to_keep(user: User, pk: int) -> Adoption:
    """One of them. Raises NotFound."""
    found = adoptions_to_keep(user).filter(pk=pk).first()
    if found is None:
        raise NotFound("这份方案的登记簿")
    return found


def units_to_write(user: User, adoption: Adoption) -> QuerySet[Unit]:
    """The units for which a person may register facts under an adoption."""
    beneath_adopter = Unit.objects.filter(path__startswith=adoption.unit.path)
    return beneath_adopter.filter(beneath(scope(user).paths(WRITERS), ""))


def people_to_write(user: User, adoption: Adoption) -> QuerySet[Employee]:
    """The people whom a fact may name: everybody who ever worked for those units."""
    units = units_to_write(user, adoption)
    return Employee.objects.filter(postings__unit__in=units).distinct()


def may_decide(user: User, fact: Fact) -> bool:
    """Whether a person may confirm or withdraw a fact."""
    unit = fact.unit or fact.adoption.unit
    return scope(user).covers(unit.path, DECIDERS)


def uploads_visible_to(user: User) -> QuerySet[Upload]:
    """Workbooks handed in for units that a person writes for, and his own."""
    seen = beneath(scope(user).paths(DECIDERS)) | Q(uploaded_by=user)
    return Upload.objects.filter(seen, purpose="facts").select_related("unit", "uploaded_by")


def upload_for(user: User, pk: int) -> Upload:
    """One workbook. Raises NotFound."""
    found = uploads_visible_to(user).select_related("adoption", "adoption__unit").filter(pk=pk)
    upload = found.first()
    if upload is None:
        raise NotFound("这次导入")
    return upload


def coverages_of(adoption: Adoption) -> QuerySet[Coverage]:
    """Declarations that hold, by kind and day."""
    found = Coverage.objects.filter(adoption=adoption, withdrawn_at__isnull=True)
    return found.select_related("unit", "declared_by").order_by("kind", "unit__path", "from_on")


def coverages_visible_to(user: User) -> QuerySet[Coverage]:
    """Declarations that hold, of the units whose facts a person sees."""
    found = Coverage.objects.filter(beneath(scope(user).paths(SEERS)), withdrawn_at__isnull=True)
    return found.select_related("unit")


def coverage_for(adoption: Adoption, pk: int) -> Coverage:
    """One of them. Raises NotFound."""
    found = coverages_of(adoption).filter(pk=pk).first()
    if found is None:
        raise NotFound("这条声明")
    return found
