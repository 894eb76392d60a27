"""Who administers what: asked by the pages before they show a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.queries import SEES_ACCOUNTS
from wenyou.accounts.scope import beneath, holdings_on, scope
from wenyou.errors import NotAllowed
from wenyou.org.models import Unit
from wenyou.org.queries import units_open

if TYPE_CHECKING:
    from collections.abc import Collection


def _holds(user: User, roles: Collection[str]) -> bool:
    return bool(scope(user).roles & frozenset(roles))


def is_system_admin(user: User) -> bool:
    """Whether the user opens accounts somewhere."""
    return _holds(user, {RoleCode.SYSTEM_ADMIN})


def is_security_admin(user: User) -> bool:
    """Whether the user grants roles somewhere."""
    return _holds(user, {RoleCode.SECURITY_ADMIN})


def sees_accounts(user: User) -> None:
    """Raise NotAllowed for whoever neither administers nor audits."""
    if not _holds(user, SEES_ACCOUNTS):
        raise NotAllowed("查看账号和角色", "系统管理员或安全管理员")


def system_admin(user: User, doing: str) -> None:
    """Raise NotAllowed unless the user opens accounts somewhere; services ask where."""
    if not is_system_admin(user):
        raise NotAllowed(doing, "系统管理员")


def security_admin(user: User, doing: str) -> None:
    """Raise NotAllowed unless the user grants roles somewhere; services ask where."""
    if not is_security_admin(user):
        raise NotAllowed(doing, "安全管理员")


def units_secured(user: User) -> QuerySet[Unit]:
    """Open units for which the user grants roles."""
    paths = scope(user).paths({RoleCode.SECURITY_ADMIN})
    return units_open(Unit.objects.filter(beneath(paths, prefix="")))


def holding(role: str) -> Q:
    """A filter for accounts that hold a role today."""
    rows = holdings_on(timezone.localdate()).filter(role=role)
    return Q(pk__in=rows.values("user_id"))


def without_second_step() -> Q:
    """A filter for accounts that open with a password alone."""
    return Q(second_step__confirmed_at__isnull=True)


def disabled() -> Q:
    """A filter for accounts that do not open."""
    return Q(is_active=False)
