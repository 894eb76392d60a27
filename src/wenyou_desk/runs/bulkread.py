"""One subject of a large run: its rows are fetched from the tables beside result.json."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.result import AwardRow, Entry, EntryKind, MeasureValue, Uncounted
from wenyou_core.assess.sql.factors import factor_at
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.files import FACTS
from wenyou_desk.runs.record import RunRecord

if TYPE_CHECKING:
    from wenyou_core.assess.program import Program

Row = Mapping[str, Any]
_KINDS = {"person": SubjectKind.PERSON, "unit": SubjectKind.UNIT}


def narrowed(record: RunRecord, folder: Path, word: str) -> RunRecord:
    """The record of a large run with the rows of one subject, by its id or its only name.

    ``folder`` is where result.json stands. The facts that the entries name are read from the
    copies beside it. Raises InputRefused where a table is gone or was changed, or nobody is
    called so.
    """
    from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import

    program = program_of_record(record)
    tables = {one.name: folder / one.file for one in record.tables}
    for one in record.tables:
        _check(folder / one.file, one.sha256)
    whose = _ids(record, word)
    entries = EntryMaker(program).entries(_rows(tables["entries"], whose))
    named = {one for entry in entries for one in (entry.fact, entry.earlier)} - {""}
    found: dict[str, Any] = {"entries": tuple(sorted(entries, key=lambda one: (one.day, one.key)))}
    if "measures" in tables:
        rows = _rows(tables["measures"], whose)
        found["measures"] = tuple(measure_value(program, row) for row in rows)
    if "awards" in tables:
        found["awards"] = tuple(_awards(program, _rows(tables["awards"], whose)))
    facts = {**record.book.facts, **_facts(record, program, folder, named)}
    return replace(
        record,
        result=replace(record.result, **found),
        book=replace(record.book, facts=facts),
    )


class EntryMaker:
    """Makes entries of the rows of a ledger: what its columns leave out follows from the plan."""

    def __init__(self, program: Program) -> None:
        """Find the rules, limits and awards of a program."""
        self.rules: dict[str, Any] = {one.name: one for one in program.events}
        self.rules |= program.nodes

    def entries(self, rows: Iterable[Row]) -> list[Entry]:
        """The entries of rows in the columns of ``assess.sql.ledger``."""
        return [self.entry(row) for row in rows]

    def entry(self, row: Row) -> Entry:
        """One entry."""
        kind, rule = EntryKind(row["kind"]), self.rules[row["rule"]]
        times = row["times"] or 0
        cells: dict[str, Any] = {
            "rule": rule.name,
            "article": rule.article,
            "kind": kind,
            "subject": Subject(_KINDS[row["whose"]], row["subject"]),
            "ledger": row["ledger"],
            "amount": row["amount"],
            "period": row["period"],
            "day": row["day"],
            "fact": row["fact"] or "",
            "fact_kind": self._fact_kind(rule, kind, row),
            "base": row["base"] or 0,
            "earlier": row["earlier"] or "",
            "bound": bool(row.get("bound")),
            "part": row.get("part") or 0,
            "decision": row.get("decision") or "",
            "cause": self._cause(rule, kind, row),
        }
        if row.get("quantity") is not None:
            cells["quantity"] = Fraction(row["quantity"], row["quantity_den"])
        if kind is EntryKind.AWARD:
            cells["factor"] = Fraction(1, times)
        elif kind is EntryKind.JOINT:
            cells["factor"] = rule.joint[row["part"] - 1].percent or Fraction(1)
        elif kind is EntryKind.EVENT:
            cells |= {"factor": factor_at(rule.again, times), "count": times}
        return Entry(**cells)

    def _fact_kind(self, rule: Any, kind: EntryKind, row: Row) -> str:
        if not isinstance(rule, EventRule) or row["fact"] is None:
            return ""
        return "" if kind is EntryKind.LIMIT and not self._single(rule) else rule.on

    def _single(self, rule: Any) -> bool:
        """Whether the rule's LIMIT entries hold single entries."""
        bounds = rule.limit if isinstance(rule, EventRule | PeriodRule) else None
        return bounds is not None and bounds.singly

    def _cause(self, rule: Any, kind: EntryKind, row: Row) -> str:
        """The key of the entry that this one takes back, bounds or follows."""
        single = kind is EntryKind.LIMIT and self._single(rule)
        if kind is EntryKind.EXCLUDED or single:
            return self._main(rule, row, row["whose"], row["subject"]).key
        if kind is not EntryKind.JOINT:
            return ""
        main = self._main(rule, row, row["after_whose"], row["after_subject"])
        if row["after"] in ("event", "period"):
            return main.key
        if row["after"] == "total":
            return replace(main, kind=EntryKind.LIMIT, fact="", fact_kind="").key
        return replace(main, kind=EntryKind(row["after"]), cause=main.key).key

    def _main(self, rule: Any, row: Row, whose: str, subject: str) -> Entry:
        """An entry with the key of the rule's own entry for a subject and the row's fact."""
        event = isinstance(rule, EventRule)
        return Entry(
            rule=rule.name,
            article=rule.article,
            kind=EntryKind.EVENT if event else EntryKind.PERIOD,
            subject=Subject(_KINDS[whose], subject),
            ledger="",
            amount=0,
            period=row["period"],
            day=date.max,
            fact_kind=rule.on if event else "",
            fact=row["fact"] or "",
        )


# -- other rows ----------------------------------------------------------------------------------


def measure_value(program: Program, row: Row) -> MeasureValue:
    """The measure of a row in the columns of ``assess.sql.ledger``."""
    kind = program.plan.populations[program.types[row["measure"]].population].of
    cells: dict[str, Any] = {"absent": row["absent"] or ""}
    if row["value"] is not None:
        num = Fraction(row["value"], 10 ** row["digits"])
        cells = {"value": num}
        if row["form"] != "value":
            den = Fraction(row["den"], 10 ** row["den_digits"])
            cells = _ratio(row["form"], num, den)
    subject = Subject(kind, row["subject"])
    return MeasureValue(measure=row["measure"], subject=subject, period=row["period"], **cells)


def _ratio(form: str, num: Fraction, den: Fraction) -> dict[str, Fraction]:
    exact = num / den
    if form == "plain":
        return {"value": exact}
    if form == "lowest":
        return {"num": Fraction(exact.numerator), "den": Fraction(exact.denominator)}
    return {"num": num, "den": den}


def _awards(program: Program, rows: Iterable[Row]) -> Iterable[AwardRow]:
    for row in rows:
        yield AwardRow(
            award=row["award"],
            article=program.nodes[row["award"]].article,
            subject=Subject(_KINDS[row["whose"]], row["subject"]),
            period=row["period"],
            won=row["won"],
            eligible=row["eligible"],
            rank=row["rank"] or 0,
            failed=tuple(row["failed"]),
            bars=tuple(sorted(set(row["bars"]))),
        )


def uncounted_among(record: RunRecord, folder: Path, facts: Iterable[str]) -> tuple[Uncounted, ...]:
    """The rows of a large run about facts of these numbers that did not count."""
    table = next((one for one in record.tables if one.name == "uncounted"), None)
    if table is None:
        return record.result.uncounted
    query = "SELECT * FROM read_parquet(?) WHERE fact IN (SELECT UNNEST(?::VARCHAR[])) ORDER BY ALL"
    rows = (
        Uncounted(**{name: cell or "" for name, cell in row.items()})
        for row in _asked(query, folder / table.file, sorted(set(facts)))
    )
    return tuple(dict.fromkeys(rows))


# -- files ---------------------------------------------------------------------------------------


def _check(path: Path, sha256: str) -> None:
    if not path.is_file():
        text = f"找不到「{path.name}」。它和 result.json 是同一次测算写出的，请放回原处。"
        raise InputRefused("no_table", text)
    with path.open("rb") as stream:
        if hashlib.file_digest(stream, "sha256").hexdigest() != sha256:
            text = f"「{path.name}」与 result.json 里登记的不一致，已被改动。请重新测算。"
            raise InputRefused("changed_table", text)


def _ids(record: RunRecord, word: str) -> list[str]:
    """The ids that a word may mean: itself, or those of that name."""
    names = (record.unit_names, record.person_names)
    return [word, *sorted({id_ for one in names for id_, name in one.items() if name == word})]


def _rows(path: Path, ids: list[str]) -> list[Row]:
    return _asked("SELECT * FROM read_parquet(?) WHERE subject IN (SELECT UNNEST(?))", path, ids)


def _asked(query: str, path: Path, ids: list[str]) -> list[Row]:
    import duckdb  # noqa: PLC0415 -- slow import

    with duckdb.connect() as connection:
        found = connection.execute(query, [str(path), ids])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def copies_of(record: RunRecord, folder: Path) -> Path:
    """Where the copies of the files of facts stand. Raises InputRefused for a changed one."""
    copies = folder / FACTS
    sums = {one.name: one.sha256 for one in record.files}
    for path in sorted(copies.glob("*.parquet")):
        _check(path, sums.get(path.name, ""))
    return copies


def _facts(
    record: RunRecord, program: Program, folder: Path, named: set[str]
) -> Mapping[str, tuple[Any, ...]]:
    """The facts of these numbers, from the copies of the files that the run was made of."""
    import duckdb  # noqa: PLC0415 -- slow import

    from wenyou_desk.facts.parquetfile import parquet_files  # noqa: PLC0415 -- slow import
    from wenyou_desk.facts.parquetload import facts_named  # noqa: PLC0415 -- slow import

    copies = copies_of(record, folder)
    if not copies.is_dir():
        return {}
    with duckdb.connect() as connection:
        files = parquet_files(copies, program.plan, connection)
        return facts_named(files, named, program.plan, connection)
