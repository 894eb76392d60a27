"""A whole bank's run: facts in Parquet, entries out to Parquet, nothing of them in Python.

result.json then holds the plan, the organization, what is missing or waits, the sums of every
rule, and names the tables with their SHA-256; copies of the facts' files stand beside it, so that
one subject can be explained later from the folder alone.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.assess.bind import bind
from wenyou_core.assess.known import as_known
from wenyou_desk.runs.choose import period_covered
from wenyou_desk.runs.execute import calendar_for, check_adopters, record_of_run
from wenyou_desk.runs.files import FACTS
from wenyou_desk.runs.outside import remarks_on

if TYPE_CHECKING:
    from collections.abc import Mapping

    from wenyou_core.assess.program import Program
    from wenyou_core.worktime.periods import Period
    from wenyou_desk.facts.parquetfile import ParquetFile
    from wenyou_desk.plans import AdoptionFile, PlanFile
    from wenyou_desk.runs.record import RunRecord
    from wenyou_desk.tables.sheet import Progress as SheetProgress

LARGE = 200_000
"""From so many rows in Parquet files on, a run's entries go to tables of their own."""


def is_large(facts: Path, plan: PlanFile) -> bool:
    """Whether a folder's Parquet files of facts have so many rows. Raises what reading them does."""
    import duckdb  # noqa: PLC0415 -- slow import

    from wenyou_desk.facts.parquetfile import rows_of_facts  # noqa: PLC0415 -- slow import

    if not facts.is_dir() or not any(facts.glob("*.parquet")):
        return False
    with duckdb.connect() as connection:
        return rows_of_facts(facts, plan.plan, connection) >= LARGE


def run_bulk(
    plan: PlanFile,
    adoption: AdoptionFile | None,
    folder: Path,
    period: Period | None,
    stage: Path,
    *,
    known_at: datetime | None = None,
) -> tuple[Program, RunRecord]:
    """Assess a folder with large Parquet files; write the tables and copies of the files.

    Raises what ``load_book`` and ``run_plan`` raise. The record names the tables.
    """
    from wenyou_core.assess.sql.engine import DuckEngine  # noqa: PLC0415 -- slow import
    from wenyou_core.assess.sql.run import run_sql  # noqa: PLC0415 -- slow import
    from wenyou_desk.facts.bankengine import bank_connection  # noqa: PLC0415 -- slow import
    from wenyou_desk.facts.parquetload import load_beside_parquet  # noqa: PLC0415 -- slow import
    from wenyou_desk.facts.parquetsource import ParquetSource  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.bulk import outside_days  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.bulktables import (  # noqa: PLC0415 -- slow import
        apart_of,
        totals_of,
        write_tables,
    )

    with (
        tempfile.TemporaryDirectory(prefix="wenyou-") as spill,
        bank_connection(Path(spill)) as connection,
    ):
        loaded, files = load_beside_parquet(folder, plan.plan, connection)
        chosen = period or period_covered(plan.plan, loaded.book)
        program = bind(plan.checked, adoption.adoption if adoption else None, chosen)
        check_adopters(program, loaded.book)
        source = ParquetSource(
            loaded.book,
            program,
            files,
            connection,
            known_at=known_at,
            calendar=calendar_for(plan.text),
        )
        run = run_sql(program, source, DuckEngine(connection), sparing=True)
        result = run.result(apart=apart_of(run))
        tables = write_tables(run, result, source.ledger_names(), connection, stage)
        totals = totals_of(connection, stage)
        outside = tuple(outside_days(program, files, connection))
    _keep(files, stage / FACTS)
    known = as_known(loaded.book, known_at)
    record = record_of_run(
        plan,
        adoption,
        replace(loaded, files=(*loaded.files, *(file.source() for file in files.values()))),
        program=program,
        result=replace(result, entries=()),
        known=known,
        remarks=(*remarks_on(program, loaded.book, known, known_at), *outside),
    )
    return program, replace(record, whole=False, tables=tables, totals=totals)


def write_bulk_workbook(
    program: Program,
    record: RunRecord,
    folder: Path,
    name: str,
    *,
    progress: SheetProgress | None = None,
) -> None:
    """Write the workbook of a large run beside its tables, streamed from them."""
    import duckdb  # noqa: PLC0415 -- slow import

    from wenyou_desk.runs.tablelines import TableLines  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.workbook import write_large_workbook  # noqa: PLC0415 -- slow import

    with (
        tempfile.TemporaryDirectory(prefix="wenyou-") as spill,
        duckdb.connect(config={"temp_directory": spill}) as connection,
    ):
        lines = TableLines(program, record, folder, connection)
        write_large_workbook(program, record, lines, folder / name, progress=progress)


def _keep(files: Mapping[str, ParquetFile], folder: Path) -> None:
    folder.mkdir()
    for file in files.values():
        shutil.copyfile(file.path, folder / file.path.name)
