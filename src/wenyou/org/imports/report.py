"""What an import would do, line by line; and whether that is still what was shown."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import transaction

from wenyou_core.errors import Fault, FaultsError, Place, WenyouError
from wenyou_desk.tables.loaded import Table

SHOWN = 300


class State(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    WRONG = "wrong"


STATE_TITLES = {
    State.NEW: "新增",
    State.CHANGED: "变动",
    State.SAME: "不变",
    State.WRONG: "有误",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a sheet: who or what it is, and what would change or is wrong.

    ``seal`` is a mark of what the words tell of without naming all of it.
    """

    state: State
    place: Place
    key: str
    title: str
    says: str = ""
    seal: str = ""

    @property
    def state_title(self) -> str:
        """In Chinese."""
        return STATE_TITLES[self.state]


@dataclass
class Report:
    """All lines of one import; ``applied`` once it was carried out."""

    file: str
    lines: list[Line] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    unlisted: int = 0
    applied: bool = False

    def add(
        self,
        state: State,
        row: Row,
        title: str,
        says: str = "",
        column: str = "",
        *,
        seal: str = "",
    ) -> None:
        """One more line."""
        self.lines.append(Line(state, row.place(column), row.key, title, says, seal))

    def faults(self, faults: Iterable[Fault]) -> None:
        """Rows that could not even be read."""
        for one in faults:
            self.lines.append(Line(State.WRONG, one.place, "", "", one.text))

    @contextmanager
    def refusing(self, row: Row, title: str) -> Iterator[None]:
        """What a service refuses becomes a wrong line; its half-done work is undone."""
        try:
            with transaction.atomic():
                yield
        except FaultsError as error:
            self.add(State.WRONG, row, title, "".join(fault.text for fault in error.faults))
        except WenyouError as error:
            self.add(State.WRONG, row, title, str(error))

    def counts(self) -> list[tuple[str, Mapping[State, int]]]:
        """For each sheet how many rows of each state, in order of the sheets."""
        found: dict[str, Counter[State]] = {}
        for line in self.lines:
            found.setdefault(line.place.sheet or self.file, Counter())[line.state] += 1
        return list(found.items())

    def of(self, state: State) -> list[Line]:
        """The lines of one state, as they stand in the sheets."""
        lines = [line for line in self.lines if line.state is state]
        return sorted(lines, key=lambda line: (line.place.sheet, line.place.row))

    @property
    def wrong(self) -> int:
        """How many rows are wrong; any forbids the whole import."""
        return len(self.of(State.WRONG)) + self.unlisted

    @property
    def changes(self) -> int:
        """How many rows would change something."""
        return sum(line.state in (State.NEW, State.CHANGED) for line in self.lines)

    @property
    def digest(self) -> str:
        """A mark of what was shown: what is applied must have the same."""
        said = [f"{one.state} {one.place} {one.key} {one.says} {one.seal}" for one in self.lines]
        return hashlib.sha256("\n".join(sorted(said)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table with its values by name."""

    table: Table
    index: int
    values: Mapping[str, Any]
    key: str

    def place(self, column: str = "") -> Place:
        """Where it stands."""
        return self.table.place(self.index, column)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def text(self, name: str) -> str:
        """A cell as text; an empty one is the empty text."""
        value = self.values[name]
        return "" if value is None else str(value)


def rows_of(tables: Iterable[Table], *keys: str) -> list[Row]:
    """All rows of the tables; ``keys`` name the columns by which a row is known."""
    found = []
    for table in tables:
        names = [column.name for column in table.spec.columns]
        for index, values in enumerate(table.rows()):
            cells = dict(zip(names, values, strict=True))
            key = " ".join(str(cells[name]) for name in keys)
            found.append(Row(table, index, cells, key))
    return found


def without_doubles(rows: list[Row], report: Report, what: str) -> list[Row]:
    """The rows whose key stands once; of the others every one after the first is wrong."""
    seen: dict[str, Row] = {}
    for row in rows:
        first = seen.setdefault(row.key.upper(), row)
        if first is not row:
            text = f"{what} {row.key} 在第{first.place().row}行已经写过，请只留一行。"
            report.add(State.WRONG, row, row.key, text)
    return list(seen.values())
