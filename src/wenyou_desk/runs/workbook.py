"""测算结果.xlsx: what is open on top, then the standings, then the entries, then the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from wenyou_core.assess.program import Program
from wenyou_desk.runs.ledgersheets import entries_sheets, payment_sheet, summary_sheets
from wenyou_desk.runs.noticesheets import open_sheet, outcome_sheets, uncounted_sheet, values_sheet
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


def _sheets(program: Program, record: RunRecord, teller: Teller) -> Iterator[OutSheet]:
    yield open_sheet(record, teller)
    yield from standings(program, record, teller)
    yield from entries_sheets(program, record, teller)
    yield from summary_sheets(program, record, teller)
    yield payment_sheet(program, record, teller)
    yield from outcome_sheets(program, record, teller)
    yield uncounted_sheet(record, teller)
    yield values_sheet(program, record)
