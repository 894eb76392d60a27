"""Which Parquet files of a folder hold facts, and which of their columns is what."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import Fault, InputRefused, Place
from wenyou_core.scheme.model import Plan
from wenyou_desk.facts.load import OPTIONS
from wenyou_desk.facts.parquetsql import Column, name, unclean
from wenyou_desk.facts.sheets import fact_sheet
from wenyou_desk.tables.cells import key
from wenyou_desk.tables.loaded import SourceFile, TableFaults
from wenyou_desk.tables.spec import SheetSpec

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

ROW = "r.file_row_number"


@dataclass(frozen=True, slots=True)
class ParquetFile:
    """The facts of one kind in one file; ``columns`` by the program's names."""

    kind: str
    path: Path
    rows: int
    columns: Mapping[str, Column]

    @property
    def table(self) -> str:
        """What stands behind FROM: the file's rows as ``r``, with their numbers from 0."""
        return f"{read_sql(self.path)} AS r"

    def source(self) -> SourceFile:
        """The file's name, size and digest."""
        with self.path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return SourceFile(self.path.name, self.path.stat().st_size, digest)

    def place(self, row: int = 0, column: str = "") -> Place:
        """Where a row stands; rows count from 1."""
        return Place(file=self.path.name, row=row, column=column)


def read_sql(path: Path) -> str:
    """The table function that reads one file, whatever signs its name holds."""
    plain = "".join(f"[{char}]" if char in "*?[" else char for char in str(path.resolve()))
    literal = plain.replace("'", "''")
    return f"READ_PARQUET('{literal}', file_row_number = true, hive_partitioning = false)"


def parquet_files(
    folder: Path, plan: Plan, connection: DuckDBPyConnection
) -> dict[str, ParquetFile]:
    """The Parquet file of each kind of facts that has one.

    Raises TableFaults for files that cannot be read or lack columns, InputRefused when two
    files hold the same kind.
    """
    found: dict[str, ParquetFile] = {}
    faults: list[Fault] = []
    for path in sorted(folder.glob("*.parquet")):
        kind = _kind_of(path, plan)
        if not kind:
            continue
        if kind in found:
            text = (
                f"「{found[kind].path.name}」和「{path.name}」都是「{plan.facts[kind].title}」。"
                "大批量计算时每类事项只能有一个 Parquet 文件，请合并。"
            )
            raise InputRefused("two_parquet_files", text)
        spec = fact_sheet(kind, plan.facts[kind], plan)
        columns, rows = _described(path, spec, connection, faults)
        found[kind] = ParquetFile(kind, path, rows, _cleaned(path, columns, connection))
    if faults:
        raise TableFaults(faults)
    return found


def rows_of_facts(folder: Path, plan: Plan, connection: DuckDBPyConnection) -> int:
    """How many rows the Parquet files of facts have; what cannot be read has none."""
    import duckdb  # noqa: PLC0415 -- slow import

    total = 0
    for path in folder.glob("*.parquet"):
        if not _kind_of(path, plan):
            continue
        try:
            query = f"SELECT COUNT(*) FROM {read_sql(path)}"  # noqa: S608 -- quoted
            total += (connection.execute(query).fetchone() or (0,))[0]
        except duckdb.Error:
            continue  # whoever reads it says what is wrong
    return total


def _kind_of(path: Path, plan: Plan) -> str:
    stem = key(path.stem)
    for kind, declared in plan.facts.items():
        for word in (key(declared.title), key(kind)):
            rest = stem[len(word) :]
            if stem.startswith(word) and (not rest or not rest[0].isalpha()):
                return kind
    return ""


def _described(
    path: Path, spec: SheetSpec, connection: DuckDBPyConnection, faults: list[Fault]
) -> tuple[dict[str, Column], int]:
    import duckdb  # noqa: PLC0415 -- slow import

    try:
        rows = connection.execute(
            f"DESCRIBE SELECT * EXCLUDE (file_row_number) FROM {read_sql(path)}"  # noqa: S608 -- quoted
        ).fetchall()
        (count,) = connection.execute(
            f"SELECT COUNT(*) FROM {read_sql(path)}"  # noqa: S608 -- quoted
        ).fetchone() or (0,)
    except duckdb.Error:
        text = "不是可读的 Parquet 文件，或已损坏。请重新导出。"
        faults.append(Fault(Place(file=path.name), "broken_parquet", text))
        return {}, 0
    types = {key(header): Column(f"r.{name(header)}", kind) for header, kind, *_ in rows}
    columns: dict[str, Column] = {}
    for column in spec.columns:
        words = (column.title, column.label, column.name, *column.aliases)
        held = next((types[key(word)] for word in words if key(word) in types), None)
        if held is not None:
            columns[column.name] = held
        elif column.required:
            text = f"缺少必填的列「{column.label}」。请补上后重新导出。"
            faults.append(Fault(Place(file=path.name), "missing_column", text))
    if count > OPTIONS.max_rows * 10:
        text = f"共 {count} 行，超过一次计算的上限 {OPTIONS.max_rows * 10} 行。请分批计算。"
        faults.append(Fault(Place(file=path.name), "too_many_rows", text))
    return columns, count


def _cleaned(
    path: Path, columns: Mapping[str, Column], connection: DuckDBPyConnection
) -> dict[str, Column]:
    """The columns, with what one look at all texts has found of the blanks around them."""
    texts = [name for name, column in columns.items() if column.type == "VARCHAR"]
    if not texts:
        return dict(columns)
    counts = ", ".join(f"COUNT(*) FILTER ({unclean(columns[name])})" for name in texts)
    query = f"SELECT {counts} FROM {read_sql(path)} AS r"  # noqa: S608 -- quoted
    found = connection.execute(query).fetchone() or ()
    clean = {name for name, bad in zip(texts, found, strict=True) if not bad}
    return {name: replace(column, clean=name in clean) for name, column in columns.items()}
