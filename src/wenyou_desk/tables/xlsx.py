"""Excel workbooks (.xlsx): checked first, then read by python-calamine."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar
from xml.etree import ElementTree

from wenyou_core.errors import Place
from wenyou_desk.tables.cells import Origin
from wenyou_desk.tables.grid import Grid, Marks, Row
from wenyou_desk.tables.loaded import FileRefused, Report
from wenyou_desk.tables.safezip import SafeZip
from wenyou_desk.tables.sheetxml import SheetLook, SheetParser, refuse_entities
from wenyou_desk.tables.spec import ReadOptions
from wenyou_desk.tables.unpacked import unpacked_workbook

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook, SheetMetadata

_ODD = "工作簿内部结构不正常，无法读取。请用 Excel 或 WPS 另存为新的 .xlsx 再试。"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
MACROS = "文件含有宏，不能读入。请另存为不含宏的 .xlsx 工作簿。"

T = TypeVar("T")
SheetGrid = tuple[str, Callable[[], Grid]]


class _Book:
    """What the workbook part says: sheets by name, date system, pending recalculation."""

    def __init__(self, parts: SafeZip) -> None:
        path = _workbook_path(parts)
        root = _xml(parts, path)
        targets = _targets(parts, path)
        self.date_1904 = False
        self.recalculates = False
        self.sheets: list[tuple[str, str]] = []  # name and part, in the workbook's order
        for element in root.iter():
            local = element.tag.rpartition("}")[2]
            if local == "workbookPr":
                self.date_1904 = element.get("date1904") in ("1", "true")
            elif local == "calcPr":
                self.recalculates = element.get("fullCalcOnLoad") in ("1", "true")
            elif local == "sheet":
                target = element.get(_RELATIONSHIP) or element.get(_STRICT) or ""
                if target not in targets:
                    raise FileRefused("malformed_xml", _ODD)
                self.sheets.append((element.get("name", ""), targets[target]))


def open_xlsx(path: Path, name: str, options: ReadOptions, report: Report) -> Iterator[SheetGrid]:
    """Sheet names with a function that loads each; raises FileRefused."""
    with SafeZip(path, options) as parts:
        _check_parts(parts)
        book = _Book(parts)
        marks = [_marks(parts, book, sheet, options) for sheet in book.sheets]
    if any(part.startswith("xl/externalLinks/") for part in parts.parts):
        text = "工作簿引用了别的文件，引用没有更新，按保存的值读取。"
        report.remark(Place(file=name), "external_links", text)
    held = parts.unpacked
    file = path if held is None else unpacked_workbook(held, [part for _, part in book.sheets])
    return calamine_sheets(file, name, options, marks=marks, date_1904=book.date_1904)


def calamine_sheets(
    file: Path | BinaryIO,
    name: str,
    options: ReadOptions,
    *,
    marks: Sequence[Marks],
    date_1904: bool,
) -> Iterator[SheetGrid]:
    """Worksheets of a checked Excel file; a sheet is only loaded when its function is called."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 -- slow import

    workbook = _guarded(lambda: _open(file))
    metadata = workbook.sheets_metadata
    if len(metadata) != len(marks):
        raise FileRefused("malformed_xml", _ODD)
    for index, (meta, found) in enumerate(zip(metadata, marks, strict=True)):
        if meta.typ is not SheetTypeEnum.WorkSheet:
            continue

        def load(index: int = index, meta: SheetMetadata = meta, found: Marks = found) -> Grid:
            sheet = _guarded(lambda: workbook.get_sheet_by_index(index))
            return Grid(
                _rows(sheet),
                file=name,
                sheet=meta.name,
                origin=Origin.EXCEL,
                head_rows=options.header_rows,
                marks=Marks(found.formulas, found.unsaved, found.errors, _merges(sheet)),
                date_1904=date_1904,
                hidden=meta.visible is not SheetVisibleEnum.Visible,
            )

        yield meta.name, load


def _open(file: Path | BinaryIO) -> CalamineWorkbook:
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- slow import

    return CalamineWorkbook.from_object(file)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    return iter(sheet.iter_rows())


def _merges(sheet: CalamineSheet) -> tuple[tuple[int, int, int, int], ...]:
    ranges = sheet.merged_cell_ranges or []
    return tuple((top + 1, left, bottom + 1, right) for (top, left), (bottom, right) in ranges)


def _guarded(call: Callable[[], T]) -> T:
    """Run a call of calamine; its errors, and even a panic of its Rust, become a fault."""
    from python_calamine import CalamineError  # noqa: PLC0415 -- slow import

    try:
        return call()
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused("malformed_xml", _ODD) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise FileRefused("malformed_xml", _ODD) from error
        raise


def _check_parts(parts: SafeZip) -> None:
    """Refuse macros and other kinds of zip; unpack every part once to see it is honest."""
    names = {name.casefold() for name in parts.parts}
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileRefused("macros", MACROS)
    if "xl/workbook.bin" in names:
        text = "内容是 .xlsb 二进制工作簿。请用 Excel 或 WPS 另存为 .xlsx。"
        raise FileRefused("other_format", text)
    if "content.xml" in names and "mimetype" in names:
        text = "内容是 OpenDocument 表格（.ods）。请另存为 .xlsx。"
        raise FileRefused("other_format", text)
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        text = "内容是压缩包或别的文件，不是 Excel 工作簿。请用 Excel 或 WPS 另存为 .xlsx。"
        raise FileRefused("other_format", text)
    for name in parts.parts:
        ending = name.casefold().endswith((".xml", ".rels", ".vml"))
        if ending and not name.startswith("xl/worksheets/"):
            for _ in refuse_entities(parts.chunks(name)):
                pass


def _marks(parts: SafeZip, book: _Book, sheet: tuple[str, str], options: ReadOptions) -> Marks:
    name, part = sheet
    look = SheetLook()
    look.feed(refuse_entities(parts.chunks(part)))
    if not look.needs_parsing and look.cells <= options.max_cells:
        return Marks()
    parser = SheetParser(recalculates=book.recalculates)
    marks = parser.parse(parts.chunks(part))
    if parser.cells > options.max_cells:
        text = (
            f"工作表「{name}」一直用到 {parser.corner}，共 {parser.cells} 格，"
            f"超过上限 {options.max_cells} 格。请删去远处多余的内容，或拆成几个文件。"
        )
        raise FileRefused("too_many_cells", text)
    return marks


def _workbook_path(parts: SafeZip) -> str:
    for target in _targets(parts, "").values():
        if target in parts.parts and posixpath.basename(target).startswith("workbook"):
            return target
    raise FileRefused("malformed_xml", _ODD)


def _targets(parts: SafeZip, path: str) -> dict[str, str]:
    """Relationship ids of a part to the names of the parts they point to."""
    folder, base = posixpath.split(path)
    name = posixpath.join(folder, "_rels", f"{base}.rels")
    if name not in parts.parts:
        raise FileRefused("malformed_xml", _ODD)
    found: dict[str, str] = {}
    for element in _xml(parts, name):
        target = element.get("Target", "")
        if element.get("TargetMode") == "External" or not target:
            continue
        joined = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
        if joined in parts.parts:
            found[element.get("Id", "")] = joined
    return found


def _xml(parts: SafeZip, name: str) -> ElementTree.Element:
    try:
        data = b"".join(refuse_entities([parts.read(name)]))
        return ElementTree.fromstring(data)  # noqa: S314 -- entities refused above
    except (ElementTree.ParseError, LookupError, ValueError):  # the latter: odd encodings
        raise FileRefused("malformed_xml", _ODD) from None
