"""Exact rounding by named modes. Only where a plan says so is anything rounded at all."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.errors import WenyouError
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Rounding

LARGEST = 2**63 - 1
"""The largest amount, in a ledger's smallest unit, that every engine holds."""


def too_large(rule: str = "") -> WenyouError:
    """What is told of a number that 64 bits do not hold."""
    of = f"规则“{rule}”的" if rule else ""
    text = (
        f"{of}数额大到记不下，没有测算。请给按次数翻倍的规则写上限（ceiling），"
        "并核对事实和参数里的数字。"
    )
    return WenyouError("amount-too-large", text, rule=rule)


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
