"""The value of an expression, exactly and with absent values.

An absent value (None) makes every comparison false, also ``!=``, and arithmetic absent;
``and``, ``or``, ``not`` take it as false; ``exists`` asks for it. Numbers are fractions, so an
unrounded ratio is compared as its exact quotient, which is what cross-multiplication gives.

An expression is turned once into a function of a context; the context knows one fact, or one
subject in one period.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol

from wenyou_core.assess.facts import Cell
from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Field,
    Func,
    InList,
    Interval,
    Measure,
    Neg,
    Not,
    Op,
    Param,
)


class Context(Protocol):
    """What an expression may ask for."""

    def field(self, of: str, name: str) -> Cell | None:
        """A field of the fact, or an attribute of its ``unit`` or ``person`` that day."""
        ...

    def param(self, name: str) -> Cell | None:
        """A parameter on the deciding day, or on the period's last day."""
        ...

    def measure(self, name: str) -> Fraction | None:
        """A measure of the subject in the period at hand."""
        ...

    def workdays(self, first: date, last: date) -> Fraction | None:
        """Working days d with first < d <= last."""
        ...


Evaluator = Callable[[Context], Cell | None]

_COMPARE: dict[Op, Callable[..., bool]] = {
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def _plus(left: Fraction | date, right: Fraction) -> Fraction | date | None:
    """A sum; a date some days later, absent where there is no such date."""
    if isinstance(left, Fraction):
        return left + right
    try:
        return left + timedelta(days=int(right))
    except OverflowError:
        return None


_ARITHMETIC: dict[Op, Callable[..., Cell | None]] = {
    Op.ADD: _plus,
    Op.SUB: lambda left, right: _plus(left, -right),
    Op.MUL: operator.mul,
}


_KEPT: dict[int, tuple[Expr, Evaluator]] = {}
KEPT = 20_000
"""Expressions whose functions are kept at most."""


def compiled(expr: Expr) -> Evaluator:
    """The expression as a function of its context. Types were checked when the plan loaded.

    The functions hold no state, and those of an expression are kept: a plan is run for every
    statement anew. By identity, for ``Const(1)`` and ``Const(True)`` are equal, yet not the same.
    """
    kept = _KEPT.get(id(expr))
    if kept is not None and kept[0] is expr:
        return kept[1]
    made = _compiled(expr)
    if len(_KEPT) >= KEPT:
        _KEPT.clear()
    _KEPT[id(expr)] = (expr, made)
    return made


def _compiled(expr: Expr) -> Evaluator:
    match expr:
        case Const(value):
            return lambda _: value
        case Field(owner, name):
            return lambda context: context.field(owner, name)
        case Param(name):
            return lambda context: context.param(name)
        case Measure(name):
            return lambda context: context.measure(name)
        case Not(of):
            inner = compiled(of)
            return lambda context: inner(context) is not True
        case Exists(of):
            inner = compiled(of)
            return lambda context: inner(context) is not None
        case Neg(of):
            return _absent_or(compiled(of), operator.neg)
        case InList(of, values):
            return _in_list(compiled(of), frozenset(const.value for const in values))
        case Between(of, interval):
            return _between(compiled(of), interval)
        case Binary():
            return _binary(expr)
        case Call():
            return _call(expr)


def condition(expr: Expr | None) -> Callable[[Context], bool]:
    """A condition as a function: an absent one holds, an absent value does not."""
    if expr is None:
        return lambda _: True
    value = compiled(expr)
    return lambda context: value(context) is True


def number(expr: Expr) -> Callable[[Context], Fraction | None]:
    """A number as a function of its context."""
    value = compiled(expr)

    def evaluate(context: Context) -> Fraction | None:
        found = value(context)
        return found if isinstance(found, Fraction) else None

    return evaluate


def inside(value: Cell, interval: Interval) -> bool:
    """Whether a number or date lies in the interval."""
    return _above(value, interval) and _below(value, interval)


def names_read(expr: Expr) -> tuple[Expr, ...]:
    """The fields, parameters and measures whose absence leaves a statement open.

    What stands under ``exists`` is not among them: there absence is an answer.
    """
    match expr:
        case Field() | Param() | Measure():
            return (expr,)
        case Const() | Exists():
            return ()
        case Not(of) | Neg(of) | InList(of, _) | Between(of, _):
            return names_read(of)
        case Binary(_, left, right):
            return names_read(left) + names_read(right)
        case Call(Func.FIRST):
            return (expr,)  # one of its parts is enough
        case Call(_, args):
            return tuple(name for arg in args for name in names_read(arg))


# -- the kinds of expression ---------------------------------------------------------------


def _absent_or(inner: Evaluator, function: Callable[..., Cell]) -> Evaluator:
    def evaluate(context: Context) -> Cell | None:
        value = inner(context)
        return None if value is None else function(value)

    return evaluate


def _in_list(inner: Evaluator, values: frozenset[Cell]) -> Evaluator:
    return lambda context: inner(context) in values  # None is never among the constants


def _between(inner: Evaluator, interval: Interval) -> Evaluator:
    def evaluate(context: Context) -> bool:
        value = inner(context)
        return value is not None and inside(value, interval)

    return evaluate


def _above(value: Cell, interval: Interval) -> bool:
    if interval.low is None:
        return True
    compare = operator.ge if interval.low_closed else operator.gt
    return bool(compare(value, interval.low.value))


def _below(value: Cell, interval: Interval) -> bool:
    if interval.high is None:
        return True
    compare = operator.le if interval.high_closed else operator.lt
    return bool(compare(value, interval.high.value))


def _binary(expr: Binary) -> Evaluator:
    left, right = compiled(expr.left), compiled(expr.right)
    if expr.op is Op.AND:
        return lambda context: left(context) is True and right(context) is True
    if expr.op is Op.OR:
        return lambda context: left(context) is True or right(context) is True
    if expr.op in _COMPARE:
        compare = _COMPARE[expr.op]
        if isinstance(expr.right, Const):
            return _against(left, compare, expr.right.value)

        def compared(context: Context) -> bool:
            a, b = left(context), right(context)
            return a is not None and b is not None and compare(a, b)

        return compared
    arithmetic = _ARITHMETIC[expr.op]

    def computed(context: Context) -> Cell | None:
        a, b = left(context), right(context)
        return None if a is None or b is None else arithmetic(a, b)

    return computed


def _against(left: Evaluator, compare: Callable[..., bool], known: Cell) -> Evaluator:
    """A comparison with a constant, the commonest of all."""

    def compared(context: Context) -> bool:
        value = left(context)
        return value is not None and compare(value, known)

    return compared


def _call(expr: Call) -> Evaluator:
    args = tuple(compiled(arg) for arg in expr.args)
    if expr.func is Func.WORKDAYS:
        return _workdays(args)
    if expr.func is Func.FIRST:
        return _first(args)
    function = _FUNCTIONS[expr.func]

    def evaluate(context: Context) -> Cell | None:
        values = [arg(context) for arg in args]
        return None if None in values else function(*values)

    return evaluate


def _first(args: tuple[Evaluator, ...]) -> Evaluator:
    def evaluate(context: Context) -> Cell | None:
        values = (arg(context) for arg in args)
        return next((value for value in values if value is not None), None)

    return evaluate


def _workdays(args: tuple[Evaluator, ...]) -> Evaluator:
    def evaluate(context: Context) -> Cell | None:
        first, last = (arg(context) for arg in args)
        if not isinstance(first, date) or not isinstance(last, date):
            return None
        return context.workdays(first, last)

    return evaluate


_FUNCTIONS: dict[Func, Callable[..., Cell]] = {
    Func.DAYS: lambda first, last: Fraction((last - first).days),
    Func.MINUTES: lambda first, last: last - first,
    Func.MONTH: lambda day: Fraction(day.month),
    Func.YEAR: lambda day: Fraction(day.year),
    Func.MIN: min,
    Func.MAX: max,
    Func.ABS: abs,
    Func.FLOOR: lambda x, step: Fraction(x // step),
    Func.CEIL: lambda x, step: Fraction(-(-x // step)),
}
