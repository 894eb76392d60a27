"""Amounts of rules: fixed, looked up, computed, chosen, per unit, banded, linear."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from wenyou_core.scheme.expr import Expr, Interval
from wenyou_core.scheme.words import Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Where a rule rounds: to how many decimals, by which named mode."""

    digits: int
    mode: Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """An amount with its ledger: ``-600 元``. ``number`` is exact, ``digits`` as written."""

    number: Fraction
    ledger: str
    digits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """``amount: -600 元``, or ``amount: param.fine`` (``param`` set, ``sum`` empty)."""

    sum: Sum | None = None
    param: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """``floor: -param.base 天``: a number parameter, in the unit of a ledger; ``turned``: its
    negative. Only for the ends of a bound."""

    param: str
    ledger: str
    turned: bool = False

    @property
    def sign(self) -> int:
        """-1 of the negative."""
        return -1 if self.turned else 1


End = Fixed | Scaled


@dataclass(frozen=True, slots=True, kw_only=True)
class FromTable:
    """``amount: {table: fine_by_level}``: the table's own ``by`` fields are looked up."""

    table: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FromExpr:
    """``amount: {value: "-points", ledger: points}``: the number is an expression.

    In a period rule the expression may use measures. ``round`` is needed when the expression can
    have more digits than the ledger; ``percent of`` is written ``20% * pay``.
    """

    value: Expr
    ledger: str
    round: Round | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FromRange:
    """``amount: {range: [-200 元, -500 元]}``: a person chooses inside; until then it waits.

    The choice is a ``decision`` fact that names rule and fact (and subject, if given).
    """

    range: tuple[Sum, Sum]


@dataclass(frozen=True, slots=True, kw_only=True)
class PerUnit:
    """``amount: {per: late_days, each: -2 分, free: 1, step: 1, part: up}``.

    Counts = ⌈(x − free) / step⌉ (``part: up``) or ⌊…⌋ (``down``), never below zero, times each.
    """

    per: Expr
    each: Sum
    free: Fraction = Fraction(0)
    step: Fraction = Fraction(1)
    part: Rounding = Rounding.DOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band of Bands: an interval and the amount in it."""

    interval: Interval
    sum: Sum


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """``amount: {bands: late_days, rows: {"[1, 3)": -1 分, "[3, +)": -5 分}}``."""

    bands: Expr
    rows: tuple[Band, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """Linear between two points, flat outside: ``{linear: x, from: [85%, 0], to: [90%, 15]}``.

    Below the first point the first value holds, above the second the second. Always rounded.
    """

    linear: Expr
    start: tuple[Fraction, Fraction]
    end: tuple[Fraction, Fraction]
    ledger: str
    round: Round


Amount = Fixed | FromTable | FromExpr | FromRange | PerUnit | Bands | Linear
