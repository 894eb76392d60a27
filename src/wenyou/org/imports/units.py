"""Rows of the sheet 机构: new units all at once, changes one by one through the services."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat

from wenyou.accounts.scope import scope
from wenyou.org.actions import KEEPERS
from wenyou.org.imports.report import Report, Row, State, without_doubles
from wenyou.org.models import PATH_LENGTH, Unit, UnitArea, UnitKind, UnitLevel, UnitSpell
from wenyou.org.services.closing import Ending, ending_with
from wenyou.org.services.units import (
    change_contact,
    close_unit,
    move_unit,
    reclass_unit,
    rename_unit,
)
from wenyou.org.tree import DEEPEST
from wenyou.org.words import clean_code, clean_text, day_words
from wenyou_core.errors import WenyouError

if TYPE_CHECKING:
    from wenyou.accounts.models import User

WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": dict(UnitKind.choices),
    "level": dict(UnitLevel.choices),
    "area": dict(UnitArea.choices),
}
TITLES = {
    "name": "名称", "short_name": "简称", "kind": "类型", "level": "层级", "area": "地区类别",
    "parent": "上级", "phone": "公示电话", "address": "地址",
}  # fmt: skip


@dataclass
class Units:
    """All units by code, those of the database and the new ones as they come."""

    report: Report
    by: User | None
    effective: date
    known: dict[str, Unit]
    # How each unit is after all that is registered, future changes too.
    last: dict[int, UnitSpell]

    @classmethod
    def loaded(cls, report: Report, by: User | None, effective: date) -> Units:
        """With every unit of the house, in two queries."""
        known = {unit.code.upper(): unit for unit in Unit.objects.select_related("parent")}
        spells = UnitSpell.objects.select_related("parent").order_by("from_on")
        last = {spell.unit_id: spell for spell in spells}
        return cls(report, by, effective, known, last)

    def take(self, rows: list[Row]) -> None:
        """Carry out all rows of the sheet."""
        rows = without_doubles(rows, self.report, "机构号")
        old = [row for row in rows if row.key.upper() in self.known]
        self._open_all([row for row in rows if row.key.upper() not in self.known])
        old.sort(key=lambda row: -self.known[row.key.upper()].depth)
        for row in old:
            self._change(row)

    def find(self, code: str) -> Unit | None:
        """A unit by code, in whatever case."""
        return self.known.get(code.upper())

    def may_keep(self, path: str) -> bool:
        """Whether the importing person keeps the unit of a path."""
        return self.by is None or scope(self.by).covers(path, KEEPERS)

    # -- new units ----------------------------------------------------------------------

    def _open_all(self, rows: list[Row]) -> None:
        """Level by level, so that a parent from the same file has its path first."""
        waiting = {row.key.upper(): row for row in rows}
        while waiting:
            ready = [row for row in waiting.values() if row.text("parent").upper() not in waiting]
            if not ready:
                for row in waiting.values():
                    text = "上级机构互为上下级，成了一圈，请核对上级机构号。"
                    self.report.add(State.WRONG, row, row.text("name"), text, "parent")
                return
            for row in ready:
                del waiting[row.key.upper()]
            self._open_level(ready)

    def _open_level(self, rows: list[Row]) -> None:
        made: list[tuple[Row, Unit]] = []
        for row in rows:
            unit = self._judged(row)
            if unit is not None:
                made.append((row, unit))
        Unit.objects.bulk_create([unit for _, unit in made], batch_size=500)
        for parent in {unit.parent for _, unit in made}:
            above = parent.path if parent else "/"
            path = Concat(Value(above), Cast("pk", CharField()), Value("/"))
            Unit.objects.filter(parent=parent, path="").update(path=path)
        for row, unit in made:
            above = unit.parent.path if unit.parent else "/"
            unit.path = f"{above}{unit.pk}/"
            self.known[unit.code.upper()] = unit
            self.report.add(State.NEW, row, unit.name, f"上级：{unit.parent or '无'}")
        UnitSpell.objects.bulk_create(
            [
                UnitSpell(
                    unit=unit, from_on=unit.opened_on, until_on=unit.closed_on, name=unit.name,
                    short_name=unit.short_name, kind=unit.kind, level=unit.level,
                    area=unit.area, parent=unit.parent, cause=UnitSpell.Cause.OPENED,
                    note="导入",
                )
                for _, unit in made
            ],
            batch_size=500,
        )  # fmt: skip

    def _judged(self, row: Row) -> Unit | None:
        """The new unit of a row, not yet stored; None when something is wrong."""
        parent = self.find(row.text("parent")) if row.text("parent") else None
        try:
            unit = Unit(
                code=clean_code(row.key, "机构号"),
                name=clean_text(row.text("name"), "名称", 120),
                short_name=clean_text(row.text("short_name"), "简称", 40, required=False),
                kind=row["kind"] or UnitKind.BANK,
                level=row["level"] or UnitLevel.OUTLET,
                area=row["area"] or UnitArea.NONE,
                phone=clean_text(row.text("phone"), "公示电话", 40, required=False),
                address=clean_text(row.text("address"), "地址", 200, required=False),
                parent=parent,
                depth=parent.depth + 1 if parent else 0,
                closed_on=row["closed_on"],
            )
        except WenyouError as error:
            self.report.add(State.WRONG, row, row.text("name"), str(error))
            return None
        column, text = self._refused(row, parent)
        if text:
            self.report.add(State.WRONG, row, unit.name, text, column)
            return None
        unit.opened_on = row["opened_on"]
        return unit

    def _refused(self, row: Row, parent: Unit | None) -> tuple[str, str]:
        opened, closed = row["opened_on"], row["closed_on"]
        if opened is None:
            return "opened_on", "这是新机构，请填写开业日期。"
        if closed is not None and closed < opened:
            return "closed_on", "停业日期早于开业日期，请改正。"
        if parent is None:
            if row.text("parent"):
                return "parent", f"没有机构号为 {row['parent']} 的上级机构，请核对或一并导入。"
            if self.by is not None and self.known:
                return "parent", "已经有最上级机构，请填写上级机构号。"
            return "", ""
        if not self.may_keep(parent.path):
            return "parent", f"“{parent}”不在您的管理范围内，不能在它下面设机构。"
        if not parent.open_on(opened):
            return "parent", f"上级机构“{parent}”在{day_words(opened)}没有营业，请核对。"
        if parent.depth >= DEEPEST or len(parent.path) > PATH_LENGTH - 40:
            return "parent", "机构层级太深，请核对上级机构是否填错。"
        return "", ""

    # -- units that are there -----------------------------------------------------------

    def _change(self, row: Row) -> None:
        unit = self.known[row.key.upper()]
        said = self._differing(row, unit)
        closing = row["closed_on"] if row["closed_on"] != unit.closed_on else None
        if row.text("parent") and self.find(row.text("parent")) is None:
            text = f"没有机构号为 {row['parent']} 的上级机构，请核对或一并导入。"
            self.report.add(State.WRONG, row, unit.name, text, "parent")
            return
        if not said and closing is None:
            self.report.add(State.SAME, row, unit.name)
            return
        before = len(self.report.lines)
        ending: Ending | None = None
        with self.report.refusing(row, unit.name):
            self._carry_out(unit, said, row["from_on"] or self.effective)
            ending = ending_with(unit, closing) if closing is not None else None
            if closing is not None and ending is not None:
                # Whoever applies the list agrees to what its dry run has told.
                close_unit(unit, on=closing, by=self.by, note="导入", agreed=ending.digest)
        if len(self.report.lines) == before:
            told = [
                f"{TITLES[name]}：{old or '空'} → {new}" for name, (old, new, _) in said.items()
            ]
            if closing is not None:
                told.append(f"停业：{day_words(closing)}")
            seal = ""
            if ending is not None and ending.anything:
                told.append(ending.words)
                seal = ending.digest
            self.report.add(State.CHANGED, row, unit.name, "；".join(told), seal=seal)

    def _differing(self, row: Row, unit: Unit) -> dict[str, tuple[str, str, Any]]:
        """What the row says otherwise than the unit: old and new in words, and the value."""
        last = self.last.get(unit.pk, unit)
        found: dict[str, tuple[str, str, Any]] = {}
        for name in ("name", "short_name", "kind", "level", "area"):
            value = row[name]
            if value is not None and value != getattr(last, name):
                words = WORDS.get(name, {})
                old = getattr(last, name)
                found[name] = (words.get(old, old), words.get(value, value), value)
        for name in ("phone", "address"):
            if row[name] is not None and row[name] != getattr(unit, name):
                found[name] = (getattr(unit, name), row[name], row[name])
        parent = self.find(row.text("parent")) if row.text("parent") else None
        if parent is not None and parent.pk != last.parent_id:
            found["parent"] = (str(last.parent or ""), str(parent), parent)
        return found

    def _carry_out(self, unit: Unit, said: dict[str, tuple[str, str, Any]], on: date) -> None:
        values = {name: value for name, (_, _, value) in said.items()}
        by, note = self.by, "导入"
        if {"name", "short_name"} & values.keys():
            name = values.get("name", unit.name)
            short = values.get("short_name", unit.short_name)
            rename_unit(unit, name=name, short_name=short, on=on, by=by, note=note)
        if "parent" in values:
            move_unit(unit, parent=values["parent"], on=on, by=by, note=note)
        classes = {name: values[name] for name in ("level", "area", "kind") if name in values}
        if classes:
            reclass_unit(unit, on=on, by=by, note=note, **classes)
        if {"phone", "address"} & values.keys():
            phone = values.get("phone", unit.phone)
            address = values.get("address", unit.address)
            change_contact(unit, phone=phone, address=address, by=by)
