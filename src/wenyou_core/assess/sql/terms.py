"""Typed SQL: a tree together with what it is, so that digits and scales are known before running.

Numbers are integers of 10**-digits. An unrounded ratio is a pair, compared by cross-multiplication
in 38 digits. Dates are days since 1970-01-01, times minutes, conditions stay conditions, words of a
list are their place in it (from 1), ids are keys of the run's dictionaries. NULL is *absent*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.scheme.expr import Op, Value
from wenyou_core.scheme.types import decimals

EPOCH = date(1970, 1, 1).toordinal()


class Sort(Enum):
    """What a term is."""

    NUMBER = "number"
    RATIO = "ratio"
    DATE = "date"
    TEST = "test"  # a condition; NULL counts as false
    TEXT = "text"
    WORD = "word"  # place in ``words``
    UNIT = "unit"  # key of a unit
    PERSON = "person"  # key of a person
    FACT = "fact"  # key of a fact


@dataclass(frozen=True, slots=True)
class Term:
    """A tree and its sort. ``den`` and ``den_digits`` belong to a ratio, which is then
    ``sql`` / 10**digits over ``den`` / 10**den_digits. ``const`` is set for a literal, ``cases``
    for a word that a dated parameter chooses."""

    sql: Sql
    sort: Sort = Sort.NUMBER
    digits: int = 0
    den: Sql | None = None
    den_digits: int = 0
    words: tuple[str, ...] = ()
    const: Value | None = None
    cases: tuple[tuple[Sql, str | None], ...] = ()

    @property
    def test(self) -> Sql:
        """As a condition: a yes/no column holds when it is 1."""
        return self.sql if self.sort is Sort.TEST else b.eq(self.sql, b.num(1))

    @property
    def stored(self) -> Sql:
        """As a column: a condition becomes 1 or 0."""
        return b.flag(self.sql) if self.sort is Sort.TEST else self.sql


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The day of a day number."""
    return date.fromordinal(number + EPOCH)


def digits_of(number: Fraction) -> int:
    """Decimals of a literal. Raises ValueError for one that no decimals can write."""
    found = decimals(number)
    if found is None:
        raise ValueError(f"{number} is no decimal number")
    return found


def scaled(number: Fraction, digits: int) -> int:
    """The integer of 10**-digits that is exactly the number."""
    whole = number * 10**digits
    if whole.denominator != 1:
        raise ValueError(f"{number} has more than {digits} decimals")
    return int(whole.numerator)


def constant(value: Value) -> Term:
    """A literal."""
    if isinstance(value, bool):
        return Term(b.true() if value else b.false(), Sort.TEST, const=value)
    if isinstance(value, Fraction):
        digits = digits_of(value)
        return Term(b.num(scaled(value, digits)), digits=digits, const=value)
    if isinstance(value, date):
        return Term(b.num(day_number(value)), Sort.DATE, const=value)
    return Term(b.text(value), Sort.TEXT, const=value)


def at_digits(term: Term, digits: int) -> Sql:
    """A number in units of 10**-digits; never fewer than it has."""
    if isinstance(term.const, Fraction):
        return b.num(scaled(term.const, digits))
    return _times(term.sql, digits - term.digits)


def _times(of: Sql, power: int) -> Sql:
    """of * 10**power; in 38 digits when the step is large."""
    return b.times(b.wide(of) if power > 6 else of, 10**power)


def aligned(left: Term, right: Term) -> tuple[Sql, Sql, int]:
    """Two numbers in the finer of their units."""
    digits = max(left.digits, right.digits)
    return at_digits(left, digits), at_digits(right, digits), digits


IDS = {Sort.UNIT: "unit_ids", Sort.PERSON: "person_ids", Sort.FACT: "fact_ids"}
"""The dictionary of each sort of key."""

# -- comparing ----------------------------------------------------------------------------

COMPARE = {
    Op.EQ: b.eq,
    Op.NE: b.ne,
    Op.LT: b.lt,
    Op.LE: b.le,
    Op.GT: b.gt,
    Op.GE: b.ge,
}


def compared(op: Op, left: Term, right: Term) -> Sql:
    """left op right; NULL, which counts as false, when one of them is absent."""
    one, two = sides(left, right)
    return COMPARE[op](one, two)


def sides(left: Term, right: Term) -> tuple[Sql, Sql]:
    """Two terms as two trees that compare as their values do."""
    sorts = {left.sort, right.sort}
    if Sort.RATIO in sorts:
        return _crossed(left, right)
    if sorts == {Sort.NUMBER}:
        one, two, _ = aligned(left, right)
        return one, two
    if Sort.TEST in sorts:
        return _bit(left), _bit(right)
    if left.sort is right.sort and left.sort is not Sort.WORD:
        return left.sql, right.sql
    return _worded(left, right)


def _bit(term: Term) -> Sql:
    """Yes or no as 1 or 0; a column of yes and no is that already."""
    return b.flag(term.sql) if term.sort is Sort.TEST else term.sql


def _crossed(left: Term, right: Term) -> tuple[Sql, Sql]:
    """a/b against c/d as a·d against c·b, with the signs of b and d taken out first."""
    a, over_a = _pair(left)
    c, over_c = _pair(right)
    up = right.digits + left.den_digits - left.digits - right.den_digits
    one, two = _product(a, over_c), _product(c, over_a)
    if up >= 0:
        return _lifted(one, two, 10**up, alone=over_c is None)
    two, one = _lifted(two, one, 10**-up, alone=over_a is None)
    return one, two


def _lifted(low: Sql, high: Sql, by: int, *, alone: bool) -> tuple[Sql, Sql]:
    """low · by against high. A product of two numbers leaves no room to be lifted: it is held, by
    halves, against the whole part of high ÷ by, a half being what is left of it."""
    if alone or by == 1:
        return b.times(low, by), high
    left = b.floor_rest(high, b.num(by))
    whole = b.quotient(b.sub(high, left), b.num(by))
    return b.times(low, 2), b.add(b.times(whole, 2), b.flag(b.ne(left, b.num(0))))


def _pair(term: Term) -> tuple[Sql, Sql | None]:
    """Numerator and denominator with the denominator made positive; None stands for 1."""
    if term.den is None:
        return term.sql, None
    return b.mul(term.sql, b.sign_of(term.den)), b.absolute(term.den)


def _product(left: Sql, right: Sql | None) -> Sql:
    return b.wide(left) if right is None else b.mul(b.wide(left), b.wide(right))


def _worded(left: Term, right: Term) -> tuple[Sql, Sql]:
    """Words, texts and ids: as codes where one side is a literal, else as texts."""
    if left.sort is Sort.WORD and left.words == right.words and right.sort is Sort.WORD:
        return left.sql, right.sql
    if isinstance(right.const, str) or right.cases:
        return left.sql, _coded(right, left)
    if isinstance(left.const, str) or left.cases:
        return _coded(left, right), right.sql
    return as_text(left), as_text(right)


def _coded(term: Term, like: Term) -> Sql:
    """A literal, or the word a dated parameter chooses, as the other side holds it."""
    if isinstance(term.const, str):
        return code_of(term.const, like)
    cases = [(test, b.null() if word is None else code_of(word, like)) for test, word in term.cases]
    return b.when(cases)


def code_of(word: str, like: Term) -> Sql:
    """A text literal as a term of this sort holds it; -1, which nothing is, when unknown."""
    if like.sort is Sort.WORD:
        return b.num(like.words.index(word) + 1 if word in like.words else -1)
    if like.sort in IDS:
        found = b.select([b.col("k")], IDS[like.sort], where=[b.eq(b.col("id"), b.text(word))])
        return b.coalesce(b.scalar(found), b.num(-1))
    return b.text(word)


def as_text(term: Term) -> Sql:
    """A word, text or id as its text."""
    if term.sort is Sort.WORD:
        cases = [(b.eq(term.sql, b.num(at)), b.text(word)) for at, word in enumerate(term.words, 1)]
        return b.when(cases)
    if term.sort in IDS:
        found = b.select([b.col("id")], IDS[term.sort], where=[b.eq(b.col("k"), term.sql)])
        return b.scalar(found)
    return term.sql


def as_field(term: Term, like: Term) -> Sql:
    """A term as the column of a field holds it: the same digits, the same words."""
    if like.sort is Sort.NUMBER:
        return at_digits(term, like.digits) if term.sort is Sort.NUMBER else term.stored
    if isinstance(term.const, str) or term.cases:
        return _coded(term, like)
    if like.sort is term.sort and like.words == term.words:
        return term.sql
    if like.sort is Sort.WORD:
        code = as_text(term)
        return b.when((b.eq(code, b.text(one)), b.num(at)) for at, one in enumerate(like.words, 1))
    if like.sort in IDS:
        found = b.select([b.col("k")], IDS[like.sort], where=[b.eq(b.col("id"), as_text(term))])
        return b.scalar(found)
    return as_text(term)
