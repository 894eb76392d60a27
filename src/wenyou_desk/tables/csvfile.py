"""CSV and other delimited text: encoding, delimiter and quoting found out, never guessed twice.

UTF-8 (with or without BOM) is tried first, then GB18030; UTF-16 only with its BOM, as
Excel writes it. Text is streamed: a 200 MB file does not stand in memory as one string.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from wenyou_core.errors import Place
from wenyou_desk.tables.cells import Origin
from wenyou_desk.tables.grid import Grid, Row
from wenyou_desk.tables.loaded import FileRefused
from wenyou_desk.tables.spec import ReadOptions

DELIMITERS = ",\t;"
_SAMPLE = 65_536
_CHUNK = 1 << 20
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"PAR1", b"\x89PNG", b"\xff\xd8\xff")
INERT = re.compile("'+[=+\\-@\\t\\r\\n\uff1d\uff0b\uff0d\uff20]")
_AS_TEXT = re.compile(r'="([^"]*)"')

Score = Callable[[Grid], int]


def open_csv(path: Path, name: str, options: ReadOptions, score: Score) -> Grid:
    """The one table of a delimited file. ``score`` counts the titles found in a grid.

    The delimiter is the one under which most titles are found.
    """
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(_SAMPLE)
    told = re.match(r"sep=(.)\r?\n", sample)
    if told:
        return _grid(path, name, options, encoding, told.group(1), skip=1)
    lines = sample.splitlines(keepends=True)[: options.header_rows * 3]

    def rank(delimiter: str) -> tuple[int, int]:
        head = _sample_rows(lines, delimiter, options.header_rows)
        trial = Grid(head, file=name, sheet="", origin=Origin.CSV, head_rows=options.header_rows)
        return score(trial), max(map(len, head), default=0)

    best = max(DELIMITERS, key=rank)
    return _grid(path, name, options, encoding, best)


def _sample_rows(lines: Sequence[str], delimiter: str, count: int) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            rows.append(row)
            if len(rows) == count:
                break
    except csv.Error:
        pass  # the full reading will say what is wrong and where
    return rows


def _grid(
    path: Path, name: str, options: ReadOptions, encoding: str, delimiter: str, *, skip: int = 0
) -> Grid:
    rows = _rows(path, name, encoding, delimiter, options)
    for _ in range(skip):
        next(rows)
    return Grid(
        rows,
        file=name,
        sheet="",
        origin=Origin.CSV,
        head_rows=options.header_rows,
        first_row=1 + skip,
    )


def _rows(
    path: Path, name: str, encoding: str, delimiter: str, options: ReadOptions
) -> Iterator[Row]:
    # A cell longer than max_text is refused later with its place; the reader's own limit
    # only keeps one unclosed quotation mark from swallowing the file.
    csv.field_size_limit(max(options.max_text * 8, 131_072))
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        row = 0
        try:
            for row, cells in enumerate(reader, 1):  # noqa: B007 -- named in the refusal
                yield list(map(_plain, cells))
        except csv.Error:
            first = row + 1
            rows = "这一行" if first == reader.line_num else f"从这一行到第 {reader.line_num} 行"
            text = f"{rows}的引号或换行不成对，无法分列。请检查其中的双引号。"
            raise FileRefused("csv_quotes", text, Place(file=name, row=first)) from None


def _plain(cell: str) -> str:
    """Take off the marks that keep spreadsheets from computing a cell: '=… and ="…"."""
    if cell[:1] == "'" and INERT.match(cell):
        return cell[1:]
    if cell[:2] == '="':
        match = _AS_TEXT.fullmatch(cell)
        return match.group(1) if match else cell
    return cell


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(_BINARY):
        text = "扩展名是 .csv，内容却是别的格式。请用 Excel 或 WPS 打开后另存为 .xlsx 或 .csv。"
        raise FileRefused("other_format", text)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    elif start.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    else:
        candidates = ["utf-8", "gb18030"]
    for encoding in candidates:
        if _decodes(path, encoding):
            return encoding
    text = "文字编码既不是 UTF-8 也不是 GB18030（GBK），无法读取。请另存为 UTF-8 编码的 CSV。"
    raise FileRefused("encoding", text)


def _decodes(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while data := file.read(_CHUNK):
                if "\0" in decoder.decode(data):
                    text = "文件里有空字符，不是正常的文本。请另存为 UTF-8 编码的 CSV 或 .xlsx。"
                    raise FileRefused("encoding", text)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True
