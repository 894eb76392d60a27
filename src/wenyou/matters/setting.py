"""What a unit sets for itself and those beneath: time limits, windows, standing duties."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from wenyou.accounts.models import User
from wenyou.accounts.scope import require
from wenyou.audit.actions import register_actions
from wenyou.audit.services import Change, record
from wenyou.matters.anew import ask_anew
from wenyou.matters.duties import PREFIX, Every, rule_from
from wenyou.matters.limits import (
    WINDOW,
    check_setting,
    defaults,
    limits_for,
    unit_line,
    window_from,
)
from wenyou.matters.models import LimitSetting
from wenyou.org.models import Unit, UnitLevel
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import OFFICE
from wenyou_core.flow.windows import Window
from wenyou_core.worktime.limits import TimeLimit, describe

register_actions(
    {"limit.set": "设定时限", "window.set": "设定办理窗口", "duty.set": "设定日常职责"}
)
WINDOWS = tuple(defaults().windows)


@dataclass(frozen=True, slots=True)
class ShownLimit:
    """A limit as it holds for a unit, and whose it is."""

    flow: str
    name: str
    title: str
    text: str
    article: str
    set_by: str


@dataclass(frozen=True, slots=True)
class ShownWindow:
    """A window as it holds for a unit."""

    flow: str
    title: str
    window: Window | None


def shown_limits(unit: Unit, day: date) -> list[ShownLimit]:
    """Every clock of every kind with the limit in force; those not set say so."""
    rules = limits_for(unit, day).rules
    owners = _owners(unit, day)
    found, seen = [], set()
    for flow in FLOWS.values():
        for clock in flow.clocks:
            if clock.name in seen:
                continue
            seen.add(clock.name)
            rule = rules.get(clock.name)
            text = describe(rule.limit) if rule is not None else "不计时"
            found.append(
                ShownLimit(
                    flow.title,
                    clock.name,
                    clock.title,
                    told(text, clock.since),
                    rule.article if rule is not None else "",
                    owners.get(clock.name, "产品默认"),
                )
            )
    return found


def told(text: str, since: str) -> str:
    """A limit of a clock that moves start counts from that move, whatever its own start says."""
    return text.replace("知悉后", f"{since}后", 1) if since else text


def _owners(unit: Unit, day: date) -> dict[str, str]:
    line = unit_line(unit)
    rows = LimitSetting.objects.filter(unit__in=line, from_on__lte=day).select_related("unit")
    ordered = sorted(rows, key=lambda row: (-line.index(row.unit_id), row.from_on))
    return {row.name: str(row.unit) for row in ordered}


def shown_windows(unit: Unit, day: date) -> list[ShownWindow]:
    """The windows of handing in."""
    windows = limits_for(unit, day).windows
    return [ShownWindow(name, FLOWS[name].title, windows.get(name)) for name in WINDOWS]


@transaction.atomic
def set_limit(
    unit: Unit, name: str, limit: Mapping[str, Any], *, article: str, from_on: date, by: User
) -> LimitSetting:
    """Set a limit from a day on; no fields: the clock does not run.

    It holds for matters registered from that day on; those there are already are computed again.
    Raises NotAllowed, InputRefused.
    """
    require(by, unit.path, *OFFICE, doing="设定时限")
    check_setting(name, dict(limit))
    if limit and not article.strip():
        raise InputRefused("limit-article", "时限须写明依据的条款或文件，请补上。")
    row = _save(unit, name, dict(limit), article=article, from_on=from_on, by=by)
    new = {"name": name, "limit": dict(limit), "from_on": from_on}
    change = Change(subject=unit, unit=unit, new=new, article=article[:60])
    record("limit.set", by=by, change=change)
    ask_anew(unit, from_on, by)
    return row


@transaction.atomic
def set_window(
    unit: Unit,
    flow: str,
    *,
    opens_at: datetime | None,
    closes_at: datetime | None,
    article: str,
    from_on: date,
    by: User,
) -> LimitSetting:
    """Announce from when to when something may be handed in. Raises NotAllowed, InputRefused."""
    require(by, unit.path, *OFFICE, doing="设定办理窗口")
    if flow not in WINDOWS:
        raise InputRefused("window-unknown", "没有这种办理窗口，请从列表中选择。")
    said = {
        "opens_at": opens_at.isoformat() if opens_at else "",
        "closes_at": closes_at.isoformat() if closes_at else "",
    }
    row = LimitSetting(unit=unit, name=WINDOW + flow, limit=said, article=article[:60])
    window_from(row)
    row = _save(unit, row.name, said, article=article, from_on=from_on, by=by)
    record(
        "window.set",
        by=by,
        change=Change(subject=unit, unit=unit, new={"flow": flow, **said}, article=article[:60]),
    )
    return row


@transaction.atomic
def set_duty(
    unit: Unit,
    *,
    title: str,
    every: Every,
    levels: Iterable[str],
    article: str,
    from_on: date,
    by: User,
    code: str = "",
) -> LimitSetting:
    """Set a standing duty for the units beneath; an empty title ends the duty of ``code``."""
    require(by, unit.path, *OFFICE, doing="设定日常职责")
    named = [one for one in levels if one in UnitLevel.values]
    said: dict[str, Any] = {"title": title.strip()[:80], "every": every.value, "levels": named}
    if not title.strip():
        said = {}
    elif not named:
        raise InputRefused("duty-levels", "请选择职责适用于哪些层级的机构。")
    name = f"{PREFIX}{code or secrets.token_hex(4)}"
    row = _save(unit, name, said, article=article, from_on=from_on, by=by)
    if said:
        rule_from(row)
    record(
        "duty.set", by=by, change=Change(subject=unit, unit=unit, new=said, article=article[:60])
    )
    return row


def _save(
    unit: Unit, name: str, said: dict[str, Any], *, article: str, from_on: date, by: User
) -> LimitSetting:
    row, _ = LimitSetting.objects.update_or_create(
        unit=unit,
        name=name,
        from_on=from_on,
        defaults={"limit": said, "article": article.strip()[:60], "set_by": by},
    )
    return row


def limit_now(unit: Unit, name: str, day: date) -> TimeLimit | None:
    """The limit of a clock in force for a unit."""
    rule = limits_for(unit, day).rules.get(name)
    return rule.limit if rule is not None else None
