"""A folder with large Parquet files of facts: what is small as a book, what is large as files."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.assess.facts import Fact
from wenyou_core.errors import Place
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts import parquetsql as cells
from wenyou_desk.facts.book import book_of
from wenyou_desk.facts.load import OPTIONS, LoadedFacts, load_book
from wenyou_desk.facts.parquetfile import ParquetFile, parquet_files
from wenyou_desk.facts.parquetjudge import ParquetJudge
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.tables.loaded import TableFaults
from wenyou_desk.tables.read import read_tables
from wenyou_desk.tables.sheet import Progress

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class ParquetIds:
    """Whether a number of a fact stands in one of the files."""

    def __init__(self, files: Mapping[str, ParquetFile], connection: DuckDBPyConnection) -> None:
        self._files = files
        self._connection = connection

    def __contains__(self, code: object) -> bool:
        for file in self._files.values():
            value = cells.text(file.columns["id"]).value
            query = f"SELECT COUNT(*) FROM {file.table} WHERE {value} = ?"  # noqa: S608 -- quoted
            (count,) = self._connection.execute(query, [code]).fetchone() or (0,)
            if count:
                return True
        return False


def load_beside_parquet(
    folder: Path, plan: Plan, connection: DuckDBPyConnection, progress: Progress | None = None
) -> tuple[LoadedFacts, dict[str, ParquetFile]]:
    """The book of everything in a folder but its Parquet files of facts, and those files.

    All is judged, as ``load_book`` does. Raises TableFaults with every fault, InputRefused when
    there is nothing to read.
    """
    files = parquet_files(folder, plan, connection)
    large = {file.path for file in files.values()}
    rest = [path for path in sorted(folder.iterdir()) if path not in large and _is_read(path)]
    ids = ParquetIds(files, connection)
    loaded = load_book(rest, plan, elsewhere=ids, progress=progress)
    faults = ParquetJudge(plan, loaded.book, connection).faults(files)
    if faults:
        raise TableFaults(faults, remarks=loaded.remarks)
    return loaded, files


def _is_read(path: Path) -> bool:
    hidden = path.name.startswith(("~$", ".", "Thumbs.db", "desktop.ini"))
    return path.is_file() and not hidden and path.suffix.lower() not in OPTIONS.ignored_endings


def facts_named(
    files: Mapping[str, ParquetFile],
    named: Collection[str],
    plan: Plan,
    connection: DuckDBPyConnection,
) -> dict[str, tuple[Fact, ...]]:
    """The facts with these numbers in any of the files, by kind, read as from any file.

    Their rows in the large file are not kept; a place is the file alone.
    """
    if not named:
        return {}
    wanted = {
        kind: f"{cells.text(file.columns['id']).value} IN (SELECT UNNEST(?::VARCHAR[]))"
        for kind, file in files.items()
    }
    return _facts(files, wanted, named, plan, connection)


def facts_about(
    files: Mapping[str, ParquetFile],
    codes: Collection[str],
    plan: Plan,
    connection: DuckDBPyConnection,
    *,
    most: int,
) -> dict[str, tuple[Fact, ...]] | None:
    """The facts of units and people, and those that name one of them in a field, by kind.

    None where there are more than ``most``.
    """
    about = {ValueType.UNIT, ValueType.PERSON}
    wanted: dict[str, str] = {}
    number = 0
    for kind, file in files.items():
        fields = plan.facts[kind].fields
        names = ["unit", "person", *(name for name, one in fields.items() if one.type in about)]
        tests = [
            f"{cells.text(file.columns[name]).value} IN (SELECT UNNEST(?::VARCHAR[]))"
            for name in names
            if name in file.columns
        ]
        wanted[kind] = " OR ".join(tests) or "FALSE"
        query = f"SELECT COUNT(*) FROM {file.table} WHERE {wanted[kind]}"  # noqa: S608 -- quoted
        (rows,) = connection.execute(query, [sorted(codes)] * len(tests)).fetchone() or (0,)
        number += rows
    return None if number > most else _facts(files, wanted, codes, plan, connection)


def _facts(
    files: Mapping[str, ParquetFile],
    wanted: Mapping[str, str],
    codes: Collection[str],
    plan: Plan,
    connection: DuckDBPyConnection,
) -> dict[str, tuple[Fact, ...]]:
    """The facts that pass a condition over codes, read as from any file."""
    found: dict[str, tuple[Fact, ...]] = {}
    with tempfile.TemporaryDirectory(prefix="wenyou-") as folder:
        for kind, file in sorted(files.items()):
            part = Path(folder) / file.path.name
            query = (
                f"SELECT * EXCLUDE (file_row_number) FROM {file.table}"  # noqa: S608 -- quoted
                f" WHERE {wanted[kind]}"
            )
            target = str(part).replace("'", "''")
            given = [sorted(codes)] * wanted[kind].count("?")
            connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)", given)
            loaded = read_tables(part, sheets_of(plan), options=OPTIONS)
            place = Place(file=file.path.name)
            rows = book_of(loaded, plan).facts.get(kind, ())
            found[kind] = tuple(replace(fact, place=place) for fact in rows)
    return found
