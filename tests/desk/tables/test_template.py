from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.desk.tables.make import GOOD, GOOD_ROW, TICKETS, one, remarks
from wenyou_core.errors import InputRefused
from wenyou_desk.tables import (
    CHOICES_SHEET,
    INSTRUCTIONS_SHEET,
    Choice,
    ColumnSpec,
    Kind,
    SheetSpec,
    read_tables,
    write_template,
)

VISITS = SheetSpec(
    name="visits",
    title="检查",
    columns=(
        ColumnSpec(
            name="outlet", title="机构号", kind=Kind.CODE, required=True, meaning="被检查网点"
        ),
        ColumnSpec(name="points", title="扣分", kind=Kind.DECIMAL, digits=1, unit="分"),
        ColumnSpec(name="repeat", title="重复", kind=Kind.BOOL),
        ColumnSpec(
            name="mode",
            title="方式",
            kind=Kind.CHOICE,
            choices=(Choice("announced", "明查, 现场"), Choice("mystery", "暗访")),
        ),
    ),
)


def template(tmp_path: Path) -> Path:
    write_template(tmp_path / "模板.xlsx", [TICKETS, VISITS])
    return tmp_path / "模板.xlsx"


def test_a_filled_in_template_is_read_back(tmp_path: Path) -> None:
    path = template(tmp_path)
    workbook = openpyxl.load_workbook(path)
    workbook["投诉"].append(list(GOOD))
    workbook["检查"].append(["0012", 1.5, "是", "明查, 现场"])
    workbook.save(path)

    loaded = read_tables(path, [TICKETS, VISITS])

    assert list(loaded.of("tickets")[0].rows()) == [GOOD_ROW]
    assert loaded.of("visits")[0].columns["mode"] == ["announced"]
    assert remarks(loaded) == []


def test_an_empty_template_holds_no_rows(tmp_path: Path) -> None:
    loaded = read_tables(template(tmp_path), [TICKETS, VISITS])

    assert (loaded.count("tickets"), loaded.count("visits")) == (0, 0)


def test_a_template_offers_lists_and_formats(tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(template(tmp_path))

    assert workbook.sheetnames == [INSTRUCTIONS_SHEET, "投诉", "检查", CHOICES_SHEET]
    assert workbook[CHOICES_SHEET].sheet_state == "hidden"
    lists = {
        str(rule.sqref): rule.formula1
        for rule in workbook["检查"].data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {
        "C2:C1048576": "'可选值'!$B$1:$B$2",
        "D2:D1048576": "'可选值'!$C$1:$C$2",
    }
    assert [cell.value for cell in workbook[CHOICES_SHEET]["C"]] == ["明查, 现场", "暗访"]
    assert workbook["检查"].column_dimensions["A"].width >= 14
    assert workbook["检查"]["B1"].value == "扣分(分)"
    colors = [workbook["检查"].cell(1, column).fill.fgColor.rgb for column in (1, 2)]
    assert colors == ["FFF8CBAD", "FFDDEBF7"]


def test_a_template_explains_every_column(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(template(tmp_path))[INSTRUCTIONS_SHEET]

    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert len(rows) == len(TICKETS.columns) + len(VISITS.columns)
    assert rows[1] == [
        "投诉",
        "机构号",
        "必填",
        "编号，按文本填写，保留开头的零",
        "",
        "",
        "网点号",
    ]
    assert rows[7] == ["检查", "扣分(分)", "", "数，最多 1 位小数，单位是分", "", "", ""]
    assert rows[9][5] == "明查, 现场、暗访"


def test_a_template_is_the_same_every_time_and_overwrites_nothing(tmp_path: Path) -> None:
    path = template(tmp_path)
    write_template(tmp_path / "b.xlsx", [TICKETS, VISITS])
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()

    with pytest.raises(InputRefused, match="已经存在"):
        write_template(path, [TICKETS])


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ({"kind": Kind.CHOICE}, "CHOICE needs choices"),
        ({"kind": Kind.MONEY, "digits": 2}, "digits belong to"),
        ({"kind": Kind.TEXT, "date_format": "%Y"}, "date_format belongs to"),
    ],
)
def test_a_column_that_cannot_be_is_a_mistake_of_the_program(
    column: dict[str, object], said: str
) -> None:
    kind = column.pop("kind")
    assert isinstance(kind, Kind)
    with pytest.raises(ValueError, match=said):
        one(kind, **column)


def test_a_sheet_with_two_columns_of_one_name_is_a_mistake_of_the_program() -> None:
    column = ColumnSpec(name="a", title="甲")
    with pytest.raises(ValueError, match="differing names"):
        SheetSpec(name="s", title="表", columns=(column, column))
