"""Whole columns to typed values, each distinct cell converted once.

Facts repeat: outlets, dates, kinds. A dict that converts on a miss makes the common
case one C-level look-up per cell, which is what keeps 100,000 rows under a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from wenyou_desk.tables import moments, numbers, words
from wenyou_desk.tables.cells import AtOnce, BadCell, Converter, Origin, Raw, Source, Truth
from wenyou_desk.tables.spec import ColumnSpec, Kind, Value

_MEMO_LIMIT = 200_000

NOTE_TEXTS = {
    "blank_mark": "有 {count} 格只写了「/」或横线，已按空白处理。",
    "time_dropped": "有 {count} 格日期后面带有时刻，本列只取日期。",
    "date_as_text": "有 {count} 格被表格存成了日期或时刻，已转成文字；若原意不是日期，请以文本重填。",
    "number_as_code": "有 {count} 格编号存成了数字，开头的零可能已丢失。请核对，并把该列设为文本。",
    "unseen": "有 {count} 格含看不见的控制字符，已去掉。",
}


def converter_for(column: ColumnSpec, source: Source) -> Converter:
    match column.kind:
        case Kind.TEXT:
            return words.text_converter(column, source)
        case Kind.CODE:
            return words.code_converter(column, source)
        case Kind.FILE:
            return words.file_converter(column, source)
        case Kind.BOOL:
            return words.bool_converter(column, source)
        case Kind.CHOICE:
            return words.choice_converter(column, source)
        case Kind.INT:
            return numbers.int_converter(column, source)
        case Kind.DECIMAL:
            return numbers.decimal_converter(column, source)
        case Kind.SHARE:
            return numbers.share_converter(column, source)
        case Kind.MONEY:
            return numbers.money_converter(column, source)
        case Kind.DATE:
            return moments.date_converter(column, source)
        case Kind.DATETIME:
            return moments.datetime_converter(column, source)
        case Kind.TIME:
            return moments.time_converter(column, source)
    assert_never(column.kind)


def at_once_for(column: ColumnSpec, source: Source) -> AtOnce | None:
    """How a column whose cells seldom repeat is read as a whole, where that is quicker."""
    if column.kind is Kind.CODE:
        return words.codes_at_once(source)
    if column.kind is Kind.DATETIME and source.origin is Origin.EXCEL:
        return moments.moments_at_once(source)
    return None


class Memo(dict[Raw, Value]):
    """Raw cell to value; what could not be read, or deserves a word, is kept beside it."""

    def __init__(self, convert: Converter, at_once: AtOnce | None = None) -> None:
        super().__init__()
        self._convert = convert
        self._at_once = at_once
        self.bad: dict[Raw, BadCell] = {}
        self.noted: dict[Raw, tuple[str, ...]] = {}

    def __missing__(self, raw: Raw) -> Value:
        notes: list[str] = []
        try:
            value = self._convert(raw, notes)
        except BadCell as bad:
            self.bad[raw] = bad
            value = None
        if notes:
            self.noted[raw] = tuple(notes)
        self[raw] = value
        return value

    def column(self, raws: Sequence[Raw]) -> list[Value]:
        values = None if self._at_once is None else self._at_once(raws)
        if values is not None:
            return values
        if len(self) > _MEMO_LIMIT:
            self.clear()
            self.bad.clear()
            self.noted.clear()
        return list(map(self.__getitem__, raws))


def without_bools(raws: Sequence[object]) -> Sequence[object]:
    """The same cells with True and False as ``Truth``, see there."""
    if bool not in set(map(type, raws)):
        return raws
    return [Truth(str(raw).upper()) if isinstance(raw, bool) else raw for raw in raws]
