"""From what a reading gives back to what the core computes with, cell by cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction

from wenyou_core.assess.facts import Cell
from wenyou_core.scheme.model import FieldDef
from wenyou_core.scheme.words import ValueType
from wenyou_desk.tables.spec import Value

_BETWEEN = re.compile(r"[、；;，,\n]+")
_MIDNIGHT = time(0)
_EVIDENCE_BETWEEN = re.compile(r"[、；;\n]+")

Converter = Callable[[Value], Cell]


class _Fractions(dict[Value, Cell]):
    """Exact numbers by what was read; amounts and points repeat, fractions are dear."""

    def __init__(self, denominator: int = 1) -> None:
        super().__init__()
        self._denominator = denominator

    def __missing__(self, value: Value) -> Cell:
        if not isinstance(value, int | Decimal):
            raise TypeError(value)
        number = self[value] = Fraction(value) / self._denominator
        return number


def converters(fields: Mapping[str, FieldDef]) -> dict[str, Converter | None]:
    """Per field the function that makes its value, None where a cell is taken as it was read.

    Absent cells never reach it.
    """
    return {name: _converter(one.type) for name, one in fields.items()}


def _converter(kind: ValueType) -> Converter | None:
    if kind in (ValueType.INT, ValueType.DECIMAL):
        return _Fractions().__getitem__
    if kind is ValueType.MONEY:  # read as 分; the core computes with the yuan that people write
        return _Fractions(100).__getitem__
    if kind is ValueType.TIME:
        return _minutes_fraction
    if kind is ValueType.PERSONS:
        return codes
    return None


def number(value: Value) -> Fraction:
    """The exact number of a DECIMAL or INT cell."""
    if not isinstance(value, int | Decimal):
        raise TypeError(value)
    return Fraction(value)


def text(value: Value) -> str:
    """The text of a cell; an empty one is ''."""
    return value if isinstance(value, str) else ""


def day(value: Value) -> date:
    """The date of a required DATE cell."""
    if not isinstance(value, date):
        raise TypeError(value)
    return value


def day_or_none(value: Value) -> date | None:
    """The date of a DATE cell that may be empty."""
    return None if value is None else day(value)


def moment(value: Value) -> datetime:
    """The moment of a DATETIME cell by the clock of Beijing, which is what a cell without zone
    means everywhere; a day without a time of day begins at 00:00."""
    return value if isinstance(value, datetime) else datetime.combine(day(value), _MIDNIGHT)


def moment_or_none(value: Value) -> datetime | None:
    """The same, where the cell may be empty."""
    return None if value is None else moment(value)


def minutes(value: Value) -> int | None:
    """Minutes since midnight of a TIME cell; seconds do not count."""
    return value.hour * 60 + value.minute if isinstance(value, time) else None


def evidence(value: Value) -> tuple[str, ...]:
    """The pieces of evidence named in a cell."""
    if not isinstance(value, str):
        return ()
    return _parts(_EVIDENCE_BETWEEN.split(value))


def codes(value: Value) -> tuple[str, ...]:
    """Several 员工号 in one cell, each once, in the order written."""
    if not isinstance(value, str):
        return ()
    return _parts(dict.fromkeys(_BETWEEN.split(value)))


def _parts(pieces: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.strip() for piece in pieces if piece.strip()))


def _minutes_fraction(value: Value) -> Cell:
    found = minutes(value)
    if found is None:
        raise TypeError(value)
    return Fraction(found)
