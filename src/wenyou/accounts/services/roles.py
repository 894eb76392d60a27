"""Grant and end roles: held for a unit and all beneath, from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from wenyou.accounts.actions import house_path
from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.accounts.scope import holdings_on, require
from wenyou.audit.services import Change, record
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.org.models import Unit

ADMINS = frozenset({RoleCode.SYSTEM_ADMIN.value, RoleCode.SECURITY_ADMIN.value})
WATCHES = frozenset({RoleCode.AUDIT_ADMIN.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A role for a unit from a day on, and by which decision."""

    role: str
    unit: Unit
    from_on: date
    until_on: date | None = None
    reason: str = ""


@transaction.atomic
def grant_role(user: User, grant: Grant, *, by: User | None) -> RoleHolding:
    """Give a role, by a security administrator over the unit.

    Refuses a role for oneself, a role that is held there already, a closed unit, and the
    watcher's role together with an administrator's.
    """
    if by is not None:
        require(by, grant.unit.path, RoleCode.SECURITY_ADMIN, doing="授予角色")
        if by.pk == user.pk:
            raise InputRefused("role-self", "不能给自己授予角色，请由另一名安全管理员办理。")
    if grant.role not in RoleCode.values:
        raise InputRefused("role-unknown", "没有这个角色，请从列表中选择。")
    if grant.until_on is not None and grant.until_on < grant.from_on:
        raise InputRefused("role-reversed", "角色的结束日期不能早于开始日期，请改日期。")
    closed = grant.unit.closed_on
    if closed is not None and closed < grant.from_on:
        raise InputRefused("role-closed", f"“{grant.unit}”已停业，请另选机构。")
    _refuse_overlap(user, grant)
    _refuse_both(user, grant)
    holding = RoleHolding.objects.create(
        user=user, role=grant.role, unit=grant.unit, from_on=grant.from_on,
        until_on=grant.until_on, granted_by=by, reason=grant.reason.strip()[:200],
    )  # fmt: skip
    user.__dict__.pop("_scopes", None)
    record("accounts.role.grant", by=by, change=_told(holding))
    return holding


@transaction.atomic
def end_role(holding: RoleHolding, *, on: date, by: User | None) -> RoleHolding:
    """End a role after ``on``; refuses to end the last security administrator of the house."""
    if by is not None:
        require(by, holding.unit.path, RoleCode.SECURITY_ADMIN, doing="终止角色")
    if on < holding.from_on:
        raise InputRefused("role-reversed", "角色的结束日期不能早于开始日期，请改日期。")
    if holding.until_on is not None and holding.until_on <= on:
        raise InputRefused("role-ended", "这项角色已经结束，不用再终止。")
    if holding.role == RoleCode.SECURITY_ADMIN and not _other_security(holding, on):
        raise InputRefused(
            "role-last-security",
            "这是全行最后一名安全管理员，终止后没有人能授予角色。请先授予另一人。",
        )
    holding.until_on = on
    holding.save(update_fields=["until_on"])
    holding.user.__dict__.pop("_scopes", None)
    record("accounts.role.end", by=by, change=_told(holding))
    return holding


def roles_after(unit: Unit, on: date) -> list[RoleHolding]:
    """The roles held for a unit itself that would go on after a day, or begin after it."""
    rows = RoleHolding.objects.filter(unit=unit).filter(Q(until_on=None) | Q(until_on__gt=on))
    return list(rows.select_related("user", "unit").order_by("role", "user__number"))


@transaction.atomic
def end_roles_at(unit: Unit, on: date, *, by: User | None, why: str) -> list[RoleHolding]:
    """End every role held for a unit, because the unit itself ends after ``on``.

    Whoever may close the unit may do this; roles that have not begun by then never do. Refuses
    to end the last security administrator of the house.
    """
    ended = roles_after(unit, on)
    for holding in ended:
        if holding.role == RoleCode.SECURITY_ADMIN and not _other_security(holding, on):
            text = "这里有全行最后一名安全管理员。请先在其他机构授予另一人。"
            raise InputRefused("role-last-security", text)
        holding.user.__dict__.pop("_scopes", None)
        if holding.from_on > on:
            record("accounts.role.end", by=by, change=_told(holding, why))
            RoleHolding.objects.filter(pk=holding.pk).delete()
            continue
        holding.until_on = on
        holding.save(update_fields=["until_on"])
        record("accounts.role.end", by=by, change=_told(holding, why))
    return ended


@transaction.atomic
def hand_over_roles(
    ended: Iterable[RoleHolding], into: Unit, on: date, *, by: User | None, why: str
) -> list[RoleHolding]:
    """Make the staff of a merged unit staff of the other one; other roles are granted anew."""
    made = []
    for one in ended:
        if one.role != RoleCode.STAFF or one.from_on > on:
            continue
        held = RoleHolding.objects.filter(user=one.user, role=one.role, unit=into)
        if held.filter(Q(until_on=None) | Q(until_on__gte=on)).exists():
            continue
        holding = RoleHolding.objects.create(
            user=one.user, role=one.role, unit=into, from_on=on, granted_by=by, reason=why[:200]
        )
        record("accounts.role.grant", by=by, change=_told(holding))
        made.append(holding)
    return made


def _refuse_overlap(user: User, grant: Grant) -> None:
    rows = RoleHolding.objects.filter(user=user, role=grant.role, unit=grant.unit)
    rows = rows.filter(Q(until_on=None) | Q(until_on__gte=grant.from_on))
    if grant.until_on is not None:
        rows = rows.filter(from_on__lte=grant.until_on)
    if rows.exists():
        title = RoleCode(grant.role).label
        raise InputRefused(
            "role-twice", f"{user.label}在“{grant.unit}”这段时间已是{title}，不用再授予。"
        )


def _refuse_both(user: User, grant: Grant) -> None:
    """Who watches the log must not be able to do what the log is about."""
    if grant.role in WATCHES:
        others = ADMINS
    elif grant.role in ADMINS:
        others = WATCHES
    else:
        return
    rows = RoleHolding.objects.filter(user=user, role__in=others)
    if rows.filter(Q(until_on=None) | Q(until_on__gte=grant.from_on)).exists():
        raise InputRefused(
            "role-both",
            "安全审计员不能同时是系统管理员或安全管理员（三员分立）。请授予另一人。",
        )


def _other_security(holding: RoleHolding, on: date) -> bool:
    """Whether somebody else still keeps the roles of the whole house the day after."""
    if holding.unit.path != house_path():
        return True
    rows = hold_security(date.fromordinal(on.toordinal() + 1))
    return any(one.pk != holding.pk for one in rows)


def hold_security(day: date) -> list[RoleHolding]:
    """Who keeps the roles of the whole house on a day; held until the transaction ends.

    Two who end each other's role, or disable each other's account, would each find the other still
    there: the later one waits and then finds nobody.
    """
    rows = RoleHolding.objects.filter(role=RoleCode.SECURITY_ADMIN, unit__path=house_path())
    keys = list(
        rows.order_by("pk")
        .select_for_update(no_key=True, of=("self",))
        .values_list("pk", flat=True)
    )
    return list(holdings_on(day).filter(pk__in=keys, user__is_active=True))


def _told(holding: RoleHolding, why: str = "") -> Change:
    said = {
        "role": str(RoleCode(holding.role).label), "unit": holding.unit.code,
        "from_on": holding.from_on, "until_on": holding.until_on,
    }  # fmt: skip
    return Change(subject=holding.user, unit=holding.unit, new=said, note=why or holding.reason)
