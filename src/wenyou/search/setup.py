"""The inverted index in the form each database has: FTS5 on SQLite, GIN on PostgreSQL.

Made after the tables are there, whether by migrations or, in tests, without. Triggers keep the
SQLite index true to its table, so that nobody has to think of it.
"""

from __future__ import annotations

from django.db import connections
from django.db.backends.utils import CursorWrapper

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
# An index of each kind by itself: the words of a million matters do not stand in the way of people.
KINDS = ("matter", "unit", "person")
GIN = (
    f"CREATE INDEX {INDEX}_{{kind}} ON {TABLE} USING gin ((string_to_array(grams, ' ')))"
    " WITH (gin_pending_list_limit = 256) WHERE object_kind = '{kind}'"
)


def ensure_index(using: str = "default", **_: object) -> None:
    """Make the index where it is missing; receives Django's ``post_migrate``."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for statement in SQLITE:
                cursor.execute(statement)
        else:
            _postgres(cursor)


def _postgres(cursor: CursorWrapper) -> None:
    """How common a piece is, is known once the new indexes have been looked through."""
    cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [TABLE])
    there = {row[0] for row in cursor.fetchall()}
    missing = [kind for kind in KINDS if f"{INDEX}_{kind}" not in there]
    for kind in missing:
        cursor.execute(GIN.format(kind=kind))
    if missing:
        cursor.execute(f"DROP INDEX IF EXISTS {INDEX}")
        cursor.execute(f"ANALYZE {TABLE}")
