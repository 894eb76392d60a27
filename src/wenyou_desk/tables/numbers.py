"""Numbers: whole, decimal, shares, money. Never arithmetic in binary floating point."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from decimal import Decimal

from wenyou_core.assess.rounding import LARGEST
from wenyou_desk.tables.cells import (
    EXCEL_DIGITS,
    BadCell,
    Converter,
    Notes,
    Raw,
    Source,
    Truth,
    exact,
    fold,
    shown,
)
from wenyou_desk.tables.spec import ColumnSpec

_NUMBER = re.compile(r"([+-]?)((?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(%?)")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+")
_MAX_DIGITS = 28


def int_converter(column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> int | None:
        number = _number(raw, column, source, notes, percent=False)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise BadCell("not_whole", f"这里应填整数，现在是{shown(raw)}。请改为整数。")
        return _kept(int(number), raw)

    return convert


def decimal_converter(column: ColumnSpec, source: Source) -> Converter:
    most = Decimal(LARGEST).scaleb(-(column.digits or 0))

    def convert(raw: Raw, notes: Notes) -> Decimal | None:
        number = _number(raw, column, source, notes)
        if number is None:
            return None
        if not -most <= number <= most:
            raise _beyond(raw)
        return _to_places(number, raw, column.digits)

    return convert


def share_converter(column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> Decimal | None:
        number = _number(raw, column, source, notes)
        if number is None:
            return None
        if not 0 <= number <= 1:
            text = f"比例应在 0 到 100% 之间，现在是{shown(raw)}。请写成 20% 或 0.2 的形式。"
            raise BadCell("share_range", text)
        return _to_places(number, raw, column.digits)

    return convert


def money_converter(column: ColumnSpec, source: Source) -> Converter:
    def convert(raw: Raw, notes: Notes) -> int | None:
        number = _number(raw, column, source, notes, percent=False)
        if number is None:
            return None
        fen = number * 100
        if fen != fen.to_integral_value():
            text = f"金额最多两位小数，现在是{shown(raw)}。请改为精确到分的金额。"
            raise BadCell("money_places", text)
        return _kept(int(fen), raw)

    return convert


def _kept(whole: int, raw: Raw) -> int:
    """Refuse what no engine could compute with, where a person can mend it."""
    if not -LARGEST <= whole <= LARGEST:
        raise _beyond(raw)
    return whole


def _beyond(raw: Raw) -> BadCell:
    return BadCell("too_large", f"{shown(raw)}超出了能记的范围。请核对后重填。")


def _number(
    raw: Raw, column: ColumnSpec, source: Source, notes: Notes, *, percent: bool = True
) -> Decimal | None:
    number = _any_number(raw, column, source, notes, percent=percent)
    if number is not None and not _inside(number, column):
        text = f"这里的数应{column.bounds_text}，现在是{shown(raw)}。请核对后重填。"
        raise BadCell("out_of_bounds", text)
    return number


def _inside(number: Decimal, column: ColumnSpec) -> bool:
    low, high = column.least, column.greatest
    return (low is None or number >= low) and (high is None or number <= high)


def _any_number(
    raw: Raw, column: ColumnSpec, source: Source, notes: Notes, *, percent: bool
) -> Decimal | None:
    if raw is None:
        return None
    if isinstance(raw, str):
        return _from_text(raw, column, source, notes, percent=percent)
    if isinstance(raw, float):
        if raw != raw or raw in (float("inf"), float("-inf")):
            raise BadCell("not_a_number", "这里不是一个有限的数。请改为具体数值。")
        number = exact(raw)
        if abs(number) >= EXCEL_DIGITS:
            text = f"{shown(raw)}超过 15 位，表格里的末几位已不可靠。请核对后重填。"
            raise BadCell("digits_lost", text)
        return _bounded(number, raw)
    if isinstance(raw, int):
        return _bounded(Decimal(raw), raw)
    if isinstance(raw, Decimal):
        return _bounded(raw, raw)
    if isinstance(raw, Truth):
        raise BadCell("not_a_number", f"这里应填数，现在是逻辑值{shown(raw)}。请改为数。")
    if isinstance(raw, (date, time, timedelta)):
        text = f"这里应填数，单元格却是日期或时刻{shown(raw)}。请把单元格格式改为常规，再填入数。"
        raise BadCell("not_a_number", text)
    raise BadCell("not_a_number", f"这里应填数，现在是{shown(raw)}。请改为数。")


def _from_text(
    raw: str, column: ColumnSpec, source: Source, notes: Notes, *, percent: bool
) -> Decimal | None:
    text = fold(raw)
    if not text:
        return None
    if text in source.options.blank_marks:
        notes.append("blank_mark")
        return None
    unit = column.unit_text
    if unit and unit != "%" and text.endswith(unit):
        text = text[: -len(unit)].rstrip()
    if unit == "元":
        text = text.removeprefix("¥").lstrip()
    match = _NUMBER.fullmatch(text)
    if match is None:
        if _SCIENTIFIC.fullmatch(text):
            sentence = f"{shown(raw)}是科学记数法，末几位可能已丢失。请把完整的数填上。"
            raise BadCell("scientific", sentence)
        raise BadCell("not_a_number", f"这里应填数，现在是{shown(raw)}。请改为数。")
    sign, digits, mark = match.groups()
    if mark and not percent:
        raise BadCell("percent", f"这里不能填百分数，现在是{shown(raw)}。请改为数。")
    number = _bounded(Decimal(sign + digits.replace(",", "")), raw)
    return number.scaleb(-2) if mark else number


def _bounded(number: Decimal, raw: Raw) -> Decimal:
    """Refuse what decimal arithmetic at 28 digits would round without a word."""
    if not number.is_finite():
        raise BadCell("not_a_number", "这里不是一个有限的数。请改为具体数值。")
    _, digits, exponent = number.as_tuple()
    if len(digits) > _MAX_DIGITS - 4 or not -20 <= int(exponent) <= 20:
        raise BadCell("too_many_digits", f"{shown(raw)}的位数太多，无法精确计算。请核对后重填。")
    return number if number else abs(number)


def _to_places(number: Decimal, raw: Raw, digits: int | None) -> Decimal:
    """One canonical form per value, so that 1.2 and 1.20 give the same bytes later."""
    if digits is None:
        whole = number.to_integral_value()
        return whole.quantize(Decimal(1)) if number == whole else number.normalize()
    rounded = number.quantize(Decimal(1).scaleb(-digits))
    if rounded != number:
        form = f"最多 {digits} 位小数" if digits else "没有小数的数"
        raise BadCell("too_many_places", f"这里应填{form}，现在是{shown(raw)}。请改正。")
    return rounded
