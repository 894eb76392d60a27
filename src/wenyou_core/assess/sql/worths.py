"""Amounts of rules as SQL: the base in the ledger's smallest unit, and what it was taken from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Protocol

from wenyou_core.assess.rounding import to_whole
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import Scope, compile_expr, inside, rounded
from wenyou_core.assess.sql.lookups import Cells, looked_up
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import Term, at_digits, digits_of, scaled
from wenyou_core.scheme.amounts import (
    Amount,
    Bands,
    Fixed,
    FromExpr,
    FromRange,
    FromTable,
    Linear,
    PerUnit,
    Sum,
)
from wenyou_core.scheme.charges import ledger_of_param, sum_of_cell
from wenyou_core.scheme.words import Rounding

Comparison = Callable[[Sql, Sql], Sql]


class NamedScope(Scope, Protocol):
    """A scope whose fields have plain names (for tables)."""

    relation: Relation

    def named(self, name: str) -> Term:
        """A field or attribute by the name a table uses."""
        ...


@dataclass(frozen=True, slots=True)
class Worth:
    """``base`` in the ledger's smallest unit, NULL where there is no amount; ``quantity`` the
    number it was taken from. ``unset`` is the place in ``labels`` of a value nobody has set."""

    base: Sql
    ledger: str
    quantity: Term | None = None
    unset: Sql | None = None
    labels: tuple[str, ...] = ()


def worth_of(amount: Amount, scope: NamedScope, script: Script) -> Worth:
    """The amount in a scope; of a FromRange the ledger only, since a person chooses it."""
    match amount:
        case Fixed(sum=Sum() as fixed):
            return Worth(b.num(_units(script, fixed)), fixed.ledger)
        case Fixed(param=name):
            return _param(name, scope, script)
        case FromTable(table=table):
            return _table(table, scope, script)
        case FromExpr():
            return _expression(amount, scope, script)
        case PerUnit():
            return _per_unit(amount, scope, script)
        case Bands():
            return _bands(amount, scope, script)
        case Linear():
            return _linear(amount, scope, script)
        case FromRange(range=(low, _)):
            return Worth(b.null("BIGINT"), low.ledger)
    raise ValueError(amount)


def _units(script: Script, amount: Sum) -> int:
    return scaled(amount.number, script.program.digits[amount.ledger])


def _param(name: str, scope: NamedScope, script: Script) -> Worth:
    param = script.params[name]
    ledger = ledger_of_param(script.program.plan, param)
    term = scope.param(name)
    base = at_digits(term, script.program.digits[ledger]) if ledger else term.sql
    if isinstance(term.const, Fraction):
        return Worth(base, ledger)
    unset = b.when([(b.is_null(base), b.num(0))])
    return Worth(base, ledger, None, unset, (param.title,))


# -- tables -------------------------------------------------------------------------------


def _table(name: str, scope: NamedScope, script: Script) -> Worth:
    table = script.tables[name]
    terms = [scope.named(one) for one in table.by]
    values: dict[tuple[str, ...], int | None] = {}
    labels: list[str] = []
    ledger = ""
    for words, text in table.values.items():
        read = sum_of_cell(script.program.plan, text)
        values[tuple(words.split("/")) if len(terms) > 1 else (words,)] = (
            None if read is None else _units(script, read)
        )
        if read is None:
            labels.append(f"{table.title}：{words}")
        else:
            ledger = read.ledger
    cells = Cells(f"t_{name}", values, tuple(labels))
    base, unset = looked_up(cells, terms, scope.relation, script)
    return Worth(base, ledger, None, unset, cells.labels)


# -- computed -----------------------------------------------------------------------------


def _expression(amount: FromExpr, scope: NamedScope, script: Script) -> Worth:
    found = compile_expr(amount.value, scope)
    held = found if amount.round is None else rounded(found, amount.round.digits, amount.round.mode)
    base = at_digits(held, script.program.digits[amount.ledger])
    return Worth(base, amount.ledger, found)


def _per_unit(amount: PerUnit, scope: NamedScope, script: Script) -> Worth:
    """⌈(x − free) ÷ step⌉ or ⌊…⌋, never below zero: with step = p/q it is (x − free)·q ÷ p."""
    found = compile_expr(amount.per, scope)
    digits = max(found.digits, digits_of(amount.free))
    over = b.sub(at_digits(found, digits), b.num(scaled(amount.free, digits)))
    top = b.times(over, amount.step.denominator)
    bottom = amount.step.numerator * 10**digits
    if amount.part is Rounding.UP:
        top = b.add(top, b.num(bottom - 1))
    count = top if bottom == 1 else b.quotient(top, b.num(bottom))
    none = b.le(over, b.num(0))
    counted = b.when([(b.is_null(found.sql), b.null("BIGINT")), (none, b.num(0))], count)
    return Worth(b.times(counted, _units(script, amount.each)), amount.each.ledger, found)


def _bands(amount: Bands, scope: NamedScope, script: Script) -> Worth:
    found = compile_expr(amount.bands, scope)
    cases = [(inside(found, row.interval), b.num(_units(script, row.sum))) for row in amount.rows]
    return Worth(b.when(cases), amount.rows[0].sum.ledger, found)


def _linear(amount: Linear, scope: NamedScope, script: Script) -> Worth:
    """Between the points the height is (a·x + c) ÷ d with whole a, c, d; then rounded."""
    found = compile_expr(amount.linear, scope)
    (low, at_low), (high, at_high) = sorted((amount.start, amount.end))
    digits, mode = amount.round.digits, amount.round.mode
    slope = (at_high - at_low) / (high - low) * Fraction(10**digits, 10**found.digits)
    rest = (at_low - (at_high - at_low) / (high - low) * low) * 10**digits
    bottom = lcm(slope.denominator, rest.denominator)
    top = b.add(
        b.mul(b.wide(found.sql), b.num((slope * bottom).numerator)),
        b.num((rest * bottom).numerator),
    )
    between = b.divided(top, b.num(bottom), mode)
    cases = [
        (b.is_null(found.sql), b.null("BIGINT")),
        (_beyond(found, low, b.le), b.num(_end(at_low, digits, mode))),
        (_beyond(found, high, b.ge), b.num(_end(at_high, digits, mode))),
    ]
    height = Term(b.when(cases, b.narrow(between)), digits=digits)
    return Worth(at_digits(height, script.program.digits[amount.ledger]), amount.ledger, found)


def _beyond(term: Term, end: Fraction, compare: Comparison) -> Sql:
    digits = max(term.digits, digits_of(end))
    return compare(at_digits(term, digits), b.num(scaled(end, digits)))


def _end(height: Fraction, digits: int, mode: Rounding) -> int:
    return to_whole(height * 10**digits, mode)
