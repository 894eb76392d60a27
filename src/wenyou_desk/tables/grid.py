"""A sheet before anybody knows what it means: rows of raw cells, and marks on cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from wenyou_core.errors import Place
from wenyou_desk.tables.cells import Origin

Row = Sequence[object]
Cell = tuple[int, int]  # row from 1 as Excel counts, column from 0


@dataclass(frozen=True, slots=True)
class Marks:
    """What the values alone do not tell. Rows count from 1, columns from 0.

    ``formulas``: column to rows whose saved value counts; ``unsaved``: formulas never
    calculated; ``errors``: #N/A and the like; ``merges``: first row, first column, last
    row, last column.
    """

    formulas: Mapping[int, Sequence[int]] = field(default_factory=dict)
    unsaved: frozenset[Cell] = frozenset()
    errors: Mapping[Cell, str] = field(default_factory=dict)
    merges: tuple[tuple[int, int, int, int], ...] = ()


class Grid:
    """Rows of one sheet, read once; the first ones are kept to look for the header."""

    def __init__(
        self,
        rows: Iterable[Row],
        *,
        file: str,
        sheet: str,
        origin: Origin,
        head_rows: int,
        first_row: int = 1,
        marks: Marks | None = None,
        date_1904: bool = False,
        hidden: bool = False,
    ) -> None:
        self._rows = iter(rows)
        self.file = file
        self.sheet = sheet
        self.origin = origin
        self.first_row = first_row
        self.marks = marks or Marks()
        self.date_1904 = date_1904
        self.hidden = hidden
        self.head: list[Row] = list(islice(self._rows, head_rows))

    @property
    def empty(self) -> bool:
        return all(is_blank(cell) for row in self.head for cell in row)

    def body(self, after: int) -> Iterator[Row]:
        """Rows behind ``head[after]``. Can be used once."""
        return chain(self.head[after + 1 :], self._rows)

    def place(self, row: int = 0, column: str = "") -> Place:
        return Place(file=self.file, sheet=self.sheet, row=row, column=column)


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def letters(column: int) -> str:
    """The column's letters as Excel shows them: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def column_index(text: str) -> int:
    """The reverse of ``letters``."""
    number = 0
    for char in text.upper():
        number = number * 26 + ord(char) - 64
    return number - 1


def runs(rows: Iterable[int], limit: int = 20) -> str:
    """Row numbers as people list them: 第2至9行、第12行."""
    parts: list[str] = []
    start = last = 0
    for row in [*sorted(rows), 0]:
        if row == last + 1 and start:
            last = row
            continue
        if start:
            parts.append(f"第{start}行" if start == last else f"第{start}至{last}行")
        start = last = row
    return "、".join(parts[:limit]) + ("等" if len(parts) > limit else "")
