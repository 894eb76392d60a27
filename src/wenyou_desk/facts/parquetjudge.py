"""Faults of facts in Parquet files, found by DuckDB: bad cells first, then bad rows.

The same things are faults as in a workbook (``judge.py``); of each kind of fault the first rows
are listed and the others counted, because a wrong column is wrong in millions of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from wenyou_core.assess.facts import FactBook, PersonSpan, UnitSpan
from wenyou_core.assess.impossible import field_spans
from wenyou_core.assess.known import as_known
from wenyou_core.assess.sql.layout import digits_of, words_of
from wenyou_core.errors import Fault
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts import parquetsql as cells
from wenyou_desk.facts.doubles import DOUBLE, FOLDED, double_text, folded
from wenyou_desk.facts.judge import NEEDS_PERSONS
from wenyou_desk.facts.lifetimes import Lifetimes
from wenyou_desk.facts.parquetfile import ROW, ParquetFile
from wenyou_desk.facts.parquetkeys import ascending
from wenyou_desk.facts.sheets import fact_sheet
from wenyou_desk.tables.spec import ColumnSpec
from wenyou_desk.tables.template import form_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LISTED = 20
_SPANS = {"unit": "parquet_unit_days", "person": "parquet_person_days"}


@dataclass(frozen=True, slots=True)
class _Check:
    """Rows that pass ``where`` are bad; ``shown`` is put into the sentence for {}, or ``told``."""

    column: str
    code: str
    text: str
    where: str
    shown: str = "NULL"
    told: Callable[[str], str] | None = None

    def sentence(self, shown: str) -> str:
        """What is said of a bad row."""
        return self.text.format(shown) if self.told is None else self.told(shown)


class ParquetJudge:
    """Judges the Parquet files of one plan against an organization."""

    def __init__(self, plan: Plan, book: FactBook, connection: DuckDBPyConnection) -> None:
        self._plan = plan
        self._connection = connection
        newest = as_known(FactBook(units=book.units, persons=book.persons))
        spans: dict[str, tuple[UnitSpan | PersonSpan, ...]] = {
            "unit": newest.units,
            "person": newest.persons,
        }
        self._known = {of: Lifetimes(rows) for of, rows in spans.items() if rows}
        for of, rows in spans.items():
            days = [(one.id, one.since, one.till or date.max) for one in rows]
            self._load(_SPANS[of], days)

    def faults(self, files: Mapping[str, ParquetFile]) -> list[Fault]:
        """Every fault: of cells, or where all cells are good, of rows."""
        faults = [fault for file in files.values() for fault in self._cells(file)]
        if faults:
            return faults
        ids = " UNION ALL ".join(
            f"SELECT {cells.text(file.columns['id']).value} AS id FROM {file.table}"  # noqa: S608 -- quoted
            for file in files.values()
        )
        rows = (fault for file in files.values() for fault in self._rows(file, ids))
        return [*self._presence(files), *rows]

    # -- cells -----------------------------------------------------------------------------------

    def _cells(self, file: ParquetFile) -> Iterator[Fault]:
        checks: list[_Check] = []
        spec = fact_sheet(file.kind, self._plan.facts[file.kind], self._plan)
        for column in spec.columns:
            held = file.columns.get(column.name)
            if held is None:
                continue
            try:
                cell = self._cell(file.kind, column.name, held)
            except cells.OddType:
                text = f"这一列的类型 {held.type} 不合，这里应是{form_of(column)}。请改后重新导出。"
                yield Fault(file.place(column=column.title), "parquet_type", text)
                continue
            checks += _cell_checks(column, held, cell)
            if column.bounds_text:
                digits = digits_of(self._plan.facts[file.kind].fields[column.name])
                checks.append(_bound_check(column, held, cell, digits))
        yield from self._found(file, checks)

    def _cell(self, kind: str, name: str, column: cells.Column) -> cells.Cell:
        makers = {
            "happened": cells.day,
            "at": cells.minutes,
            "known": cells.moment,
            "recorded": cells.moment,
            "state": cells.state,
            "evidence": cells.text,
        }
        one = self._plan.facts[kind].fields.get(name)
        if one is None:
            return makers.get(name, cells.text)(column)
        return cells.field(column, one, words_of(self._plan, one), digits_of(one))

    # -- rows ------------------------------------------------------------------------------------

    def _rows(self, file: ParquetFile, ids: str) -> Iterator[Fault]:
        yield from self._found(
            file, [*_day_checks(file, self._plan), *self._subject_checks(file, ids)]
        )
        yield from self._doubles(file)

    def _subject_checks(self, file: ParquetFile, ids: str) -> Iterator[_Check]:
        happened = f"CAST({cells.day(file.columns['happened']).value} AS INTEGER)"
        told = f"CAST(DATE '1970-01-01' + {happened} AS VARCHAR)"
        fields = self._plan.facts[file.kind].fields
        kinds = {"unit": ValueType.UNIT, "person": ValueType.PERSON}
        kinds |= {name: one.type for name, one in fields.items()}
        titles = {"unit": "机构号", "person": "员工号"}
        titles |= {name: one.title for name, one in fields.items()}
        for name, column in file.columns.items():
            kind = kinds.get(name)
            if kind is ValueType.FACT:
                code = cells.text(column).value
                text = "各张事实表里都没有编号「{}」。请核对，或补上那件事。"
                where = f"{code} IS NOT NULL AND {code} NOT IN ({ids})"
                yield _Check(titles[name], "unknown_fact", text, where, code)
            of = {ValueType.UNIT: "unit", ValueType.PERSON: "person"}.get(kind or ValueType.TEXT)
            if of not in self._known or of is None:
                continue
            code, title = cells.text(column).value, titles[name]
            sheet, lives = ("机构", "营业") if of == "unit" else ("人员", "在职")
            known = f"{code} IN (SELECT id FROM {_SPANS[of]})"  # noqa: S608 -- our name
            unknown = partial(self._known[of].unknown, title, sheet=sheet)
            yield _Check(title, f"unknown_{sheet}", "", f"NOT ({known})", code, unknown)
            open_then = (
                f"EXISTS (SELECT 1 FROM {_SPANS[of]} AS s WHERE s.id = {code}"  # noqa: S608 -- our name
                f" AND {happened} BETWEEN s.since AND s.till)"
            )
            text = f"{title}「{{}}」那天不在{lives}期间。请核对日期和{title}。"
            shown = f"{code} || '」在「' || {told}"
            yield _Check(title, "outside_lifetime", text, f"{known} AND NOT {open_then}", shown)

    def _doubles(self, file: ParquetFile) -> Iterator[Fault]:
        if ascending(file, self._connection):
            return
        code = cells.text(file.columns["id"]).value
        moment, said = cells.moment(file.columns["known"]).value, "NULL::TIMESTAMP"
        if "recorded" in file.columns:
            said = cells.moment(file.columns["recorded"]).value
        rows = (
            f"SELECT {code} AS id, COALESCE({said}, {moment}) AS recorded, {said} IS NULL AS blank,"  # noqa: S608 -- quoted
            f" {ROW} AS row FROM {file.table}"
        )
        # the same moment twice, or twice none: a later 登记时间 makes no correction
        first = (
            "LEAST(MIN(row) OVER (PARTITION BY id, recorded),"
            " CASE WHEN blank THEN MIN(CASE WHEN blank THEN row END) OVER (PARTITION BY id) END)"
        )
        query = (
            f"SELECT id, first, row, COUNT(*) OVER () FROM (SELECT id, row, {first} AS first"  # noqa: S608 -- quoted
            f" FROM ({rows})) WHERE row > first ORDER BY row LIMIT {FOLDED}"
        )
        found = self._connection.execute(query).fetchall()
        if len(found) == FOLDED:
            shown = [file.place(row + 1) for _, _, row, _ in found]
            yield Fault(file.place(), DOUBLE, folded(found[0][3], shown))
            return
        for number, first, row, _ in found:
            text = double_text(number, f"第{first + 1}行")
            yield Fault(file.place(row + 1, "编号"), DOUBLE, text)

    def _presence(self, files: Mapping[str, ParquetFile]) -> Iterator[Fault]:
        """Whoever is named must be among the people, as in a workbook."""
        if "person" in self._known:
            return
        for file in files.values():
            held = file.columns.get("person")
            if held is not None:
                filled = f"SELECT 1 FROM {file.table} WHERE {cells.text(held).value} IS NOT NULL"  # noqa: S608 -- quoted
                if self._connection.execute(f"{filled} LIMIT 1").fetchone():
                    yield Fault(file.place(), "no_persons", NEEDS_PERSONS)

    # -- asking ----------------------------------------------------------------------------------

    def _found(self, file: ParquetFile, checks: Iterable[_Check]) -> Iterator[Fault]:
        """The faults of all checks: one scan to count, then one for each that found any."""
        checks = list(checks)
        counts = ", ".join(f"COUNT(*) FILTER (WHERE {check.where})" for check in checks)
        query = f"SELECT {counts} FROM {file.table}"  # noqa: S608 -- quoted
        totals = self._connection.execute(query).fetchone() if checks else None
        for check, total in zip(checks, totals or (), strict=True):
            if not total:
                continue
            listed = (
                f"SELECT {ROW}, CAST({check.shown} AS VARCHAR) FROM {file.table}"  # noqa: S608 -- quoted
                f" WHERE {check.where} ORDER BY {ROW} LIMIT {_LISTED}"
            )
            for row, shown in self._connection.execute(listed).fetchall():
                yield Fault(file.place(row + 1, check.column), check.code, check.sentence(shown))
            if total > _LISTED:
                text = f"这一列共有 {total} 行同样的问题，只列出前 {_LISTED} 行。"
                yield Fault(file.place(column=check.column), check.code, text)

    def _load(self, table: str, days: list[tuple[str, date, date]]) -> None:
        epoch = date(1970, 1, 1)
        rows = [(code, (since - epoch).days, (till - epoch).days) for code, since, till in days]
        self._connection.execute(
            f"CREATE OR REPLACE TEMPORARY TABLE {table} AS SELECT UNNEST(?::VARCHAR[]) AS id,"
            " UNNEST(?::INTEGER[]) AS since, UNNEST(?::INTEGER[]) AS till",
            [list(column) for column in zip(*rows, strict=True)] if rows else [[], [], []],
        )


def _cell_checks(column: ColumnSpec, held: cells.Column, cell: cells.Cell) -> Iterator[_Check]:
    if column.required:
        text = f"「{column.title}」是必填项，这里是空白。请补填。"
        yield _Check(column.title, "blank_cell", text, f"NOT ({cell.filled})")
    text = f"「{{}}」读不出来，这里应填{form_of(column)}。请改正。"
    if column.choices:
        words = "、".join(choice.title for choice in column.choices[:12])
        text = f"「{{}}」不在可填的词里。可填：{words}。"
    where = f"({cell.filled}) AND ({cell.value}) IS NULL"
    yield _Check(column.title, "bad_cell", text, where, held.sql)


def _bound_check(column: ColumnSpec, held: cells.Column, cell: cells.Cell, digits: int) -> _Check:
    """Numbers beyond their bounds; the value of the cell is an integer of 10**-digits."""
    bounds = (("<", column.least), (">", column.greatest))
    beyond = " OR ".join(
        f"{cell.value} {sign} {bound.scaleb(digits):f}"
        for sign, bound in bounds
        if bound is not None
    )
    text = f"这里的数应{column.bounds_text}，现在是「{{}}」。请核对后重填。"
    return _Check(column.title, "out_of_bounds", text, f"({cell.filled}) AND ({beyond})", held.sql)


def _day_checks(file: ParquetFile, plan: Plan) -> Iterator[_Check]:
    happened = cells.day(file.columns["happened"]).value
    known_day = cells.day(file.columns["known"]).value
    text = "登记时间早于发生日期。还没有发生的事不能登记为事实，请核对这两格。"
    yield _Check("登记时间", "known_before_happened", text, f"{known_day} < {happened}")
    if "recorded" in file.columns:
        known = cells.moment(file.columns["known"]).value
        recorded = cells.moment(file.columns["recorded"]).value
        text = "记录时间早于登记时间。请核对这两格。"
        yield _Check("记录时间", "recorded_before_known", text, f"{recorded} < {known}")
    for first, last in field_spans(plan).get(file.kind, ()):
        if first.name in file.columns and last.name in file.columns:
            begins, ends = (cells.day(file.columns[one.name]).value for one in (first, last))
            text = f"「{last.title}」早于「{first.title}」。请核对这两格。"
            yield _Check(last.title, "reversed_span", text, f"{ends} < {begins}")
