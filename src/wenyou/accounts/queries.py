"""Which accounts a user may see, and what they hold."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from wenyou.accounts.actions import house_path
from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.accounts.scope import beneath, holdings_on, scope
from wenyou.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

SEES_ACCOUNTS = frozenset(
    {
        RoleCode.SYSTEM_ADMIN.value,
        RoleCode.SECURITY_ADMIN.value,
        RoleCode.AUDIT_ADMIN.value,
        RoleCode.AUDITOR.value,
    }
)


def users_visible_to(user: User) -> QuerySet[User]:
    """Accounts of people beneath the units one administers or audits, and one's own.

    Accounts without a person or without a post belong to the whole house.
    """
    paths = scope(user).paths(SEES_ACCOUNTS)
    seen = beneath(paths, prefix="employee__unit__") | Q(pk=user.pk)
    if whole_house(paths):
        seen |= Q(employee__isnull=True) | Q(employee__unit__isnull=True)
    return User.objects.filter(seen)


def user_for(user: User, pk: int) -> User:
    """An account by id. Raises NotFound outside the scope."""
    found = users_visible_to(user).select_related("employee__unit").filter(pk=pk).first()
    if found is None:
        raise NotFound("这个账号")
    return found


def with_roles(users: QuerySet[User], day: date | None = None) -> QuerySet[User]:
    """The accounts with the roles in force as ``roles_now``, in one more query."""
    held = holdings_on(day or timezone.localdate()).select_related("unit")
    return users.select_related("employee__unit").prefetch_related(
        Prefetch("holdings", queryset=held.order_by("role"), to_attr="roles_now")
    )


def security_administrators(day: date) -> QuerySet[User]:
    """Who keeps the roles of the whole house on a day."""
    held = holdings_on(day).filter(role=RoleCode.SECURITY_ADMIN, unit__path=house_path())
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def holdings_of(user: User) -> QuerySet[RoleHolding]:
    """All roles of a user by date, newest first."""
    return user.holdings.select_related("unit", "granted_by").order_by("-from_on", "role")


def holding_for(user: User, pk: int) -> RoleHolding:
    """A role of an account one may see. Raises NotFound."""
    rows = RoleHolding.objects.select_related("user__employee__unit", "unit")
    found = rows.filter(pk=pk, user__in=users_visible_to(user)).first()
    if found is None:
        raise NotFound("这项角色")
    return found


def holders_of(role: str, path: str, day: date | None = None) -> QuerySet[User]:
    """Active users who hold a role for the unit of a path or one above it."""
    above = [int(part) for part in path.strip("/").split("/") if part]
    rows = holdings_on(day or timezone.localdate()).filter(role=role, unit_id__in=above)
    return User.objects.filter(pk__in=rows.values("user_id"), is_active=True).order_by("number")


def whole_house(paths: Iterable[str]) -> bool:
    """Whether one of the paths is that of a root."""
    return any(path.count("/") == 2 for path in paths)
