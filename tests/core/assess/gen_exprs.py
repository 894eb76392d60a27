"""Random expressions that type-check: over the names that stand where they are wanted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from random import Random

from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Func,
    InList,
    Interval,
    Neg,
    Not,
    Op,
)
from wenyou_core.scheme.types import decimals

NUMBERS = tuple(
    Fraction(text) for text in ["0", "1", "2", "3", "5", "10", "-1", "0.5", "1.5", "2.25", "-0.5"]
)
DAYS = (date(2024, 2, 29), date(2025, 1, 1), date(2025, 6, 30), date(2025, 8, 15))
COMPARING = (Op.EQ, Op.NE, Op.LT, Op.LE, Op.GT, Op.GE)


@dataclass(slots=True)
class Names:
    """What an expression may name, by type."""

    numbers: list[tuple[Expr, int]] = field(default_factory=list)  # with decimals
    ratios: list[Expr] = field(default_factory=list)
    words: list[tuple[Expr, tuple[str, ...]]] = field(default_factory=list)
    texts: list[Expr] = field(default_factory=list)
    ids: list[tuple[Expr, str]] = field(default_factory=list)  # with an id that may be there
    dates: list[Expr] = field(default_factory=list)
    times: list[Expr] = field(default_factory=list)
    flags: list[Expr] = field(default_factory=list)
    lists: list[Expr] = field(default_factory=list)  # several people: exists only


def literal(number: Fraction) -> Const:
    """A number as a plan would write it."""
    return Const(number, decimals(number) or 0)


def number(rng: Random, names: Names, depth: int = 2) -> tuple[Expr, int]:
    """A number and its decimals."""
    if depth <= 0 or rng.random() < 0.3:
        if names.numbers and rng.random() < 0.75:
            return rng.choice(names.numbers)
        found = literal(rng.choice(NUMBERS))
        return found, found.digits
    makers = [_sum, _product, _sign, _extreme, _steps, _sum]
    if len(names.dates) > 1:
        makers.append(_from_dates)
    if len(names.times) > 1:
        makers.append(_minutes)
    return rng.choice(makers)(rng, names, depth - 1)


def holding(rng: Random, names: Names, depth: int = 2) -> Expr:
    """A condition."""
    if depth > 0 and rng.random() < 0.35:
        chosen = rng.randrange(5)
        if chosen == 0:
            return Not(holding(rng, names, depth - 1))
        op = Op.AND if chosen < 3 else Op.OR
        return Binary(op, holding(rng, names, depth - 1), holding(rng, names, depth - 1))
    makers = [_compared, _compared, _in_numbers, _between]
    if names.words:
        makers += [_word, _word, _in_words]
    if names.texts:
        makers.append(_text)
    if names.ids:
        makers.append(_id)
    if names.dates:
        makers += [_dates, _between_dates]
    if names.flags:
        makers.append(_flag)
    if names.ratios:
        makers += [_ratio, _ratio]
    return rng.choice([*makers, _exists])(rng, names)


# -- numbers ------------------------------------------------------------------------------


def _sum(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    left, one = number(rng, names, depth)
    right, two = number(rng, names, depth)
    return Binary(rng.choice([Op.ADD, Op.SUB]), left, right), max(one, two)


def _product(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    left, one = number(rng, names, depth)
    right, two = number(rng, names, 0)
    if one + two > 6:
        return left, one
    return Binary(Op.MUL, left, right), one + two


def _sign(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    of, digits = number(rng, names, depth)
    if rng.random() < 0.5:
        return Call(Func.ABS, (of,)), digits
    return (Neg(of), digits) if not isinstance(of, Const) else (of, digits)


def _extreme(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    parts = [number(rng, names, depth) for _ in range(rng.choice([2, 2, 3]))]
    func = rng.choice([Func.MIN, Func.MAX, Func.FIRST])
    return Call(func, tuple(one for one, _ in parts)), max(digits for _, digits in parts)


def _steps(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    of, _ = number(rng, names, depth)
    step = literal(rng.choice([Fraction(1), Fraction(2), Fraction(3), Fraction(1, 2)]))
    return Call(rng.choice([Func.FLOOR, Func.CEIL]), (of, step)), 0


def a_date(rng: Random, names: Names) -> Expr:
    """A date, sometimes the first, the earlier or the later of two."""
    if rng.random() < 0.8:
        return rng.choice(names.dates)
    func = rng.choice([Func.FIRST, Func.FIRST, Func.MIN, Func.MAX])
    return Call(func, (rng.choice(names.dates), rng.choice(names.dates)))


def _from_dates(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    first, last = a_date(rng, names), a_date(rng, names)
    func = rng.choice([Func.DAYS, Func.DAYS, Func.WORKDAYS, Func.MONTH, Func.YEAR])
    pair = func in (Func.DAYS, Func.WORKDAYS)
    return Call(func, (first, last) if pair else (first,)), 0


def _minutes(rng: Random, names: Names, depth: int) -> tuple[Expr, int]:
    return Call(Func.MINUTES, (rng.choice(names.times), rng.choice(names.times))), 0


# -- conditions ---------------------------------------------------------------------------


def _compared(rng: Random, names: Names) -> Expr:
    left, _ = number(rng, names, 1)
    right, _ = number(rng, names, 1)
    return Binary(rng.choice(COMPARING), left, right)


def _in_numbers(rng: Random, names: Names) -> Expr:
    of, _ = number(rng, names, 1)
    return InList(of, tuple(literal(one) for one in rng.sample(NUMBERS, 2)))


def _between(rng: Random, names: Names) -> Expr:
    of, _ = number(rng, names, 1)
    return Between(of, interval(rng, NUMBERS))


def interval(rng: Random, numbers: Sequence[Fraction]) -> Interval:
    """An interval that is not empty."""
    low, high = sorted(rng.sample(numbers, 2))
    open_end = rng.randrange(4)
    return Interval(
        None if open_end == 0 else literal(low),
        open_end != 0 and rng.random() < 0.5,
        None if open_end == 1 else literal(high),
        open_end != 1 and rng.random() < 0.5,
    )


def _word(rng: Random, names: Names) -> Expr:
    of, words = rng.choice(names.words)
    same = [one for one, other in names.words if other == words and one != of]
    right = rng.choice(same) if same and rng.random() < 0.3 else Const(rng.choice(words))
    return Binary(rng.choice([Op.EQ, Op.EQ, Op.NE]), of, right)


def _in_words(rng: Random, names: Names) -> Expr:
    of, words = rng.choice(names.words)
    return InList(of, tuple(Const(one) for one in rng.sample(words, min(2, len(words)))))


def _text(rng: Random, names: Names) -> Expr:
    of = rng.choice(names.texts)
    right = rng.choice([Const("乙"), rng.choice(names.texts)])
    if rng.random() < 0.3:
        return InList(of, (Const("甲"), Const("乙")))
    return Binary(rng.choice([Op.EQ, Op.NE]), of, right)


def _id(rng: Random, names: Names) -> Expr:
    of, known = rng.choice(names.ids)
    if names.texts and rng.random() < 0.2:
        return Binary(rng.choice([Op.EQ, Op.NE]), of, rng.choice(names.texts))
    if rng.random() < 0.3:
        return InList(of, (Const(known), Const("nobody")))
    return Binary(rng.choice([Op.EQ, Op.NE]), of, Const(known))


def _dates(rng: Random, names: Names) -> Expr:
    right = rng.choice([Const(rng.choice(DAYS)), a_date(rng, names)])
    return Binary(rng.choice(COMPARING), _date(rng, names), right)


def _date(rng: Random, names: Names) -> Expr:
    """A date, now and then some days before or after one."""
    whole = [expr for expr, digits in names.numbers if digits == 0]
    found = a_date(rng, names)
    if rng.random() > 0.25:
        return found
    by = rng.choice([literal(Fraction(30)), *whole[:3]])
    return Binary(rng.choice([Op.ADD, Op.SUB]), found, by)


def _between_dates(rng: Random, names: Names) -> Expr:
    low, high = sorted(rng.sample(DAYS, 2))
    span = Interval(Const(low), rng.random() < 0.5, Const(high), rng.random() < 0.5)
    return Between(a_date(rng, names), span)


def _flag(rng: Random, names: Names) -> Expr:
    of = rng.choice(names.flags)
    return of if rng.random() < 0.4 else Binary(Op.EQ, of, Const(rng.random() < 0.5))


def _ratio(rng: Random, names: Names) -> Expr:
    left = rng.choice(names.ratios)
    if rng.random() < 0.4:
        right: Expr = rng.choice(names.ratios)
    else:
        right = literal(rng.choice([Fraction(0), Fraction(1, 2), Fraction(1), Fraction(9, 10)]))
    if rng.random() < 0.2:
        return Between(left, interval(rng, (Fraction(0), Fraction(1, 2), Fraction(1))))
    return Binary(rng.choice(COMPARING), left, right)


def _exists(rng: Random, names: Names) -> Expr:
    known: list[Expr] = [
        *(one for one, _ in names.numbers),
        *names.ratios,
        *(one for one, _ in names.words),
        *names.texts,
        *(one for one, _ in names.ids),
        *names.dates,
        *names.times,
        *names.flags,
        *names.lists,
    ]
    return Exists(rng.choice(known)) if known else Exists(Const(Fraction(1)))
