"""Exact rounding by named modes. Only where a plan says so is anything rounded at all."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.errors import WenyouError
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Rounding

LARGEST = 2**63 - 1
"""The largest number that every engine holds: of an amount in its ledger's smallest unit, of
other numbers in the last decimal they may have."""


def too_large(rule: str = "", measure: str = "") -> WenyouError:
    """What is told of a number that 64 bits do not hold. An engine does not say of what it is."""
    what = "有数字"
    if rule or measure:
        what = f"规则“{rule}”的数额" if rule else f"指标“{measure}”的数"
    text = (
        f"{what}超出了能记的范围，没有测算。请核对事实里最大的数和参数；"
        "有按次数翻倍的规则的，请给它写上限（ceiling）。"
    )
    return WenyouError("amount-too-large", text, rule=rule, measure=measure)


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
