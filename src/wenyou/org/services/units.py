"""Open, rename, move, class, merge and close units, each with effect from a day.

A change dated in the future is kept as a spell and becomes current by ``refresh_units``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wenyou.accounts.scope import scope
from wenyou.audit.services import Change, record
from wenyou.org.actions import KEEPERS, keeper
from wenyou.org.hooks import what_hangs_on
from wenyou.org.models import Posting, Unit, UnitArea, UnitKind, UnitLevel, UnitSpell
from wenyou.org.services.closing import end_along, ending_with, hanging_people, merge_roles
from wenyou.org.services.posts import hand_over
from wenyou.org.tree import LOOKS, children_after, hold_tree, place_unit, refuse_circle, show
from wenyou.org.words import clean_code, clean_text, day_words, listed
from wenyou_core.errors import InputRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wenyou.accounts.models import User

ONE_DAY = timedelta(days=1)
Cause = UnitSpell.Cause
DOING = "调整机构"
PAIR = 2  # a spell and the one before it


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUnit:
    """What is said of a unit when it opens."""

    code: str
    name: str
    opened_on: date
    parent: Unit | None = None
    short_name: str = ""
    kind: str = UnitKind.BANK
    level: str = UnitLevel.OUTLET
    area: str = UnitArea.NONE
    phone: str = ""
    address: str = ""
    note: str = ""


@transaction.atomic
def open_unit(new: NewUnit, *, by: User | None) -> Unit:
    """Open a unit. Refuses a code that exists, a parent that is closed by then, a second root."""
    hold_tree()
    parent = _fresh(new.parent) if new.parent else None
    keeper(by, parent.path if parent else "/", DOING)
    code = clean_code(new.code, "机构号")
    if Unit.objects.filter(code__upper=code.upper()).exists():
        raise InputRefused("unit-code-twice", f"机构号 {code} 已经有了，请核对；编号不能重复使用。")
    if parent is not None:
        _refuse_closed(parent, new.opened_on, "上级机构")
    elif by is not None and Unit.objects.filter(parent=None).exists():
        raise InputRefused("unit-second-root", "已经有最上级机构，新机构请选择它的上级机构。")
    looks = _looks(new.name, new.short_name, new.kind, new.level, new.area)
    unit = Unit(code=code, opened_on=new.opened_on, **looks)
    unit.phone = clean_text(new.phone, "公示电话", 40, required=False)
    unit.address = clean_text(new.address, "地址", 200, required=False)
    unit.save()
    place_unit(unit, parent)
    note = clean_text(new.note, "说明", 200, required=False)
    UnitSpell.objects.create(
        unit=unit, from_on=new.opened_on, parent=parent, cause=Cause.OPENED, note=note, **looks
    )
    said = {**looks, "code": code, "opened_on": new.opened_on, "parent": _code(parent)}
    record("org.unit.open", by=by, change=Change(subject=unit, unit=unit, new=said, note=note))
    return unit


def rename_unit(
    unit: Unit, *, name: str, on: date, by: User | None, short_name: str = "", note: str = ""
) -> UnitSpell:
    """Give a unit another name from a day on."""
    looks: dict[str, object] = {
        "name": clean_text(name, "名称", 120),
        "short_name": clean_text(short_name, "简称", 40, required=False),
    }
    return _change(unit, looks, on=on, by=by, act=_Act("org.unit.rename", Cause.RENAMED, note))


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, on: date, by: User | None, note: str = "") -> UnitSpell:
    """Put a unit under another one from a day on; who moves it must keep both."""
    hold_tree()
    parent = _fresh(parent)
    keeper(by, parent.path, DOING)
    _refuse_closed(parent, on, "新的上级机构")
    refuse_circle(unit, parent, on)
    act = _Act("org.unit.move", Cause.MOVED, note)
    return _change(unit, {"parent": parent}, on=on, by=by, act=act)


def reclass_unit(
    unit: Unit,
    *,
    on: date,
    by: User | None,
    level: str | None = None,
    area: str | None = None,
    kind: str | None = None,
    note: str = "",
) -> UnitSpell:
    """Change level, class or kind of a unit from a day on; None leaves it."""
    said: dict[str, object] = {}
    for name, value, words in (
        ("level", level, UnitLevel),
        ("area", area, UnitArea),
        ("kind", kind, UnitKind),
    ):
        if value is not None:
            said[name] = _word(value, words.values, name)
    return _change(unit, said, on=on, by=by, act=_Act("org.unit.reclass", Cause.RECLASSED, note))


@transaction.atomic
def change_contact(unit: Unit, *, phone: str, address: str, by: User | None) -> Unit:
    """Change the published telephone and the address."""
    unit = _fresh(unit)
    keeper(by, unit.path, DOING)
    old = {"phone": unit.phone, "address": unit.address}
    unit.phone = clean_text(phone, "公示电话", 40, required=False)
    unit.address = clean_text(address, "地址", 200, required=False)
    unit.save(update_fields=["phone", "address"])
    new = {"phone": unit.phone, "address": unit.address}
    change = Change(subject=unit, unit=unit, old=old, new=new, public=frozenset(new))
    record("org.unit.contact", by=by, change=change)
    return unit


@transaction.atomic
def take_back(unit: Unit, *, change: int, by: User | None) -> UnitSpell:
    """Take back a change that has not begun, the last one of a unit: what was before it goes on.

    ``change`` is the spell that somebody saw. Who takes a move back must keep both units above, as
    who moves. Returns what goes on.
    """
    hold_tree()
    unit = _fresh(unit)
    keeper(by, unit.path, DOING)
    last, *earlier = unit.spells.select_related("parent").order_by("-from_on")[:2]
    if last.pk != change or not earlier or last.from_on <= timezone.localdate():
        raise InputRefused(
            "unit-begun",
            f"“{unit}”的这次变动已经生效、已经撤回，或在它之后还登记了别的变动，不能撤回。"
            "请刷新页面核对；已经生效的，请登记新的变动。",
        )
    if unit.closed_on is not None:
        text = f"“{unit}”已登记自{day_words(unit.closed_on)}后停业，不能再作变动。"
        raise InputRefused("unit-closed", text)
    before, on = earlier[0], last.from_on
    if before.parent is not None and (left := _left_above(last, before)):
        keeper(by, left, DOING)
        _refuse_closed(before.parent, on, "原来的上级机构")
        refuse_circle(unit, before.parent, on)
    names = (*LOOKS, "parent")
    old = {one: _plain(getattr(last, one)) for one in names} | {"from_on": on}
    new = {one: _plain(getattr(before, one)) for one in names}
    differing = {one for one in names if old[one] != new[one]}
    before.until_on = last.until_on
    last.delete()
    before.save(update_fields=["until_on"])
    change_made = Change(
        subject=unit, unit=unit,
        old={name: value for name, value in old.items() if name in differing | {"from_on"}},
        new={name: value for name, value in new.items() if name in differing},
    )  # fmt: skip
    record("org.unit.take_back", by=by, change=change_made)
    return before


def to_take_back(unit: Unit, spells: Sequence[UnitSpell], *, by: User) -> UnitSpell | None:
    """The change that ``take_back`` would take back for somebody; ``spells`` newest first."""
    if len(spells) < PAIR or unit.closed_on or not scope(by).covers(unit.path, KEEPERS):
        return None
    last, before = spells[:PAIR]
    if last.from_on <= timezone.localdate():
        return None
    left = _left_above(last, before)
    return last if not left or scope(by).covers(left, KEEPERS) else None


def _left_above(last: UnitSpell, before: UnitSpell) -> str:
    """The path of the unit above that going back leaves; empty where it stays above."""
    if before.parent is None or before.parent_id == last.parent_id:
        return ""
    return last.parent.path if last.parent else "/"


@transaction.atomic
def close_unit(unit: Unit, *, on: date, by: User | None, note: str = "", agreed: str = "") -> Unit:
    """Close a unit after ``on``, its last day: the roles held for it end on that day, and so do
    the posts there where somebody has ``agreed`` to them (the digest of ``ending_with``).

    Refuses while units, people or open matters hang on it, and says which.
    """
    hold_tree()
    unit = _fresh(unit)
    keeper(by, unit.path, DOING)
    _refuse_change(unit, on)
    hanging = [f"下级机构：{listed([str(one) for one in children_after(unit, on)])}"]
    if hanging == ["下级机构："]:
        hanging = []
    ending = ending_with(unit, on)
    hanging += hanging_people(ending, agreed)
    _refuse_hanging(unit, [*hanging, *what_hangs_on(unit, on)], "停业")
    ended = end_along(unit, ending, on, by=by)
    _end(unit, on, None)
    new = {"closed_on": on, **ended}
    record("org.unit.close", by=by, change=Change(subject=unit, unit=unit, new=new, note=note))
    return unit


@transaction.atomic
def merge_unit(unit: Unit, *, into: Unit, on: date, by: User | None, note: str = "") -> Unit:
    """Merge a unit into another from a day on: it closes the day before, its people and the
    units beneath go over on that day. Refuses while open matters hang on it.
    """
    hold_tree()
    unit, into, last = _fresh(unit), _fresh(into), on - ONE_DAY
    keeper(by, unit.path, DOING)
    keeper(by, into.path, DOING)
    if unit.pk == into.pk or into.path.startswith(unit.path):
        raise InputRefused("unit-merge-self", "不能并入自己或自己的下级机构，请另选机构。")
    _refuse_closed(into, on, "并入的机构")
    _refuse_change(unit, last)
    _refuse_hanging(unit, what_hangs_on(unit, last), "并入其他机构")
    children = [one.code for one in children_after(unit, last)]
    for child in children_after(unit, last):
        move_unit(child, parent=into, on=on, by=by, note=f"随{unit.name}并入")
    people = _staying(unit, last)
    for posting in people:
        hand_over(posting, into, on, by=by, note=f"{unit.name}并入")
    roles = merge_roles(unit, into, on, by=by)
    _end(unit, last, into)
    new = {
        "closed_on": last, "merged_into": into.code, "units": children,
        "people": [row.employee.number for row in people], **roles,
    }  # fmt: skip
    record("org.unit.merge", by=by, change=Change(subject=unit, unit=unit, new=new, note=note))
    return unit


# -- shared -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Act:
    action: str
    cause: str
    note: str


@transaction.atomic
def _change(
    unit: Unit, said: dict[str, object], *, on: date, by: User | None, act: _Act
) -> UnitSpell:
    hold_tree()
    unit = _fresh(unit)
    keeper(by, unit.path, DOING)
    last = _refuse_change(unit, on)
    said = {name: value for name, value in said.items() if getattr(last, name) != value}
    if not said:
        raise InputRefused("unit-same", f"“{unit}”现在就是这样，没有要改的内容。")
    note = clean_text(act.note, "说明", 200, required=False)
    old = {name: _plain(getattr(last, name)) for name in said}
    same = {name: getattr(last, name) for name in (*LOOKS, "parent")}
    if last.from_on == on:
        for name, value in said.items():
            setattr(last, name, value)
        last.save()
        spell = last
    else:
        until, last.until_on = last.until_on, on - ONE_DAY
        last.save(update_fields=["until_on"])
        values = {**same, **said, "cause": act.cause, "note": note}
        spell = UnitSpell.objects.create(unit=unit, from_on=on, until_on=until, **values)
    if on <= timezone.localdate():
        show(unit, spell)
    new = {**{name: _plain(value) for name, value in said.items()}, "from_on": on}
    change = Change(subject=unit, unit=unit, old=old, new=new, note=note)
    record(act.action, by=by, change=change)
    return spell


def _fresh(unit: Unit) -> Unit:
    return Unit.objects.select_for_update().get(pk=unit.pk)


def _refuse_change(unit: Unit, on: date) -> UnitSpell:
    """The spell a change would follow; refuses a closed unit and a day before that spell."""
    last = unit.spells.select_related("parent").order_by("-from_on")[0]
    if unit.closed_on is not None:
        raise InputRefused(
            "unit-closed",
            f"“{unit}”已登记自{day_words(unit.closed_on)}后停业，不能再作变动。",
        )
    if on < last.from_on:
        raise InputRefused(
            "unit-before-last",
            f"“{unit}”最近一次变动登记在{day_words(last.from_on)}，"
            f"新的变动不能早于这一天，现在填的是{day_words(on)}。请改日期。",
        )
    return last


def _refuse_closed(unit: Unit, on: date, what: str) -> None:
    if on < unit.opened_on:
        raise InputRefused(
            "unit-not-open", f"{what}“{unit}”{day_words(unit.opened_on)}才开业，请改日期。"
        )
    if unit.closed_on is not None:
        text = f"{what}“{unit}”已登记于{day_words(unit.closed_on)}停业，请另选机构。"
        raise InputRefused("unit-parent-closed", text)


def _refuse_hanging(unit: Unit, hanging: list[str], doing: str) -> None:
    if hanging:
        raise InputRefused(
            "unit-not-empty",
            f"“{unit}”还不能{doing}，请先调走或办结：{'；'.join(hanging)}。",
        )


def _staying(unit: Unit, day: date) -> list[Posting]:
    rows = unit.postings.select_related("employee").order_by("pk")
    return [row for row in rows if row.until_on is None or row.until_on > day]


def _end(unit: Unit, last_day: date, into: Unit | None) -> None:
    unit.closed_on, unit.merged_into = last_day, into
    unit.save(update_fields=["closed_on", "merged_into"])
    unit.spells.filter(until_on=None).update(until_on=last_day)


def _looks(name: str, short_name: str, kind: str, level: str, area: str) -> dict[str, str]:
    return {
        "name": clean_text(name, "名称", 120),
        "short_name": clean_text(short_name, "简称", 40, required=False),
        "kind": _word(kind, UnitKind.values, "kind"),
        "level": _word(level, UnitLevel.values, "level"),
        "area": _word(area, UnitArea.values, "area"),
    }


def _word(value: str, words: list[str], name: str) -> str:
    if value not in words:
        title = {"kind": "类型", "level": "层级", "area": "地区类别"}[name]
        raise InputRefused("unit-word", f"没有“{value[:20]}”这种{title}，请从列表中选择。")
    return value


def _plain(value: object) -> object:
    return value.code if isinstance(value, Unit) else value


def _code(unit: Unit | None) -> str:
    return unit.code if unit is not None else ""
