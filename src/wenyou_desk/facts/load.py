"""Files and folders to a book of facts: read, gathered, judged; all or nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from wenyou_core.assess.facts import DECISION, FactBook
from wenyou_core.errors import Fault
from wenyou_core.scheme.model import Plan
from wenyou_desk.facts.book import book_of
from wenyou_desk.facts.doubles import Doubles, unrecorded_again
from wenyou_desk.facts.judge import Judgment, judge
from wenyou_desk.facts.orgsheets import OPENINGS
from wenyou_desk.facts.sheets import DECISION_TITLE, sheets_of
from wenyou_desk.tables.loaded import Loaded, SourceFile, TableFaults
from wenyou_desk.tables.read import read_tables
from wenyou_desk.tables.sheet import Progress
from wenyou_desk.tables.spec import ReadOptions, SheetSpec, Value

# What may lie beside the facts without being facts: the adoption, notes.
OPTIONS = ReadOptions(ignored_endings=frozenset({".yaml", ".yml", ".md", ".txt"}))


@dataclass(frozen=True, slots=True)
class LoadedFacts:
    """A book that may be computed with, what deserves a look, and the files it came from.

    ``counts`` are the rows read per sheet, by the sheet's title.
    """

    book: FactBook
    remarks: tuple[Fault, ...]
    files: tuple[SourceFile, ...]
    counts: tuple[tuple[str, int], ...]


def load_book(
    paths: Sequence[Path],
    plan: Plan,
    *,
    alone: bool = False,
    elsewhere: Container[str] = (),
    progress: Progress | None = None,
) -> LoadedFacts:
    """Read the facts of a plan from files and folders of xlsx, xls, CSV and Parquet.

    ``alone`` allows files without the organization, ``elsewhere`` are numbers of facts that
    are not read here (see ``judge``). Raises TableFaults (a
    FactsError) with every bad row, InputRefused when there is nothing to read.
    """
    specs = sheets_of(plan)
    loaded = _read(paths, specs, progress)
    book = book_of(loaded, plan)
    found = judge(book, plan, alone=alone, elsewhere=elsewhere)
    _judge_openings(loaded, plan, found)
    titles = {name: one.title for name, one in plan.facts.items()} | {DECISION: DECISION_TITLE}
    doubles = Doubles()
    for kind, title in titles.items():
        doubles.add(*unrecorded_again(loaded.of(kind), title))
    found.faults += doubles.faults()
    remarks = (*loaded.remarks, *found.remarks)
    if found.faults:
        raise TableFaults(found.faults, remarks=remarks)
    counts = tuple((spec.title, loaded.count(spec.name)) for spec in specs)
    return LoadedFacts(book, tuple(sorted(set(remarks))), loaded.files, counts)


def _read(paths: Sequence[Path], specs: tuple[SheetSpec, ...], progress: Progress | None) -> Loaded:
    """All paths as one reading; the faults of all of them together."""
    parts: list[Loaded] = []
    faults: list[Fault] = []
    remarks: list[Fault] = []
    unlisted = 0
    for path in paths:
        try:
            parts.append(read_tables(path, specs, options=OPTIONS, progress=progress))
        except TableFaults as error:
            faults += error.faults
            remarks += error.remarks
            unlisted += error.unlisted
    if faults:
        raise TableFaults(faults, remarks=remarks, unlisted=unlisted)
    return Loaded(
        tuple(table for part in parts for table in part.tables),
        tuple(remark for part in parts for remark in part.remarks),
        tuple(file for part in parts for file in part.files),
    )


def _judge_openings(loaded: Loaded, plan: Plan, found: Judgment) -> None:
    """Opening balances speak of one unit or one person, in digits that the ledger holds."""
    for table in loaded.of(OPENINGS):
        columns = table.columns
        for index, row in enumerate(_rows(columns["unit"], columns["person"])):
            if sum(cell is not None for cell in row) != 1:
                text = "「机构号」和「员工号」要填一个，且只填一个。"
                found.fault(table.place(index), "opening_subject", text, "机构号")
        for index, (ledger, number) in enumerate(_rows(columns["ledger"], columns["number"])):
            known = plan.ledgers.get(str(ledger))
            places = len(str(number).partition(".")[2])
            if known is not None and places > known.digits:
                text = f"「{known.title}」的余额最多{known.digits}位小数。请改正。"
                found.fault(table.place(index), "opening_digits", text, "余额")


def _rows(*columns: Sequence[Value]) -> Iterable[tuple[Value, ...]]:
    return zip(*columns, strict=True)
