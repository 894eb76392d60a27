"""The bench plan assessed: Parquet in, the full ledger out (``python -m … FACTS OUT``)."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from wenyou_core.assess.bind import bind
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.engine import DuckEngine
from wenyou_core.assess.sql.ledger import ENTRIES, LISTED, STANDINGS, standings_query
from wenyou_core.assess.sql.run import run_sql
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.bench.scheme import checked
from wenyou_desk.facts.bankengine import bank_connection
from wenyou_desk.facts.load import load_book
from wenyou_desk.facts.parquetfile import parquet_files
from wenyou_desk.facts.parquetsource import ParquetSource
from wenyou_desk.runs.ledgerfile import copy_to, write_ledger

PERIOD = "2023-01-01..2025-12-31"
ORG = ("机构", "覆盖声明")


def run_ours(folder: Path, out: Path) -> None:
    """Assess the facts of a bench folder; write entries.parquet to ``out``."""
    clock = _Clock()
    connection = bank_connection(out / "spill")
    plan = checked().plan
    loaded = load_book([folder / f"{name}.parquet" for name in ORG], plan)
    files = parquet_files(folder, plan, connection)
    program = bind(checked(), None, parse_period(PERIOD))
    source = ParquetSource(loaded.book, program, files, connection)
    clock.lap("读机构、编号")
    run = run_sql(program, source, DuckEngine(connection), sparing=True)
    clock.lap("逐件计算")
    result = run.result(apart=ENTRIES | LISTED | STANDINGS)
    clock.lap("名次与评优")
    names = source.ledger_names()
    write_ledger(run, result.entries, names, connection, out / "entries.parquet")
    clock.lap("写分录")
    figures = standings_query(run.compiled.script, names)
    if figures is not None:
        copy_to(connection, b.printed(figures, "duckdb"), out / "standings.parquet")
    clock.lap("写各项指标")


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
