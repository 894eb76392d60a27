"""Measured numbers while a run goes on, and statistics over several of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from wenyou_core.assess.notes import NO_DENOMINATOR, NO_PART, NO_VALUE
from wenyou_core.assess.rounding import rounded
from wenyou_core.rows import row
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Empty, Stat

Pair = tuple[Fraction, Fraction]


@row()
class Quantity:
    """A number, or why there is none.

    ``exact`` is the number (of a ratio its quotient); ``pair`` numerator and denominator of an
    unrounded ratio as it is written in the result; ``raw`` both parts as they came, also where
    the denominator is zero, for pooling.
    """

    exact: Fraction | None = None
    pair: Pair | None = None
    raw: Pair | None = None
    absent: str = ""


def plain(number: Fraction | int) -> Quantity:
    """An exact number."""
    return Quantity(number if isinstance(number, Fraction) else Fraction(number))


def absent(why: str) -> Quantity:
    """No number, with the reason in Chinese."""
    return Quantity(absent=why)


def ratio(
    num: Fraction | None, den: Fraction | None, empty: Empty, round_: Round | None = None
) -> Quantity:
    """num / den. An absent part makes it absent; a zero denominator what ``empty`` says."""
    if num is None or den is None:
        return absent(NO_PART)
    raw = (num, den)
    if den:
        pair = raw
    elif empty is Empty.APART:
        return Quantity(raw=raw, absent=NO_DENOMINATOR)
    else:
        pair = (Fraction(int(empty is Empty.FULL)), Fraction(1))
    exact = pair[0] / pair[1]
    if round_ is not None:
        return Quantity(rounded(exact, round_), raw=raw)
    return Quantity(exact, pair, raw)


def lowest_terms(exact: Fraction) -> Quantity:
    """An unrounded ratio chosen from others, as numerator and denominator in lowest terms."""
    pair = (Fraction(exact.numerator), Fraction(exact.denominator))
    return Quantity(exact, pair, pair)


def statistic(
    how: Stat, values: Iterable[Quantity], round_: Round | None, *, of_ratios: bool
) -> Quantity:
    """A statistic over the values that are there, in their order.

    COUNT and SUM of nothing are 0, the others absent. MEAN stays the pair Σx / n, POOLED the
    pair Σa / Σb, until it is rounded; ``of_ratios``: the values are unrounded ratios, so that a
    chosen one stays a ratio. The median of an even number lies halfway between the middle two.
    """
    found = [value for value in values if value.exact is not None]
    numbers = [value.exact for value in found if value.exact is not None]
    if how is Stat.COUNT:
        return plain(len(numbers))
    if how is Stat.SUM:
        return plain(rounded(sum(numbers, Fraction(0)), round_))
    if not numbers:
        return absent(NO_VALUE)
    if how is Stat.MEAN:
        return ratio(sum(numbers, Fraction(0)), Fraction(len(numbers)), Empty.APART, round_)
    if how is Stat.POOLED:
        pairs = [value.raw for value in found if value.raw is not None]
        num = sum((one for one, _ in pairs), Fraction(0))
        den = sum((one for _, one in pairs), Fraction(0))
        return ratio(num, den, Empty.APART, round_)
    chosen = _chosen(how, numbers)
    if of_ratios and round_ is None:
        return lowest_terms(chosen)
    return plain(rounded(chosen, round_))


def _chosen(how: Stat, numbers: Sequence[Fraction]) -> Fraction:
    if how is Stat.MIN:
        return min(numbers)
    if how is Stat.MAX:
        return max(numbers)
    if how is Stat.LAST:
        return numbers[-1]
    return median(numbers)


def median(numbers: Sequence[Fraction]) -> Fraction:
    """The middle one; of an even number of them halfway between the middle two."""
    ordered = sorted(numbers)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
