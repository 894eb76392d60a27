"""The ledger of a large run holds every entry of the result, on random plans and books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from duckdb import DuckDBPyConnection

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from wenyou_core.assess.result import Entry
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.engine import Column, DuckEngine
from wenyou_core.assess.sql.ledger import ENTRIES, Names
from wenyou_core.assess.sql.run import SqlRun, run_sql
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.calendar_data import read_calendar
from wenyou_desk.runs.bulkread import EntryMaker
from wenyou_desk.runs.ledgerfile import write_ledger

KEYED = (Column("k", "INTEGER"), Column("id", "TEXT"))


@pytest.fixture(scope="module")
def calendar(root: Path) -> Calendar:
    data = root / "src/wenyou_core/worktime/data/cn_holidays.yaml"
    return read_calendar(data.read_text("utf-8"))


@pytest.fixture
def connection() -> Iterator[DuckDBPyConnection]:
    with duckdb.connect(config={"threads": "1"}) as connection:
        yield connection


def names_of(run: SqlRun) -> Names:
    keys = run.source.keys
    run.engine.load("all_subjects", KEYED, list(enumerate(keys.ids, 1)))
    run.engine.load("all_facts", KEYED, list(enumerate(keys.facts, 1)))
    return Names(subjects="all_subjects", facts="all_facts", decisions="all_facts")


def read_back(run: SqlRun, connection: DuckDBPyConnection, path: Path) -> list[Entry]:
    found = connection.execute("SELECT * FROM read_parquet(?)", [str(path)])
    columns = [column[0] for column in found.description or ()]
    rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
    return EntryMaker(run.program).entries(rows)


def in_order(entries: Iterator[Entry] | list[Entry] | tuple[Entry, ...]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.key, one.ledger, one.day, one.amount))


@pytest.mark.parametrize("seed", range(20))
def test_ledger_holds_the_entries_of_the_result(
    seed: int, connection: DuckDBPyConnection, calendar: Calendar, tmp_path: Path
) -> None:
    scheme = make_scheme(seed)
    source = BookSource(make_book(scheme), scheme.program, known_at(scheme), calendar)
    run = run_sql(scheme.program, source, DuckEngine(connection), sparing=True)
    whole = run.result()
    if "workdays" in run.compiled.script.needs.tables and source.unannounced():
        return  # all comes from the reference
    apart = run.result(apart=ENTRIES)
    path = tmp_path / "entries.parquet"

    write_ledger(run, apart.entries, names_of(run), connection, path)

    assert in_order(read_back(run, connection, path)) == in_order(whole.entries)
