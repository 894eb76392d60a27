"""Parquet files with the same columns, read through DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import Place
from wenyou_desk.tables.cells import Origin
from wenyou_desk.tables.grid import Grid, Row
from wenyou_desk.tables.loaded import FileRefused
from wenyou_desk.tables.spec import ReadOptions

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_BATCH = 20_000
_PLAIN_TYPES = (
    "VARCHAR", "BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT",
    "USMALLINT", "UINTEGER", "UBIGINT", "UHUGEINT", "FLOAT", "DOUBLE", "DATE", "TIME",
    "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "NULL", '"NULL"',
)  # fmt: skip
_BROKEN = "不是可读的 Parquet 文件，或已损坏。请重新导出。"


def open_parquet(path: Path, name: str, options: ReadOptions) -> Grid:
    """The one table of a Parquet file; its column names are the header (row 0)."""
    import duckdb  # noqa: PLC0415 -- slow import

    # DuckDB reads * ? [ in a path as a pattern; a class of one character is that character.
    pattern = "".join(f"[{char}]" if char in "*?[" else char for char in str(path.resolve()))
    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    try:
        (rows,) = connection.execute(
            "SELECT num_rows FROM parquet_file_metadata(?)", [pattern]
        ).fetchone() or (0,)
        columns = connection.execute(
            "DESCRIBE SELECT * FROM read_parquet(?, hive_partitioning = false)", [pattern]
        ).fetchall()
        if rows > options.max_rows or rows * len(columns) > options.max_cells:
            text = (
                f"共 {rows} 行 {len(columns)} 列，超过一次读入的上限"
                f"（{options.max_rows} 行、{options.max_cells} 格）。请拆成几个文件。"
            )
            raise FileRefused("too_many_rows", text)
        selected = ", ".join(_selected(name, column, kind) for column, kind, *_ in columns)
        read = f"SELECT {selected} FROM read_parquet(?, hive_partitioning = false)"  # noqa: S608 -- quoted names
        cursor = connection.execute(read, [pattern])
    except duckdb.Error as error:
        raise FileRefused("broken_parquet", _BROKEN) from error
    header = [column for column, *_ in columns]
    return Grid(
        _rows(header, cursor),
        file=name,
        sheet="",
        origin=Origin.PARQUET,
        head_rows=options.header_rows,
        first_row=0,
    )


def _selected(file: str, column: str, kind: str) -> str:
    quoted = '"' + column.replace('"', '""') + '"'
    if kind in _PLAIN_TYPES or kind.startswith("DECIMAL"):
        return quoted
    if kind.startswith("ENUM"):
        return f"CAST({quoted} AS VARCHAR)"
    text = f"这一列的类型 {kind} 不能读入。请改为文本、数、日期或时间后重新导出。"
    raise FileRefused("parquet_type", text, Place(file=file, column=column))


def _rows(header: list[str], cursor: DuckDBPyConnection) -> Iterator[Row]:
    yield header
    while batch := cursor.fetchmany(_BATCH):
        yield from batch
