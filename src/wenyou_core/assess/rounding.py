"""Exact rounding by named modes. Only where a plan says so is anything rounded at all."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Rounding


def rounded(number: Fraction, how: Round | None) -> Fraction:
    """The number rounded to the decimals and by the mode that are said; as it is without."""
    if how is None:
        return number
    scale = 10**how.digits
    return Fraction(to_whole(number * scale, how.mode), scale)


def to_whole(number: Fraction, mode: Rounding) -> int:
    """The whole number next to a fraction by the mode.

    ``half_up`` takes halves away from zero, ``half_even`` to the even neighbor; ``up`` and
    ``down`` go away from and towards zero; ``floor`` and ``ceil`` along the number line.
    """
    floor, rest = divmod(number, 1)
    if not rest:
        return floor
    if mode is Rounding.FLOOR:
        return floor
    if mode is Rounding.CEIL:
        return floor + 1
    towards_zero, away = (floor, floor + 1) if number > 0 else (floor + 1, floor)
    if mode is Rounding.DOWN:
        return towards_zero
    if mode is Rounding.UP:
        return away
    if rest != Fraction(1, 2):
        return floor if rest < Fraction(1, 2) else floor + 1
    even = floor if floor % 2 == 0 else floor + 1
    return even if mode is Rounding.HALF_EVEN else away
