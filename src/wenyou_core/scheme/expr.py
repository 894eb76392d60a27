"""The expression tree of the scheme language: about twenty-five operators, no loops.

An expression stands in a plan as text (``ruling = 有责 and days(happened, known) <= 3``). It is
parsed once; the tree below is what both back ends read. There is no division: a ratio is a
measure of its own, compared by cross-multiplication.

Text in a plan            tree
------------------------  -----------------------------------------------
``level``                 ``Field("fact", "level")`` in a fact context
``unit.region``           ``Field("unit", "region")``: attribute on the deciding day
``person.post_class``     ``Field("person", "post_class")``
``period.end``            ``Field("period", "end")``: the period's first (``start``) or last day
``table.weight``          ``Field("table", "weight")``: the number of a table for its own fields
``param.base``            ``Param("base")``: the value in force on the deciding day
``complaint_rate``        ``Measure("complaint_rate")`` in a subject context
``支行级`` or ``"支行级"``  ``Const("支行级")``: a bare word with a non-ASCII letter is a text
``95`` ``0.5`` ``20%``    ``Const(Fraction)``; ``2025-03-01`` is ``Const(date)``; ``true``/``false``
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

Value = Fraction | str | date | bool


class Op(Enum):
    """Two-sided operators, with the word they have in a plan."""

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    ADD = "+"
    SUB = "-"
    MUL = "*"
    AND = "and"
    OR = "or"


class Func(Enum):
    """The named functions. Each is exact; none looks at other rows."""

    DAYS = "days"  # days(a, b): calendar days from date a to date b, negative when b is earlier
    WORKDAYS = "workdays"  # workdays(a, b): working days d with a < d <= b, by the calendar
    MINUTES = "minutes"  # minutes(a, b): minutes of clock between two times of one day
    MONTH = "month"  # month(d): 1..12
    YEAR = "year"  # year(d)
    MIN = "min"  # min(x, y, ...)
    MAX = "max"  # max(x, y, ...)
    ABS = "abs"
    FIRST = "first"  # first(x, y, ...): the first that is not absent
    FLOOR = "floor"  # floor(x, step): the largest multiple count: ⌊x / step⌋, step a constant > 0
    CEIL = "ceil"  # ceil(x, step): ⌈x / step⌉


@dataclass(frozen=True, slots=True)
class Const:
    """A literal. Numbers are exact fractions of decimal literals; ``digits`` as written."""

    value: Value
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the fact, a dated attribute of its unit or person, a table's number, …

    ``of`` is ``fact``, ``unit``, ``person``, ``period`` or ``table``. An empty field is *absent*: every comparison with
    an absent value is false, also ``!=``; arithmetic with it is absent; ``exists`` asks for it.
    """

    of: str
    name: str


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter of the plan, read on the deciding day (facts) or the period's last day."""

    name: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the subject in the period at hand; absent when not applicable."""

    name: str


@dataclass(frozen=True, slots=True)
class Binary:
    """Two-sided operator. AND/OR know only true and false: an absent side counts as false."""

    op: Op
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Not:
    """``not x``: true when x is false or absent."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Neg:
    """``-x``."""

    of: Expr


@dataclass(frozen=True, slots=True)
class InList:
    """``x in [a, b]``: x equals one of the constants, or is in a named list (``in 列表名``)."""

    of: Expr
    values: tuple[Const, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A range of numbers or dates, each end open, closed or without end.

    Written as mathematicians do: ``[90, 95)``, ``(10, +)``, ``(-, 5]``.
    """

    low: Const | None
    low_closed: bool
    high: Const | None
    high_closed: bool


@dataclass(frozen=True, slots=True)
class Between:
    """``x between [90, 95)``."""

    of: Expr
    interval: Interval


@dataclass(frozen=True, slots=True)
class Exists:
    """``exists x``: x is not absent."""

    of: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """A function call."""

    func: Func
    args: tuple[Expr, ...]


Expr = Const | Field | Param | Measure | Binary | Not | Neg | InList | Between | Exists | Call
