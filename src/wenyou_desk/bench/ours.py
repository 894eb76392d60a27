"""The bench plan assessed: Parquet in, the full ledger out (``python -m … FACTS OUT``)."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import duckdb

from wenyou_core.assess.bind import bind
from wenyou_core.assess.result import Result
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.engine import DuckEngine
from wenyou_core.assess.sql.ledger import (
    EVENT_LEVEL,
    LISTED,
    STANDINGS,
    Names,
    ledger_query,
    standings_query,
)
from wenyou_core.assess.sql.run import SqlRun, run_sql
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.bench.bare import MEMORY
from wenyou_desk.bench.scheme import checked
from wenyou_desk.facts.load import load_book
from wenyou_desk.facts.parquetfile import parquet_files
from wenyou_desk.facts.parquetkeys import FACT_IDS, SUBJECT_IDS
from wenyou_desk.facts.parquetsource import ParquetSource

PERIOD = "2023-01-01..2025-12-31"
ORG = ("机构", "覆盖声明")


NAMES = Names(subjects=SUBJECT_IDS, facts=FACT_IDS)


def run_ours(folder: Path, out: Path) -> None:
    """Assess the facts of a bench folder; write entries.parquet to ``out``."""
    clock = _Clock()
    connection = duckdb.connect()
    connection.execute(f"SET memory_limit = '{MEMORY}'")
    connection.execute(f"SET temp_directory = '{out / 'spill'}'")
    connection.execute("SET preserve_insertion_order = false")
    plan = checked().plan
    loaded = load_book([folder / f"{name}.parquet" for name in ORG], plan)
    files = parquet_files(folder, plan, connection)
    program = bind(checked(), None, parse_period(PERIOD))
    source = ParquetSource(loaded.book, program, files, connection)
    clock.lap("读机构、编号")
    run = run_sql(program, source, DuckEngine(connection))
    clock.lap("逐件计算")
    result = run.result(apart=EVENT_LEVEL | LISTED | STANDINGS)
    clock.lap("名次与评优")
    _write(run, result, connection, out / "entries.parquet")
    clock.lap("写分录")
    figures = standings_query(run.compiled.script, NAMES)
    if figures is not None:
        text = b.printed(figures, "duckdb")
        connection.execute(f"COPY ({text}) TO '{out / 'standings.parquet'}' (FORMAT parquet)")
    clock.lap("写各项指标")


def _write(run: SqlRun, result: Result, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    query = ledger_query(run.compiled.script, NAMES)
    connection.execute(
        "CREATE TEMPORARY TABLE closing (rule VARCHAR, subject VARCHAR, amount BIGINT)"
    )
    rows = [(one.rule, one.subject.id, one.amount) for one in result.entries]
    if rows:
        connection.executemany("INSERT INTO closing VALUES (?, ?, ?)", rows)
    below = (
        b.printed(query, "duckdb")
        if query is not None
        else "SELECT rule, subject, amount FROM closing LIMIT 0"
    )
    closing = "SELECT rule, subject, amount FROM closing"
    both = f"{below} UNION ALL BY NAME {closing}"
    connection.execute(f"COPY ({both}) TO '{path}' (FORMAT parquet)")


class _Clock:
    """Says on standard error how long each part took."""

    def __init__(self) -> None:
        self._since = time.monotonic()

    def lap(self, what: str) -> None:
        now = time.monotonic()
        sys.stderr.write(f"    {what} {now - self._since:.2f} 秒\n")
        self._since = now


if __name__ == "__main__":
    run_ours(Path(sys.argv[1]), Path(sys.argv[2]))
