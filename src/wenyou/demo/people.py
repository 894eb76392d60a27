"""Who may sign in to the demo bank: a handful with passwords, every head as an account."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.demo.house import House
from wenyou.org.models import Employee, Posting, Unit, UnitLevel
from wenyou_desk.demo.model import DemoBank

LETTERS = "abcdefghjkmnpqrstuvwxyz"
DIGITS = "23456789"
BASIS = "演示数据"
LEADS: dict[str, str] = {
    UnitLevel.SUB_BRANCH: RoleCode.LEADER,
    UnitLevel.DEPARTMENT: RoleCode.DEPARTMENT,
}


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody to sign in as: what he is here, and his password of this bank alone."""

    number: str
    name: str
    part: str
    password: str


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody of the branch's own office: name, post, role and what he is called."""

    name: str
    post: str
    role: str
    title: str


OFFICE = (
    Part("方慧", "服务办公室主管", RoleCode.SERVICE_OFFICE, "分行服务办公室（主管）"),
    Part("罗毅", "服务办公室专员", RoleCode.SERVICE_OFFICE, "分行服务办公室（复核）"),
    Part("沈悦", "消费者权益保护岗", RoleCode.CONSUMER_PROTECTION, "消费者权益保护岗"),
    Part("钱宁", "投诉处理岗", RoleCode.COMPLAINT_HANDLER, "投诉处理岗"),
    Part("郑凯", "检查岗", RoleCode.INSPECTOR, "检查岗"),
    Part("蒋欣", "内训师", RoleCode.TRAINER, "内训师"),
    Part("顾平", "分管副行长", RoleCode.LEADER, "分管副行长"),
    Part("韩梅", "计划财务岗", RoleCode.FINANCE, "计划财务岗"),
    Part("杨正", "审计岗", RoleCode.AUDITOR, "审计人员"),
    Part("朱磊", "系统管理岗", RoleCode.SYSTEM_ADMIN, "系统管理员"),
    Part("秦川", "安全管理岗", RoleCode.SECURITY_ADMIN, "安全管理员"),
    Part("许可", "安全审计岗", RoleCode.AUDIT_ADMIN, "安全审计员"),
)


@dataclass(slots=True)
class People:
    """The accounts by the part they play, and those to print with their passwords."""

    by_role: dict[str, User]
    heads: dict[str, User]
    shown: list[DemoPerson]

    @property
    def office(self) -> User:
        """The service office of the branch."""
        return self.by_role[OFFICE[0].title]

    @property
    def leader(self) -> User:
        """The leader who answers for service."""
        return self.by_role["分管副行长"]

    @property
    def checker(self) -> User:
        """The second person of the service office."""
        return self.by_role[OFFICE[1].title]


def build_people(house: House, bank: DemoBank, since: date) -> People:
    """Save accounts and roles."""
    shown: list[DemoPerson] = []
    by_role: dict[str, User] = {}
    holdings: list[RoleHolding] = []
    for at, part in enumerate(OFFICE, 1):
        employee = _employed(house.root, f"9{at:06d}", part, since)
        user = _account(employee, part.title, shown)
        by_role[part.title] = user
        holdings.append(_held(user, part.role, house.root, since))
    heads = _heads(house, bank.as_of)
    accounts = {code: _user(employee, make_password(None)) for code, employee in heads.items()}
    for code, title, number in _stars(bank):
        known = house.people.get(number) if number else heads.get(code)
        if known is None:
            continue
        user = _account(known, title, shown)
        if not number:
            accounts[code] = user
        else:
            holdings.append(_held(user, RoleCode.STAFF, house.units[code], since))
    User.objects.bulk_create(user for user in accounts.values() if user._state.adding)
    for code, user in accounts.items():
        unit = house.units[code]
        role = LEADS.get(unit.level, RoleCode.OUTLET_HEAD)
        holdings.append(_held(user, role, unit, since))
    RoleHolding.objects.bulk_create(holdings, batch_size=1000)
    return People(by_role, accounts, shown)


def _stars(bank: DemoBank) -> Iterator[tuple[str, str, str]]:
    """Whose desk is worth a visit: heads of two outlets of the stories, one of their people."""
    repeated, moved = bank.story("repeated"), bank.story("moved")
    outlet = repeated.units["outlet"]
    yield outlet, "网点负责人（同类问题一年内重复）", ""
    yield bank.story("tied").units["large"], "网点负责人（名次并列，等待决定）", ""
    yield moved.units["new"], "网点员工（季中调入）", moved.persons["person"]


def _heads(house: House, day: date) -> dict[str, Employee]:
    """Who leads each unit today; an acting head gives way to a regular one."""
    postings = Posting.objects.filter(head=True, from_on__lte=day).exclude(until_on__lt=day)
    found: dict[str, Employee] = {}
    taken: set[str] = set()
    people = {one.pk: one for one in house.people.values()}
    for posting in postings.select_related("unit").order_by("acting", "from_on", "pk"):
        code = posting.unit.code
        employee = people[posting.employee_id]
        if code not in found and employee.number not in taken:
            found[code] = employee
            taken.add(employee.number)
    return found


def _employed(unit: Unit, number: str, part: Part, since: date) -> Employee:
    employee = Employee.objects.create(
        number=number, name=part.name, joined_on=since, unit=unit, post=part.post
    )
    Posting.objects.create(employee=employee, unit=unit, post=part.post, from_on=since)
    return employee


def _account(employee: Employee, title: str, shown: list[DemoPerson]) -> User:
    password = _password()
    user = _user(employee, make_password(password))
    user.save()
    shown.append(DemoPerson(user.number, user.name, title, password))
    return user


def _user(employee: Employee, password: str) -> User:
    return User(
        number=employee.number,
        name=employee.name,
        employee=employee,
        password=password,
        loopback_only=True,
        password_at=timezone.now(),
    )


def _held(user: User, role: str, unit: Unit, since: date) -> RoleHolding:
    return RoleHolding(user=user, role=role, unit=unit, from_on=since, reason=BASIS)


def _password() -> str:
    """Easy to read aloud, random enough for a bank that answers this machine alone."""
    words = ["".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2)]
    number = "".join(secrets.choice(DIGITS) for _ in range(4))
    return f"{words[0].capitalize()}-{words[1]}-{number}"
