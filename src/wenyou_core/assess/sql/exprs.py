"""Expressions of a plan as typed SQL.

The scope says what a field, a parameter or a measure is here; it also notes which tables the
query must join for them. Absent is NULL: a comparison with it is NULL, which counts as false.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Protocol

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.terms import (
    IDS,
    Sort,
    Term,
    aligned,
    at_digits,
    code_of,
    compared,
    constant,
    day_number,
    scaled,
)
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
from wenyou_core.scheme.words import Rounding


class Scope(Protocol):
    """What names mean where an expression stands."""

    def field(self, of: str, name: str) -> Term:
        """A field of the fact, or an attribute of its ``unit`` or ``person``."""
        ...

    def param(self, name: str) -> Term:
        """A parameter on the deciding day, or on the period's last day."""
        ...

    def measure(self, name: str) -> Term:
        """A measure of the subject in the period at hand."""
        ...

    def workdays(self, first: Sql, last: Sql) -> Sql:
        """Working days d with first < d <= last."""
        ...


def compile_expr(expr: Expr, scope: Scope) -> Term:
    """The term of an expression. Types were checked when the plan loaded."""
    match expr:
        case Const(value):
            return constant(value)
        case Field(of, name):
            return scope.field(of, name)
        case Param(name):
            return scope.param(name)
        case Measure(name):
            return scope.measure(name)
        case Binary():
            return _binary(expr, scope)
        case Not(of):
            return Term(b.no(compile_expr(of, scope).test), Sort.TEST)
        case Exists(of):
            return Term(present(compile_expr(of, scope)), Sort.TEST)
        case Neg(of):
            inner = compile_expr(of, scope)
            return Term(b.neg(inner.sql), digits=inner.digits)
        case InList(of, values):
            return _in_list(compile_expr(of, scope), values)
        case Between(of, interval):
            inner = compile_expr(of, scope)
            return Term(inside(inner, interval), Sort.TEST)
        case Call():
            return _call(expr, scope)


def condition(expr: Expr | None, scope: Scope) -> list[Sql]:
    """The conditions of a WHERE clause; none when there is no expression."""
    return [] if expr is None else [compile_expr(expr, scope).test]


def present(term: Term) -> Sql:
    """The term is not absent; a condition never is, a ratio is where it has a denominator."""
    if term.sort is Sort.TEST:
        return b.true()
    return b.not_null(term.sql)


def inside(term: Term, interval: Interval) -> Sql:
    """The term lies in the interval."""
    parts = []
    if interval.low is not None:
        op = Op.GE if interval.low_closed else Op.GT
        parts.append(compared(op, term, constant(interval.low.value)))
    if interval.high is not None:
        op = Op.LE if interval.high_closed else Op.LT
        parts.append(compared(op, term, constant(interval.high.value)))
    return b.all_of(parts) if parts else b.not_null(term.sql)


def _binary(expr: Binary, scope: Scope) -> Term:
    left = compile_expr(expr.left, scope)
    settles = {Op.AND: False, Op.OR: True}.get(expr.op)
    if settles is not None and b.known(left.test) is settles:
        return Term(left.test, Sort.TEST)  # what the right side would join is not needed
    right = compile_expr(expr.right, scope)
    match expr.op:
        case Op.AND:
            return Term(b.all_of([left.test, right.test]), Sort.TEST)
        case Op.OR:
            return Term(b.any_of([left.test, right.test]), Sort.TEST)
        case Op.ADD | Op.SUB if left.sort is Sort.DATE:
            return Term(_moved(left, right, back=expr.op is Op.SUB), Sort.DATE)
        case Op.ADD | Op.SUB:
            one, two, digits = aligned(left, right)
            tree = b.add(one, two) if expr.op is Op.ADD else b.sub(one, two)
            sort = Sort.DATE if left.sort is Sort.DATE else Sort.NUMBER
            return Term(tree, sort, digits)
        case Op.MUL:
            return _product(left, right)
    return Term(compared(expr.op, left, right), Sort.TEST)


def _moved(day: Term, by: Term, *, back: bool) -> Sql:
    """A date some days later or earlier; absent where there is no such date."""
    days = by.sql if not by.digits else b.divided(by.sql, b.num(10**by.digits), Rounding.DOWN)
    moved = b.sub(day.sql, days) if back else b.add(day.sql, days)
    first, last = b.num(day_number(date.min)), b.num(day_number(date.max))
    return b.when([(b.within(moved, first, last), moved)])


def _product(left: Term, right: Term) -> Term:
    """Digits add up; two that are not literals are multiplied in 38 digits."""
    known = left.const is not None or right.const is not None
    first = left.sql if known else b.wide(left.sql)
    return Term(b.mul(first, right.sql), digits=left.digits + right.digits)


def _in_list(term: Term, values: Sequence[Const]) -> Term:
    if term.sort in (Sort.WORD, Sort.TEXT, *IDS):
        codes = [code_of(str(const.value), term) for const in values]
        return Term(b.one_of(term.sql, codes), Sort.TEST)
    tests = [compared(Op.EQ, term, constant(const.value)) for const in values]
    return Term(b.any_of(tests), Sort.TEST)


# -- functions ----------------------------------------------------------------------------


def _call(expr: Call, scope: Scope) -> Term:
    args = [compile_expr(arg, scope) for arg in expr.args]
    match expr.func:
        case Func.DAYS | Func.MINUTES:
            return Term(b.sub(args[1].sql, args[0].sql))
        case Func.WORKDAYS:
            return Term(scope.workdays(args[0].sql, args[1].sql))
        case Func.MONTH | Func.YEAR:
            return Term(b.part_of_day(expr.func.value, args[0].sql))
        case Func.MIN | Func.MAX:
            return _extreme(args, b.least if expr.func is Func.MIN else b.greatest)
        case Func.FIRST:
            digits = max(arg.digits for arg in args)
            first, *rest = [at_digits(arg, digits) for arg in args]
            return Term(b.coalesce(first, *rest), args[0].sort, digits=digits)
        case Func.ABS:
            return Term(b.absolute(args[0].sql), digits=args[0].digits)
        case Func.FLOOR | Func.CEIL:
            mode = Rounding.FLOOR if expr.func is Func.FLOOR else Rounding.CEIL
            return steps_in(args[0], args[1].const, mode)


def _extreme(args: Sequence[Term], choose: Callable[[Sequence[Sql]], Sql]) -> Term:
    """The least or greatest number or date; absent as soon as one part is, in every engine."""
    sort, none = args[0].sort, "INTEGER" if args[0].sort is Sort.DATE else "BIGINT"
    digits = max(arg.digits for arg in args)
    sides = [at_digits(arg, digits) for arg in args]
    open_ones = [b.is_null(arg.sql) for arg in args if arg.const is None]
    chosen = choose(sides)
    if not open_ones:
        return Term(chosen, sort, digits=digits)
    return Term(b.when([(b.any_of(open_ones), b.null(none))], chosen), sort, digits=digits)


def steps_in(term: Term, step: object, mode: Rounding) -> Term:
    """How many times a constant step goes into a number, rounded to a whole number."""
    if not isinstance(step, Fraction) or step <= 0:
        raise ValueError("a step is a positive literal")
    size = constant(step)
    digits = max(term.digits, size.digits)
    return Term(b.divided(at_digits(term, digits), b.num(scaled(step, digits)), mode))


def rounded(term: Term, digits: int, mode: Rounding) -> Term:
    """A number or ratio rounded to some decimals by a named mode; absent stays absent."""
    if term.sort is Sort.RATIO and term.den is not None:
        lift = digits + term.den_digits - term.digits
        top = b.mul(b.wide(term.sql), b.sign_of(term.den))
        bottom = b.absolute(term.den)
        bottom = b.times(bottom, 10 ** max(-lift, 0))
        return Term(b.narrow(b.divided(top, bottom, mode, 10 ** max(lift, 0))), digits=digits)
    if term.digits <= digits:
        return Term(at_digits(term, digits), digits=digits)
    return Term(b.divided(term.sql, b.num(10 ** (term.digits - digits)), mode), digits=digits)


# -- parameters ---------------------------------------------------------------------------


def dated(values: Sequence[tuple[date, Term | None]], day: Sql) -> Term:
    """The value in force on a day, of values in order of their first day; None ends one."""
    real = [term for _, term in values if term is not None]
    if not real:
        return Term(b.null("BIGINT"))
    like = real[0]
    if len(values) == 1 and values[0][0] == date.min:
        return like
    digits = max(term.digits for term in real)
    tests = [(b.ge(day, constant(since).sql), term) for since, term in reversed(values)]
    tree = b.when((test, b.null() if one is None else _like(one, digits)) for test, one in tests)
    if like.sort is Sort.TEXT:
        words = tuple((test, None if one is None else str(one.const)) for test, one in tests)
        return Term(tree, Sort.TEXT, cases=words)
    return Term(tree, Sort.NUMBER if like.sort is Sort.TEST else like.sort, digits)


def _like(term: Term, digits: int) -> Sql:
    return at_digits(term, digits) if term.sort is Sort.NUMBER else term.stored
