"""Columns that several sheets share, and those that a plan declares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.texts import parse_number
from wenyou_core.scheme.words import ValueType
from wenyou_desk.tables.spec import Choice, ColumnSpec, Kind

FACT_RECORDED = "写下这一行的时间；更正时必填。空白即同登记时间。"
ROW_RECORDED = "写下这一行的时间；事后更正的行要填。"

_KINDS = {
    ValueType.TEXT: Kind.TEXT,
    ValueType.CHOICE: Kind.CHOICE,
    ValueType.INT: Kind.INT,
    ValueType.DECIMAL: Kind.DECIMAL,
    ValueType.MONEY: Kind.MONEY,
    ValueType.BOOL: Kind.BOOL,
    ValueType.DATE: Kind.DATE,
    ValueType.TIME: Kind.TIME,
    ValueType.UNIT: Kind.CODE,
    ValueType.PERSON: Kind.CODE,
    ValueType.PERSONS: Kind.TEXT,
    ValueType.FACT: Kind.CODE,
}
_MEANINGS = {
    ValueType.UNIT: "填机构号。",
    ValueType.PERSON: "填员工号。",
    ValueType.PERSONS: "填员工号，几个人之间用顿号隔开。",
    ValueType.FACT: "填那件事的编号。",
}
_UNIT_WORDS = {
    "机构号": ("机构编号", "机构代码", "网点号"),
    "上级机构号": ("上级机构编号", "上级机构代码", "上级机构", "上级", "管辖机构号"),
}
_PERSON_WORDS = ("工号", "员工编号")


def unit_column(
    name: str, *, required: bool, title: str = "机构号", meaning: str = ""
) -> ColumnSpec:
    return ColumnSpec(
        name=name,
        title=title,
        kind=Kind.CODE,
        required=required,
        aliases=_UNIT_WORDS.get(title, ()),
        meaning=meaning,
    )


def person_column(name: str, *, required: bool, meaning: str = "") -> ColumnSpec:
    return ColumnSpec(
        name=name,
        title="员工号",
        kind=Kind.CODE,
        required=required,
        aliases=_PERSON_WORDS,
        meaning=meaning,
    )


def recorded_column(meaning: str) -> ColumnSpec:
    return ColumnSpec(
        name="recorded",
        title="记录时间",
        kind=Kind.DATETIME,
        meaning=meaning,
    )


def field_column(one: FieldDef, plan: Plan) -> ColumnSpec:
    words = plan.lists.get(one.choices, ())
    return ColumnSpec(
        name=one.name,
        title=one.title,
        kind=_KINDS[one.type],
        required=one.required,
        choices=tuple(Choice(word, word) for word in words) if one.type is ValueType.CHOICE else (),
        digits=one.digits if one.type is ValueType.DECIMAL else None,
        least=bound_of(one.least),
        greatest=bound_of(one.greatest),
        meaning=one.help or _MEANINGS.get(one.type, ""),
    )


def bound_of(text: str) -> Decimal | None:
    """A bound of a field as a decimal; the plan's check has read the text before."""
    if not text:
        return None
    number, digits = parse_number(text)
    return Decimal(int(number * 10**digits)).scaleb(-digits)


def with_fields(
    built_in: list[ColumnSpec], fields: Iterable[FieldDef], plan: Plan
) -> tuple[ColumnSpec, ...]:
    """Built-in columns and the plan's; a title that is taken gets the field's name behind.

    A declared ``name`` has its column already.
    """
    names = {column.name for column in built_in}
    titles = {column.title for column in built_in}
    columns = list(built_in)
    for one in fields:
        if one.name in names:
            continue
        column = field_column(one, plan)
        if column.title in titles:
            column = replace(column, title=f"{column.title}({one.name})")
        titles.add(column.title)
        columns.append(column)
    return tuple(columns)


def span_columns(
    since: tuple[str, str], till: tuple[str, str], *, ended: bool = False
) -> tuple[ColumnSpec, ColumnSpec]:
    """First and last day of a row, both included, with title and meaning of each."""
    return (
        ColumnSpec(name="since", title=since[0], kind=Kind.DATE, required=True, meaning=since[1]),
        ColumnSpec(name="till", title=till[0], kind=Kind.DATE, required=ended, meaning=till[1]),
    )
