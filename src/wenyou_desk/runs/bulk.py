"""Runs over large Parquet files: nothing of a fact becomes a Python object before it counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.assess.bind import bind
from wenyou_core.assess.known import as_known
from wenyou_core.errors import Fault
from wenyou_desk.runs.choose import period_covered
from wenyou_desk.runs.execute import calendar_for, check_adopters, record_of_run
from wenyou_desk.runs.outside import looked_at, remarks_on

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from wenyou_core.assess.program import Program
    from wenyou_core.assess.result import Result
    from wenyou_core.worktime.periods import Period
    from wenyou_desk.facts.parquetfile import ParquetFile
    from wenyou_desk.plans import AdoptionFile, PlanFile
    from wenyou_desk.runs.record import RunRecord


def holds_parquet(facts: Path) -> bool:
    """Whether a folder has Parquet files at all."""
    return facts.is_dir() and any(facts.glob("*.parquet"))


def run_parquet(
    plan: PlanFile,
    adoption: AdoptionFile | None,
    folder: Path,
    period: Period | None,
    *,
    known_at: datetime | None = None,
) -> tuple[Program, RunRecord]:
    """The run of a folder with Parquet files, on DuckDB.

    Raises what ``load_book`` and ``run_plan`` raise. The record keeps the facts that the result
    names (``whole`` is False).
    """
    import duckdb  # noqa: PLC0415 -- slow import

    from wenyou_core.assess.sql.engine import DuckEngine  # noqa: PLC0415 -- slow import
    from wenyou_core.assess.sql.run import run_sql  # noqa: PLC0415 -- slow import
    from wenyou_desk.facts.parquetload import (  # noqa: PLC0415 -- slow import
        facts_named,
        load_beside_parquet,
    )
    from wenyou_desk.facts.parquetsource import ParquetSource  # noqa: PLC0415 -- slow import

    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
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
        result = run_sql(program, source, DuckEngine(connection)).result()
        facts = facts_named(files, _named(result), plan.plan, connection)
        remarks = tuple(outside_days(program, files, connection))
    known = as_known(loaded.book, known_at)
    record = record_of_run(
        plan,
        adoption,
        replace(loaded, files=(*loaded.files, *(file.source() for file in files.values()))),
        program=program,
        result=result,
        known=replace(known, facts={**known.facts, **facts}),
        remarks=(*remarks_on(program, loaded.book, known, known_at), *remarks),
    )
    return program, replace(record, whole=False)


def _named(result: Result) -> set[str]:
    """The numbers of all facts that a result speaks of."""
    named: set[str] = set()
    for entry in result.entries:
        named |= {entry.fact, entry.earlier, entry.decision}
    for uncounted in result.uncounted:
        named |= {uncounted.fact, uncounted.by_fact}
    named |= {row.fact for row in result.bars} | {row.fact for row in result.tasks}
    named |= {row.fact for row in result.waiting}
    return named - {""}


def outside_days(
    program: Program, files: Mapping[str, ParquetFile], connection: DuckDBPyConnection
) -> Iterator[Fault]:
    """How many facts of each file lie outside the days that the run looks at."""
    from wenyou_desk.facts.parquetsql import day  # noqa: PLC0415 -- slow import

    for kind, days in looked_at(program).items():
        file = files.get(kind)
        if file is None:
            continue
        names = [name for name in ("happened", "known", *days.dates) if name in file.columns]
        first = "" if days.since is None else f" AND {{}} >= {_number(days.since)}"
        inside = " OR ".join(
            f"COALESCE(({{}} <= {_number(days.till)}{first}), FALSE)".replace(
                "{}", day(file.columns[name]).value
            )
            for name in names
        )
        query = f"SELECT COUNT(*) FROM {file.table} WHERE NOT ({inside})"  # noqa: S608 -- quoted
        (count,) = connection.execute(query).fetchone() or (0,)
        if count:
            yield Fault(file.place(), "outside_period", days.text(count))


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days
