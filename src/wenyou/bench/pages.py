"""Whom the bench signs in, and the addresses each of them asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.bench.fill import Bank
from wenyou.bench.words import COMMON, RARE
from wenyou.matters.models import Matter
from wenyou.matters.queries import matters_visible_to
from wenyou.org.queries import people_visible_to, units_visible_to

DETAILS = 12


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who asks: what he is, and his account."""

    title: str
    user: User


@dataclass(frozen=True, slots=True)
class Case:
    """Pages of one kind as one person asks for them."""

    group: str
    title: str
    asker: Asker
    addresses: Sequence[str]


def askers(bank: Bank) -> list[Asker]:
    """Those whose days differ most; ids say who is what."""
    branch, city, outlet = 2, 2 + bank.branches, bank.above + 1
    wanted = (
        ("总行服务办公室", bank.desk(1, "service_office")),
        ("总行审计", bank.desk(1, "auditor")),
        ("一级分行领导", branch),
        ("市分行投诉处理岗", bank.desk(city, "complaint_handler")),
        ("网点负责人", outlet),
        ("柜员", bank.first_staff),
    )
    return [Asker(title, User.objects.get(pk=pk)) for title, pk in wanted]


def cases(asker: Asker) -> Iterator[Case]:
    """All pages of one person."""
    for group, title, addresses in (
        ("待办", "待办", ["/"]),
        *_lists(asker.user),
        ("详情", "事项详情", _details(asker.user)),
        *_searches(asker.user),
        *_house(asker),
    ):
        if addresses:
            yield Case(group, title, asker, addresses)


Rows = Iterator[tuple[str, str, list[str]]]


def _lists(user: User) -> Rows:
    every, complaints = reverse("matters:all"), reverse("matters:complaints")
    day = timezone.localdate()
    unit = units_visible_to(user).order_by("-depth", "pk").values_list("code", flat=True).first()
    one = matters_visible_to(user).order_by("-pk").values_list("number", flat=True)[:1]
    months = f"opened_from={day.replace(day=1)}&opened_to={day}"
    yield "列表", "全部事项", [every]
    yield "列表", "投诉与表扬", [complaints]
    yield "列表", "检查与整改", [reverse("matters:inspections")]
    yield "列表", "按状态筛选", [f"{every}?state={one}" for one in ("open", "overdue", "today", "closed")]  # fmt: skip
    yield "列表", "按类别、来源筛选", [f"{every}?kind=complaint", f"{every}?kind=correction",
                                   f"{complaints}?source=regulator", f"{complaints}?kind=complaint&state=open"]  # fmt: skip
    yield "列表", "按机构筛选", [f"{every}?unit={unit}", f"{complaints}?unit={unit}&state=closed"]
    yield "列表", "按日期筛选", [f"{every}?{months}", f"{every}?opened_to=2025-06-30&state=closed"]
    yield "列表", "等我办理的", [f"{every}?mine=1&state=open"]
    yield "列表", "按编号查找", [f"{every}?q={number}" for number in one]
    yield "列表", "按编号排序", [f"{every}?sort=number", f"{every}?sort=-number"]
    yield "列表", "按时限排序", [f"{every}?sort=due", f"{every}?sort=-due", f"{every}?state=open&sort=due"]  # fmt: skip
    yield "列表", "按登记时间排序", [f"{every}?sort=opened", f"{every}?sort=-opened"]
    yield "列表", "第100页", [f"{every}?page=100"]
    yield "列表", "最后一页", [f"{every}?page=200", f"{complaints}?page=200", f"{every}?sort=due&page=200"]  # fmt: skip


def _details(user: User) -> list[str]:
    """Closed and open ones, of several kinds, old and new."""
    rows = matters_visible_to(user).order_by("-pk")
    keys = list(rows.values_list("pk", flat=True)[: DETAILS // 2])
    keys += rows.filter(closed=False).values_list("pk", flat=True)[: DETAILS // 2]
    return [reverse("matters:detail", args=[pk]) for pk in dict.fromkeys(keys)]


def _searches(user: User) -> Rows:
    at = reverse("house:search")
    matter = Matter.objects.filter(flow="complaint_ticket").order_by("-pk").first()
    person = people_visible_to(user).order_by("pk").first()
    unit = units_visible_to(user).order_by("-depth", "pk").first()
    yield "搜索", "常见二字词", [f"{at}?q={COMMON}", f"{at}?q=反映", f"{at}?q=支行"]
    yield "搜索", "少见二字词", [f"{at}?q={RARE}", f"{at}?q=视障", f"{at}?q=雨伞"]
    yield "搜索", "整句", [f"{at}?q=老年客户在柜台", f"{at}?q=要求说明原因", f"{at}?q=客户 坡道"]
    yield "搜索", "查无此词", [f"{at}?q=彗星", f"{at}?q=原户"]
    if matter is not None:
        yield "搜索", "编号", [f"{at}?q={matter.number}", f"{at}?q={matter.ticket}", f"{at}?q={matter.number[:6]}"]  # fmt: skip
    if person is not None and unit is not None:
        words = (unit.name, unit.code, person.name, person.number, person.name[:1])
        yield "搜索", "网点和人员", [f"{at}?q={word}" for word in words]


def _house(asker: Asker) -> Rows:
    user, inbox = asker.user, reverse("notices:inbox")
    yield "列表", "消息", [inbox, f"{inbox}?unread=1"]
    units, people = reverse("org:units"), reverse("org:people")
    unit = units_visible_to(user).order_by("-depth", "pk").first()
    person = people_visible_to(user).order_by("pk").first()
    yield "列表", "机构", [units, f"{units}?page=100", f"{units}?sort=name", f"{units}?level=outlet", f"{units}?q=人民路"]  # fmt: skip
    yield "列表", "员工", [people, f"{people}?page=200", f"{people}?sort=name", f"{people}?q=王伟", f"{people}?q=P00000", f"{people}?idle=1"]  # fmt: skip
    if unit is not None:
        yield "列表", "一个机构的员工", [f"{people}?unit={unit.code}"]
        yield "详情", "机构详情", [reverse("org:unit", args=[unit.pk])]
    if person is not None:
        yield "详情", "员工详情", [reverse("org:person", args=[person.pk])]
