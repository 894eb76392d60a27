"""A list as a workbook: constant memory, cells that calculate nothing, who took it and when."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from django.http import FileResponse

from wenyou.web.listing.columns import Column

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 100_000
MOST_CELL = 32_000
MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WIDTHS = {"text": 18, "when": 18, "day": 12, "due": 18, "state": 12}
NARROW = 12
MOST_STAMP = 110  # Excel bears 255 signs, each & takes two
CHUNK = 1 << 20
HEAD_ROW = 2


@dataclass(frozen=True, slots=True)
class Exported:
    """What was taken out, for the log of exports: the list, how it was narrowed, how many rows,
    and the bytes by their hash.
    """

    title: str
    narrowed: str
    rows: int
    sha256: str
    size: int


def workbook(
    title: str, columns: Sequence[Column], rows: Iterable[object], *, watermark: str
) -> IO[bytes]:
    """The workbook in a file without a name; the first line says whose export it is."""
    import xlsxwriter  # noqa: PLC0415 -- slow import

    file = tempfile.TemporaryFile()  # noqa: SIM115 -- the response closes it
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet(sheet_name(title))
    formats = {
        "head": book.add_format({"bold": True, "bg_color": "#E2F0F0", "bottom": 1}),
        "soft": book.add_format({"font_color": "#52606A"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "when": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "yuan": book.add_format({"num_format": "#,##0.00"}),
    }
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column.kind, NARROW))
    sheet.write_string(0, 0, title)
    sheet.write_string(1, 0, watermark, formats["soft"])
    head = HEAD_ROW + any(column.note for column in columns)
    for place, column in enumerate(columns):  # row by row, for a row that is left is written
        if column.note:
            sheet.write_string(head - 1, place, column.note, formats["soft"])
    for place, column in enumerate(columns):
        sheet.write_string(head, place, column.title, formats["head"])
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, column in enumerate(columns):
            write(sheet, (head + count, place), column, column.written(row), formats)
    sheet.freeze_panes(head + 1, 1)
    sheet.autofilter(head, 0, head + count, max(len(columns) - 1, 0))
    stamp = watermark[:MOST_STAMP].replace("&", "&&")
    sheet.set_header("&R" + stamp)
    sheet.set_footer("&L" + stamp + "&R&P / &N")
    book.close()
    file.seek(0)
    return file


def write(
    sheet: Worksheet,
    cell: tuple[int, int],
    column: Column,
    value: Any,
    formats: dict[str, Format],
) -> None:
    """One cell; text is never taken for a formula or an address."""
    match value:
        case "":
            return
        case bool():
            sheet.write_string(*cell, "是" if value else "否")
        case int() | Decimal():
            # The sheet's own numbers are binary; the stored ones stay exact.
            sheet.write_number(*cell, value, formats.get(column.kind))
        case datetime():
            sheet.write_datetime(*cell, value, formats["when"])
        case date():
            sheet.write_datetime(*cell, value, formats["day"])
        case _:
            sheet.write_string(*cell, str(value)[:MOST_CELL])


def weighed(file: IO[bytes]) -> tuple[str, int]:
    """Hash and size of a file, which is left at its beginning."""
    digest, size = hashlib.sha256(), 0
    while block := file.read(CHUNK):
        digest.update(block)
        size += len(block)
    file.seek(0)
    return digest.hexdigest(), size


def sheet_name(title: str) -> str:
    """A title as Excel bears it on a sheet."""
    return "".join(one for one in title if one not in "[]:*?/\\'")[:31] or "Sheet1"


def download(file: IO[bytes], title: str, now: datetime) -> FileResponse:
    """The answer that hands the workbook over."""
    name = f"{title}-{now:%Y%m%d-%H%M}.xlsx"
    return FileResponse(file, as_attachment=True, filename=name, content_type=MEDIA)
