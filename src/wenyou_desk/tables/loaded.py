"""What a reading gives back: typed columns that still know their cells, or all faults."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from wenyou_core.errors import FactsError, Fault, Place
from wenyou_desk.tables.spec import SheetSpec, Value

Remark = Fault  # the same shape; a remark refuses nothing

PRINTED = 200


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, column by column. Row ``i`` of every column is one row of the file.

    ``columns`` holds every column of ``spec`` (all None where the file lacks an optional
    one). ``row_numbers`` counts as Excel does (in Parquet: records from 1). ``others`` are the
    titles that are no column of ``spec``.
    """

    spec: SheetSpec
    file: str
    sheet: str
    headers: Mapping[str, str]
    row_numbers: Sequence[int]
    columns: Mapping[str, Sequence[Value]]
    others: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.row_numbers)

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """Rows as tuples in the order of ``spec.columns``."""
        return zip(*(self.columns[column.name] for column in self.spec.columns), strict=True)

    def without(self, bad: Container[tuple[str, str, int | None]]) -> Table:
        """The table with these rows, by file, sheet and number, left out."""
        keep = [(self.file, self.sheet, row) not in bad for row in self.row_numbers]
        columns = {name: list(compress(cells, keep)) for name, cells in self.columns.items()}
        return replace(self, row_numbers=list(compress(self.row_numbers, keep)), columns=columns)

    def place(self, index: int, column: str = "") -> Place:
        """Where row ``index`` (from 0) and, if named, its cell stand in the file."""
        shown = ""
        if column:
            shown = self.headers.get(column) or self.spec.column(column).title
        row = self.row_numbers[index]
        return Place(file=self.file, sheet=self.sheet, row=row, column=shown)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: its name, its size and the SHA-256 of its bytes."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything one call read. Several sheets or files may fill the same spec."""

    tables: tuple[Table, ...]
    remarks: tuple[Remark, ...]
    files: tuple[SourceFile, ...]

    def of(self, name: str) -> tuple[Table, ...]:
        """The tables of the spec called ``name``, in the order of files and sheets."""
        return tuple(table for table in self.tables if table.spec.name == name)

    def count(self, name: str) -> int:
        return sum(len(table) for table in self.of(name))


class TableFaults(FactsError):
    """Nothing was loaded. ``faults`` is the full list, ``str()`` shows the first ones.

    ``unlisted`` counts faults beyond ``ReadOptions.max_faults`` that were not kept. ``sound`` are
    the rows in whose cells nothing is wrong, for whoever looks on for what else is; nothing where
    not every fault was kept.
    """

    def __init__(
        self,
        faults: Iterable[Fault],
        *,
        remarks: Iterable[Remark] = (),
        unlisted: int = 0,
        tables: Iterable[Table] = (),
    ) -> None:
        super().__init__(faults)
        self.remarks = tuple(remarks)
        self.unlisted = unlisted
        self._tables = () if unlisted else tuple(tables)

    @property
    def sound(self) -> Loaded:
        """The tables without the rows that are named by a fault."""
        bad = {(one.place.file, one.place.sheet, one.place.row) for one in self.faults}
        return Loaded(tuple(one.without(bad) for one in self._tables), (), ())

    def __str__(self) -> str:
        lines = [str(fault) for fault in self.faults[:PRINTED]]
        more = len(self.faults) - len(lines) + self.unlisted
        if more > 0:
            lines.append(f"另有 {more} 处问题没有列出。请先改好以上各处，再检查一次。")
        return "\n".join(lines)


class Report:
    """Faults and remarks as they are met during one reading."""

    def __init__(self, max_faults: int) -> None:
        self.faults: list[Fault] = []
        self.remarks: list[Remark] = []
        self.unlisted = 0
        self._max_faults = max_faults

    def fault(self, place: Place, code: str, text: str) -> None:
        if len(self.faults) < self._max_faults:
            self.faults.append(Fault(place, code, text))
        else:
            self.unlisted += 1

    def remark(self, place: Place, code: str, text: str) -> None:
        self.remarks.append(Fault(place, code, text))


class FileRefused(Exception):
    """A file or sheet cannot be read at all; becomes one fault with the file's place."""

    def __init__(self, code: str, text: str, place: Place | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.place = place
