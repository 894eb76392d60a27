"""Whether SQLite's index of search holds what its table says, while others go on writing.

FTS5 compares by a statement that counts as writing, which would keep every writer waiting. So texts
and index are read in one view of the database, which hinders nobody, into a file of their own, and
compared there.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# What FTS5 keeps of an index whose texts lie in a table, under the name of the index.
KEPT = ("data", "idx", "docsize", "config")
AT_ONCE = 500


def differs(table: str, index: str, made_by: str, using: str = "default") -> bool:
    """Whether ``index``, which the statement ``made_by`` makes, holds other words than ``table``."""
    with tempfile.TemporaryDirectory(prefix="comparing-", dir=settings.DATA.root) as folder:
        file = Path(folder) / "index.sqlite3"
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            # A copy that is thrown away need not be safe from a power cut.
            copy.execute("PRAGMA journal_mode=OFF")
            copy.execute("PRAGMA synchronous=OFF")
            copy.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, grams TEXT)")
            copy.execute(made_by)
            with _one_view(connections[using]):
                _take(connections[using], copy, table, "id, grams")
                for name in KEPT:
                    copy.execute(f"DELETE FROM {index}_{name}")  # noqa: S608 -- constants
                    _take(connections[using], copy, f"{index}_{name}", "*")
        # Opened once more, for FTS5 remembers the empty index it has made.
        with closing(sqlite3.connect(file, isolation_level=None)) as copy:
            return not _agrees(copy, index)


def _agrees(copy: sqlite3.Connection, index: str) -> bool:
    """With 1 it is compared with the table too, not only with itself."""
    try:
        copy.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 -- constants
    except sqlite3.OperationalError:
        raise  # The disk is full: no word about the index.
    except sqlite3.DatabaseError:
        return False
    return True


def _take(connection: BaseDatabaseWrapper, copy: sqlite3.Connection, table: str, what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what} FROM {table}")  # noqa: S608 -- constants
        marks = ", ".join("?" * len(cursor.description))
        copy.execute("BEGIN")
        while rows := cursor.fetchmany(AT_ONCE):
            copy.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 -- constants
        copy.execute("COMMIT")


@contextmanager
def _one_view(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """A transaction that only reads; Django's own would take the lock of writers at once."""
    if connection.in_atomic_block:
        # With a savepoint FTS5 writes what it still has in memory.
        with transaction.atomic(connection.alias):
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
