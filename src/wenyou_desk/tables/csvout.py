"""Write typed rows as CSV: UTF-8 with BOM for Excel, cells that would compute made inert."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from wenyou_desk.tables.newfile import new_file
from wenyou_desk.tables.outcells import FORMULA_START, NUMERIC, shown_text
from wenyou_desk.tables.sheet import CHUNK, Progress
from wenyou_desk.tables.spec import ColumnSpec, SheetSpec, Value


def write_csv(
    path: Path,
    spec: SheetSpec,
    rows: Iterable[Sequence[Value]],
    *,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> None:
    """Write one table. Text that begins like a formula gets a ' in front, which reading
    takes off again. Raises InputRefused when the file exists.
    """
    columns = spec.columns
    with (
        new_file(path, overwrite=overwrite) as temporary,
        temporary.open("w", encoding="utf-8-sig", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow([column.label for column in columns])
        for count, values in enumerate(rows, 1):
            writer.writerow(
                [_cell(value, column) for value, column in zip(values, columns, strict=True)]
            )
            if progress is not None and count % CHUNK == 0:
                progress(path.name, count)


def _cell(value: Value, column: ColumnSpec) -> str:
    text = shown_text(value, column)
    if column.kind not in NUMERIC and FORMULA_START.match(text.lstrip("'")):
        return "'" + text
    return text
