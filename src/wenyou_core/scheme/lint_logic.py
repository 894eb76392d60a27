"""What a condition says of single things: a small solver, sound and not complete.

A condition becomes alternatives (a disjunction); each says of some keys, which are fields,
measures, parameters or whole expressions, what values they may have. A key that the solver does
not understand stands for itself: it is true or it is not. Nothing is ever claimed of two keys
together, so *impossible* is certain, *possible* only where every key is simple.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Const,
    Exists,
    Expr,
    Field,
    InList,
    Measure,
    Neg,
    Not,
    Op,
    Param,
)
from wenyou_core.scheme.lint_sets import ANYTHING, WHOLE, Span, Values, numbers, words
from wenyou_core.scheme.show import show

MOST = 400
"""Alternatives of one condition; beyond it nothing is decided."""

Case = Mapping[Expr, Values]
Domain = Callable[[Expr], Values]
_FLIPPED = {Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE}
_ZERO = Const(Fraction(0))
TRUE, FALSE = words("是"), words("否")


class Verdict(Enum):
    """Whether a condition can hold."""

    NEVER = "never"
    MAYBE = "maybe"
    CAN = "can"


class TooManyError(Exception):
    """More alternatives than are looked at."""


def fold(expr: Expr, params: Mapping[str, Fraction]) -> Expr:
    """Parameters that have one number become it; arithmetic of numbers is carried out."""
    match expr:
        case Param(name) if name in params:
            return Const(params[name])
        case Binary(op, left, right):
            return _folded(op, fold(left, params), fold(right, params))
        case Neg(of):
            inner = fold(of, params)
            number = _number(inner)
            return Neg(inner) if number is None else Const(-number)
        case Not(of):
            return Not(fold(of, params))
        case Exists(of):
            return Exists(fold(of, params))
        case InList(of, values):
            inner = fold(of, params)
            listed = any(_same(inner, value) for value in values)
            return Const(listed) if isinstance(inner, Const) else InList(inner, values)
        case Between(of, interval):
            return Between(fold(of, params), interval)
    return expr


def _same(one: Expr, two: Const) -> bool:
    return isinstance(one, Const) and one.value == two.value


def _folded(op: Op, left: Expr, right: Expr) -> Expr:
    if op in (Op.EQ, Op.NE) and isinstance(left, Const) and isinstance(right, Const):
        return Const(_same(left, right) is (op is Op.EQ))
    one, two = _number(left), _number(right)
    if one is not None and two is not None:
        if op is Op.ADD:
            return Const(one + two)
        if op is Op.SUB:
            return Const(one - two)
        if op is Op.MUL:
            return Const(one * two)
    return Binary(op, left, right)


def _number(expr: Expr) -> Fraction | None:
    value = expr.value if isinstance(expr, Const) else None
    return value if isinstance(value, Fraction) else None


# -- alternatives -----------------------------------------------------------------------


def cases_of(expr: Expr, *, holds: bool = True) -> list[Case]:
    """The alternatives in which a condition holds (or does not). Raises TooManyError."""
    match expr:
        case Binary(Op.AND | Op.OR as op, left, right):
            one, two = cases_of(left, holds=holds), cases_of(right, holds=holds)
            return _both([one, two]) if (op is Op.AND) is holds else _checked(one + two)
        case Not(of):
            return cases_of(of, holds=not holds)
        case Const(bool() as value):
            return [{}] if value is holds else []
        case Exists(of):
            there = Values(spans=None, other=True)
            return [{of: there if holds else Values(absent=True)}]
    key, allowed = _literal(expr)
    return [{key: allowed if holds else _denied(allowed)}]


def _denied(allowed: Values) -> Values:
    outside = allowed.without()
    return Values(outside.spans, outside.words, outside.other, absent=True)


def _both(parts: Iterable[list[Case]]) -> list[Case]:
    found: list[Case] = [{}]
    for part in parts:
        found = _checked([_merged(one, two) for one in found for two in part])
    return found


def _checked(cases: list[Case]) -> list[Case]:
    if len(cases) > MOST:
        raise TooManyError
    return cases


def _merged(one: Case, two: Case) -> Case:
    merged = dict(one)
    for key, values in two.items():
        merged[key] = merged[key].meet(values) if key in merged else values
    return merged


def _literal(expr: Expr) -> tuple[Expr, Values]:
    """The key of a plain condition and the values with which it is true."""
    match expr:
        case Binary(op, left, right) if op not in (Op.ADD, Op.SUB, Op.MUL):
            return _comparison(op, left, right)
        case InList(of, consts):
            return of, _union(_equal(const) for const in consts)
        case Between(of, interval):
            low, high = (_place(end) if end else None for end in (interval.low, interval.high))
            return of, numbers(Span(low, interval.low_closed, high, interval.high_closed))
    return expr, TRUE


def _comparison(op: Op, left: Expr, right: Expr) -> tuple[Expr, Values]:
    if isinstance(left, Const) and not isinstance(right, Const):
        return _comparison(_FLIPPED.get(op, op), right, left)
    if isinstance(right, Const):
        return left, _compared(op, right)
    if op in (Op.EQ, Op.NE):
        first, second = sorted((left, right), key=show)
        return Binary(Op.EQ, first, second), TRUE if op is Op.EQ else FALSE
    if show(left) > show(right):
        left, right, op = right, left, _FLIPPED[op]
    return Binary(Op.SUB, left, right), _compared(op, _ZERO)


def _compared(op: Op, const: Const) -> Values:
    same = _equal(const)
    if op is Op.EQ:
        return same
    if op is Op.NE:
        return same.without()
    end = _place(const)
    if op in (Op.LT, Op.LE):
        return numbers(Span(None, False, end, op is Op.LE))
    return numbers(Span(end, op is Op.GE, None, False))


def _equal(const: Const) -> Values:
    value = const.value
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, str):
        return words(value)
    at = _place(const)
    return numbers(Span(at, True, at, True))


def _place(const: Const) -> Fraction:
    """A number or a date on the line of numbers; other things are not compared by order."""
    value = const.value
    if isinstance(value, date):
        return Fraction(value.toordinal())
    return value if isinstance(value, Fraction) else Fraction(0)


def _union(parts: Iterable[Values]) -> Values:
    spans: list[Span] = []
    listed: set[str] = set()
    for part in parts:
        spans += part.spans or ()
        listed |= part.words
    return Values(words=frozenset(listed)) if listed else numbers(*spans)


# -- judging ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reasoner:
    """Judges conditions of one place: ``domain`` says what each key may be at all."""

    domain: Domain
    params: Mapping[str, Fraction]

    def cases(self, *conditions: Expr | None, denied: Iterable[Expr] = ()) -> list[Case]:
        """The possible alternatives in which all hold and the denied ones do not.

        Raises TooManyError.
        """
        parts = [cases_of(fold(one, self.params)) for one in conditions if one is not None]
        parts += [cases_of(fold(one, self.params), holds=False) for one in denied]
        bounded = (self._bounded(case) for case in _both(parts))
        return [case for case in bounded if not any(one.empty for one in case.values())]

    def _bounded(self, case: Case) -> Case:
        return {key: values.meet(self.domain(key)) for key, values in case.items()}

    def verdict(self, *conditions: Expr | None, denied: Iterable[Expr] = ()) -> Verdict:
        """Whether all can hold together while the denied ones do not."""
        try:
            cases = self.cases(*conditions, denied=denied)
        except TooManyError:
            return Verdict.MAYBE
        if not cases:
            return Verdict.NEVER
        simple = any(all(_simple(key) for key in case) for case in cases)
        return Verdict.CAN if simple else Verdict.MAYBE

    def never(self, *conditions: Expr | None, denied: Iterable[Expr] = ()) -> bool:
        """Whether they certainly cannot hold together."""
        return self.verdict(*conditions, denied=denied) is Verdict.NEVER

    def values(self, key: Expr, *conditions: Expr | None) -> Values:
        """What a key may be where the conditions hold; everything where that is not decided."""
        try:
            cases = self.cases(*conditions)
        except TooManyError:
            return self.domain(key)
        if any(key not in case for case in cases):
            return self.domain(key)
        return _any([case[key] for case in cases])


def _any(parts: list[Values]) -> Values:
    absent = any(part.absent for part in parts)
    if all(part.spans is not None for part in parts):
        spans = tuple(span for part in parts for span in part.spans or ())
        return Values(spans=spans, absent=absent)
    if any(part.spans is not None or part.other for part in parts):
        return ANYTHING
    listed = frozenset[str]().union(*(part.words for part in parts))
    return Values(words=listed, absent=absent)


def _simple(key: Expr) -> bool:
    """A thing that may be what it likes, whatever the others are."""
    return isinstance(key, Field | Param | Measure)


def only_span(values: Values) -> Span | None:
    """The one span of a set of numbers."""
    if values.spans is None:
        return None
    held = [span for span in values.spans if not span.empty]
    return held[0] if len(held) == 1 else None


ALL_NUMBERS = numbers(WHOLE)
