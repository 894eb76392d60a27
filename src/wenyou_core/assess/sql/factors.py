"""Base times the factor of the n-th time, below the ceiling of the repeat, in whole numbers.

The plan was checked: every product is a whole number of the ledger's smallest unit, so the one
division here never leaves a rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import scaled
from wenyou_core.scheme.rules import Again, EventRule

LARGEST = 10**19
"""Factors beyond this are not written out: no amount but 0 times that fits 64 bits, so that the
engine stops the run."""


def multiplied(rule: EventRule, script: Script, base: Sql, n: Sql) -> tuple[Sql, Sql | None]:
    """The final amount, and 1 where the ceiling bound (None without a ceiling)."""
    again = rule.again
    if again is None:
        return base, None
    most = None
    if again.ceiling is not None:
        most = abs(scaled(again.ceiling.number, script.program.digits[again.ceiling.ledger]))
    factors = _factors(again, LARGEST if most is None else most)
    bottom = lcm(*(one.denominator for one in factors))
    whole = [(one * bottom).numerator for one in factors]
    top = _product(base, whole, n)
    if most is None:
        return b.narrow(_exact(top, bottom)), None
    beyond = b.gt(b.absolute(top), b.num(most * bottom))
    edge = b.mul(b.sign_of(base), b.num(most))
    amount = b.when([(b.is_null(base), b.null("BIGINT")), (beyond, edge)], _exact(top, bottom))
    return b.narrow(amount), b.flag(beyond)


def _factors(again: Again, most: int) -> list[Fraction]:
    """The factors for n = 1, 2, …; the last one stays: it is beyond the ceiling for any base."""
    if again.factors:
        return list(again.factors)
    factor = again.factor
    if factor is None or factor == 1:
        return [Fraction(1)]
    found = [Fraction(1)]
    while found[-1] <= most:
        found.append(found[-1] * factor)
    return found


def factor_at(again: Again | None, n: int) -> Fraction:
    """The factor of the n-th time."""
    if again is None:
        return Fraction(1)
    if again.factors:
        return again.factors[min(n, len(again.factors)) - 1]
    return Fraction(1) if again.factor is None else again.factor ** (n - 1)


def _product(base: Sql, factors: Sequence[int], n: Sql) -> Sql:
    if len(set(factors)) == 1:
        return b.times(base, factors[0])
    cases = [(b.eq(n, b.num(at)), b.num(one)) for at, one in enumerate(factors[:-1], 1)]
    factor = b.when(cases, b.num(factors[-1]))
    small = max(factors) < 1_000_000
    return b.mul(base if small else b.wide(base), factor)


def _exact(top: Sql, bottom: int) -> Sql:
    return top if bottom == 1 else b.quotient(top, b.num(bottom))
