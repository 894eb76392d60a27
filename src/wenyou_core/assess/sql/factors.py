"""Base times the factor of the n-th time, below the ceiling of the repeat, in whole numbers.

The plan was checked: every product is a whole number of the ledger's smallest unit, so the one
division here never leaves a rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import at_digits, scaled
from wenyou_core.scheme.amounts import Fixed
from wenyou_core.scheme.charges import ledger_of_param
from wenyou_core.scheme.rules import Again, EventRule

LARGEST = 10**19
"""Factors beyond this are not written out: no amount but 0 times that fits 64 bits, so that the
engine stops the run."""


@dataclass(frozen=True, slots=True)
class Once:
    """One happening as SQL: its base, the how-manieth of its kind it is, and its deciding day."""

    base: Sql
    n: Sql
    day: Sql


def multiplied(rule: EventRule, script: Script, once: Once) -> tuple[Sql, Sql | None]:
    """The final amount, and 1 where the ceiling bound (None without a ceiling)."""
    again, base = rule.again, once.base
    if again is None:
        return base, None
    held = _held(again.ceiling, script)
    factors = _factors(again, LARGEST if None in held else max(one or 0 for one in held))
    bottom = lcm(*(one.denominator for one in factors))
    whole = [(one * bottom).numerator for one in factors]
    top = _product(base, whole, once.n)
    if again.ceiling is None:
        return b.narrow(_exact(top, bottom)), None
    most, line = _most(again.ceiling, held, bottom, once.day, script)
    beyond = b.gt(b.absolute(top), line)
    edge = b.mul(b.sign_of(base), most)
    amount = b.when([(b.is_null(base), b.null("BIGINT")), (beyond, edge)], _exact(top, bottom))
    return b.narrow(amount), b.flag(beyond)


def _held(ceiling: Fixed | None, script: Script) -> list[int | None]:
    """Where a ceiling stands on one day or another, in the ledger's smallest unit; None: nowhere."""
    if ceiling is None:
        return [None]
    digits = script.program.digits
    if ceiling.sum is not None:
        return [abs(scaled(ceiling.sum.number, digits[ceiling.sum.ledger]))]
    param = script.params[ceiling.param]
    ledger = ledger_of_param(script.program.plan, param)
    found = [
        abs(scaled(one.value, digits[ledger])) if isinstance(one.value, Fraction) else None
        for one in param.values
    ]
    always = bool(found) and param.values[0].since == date.min
    return found if always else [None, *found]


def _most(
    ceiling: Fixed, held: Sequence[int | None], bottom: int, day: Sql, script: Script
) -> tuple[Sql, Sql]:
    """The ceiling as it is on the day, and the same times the bottom of the factors; NULL while
    it is unset, so that nothing is beyond it."""
    if len(held) == 1 and held[0] is not None:
        return b.num(held[0]), b.num(held[0] * bottom)
    param = script.params[ceiling.param]
    ledger = ledger_of_param(script.program.plan, param)
    if not ledger:
        return b.null("BIGINT"), b.null("BIGINT")
    most = b.absolute(at_digits(script.param(ceiling.param, day), script.program.digits[ledger]))
    return most, b.times(b.wide(most), bottom)


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
