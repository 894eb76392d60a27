"""Between which numbers a measure lies, as far as the plan itself says."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from wenyou_core.scheme.expr import Binary, Const, Expr, Measure, Neg, Op, Param
from wenyou_core.scheme.lint_desk import Desk
from wenyou_core.scheme.lint_sets import Span
from wenyou_core.scheme.measures import (
    Across,
    EntryMeasure,
    FactMeasure,
    Formula,
    Members,
    RankOf,
    Ratio,
    Roll,
    ShareOf,
    StepOf,
    Streak,
)
from wenyou_core.scheme.rules import EventRule, Limit, PeriodRule
from wenyou_core.scheme.words import Empty, LimitPer, Stat

_ZERO = Fraction(0)
_FROM_ZERO = Span(_ZERO, True)
_FREE = Span()
_KEEPS = (Stat.MEAN, Stat.POOLED, Stat.MIN, Stat.MAX, Stat.MEDIAN, Stat.LAST)


def find_spans(desk: Desk) -> None:
    """Fill ``desk.spans`` for every measure; circles do not occur in a checked plan."""

    def look(name: str) -> Span:
        if name not in desk.spans:
            desk.spans[name] = _FREE  # a measure that reads its own past stays free
            desk.spans[name] = _span(desk, name, look)
        return desk.spans[name]

    for name in desk.scope.measures:
        look(name)


def _span(desk: Desk, name: str, look: Callable[[str], Span]) -> Span:
    match desk.scope.measures[name]:
        case FactMeasure(how="count" | "distinct"):
            return _FROM_ZERO
        case EntryMeasure() as one:
            return _entries(desk, one)
        case Ratio(ratio=(first, second), empty=empty):
            below, above = look(first), look(second)
            sure = below.low is not None and below.low >= 0 and above.low is not None
            return _FROM_ZERO if sure and above.low == 0 and empty is not Empty.FULL else _FREE
        case ShareOf() | Members(how=Stat.SHARE):
            return Span(_ZERO, True, Fraction(1), True)
        case RankOf():
            return Span(Fraction(1), True)
        case StepOf(step=grade):
            steps = len(desk.scope.grades[grade].steps)
            return Span(_ZERO, True, Fraction(steps), True)
        case Streak(most=most):
            return Span(_ZERO, True, Fraction(most), True)
        case Formula(value=value, round=None):
            return _value(desk, value, look)
        case Across(across=source, how=how) | Members(members=source, how=how):
            return _FROM_ZERO if how is Stat.COUNT else look(source) if how in _KEEPS else _FREE
        case Roll(roll=source, how=how):
            return _FROM_ZERO if how is Stat.COUNT else look(source) if how in _KEEPS else _FREE
    return _FREE


def _entries(desk: Desk, one: EntryMeasure) -> Span:
    """Base plus deductions only stays at or below the base, and above base and floor."""
    rules = [desk.scope.rules.get(name) for name in one.entries]
    if (
        one.ledger
        or one.opening
        or one.window
        or not rules
        or any(name.endswith("+joint") for name in one.entries)
    ):
        return _FREE
    signs = {desk.sign(rule) for rule in rules if isinstance(rule, EventRule | PeriodRule)}
    limits = [rule for rule in rules if isinstance(rule, Limit)]
    if signs == {-1} and all(_within(desk, rule, -1) for rule in limits):
        return Span(_floor(desk, one, limits), True, one.base, True)
    if signs == {1} and all(_within(desk, rule, 1) for rule in limits):
        return Span(one.base, True)
    return _FREE


def _within(desk: Desk, limit: Limit, sign: int) -> bool:
    """A limit that only cuts does not turn the sign; what an unset end does is not known."""
    found = [desk.ends(end) for end in limit.ends]
    return all(ends and all(end * sign >= 0 for end in ends) for ends in found)


def _floor(desk: Desk, one: EntryMeasure, limits: list[Limit]) -> Fraction | None:
    """The base less the floor of a limit that holds all the rules of the measure."""
    for limit in limits:
        held = set(limit.limit) | {limit.name}
        floors = desk.ends(limit.floor)
        if floors and limit.per is LimitPer.PERIOD and set(one.entries) <= held:
            return one.base + min(floors)
    return None


def _value(desk: Desk, expr: Expr, look: Callable[[str], Span]) -> Span:
    """The span of a sum or of a product with a number."""
    match expr:
        case Const(Fraction() as number):
            return Span(number, True, number, True)
        case Param(name) if name in desk.params:
            return Span(desk.params[name], True, desk.params[name], True)
        case Measure(name):
            return look(name)
        case Neg(of):
            return _times(_value(desk, of, look), Fraction(-1))
        case Binary(Op.ADD, left, right):
            return _plus(_value(desk, left, look), _value(desk, right, look))
        case Binary(Op.SUB, left, right):
            return _plus(_value(desk, left, look), _times(_value(desk, right, look), Fraction(-1)))
        case Binary(Op.MUL, left, right):
            one, two = _value(desk, left, look), _value(desk, right, look)
            if two.low is not None and two.low == two.high:
                return _times(one, two.low)
            if one.low is not None and one.low == one.high:
                return _times(two, one.low)
    return _FREE


def _plus(one: Span, two: Span) -> Span:
    low = None if one.low is None or two.low is None else one.low + two.low
    high = None if one.high is None or two.high is None else one.high + two.high
    return Span(low, low is not None, high, high is not None)


def _times(one: Span, number: Fraction) -> Span:
    low = None if one.low is None else one.low * number
    high = None if one.high is None else one.high * number
    if number == 0:
        low = high = _ZERO
    if number < 0:
        low, high = high, low
    return Span(low, low is not None, high, high is not None)
