"""Write typed rows as an Excel workbook: same input, same bytes; nothing in it computes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from wenyou_core.errors import InputRefused
from wenyou_desk.tables.newfile import new_file
from wenyou_desk.tables.outcells import (
    FORMULA_START,
    NUMERIC,
    fits_excel_date,
    fits_excel_number,
    number_format,
    number_of,
    shown_text,
)
from wenyou_desk.tables.sheet import CHUNK, Progress
from wenyou_desk.tables.spec import ColumnSpec, Kind, SheetSpec, Value

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Write = Callable[[int, int, Value], object]

MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
_CREATED = datetime.fromisoformat("2000-01-01")  # fixed: same input, same bytes
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_SAMPLE = 200
_A4 = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class OutSheet:
    """A sheet to write: rows in the order of ``spec.columns``, read once.

    ``name`` is the tab (the spec's title if empty); ``heading`` are lines above the header.
    """

    spec: SheetSpec
    rows: Iterable[Sequence[Value]]
    name: str = ""
    heading: tuple[str, ...] = ()


def sheet_name(text: str, taken: Iterable[str] = ()) -> str:
    """A tab's name Excel takes: without its forbidden signs, at most 31 long, not taken."""
    base = _FORBIDDEN.sub(" ", text).strip(" '")[:31].rstrip() or "表"
    used = {name.casefold() for name in taken}
    name, number = base, 2
    while name.casefold() in used:
        mark = f"({number})"
        name, number = base[: 31 - len(mark)] + mark, number + 1
    return name


def write_workbook(
    path: Path,
    sheets: Iterable[OutSheet],
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write ``sheets`` to ``path``, whole or not at all, in memory that does not grow.

    Text is always written as text, never as a formula. Raises InputRefused when the file
    exists, or a text or a sheet is longer than Excel holds.
    """
    with new_file(path, overwrite=overwrite) as temporary, open_book(temporary) as book:
        taken: list[str] = []
        for sheet in sheets:
            name = sheet_name(sheet.name or sheet.spec.title, taken)
            taken.append(name)
            _SheetWriter(book, sheet, name).write(progress)


@contextmanager
def open_book(path: Path, *, constant_memory: bool = True) -> Iterator[Workbook]:
    """An xlsxwriter workbook that interprets nothing and carries a fixed date; written at the end.

    Raises OSError where there is no room for it. Whatever happens, none of its parts stays in the
    system's temporary folder.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 -- slow import
    from xlsxwriter.exceptions import FileCreateError  # noqa: PLC0415 -- slow import

    with TemporaryDirectory(prefix="wenyou-") as parts:
        options = {
            "constant_memory": constant_memory,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "tmpdir": parts,
        }
        try:
            with Workbook(str(path), options) as book:
                book.set_properties({"author": "文优", "created": _CREATED})
                yield book
        except FileCreateError as error:
            cause = error.args[0]
            raise OSError(cause.errno, cause.strerror) from None


class _SheetWriter:
    def __init__(self, book: Workbook, sheet: OutSheet, name: str) -> None:
        self._sheet = sheet
        self._name = name
        self._columns = sheet.spec.columns
        self._worksheet: Worksheet = book.add_worksheet(name)
        self._writers = [column_writer(book, self._worksheet, column) for column in self._columns]
        self._header_format = header_format(book)
        self._heading_format = book.add_format({"bold": True, "font_size": 14})

    def write(self, progress: Progress | None) -> None:
        worksheet = self._worksheet
        rows = iter(self._sheet.rows)
        sample = list(islice(rows, _SAMPLE))
        for position, column in enumerate(self._columns):
            worksheet.set_column(position, position, _width(column, position, sample))
        for row, line in enumerate(self._sheet.heading):
            worksheet.write_string(row, 0, line, self._heading_format)
        top = len(self._sheet.heading)
        for position, column in enumerate(self._columns):
            worksheet.write_string(top, position, column.label, self._header_format)
        row = top
        for row, values in enumerate(chain(sample, rows), top + 1):
            if row >= MAX_ROWS:
                text = f"「{self._name}」超过 Excel 一张表的 {MAX_ROWS} 行。请改存 CSV 或分开写出。"
                raise InputRefused("too_many_rows", text)
            for position, value in enumerate(values):
                if value is not None:
                    self._writers[position](row, position, value)
            if progress is not None and (row - top) % CHUNK == 0:
                progress(self._name, row - top)
        finish_page(worksheet, top, row, len(self._columns))


def header_format(book: Workbook, *, required: bool = False) -> Format:
    color = "#F8CBAD" if required else "#DDEBF7"
    return book.add_format(
        {"bold": True, "bg_color": color, "border": 1, "text_wrap": True, "valign": "vcenter"}
    )


def finish_page(worksheet: Worksheet, top: int, last: int, columns: int) -> None:
    """Freeze and filter the header; print on A4 across, as wide as one page."""
    worksheet.freeze_panes(top + 1, 0)
    worksheet.autofilter(top, 0, max(last, top), columns - 1)
    worksheet.set_landscape()
    worksheet.set_paper(_A4)
    worksheet.fit_to_pages(1, 0)
    worksheet.repeat_rows(top)
    worksheet.set_footer("&C第 &P 页，共 &N 页")


def column_writer(book: Workbook, worksheet: Worksheet, column: ColumnSpec) -> Write:
    """A function that writes one value of this column; chosen once, called for every row."""
    form = book.add_format({"num_format": number_format(column)})
    inert = book.add_format({"num_format": "@", "quote_prefix": True})
    write_string: Callable[[int, int, str, Any], object] = worksheet.write_string

    def write_text(row: int, position: int, value: Value) -> None:
        text = shown_text(value, column)
        if len(text) > MAX_TEXT:
            sentence = (
                f"「{column.title}」第{row + 1}行的文字有 {len(text)} 个字符，"
                f"超过 Excel 一格的上限 {MAX_TEXT}。请缩短，或改存 CSV。"
            )
            raise InputRefused("text_too_long", sentence)
        write_string(row, position, text, inert if FORMULA_START.match(text) else form)

    def write_number(row: int, position: int, value: Value) -> None:
        number = number_of(value, column)
        if fits_excel_number(number):
            worksheet.write_number(row, position, float(number), form)
        else:
            write_string(row, position, format(number, "f"), inert)

    day_form = book.add_format({"num_format": "yyyy-mm-dd"})

    def write_moment(row: int, position: int, value: Value) -> None:
        if not isinstance(value, (date, time)):
            raise TypeError(f"column {column.name}: {column.kind} takes no {type(value).__name__}")
        if not fits_excel_date(value):
            write_string(row, position, shown_text(value, column), form)
            return
        day_only = isinstance(value, date) and not isinstance(value, datetime)
        worksheet.write_datetime(row, position, value, day_form if day_only else form)

    if column.kind in NUMERIC:
        return write_number
    if column.kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
        return write_moment
    return write_text


def text_width(text: str) -> int:
    """Columns a text takes; a Chinese character takes two."""
    line = max(text.split("\n"), key=len, default="")
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def _width(column: ColumnSpec, position: int, sample: Sequence[Sequence[Value]]) -> int:
    widest = text_width(column.label) + 3  # room for the filter's arrow
    for values in sample:
        widest = max(widest, text_width(shown_text(values[position], column)[:200]) + 1)
    return min(max(widest, 8), 50)
