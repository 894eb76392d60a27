"""The period of each class: set with its ground by a named person, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from wenyou.accounts.actions import for_the_house
from wenyou.accounts.models import RoleCode
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.privacy.classes import CLASSES, class_of
from wenyou.privacy.kinds import RecordClass, beginning_of, months_after, months_before
from wenyou.privacy.models import RetentionRule
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wenyou.accounts.models import User

register_actions({"retention.set": "设定保存期限"})
SHORTEST_GROUND, MOST_MONTHS = 4, 1_200
DOING = "设定保存期限"
UNSET = "未设定"


@dataclass(frozen=True, slots=True)
class Kept:
    """Until when something is kept: a day, for good, or nobody has said."""

    until: date | None
    text: str
    free: bool


def rules_now() -> dict[str, RetentionRule]:
    """The rule in force of every class that has one."""
    rows = RetentionRule.objects.select_related("set_by").order_by("record_class", "version")
    return {row.record_class: row for row in rows}


def rule_of(code: str) -> RetentionRule | None:
    """The rule in force of one class; None: nobody has set it."""
    return RetentionRule.objects.filter(record_class=code).order_by("-version").first()


@transaction.atomic
def set_rule(code: str, *, months: int | None, ground: str, by: User) -> RetentionRule:
    """Set how long a class is kept (None: for good) and why.

    Raises NotAllowed for all but a security administrator of the house, NotFound, InputRefused
    without a ground and for less than a law demands.
    """
    for_the_house(by, RoleCode.SECURITY_ADMIN, DOING)
    one = class_of(code)
    why = " ".join(ground.split())
    if len(why) < SHORTEST_GROUND:
        raise InputRefused("retention-ground", "请写明依据：法规名称和条款，或本行决定的文号。")
    if months is not None and not 0 <= months <= MOST_MONTHS:
        raise InputRefused("retention-months", f"保存月数应在 0 到 {MOST_MONTHS} 之间。")
    if months is not None and months < one.least_months:
        raise InputRefused(
            "retention-least",
            f"“{one.title}”至少保存 {one.least_months} 个月（{one.least_source}），没有保存。",
        )
    before = rule_of(code)
    row = RetentionRule(
        record_class=code, version=before.version + 1 if before else 1, months=months,
        ground=why[:200], set_by=by, set_at=timezone.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise InputRefused("retention-stale", "别人刚刚改过这一项，请刷新页面核对。") from None
    old = {"months": before.months, "ground": before.ground} if before else {}
    new = {"class": code, "months": months, "ground": row.ground}
    record("retention.set", by=by, change=Change(subject=row, old=old, new=new))
    return row


def cutoff(rule: RetentionRule, now: datetime) -> datetime | None:
    """What ended before this moment has been kept long enough; None: never."""
    if rule.months is None:
        return None
    return beginning_of(months_before(timezone.localdate(now), rule.months))


def kept_until(
    one: RecordClass,
    ended: date,
    now: datetime,
    rules: Mapping[str, RetentionRule] | None = None,
) -> Kept:
    """Until when something of a class that ended on a day has to stay; ``rules`` where those in
    force were read already.
    """
    rule = rule_of(one.code) if rules is None else rules.get(one.code)
    if rule is None:
        return Kept(
            None, f"“{one.title}”的保存期限未设定，不能删除；请先由安全管理员设定。", free=False
        )
    if rule.months is None:
        return Kept(None, f"按{rule.ground}长期保存，不能删除。", free=False)
    until = months_after(ended, rule.months)
    if until >= timezone.localdate(now):
        text = f"仍须保存至{until.year}年{until.month}月{until.day}日（{rule.ground}）。"
        return Kept(until, text, free=False)
    return Kept(until, "保存期限已满，可以删除。", free=True)


def said(months: int | None) -> str:
    """A period in words."""
    if months is None:
        return "长期"
    years, rest = divmod(months, 12)
    parts = [f"{years} 年"] if years else []
    parts += [f"{rest} 个月"] if rest or not years else []
    return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Line:
    """A class on the page of periods; ``due`` and ``held`` are counted when asked for."""

    one: RecordClass
    rule: RetentionRule | None
    period: str
    due: int | None = None
    held: int | None = None


def table(now: datetime, *, count: bool = False) -> list[Line]:
    """All classes with their rules, and, as a dry run, how much would fall due now."""
    rules, found = rules_now(), []
    for code, one in CLASSES.items():
        rule = rules.get(code)
        before = cutoff(rule, now) if rule is not None else None
        due = held = None
        if count and before is not None:
            rows = one.rows(before)
            held = one.held(rows).count()
            due = rows.count() - held
        period = said(rule.months) if rule is not None else UNSET
        found.append(Line(one, rule, period, due, held))
    return found
