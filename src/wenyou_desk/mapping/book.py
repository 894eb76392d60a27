"""Rows of foreign files → units and facts, as a mapping says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from fractions import Fraction
from pathlib import Path

from wenyou_core.assess.facts import Cell, Coverage, Fact, FactBook, UnitSpan
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.model import FactKind, FieldDef, Plan
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import Period
from wenyou_desk.facts.columns import bound_of
from wenyou_desk.mapping.files import find_files
from wenyou_desk.mapping.model import ROW, FactMap, Mapped, Source
from wenyou_desk.tables.loaded import Loaded, SourceFile, Table
from wenyou_desk.tables.read import read_tables
from wenyou_desk.tables.spec import ColumnSpec, Kind, SheetSpec, Value

_KINDS = {
    ValueType.INT: Kind.INT,
    ValueType.DECIMAL: Kind.DECIMAL,
    ValueType.MONEY: Kind.MONEY,
    ValueType.BOOL: Kind.BOOL,
    ValueType.DATE: Kind.DATE,
    ValueType.TIME: Kind.TIME,
}
_OPENED = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class MappedBook:
    """What was read: the book, what the units' rows publish, and the files."""

    book: FactBook
    published: Mapping[str, str]  # unit → the text of the column to reconcile with
    files: tuple[SourceFile, ...]


def mapped_book(mapped: Mapped, plan: Plan, given: Path, run: Period, column: str) -> MappedBook:
    """Read the files of a mapping into a book.

    ``column`` is the published column of the units' file (``""``: none). Raises InputRefused for
    a kind or field the plan does not have, FactsError with every bad row.
    """
    _agree(mapped, plan)
    paths = find_files(given, mapped.files, mapped.map.main)
    loaded = {name: _read(name, path, mapped, plan, column) for name, path in paths.items()}
    tables = {name: one.tables[0] for name, one in loaded.items()}
    units_table = tables[mapped.units.file]
    keys = _keys(units_table, mapped.units.id)
    names = _texts(units_table, mapped.units.name) if mapped.units.name else keys
    adopter = mapped.map.adopter
    units = [UnitSpan(adopter, adopter, _OPENED)]
    units += [
        UnitSpan(key, name or key, _OPENED, parent=adopter)
        for key, name in zip(keys, names, strict=True)
    ]
    facts = {
        kind: tuple(
            _facts(
                plan.facts[kind],
                one,
                tables[one.file],
                _owners(one, tables[one.file], units_table, keys, mapped),
            )
        )
        for kind, one in mapped.facts.items()
    }
    book = FactBook(
        facts=facts,
        units=tuple(units),
        coverage=tuple(Coverage(kind, run.start, run.end) for kind in plan.facts),
    )
    published = dict(zip(keys, _texts(units_table, column), strict=True)) if column else {}
    files = tuple(file for one in loaded.values() for file in one.files)
    return MappedBook(book, published, files)


def _agree(mapped: Mapped, plan: Plan) -> None:
    for kind, one in mapped.facts.items():
        if kind not in plan.facts:
            known = "、".join(plan.facts)
            raise InputRefused("map_kind", f"方案没有「{kind}」这种事实，可用的有：{known}。")
        for name in one.fields:
            if name not in plan.facts[kind].fields:
                known = "、".join(plan.facts[kind].fields)
                said = f"「{kind}」没有「{name}」这个字段，可用的有：{known}。"
                raise InputRefused("map_field", said)


def _read(name: str, path: Path, mapped: Mapped, plan: Plan, column: str) -> Loaded:
    """One file with just the columns that the mapping names."""
    texts: list[str] = []
    typed: dict[str, ColumnSpec] = {}
    if mapped.units.file == name:
        texts += [mapped.units.id, mapped.units.name, column]
    for kind, one in mapped.facts.items():
        if mapped.units.file == name:
            texts += one.join.values()
        if one.file == name:
            texts += [*one.join, one.unit]
            typed |= _columns(one, plan.facts[kind])
    # a join key, or the published column, stays text even where it is also a date or a number
    typed |= {head: ColumnSpec(name=head, title=head) for head in texts if head and head != ROW}
    spec = SheetSpec(name=name, title=path.stem, columns=tuple(typed.values()))
    loaded = read_tables(path, [spec])
    if len(loaded.tables) != 1:
        raise InputRefused("map_sheets", f"「{path.name}」应只有一张表，请只留一张。")
    _all_there(loaded.tables[0], path, column)
    return loaded


def _all_there(table: Table, path: Path, column: str) -> None:
    """InputRefused where the file lacks a column: empty throughout it would count as no fact."""
    for head in table.columns:
        if head in table.headers:
            continue
        near = get_close_matches(head, [*table.others, *table.headers.values()], n=1)
        guess = f"，是否指「{near[0]}」？" if near else "。"
        where = " --reconcile" if head == column else "映射文件里的列名"
        said = f"「{path.name}」里没有「{head}」这一列{guess}请核对{where}。"
        raise InputRefused("map_column", said)


def _columns(one: FactMap, kind: FactKind) -> dict[str, ColumnSpec]:
    """The typed columns that the facts of a kind are read from."""
    day = one.happened
    found = {
        day.column: ColumnSpec(
            name=day.column, title=day.column, kind=Kind.DATE, date_format=day.form
        )
    }
    for name, source in one.fields.items():
        found[source.column] = _column(kind.fields[name], source)
    return found


def _column(defined: FieldDef, source: Source) -> ColumnSpec:
    kind = Kind.TEXT if source.words else _KINDS.get(defined.type, Kind.TEXT)
    return ColumnSpec(
        name=source.column,
        title=source.column,
        kind=kind,
        digits=defined.digits if kind is Kind.DECIMAL else None,
        least=bound_of("" if source.words else defined.least),
        greatest=bound_of("" if source.words else defined.greatest),
        date_format=source.form if kind in (Kind.DATE, Kind.TIME) else "",
    )


def _keys(table: Table, header: str) -> list[str]:
    if header == ROW:
        return [str(number) for number in table.row_numbers]
    keys = _texts(table, header)
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if not key or key in seen:
            place = table.place(index, header)
            said = "是空的" if not key else f"「{key}」重复"
            text = f"{place}：主键{said}；没有唯一的键时，请在映射里用「{ROW}」作键。"
            raise InputRefused("map_key", text)
        seen.add(key)
    return keys


def _texts(table: Table, header: str) -> list[str]:
    if header == ROW:
        return [str(number) for number in table.row_numbers]
    return ["" if value is None else str(value).strip() for value in table.columns[header]]


def _facts(
    defined: FactKind, one: FactMap, table: Table, owners: Callable[[int], Sequence[str]]
) -> Iterator[Fact]:
    kind = defined.name
    days = _days(one.happened, table)
    columns = {
        name: _cells(source, defined.fields[name], table) for name, source in one.fields.items()
    }
    for index, number in enumerate(table.row_numbers):
        day = days[index]
        if day is None or any(columns[name][index] is None for name in one.needs):
            continue
        known = datetime.combine(day, time(18))
        given = {name: cells[index] for name, cells in columns.items()}
        values = {name: cell for name, cell in given.items() if cell is not None}
        for unit in owners(index):
            key = str(number) if len(one.join) == 0 else f"{number}-{unit}"
            yield Fact(kind, key, day, known, known, unit=unit, values=values)


def _owners(
    one: FactMap, table: Table, units: Table, keys: Sequence[str], mapped: Mapped
) -> Callable[[int], Sequence[str]]:
    """Row of the facts' file → the units it belongs to."""
    if one.unit:
        named = _texts(table, one.unit)
        return lambda index: (named[index],)
    if not one.join:
        if one.file != mapped.units.file:
            said = "事实与机构不在同一文件时，请在映射里写 join 或 unit。"
            raise InputRefused("map_join", said)
        return lambda index: (keys[index],)
    by_key: dict[tuple[str, ...], list[str]] = defaultdict(list)
    theirs = [_texts(units, header) for header in one.join.values()]
    for key, *parts in zip(keys, *theirs, strict=True):
        by_key[tuple(parts)].append(key)
    ours = [_texts(table, header) for header in one.join]
    return lambda index: by_key.get(tuple(part[index] for part in ours), ())


def _days(source: Source, table: Table) -> list[date | None]:
    return [_day(value, source.form) for value in table.columns[source.column]]


def _day(value: Value, form: str) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if value in (None, ""):
        return None
    try:
        return datetime.strptime(str(value), form or "%Y-%m-%d").date()  # noqa: DTZ007 -- a day
    except ValueError:
        said = f"日期「{value}」不合格式「{form or '%Y-%m-%d'}」。请核对映射文件的 form。"
        raise InputRefused("map_date", said) from None


def _cells(source: Source, defined: FieldDef, table: Table) -> list[Cell | None]:
    values = table.columns[source.column]
    if source.words:
        return [source.words.get(str(value).strip()) for value in values]
    if defined.type is ValueType.DATE:
        return [_day(value, source.form) for value in values]
    cells = [_cell(value) for value in values]
    if defined.type is ValueType.MONEY:  # read as 分, computed in yuan
        return [cell / 100 if isinstance(cell, Fraction) else cell for cell in cells]
    return cells


def _cell(value: Value) -> Cell | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool | str | date):
        return value
    if isinstance(value, time):
        return Fraction(value.hour * 60 + value.minute)
    if isinstance(value, int | Decimal):
        return Fraction(value)
    raise TypeError(type(value).__name__)
