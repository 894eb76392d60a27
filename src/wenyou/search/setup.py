"""The inverted index in the form each database has: FTS5 on SQLite, GIN on PostgreSQL.

Made after the tables are there, whether by migrations or, in tests, without. Triggers keep the
SQLite index true to its table, so that nobody has to think of it; made over a table that holds
texts already, or after a migration that lost its triggers, it is built from the table.
"""

from __future__ import annotations

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from wenyou.search.comparing import differs

TABLE = "wenyou_searchdoc"
INDEX = "wenyou_searchindex"
OLD = f"INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES ('delete', old.id, old.grams)"  # noqa: S608 -- constants
NEW = f"INSERT INTO {INDEX}(rowid, grams) VALUES (new.id, new.grams)"  # noqa: S608 -- constants

SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
    f"grams, content='{TABLE}', content_rowid='id', detail='none', tokenize='unicode61')",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_new AFTER INSERT ON {TABLE} BEGIN {NEW}; END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_old AFTER DELETE ON {TABLE} BEGIN {OLD}; END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_change AFTER UPDATE OF id, grams ON {TABLE}"
    f" BEGIN {OLD}; {NEW}; END",
)
TRIGGERS = (f"{INDEX}_new", f"{INDEX}_old", f"{INDEX}_change")
REBUILD = f"INSERT INTO {INDEX}({INDEX}) VALUES ('rebuild')"  # noqa: S608 -- constants
# An index of each kind by itself: the words of a million matters do not stand in the way of people.
KINDS = ("matter", "unit", "person")
GIN = (
    f"CREATE INDEX {INDEX}_{{kind}} ON {TABLE} USING gin ((string_to_array(grams, ' ')))"
    " WITH (gin_pending_list_limit = 256) WHERE object_kind = '{kind}'"
)


def ensure_index(using: str = "default", **_: object) -> bool:
    """Make the index where it is missing, and whether it was; receives Django's ``post_migrate``."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return False
    with transaction.atomic(using), connection.cursor() as cursor:
        return _sqlite(cursor) if connection.vendor == "sqlite" else _postgres(cursor)


def mended_index(using: str = "default") -> bool:
    """Whether SQLite's index had to be made or built anew, because it held other texts than its
    table; PostgreSQL keeps its own true, so there only what is missing is made. As long as nothing
    is amiss, nobody who writes is kept waiting.
    """
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return False
    if connection.vendor != "sqlite":
        return ensure_index(using)
    with connection.cursor() as cursor:
        if _lacking(cursor):
            return ensure_index(using)
        if differs(TABLE, INDEX, SQLITE[0], using):
            cursor.execute(REBUILD)
            return True
    return False


def remove_index(using: str = "default") -> None:
    """Take the index away before a whole bank is written: building it afterwards is quicker."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for trigger in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            cursor.execute(f"DROP TABLE IF EXISTS {INDEX}")
            return
        for kind in KINDS:
            cursor.execute(f"DROP INDEX IF EXISTS {INDEX}_{kind}")


def _sqlite(cursor: CursorWrapper) -> bool:
    """An index without one of its triggers has missed what was written meanwhile."""
    if not _lacking(cursor):
        return False
    for statement in SQLITE:
        cursor.execute(statement)
    cursor.execute(REBUILD)
    return True


def _lacking(cursor: CursorWrapper) -> bool:
    names = (INDEX, *TRIGGERS)
    marks = ", ".join(["%s"] * len(names))
    cursor.execute(f"SELECT COUNT(*) FROM sqlite_master WHERE name IN ({marks})", names)  # noqa: S608 -- marks alone
    return bool(cursor.fetchone()[0] != len(names))


def _postgres(cursor: CursorWrapper) -> bool:
    """How common a piece is, is known once the new indexes have been looked through."""
    cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [TABLE])
    there = {row[0] for row in cursor.fetchall()}
    missing = [kind for kind in KINDS if f"{INDEX}_{kind}" not in there]
    for kind in missing:
        cursor.execute(GIN.format(kind=kind))
    if missing:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        cursor.execute(f"ANALYZE {TABLE}")
    return bool(missing)
