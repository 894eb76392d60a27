"""Values of parameters: from what stands in a file to what the program computes with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.parse import nearest
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import Units, parse_date, parse_number, parse_sum, parse_window
from wenyou_core.scheme.words import ValueType


@dataclass(frozen=True, slots=True)
class Typed:
    """A value of its declared type, the decimals it needs, and the unit of an amount."""

    value: Value
    digits: int = 0
    unit: str = ""


def typed_value(
    raw: Value,
    kind: ValueType,
    *,
    units: Units,
    unit: str = "",
    choices: Sequence[str] = (),
) -> Typed:
    """The value of a parameter of type ``kind``.

    ``raw`` is a text as typed (numbers may already be fractions, as an adoption holds them before
    its plan is known). INT, DECIMAL and MONEY (in yuan) become fractions; TIME the minutes since
    midnight; AMOUNT the number, with ``unit`` what stood behind it (or the parameter's own unit);
    WINDOW stays its text. Raises ExprError with a Chinese sentence.
    """
    if isinstance(raw, Fraction) and kind in _NUMBERS:
        raw = show_number(raw)
    match kind:
        case ValueType.BOOL:
            return Typed(_flag(raw))
        case ValueType.DATE:
            return Typed(raw if isinstance(raw, date) else parse_date(_text(raw)))
        case ValueType.TIME:
            return Typed(parse_time(_text(raw)))
        case ValueType.AMOUNT:
            return _amount(_text(raw), unit, units)
        case ValueType.WINDOW:
            parse_window(_text(raw))
            return Typed(_text(raw))
        case ValueType.CHOICE:
            return Typed(_word(_text(raw), choices))
        case ValueType.PERSONS:
            raise ExprError("参数不能是多人名单（persons），请改用其他类型。")
    if kind in _NUMBERS:
        return _number(_text(raw), kind)
    return Typed(_text(raw))


_NUMBERS = (ValueType.INT, ValueType.DECIMAL, ValueType.MONEY, ValueType.AMOUNT)
_TIME = re.compile(r"([0-2]?[0-9]):([0-5][0-9])\Z")
_DAY = 24 * 60
_MOST_DIGITS = {ValueType.INT: 0, ValueType.MONEY: 2}


def parse_time(text: str) -> Fraction:
    """Minutes since midnight of ``08:30``; ``24:00`` is the end of the day."""
    match = _TIME.match(text)
    total = int(match[1]) * 60 + int(match[2]) if match else _DAY + 1
    if total <= _DAY:
        return Fraction(total)
    raise ExprError(f"“{text}”不是时刻，请写成“08:30”的样子。")


def _text(raw: Value) -> str:
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, Fraction):
        return show_number(raw)
    return raw.isoformat() if isinstance(raw, date) else raw


def _flag(raw: Value) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw in ("是", "否"):
        return raw == "是"
    raise ExprError(f"“{_text(raw)}”不是是非值，请写 true 或 false。")


def _word(text: str, choices: Sequence[str]) -> str:
    if choices and text not in choices:
        hint = nearest(text, choices) or f"可选的有{'、'.join(choices)}。"
        raise ExprError(f"“{text}”不在可选的词里；{hint}")
    return text


def _number(text: str, kind: ValueType) -> Typed:
    number, digits = parse_number(text)
    most = _MOST_DIGITS.get(kind)
    if most is not None and digits > most:
        what = "整数" if most == 0 else f"至多{most}位小数的数"
        raise ExprError(f"“{text}”应是{what}，请改正。")
    return Typed(number, digits)


def _amount(text: str, unit: str, units: Units) -> Typed:
    has_unit = not text[-1:].isascii() or " " in text
    read = parse_sum(text if has_unit or not unit else f"{text} {unit}", units)
    if unit and units.get(unit) != (read.ledger,):
        raise ExprError(f"“{text}”的单位与参数的单位“{unit}”不一致，请改成同一个。")
    return Typed(read.number, read.digits, unit or text.split()[-1])
