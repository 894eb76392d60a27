"""Where statements run: DuckDB in this process, or a PostgreSQL connection that is handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

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


class DuckEngine:
    """DuckDB; every statement of a run stands in one transaction that is rolled back."""

    dialect = "duckdb"

    def __init__(self, connection: Any) -> None:
        """Take a connection of the duckdb package."""
        self.connection = connection

    def run(self, statement: str) -> None:
        """Run a statement."""
        self.connection.execute(statement)

    def rows(self, query: str) -> list[Row]:
        """All rows of a query."""
        found: list[Row] = self.connection.execute(query).fetchall()
        return found

    def load(self, table: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of rows, handed over column by column."""
        spec = ", ".join(f"{one.name} {one.type}" for one in columns)
        if not rows:
            self.connection.execute(f"CREATE TEMPORARY TABLE {table} ({spec})")
            return
        taken = ", ".join(f"UNNEST(?::{one.type}[]) AS {one.name}" for one in columns)
        start = f"CREATE TEMPORARY TABLE {table} AS SELECT {taken}"
        for first in range(0, len(rows), CHUNK):
            lists = [list(values) for values in zip(*rows[first : first + CHUNK], strict=True)]
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
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def rows(self, query: str) -> list[Row]:
        """All rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def load(self, table: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
        """Make a temporary table of rows."""
        spec = ", ".join(f"{one.name} {one.type}" for one in columns)
        marks = ", ".join("%s" for _ in columns)
        with self.connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({spec})")
            if rows:
                insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608 -- our own names
                cursor.executemany(insert, list(rows))
