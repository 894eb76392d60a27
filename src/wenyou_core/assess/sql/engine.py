"""Where statements run: DuckDB in this process, or a PostgreSQL connection that is handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from wenyou_core.assess.rounding import too_large

Row = tuple[Any, ...]
CHUNK = 100_000
"""Rows handed to the engine at once: a list of Python values is several times a column's size."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table that is loaded: SMALLINT, INTEGER, BIGINT or TEXT."""

    name: str
    type: str


class Engine(Protocol):
    """A place to run statements; tables live as long as the run."""

    dialect: str

    def run(self, statement: str) -> None:
        """Run a statement."""
        ...

    def rows(self, query: str) -> list[Row]:
        """All rows of a query."""
        ...

    def load(self, table: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of rows."""
        ...


@contextmanager
def _in_range() -> Iterator[None]:
    """Tell of a number that 64 bits do not hold as the reference does (``too_large``)."""
    try:
        yield
    except Exception as error:
        if _is_beyond(error):
            raise too_large() from error
        raise


def _is_beyond(error: Exception) -> bool:
    """DuckDB says it by the class of its error, PostgreSQL by the code of the standard.

    A conversion may fail for many reasons; only one that names a wide integer is meant.
    """
    if getattr(error, "sqlstate", None) == "22003":
        return True
    known = type(error)
    if not known.__module__.startswith(("duckdb", "_duckdb")):
        return False
    words = str(error)
    if known.__name__ == "ConversionException":
        return "out of range" in words and ("INT64" in words or "INT128" in words)
    if known.__name__ == "InvalidInputException":  # when a value is handed over
        return "integer too large" in words
    return known.__name__ == "OutOfRangeException"


class DuckEngine:
    """DuckDB; every statement of a run stands in one transaction that is rolled back."""

    dialect = "duckdb"

    def __init__(self, connection: Any) -> None:
        """Take a connection of the duckdb package."""
        self.connection = connection

    def run(self, statement: str) -> None:
        """Run a statement."""
        with _in_range():
            self.connection.execute(statement)

    def rows(self, query: str) -> list[Row]:
        """All rows of a query."""
        with _in_range():
            found: list[Row] = self.connection.execute(query).fetchall()
        return found

    def load(self, table: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of rows, handed over column by column."""
        if not rows:
            spec = ", ".join(f"{one.name} {one.type}" for one in columns)
            self.connection.execute(f"CREATE TEMPORARY TABLE {table} ({spec})")
            return
        taken = ", ".join(f"UNNEST(?::{one.type}[]) AS {one.name}" for one in columns)
        start = f"CREATE TEMPORARY TABLE {table} AS SELECT {taken}"
        for first in range(0, len(rows), CHUNK):
            lists = [list(values) for values in zip(*rows[first : first + CHUNK], strict=True)]
            with _in_range():
                self.connection.execute(start, lists)
            start = f"INSERT INTO {table} SELECT {taken}"


class PostgresEngine:
    """PostgreSQL over a DB-API connection such as psycopg's."""

    dialect = "postgres"

    def __init__(self, connection: Any) -> None:
        """Take an open connection; the caller begins and rolls back the transaction."""
        self.connection = connection

    def run(self, statement: str) -> None:
        """Run a statement."""
        with _in_range(), self.connection.cursor() as cursor:
            cursor.execute(statement)

    def rows(self, query: str) -> list[Row]:
        """All rows of a query."""
        with _in_range(), self.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def load(self, table: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of rows."""
        spec = ", ".join(f"{one.name} {one.type}" for one in columns)
        marks = ", ".join("%s" for _ in columns)
        with _in_range(), self.connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({spec})")
            if rows:
                insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 -- our own names
                cursor.executemany(insert, list(rows))
