"""Standing duties by exception: a normal day costs an outlet nothing.

A unit sets its duties with how often they come. A daily duty is only recorded when something
was not as it should be; what comes weekly or more seldom stands open for its period and counts
as kept when the period is over and nobody has said otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wenyou.accounts.models import User
from wenyou.matters import services
from wenyou.matters.batches import few_at_a_time
from wenyou.matters.fields import Value
from wenyou.matters.limits import unit_line
from wenyou.matters.models import LimitSetting, Matter
from wenyou.matters.services import Particulars
from wenyou.org.models import Unit
from wenyou.org.queries import units_open
from wenyou_core.errors import InputRefused, WenyouError
from wenyou_core.worktime.months import last_of_month

PREFIX = "duty."
# In one tick; the next one goes on where this one stopped.
AT_ONCE = 300


class Every(StrEnum):
    """How often a duty comes."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class DutyRule:
    """A duty that a unit has set for those beneath it of the named levels."""

    code: str
    title: str
    every: Every
    levels: tuple[str, ...]
    article: str
    unit_id: int
    path: str


def rule_from(row: LimitSetting) -> DutyRule:
    """A stored rule. Raises InputRefused for one that cannot be read."""
    said: Mapping[str, object] = row.limit
    title, levels = str(said.get("title", "")).strip(), said.get("levels") or ["outlet"]
    try:
        every = Every(str(said.get("every")))
    except ValueError:
        raise InputRefused("duty-every", "职责的频次应为每日、每周、每月或每季，请改正。") from None
    if not title or not isinstance(levels, list):
        raise InputRefused("duty-title", "职责须写明内容和适用的机构层级，请补上。")
    code = row.name.removeprefix(PREFIX)
    named = tuple(str(one) for one in levels)
    return DutyRule(code, title, every, named, row.article, row.unit_id, row.unit.path)


def rules_on(day: date) -> list[DutyRule]:
    """Every rule in force on a day; the newest of a unit and name counts, an empty one ends it."""
    rows = LimitSetting.objects.filter(name__startswith=PREFIX, from_on__lte=day)
    newest: dict[tuple[int, str], LimitSetting] = {}
    for row in rows.select_related("unit").order_by("from_on"):
        newest[row.unit_id, row.name] = row
    return [rule_from(row) for row in newest.values() if row.limit]


def rules_for(unit: Unit, day: date) -> list[DutyRule]:
    """The duties of one unit."""
    line = set(unit_line(unit))
    return [one for one in rules_on(day) if one.unit_id in line and unit.level in one.levels]


def rules_beneath(unit: Unit, day: date) -> list[DutyRule]:
    """What a unit, and those beneath it, have set for others than itself."""
    rules = [one for one in rules_on(day) if one.path.startswith(unit.path)]
    return [one for one in rules if one.unit_id != unit.pk or unit.level not in one.levels]


def period_of(rule: DutyRule, day: date) -> tuple[str, date]:
    """The key of the period a day lies in, and its last day."""
    match rule.every:
        case Every.DAY:
            return day.isoformat(), day
        case Every.WEEK:
            year, week, weekday = day.isocalendar()
            return f"{year}-W{week:02d}", day + timedelta(days=7 - weekday)
        case Every.MONTH:
            return f"{day:%Y-%m}", last_of_month(day.year, day.month)
        case Every.QUARTER:
            quarter = (day.month - 1) // 3 + 1
            return f"{day.year}-Q{quarter}", last_of_month(day.year, quarter * 3)


def key_of(rule: DutyRule, unit: Unit, period: str) -> str:
    """What makes a duty of a unit in a period one and the same."""
    return f"{rule.code}:{period}:{unit.pk}"


def generate(now: datetime) -> int:
    """Open what comes weekly or more seldom and is not open yet; how many were opened.

    Daily duties are never opened by themselves.
    """
    day = timezone.localdate(now)
    opened = 0
    for rule in rules_on(day):
        if rule.every is Every.DAY:
            continue
        for unit in _lacking(rule, day, AT_ONCE - opened):
            _open(rule, unit, day, by=None, at=now)
            opened += 1
        if opened >= AT_ONCE:
            break
    return opened


def _lacking(rule: DutyRule, day: date, most: int) -> Iterator[Unit]:
    period, _ = period_of(rule, day)
    start = f"{rule.code}:{period}:"
    keys = Matter.objects.filter(flow="duty", ticket__startswith=start)
    have = keys.values_list("ticket", flat=True)
    served = {int(one.removeprefix(start)) for one in have}
    units = Unit.objects.filter(Q(path__startswith=rule.path), level__in=rule.levels)
    for unit in few_at_a_time(units_open(units, day).order_by("pk")):
        if most <= 0:
            return
        if unit.pk not in served:
            most -= 1
            yield unit


@transaction.atomic
def _open(rule: DutyRule, unit: Unit, day: date, *, by: User | None, at: datetime) -> Matter:
    period, last = period_of(rule, day)
    filled: dict[str, Value] = {"task": rule.title}
    return services.register(
        "duty",
        unit=unit,
        by=by,
        filled=filled,
        particulars=Particulars(
            ticket=key_of(rule, unit, period),
            article=rule.article,
            own_limits={"duty_keep": last},
        ),
        at=at,
    )


@transaction.atomic
def record_exception(
    code: str, *, unit: Unit, day: date, grounds: str, by: User, at: datetime | None = None
) -> Matter:
    """Say that a duty was not kept as it should be, and why; opens it when it was not open.

    Raises InputRefused for a duty the unit does not have, for a day to come, or when the day
    has been recorded already.
    """
    now = at or timezone.now()
    if day > timezone.localdate(now):
        raise InputRefused("duty-ahead", "这一天还没有到，不能登记例外；请到当天再登记。")
    rule = next((one for one in rules_for(unit, day) if one.code == code), None)
    if rule is None:
        raise InputRefused("duty-unknown", f"{unit}没有这项职责，请从列表中选择。")
    period, _ = period_of(rule, day)
    held = Matter.objects.filter(flow="duty", ticket=key_of(rule, unit, period)).first()
    if held is not None and held.state != "expected":
        raise InputRefused(
            "duty-recorded", f"“{rule.title}”本期已经登记过（{held.number}），不用再登记。"
        )
    matter = held or _open(rule, unit, day, by=None, at=now)
    return services.move(
        matter, "record_exception", by=by, turn=matter.turn, filled={"grounds": grounds}, at=now
    )


def pass_quietly(now: datetime) -> int:
    """Count duties as kept whose period is over without an exception; how many."""
    rows = Matter.objects.filter(flow="duty", state="expected", closed=False, due_at__lt=now)
    done = 0
    for matter in rows.order_by("due_at")[:AT_ONCE]:
        try:
            services.move(matter, "pass_quietly", by=None, turn=matter.turn, at=now)
        except WenyouError:
            continue  # Somebody has just recorded an exception.
        done += 1
    return done
