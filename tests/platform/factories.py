"""Rows for tests: one small function per model, valid without any argument.

They save rows directly, without services: what a service refuses can be laid before it.
"""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from wenyou.accounts.models import RoleHolding, User
from wenyou.org.models import (
    Absence,
    Employee,
    Group,
    OpeningHours,
    Posting,
    ResponsibilityLetter,
    Unit,
    UnitLevel,
    UnitSpell,
)

LONG_AGO = date(2020, 1, 1)
PASSWORD = "Chengxin-2026-fuwu"
WEEK = ["09:00-12:00 13:30-17:00"] * 5 + ["", ""]
_numbers = count(1)


def make_unit(name: str = "", *, parent: Unit | None = None, **fields: Any) -> Unit:
    """A unit with its first spell and its path."""
    number = next(_numbers)
    fields = {
        "code": f"9{number:05d}",
        "name": name or f"第{number}网点",
        "opened_on": LONG_AGO,
        "level": UnitLevel.OUTLET,
        "parent": parent,
        **fields,
    }
    unit = Unit.objects.create(**fields)
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.depth = parent.depth + 1 if parent else 0
    unit.save(update_fields=["path", "depth"])
    make_spell(unit)
    return unit


def make_spell(unit: Unit, **fields: Any) -> UnitSpell:
    """How a unit is today, as the spell that began when it was opened."""
    same = ("name", "short_name", "kind", "level", "area", "parent")
    said = {name: getattr(unit, name) for name in same}
    cause = UnitSpell.Cause.OPENED
    return UnitSpell.objects.create(
        **{"unit": unit, "from_on": unit.opened_on, "cause": cause, **said, **fields}
    )


def make_employee(name: str = "", *, unit: Unit | None = None, **fields: Any) -> Employee:
    """A person; with a unit also the main posting there."""
    number = next(_numbers)
    post = fields.pop("post", "柜员")
    head = fields.pop("head", False)
    said = {"number": f"E{number:05d}", "name": name or f"员工{number}", "joined_on": LONG_AGO}
    employee = Employee.objects.create(
        **{**said, "unit": unit, "post": post if unit else "", **fields}
    )
    if unit is not None:
        make_posting(employee, unit, post=post, head=head)
    return employee


def make_posting(employee: Employee, unit: Unit, **fields: Any) -> Posting:
    """A main posting since long ago."""
    said = {"post": "柜员", "from_on": LONG_AGO, **fields}
    return Posting.objects.create(employee=employee, unit=unit, **said)


def make_user(name: str = "", *, employee: Employee | None = None, **fields: Any) -> User:
    """An account with the password PASSWORD; of an employee it bears number and name."""
    number = next(_numbers)
    said = {"number": f"U{number:05d}", "name": name or f"用户{number}"}
    if employee is not None:
        said = {"number": employee.number, "name": employee.name}
    user = User(**{**said, "employee": employee, **fields})
    user.set_password(PASSWORD)
    user.save()
    return user


def make_holding(user: User, role: str, unit: Unit, **fields: Any) -> RoleHolding:
    """A role held since long ago."""
    return RoleHolding.objects.create(
        user=user, role=role, unit=unit, **{"from_on": LONG_AGO, **fields}
    )


def make_group(unit: Unit, **fields: Any) -> Group:
    """A leading group."""
    said = {"kind": Group.Kind.LEADING_GROUP, "name": "优质服务领导小组", "from_on": LONG_AGO}
    return Group.objects.create(unit=unit, **{**said, **fields})


def make_letter(unit: Unit, **fields: Any) -> ResponsibilityLetter:
    """A letter of responsibility of this unit."""
    said = {"title": "优质服务责任书", "year": 2026, "due_on": date(2026, 3, 31)}
    return ResponsibilityLetter.objects.create(unit=unit, **{**said, **fields})


def make_hours(unit: Unit, **fields: Any) -> OpeningHours:
    """Office hours from Monday to Friday with a lunch break."""
    said = {"from_on": LONG_AGO, "weekly": WEEK, "makeup": "09:00-17:00"}
    return OpeningHours.objects.create(unit=unit, **{**said, **fields})


def make_absence(employee: Employee, **fields: Any) -> Absence:
    """A leave; ``from_at`` and ``until_at`` must be given, for tests know their clock."""
    return Absence.objects.create(employee=employee, **{"reason": "年休假", **fields})
