"""Open, enable, disable accounts; note who came in and went out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wenyou.accounts.actions import administers
from wenyou.accounts.models import User
from wenyou.accounts.services.passwords import set_password
from wenyou.accounts.services.roles import hold_security
from wenyou.accounts.words import clean_name, clean_number
from wenyou.audit.services import Change, record
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from wenyou.org.models import Employee


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """An account; of an employee it takes number and name, a program's has its own.

    Without a password nobody comes in until a one-time link is made.
    """

    employee: Employee | None = None
    number: str = ""
    name: str = ""
    password: str = ""
    loopback_only: bool = False


@transaction.atomic
def create_user(new: NewUser, *, by: User | None) -> User:
    """Open an account; refuses a number that has one, and a person who has one or has left."""
    employee = new.employee
    number = clean_number(employee.number if employee else new.number)
    name = clean_name(employee.name if employee else new.name)
    user = User(number=number, name=name, employee=employee, loopback_only=new.loopback_only)
    administers(by, user, "开立账号")
    if User.objects.filter(number__upper=number.upper()).exists():
        raise InputRefused("user-twice", f"登录号 {number} 已有账号，请从账号列表进入。")
    if employee is not None and User.objects.filter(employee=employee).exists():
        raise InputRefused("user-person-twice", f"{employee.label}已有账号，不用再开。")
    if employee is not None and employee.left_on is not None:
        raise InputRefused("user-left", f"{employee.label}已登记离职，不能开立账号。")
    user.set_unusable_password()
    user.save()
    if new.password:
        set_password(user, new.password)
    said = {"number": number, "name": name, "employee": employee.number if employee else ""}
    record("accounts.create", by=by, change=Change(subject=user, new=said))
    return user


@transaction.atomic
def rename_user(user: User, *, name: str, by: User | None) -> User:
    """Change the name shown for an account."""
    administers(by, user, "修改账号")
    old, user.name = user.name, clean_name(name)
    user.save(update_fields=["name"])
    change = Change(subject=user, old={"name": old}, new={"name": user.name})
    record("accounts.rename", by=by, change=change)
    return user


@transaction.atomic
def set_active(user: User, *, active: bool, reason: str, by: User | None) -> User:
    """Enable or disable an account; disabling ends its sessions. Nobody disables himself."""
    administers(by, user, "启用或停用账号")
    if by is not None and by.pk == user.pk:
        raise InputRefused("user-self", "不能停用自己的账号，请由另一名系统管理员办理。")
    if user.is_active == active:
        state = "启用" if active else "停用"
        raise InputRefused("user-same", f"{user.label}的账号已经是{state}状态。")
    if not active:
        _refuse_last_security(user)
    user.is_active = active
    user.session_epoch += 1
    user.save(update_fields=["is_active", "session_epoch"])
    change = Change(subject=user, new={"is_active": active}, note=reason.strip()[:200])
    record("accounts.enable" if active else "accounts.disable", by=by, change=change)
    return user


def _refuse_last_security(user: User) -> None:
    rows = hold_security(timezone.localdate())
    if rows and all(one.user_id == user.pk for one in rows):
        raise InputRefused(
            "user-last-security",
            f"{user.label}是全行最后一名安全管理员，停用后没有人能授予角色。请先授予另一人。",
        )


@transaction.atomic
def sign_out_everywhere(user: User, *, by: User) -> User:
    """End all sessions of an account: by the person, or by an administrator."""
    if by.pk != user.pk:
        administers(by, user, "让他人退出登录")
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    record("accounts.sign_out_all", by=by, change=Change(subject=user))
    return user


@transaction.atomic
def signed_in(user: User) -> None:
    """Note that somebody came in."""
    record("accounts.sign_in", by=user, change=Change(subject=user))


@transaction.atomic
def signed_out(user: User) -> None:
    """Note that somebody went out."""
    record("accounts.sign_out", by=user, change=Change(subject=user))
