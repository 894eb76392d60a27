from __future__ import annotations

from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.desk.tables.make import (
    GOOD,
    GOOD_ROW,
    TICKETS,
    TITLES,
    Cell,
    book,
    faults_of,
    remarks,
    rows_of,
    said,
    tickets,
)
from wenyou_desk.tables import read_tables


def test_the_header_is_found_below_title_rows(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["投诉台账(2025年一季度)"], ["制表:服务办"], [], TITLES, GOOD]
    path = book(tmp_path / "a.xlsx", {"投诉": rows})

    loaded = read_tables(path, [TICKETS])

    assert list(loaded.tables[0].rows()) == [GOOD_ROW]
    assert loaded.tables[0].row_numbers == [5]
    assert str(loaded.tables[0].place(0, "amount")) == (
        "a.xlsx 工作表「投诉」 第5行 「金额(元)」列"
    )


def test_columns_may_stand_in_any_order_under_other_names(tmp_path: Path) -> None:
    titles: list[Cell] = [
        "诉求",
        "*网点号",
        "工单 编号",
        "受理时间\n(必填)",
        "类别",
        "金额\uff08元\uff09",
    ]
    row: list[Cell] = ["等候太久", "0012", "GD001", "2025-03-01 09:30", "投诉", 600]

    assert rows_of(tickets(tmp_path / "a.xlsx", row, titles=titles)) == [GOOD_ROW]


def test_a_missing_optional_column_is_blank_throughout(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", GOOD[:3], titles=TITLES[:3])

    assert rows_of(path) == [(*GOOD_ROW[:3], None, None, None)]


def test_missing_required_columns_are_named_together(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", ["GD001", 600], titles=["工单编号", "金额(元)"])

    assert said(path) == [
        "a.xlsx 工作表「投诉」 第1行：表头缺少必填的列：「机构号」、「受理时间」。"
        "请补上，或把相应列的标题改成这样。"
    ]


def test_a_sheet_without_header_is_refused(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"投诉": [["甲", "乙"], ["1", "2"]]})

    assert said(path) == [
        "a.xlsx 工作表「投诉」：前 2 行里找不到表头。「投诉」的表头应有：工单编号、机构号、受理时间。"
    ]


def test_a_duplicate_header_is_refused_with_both_columns(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", [*GOOD, "x"], titles=[*TITLES, "机构 号"])

    assert said(path) == [
        "a.xlsx 工作表「投诉」 第1行 「机构 号」列：表头重复：B 列和 G 列都是「机构 号」。"
        "请删去一列或改名。"
    ]


def test_column_known_by_another_name_only_is_unknown_beside_the_one_of_the_exact_title(
    tmp_path: Path,
) -> None:
    titles, row = [*TITLES, "网点号"], [*GOOD, "甲网点"]
    after = tickets(tmp_path / "after.xlsx", row, titles=titles)
    before = tickets(tmp_path / "before.xlsx", row[::-1], titles=titles[::-1])

    for path in (after, before):
        loaded = read_tables(path, [TICKETS])
        assert list(loaded.tables[0].rows()) == [GOOD_ROW]
        assert remarks(loaded) == [
            f"{path.name} 工作表「投诉」 第1行：有不认识的列，没有读入：「网点号」。"
        ]


def test_two_other_names_of_one_column_are_a_duplicate_header(tmp_path: Path) -> None:
    titles: list[Cell] = ["网点号", "outlet", "工单编号", "受理时间"]

    (fault,) = faults_of(tickets(tmp_path / "a.xlsx", ["1", "1", "2", GOOD[2]], titles=titles))

    assert fault.code == "duplicate_header"


def test_a_blank_header_cell_between_others_is_refused(tmp_path: Path) -> None:
    titles = [*TITLES[:3], "", *TITLES[4:]]

    assert said(tickets(tmp_path / "a.xlsx", GOOD, titles=titles)) == [
        "a.xlsx 工作表「投诉」 第1行 「D」列：表头是空白的。请写上这一列的标题，或删去整列。"
    ]


def test_a_value_beside_the_header_is_refused(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", GOOD, [*GOOD, "补记"])

    assert said(path) == [
        "a.xlsx 工作表「投诉」 第1行 「G」列：表头是空白的。请写上这一列的标题，或删去整列。"
    ]


def test_empty_columns_around_the_table_do_no_harm(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", ["", *GOOD, ""], titles=["", *TITLES, " "])

    assert rows_of(path) == [GOOD_ROW]


@pytest.mark.parametrize(
    ("span", "place", "cells"),
    [((2, 3, 2, 4), "D", "D3:E3"), ((1, 1, 2, 1), "B", "B2:B3")],
)
def test_a_merged_header_cell_is_refused(
    tmp_path: Path, span: tuple[int, int, int, int], place: str, cells: str
) -> None:
    workbook = Workbook(str(tmp_path / "a.xlsx"))
    sheet = workbook.add_worksheet("投诉")
    sheet.merge_range(0, 0, 0, 5, "投诉台账")
    for column, title in enumerate(TITLES):
        sheet.write_string(2, column, str(title))
    sheet.merge_range(*span, str(TITLES[span[1]]))
    sheet.write_string(2, span[1], str(TITLES[span[1]]))
    workbook.close()

    (fault,) = (f for f in faults_of(tmp_path / "a.xlsx") if f.code == "merged_header")

    assert str(fault) == (
        f"a.xlsx 工作表「投诉」 第3行 「{place}」列：表头有合并单元格（{cells}）。"
        "请取消合并，每列各写一个标题。"
    )


def test_merged_data_cells_are_refused(tmp_path: Path) -> None:
    workbook = Workbook(str(tmp_path / "a.xlsx"))
    sheet = workbook.add_worksheet("投诉")
    for row, cells in enumerate([TITLES, GOOD, GOOD]):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, str(cell))
    sheet.merge_range(1, 5, 2, 5, "等候太久")
    workbook.close()

    assert said(tmp_path / "a.xlsx") == [
        "a.xlsx 工作表「投诉」 第2行 「诉求」列：有合并单元格（F2:F3），只有第一格有值。"
        "请取消合并，每行各自填写。"
    ]


def test_another_unit_in_the_header_is_refused(tmp_path: Path) -> None:
    titles = [*TITLES[:3], "金额(万元)", *TITLES[4:]]

    assert said(tickets(tmp_path / "a.xlsx", GOOD, titles=titles)) == [
        "a.xlsx 工作表「投诉」 第1行 「金额(万元)」列：表头写的是「金额(万元)」，"
        "而「金额」的单位应是「元」。请换算后改正表头。"
    ]


def test_unknown_columns_get_one_remark(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", [*GOOD, "x", "y"], titles=[*TITLES, "经办人", "备注"])

    assert remarks(read_tables(path, [TICKETS])) == [
        "a.xlsx 工作表「投诉」 第1行：有不认识的列，没有读入：「经办人」、「备注」。"
    ]


def test_blank_rows_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", GOOD, ["", " "], [], GOOD)

    table = read_tables(path, [TICKETS]).tables[0]

    assert table.row_numbers == [2, 5]


def test_a_total_row_is_left_out_with_a_remark(tmp_path: Path) -> None:
    path = tickets(tmp_path / "a.xlsx", GOOD, ["合 计:", "", "", 600])

    loaded = read_tables(path, [TICKETS])

    assert list(loaded.tables[0].rows()) == [GOOD_ROW]
    assert remarks(loaded) == ["a.xlsx 工作表「投诉」 第3行：合计行没有读入。（第3行）"]


def test_all_faults_of_all_rows_come_together(tmp_path: Path) -> None:
    path = tickets(
        tmp_path / "a.xlsx",
        GOOD,
        ["GD002", "", "2025-02-30", "六百", "表杨", "x"],
        ["", "0012", "2025-03-01", "", "", ""],
    )

    assert said(path) == [
        "a.xlsx 工作表「投诉」 第3行 「受理时间」列：「2025-02-30」这一天不存在。请核对日期。",
        "a.xlsx 工作表「投诉」 第3行 「机构号」列：「机构号」是必填项，这里是空白。请补填。",
        "a.xlsx 工作表「投诉」 第3行 「类别」列：「表杨」不在可填的词里。可填：投诉、意见。",
        "a.xlsx 工作表「投诉」 第3行 「金额(元)」列：这里应填数，现在是「六百」。请改为数。",
        "a.xlsx 工作表「投诉」 第4行 「工单编号」列：「工单编号」是必填项，这里是空白。请补填。",
    ]
