"""The inverted index in the form each database has: FTS5 on SQLite, GIN on PostgreSQL.

Made after the tables are there, whether by migrations or, in tests, without. Triggers keep the
SQLite index true to its table, so that nobody has to think of it.
"""

from __future__ import annotations

from django.db import connections

TABLE = "wenyou_searchdoc"
INDEX = "wenyou_searchindex"
OLD = f"INSERT INTO {INDEX}({INDEX}, rowid, grams) VALUES ('delete', old.id, old.grams)"  # noqa: S608 -- constants
NEW = f"INSERT INTO {INDEX}(rowid, grams) VALUES (new.id, new.grams)"  # noqa: S608 -- constants

SQLITE = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
    f"grams, content='{TABLE}', content_rowid='id', detail='none', tokenize='unicode61')",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_new AFTER INSERT ON {TABLE} BEGIN {NEW}; END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_old AFTER DELETE ON {TABLE} BEGIN {OLD}; END",
    f"CREATE TRIGGER IF NOT EXISTS {INDEX}_change AFTER UPDATE ON {TABLE} BEGIN {OLD}; {NEW}; END",
)
POSTGRES = (
    f"CREATE INDEX IF NOT EXISTS {INDEX} ON {TABLE} USING gin ((string_to_array(grams, ' ')))",
)


def ensure_index(using: str = "default", **_: object) -> None:
    """Make the index where it is missing; receives Django's ``post_migrate``."""
    connection = connections[using]
    if TABLE not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in SQLITE if connection.vendor == "sqlite" else POSTGRES:
            cursor.execute(statement)
