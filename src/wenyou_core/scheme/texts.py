"""Texts with a form of their own: numbers, amounts, windows, whom, dates.

Each reader takes the text as typed and raises ExprError with a Chinese sentence that shows the
right form.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.amounts import Sum
from wenyou_core.scheme.lex import ExprError, date_of, number_of
from wenyou_core.scheme.parse import nearest
from wenyou_core.scheme.rules import Whom, Window

Units = Mapping[str, tuple[str, ...]]
"""Ledger names by what may stand behind a number: a ledger's unit, or its own name."""

_NAME = re.compile(r"[a-z][a-z0-9_]*\Z")
_SUM = re.compile(r"(?P<number>[+-]?[0-9]+(?:\.[0-9]+)?)(?P<space>\s*)(?P<unit>\S*)\Z")
_LENGTH = re.compile(r"([1-9][0-9]{0,4}) (months?|days?)\Z")
_CYCLE = re.compile(r"cycle (?:unit|person)\.[a-z][a-z0-9_]*\Z")
_WHOM = re.compile(r"([a-z][a-z0-9_]*)(?: up ([1-9]))?\Z")
_WINDOW_WORDS = ("year", "period", "all")
_OF_FIELDS = ("present", "field")
_MAX_DIGITS = 9


def units_of(ledgers: Mapping[str, str]) -> Units:
    """What may stand behind a number, from ledger name → unit."""
    found: dict[str, tuple[str, ...]] = {}
    for name, unit in ledgers.items():
        found[unit] = (*found.get(unit, ()), name)
    for name in ledgers:
        found[name] = (name,)
    return found


def parse_number(text: str) -> tuple[Fraction, int]:
    """Exact value and decimals of ``-1.5``, ``20%``; see ``number_of`` for how they count."""
    sign, plain = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
    read = number_of(plain)
    if read is None:
        raise ExprError(f"“{text}”不是数，请写成“600”“1.5”或“20%”的样子（半角）。")
    if read[1] > _MAX_DIGITS:
        raise ExprError(f"“{text}”的小数超过{_MAX_DIGITS}位，请减少位数。")
    return read[0] * sign, read[1]


def parse_date(text: str) -> date:
    """The date of ``2025-03-01``."""
    day = date_of(text)
    if day is None:
        raise ExprError(f"“{text}”不是日期，请写成“2025-03-01”的样子。")
    return day


def parse_sum(text: str, units: Units) -> Sum:
    """The amount of ``-600 元`` or ``-1 points``; ``units`` as ``units_of`` gives them."""
    match = _SUM.match(text)
    known = "、".join(units)
    if match is None:
        raise ExprError(f"“{text}”不是金额或分值，请写成数、空格、单位，例如“-600 元”。")
    unit = match["unit"]
    if not unit:
        raise ExprError(f"“{text}”后面缺少单位，请补上一个单位（{known}）。")
    if unit not in units:
        hint = nearest(unit, list(units)) or f"本方案的单位有{known}。"
        raise ExprError(f"“{text}”的单位“{unit}”不属于任何台账；{hint}")
    if not match["space"]:
        raise ExprError(f"“{text}”的数和单位之间要空一格，请写成“{match['number']} {unit}”。")
    if len(units[unit]) > 1:
        names = "、".join(units[unit])
        raise ExprError(f"单位“{unit}”属于几个台账（{names}），请改写台账的名称。")
    number, digits = parse_number(match["number"])
    return Sum(number=number, ledger=units[unit][0], digits=digits)


def parse_window(text: str) -> Window:
    """The window of ``12 months``, ``365 days``, ``year``, ``cycle person.x``, ``param.x`` …

    ``kind`` is then ``months`` or ``days`` (with ``number``), ``year``, ``period``, ``all``,
    ``cycle`` (``param`` is ``person.x`` or ``unit.x``) or ``param`` (``param`` is its name).
    """
    text = " ".join(text.split())
    match = _LENGTH.match(text)
    if match:
        return Window(kind="months" if match[2][0] == "m" else "days", number=int(match[1]))
    if text in _WINDOW_WORDS:
        return Window(kind=text)
    if _CYCLE.match(text):
        return Window(kind="cycle", param=text.removeprefix("cycle "))
    name = param_of(text)
    if name:
        return Window(kind="param", param=name)
    raise ExprError(
        f"“{text}”不是回看期，请写成“12 months”“365 days”“year”“period”“all”"
        "“cycle person.属性”或“param.参数名”。"
    )


def parse_whom(text: str) -> Whom:
    """The person or unit hit: ``unit``, ``present attendees``, ``head up 1`` …"""
    text = " ".join(text.split())
    match = _WHOM.match(text)
    who, _, field = text.partition(" ")
    if who in _OF_FIELDS and field:
        if _NAME.match(field):
            return Whom(who=who, field=field)
    elif match and match[1] not in (*_OF_FIELDS, "parent"):
        return Whom(who=match[1], up=int(match[2] or 0))
    elif match and match[1] == "parent" and match[2]:
        return Whom(who="parent", up=int(match[2]))
    raise ExprError(
        f"“{text}”不是对象，请写成“unit”“person”“subject”“members”“present 字段名”"
        "“field 字段名”“角色名”“角色名 up 1”或“parent up 1”。"
    )


def param_of(text: str) -> str:
    """The name behind ``param.``; empty when the text is no parameter."""
    name = text.removeprefix("param.")
    return name if name != text and _NAME.match(name) else ""


def show_window(window: Window) -> str:
    """The text that ``parse_window`` reads."""
    match window.kind:
        case "months" | "days":
            return f"{window.number} {window.kind}"
        case "cycle":
            return f"cycle {window.param}"
        case "param":
            return f"param.{window.param}"
    return window.kind


def show_whom(whom: Whom) -> str:
    """The text that ``parse_whom`` reads."""
    if whom.field:
        return f"{whom.who} {whom.field}"
    return f"{whom.who} up {whom.up}" if whom.up else whom.who
