from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from tests.desk.tables.make import GOOD_ROW, TICKETS, one, rows_of
from wenyou_core.errors import InputRefused
from wenyou_desk.tables import (
    Kind,
    OutSheet,
    SheetSpec,
    Value,
    read_tables,
    sheet_name,
    write_csv,
    write_workbook,
)

COMPUTING = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "'=1",
    "''=1",
    "\uff1d1",
    "https://example.com/",
]


def write_one(path: Path, kind: Kind, *values: Value, **more: object) -> SheetSpec:
    spec = one(kind, **more)
    rows = [(str(number), value) for number, value in enumerate(values)]
    write_workbook(path, [OutSheet(spec=spec, rows=rows)])
    return spec


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.CODE])
def test_text_that_would_compute_is_written_as_text(tmp_path: Path, kind: Kind) -> None:
    texts = COMPUTING if kind is Kind.TEXT else ["=1", "-1", "+1", "@a"]
    spec = write_one(tmp_path / "a.xlsx", kind, *texts)

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["表"]
    cells = [sheet.cell(row, 2) for row in range(2, len(texts) + 2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.quotePrefix for cell in cells] == [text[0] in "=+-@\uff1d" for text in texts]
    assert [row[1] for row in rows_of(tmp_path / "a.xlsx", spec)] == texts


def test_csv_text_that_would_compute_gets_a_sign_that_reading_takes_off(tmp_path: Path) -> None:
    spec = one(Kind.TEXT)
    rows = [(str(number), text) for number, text in enumerate(COMPUTING)]

    write_csv(tmp_path / "表.csv", spec, rows)

    lines = (tmp_path / "表.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    assert lines[1:6] == ["0,'=1+1", "1,'+1", "2,'-1", "3,'@SUM(A1)", "4,'=cmd|' /C calc'!A0"]
    assert lines[6:10] == ["5,''=1", "6,'''=1", "7,'\uff1d1", "8,https://example.com/"]
    assert rows_of(tmp_path / "表.csv", spec) == rows


def test_csv_is_utf8_with_bom_and_numbers_stay_numbers(tmp_path: Path) -> None:
    write_csv(
        tmp_path / "投诉.csv", TICKETS, [GOOD_ROW, ("GD002", "1", date(2025, 3, 2), -5, None, None)]
    )

    assert (tmp_path / "投诉.csv").read_bytes() == (
        b"\xef\xbb\xbf"
        + "工单编号,机构号,受理时间,金额(元),类别,诉求\r\n"
        "GD001,0012,2025-03-01 09:30:00,600.00,投诉,等候太久\r\n"
        "GD002,1,2025-03-02,-0.05,,\r\n".encode()
    )


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, [OutSheet(spec=TICKETS, rows=[GOOD_ROW])])

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_cells_carry_real_dates_and_numbers(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", [OutSheet(spec=TICKETS, rows=[GOOD_ROW])])

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["投诉"]
    cells = [(cell.value, cell.number_format) for cell in sheet[2]]
    assert cells == [
        ("GD001", "@"),
        ("0012", "@"),
        (datetime.fromisoformat("2025-03-01 09:30"), "yyyy-mm-dd hh:mm:ss"),
        (600, "#,##0.00"),
        ("投诉", "@"),
        ("等候太久", "@"),
    ]


def test_pages_are_set_up_for_reading_and_printing(tmp_path: Path) -> None:
    out = OutSheet(
        spec=TICKETS, rows=[GOOD_ROW] * 3, name="明细", heading=("一季度投诉", "单位:元")
    )
    write_workbook(tmp_path / "a.xlsx", [out])

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["明细"]
    assert sheet["A1"].value == "一季度投诉"
    assert sheet["D3"].value == "金额(元)"
    assert sheet.freeze_panes == "A4"
    assert sheet.auto_filter.ref == "A3:F6"
    assert sheet.print_title_rows == "$3:$3"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert sheet.column_dimensions["C"].width > 19


def test_headings_do_not_hinder_reading_back(tmp_path: Path) -> None:
    out = OutSheet(spec=TICKETS, rows=[GOOD_ROW], heading=("一季度投诉",))
    write_workbook(tmp_path / "a.xlsx", [out])

    assert rows_of(tmp_path / "a.xlsx") == [GOOD_ROW]


def test_an_existing_file_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    with pytest.raises(InputRefused) as caught:
        write_workbook(path, [OutSheet(spec=TICKETS, rows=[GOOD_ROW])])
    assert str(caught.value) == (
        "「a.xlsx」已经存在，没有覆盖。请换一个文件名，或先移走原来的文件。"
    )
    assert path.read_bytes() == b"old"

    write_workbook(path, [OutSheet(spec=TICKETS, rows=[GOOD_ROW])], overwrite=True)
    assert rows_of(path) == [GOOD_ROW]


def test_a_failure_while_writing_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"old")

    with pytest.raises(TypeError):
        write_workbook(
            path, [OutSheet(spec=one(Kind.MONEY), rows=[("1", Decimal("6.5"))])], overwrite=True
        )

    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="文件夹「没有」不存在，无法写入"):
        write_csv(tmp_path / "没有" / "a.csv", TICKETS, [])


def test_a_text_too_long_for_a_cell_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused) as caught:
        write_one(tmp_path / "a.xlsx", Kind.TEXT, "长" * 32768)

    assert str(caught.value) == (
        "「值」第2行的文字有 32768 个字符，超过 Excel 一格的上限 32767。请缩短，或改存 CSV。"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.MONEY, True),
        (Kind.INT, "3"),
        (Kind.TEXT, 3),
        (Kind.DATE, "2025-03-01"),
        (Kind.BOOL, "是"),
    ],
)
def test_a_value_of_another_kind_is_a_mistake_of_the_program(
    tmp_path: Path, kind: Kind, value: Value
) -> None:
    with pytest.raises(TypeError):
        write_one(tmp_path / "a.xlsx", kind, value)


def test_numbers_longer_than_excel_keeps_are_written_as_text(tmp_path: Path) -> None:
    values: list[Value] = [1234567890123456789, -1234567890123456789]
    spec = write_one(tmp_path / "a.xlsx", Kind.INT, *values)

    assert [row[1] for row in rows_of(tmp_path / "a.xlsx", spec)] == values


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.DATE, date(1911, 10, 10)),
        (Kind.DATETIME, datetime.fromisoformat("2025-03-01 09:30:00.000005")),
        (Kind.TIME, time(9, 30, 0, 5)),
    ],
)
def test_moments_that_excel_cannot_count_are_written_as_text(
    tmp_path: Path, kind: Kind, value: Value
) -> None:
    spec = write_one(tmp_path / "a.xlsx", kind, value)

    assert [row[1] for row in rows_of(tmp_path / "a.xlsx", spec)] == [value]


def test_sheet_names_are_made_to_fit(tmp_path: Path) -> None:
    assert sheet_name("甲/乙:丙[1]?*") == "甲 乙 丙 1"
    assert sheet_name("长" * 40) == "长" * 31
    assert sheet_name("投诉", ["投诉", "投诉(2)"]) == "投诉(3)"
    assert sheet_name("长" * 40, ["长" * 31]) == "长" * 28 + "(2)"
    assert sheet_name("//") == "表"

    sheets = [OutSheet(spec=TICKETS, rows=[GOOD_ROW]) for _ in range(2)]
    write_workbook(tmp_path / "a.xlsx", sheets)
    loaded = read_tables(tmp_path / "a.xlsx", [TICKETS])
    assert [table.sheet for table in loaded.tables] == ["投诉", "投诉(2)"]


def test_progress_is_told_while_writing(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    rows = (GOOD_ROW for _ in range(20_001))

    write_workbook(
        tmp_path / "a.xlsx",
        [OutSheet(spec=TICKETS, rows=rows)],
        progress=lambda name, count: told.append((name, count)),
    )

    assert told == [("投诉", 20_000)]
    assert zipfile.is_zipfile(tmp_path / "a.xlsx")
