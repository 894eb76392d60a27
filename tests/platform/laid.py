"""Rows that many tests need, made once per process and laid into the database of each test.

The standing cast takes a hundred statements to save, a computed run takes a second: the same rows
each time. What a maker did to a database is kept as the statements that do it again, together with
the files it wrote and a pickle of what it returned, so that every test has objects of its own.
Laid is only onto a database that is row by row what it was when the maker ran.
"""

from __future__ import annotations

import hashlib
import pickle
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Model
from django.db.models.sql import InsertQuery

T = TypeVar("T")
Table = dict[Any, tuple[Any, ...]]
Rows = dict[type[Model], Table]
Statement = tuple[str, Any]
AT_ONCE = 40  # rows of one statement; SQLite counts their values
# Django's own list of models and what may be done to them: written with the tables, used by nobody.
OTHERS = frozenset({"auth", "contenttypes"})


@dataclass(frozen=True)
class Kept:
    """What a maker did."""

    made: bytes
    statements: tuple[Statement, ...]
    folder: Path | None
    files: dict[Path, bytes]


_kept: dict[tuple[str, ...], Kept] = {}
# The names under which a connection knows questions.
_asked: WeakKeyDictionary[Any, dict[str, str]] = WeakKeyDictionary()


def laid(make: Callable[[], T], *names: object, folder: Callable[[T], Path] | None = None) -> T:
    """What ``make()`` returns, its rows in the database and its files in ``folder``.

    ``names`` say what the maker was handed; with the rows they decide whether it need run again.
    """
    before = rows()
    known = (
        str(settings.DATA.root),
        *map(str, names),
        hashlib.sha256(repr(before).encode()).hexdigest(),
    )
    kept = _kept.get(known)
    if kept is None:
        made = make()
        place = folder(made) if folder else None
        statements = tuple(written(difference(before)))
        _kept[known] = Kept(pickle.dumps(made), statements, place, read(place))
        return made
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in kept.statements:
            cursor.execute(sql, params)
    if kept.folder is not None:
        shutil.rmtree(kept.folder, ignore_errors=True)
    for path, content in kept.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    again: T = pickle.loads(kept.made)
    return again


def written(statements: Iterable[Statement]) -> Iterator[Statement]:
    """For PostgreSQL all in one text with their values in it: one way to the server, and values
    are put into the words of SQL once.
    """
    if connection.vendor != "postgresql":
        yield from statements
        return
    with connection.cursor() as cursor:
        texts = [cursor.mogrify(sql, params) for sql, params in statements]
    if texts:
        yield ";".join(texts), None


def read(folder: Path | None) -> dict[Path, bytes]:
    """The files of a folder."""
    found = folder.rglob("*") if folder else ()
    return {path: path.read_bytes() for path in found if path.is_file()}


@cache
def questions() -> dict[type[Model], str]:
    """How each table is read whole, the key first."""
    quoted = connection.ops.quote_name
    asked = {}
    for model in apps.get_models(include_auto_created=True):
        meta = model._meta
        if meta.managed and not meta.proxy and meta.app_label not in OTHERS:
            columns = ", ".join(quoted(str(one.column)) for one in meta.local_concrete_fields)
            key = quoted(str(meta.pk.column))
            asked[model] = f"SELECT {key}, {columns} FROM {quoted(meta.db_table)} ORDER BY {key}"
    return asked


@cache
def which_are_filled() -> str:
    """One question for all tables: most are empty, and each question is a way to the server."""
    quoted = connection.ops.quote_name
    tables = (quoted(model._meta.db_table) for model in questions())
    return "SELECT " + ", ".join(f"EXISTS (SELECT 1 FROM {table})" for table in tables)


def rows() -> Rows:
    """Every row of every table by its key."""
    found: Rows = {}
    (filled,) = answers(which_are_filled())
    for (model, question), any_there in zip(questions().items(), filled, strict=True):
        if any_there:
            found[model] = {row[0]: row for row in answers(question)}
    return found


def answers(question: str) -> list[tuple[Any, ...]]:
    """The rows of a question, which PostgreSQL is to understand once for each connection: of so
    many tables that takes longer than the answer.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked = _asked.setdefault(connection.connection, {})
            if question not in asked:
                name = f"laid_{len(asked)}"
                cursor.execute(f"PREPARE {name} AS {question}")
                asked[question] = name  # known from now on, for it was understood
            question = f"EXECUTE {asked[question]}"
        cursor.execute(question)
        return list(cursor.fetchall())


def difference(before: Rows) -> Iterator[Statement]:
    """The statements that make of the rows before what is there now."""
    after = rows()
    for model in {**before, **after}:
        old, new = before.get(model, {}), after.get(model, {})
        gone = [key for key, row in old.items() if new.get(key) != row]
        come = [key for key, row in new.items() if old.get(key) != row]
        yield from deletes(model, gone)
        for start in range(0, len(come), AT_ONCE):
            yield from inserts(model, come[start : start + AT_ONCE])


def deletes(model: type[Model], keys: list[Any]) -> Iterator[Statement]:
    """Without the cascades and refusals of Django: what refers to the rows stays."""
    quoted, meta = connection.ops.quote_name, model._meta
    for key in keys:
        yield (
            f"DELETE FROM {quoted(meta.db_table)} WHERE {quoted(str(meta.pk.column))} = %s",
            (key,),
        )


def inserts(model: type[Model], keys: list[Any]) -> Iterator[Statement]:
    """The rows as they are, with their keys and moments."""
    objects = list(model._base_manager.filter(pk__in=keys).order_by("pk"))
    query = InsertQuery(model)
    query.insert_values(model._meta.local_concrete_fields, objects, raw=True)
    yield from query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
