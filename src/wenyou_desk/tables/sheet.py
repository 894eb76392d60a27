"""One grid with a known header to one typed table, chunk by chunk, all faults together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import compress, islice
from typing import cast

from wenyou_core.errors import Place
from wenyou_desk.tables.cells import BadCell, Raw, Source, key, shown
from wenyou_desk.tables.convert import (
    NOTE_TEXTS,
    Memo,
    at_once_for,
    converter_for,
    without_bools,
)
from wenyou_desk.tables.grid import Cell, Grid, Row, is_blank, letters, runs
from wenyou_desk.tables.header import BLANK_HEADER, Header
from wenyou_desk.tables.loaded import FileRefused, Report, Table
from wenyou_desk.tables.spec import ColumnSpec, SheetSpec, Value

CHUNK = 20_000
Progress = Callable[[str, int], None]


def read_sheet(
    grid: Grid,
    spec: SheetSpec,
    header: Header,
    *,
    source: Source,
    report: Report,
    progress: Progress | None = None,
) -> Table:
    """Typed rows of ``grid``; faults and remarks go to ``report``.

    ``progress`` is told the file and the rows read so far, once per chunk.
    """
    return _SheetReader(grid, spec, header, source, report).read(progress)


class _SheetReader:
    def __init__(
        self, grid: Grid, spec: SheetSpec, header: Header, source: Source, report: Report
    ) -> None:
        self._grid = grid
        self._spec = spec
        self._header = header
        self._report = report
        self._options = source.options
        self._read = [column for column in spec.columns if column.name in header.columns]
        self._memos = {
            c.name: Memo(converter_for(c, source), at_once_for(c, source)) for c in self._read
        }
        self._values: dict[str, list[Value]] = {column.name: [] for column in spec.columns}
        self._numbers: list[int] = []
        self._notes: dict[tuple[str, str], list[int]] = {}
        self._totals: list[int] = []
        self._headless: set[int] = set()
        self._flags = self._flagged_cells()

    def read(self, progress: Progress | None) -> Table:
        rows = self._grid.body(self._header.index)
        row = self._header.row + 1
        while chunk := list(islice(rows, CHUNK)):
            self._chunk(self._squared(chunk, row), row)
            row += len(chunk)
            if len(self._numbers) > self._options.max_rows:
                text = f"一张表超过 {self._options.max_rows} 行的上限。请拆成几个文件。"
                raise FileRefused("too_many_rows", text, self._grid.place())
            if progress is not None:
                progress(self._grid.file, len(self._numbers))
        self._merged_cells(row - 1)
        self._remarks(row - 1)
        count = len(self._numbers)
        for column in self._spec.columns:
            if column.name not in self._memos:
                self._values[column.name] = [None] * count
        return Table(
            spec=self._spec,
            file=self._grid.file,
            sheet=self._grid.sheet,
            headers=self._header.texts,
            row_numbers=self._numbers,
            columns=self._values,
            others=self._header.unknown,
        )

    def _place(self, row: int, name: str) -> Place:
        return self._grid.place(row, self._header.texts[name])

    def _flagged_cells(self) -> dict[int, dict[str, BadCell]]:
        """Error cells and formulas never calculated, by row, of columns that are read."""
        names = {position: name for name, position in self._header.columns.items()}
        flags: dict[int, dict[str, BadCell]] = {}
        marks = self._grid.marks
        bad: list[tuple[Cell, BadCell]] = [
            (cell, BadCell("error_cell", f"单元格是错误值 {text}。请改正公式或填上实际的值。"))
            for cell, text in marks.errors.items()
        ]
        unsaved = BadCell(
            "formula_unsaved",
            "公式没有保存计算结果，不能当作 0。请用 Excel 或 WPS 打开、重算并保存，或直接填数值。",
        )
        bad += [(cell, unsaved) for cell in marks.unsaved]
        for (row, column), reason in bad:
            if row > self._header.row and column in names:
                flags.setdefault(row, {})[names[column]] = reason
        return flags

    def _squared(self, chunk: list[Row], first: int) -> list[Row]:
        """CSV rows may be short or long: fill up, and refuse what stands too far right."""
        width = max(len(chunk[0]), self._header.width)
        if set(map(len, chunk)) == {width}:
            return chunk
        width = self._header.width
        square: list[Row] = []
        for offset, cells in enumerate(chunk):
            if len(cells) < width:
                square.append([*cells, *[""] * (width - len(cells))])
                continue
            extra = [cell for cell in cells[width:] if not is_blank(cell)]
            if extra:
                text = (
                    f"这一行比表头多出 {len(extra)} 格，第一格是{shown(extra[0])}。"
                    "多半是内容里有分隔符而没有加引号。请改正这一行。"
                )
                self._report.fault(self._grid.place(first + offset), "extra_cells", text)
            square.append(cells[:width])
        return square

    def _chunk(self, rows: list[Row], first: int) -> None:
        positions = list(zip(*rows, strict=True))
        for position in self._header.blank:
            self._check_headless(position, positions)
        columns: dict[str, list[Value]] = {}
        bad: dict[int, dict[str, BadCell]] = {}
        for column in self._read:
            raws = without_bools(positions[self._header.columns[column.name]])
            memo = self._memos[column.name]
            columns[column.name] = memo.column(cast(Sequence[Raw], raws))
            if memo.bad:
                for offset, raw in enumerate(raws):
                    if raw in memo.bad:
                        bad.setdefault(offset, {})[column.name] = memo.bad[cast(Raw, raw)]
            if memo.noted:
                self._count_notes(column.name, memo, raws, first)
        for row in range(first, first + len(rows)) if self._flags else ():
            if row in self._flags:
                bad.setdefault(row - first, {}).update(self._flags[row])
        dropped = self._judge(rows, first, columns, bad)
        self._keep(columns, first, len(rows), dropped)

    def _check_headless(self, position: int, positions: Sequence[Sequence[object]]) -> None:
        if position in self._headless or position >= len(positions):
            return
        if not all(map(is_blank, set(map(_hashable, positions[position])))):
            self._headless.add(position)
            place = self._grid.place(self._header.row, letters(position))
            self._report.fault(place, "blank_header", BLANK_HEADER)

    def _count_notes(self, name: str, memo: Memo, raws: Sequence[object], first: int) -> None:
        noted = cast(dict[object, tuple[str, ...]], memo.noted)
        for offset, raw in enumerate(raws):
            for code in noted.get(raw, ()):
                self._notes.setdefault((name, code), []).append(first + offset)

    def _judge(
        self,
        rows: list[Row],
        first: int,
        columns: dict[str, list[Value]],
        bad: dict[int, dict[str, BadCell]],
    ) -> set[int]:
        """Fault what is wrong; return the rows (as offsets) that are blank or totals."""
        dropped: set[int] = set()
        for offset in sorted(self._suspects(columns) | bad.keys()):
            reasons = bad.get(offset, {})
            if not reasons and all(values[offset] is None for values in columns.values()):
                dropped.add(offset)
                continue
            missing = [
                column
                for column in self._read
                if column.required
                and columns[column.name][offset] is None
                and column.name not in reasons
            ]
            if (missing or reasons) and self._is_total(rows[offset]):
                dropped.add(offset)
                self._totals.append(first + offset)
                continue
            self._fault_row(first + offset, missing, reasons)
        return dropped

    def _suspects(self, columns: dict[str, list[Value]]) -> set[int]:
        required = [c.name for c in self._read if c.required] or [self._read[0].name]
        suspects: set[int] = set()
        for name in required:
            values = columns[name]
            if None in values:
                suspects.update(i for i, value in enumerate(values) if value is None)
        return suspects

    def _is_total(self, cells: Sequence[object]) -> bool:
        first = next((cell for cell in cells if not is_blank(cell)), None)
        words = {key(word) for word in self._options.total_words}
        return isinstance(first, str) and key(first).rstrip(":") in words

    def _fault_row(
        self, row: int, missing: Sequence[ColumnSpec], reasons: dict[str, BadCell]
    ) -> None:
        for column in missing:
            text = f"「{column.title}」是必填项，这里是空白。请补填。"
            self._report.fault(self._place(row, column.name), "blank_cell", text)
        for name, reason in reasons.items():
            self._report.fault(self._place(row, name), reason.code, reason.text)

    def _keep(
        self, columns: dict[str, list[Value]], first: int, count: int, dropped: set[int]
    ) -> None:
        numbers: Iterator[int] | range = range(first, first + count)
        if dropped:
            keep = [offset not in dropped for offset in range(count)]
            columns = {name: list(compress(values, keep)) for name, values in columns.items()}
            numbers = compress(numbers, keep)
        self._numbers.extend(numbers)
        for name, values in columns.items():
            self._values[name].extend(values)

    def _merged_cells(self, last: int) -> None:
        names = {position: name for name, position in self._header.columns.items()}
        skipped = set(self._totals)
        for top, left, bottom, right in self._grid.marks.merges:
            hit = [names[position] for position in range(left, right + 1) if position in names]
            if not hit or top <= self._header.row or top > last or top in skipped:
                continue
            span = f"{letters(left)}{top}:{letters(right)}{bottom}"
            text = f"有合并单元格（{span}），只有第一格有值。请取消合并，每行各自填写。"
            self._report.fault(self._place(top, hit[0]), "merged_cell", text)

    def _remarks(self, last: int) -> None:
        for (name, code), rows in self._notes.items():
            text = NOTE_TEXTS[code].format(count=len(rows)) + f"（{runs(rows)}）"
            self._report.remark(self._place(rows[0], name), code, text)
        skipped = set(self._totals)
        for name, position in self._header.columns.items():
            formulas = self._grid.marks.formulas.get(position, ())
            rows = [r for r in formulas if self._header.row < r <= last and r not in skipped]
            if rows:
                text = f"有 {len(rows)} 格是公式，按保存的计算结果计入。（{runs(rows)}）"
                self._report.remark(self._place(min(rows), name), "formula", text)
        if self._totals:
            text = f"合计行没有读入。（{runs(self._totals)}）"
            self._report.remark(self._grid.place(self._totals[0]), "total_row", text)
        if self._header.unknown:
            listed = "、".join(f"「{text}」" for text in self._header.unknown)
            text = f"有不认识的列，没有读入：{listed}。"
            self._report.remark(self._grid.place(self._header.row), "unknown_column", text)


def _hashable(cell: object) -> object:
    return cell.strip() if isinstance(cell, str) else cell
