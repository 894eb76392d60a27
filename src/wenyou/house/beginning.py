"""What the home of an administrator shows: the first steps of a new house, then his own pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.scope import scope
from wenyou.house.first import TOP_NAME
from wenyou.org.models import Employee, Unit


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do before others can work, and whether it is done."""

    title: str
    text: str
    address: str
    done: bool


def first_steps(user: User) -> list[Step]:
    """What a new house still needs, for those who set it up; nothing once all is done."""
    if RoleCode.SYSTEM_ADMIN not in scope(user).roles:
        return []
    tops = Unit.objects.filter(parent=None).order_by("pk")
    top = tops.first()
    if top is None:
        return []
    steps = [
        Step("改机构名称", "最上级机构现在叫“" + top.name + "”，请改成本行的名称。",
             reverse("org:unit", args=[top.pk]), top.name != TOP_NAME),
        Step("导入机构和花名册", "从 Excel 导入机构和人员，先试算再生效；也可以逐个开设、登记。",
             reverse("org:import"), Unit.objects.exclude(pk=top.pk).exists()
             and Employee.objects.exists()),
        Step("开立账号、授予角色", "给服务办公室、消保岗、网点负责人开立账号并授予角色。",
             reverse("house:users"), User.objects.exclude(pk=user.pk).exists()),
    ]  # fmt: skip
    return [] if all(one.done for one in steps) else steps
