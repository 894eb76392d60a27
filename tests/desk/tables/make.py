"""Real files for the tests of tables: workbooks written cell by cell, zips changed by hand."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from wenyou_core.errors import Fault
from wenyou_desk.tables import (
    Choice,
    ColumnSpec,
    Kind,
    Loaded,
    ReadOptions,
    SheetSpec,
    TableFaults,
    Value,
    read_tables,
)


@dataclass(frozen=True)
class Formula:
    """A formula cell with the value the file says it had."""

    text: str
    saved: float | str


Cell = str | int | float | bool | date | datetime | time | Formula | None
Rows = Sequence[Sequence[Cell]]

TICKETS = SheetSpec(
    name="tickets",
    title="投诉",
    aliases=("投诉台账",),
    columns=(
        ColumnSpec(name="ticket", title="工单编号", kind=Kind.CODE, required=True),
        ColumnSpec(
            name="outlet", title="机构号", kind=Kind.CODE, required=True, aliases=("网点号",)
        ),
        ColumnSpec(name="happened", title="受理时间", kind=Kind.DATETIME, required=True),
        ColumnSpec(name="amount", title="金额", kind=Kind.MONEY),
        ColumnSpec(
            name="kind",
            title="类别",
            kind=Kind.CHOICE,
            choices=(Choice("complaint", "投诉", ("客户投诉",)), Choice("opinion", "意见")),
        ),
        ColumnSpec(name="demand", title="诉求"),
    ),
)
TITLES: list[Cell] = ["工单编号", "机构号", "受理时间", "金额(元)", "类别", "诉求"]
GOOD: list[Cell] = ["GD001", "0012", "2025-03-01 09:30", "600", "投诉", "等候太久"]
GOOD_ROW = (
    "GD001",
    "0012",
    datetime.fromisoformat("2025-03-01 09:30"),
    60000,
    "complaint",
    "等候太久",
)


def one(kind: Kind, **more: object) -> SheetSpec:
    """A sheet with a key and one column 「值」 of a kind."""
    column = ColumnSpec(name="value", title="值", kind=kind, **more)  # type: ignore[arg-type]
    key = ColumnSpec(name="key", title="序号", kind=Kind.CODE, required=True)
    return SheetSpec(name="one", title="表", columns=(key, column))


def book(
    path: Path, sheets: Mapping[str, Rows], *, options: Mapping[str, object] | None = None
) -> Path:
    """A workbook of these cells; dates get date formats, as people's sheets have them."""
    workbook = Workbook(str(path), dict(options or {}))
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    clock = workbook.add_format({"num_format": "hh:mm:ss"})
    for name, rows in sheets.items():
        sheet = workbook.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, bool):
                    sheet.write_boolean(r, c, cell)
                elif isinstance(cell, Formula):
                    sheet.write_formula(r, c, cell.text, None, cell.saved)
                elif isinstance(cell, str):
                    sheet.write_string(r, c, cell)
                elif isinstance(cell, (int, float)):
                    sheet.write_number(r, c, cell)
                elif isinstance(cell, datetime):
                    sheet.write_datetime(r, c, cell, moment)
                elif isinstance(cell, (date, time)):
                    sheet.write_datetime(r, c, cell, clock if isinstance(cell, time) else day)
    workbook.close()
    return path


def tickets(path: Path, *rows: Sequence[Cell], titles: Sequence[Cell] = TITLES) -> Path:
    return book(path, {"投诉": [titles, *rows]})


def value_of(tmp_path: Path, cell: Cell, kind: Kind, **more: object) -> Value:
    """What a cell of a real workbook becomes in a column of ``kind``."""
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "值"], ["1", cell]]})
    return read_tables(path, [one(kind, **more)]).tables[0].columns["value"][0]


def refusal_of(tmp_path: Path, cell: Cell, kind: Kind, **more: object) -> str:
    """The sentence, without its place, by which a cell of a real workbook is refused."""
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "值"], ["1", cell]]})
    (fault,) = faults_of(path, one(kind, **more))
    assert str(fault.place) == "a.xlsx 工作表「表」 第2行 「值」列"
    return fault.text


def faults_of(path: Path, *specs: SheetSpec, options: ReadOptions | None = None) -> list[Fault]:
    with pytest.raises(TableFaults) as caught:
        read_tables(path, specs or [TICKETS], options=options)
    return list(caught.value.faults)


def said(path: Path, *specs: SheetSpec, options: ReadOptions | None = None) -> list[str]:
    """All faults of a file as a person reads them."""
    return [str(fault) for fault in faults_of(path, *specs, options=options)]


def remarks(loaded: Loaded) -> list[str]:
    return [str(remark) for remark in loaded.remarks]


def rows_of(path: Path, *specs: SheetSpec) -> list[tuple[Value, ...]]:
    loaded = read_tables(path, specs or [TICKETS])
    return [row for table in loaded.tables for row in table.rows()]


def change_part(path: Path, part: str, change: Callable[[str], str]) -> Path:
    """Rewrite one part inside a workbook."""
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts[part] = change(parts.get(part, b"").decode("utf-8")).encode("utf-8")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in parts.items():
            written.writestr(name, data)
    return path


SHEET1 = "xl/worksheets/sheet1.xml"
