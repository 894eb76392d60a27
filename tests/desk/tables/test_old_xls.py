from __future__ import annotations

import struct
from datetime import date, datetime
from pathlib import Path

import pytest
import xlwt

from tests.desk.tables.make import GOOD, GOOD_ROW, TICKETS, TITLES, Cell, remarks, rows_of, said
from wenyou_desk.tables import read_tables

UNSAVED = "公式没有保存计算结果，不能当作 0。请用 Excel 或 WPS 打开、重算并保存，或直接填数值。"
DAY = xlwt.easyxf(num_format_str="yyyy-mm-dd")
MOMENT = xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm")


def old_book(path: Path, *rows: list[Cell], date_1904: bool = False) -> Path:
    workbook = xlwt.Workbook(encoding="utf-8")
    workbook.dates_1904 = date_1904
    workbook.add_sheet("说明").write(0, 0, "先看这里")
    sheet = workbook.add_sheet("投诉")
    for r, row in enumerate([TITLES, *rows]):
        for c, cell in enumerate(row):
            if isinstance(cell, datetime):
                sheet.write(r, c, cell, MOMENT)
            elif isinstance(cell, date):
                sheet.write(r, c, cell, DAY)
            elif cell == "#N/A":
                sheet.row(r).set_cell_error(c, 0x2A)
            elif isinstance(cell, str) and cell.startswith("="):
                sheet.write(r, c, xlwt.Formula(cell[1:]))
            else:
                sheet.write(r, c, cell)
    workbook.save(str(path))
    return path


@pytest.mark.parametrize(
    "happened", ["2025-03-01 09:30", datetime.fromisoformat("2025-03-01 09:30")]
)
def test_an_old_workbook_gives_the_same_rows(tmp_path: Path, happened: Cell) -> None:
    path = old_book(tmp_path / "a.xls", [*GOOD[:2], happened, 600.0, *GOOD[4:]])

    assert rows_of(path) == [GOOD_ROW]


def test_old_days_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls", [*GOOD[:2], 44255.0, *GOOD[3:]], date_1904=True)

    assert rows_of(path)[0][2] == date(2025, 3, 1)


def test_an_old_formula_never_computed_is_refused(tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls", GOOD, [*GOOD[:3], "=500+100", *GOOD[4:]])

    assert said(path) == [f"a.xls 工作表「投诉」 第3行 「金额(元)」列：{UNSAVED}"]


def test_an_old_formula_with_a_saved_value_counts_and_is_listed(tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls", [*GOOD[:3], "=500+100", *GOOD[4:]])
    header = struct.pack("<HH", 1, 3)
    data = path.read_bytes()
    record = data.index(struct.pack("<H", 6), data.index("投诉".encode("utf-16-le")))
    while data[record + 4 : record + 8] != header:
        record = data.index(struct.pack("<H", 6), record + 1)
    value = struct.pack("<d", 600.0)
    path.write_bytes(data[: record + 10] + value + data[record + 18 :])

    loaded = read_tables(path, [TICKETS])

    assert list(loaded.tables[0].rows()) == [GOOD_ROW]
    assert remarks(loaded)[0] == (
        "a.xls 工作表「投诉」 第2行 「金额(元)」列：有 1 格是公式，按保存的计算结果计入。（第2行）"
    )


def test_an_old_error_cell_is_refused_by_name(tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls", [*GOOD[:3], "#N/A", *GOOD[4:]])

    assert said(path) == [
        "a.xls 工作表「投诉」 第2行 「金额(元)」列：单元格是错误值 #N/A。请改正公式或填上实际的值。"
    ]


def test_old_merged_cells_are_refused(tmp_path: Path) -> None:
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("投诉")
    for column, title in enumerate(TITLES):
        if column < 4:
            sheet.write(0, column, title)
    sheet.write_merge(0, 0, 4, 5, "类别")
    workbook.save(str(tmp_path / "a.xls"))

    assert said(tmp_path / "a.xls") == [
        "a.xls 工作表「投诉」 第1行 「E」列：表头有合并单元格（E1:F1）。请取消合并，每列各写一个标题。"
    ]


def test_an_old_encrypted_workbook_is_refused(tmp_path: Path) -> None:
    path = old_book(tmp_path / "a.xls", GOOD)
    data = path.read_bytes()
    # Turn the first record behind the workbook's BOF into FILEPASS, as a password does.
    start = data.index(struct.pack("<HH", 0x0809, 16))
    path.write_bytes(data[: start + 20] + struct.pack("<H", 0x002F) + data[start + 22 :])

    assert said(path) == ["a.xls：文件加了密码，无法读取。请去掉密码后重新保存。"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("EncryptedPackage", "文件加了密码，无法读取。请去掉密码后重新保存。"),
        ("_VBA_PROJECT_CUR", "文件含有宏，不能读入。请另存为不含宏的 .xlsx 工作簿。"),
        ("WordDocument", "内容不是 Excel 工作簿。请用 Excel 或 WPS 另存为 .xlsx。"),
    ],
)
def test_what_an_old_file_holds_is_told_by_its_directory(
    tmp_path: Path, name: str, sentence: str
) -> None:
    path = old_book(tmp_path / "a.xls", GOOD)
    rename_stream(path, name)

    assert said(path) == [f"a.xls：{sentence}"]


def test_an_encrypted_xlsx_is_told_from_an_old_workbook(tmp_path: Path) -> None:
    old = old_book(tmp_path / "a.xlsx", GOOD)
    assert said(old) == [
        "a.xlsx：扩展名是 .xlsx，内容却是 .xls 工作簿。请改正扩展名，或另存为 .xlsx。"
    ]

    rename_stream(old, "EncryptedPackage")
    assert said(old) == ["a.xlsx：文件加了密码，无法读取。请去掉密码后重新保存。"]


@pytest.mark.parametrize("keep", [100, 700, 3000])
def test_a_cut_off_old_workbook_is_refused(tmp_path: Path, keep: int) -> None:
    path = old_book(tmp_path / "a.xls", GOOD)
    path.write_bytes(path.read_bytes()[:keep])

    (line,) = said(path)

    assert line == "a.xls：文件已损坏，无法读取。请用 Excel 或 WPS 重新保存，或重新取得这个文件。"


DIMENSIONS = struct.pack("<HH", 0x0200, 14)
STRINGS = struct.pack("<H", 0x00FC)
ODD = "工作簿内部结构不正常，无法读取。请用 Excel 或 WPS 另存为 .xlsx 再试。"
DAMAGED = "文件已损坏，无法读取。请用 Excel 或 WPS 重新保存，或重新取得这个文件。"


@pytest.mark.parametrize(
    ("record", "offset", "sentence"),
    [(DIMENSIONS, 4, ODD), (DIMENSIONS, 8, ODD), (STRINGS, 8, ODD), (b"\xd0\xcf", 44, DAMAGED)],
    ids=["first-row", "last-row", "strings", "sectors"],
)
def test_counts_that_a_file_cannot_hold_are_refused(
    tmp_path: Path, record: bytes, offset: int, sentence: str
) -> None:
    # calamine would reserve memory for them and end the process when there is none.
    path = old_book(tmp_path / "a.xls", GOOD)
    data = bytearray(path.read_bytes())
    start = data.rindex(record) if record == DIMENSIONS else data.index(record)
    struct.pack_into("<I", data, start + offset, 0xF000_0000)
    path.write_bytes(data)

    assert said(path) == [f"a.xls：{sentence}"]


def rename_stream(path: Path, name: str) -> None:
    data = path.read_bytes()
    entry = data.index("Workbook".encode("utf-16-le"))
    encoded = name.encode("utf-16-le")
    renamed = encoded.ljust(64, b"\0") + struct.pack("<H", len(encoded) + 2)
    path.write_bytes(data[:entry] + renamed + data[entry + 66 :])
