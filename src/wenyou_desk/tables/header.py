"""Find the header row of a sheet and say which column of the file is which."""

from __future__ import annotations

import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from wenyou_core.errors import Fault
from wenyou_desk.tables.cells import key, plain
from wenyou_desk.tables.grid import Grid, Row, is_blank, letters
from wenyou_desk.tables.spec import ColumnSpec, SheetSpec

_BRACKETS = re.compile(r"(.+)\((.*)\)")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (index in ``Grid.head``) and what each column is."""

    index: int
    row: int
    columns: dict[str, int]
    texts: dict[str, str]
    width: int
    blank: tuple[int, ...]
    unknown: tuple[str, ...]


MOST_LIKELY, MISSED, OWN = 4, 3, 2
"""A sheet that is named by nothing is taken for one of ours when at least so many titles are its,
at least so many for each one that lacks, and at least so many are of no other sheet."""


class _Matched(dict[object, "ColumnSpec | None"]):
    """The column that each cell names, found once: data repeat in the rows that are looked at."""

    def __init__(self, find: Callable[[object], ColumnSpec | None]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, cell: object) -> ColumnSpec | None:
        self[cell] = found = self._find(cell)
        return found


class HeaderSearch:
    """Titles of one sheet spec, ready to be looked for in a grid."""

    def __init__(self, spec: SheetSpec) -> None:
        self.spec = spec
        self._words: dict[str, ColumnSpec] = {}
        for column in spec.columns:
            for word in (column.label, column.title):
                self._words.setdefault(key(word), column)
        self._titles = frozenset(self._words)
        for column in spec.columns:
            self._words.setdefault(key(column.name), column)
        for column in spec.columns:
            for alias in column.aliases:
                self._words.setdefault(key(alias), column)
        self._matched = _Matched(self._found)
        self._required = {column.name for column in spec.columns if column.required}

    def best_row(self, grid: Grid) -> tuple[int, int, bool]:
        """Index of the likeliest header row, titles matched, all required ones there.

        A row that holds every required title wins over one that has more titles.
        """
        best = (-1, 0, False)
        for index, cells in enumerate(grid.head):
            if best[2] and sum(isinstance(cell, str) for cell in cells) <= best[1]:
                continue  # it cannot have more titles than texts
            found = map(self._matched.__getitem__, cells)
            names = {column.name for column in found if column is not None}
            complete = bool(names) and self._required <= names
            if (complete, len(names)) > (best[2], best[1]):
                best = (index, len(names), complete)
        return best

    def nearly(self, grid: Grid, shared: AbstractSet[str]) -> int:
        """Titles matched where few required ones lack and some are no other sheet's (``shared``),
        so that it can hardly be another sheet; else 0."""
        index, matched, _ = self.best_row(grid)
        if matched < MOST_LIKELY:
            return 0
        found = self._named(grid.head[index])
        lack = self._required - found.keys()
        enough = MISSED * len(lack) <= matched and len(set(found.values()) - shared) >= OWN
        return matched if enough else 0

    def strangers(self, grid: Grid, shared: AbstractSet[str]) -> list[str]:
        """The titles of nobody where all the others are several sheets' (``shared``): such a header
        may be of a sheet of its own as well as of this."""
        cells = grid.head[self.best_row(grid)[0]]
        if set(self._named(cells).values()) - shared:
            return []
        return [text for cell in cells if self._matched[cell] is None and (text := _text(cell))]

    def _named(self, cells: Row) -> dict[str, str]:
        """The names of the columns that are there, and by what their titles are compared."""
        found = (column for cell in cells if (column := self._matched[cell]))
        return {column.name: key(column.title) for column in found}

    def read(self, grid: Grid) -> Header | list[Fault]:
        """The header of ``grid``, or every fault that keeps it from being one."""
        index, _, _ = self.best_row(grid)
        if index < 0:
            titles = "、".join(c.title for c in self.spec.columns if c.required) or "各列的标题"
            text = (
                f"前 {len(grid.head)} 行里找不到表头。「{self.spec.title}」的表头应有：{titles}。"
            )
            return [Fault(grid.place(), "no_header", text)]
        cells = [_text(cell) for cell in grid.head[index]]
        while cells and not cells[-1]:
            cells.pop()
        row = grid.first_row + index
        faults = self._merged(grid, row)
        columns: dict[str, int] = {}
        texts: dict[str, str] = {}
        unknown: list[str] = []
        seen: dict[str, int] = {}
        for position, (text, column) in enumerate(zip(cells, self._columns(cells), strict=True)):
            if not text:
                continue
            word = column.name if column else "\0" + key(text)
            if word in seen:
                sentence = (
                    f"表头重复：{letters(seen[word])} 列和 {letters(position)} 列都是「{text}」。"
                    "请删去一列或改名。"
                )
                faults.append(Fault(grid.place(row, text), "duplicate_header", sentence))
                continue
            seen[word] = position
            if column is None:
                unknown.append(text)
                continue
            faults += self._unit(grid, row, text, column)
            columns[column.name] = position
            texts[column.name] = text
        blank = [position for position, text in enumerate(cells) if not text]
        faults += _inner_blanks(grid, row, cells, faults)
        faults += self._missing(grid, row, columns)
        if faults:
            return faults
        blank += range(len(cells), max((len(line) for line in grid.head), default=0))
        return Header(
            index=index,
            row=row,
            columns=columns,
            texts=texts,
            width=len(cells),
            blank=tuple(blank),
            unknown=tuple(unknown),
        )

    def _found(self, cell: object) -> ColumnSpec | None:
        if not isinstance(cell, str):
            return None
        word = key(cell)
        if not word:
            return None
        found = self._words.get(word)
        if found is None:
            inner = _BRACKETS.fullmatch(word)
            found = self._words.get(inner.group(1)) if inner else None
        return found

    def _columns(self, cells: list[str]) -> list[ColumnSpec | None]:
        """What each cell names; another name of a column whose very title is there names none."""
        found = [(text, self._matched[text]) for text in cells]
        titled = {column.name for text, column in found if column and self._is_title(text)}
        return [
            None if column and column.name in titled and not self._is_title(text) else column
            for text, column in found
        ]

    def _is_title(self, text: str) -> bool:
        word = key(text)
        inner = None if word in self._words else _BRACKETS.fullmatch(word)
        return (inner.group(1) if inner else word) in self._titles

    def _unit(self, grid: Grid, row: int, text: str, column: ColumnSpec) -> list[Fault]:
        inner = _BRACKETS.fullmatch(key(text))
        if key(text) in self._words or inner is None or not column.unit_text:
            return []
        if inner.group(2) == key(column.unit_text):
            return []
        sentence = (
            f"表头写的是「{text}」，而「{column.title}」的单位应是「{column.unit_text}」。"
            "请换算后改正表头。"
        )
        return [Fault(grid.place(row, text), "header_unit", sentence)]

    def _missing(self, grid: Grid, row: int, columns: dict[str, int]) -> list[Fault]:
        missing = [c.label for c in self.spec.columns if c.required and c.name not in columns]
        if not missing:
            return []
        listed = "、".join(f"「{title}」" for title in missing)
        text = f"表头缺少必填的列：{listed}。请补上，或把相应列的标题改成这样。"
        return [Fault(grid.place(row), "missing_column", text)]

    def _merged(self, grid: Grid, row: int) -> list[Fault]:
        faults = []
        for top, left, bottom, right in grid.marks.merges:
            if top <= row <= bottom:
                span = f"{letters(left)}{top}:{letters(right)}{bottom}"
                text = f"表头有合并单元格（{span}）。请取消合并，每列各写一个标题。"
                faults.append(Fault(grid.place(row, letters(left)), "merged_header", text))
        return faults


def _text(cell: object) -> str:
    if is_blank(cell):
        return ""
    return " ".join((cell if isinstance(cell, str) else plain(cell)).split())


def _inner_blanks(grid: Grid, row: int, cells: list[str], faults: list[Fault]) -> list[Fault]:
    if any(fault.code == "merged_header" for fault in faults):
        return []  # the blanks are the merged cells
    first = next((position for position, text in enumerate(cells) if text), 0)
    return [
        Fault(grid.place(row, letters(position)), "blank_header", BLANK_HEADER)
        for position in range(first, len(cells))
        if not cells[position]
    ]


BLANK_HEADER = "表头是空白的。请写上这一列的标题，或删去整列。"
