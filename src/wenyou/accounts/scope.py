"""What a person may see and do: roles held for units, each covering the units beneath.

A role counts on a day while its holding, and the account, are in force. Queries of all slices
ask here; nothing else decides about reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.errors import NotAllowed
from wenyou_core.flow.roles import Role

# Roles whose holders see the business of their units; the three administrators run the
# machine and see none of it.
BUSINESS = frozenset(code for code in RoleCode.values if not code.endswith("_admin"))
_FLOW_ROLES = {role.value: role for role in Role}


@dataclass(frozen=True, slots=True)
class Held:
    """A role and the path of the unit for which it is held."""

    role: str
    unit_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Scope:
    """All roles a person holds on a day."""

    user_id: int
    employee_id: int | None
    held: tuple[Held, ...]

    @property
    def roles(self) -> frozenset[str]:
        """The roles, wherever held."""
        return frozenset(one.role for one in self.held)

    def paths(self, roles: Collection[str] = BUSINESS) -> tuple[str, ...]:
        """The paths of the highest units for which one of ``roles`` is held."""
        found = sorted({one.path for one in self.held if one.role in roles})
        kept: list[str] = []
        for path in found:
            if not any(path.startswith(above) for above in kept):
                kept.append(path)
        return tuple(kept)

    def covers(self, path: str, roles: Collection[str] = BUSINESS) -> bool:
        """Whether one of ``roles`` is held for a unit or one above it."""
        return any(path.startswith(one.path) for one in self.held if one.role in roles)

    def roles_at(self, path: str) -> frozenset[Role]:
        """The roles of flows held for a unit or one above it."""
        return frozenset(
            _FLOW_ROLES[one.role]
            for one in self.held
            if one.role in _FLOW_ROLES and path.startswith(one.path)
        )


def scope(user: User, day: date | None = None) -> Scope:
    """The roles in force on ``day``, by default today; kept on the user for the request."""
    day = day or timezone.localdate()
    kept: dict[date, Scope] = user.__dict__.setdefault("_scopes", {})
    if day not in kept:
        rows = holdings_on(day).filter(user=user).values_list("role", "unit_id", "unit__path")
        held = tuple(Held(*row) for row in rows) if user.is_active else ()
        kept[day] = Scope(user.pk, user.employee_id, held)
    return kept[day]


def holdings_on(day: date) -> QuerySet[RoleHolding]:
    """Holdings in force on a day; nobody holds a role after his last day in the house."""
    here = Q(user__employee__left_on__isnull=True) | Q(user__employee__left_on__gte=day)
    return RoleHolding.objects.filter(here, from_on__lte=day).filter(
        Q(until_on__isnull=True) | Q(until_on__gte=day)
    )


def holds_on(row: RoleHolding, day: date) -> bool:
    """Whether a holding is one of ``holdings_on``; its user and employee must be there."""
    employee = row.user.employee
    here = employee is None or employee.left_on is None or employee.left_on >= day
    return here and row.from_on <= day and (row.until_on is None or row.until_on >= day)


def beneath(paths: Iterable[str], prefix: str = "unit__") -> Q:
    """A filter for rows whose unit lies at or beneath one of ``paths``; none: nothing."""
    wanted = Q(pk__in=[])
    for path in paths:
        wanted |= Q(**{f"{prefix}path__startswith": path})
    return wanted


class Among(Func):
    """Whether a column is one of many numbers, handed over as one value: a list of a thousand
    parameters takes longer to write than to answer.
    """

    template = "%(expressions)s = ANY(%%s::bigint[])"
    output_field = BooleanField()
    conditional = True

    def __init__(self, column: str, numbers: Sequence[int]) -> None:
        super().__init__(F(column))
        # Written by ourselves: the driver's way of writing a list takes ten times as long.
        self.numbers = "{" + ",".join(map(str, numbers)) + "}"

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **more: Any) -> tuple[str, Any]:
        """The condition with the numbers after the column's own parameters."""
        sql, params = super().as_sql(compiler, connection, **more)
        return sql, [*params, self.numbers]


def among(column: str, numbers: Sequence[int]) -> Q:
    """A filter for rows whose column is one of the numbers; SQLite takes them one by one."""
    if connection.vendor == "postgresql" and numbers:
        return Q(Among(column, numbers))
    return Q(**{f"{column}__in": numbers})


def require(by: User, path: str, *roles: str, doing: str) -> None:
    """Raise NotAllowed unless ``by`` holds one of ``roles`` for the unit of ``path``."""
    if not scope(by).covers(path, roles):
        titles = dict(RoleCode.choices)
        who = "、".join(str(titles[role]) for role in roles if role in titles)
        raise NotAllowed(doing, who)
