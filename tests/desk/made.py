"""Runs of the small bank, made once and shared by the tests that only look at them."""

from __future__ import annotations

from pathlib import Path

from tests.desk.bank import ADOPTION, Rows, facts_folder
from wenyou_core.assess.program import Program
from wenyou_desk.runs.command import assess_files
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.telling import Teller

Made = tuple[Program, RunRecord]


def run_of(
    folder: Path,
    rows: Rows | None = None,
    *,
    adoption: str = ADOPTION,
    period: str = "",
    known_at: str = "",
) -> Made:
    """A run from real files in ``folder``."""
    facts_folder(folder, rows, adoption)
    return assess_files("jsb_sub_branch", folder, period=period, known_at=known_at)


def sentences(made: Made) -> dict[str, str]:
    """What is told of each entry, by rule and subject."""
    program, record = made
    teller = Teller(program.plan, record)
    return {
        f"{entry.rule} {entry.kind.value} {entry.subject.id}": teller.sentence(entry)
        for entry in record.result.entries
    }
