"""测算结果.xlsx: what is open on top, then the standings, then the entries, then the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from wenyou_core.assess.program import Program
from wenyou_desk.runs.ledgersheets import entries_sheets, payment_sheets, summary_sheets
from wenyou_desk.runs.lines import Lines, ResultLines
from wenyou_desk.runs.noticesheets import (
    open_sheet,
    outcome_sheets,
    sources_sheet,
    uncounted_sheet,
    values_sheet,
)
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.standings import standings
from wenyou_desk.runs.telling import Teller
from wenyou_desk.tables.sheet import Progress
from wenyou_desk.tables.workbook import OutSheet, write_workbook


def write_run_workbook(
    program: Program,
    record: RunRecord,
    path: Path,
    *,
    top_line: str = "",
    progress: Progress | None = None,
) -> None:
    """Write the workbook of a run; the same run gives the same bytes.

    ``top_line`` stands above everything else on each sheet.
    """
    teller = Teller(program.plan, record)
    sheets = _sheets(program, record, teller)
    if top_line:
        sheets = (replace(one, heading=(top_line, *one.heading)) for one in sheets)
    write_workbook(path, sheets, progress=progress)


def write_large_workbook(
    program: Program,
    record: RunRecord,
    lines: Lines,
    path: Path,
    *,
    progress: Progress | None = None,
) -> None:
    """Write the workbook of a run whose entries lie in tables: all but entries and uncounted."""
    teller = Teller(program.plan, record)
    sheets = chain(
        (open_sheet(record, teller),),
        standings(program, record, teller, lines),
        payment_sheets(program, record, teller, lines),
        outcome_sheets(program, record, teller),
        (values_sheet(program, record), sources_sheet(program)),
    )
    write_workbook(path, sheets, progress=progress)


def _sheets(program: Program, record: RunRecord, teller: Teller) -> Iterator[OutSheet]:
    yield open_sheet(record, teller)
    lines = ResultLines(program, record.result)
    yield from standings(program, record, teller, lines)
    yield from entries_sheets(program, record, teller)
    yield from summary_sheets(program, record, teller)
    yield from payment_sheets(program, record, teller, lines)
    yield from outcome_sheets(program, record, teller)
    yield uncounted_sheet(record, teller)
    yield values_sheet(program, record)
    yield sources_sheet(program)
