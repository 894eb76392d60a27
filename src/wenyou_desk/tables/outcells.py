"""Typed values to what a file shows: words, dates, 元; and which text must be made inert."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import TypeVar

from wenyou_desk.tables.spec import ColumnSpec, Kind, ReadOptions, Value

# Cells that a spreadsheet would compute when opened or pasted; the full-width forms too.
FORMULA_START = re.compile("[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
NUMERIC = (Kind.INT, Kind.DECIMAL, Kind.SHARE, Kind.MONEY)
_VERBATIM = (Kind.TEXT, Kind.CODE, Kind.FILE)
T = TypeVar("T")
_EXCEL_DIGITS = 15
_FIRST_DAY = ReadOptions().earliest


def shown_text(value: Value, column: ColumnSpec) -> str:
    """A value as text in the form that reading takes back; None is empty."""
    if value is None:
        return ""
    if type(value) is str and column.kind in _VERBATIM:
        return value
    if column.kind is Kind.BOOL:
        return "是" if _of(bool, value, column) else "否"
    if column.kind is Kind.CHOICE:
        return _title(value, column)
    if column.kind in NUMERIC:
        return format(number_of(value, column), "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return _of(str, value, column)


def number_of(value: Value, column: ColumnSpec) -> Decimal:
    """The number a file shows: 分 become 元 with two decimals."""
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise TypeError(f"column {column.name}: {column.kind} takes no {type(value).__name__}")
    if column.kind is Kind.MONEY:
        if not isinstance(value, int):
            raise TypeError(f"column {column.name}: money is integer 分")
        return Decimal(value).scaleb(-2)
    if column.digits is not None:
        return Decimal(value).quantize(Decimal(1).scaleb(-column.digits))
    return Decimal(value)


def fits_excel_number(number: Decimal) -> bool:
    """Whether a double carries the number; longer ones are written as text."""
    if len(number.as_tuple().digits) <= _EXCEL_DIGITS and number.adjusted() < _EXCEL_DIGITS:
        return True
    digits = "".join(map(str, number.as_tuple().digits)).strip("0")
    return len(digits) <= _EXCEL_DIGITS and abs(number) < Decimal(10) ** _EXCEL_DIGITS


def fits_excel_date(value: date | time) -> bool:
    """Whether Excel's count of days carries the moment; others are written as text."""
    if isinstance(value, date) and value.year < _FIRST_DAY.year:
        return False
    return not (isinstance(value, (datetime, time)) and value.microsecond)


def number_format(column: ColumnSpec) -> str:
    """Excel's number format for a column."""
    match column.kind:
        case Kind.MONEY:
            return "#,##0.00"
        case Kind.INT:
            return "0"
        case Kind.DECIMAL if column.digits is not None:
            return "0." + "0" * column.digits if column.digits else "0"
        case Kind.SHARE:
            places = max((column.digits if column.digits is not None else 4) - 2, 0)
            return "0." + "0" * places + "%" if places else "0%"
        case Kind.DATE:
            return "yyyy-mm-dd"
        case Kind.DATETIME:
            return "yyyy-mm-dd hh:mm:ss"
        case Kind.TIME:
            return "hh:mm:ss"
        case Kind.TEXT | Kind.CODE | Kind.FILE | Kind.CHOICE | Kind.BOOL:
            return "@"
        case _:
            return "General"


def _title(value: Value, column: ColumnSpec) -> str:
    for choice in column.choices:
        if choice.code == value:
            return choice.title
    raise ValueError(f"column {column.name}: {value!r} is none of its choices")


def _of(kind: type[T], value: Value, column: ColumnSpec) -> T:
    if not isinstance(value, kind):
        raise TypeError(f"column {column.name}: {column.kind} takes no {type(value).__name__}")
    return value
