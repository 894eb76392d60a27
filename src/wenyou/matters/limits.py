"""The limits that hold for a unit: its own, those of the nearest unit above, or the product's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files

import yaml

from wenyou.matters.models import LimitSetting
from wenyou.org.models import Unit
from wenyou_core.errors import InputRefused
from wenyou_core.flow.registry import FLOWS, limit_titles
from wenyou_core.flow.windows import Window
from wenyou_core.worktime.ladder import Rung
from wenyou_core.worktime.limits import (
    CountFrom,
    DayEnd,
    Occurrence,
    OutsideHours,
    Shift,
    TimeLimit,
)
from wenyou_core.worktime.limits import Unit as CountUnit
from wenyou_core.worktime.texts import BEIJING

WINDOW, LADDER = "window.", "ladder"
_ENUMS = {
    "unit": CountUnit,
    "occurrence": Occurrence,
    "count_from": CountFrom,
    "shift": Shift,
    "outside_hours": OutsideHours,
}
_NAMES = frozenset(one.name for one in fields(TimeLimit))


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit with the place its number comes from."""

    limit: TimeLimit
    article: str


@dataclass(frozen=True, slots=True)
class Limits:
    """All that is set for a unit on a day."""

    rules: Mapping[str, Rule]
    windows: Mapping[str, Window | None]
    rungs: tuple[Rung, ...]


def limit_from(stored: Mapping[str, object]) -> TimeLimit:
    """A limit from its fields as JSON; raises InputRefused for a field or value that is none."""
    unknown = sorted(set(stored) - _NAMES)
    if unknown:
        raise InputRefused("limit-field", f"时限里有认不出的内容“{unknown[0]}”，请改正。")
    try:
        return TimeLimit(**{name: _value(name, said) for name, said in stored.items()})  # type: ignore[arg-type]
    except (ValueError, TypeError):
        raise InputRefused("limit-value", "时限的单位、数量或截止时间认不出来，请改正。") from None


def _value(name: str, said: object) -> object:
    if name in _ENUMS:
        return _ENUMS[name](str(said))
    if name == "end":
        ends = [one.value for one in DayEnd]
        return DayEnd(said) if said in ends else time.fromisoformat(str(said))
    if name == "on":
        return date.fromisoformat(str(said))
    if name in ("amount", "month_offset") and (isinstance(said, bool) or not isinstance(said, int)):
        raise ValueError(name)
    return said


def limit_at(moment: datetime) -> TimeLimit:
    """A limit that is a moment of its own, to the minute."""
    local = moment.astimezone(BEIJING)
    return TimeLimit(unit=CountUnit.DATE, on=local.date(), end=local.time().replace(microsecond=0))


def limit_on(day: date) -> TimeLimit:
    """A limit that is a day of its own."""
    return TimeLimit(unit=CountUnit.DATE, on=day)


@lru_cache(maxsize=1)
def defaults() -> Limits:
    """The product's own table."""
    text = files("wenyou.matters").joinpath("limits.yaml").read_text(encoding="utf-8")
    table = yaml.safe_load(text)
    rules = {
        name: Rule(limit_from(row["limit"]), row["article"])
        for name, row in table["limits"].items()
    }
    windows = {
        flow: Window(title=FLOWS[flow].title) if said == "open" else None
        for flow, said in table["windows"].items()
    }
    return Limits(rules, windows, tuple(Rung(**row) for row in table["ladder"]))


def unit_line(unit: Unit) -> tuple[int, ...]:
    """The ids from a unit up to the root, nearest first."""
    return tuple(int(part) for part in reversed(unit.path.split("/")) if part)


def limits_for(unit: Unit, day: date) -> Limits:
    """What holds for a unit on a day; one query."""
    rows = LimitSetting.objects.filter(unit__in=unit_line(unit), from_on__lte=day)
    return nearest_limits(unit, rows)


def nearest_limits(unit: Unit, rows: Iterable[LimitSetting]) -> Limits:
    """Of rows in force the nearest unit's and newest of each name, over the product's table."""
    place = {pk: index for index, pk in enumerate(unit_line(unit))}
    ordered = sorted(
        (row for row in rows if row.unit_id in place),
        key=lambda row: (-place[row.unit_id], row.from_on),
    )
    base = defaults()
    rules, windows, rungs = dict(base.rules), dict(base.windows), base.rungs
    for row in ordered:
        if row.name == LADDER:
            rungs = tuple(Rung(**rung) for rung in row.limit)
        elif row.name.startswith(WINDOW):
            windows[row.name.removeprefix(WINDOW)] = window_from(row)
        elif "." in row.name:
            continue  # A setting of another sort that is kept in the same table.
        elif not row.limit:
            rules.pop(row.name, None)  # The unit has said that this clock does not run.
        else:
            rules[row.name] = Rule(limit_from(row.limit), row.article)
    return Limits(rules, windows, rungs)


def window_from(row: LimitSetting) -> Window:
    """A window that a unit has announced."""
    flow = row.name.removeprefix(WINDOW)
    opens, closes = (_moment(row.limit.get(key)) for key in ("opens_at", "closes_at"))
    title = FLOWS[flow].title if flow in FLOWS else flow
    return Window(title=title, opens_at=opens, closes_at=closes, article=row.article)


def _moment(said: object) -> datetime | None:
    return datetime.fromisoformat(str(said)) if said else None


def check_setting(name: str, stored: object) -> None:
    """Raise InputRefused unless a setting of this name can be read back."""
    known = limit_titles()
    if name == LADDER or name.startswith(WINDOW):
        return
    if name not in known:
        raise InputRefused("limit-unknown", f"没有“{name}”这个时限，请从列表中选择。")
    if stored and not isinstance(stored, dict):
        raise InputRefused("limit-value", "时限的内容认不出来，请改正。")
    if isinstance(stored, dict) and stored:
        limit_from(stored)
