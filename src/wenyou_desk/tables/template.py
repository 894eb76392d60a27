"""An empty workbook to fill in: headers, lists to choose from, and a page that explains."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_desk.tables.newfile import new_file
from wenyou_desk.tables.outcells import NUMERIC, number_format
from wenyou_desk.tables.read import CHOICES_SHEET, INSTRUCTIONS_SHEET
from wenyou_desk.tables.spec import ColumnSpec, Kind, SheetSpec
from wenyou_desk.tables.workbook import (
    MAX_ROWS,
    finish_page,
    header_format,
    open_book,
    sheet_name,
    text_width,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_EXPLAINED = ("工作表", "列名", "必填", "填写形式", "含义", "可填的词", "也可写作的列名")
_WIDTHS = (16, 22, 8, 36, 40, 40, 30)
_FORMS = {
    Kind.TEXT: "文字",
    Kind.CODE: "编号，按文本填写，保留开头的零",
    Kind.INT: "整数",
    Kind.DECIMAL: "数",
    Kind.SHARE: "比例，写成 20% 或 0.2",
    Kind.MONEY: "金额，以元为单位，最多两位小数",
    Kind.DATE: "日期，如 2025-03-01",
    Kind.DATETIME: "日期和时刻，如 2025-03-01 09:30；不知道时刻的只写日期",
    Kind.TIME: "时刻，如 09:30",
    Kind.BOOL: "是 或 否",
    Kind.CHOICE: "从下拉列表中选",
    Kind.FILE: "文件名，如 照片/012.jpg",
}
_YES_NO = ["是", "否"]


def write_template(path: Path, specs: Sequence[SheetSpec], *, overwrite: bool = False) -> None:
    """Write a workbook that ``read_tables`` takes back once it is filled in.

    Raises InputRefused when the file exists.
    """
    with new_file(path, overwrite=overwrite) as temporary, open_book(temporary) as book:
        _instructions(book, specs)
        names: list[str] = [INSTRUCTIONS_SHEET, CHOICES_SHEET]
        lists = _ChoiceLists()
        for spec in specs:
            names.append(sheet_name(spec.title, names))
            _sheet(book, spec, names[-1], lists)
        lists.write(book)


class _ChoiceLists:
    """Lists to choose from stand in a hidden sheet: a list in the cell holds 255 signs only."""

    def __init__(self) -> None:
        self._lists: list[list[str]] = []

    def add(self, titles: list[str]) -> str:
        """The reference of a list as data validation wants it."""
        if titles not in self._lists:
            self._lists.append(titles)
        column = self._lists.index(titles)
        from xlsxwriter.utility import xl_col_to_name  # noqa: PLC0415 -- slow import

        letters = xl_col_to_name(column, True)
        return f"='{CHOICES_SHEET}'!{letters}$1:{letters}${len(titles)}"

    def write(self, book: Workbook) -> None:
        if not self._lists:
            return
        worksheet = book.add_worksheet(CHOICES_SHEET)
        for row in range(max(map(len, self._lists))):
            for position, titles in enumerate(self._lists):
                if row < len(titles):
                    worksheet.write_string(row, position, titles[row])
        worksheet.hide()


def _sheet(book: Workbook, spec: SheetSpec, name: str, lists: _ChoiceLists) -> None:
    worksheet: Worksheet = book.add_worksheet(name)
    optional, required = header_format(book), header_format(book, required=True)
    for position, column in enumerate(spec.columns):
        worksheet.write_string(0, position, column.label, required if column.required else optional)
        form = book.add_format({"num_format": number_format(column)})
        worksheet.set_column(position, position, max(text_width(column.label) + 4, 14), form)
        _validation(worksheet, position, column, lists)
    finish_page(worksheet, 0, 0, len(spec.columns))


def _validation(
    worksheet: Worksheet, position: int, column: ColumnSpec, lists: _ChoiceLists
) -> None:
    rule: dict[str, object] = {
        "ignore_blank": True,
        "error_title": "请核对",
        "error_message": f"「{column.title}」应填：{form_of(column)}"[:255],
    }
    if column.kind in (Kind.CHOICE, Kind.BOOL):
        titles = [choice.title for choice in column.choices] or _YES_NO
        rule |= {"validate": "list", "source": lists.add(titles)}
    elif column.kind in NUMERIC:
        # A warning only: numbers typed as text are read too.
        rule |= {"validate": "decimal", "criteria": ">", "value": -1e15, "error_type": "warning"}
    else:
        return
    worksheet.data_validation(1, position, MAX_ROWS - 1, position, rule)


def form_of(column: ColumnSpec) -> str:
    """How a cell of the column is filled in, as one says it to a person."""
    form = _FORMS[column.kind]
    if column.kind is Kind.DECIMAL and column.digits is not None:
        form += f"，最多 {column.digits} 位小数" if column.digits else "，没有小数"
    if column.bounds_text:
        form += f"，{column.bounds_text}"
    if column.unit and column.kind is not Kind.MONEY:
        form += f"，单位是{column.unit}"
    return form


def _instructions(book: Workbook, specs: Sequence[SheetSpec]) -> None:
    worksheet = book.add_worksheet(INSTRUCTIONS_SHEET)
    wrapped: Format = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
    header = header_format(book)
    for position, width in enumerate(_WIDTHS):
        worksheet.set_column(position, position, width)
    worksheet.write_string(0, 0, "填表说明：橙色表头是必填列。一行一件事，不要合并单元格。")
    for position, title in enumerate(_EXPLAINED):
        worksheet.write_string(1, position, title, header)
    row = 2
    for spec in specs:
        for column in spec.columns:
            line = (
                spec.title,
                column.label,
                "必填" if column.required else "",
                form_of(column),
                column.meaning,
                "、".join(choice.title for choice in column.choices),
                "、".join(column.aliases),
            )
            for position, text in enumerate(line):
                worksheet.write_string(row, position, text, wrapped)
            row += 1
    finish_page(worksheet, 1, row - 1, len(_EXPLAINED))
