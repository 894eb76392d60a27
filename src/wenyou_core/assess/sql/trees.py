"""Makers of values and conditions as SQL trees; callers take them through ``build``.

Every maker copies a node that already hangs in another tree, and puts brackets around what needs
them, so callers can combine freely. All numbers are integers; there is no division but
``quotient``, which is only taken of a number that is not negative by one that is positive, or
where no rest is possible. The sign of a rest is that of the number in every dialect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from sqlglot import exp

from wenyou_core.scheme.words import Rounding

Sql = exp.Expression
WIDE = "INT128"

_LOOSE = (exp.Binary, exp.Not, exp.Neg, exp.Between, exp.In, exp.Is)


def own(node: Sql) -> Sql:
    """The node, or a copy when it already hangs in a tree."""
    return node if node.parent is None else node.copy()


def tight(node: Sql) -> Sql:
    """The node in brackets where an operator beside it could tear it apart."""
    node = own(node)
    if isinstance(node, _LOOSE) and not isinstance(node, exp.Dot):
        return exp.Paren(this=node)
    return node


# -- leaves -------------------------------------------------------------------------------


def col(name: str, table: str = "") -> Sql:
    """A column, of a table when one is named."""
    if table:
        return exp.Column(this=exp.Identifier(this=name), table=exp.Identifier(this=table))
    return exp.Column(this=exp.Identifier(this=name))


def num(value: int) -> Sql:
    """An integer; one that does not fit 64 bits is cast to the wide type."""
    literal: Sql = exp.Literal(this=str(abs(value)), is_string=False)
    if value < 0:
        literal = exp.Neg(this=literal)
    return literal if abs(value) < 1 << 31 else cast(literal, fitting(value))


def fitting(value: int) -> str:
    """The type that holds a number."""
    return "BIGINT" if abs(value) < 1 << 63 else WIDE


def text(value: str) -> Sql:
    """A text literal."""
    return exp.Literal(this=value, is_string=True)


def null(kind: str = "") -> Sql:
    """NULL, cast where the engine must know the type of the column."""
    return cast(exp.Null(), kind) if kind else exp.Null()


def true() -> Sql:
    """A condition that always holds."""
    return exp.EQ(this=num(1), expression=num(1))


def false() -> Sql:
    """A condition that never holds."""
    return exp.EQ(this=num(0), expression=num(1))


# -- operators ----------------------------------------------------------------------------


def known(test: Sql) -> bool | None:
    """Whether a condition holds for every row, or for none; None where a row decides.

    Readings are parameters, so most of what a plan says of them is settled once they are set.
    """
    return _alike(test.this, test.expression) if isinstance(test, exp.EQ) else None


def _alike(left: Sql, right: Sql) -> bool | None:
    """Whether two literals of a kind are the same; None where one of them is none."""
    if not (isinstance(left, exp.Literal) and isinstance(right, exp.Literal)):
        return None
    return bool(left.this == right.this) if left.is_string == right.is_string else None


def _settled(holds: bool) -> Sql:
    return true() if holds else false()


def _two(kind: Callable[..., Sql], left: Sql, right: Sql) -> Sql:
    return kind(this=tight(left), expression=tight(right))


def eq(left: Sql, right: Sql) -> Sql:
    """left = right."""
    return _two(exp.EQ, left, right)


def ne(left: Sql, right: Sql) -> Sql:
    """left <> right."""
    alike = _alike(left, right)
    return _two(exp.NEQ, left, right) if alike is None else _settled(not alike)


def lt(left: Sql, right: Sql) -> Sql:
    """left < right."""
    return _two(exp.LT, left, right)


def le(left: Sql, right: Sql) -> Sql:
    """left <= right."""
    return _two(exp.LTE, left, right)


def gt(left: Sql, right: Sql) -> Sql:
    """left > right."""
    return _two(exp.GT, left, right)


def ge(left: Sql, right: Sql) -> Sql:
    """left >= right."""
    return _two(exp.GTE, left, right)


def add(left: Sql, right: Sql) -> Sql:
    """left + right."""
    return _two(exp.Add, left, right)


def sub(left: Sql, right: Sql) -> Sql:
    """left - right."""
    return _two(exp.Sub, left, right)


def mul(left: Sql, right: Sql) -> Sql:
    """left * right."""
    return _two(exp.Mul, left, right)


def neg(of: Sql) -> Sql:
    """-of."""
    return exp.Neg(this=tight(of))


def times(of: Sql, factor: int) -> Sql:
    """of * factor, without a multiplication by one."""
    if factor == 1:
        return own(of)
    return mul(of, num(factor))


def all_of(parts: Iterable[Sql]) -> Sql:
    """Every part holds; none at all holds."""
    return _joined(exp.And, parts, idle=True)


def any_of(parts: Iterable[Sql]) -> Sql:
    """Some part holds; none at all does not hold."""
    return _joined(exp.Or, parts, idle=False)


def _joined(kind: Callable[..., Sql], parts: Iterable[Sql], *, idle: bool) -> Sql:
    """Parts that change nothing are left out; one that settles all stands alone."""
    whole: Sql | None = None
    for part in parts:
        holds = known(part)
        if holds is None:
            whole = tight(part) if whole is None else kind(this=whole, expression=tight(part))
        elif holds is not idle:
            return _settled(holds)
    return _settled(idle) if whole is None else whole


def no(of: Sql) -> Sql:
    """Not of, where absent counts as false."""
    holds = known(of)
    return exp.Not(this=coalesce(of, exp.false())) if holds is None else _settled(not holds)


def is_null(of: Sql) -> Sql:
    """of IS NULL."""
    return exp.Is(this=tight(of), expression=exp.Null())


def not_null(of: Sql) -> Sql:
    """of IS NOT NULL."""
    return exp.Not(this=is_null(of))


def within(of: Sql, low: Sql, high: Sql) -> Sql:
    """low <= of <= high."""
    return exp.Between(this=tight(of), low=tight(low), high=tight(high))


def one_of(of: Sql, values: Sequence[Sql]) -> Sql:
    """of IN (values); an empty list holds nothing."""
    if not values:
        return false()
    return exp.In(this=tight(of), expressions=[own(value) for value in values])


# -- functions ----------------------------------------------------------------------------


def coalesce(first: Sql, *rest: Sql) -> Sql:
    """The first that is there."""
    return exp.Coalesce(this=own(first), expressions=[own(one) for one in rest])


def when(cases: Iterable[tuple[Sql, Sql]], otherwise: Sql | None = None) -> Sql:
    """CASE WHEN … THEN … ELSE … END."""
    ifs = [exp.If(this=own(test), true=own(value)) for test, value in cases]
    if not ifs:
        return own(otherwise) if otherwise is not None else exp.Null()
    return exp.Case(ifs=ifs, default=own(otherwise) if otherwise is not None else None)


def flag(test: Sql) -> Sql:
    """1 where the test holds, else 0: conditions are never summed themselves."""
    return when([(test, num(1))], num(0))


def cast(of: Sql, kind: str) -> Sql:
    """CAST(of AS kind)."""
    return exp.Cast(this=own(of), to=_type(kind).copy())


@cache
def _type(kind: str) -> exp.DataType:
    """Read once: SQLGlot starts its parser for the name of a type."""
    return exp.DataType.build(kind)


def wide(of: Sql) -> Sql:
    """As a number of 38 digits: before a product that may not fit 64 bits."""
    return cast(of, WIDE)


def narrow(of: Sql) -> Sql:
    """Back to 64 bits; the engine stops the run when it does not fit."""
    return cast(of, "BIGINT")


def greatest(values: Sequence[Sql]) -> Sql:
    """The greatest of several, none of them absent."""
    first, *rest = (own(one) for one in values)
    return exp.Greatest(this=first, expressions=rest) if rest else first


def least(values: Sequence[Sql]) -> Sql:
    """The least of several, none of them absent."""
    first, *rest = (own(one) for one in values)
    return exp.Least(this=first, expressions=rest) if rest else first


def absolute(of: Sql) -> Sql:
    """|of|."""
    return exp.Abs(this=own(of))


def total(of: Sql) -> Sql:
    """SUM(of)."""
    return exp.Sum(this=own(of))


def count(of: Sql | None = None, *, distinct: bool = False) -> Sql:
    """COUNT(of), COUNT(DISTINCT of), or COUNT(*)."""
    if of is None:
        return exp.Count(this=exp.Star())
    inner: Sql = exp.Distinct(expressions=[own(of)]) if distinct else own(of)
    return exp.Count(this=inner)


def highest(of: Sql) -> Sql:
    """MAX(of)."""
    return exp.Max(this=own(of))


def lowest(of: Sql) -> Sql:
    """MIN(of)."""
    return exp.Min(this=own(of))


def day(of: Sql) -> Sql:
    """A day number as a date of the engine."""
    epoch = exp.Cast(this=text("1970-01-01"), to=exp.DataType.build("DATE"))
    return exp.Add(this=epoch, expression=tight(of))


def part_of_day(part: str, of: Sql) -> Sql:
    """Year or month of a day number."""
    return narrow(exp.Extract(this=exp.Var(this=part.upper()), expression=day(of)))


# -- division -----------------------------------------------------------------------------


def quotient(of: Sql, by: Sql) -> Sql:
    """The whole part of of ÷ by; ``of`` is never negative and ``by`` is positive."""
    return exp.IntDiv(this=tight(of), expression=tight(by))


def rest_of(of: Sql, by: Sql) -> Sql:
    """What remains of of ÷ by; signs as in ``quotient``."""
    return exp.Mod(this=tight(of), expression=tight(by))


def floor_rest(of: Sql, by: Sql) -> Sql:
    """of − ⌊of ÷ by⌋ · by, of any whole number and a positive one."""
    return rest_of(add(rest_of(of, by), by), by)


def divided(of: Sql, by: Sql, mode: Rounding, lift: int = 1) -> Sql:
    """of · lift ÷ by rounded to a whole number by the named mode; ``by`` is positive.

    ``half_up`` is half away from zero; ``up`` away from zero; ``down`` towards zero. Only what is
    left of of ÷ by is lifted, so that no step needs more room than the parts or the result.
    """
    size = absolute(of)
    below = quotient(size, by)
    left = rest_of(size, by)
    if lift != 1:
        more = times(left, lift)
        below = add(times(below, lift), quotient(more, by))
        left = rest_of(more, by)
    if mode is Rounding.DOWN:
        lifted = num(0)
    elif mode is Rounding.UP:
        lifted = flag(gt(left, num(0)))
    elif mode is Rounding.HALF_UP:
        lifted = flag(ge(mul(left, num(2)), by))
    elif mode is Rounding.HALF_EVEN:
        odd = eq(rest_of(below, num(2)), num(1))
        half = eq(mul(left, num(2)), by)
        lifted = flag(any_of([gt(mul(left, num(2)), by), all_of([half, odd])]))
    else:
        away = lt(of, num(0)) if mode is Rounding.FLOOR else ge(of, num(0))
        lifted = flag(all_of([gt(left, num(0)), away]))
    return mul(sign_of(of), add(below, lifted))


def sign_of(of: Sql) -> Sql:
    """-1 below zero, else 1."""
    return when([(lt(of, num(0)), num(-1))], num(1))
