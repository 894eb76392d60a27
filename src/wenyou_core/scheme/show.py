"""An expression tree as the canonical text of the scheme language.

``parse_expr(show(e))`` gives the same tree for every tree that a text can give. The few constants
that no text gives (an infinite decimal such as 1/3) are written as a fraction, for people only.
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Field,
    InList,
    Interval,
    Measure,
    Neg,
    Not,
    Op,
    Param,
    Value,
)

_OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _SIGN, _ATOM = 1, 2, 3, 4, 5, 6, 7, 8
_LEVEL = {Op.OR: _OR, Op.AND: _AND, Op.ADD: _SUM, Op.SUB: _SUM, Op.MUL: _PRODUCT}
_BARE = re.compile(r"\w+\Z")
_FULL_WIDTH = re.compile("[\uff01-\uffee]")


def show(expr: Expr) -> str:
    """The canonical text: single spaces, brackets only where needed."""
    return _shown(expr)[0]


def show_interval(interval: Interval) -> str:
    """``[90, 95)``, ``(10, +)``, ``(-, 5]``."""
    low = "-" if interval.low is None else show_const(interval.low)
    high = "+" if interval.high is None else show_const(interval.high)
    left = "[" if interval.low_closed else "("
    right = "]" if interval.high_closed else ")"
    return f"{left}{low}, {high}{right}"


def show_const(const: Const) -> str:
    """A literal: numbers with the decimals they were written with."""
    value: Value = const.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return show_number(value, const.digits)
    if isinstance(value, date):
        return value.isoformat()
    bare = _BARE.match(value) and not value.isascii() and not _FULL_WIDTH.search(value)
    return value if bare else '"' + value.replace('"', '""') + '"'


def show_number(number: Fraction, digits: int = 0) -> str:
    """An exact decimal with at least ``digits`` decimals: ``-0.50``; else ``1/3``."""
    rest = number.denominator
    if rest == 1 and not digits:
        return str(number.numerator)
    twos = fives = 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return f"{number.numerator}/{number.denominator}"
    places = max(digits, twos, fives)
    scaled = abs(number.numerator) * 10**places // number.denominator
    text = str(scaled).rjust(places + 1, "0")
    sign = "-" if number < 0 else ""
    return sign + (f"{text[:-places]}.{text[-places:]}" if places else text)


def show_sum(number: Fraction, unit: str, *, signed: bool = False, minus: str = "-") -> str:
    """A sum as sentences say it: ``-600元``, ``-1.5分``; with ``signed`` also ``+200元``.

    Tables, where figures stand beneath each other, show them otherwise.
    """
    plus = "+" if signed and number > 0 else ""
    return f"{plus}{show_number(number).replace('-', minus, 1)}{unit}"


def _shown(expr: Expr) -> tuple[str, int]:
    """The text and how strongly it binds."""
    match expr:
        case Const():
            return show_const(expr), _ATOM
        case Field(of, name):
            return (name if of == "fact" else f"{of}.{name}"), _ATOM
        case Param(name):
            return f"param.{name}", _ATOM
        case Measure(name):
            return name, _ATOM
        case Call(func, args):
            return f"{func.value}({', '.join(show(arg) for arg in args)})", _ATOM
        case Exists(of):
            return f"exists {_within(of, _ATOM)}", _SIGN
        case Neg(of):
            # -5 alone would be read as the constant
            inner = f"({show(of)})" if isinstance(of, Const) else _within(of, _SIGN)
            return f"-{inner}", _SIGN
        case Not(of):
            return f"not {_within(of, _NOT)}", _NOT
        case InList(of, values):
            words = ", ".join(show_const(value) for value in values)
            return f"{_within(of, _SUM)} in [{words}]", _COMPARE
        case Between(of, interval):
            return f"{_within(of, _SUM)} between {show_interval(interval)}", _COMPARE
        case Binary(op, left, right):
            level = _LEVEL.get(op, _COMPARE)
            near = _SUM if level == _COMPARE else level
            text = f"{_within(left, near)} {op.value} {_within(right, level + 1)}"
            return text, level


def _within(expr: Expr, level: int) -> str:
    text, own = _shown(expr)
    return text if own >= level else f"({text})"
