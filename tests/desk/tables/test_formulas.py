from __future__ import annotations

from pathlib import Path

from tests.desk.tables.make import (
    GOOD,
    GOOD_ROW,
    SHEET1,
    TICKETS,
    TITLES,
    Cell,
    Formula,
    book,
    change_part,
    faults_of,
    remarks,
    rows_of,
    said,
    tickets,
)
from wenyou_desk.tables import read_tables

UNSAVED = "公式没有保存计算结果，不能当作 0。请用 Excel 或 WPS 打开、重算并保存，或直接填数值。"


def with_amount(amount: Cell) -> list[Cell]:
    return [*GOOD[:3], amount, *GOOD[4:]]


def test_a_saved_formula_counts_and_is_listed(tmp_path: Path) -> None:
    formula = Formula("=500+100", 600)
    path = tickets(tmp_path / "a.xlsx", *[with_amount(formula)] * 3, GOOD, with_amount(formula))

    loaded = read_tables(path, [TICKETS])

    assert list(loaded.tables[0].rows()) == [GOOD_ROW] * 5
    assert remarks(loaded) == [
        "a.xlsx 工作表「投诉」 第2行 「金额(元)」列：有 4 格是公式，按保存的计算结果计入。"
        "（第2至4行、第6行）"
    ]


def test_a_formula_never_computed_is_refused_not_read_as_zero(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", GOOD, with_amount(Formula("=500+100", 600)))
    change_part(path, SHEET1, lambda xml: xml.replace("</f><v>600</v>", "</f><v></v>"))

    assert said(path) == [f"a.xlsx 工作表「投诉」 第3行 「金额(元)」列：{UNSAVED}"]


def test_a_zero_awaiting_recalculation_is_refused(tmp_path: Path) -> None:
    # What programs write that put formulas in and compute nothing.
    path = tickets(tmp_path / "a.xlsx", with_amount(Formula("=500+100", 0)))

    assert said(path) == [f"a.xlsx 工作表「投诉」 第2行 「金额(元)」列：{UNSAVED}"]


def test_a_computed_zero_counts(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", with_amount(Formula("=500-500", 0)))
    change_part(path, "xl/workbook.xml", lambda xml: xml.replace(' fullCalcOnLoad="1"', ""))

    assert rows_of(path) == [(*GOOD_ROW[:3], 0, *GOOD_ROW[4:])]


def test_a_formula_that_gave_an_empty_text_is_a_blank(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", with_amount(Formula('=IF(1,"","x")', "")))
    change_part(
        path,
        SHEET1,
        lambda xml: xml.replace('<c r="D2"><f>', '<c r="D2" t="str"><f>').replace(
            "</f><v>0</v>", "</f><v></v>"
        ),
    )

    assert rows_of(path) == [(*GOOD_ROW[:3], None, *GOOD_ROW[4:])]


def test_error_cells_are_refused_by_name(tmp_path: Path) -> None:
    path = tickets(
        tmp_path / "a.xlsx",
        with_amount(Formula("=NA()", "#N/A")),
        [Formula("=A9", "#REF!"), *GOOD[1:]],
    )

    assert said(path) == [
        "a.xlsx 工作表「投诉」 第2行 「金额(元)」列："
        "单元格是错误值 #N/A。请改正公式或填上实际的值。",
        "a.xlsx 工作表「投诉」 第3行 「工单编号」列："
        "单元格是错误值 #REF!。请改正公式或填上实际的值。",
    ]


def test_formulas_outside_the_columns_do_not_matter(tmp_path: Path) -> None:
    titles: list[Cell] = [*TITLES, "小计"]
    path = tickets(tmp_path / "a.xlsx", [*GOOD, Formula("=D2", 0)], titles=titles)

    loaded = read_tables(path, [TICKETS])

    assert [remark.code for remark in loaded.remarks] == ["unknown_column"]


def test_formulas_in_a_total_row_do_not_matter(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", GOOD, ["合计", "", "", Formula("=SUM(D2:D2)", 0)])

    assert rows_of(path) == [GOOD_ROW]


def test_formulas_are_seen_in_xml_with_prefixed_names(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", with_amount(Formula("=500+100", 600)))

    def prefixed(xml: str) -> str:
        for name in ("worksheet", "sheetData", "row", "c", "f", "v"):
            xml = xml.replace(f"<{name} ", f"<x:{name} ").replace(f"<{name}>", f"<x:{name}>")
            xml = xml.replace(f"</{name}>", f"</x:{name}>")
        return xml.replace("xmlns=", "xmlns:x=").replace("</x:f><x:v>600", "</x:f><x:v>")

    change_part(path, SHEET1, prefixed)

    assert f"a.xlsx 工作表「投诉」 第2行 「金额(元)」列：{UNSAVED}" in said(path)


def test_a_formula_without_cell_references_is_placed_by_its_position(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", with_amount(Formula("=500+100", 600)))

    def bare(xml: str) -> str:
        for column in "ABCDEF":
            xml = xml.replace(f' r="{column}2"', "").replace(f' r="{column}1"', "")
        return xml.replace("</f><v>600</v>", "</f><v></v>")

    change_part(path, SHEET1, bare)

    assert said(path) == [f"a.xlsx 工作表「投诉」 第2行 「金额(元)」列：{UNSAVED}"]


def test_the_rows_of_an_unread_sheet_do_not_matter(tmp_path: Path) -> None:
    pivot: list[list[Cell]] = [["网点", "件数"], ["甲", Formula("=1/0", "#DIV/0!")]]
    path = book(tmp_path / "a.xlsx", {"投诉": [TITLES, GOOD], "透视": pivot})

    loaded = read_tables(path, [TICKETS])

    assert remarks(loaded) == ["a.xlsx 工作表「透视」：是不认识的工作表，没有读入。"]


def test_every_unsaved_formula_is_listed(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", *[with_amount(Formula("=1+1", 0))] * 250)

    faults = faults_of(path)

    assert [fault.place.row for fault in faults] == list(range(2, 252))
