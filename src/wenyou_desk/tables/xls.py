"""Old Excel workbooks (.xls): the record stream is looked through, calamine reads values.

Like .xlsx: calamine shows neither formulas nor error cells, and both must be known.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from wenyou_desk.tables.grid import Cell, Marks
from wenyou_desk.tables.loaded import FileRefused
from wenyou_desk.tables.ole import CompoundFile
from wenyou_desk.tables.spec import ReadOptions
from wenyou_desk.tables.xlsx import MACROS, SheetGrid, calamine_sheets

_FORMULA, _BOOLERR = 0x0006, 0x0205
_FORMULA_OLD = (0x0206, 0x0406)
_FILEPASS, _DATE_1904, _BOUNDSHEET, _BOF, _DIMENSIONS = 0x002F, 0x0022, 0x0085, 0x0809, 0x0200
_STRINGS, _SHORTEST_STRING = 0x00FC, 3
_CELLS = frozenset(
    (_FORMULA, _BOOLERR, 0x0201, 0x0203, 0x0204, 0x00BD, 0x00BE, 0x00D6, 0x00FD, 0x027E)
)
_MAX_ROW, _MAX_COLUMN = 65_536, 256
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BROKEN = "工作簿内部结构不正常，无法读取。请用 Excel 或 WPS 另存为 .xlsx 再试。"
ENCRYPTED = "文件加了密码，无法读取。请去掉密码后重新保存。"


@dataclass(slots=True)
class _SheetMarks:
    formulas: dict[int, list[int]] = field(default_factory=dict)
    unsaved: set[Cell] = field(default_factory=set)
    errors: dict[Cell, str] = field(default_factory=dict)


def open_xls(path: Path, name: str, options: ReadOptions) -> Iterator[SheetGrid]:
    """Sheet names with a function that loads each; raises FileRefused."""
    compound = CompoundFile(path)
    if "EncryptedPackage" in compound.names:
        raise FileRefused("encrypted", ENCRYPTED)
    if {"_VBA_PROJECT_CUR", "_VBA_PROJECT"} & {entry.upper() for entry in compound.names}:
        raise FileRefused("macros", MACROS)
    stream = compound.stream("Workbook") or compound.stream("Book")
    if stream is None:
        text = "内容不是 Excel 工作簿。请用 Excel 或 WPS 另存为 .xlsx。"
        raise FileRefused("other_format", text)
    try:
        sheets, date_1904 = _look_through(stream)
    except (struct.error, IndexError):
        raise FileRefused("broken_ole", _BROKEN) from None
    marks = [Marks(found.formulas, frozenset(found.unsaved), found.errors) for found in sheets]
    return calamine_sheets(path, name, options, marks=marks, date_1904=date_1904)


def _look_through(stream: bytes) -> tuple[list[_SheetMarks], bool]:
    """Formulas and error cells of every sheet, and whether days count from 1904."""
    sheets: dict[int, _SheetMarks] = {}  # by where the sheet begins, in the workbook's order
    date_1904 = False
    current: _SheetMarks | None = None
    for offset, kind, data in _records(stream):
        if kind == _BOF:
            current = sheets.get(offset)
        elif kind == _FILEPASS:
            raise FileRefused("encrypted", ENCRYPTED)
        elif kind == _DATE_1904:
            date_1904 = data[:2] == b"\1\0"
        elif kind == _BOUNDSHEET:
            sheets[struct.unpack_from("<I", data)[0]] = _SheetMarks()
        elif kind == _STRINGS:
            if struct.unpack_from("<I", data, 4)[0] > len(stream) // _SHORTEST_STRING:
                raise FileRefused("broken_ole", _BROKEN)  # a reader would reserve room for them
        elif kind == _DIMENSIONS and len(data) >= 12:
            top, rows, left, columns = struct.unpack_from("<IIHH", data)
            if not (top <= rows <= _MAX_ROW and left <= columns <= _MAX_COLUMN):
                raise FileRefused("broken_ole", _BROKEN)
        elif kind in _CELLS or kind in _FORMULA_OLD:
            _cell(kind, data, current)
    return list(sheets.values()), date_1904


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    offset, end = 0, len(stream) - 4
    while offset <= end:
        kind, length = struct.unpack_from("<HH", stream, offset)
        yield offset, kind, stream[offset + 4 : offset + 4 + length]
        offset += 4 + length


def _cell(kind: int, data: bytes, sheet: _SheetMarks | None) -> None:
    row, column = struct.unpack_from("<HH", data)
    if column >= _MAX_COLUMN:
        raise FileRefused("broken_ole", _BROKEN)
    if sheet is None:
        return
    cell = (row + 1, column)
    if kind == _BOOLERR:
        if data[7]:
            sheet.errors[cell] = _ERRORS.get(data[6], "#ERROR")
    elif kind == _FORMULA or kind in _FORMULA_OLD:
        _formula(cell, data[6:14], sheet)


def _formula(cell: Cell, result: bytes, sheet: _SheetMarks) -> None:
    """The saved result: a double, or a mark in its last two bytes and a kind in the first."""
    if result[6:8] != b"\xff\xff":
        sheet.formulas.setdefault(cell[1], []).append(cell[0])
    elif result[0] == 2:
        sheet.errors[cell] = _ERRORS.get(result[2], "#ERROR")
    elif result[0] == 3:
        sheet.unsaved.add(cell)  # empty: what programs write that compute nothing
    else:
        sheet.formulas.setdefault(cell[1], []).append(cell[0])
