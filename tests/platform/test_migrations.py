"""The migrations themselves, on the database the tests run on; all other tests go without."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.apps import apps

from tests.platform.forked import run_forked

MIGRATE = """
import gc, django
gc.disable()  # models drawn up anew at each step are a quarter of its time to sweep
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
AT_ONCE = """
import django
django.setup()
from wenyou.tables import bring_to_today, made_at_once
made = made_at_once()
again = made_at_once()
bring_to_today()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
print(made, again, executor.migration_plan(executor.loader.graph.leaf_nodes()))
"""
# The tables that an older program had, for its rows, which then are brought to today.
OF_THEN = """
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wenyou.tables import bring_to_today, made_at_once
graph = MigrationExecutor(connection).loader.graph
(newest,) = graph.leaf_nodes("wenyou")
before = [one.key for one in graph.node_map[newest].parents if one.key[0] == "wenyou"]
others = [one for one in graph.leaf_nodes() if one != newest]
made = made_at_once([*others, *before])
executor = MigrationExecutor(connection)
missing = [migration.name for migration, _ in executor.migration_plan(graph.leaf_nodes())]
bring_to_today()
print(made, missing == [newest[1]])
"""
LOOK = (
    MIGRATE
    + """
from django.db import connection
from wenyou.org.models import CalendarIssue
from wenyou.search.queries import matching
from wenyou.search.services import drop, put
put("unit", 1, "城东支行营业部")
print(connection.vendor, CalendarIssue.objects.count() >= 4, matching("unit", "营业").count())
drop("unit", 1)
call_command("migrate", verbosity=0)
"""
)
# What a PostgreSQL database is made of; the order of columns is left out, and the width of the
# keys of a table of Django's own that nobody fills.
POSTGRES = """
SELECT table_name, column_name, data_type, character_maximum_length::text, is_nullable,
       column_default, is_identity
FROM information_schema.columns
WHERE table_schema = 'public' AND (table_name, column_name) <> ('auth_group_permissions', 'id')
UNION ALL
SELECT 'index', indexdef, '', '', '', '', '' FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), '', '', '', ''
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""

# Django's own bookkeeping: when what was applied, and lists of models, which nobody reads.
BOOKKEEPING = {"django_migrations", "django_content_type", "auth_permission"}


def said_by(script: str, folder: Path, **variables: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    environment = {
        **kept,
        **variables,
        "DJANGO_SETTINGS_MODULE": "wenyou.settings",
        "WENYOU_DATA": str(folder),
    }
    done = run_forked(["-c", script], environment)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def parts_of(statement: str) -> list[str]:
    """What stands between the outer brackets, in no order: a column added later stands last."""
    start, end = statement.index("("), statement.rindex(")")
    found, depth, quote = [""], 0, ""
    for sign in statement[start + 1 : end]:
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        depth += 0 if quote else (sign == "(") - (sign == ")")
        if sign == "," and not depth and not quote:
            found.append("")
        else:
            found[-1] += sign
    return sorted(one.strip() for one in found)


def tables_of(file: Path) -> dict[str, object]:
    """Tables, indexes and triggers of an SQLite file."""
    with sqlite3.connect(file) as connection:
        asked = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        rows = list(connection.execute(asked))
    connection.close()
    return {
        name: parts_of(sql) if kind == "table" and "VIRTUAL" not in sql else sql
        for kind, name, sql in rows
    }


def kept_tables() -> list[str]:
    """The tables whose rows are somebody's, also of relations between many."""
    models = apps.get_models(include_auto_created=True)
    return sorted({one._meta.db_table for one in models if one._meta.managed} - BOOKKEEPING)


def rows_of(file: Path) -> dict[str, int]:
    """How many rows each table of an SQLite file has."""
    with sqlite3.connect(file) as connection:
        found = {
            name: connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]
            for name in kept_tables()
        }
    connection.close()
    return found


@pytest.mark.files
def test_an_empty_sqlite_file_is_brought_to_today(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path)
    assert said_by(LOOK, tmp_path) == "sqlite True 1"


@pytest.mark.files
def test_tables_made_at_once_are_those_of_the_migrations(tmp_path: Path, migrated: Path) -> None:
    assert said_by(AT_ONCE, tmp_path) == "True False []"

    made = tables_of(tmp_path / migrated.name)
    assert len(made) > 100
    assert made == tables_of(migrated)
    # What a migration writes into an empty bank, the way at once has to write as well.
    filled = rows_of(tmp_path / migrated.name)
    assert filled["wenyou_calendarissue"] > 0
    assert filled == rows_of(migrated)


def test_parts_of_a_table_are_told_apart_at_the_outer_commas() -> None:
    assert parts_of("""CREATE TABLE "t" ("b" decimal(3, 1), "a" text DEFAULT 'x, (y')""") == [
        "\"a\" text DEFAULT 'x, (y'",
        '"b" decimal(3, 1)',
    ]


@pytest.mark.server
@pytest.mark.skipif("WENYOU_DATABASE_URL" not in os.environ, reason="这一遍测试用的是 SQLite。")
def test_an_empty_postgresql_database_is_brought_to_today(tmp_path: Path) -> None:
    with database() as migrated, database() as made, database() as older:
        assert said_by(LOOK, tmp_path, WENYOU_DATABASE_URL=migrated) == "postgresql True 1"
        assert said_by(AT_ONCE, tmp_path, WENYOU_DATABASE_URL=made) == "True False []"

        assert structure(made) ^ structure(migrated) == set()
        assert rows_on(made) == rows_on(migrated)

        assert said_by(OF_THEN, tmp_path, WENYOU_DATABASE_URL=older) == "True True"
        assert structure(older) ^ structure(migrated) == set()


@contextmanager
def database() -> Iterator[str]:
    """A new PostgreSQL database beside that of the tests; its address."""
    import psycopg  # noqa: PLC0415 -- only where it is asked for

    parts = urlsplit(os.environ["WENYOU_DATABASE_URL"])
    name = f"migrated_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield urlunsplit(parts._replace(path=f"/{name}"))
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def structure(address: str) -> set[tuple[object, ...]]:
    """Columns, indexes and constraints."""
    import psycopg  # noqa: PLC0415 -- only where it is asked for

    with psycopg.connect(address) as server:
        return set(server.execute(POSTGRES))


def rows_on(address: str) -> dict[str, int]:
    """How many rows each table has."""
    import psycopg  # noqa: PLC0415 -- only where it is asked for

    with psycopg.connect(address) as server:
        found = {
            name: server.execute(f'SELECT COUNT(*) FROM "{name}"'.encode()).fetchone()
            for name in kept_tables()
        }
    return {name: row[0] for name, row in found.items() if row is not None}
