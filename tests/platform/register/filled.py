"""Facts and workbooks for the tests of the register and of what is computed from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.platform.people import Cast
from wenyou.register import services
from wenyou.register.entries import Entry
from wenyou.register.kinds import plan_of
from wenyou.register.models import Fact
from wenyou.schemes.models import Adoption
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.tables.spec import Value
from wenyou_desk.tables.workbook import OutSheet, write_workbook

DAY = date.fromisoformat("2025-08-12")
LATER = timezone.make_aware(datetime.fromisoformat("2025-08-12T17:00:00"))


def entry(cast: Cast, **changed: Any) -> Entry:
    """A deduction at 甲 in August 2025."""
    said: dict[str, Any] = {
        "unit": cast.jia,
        "employee": cast.zhou.employee,
        "happened_on": DAY,
        "known_at": LATER,
        "values": {"type": "服务用语", "points": Fraction(2), "counted": True},
        "evidence": "检查照片",
        **changed,
    }
    return Entry(**said)


def proposed(cast: Cast, adoption: Adoption, **changed: Any) -> Fact:
    """The same, registered by the inspector."""
    return services.propose(
        adoption=adoption, kind="finding", entry=entry(cast, **changed), by=cast.zheng
    )


def confirmed(cast: Cast, adoption: Adoption, **changed: Any) -> Fact:
    """The same, confirmed by the service office."""
    return services.confirm(fact=proposed(cast, adoption, **changed), by=cast.chen)


def volume(cast: Cast, adoption: Adoption, unit: Any, number: int) -> Fact:
    """The customers of a unit, which the complaint rate is divided by."""
    fact = services.propose(
        adoption=adoption,
        kind="volume",
        entry=entry(
            cast, unit=unit, employee=None, values={"basis": "客户数", "number": Fraction(number)}
        ),
        by=cast.zheng,
    )
    return services.confirm(fact=fact, by=cast.chen)


def all_declared(cast: Cast, adoption: Adoption, since: str = "2024-01-01") -> None:
    """Everything is declared complete up to the end of September 2025."""
    services.declare_complete(
        adoption=adoption,
        kinds=plan_of(adoption).facts,
        unit=cast.east,
        from_on=date.fromisoformat(since),
        until_on=date.fromisoformat("2025-09-30"),
        by=cast.chen,
    )


def workbook(
    path: Path, adoption: Adoption, sheet: str, rows: Sequence[Mapping[str, Value]]
) -> Path:
    """A filled workbook of one sheet."""
    spec = next(one for one in sheets_of(plan_of(adoption)) if one.name == sheet)
    lines = [[row.get(column.name) for column in spec.columns] for row in rows]
    write_workbook(path, [OutSheet(spec=spec, rows=lines)])
    return path


def finding_row(cast: Cast, key: str = "JC-1", **changed: Value) -> dict[str, Value]:
    """A row of the sheet 检查扣分."""
    return {
        "id": key,
        "unit": cast.jia.code,
        "person": cast.zhou.employee.number if cast.zhou.employee else None,
        "happened": DAY,
        "known": datetime.combine(DAY, datetime.min.time()) + timedelta(hours=17),
        "state": "confirmed",
        "evidence": "检查照片",
        "type": "服务用语",
        "points": 2,
        "counted": True,
        **changed,
    }
