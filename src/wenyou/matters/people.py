"""Who has a matter in hand: the people behind a role for its unit, with stand-ins for the absent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from wenyou.accounts.models import RoleHolding, User
from wenyou.accounts.scope import holdings_on, holds_on
from wenyou.matters.limits import unit_line
from wenyou.matters.models import Matter
from wenyou.org.heads import Deputies
from wenyou.org.models import Employee, Unit
from wenyou_core.flow.roles import Role

# More than these are an announcement, not a to-do.
MOST_TOLD = 12
# Every role anybody holds, by role and unit; nothing outside a block of ``holders_kept``.
_kept: ContextVar[Mapping[tuple[str, int], list[RoleHolding]] | None] = ContextVar(
    "holders", default=None
)


@contextmanager
def holders_kept() -> Iterator[None]:
    """Within this block the holders of roles are those of its beginning, read once.

    Only for many moves at once, while nobody is appointed: the laying of a bank.
    """
    found: dict[tuple[str, int], list[RoleHolding]] = {}
    for row in _in_order(RoleHolding.objects.all()):
        found.setdefault((row.role, row.unit_id), []).append(row)
    token = _kept.set(found)
    try:
        yield
    finally:
        _kept.reset(token)


def holders_of(role: str, unit: Unit, at: datetime) -> list[User]:
    """Who holds a role for a unit, or for the nearest unit above that has somebody."""
    line, day, kept = unit_line(unit), timezone.localdate(at), _kept.get()
    if kept is not None:
        known = (row for pk in line for row in kept.get((role, pk), ()))
        return _nearest([row for row in known if holds_on(row, day)], line)
    return _nearest(list(_in_order(holdings_on(day).filter(role=role, unit__in=line))), line)


def _in_order(rows: QuerySet[RoleHolding]) -> QuerySet[RoleHolding]:
    """Of those who can sign in, with the people themselves."""
    active = rows.filter(user__is_active=True)
    return active.select_related("user__employee").order_by("user__number")


def _nearest(rows: Iterable[RoleHolding], line: tuple[int, ...]) -> list[User]:
    for pk in line:
        found = {row.user_id: row.user for row in rows if row.unit_id == pk}
        if found:
            return list(found.values())
    return []


def present(users: Iterable[User], at: datetime) -> list[User]:
    """Each one, or who stands in; nobody for those away without a stand-in."""
    asked = list(users)
    people = [one.employee for one in asked if one.employee is not None]
    deputies = Deputies(at, {one.pk for one in people})
    found: dict[int, User] = {}
    absent: list[Employee] = []
    for user in asked:
        stands = deputies.of(user.employee) if user.employee is not None else None
        if user.employee is None or (stands is not None and stands.pk == user.employee_id):
            found[user.pk] = user
        elif stands is not None:
            absent.append(stands)
    for user in User.objects.filter(employee__in=absent, is_active=True):
        found[user.pk] = user
    return list(found.values())


def in_hands(matter: Matter, at: datetime) -> list[User]:
    """Who should act on a matter now, present people only."""
    if matter.closed or not matter.in_hands_of:
        return []
    if matter.holder_id is not None:
        holder = User.objects.filter(employee_id=matter.holder_id).select_related("employee")
        found = present(holder, at)
        if found:
            return found
    unit = matter.unit
    if matter.in_hands_of == Role.DEPARTMENT and matter.with_unit is not None:
        unit = matter.with_unit
    return present(holders_of(matter.in_hands_of, unit, at), at)[:MOST_TOLD]
