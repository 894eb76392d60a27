"""What python-calamine does not tell of a sheet's XML: formulas, error cells, its extent.

A fast look at the bytes settles the common case (no formula, no error cell); only a
sheet that has some is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.parsers import expat

from wenyou_desk.tables.grid import Cell, Marks, column_index, letters
from wenyou_desk.tables.loaded import FileRefused

_FAR_COLUMN = re.compile(rb'r="([A-Za-z]{2,})[0-9]')
_FAR_ROW = re.compile(rb'r="[A-Za-z]*([0-9]{7,})')
_OTHER_CELL = re.compile(rb'<c(?! r="[A-Z][0-9]{1,6}")[\s/>]')  # not as nearly every cell begins
_FORMULA_TAG = re.compile(rb"f(?<=<f)[\s/>]")  # the letter is seldom, the bracket is not
_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_BROKEN_TAGS = [
    (blank, re.compile(blank + b"(?<=<c" + blank + b")")) for blank in (b"\t", b"\n", b"\r")
]
_MAX_CARRY = 4_000_000
_MALFORMED = "工作簿内部结构不正常，无法安全读取。请用 Excel 或 WPS 另存为新的 .xlsx 再试。"


def refuse_entities(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pass a part's bytes on; refuse one with a DTD, or in an encoding other than UTF-8.

    Office programs write neither; a DTD may only be there to make a small file huge.
    """
    tail: bytes | None = None
    for chunk in chunks:
        if tail is None and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:64]):
            raise FileRefused("malformed_xml", _MALFORMED)
        if b"<!DOCTYPE" in chunk or b"<!DOCTYPE" in (tail or b"") + chunk[:8]:
            text = "工作簿内部含有实体定义（DTD），为安全起见没有打开。请核对文件来源。"
            raise FileRefused("xml_entities", text)
        tail = chunk[-8:]
        yield chunk


class SheetLook:
    """The quick look: does this sheet need parsing, and how far does it reach?"""

    def __init__(self) -> None:
        self.needs_parsing = False
        self._far_column = 25
        self._far_row = 999_999

    def feed(self, chunks: Iterable[bytes]) -> None:
        carry = b""
        first = True
        for chunk in chunks:
            data = carry + chunk
            cut = data.rfind(b">") + 1
            carry = data[cut:]
            if len(carry) > _MAX_CARRY:
                raise FileRefused("malformed_xml", _MALFORMED)
            if first and b"<worksheet" not in data[:10_000]:
                self.needs_parsing = True  # prefixed names, or something unusual
            first = False
            self._look(data[:cut])

    def _look(self, data: bytes) -> None:
        # First what nearly every sheet is, in one go: no cell that begins otherwise, none far off.
        if _OTHER_CELL.search(data) is not None:
            self._look_at_references(data)
        if (
            b't="e"' in data
            or (b"'" in data and b"t='e'" in data)
            or _FORMULA_TAG.search(data) is not None
        ):
            self.needs_parsing = True

    def _look_at_references(self, data: bytes) -> None:
        # Writers give every cell and row its reference, spelled alike; when the counts
        # differ some cell is addressed in another way and only a parser can tell where.
        references = data.count(b"<c ") + data.count(b"<row ")
        if data.count(b' r="') != references or any(
            blank in data and tag.search(data) for blank, tag in _BROKEN_TAGS
        ):
            self.needs_parsing = True
        for column in set(_FAR_COLUMN.findall(data)):
            self._far_column = max(self._far_column, column_index(column[:9].decode("ascii")))
        rows = set(_FAR_ROW.findall(data))
        if rows:
            self._far_row = max(self._far_row, *(int(row[:12]) for row in rows))

    @property
    def cells(self) -> int:
        """An upper bound of the rectangle from A1 that a dense reader would fill.

        Rows below the millionth are not told apart: few sheets are also over 30 columns
        wide, and those are parsed for their true extent.
        """
        return self._far_row * (self._far_column + 1)


class SheetParser:
    """The thorough look, for sheets that have formulas, error cells or odd XML."""

    def __init__(self, *, recalculates: bool) -> None:
        self._recalculates = recalculates
        self._formulas: dict[int, list[int]] = {}
        self._unsaved: set[Cell] = set()
        self._errors: dict[Cell, str] = {}
        self._row = 0
        self._column = -1
        self._cell_type = ""
        self._has_formula = False
        self._has_value = False
        self._collecting = False
        self._text: list[str] = []
        self._far = [0, 0]

    def parse(self, chunks: Iterable[bytes]) -> Marks:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            for chunk in chunks:
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError):  # odd encodings, odd numbers
            raise FileRefused("malformed_xml", _MALFORMED) from None
        return Marks(formulas=self._formulas, unsaved=frozenset(self._unsaved), errors=self._errors)

    @property
    def cells(self) -> int:
        return self._far[0] * self._far[1]

    @property
    def corner(self) -> str:
        return f"{letters(max(self._far[1] - 1, 0))}{self._far[0]}"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "v" or local == "t":
            self._collecting = self._has_formula or self._cell_type == "e"
            self._has_value = True
        elif local == "c":
            self._cell(attributes)
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = -1
        elif local == "f":
            self._has_formula = True

    def _cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            match = _REFERENCE.fullmatch(reference)
            if match is None:
                raise FileRefused("malformed_xml", _MALFORMED)
            self._column = column_index(match.group(1))
            self._row = int(match.group(2))
        self._cell_type = attributes.get("t", "")
        self._has_formula = self._has_value = self._collecting = False
        self._text.clear()

    def _characters(self, text: str) -> None:
        if self._collecting:
            self._text.append(text)

    def _end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._close_cell()
        elif local in ("v", "t"):
            self._collecting = False

    def _close_cell(self) -> None:
        if self._has_value:
            self._far = [max(self._far[0], self._row), max(self._far[1], self._column + 1)]
        cell = (self._row, self._column)
        value = "".join(self._text).strip()
        if self._cell_type == "e":
            self._errors[cell] = value or "#ERROR"
        elif self._has_formula:
            if self._saved(value):
                self._formulas.setdefault(self._column, []).append(self._row)
            else:
                self._unsaved.add(cell)
        self._has_formula = False
        self._cell_type = ""

    def _saved(self, value: str) -> bool:
        """Whether a formula's value was computed. An empty text is a value only as t="str".

        A program that writes formulas without computing them puts 0 there and asks for a
        recalculation on opening: such a 0 is no value.
        """
        if self._cell_type == "str":
            return self._has_value
        if self._recalculates and value in ("0", "0.0"):
            return False
        return bool(value)


def _no_doctype(*_: object) -> None:
    raise FileRefused("malformed_xml", _MALFORMED)
