"""A few open matters, so that everybody of the demo bank finds something to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.demo.house import House
from wenyou.demo.people import People
from wenyou.matters.fields import Value
from wenyou.matters.models import Matter
from wenyou.matters.services import Particulars, move, register
from wenyou.org.models import Unit
from wenyou_desk.demo.model import DemoBank


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A matter to open: of which kind, for which unit, by whom, how many days ago.

    ``then`` is the move that follows at once, with what it asks.
    """

    flow: str
    unit: Unit
    by: User
    days: int
    filled: Mapping[str, Value]
    source: str = ""
    ticket: str = ""
    limits: Mapping[str, date] = field(default_factory=dict)
    then: tuple[str, Mapping[str, Value]] | None = None


def open_matters(house: House, bank: DemoBank, people: People) -> int:
    """Register matters of several kinds, as their people would have; how many."""
    count = 0
    for one in _matters(house, bank, people):
        _open(one, bank.as_of)
        count += 1
    return count


def _open(one: Opened, today: date) -> Matter:
    at = _moment(today - timedelta(days=one.days))
    particulars = Particulars(
        source=one.source, ticket=one.ticket, own_limits=one.limits, known_at=at, received_at=at
    )
    matter = register(
        one.flow, unit=one.unit, by=one.by, filled=one.filled, particulars=particulars, at=at
    )
    if one.then is not None:
        action, filled = one.then
        matter = move(matter, action, by=one.by, turn=matter.turn, filled=filled, at=at)
    return matter


def _moment(day: date) -> datetime:
    """In the morning of a day; never ahead of now."""
    return min(timezone.make_aware(datetime.combine(day, time(9, 40))), timezone.now())


def _matters(house: House, bank: DemoBank, people: People) -> Iterator[Opened]:
    first = house.units[bank.story("repeated").units["outlet"]]
    second = house.units[bank.story("tied").units["large"]]
    third = house.units[bank.story("perfunctory").units["outlet"]]
    handler = people.by_role["投诉处理岗"]
    inspector = people.by_role["检查岗"]
    yield from _tickets(handler, bank.as_of, (first, second, third))
    yield Opened(
        flow="complaint", unit=first, by=people.heads[first.code], days=1,
        filled={"channel": "营业现场", "customer_request": "办理转账等候四十分钟，要求说明原因并改进。"},
    )  # fmt: skip
    yield Opened(
        flow="commendation", unit=second, by=people.heads[second.code], days=2,
        filled={"channel": "来信", "praise_case": "柜员为行动不便的老年客户上门办理密码重置，客户来信致谢。"},
    )  # fmt: skip
    yield from _rectifications(inspector, bank.as_of, (first, second, third))
    yield Opened(
        flow="supervision_order", unit=third, by=people.office, days=1,
        filled={"supervision": "十日内完成叫号机更换，并报告客户分流安排。", "grounds": "同类投诉一月内三件"},
    )  # fmt: skip


def _tickets(handler: User, today: date, units: tuple[Unit, ...]) -> Iterator[Opened]:
    """Tickets of the head office: one overdue, one due today, one with time left."""
    rows = (
        (4, -1, "head_office", "信用卡账单金额有疑问，要求网点核实后回电。"),
        (2, 0, "regulator", "反映代理人办理业务时解释不清，要求书面答复。"),
        (0, 3, "head_office", "自助设备吞卡后等候时间长，要求尽快取卡。"),
    )
    for number, (unit, (days, left, source, request)) in enumerate(
        zip(units, rows, strict=True), 1
    ):
        ticket = f"ZH{today:%Y%m%d}{number:03d}"
        yield Opened(
            flow="complaint_ticket",
            unit=unit,
            by=handler,
            days=days,
            filled={"external_number": ticket, "customer_request": request},
            source=source,
            ticket=ticket,
            limits={"ticket_reply": today + timedelta(days=left)},
            then=("assign", {"unit": unit}),
        )


def _rectifications(inspector: User, today: date, units: tuple[Unit, ...]) -> Iterator[Opened]:
    """Rectifications: one overdue, one nearly due, one fresh."""
    rows = (
        (9, -2, "大堂引导岗高峰时段无人在岗，客户自行取号排队。"),
        (5, 1, "意见簿未及时回复，最近三条意见超过五个工作日。"),
        (1, 6, "便民箱药品过期，雨伞架无雨伞。"),
    )
    for unit, (days, left, finding) in zip(units, rows, strict=True):
        yield Opened(
            flow="rectification",
            unit=unit,
            by=inspector,
            days=days,
            filled={"finding": finding},
            limits={"rectify": today + timedelta(days=left)},
        )
