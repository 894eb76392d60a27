"""Exact rounding by named modes."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.assess.rounding import rounded, to_whole
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Rounding

DECIMAL_MODES = {
    Rounding.HALF_UP: ROUND_HALF_UP,
    Rounding.HALF_EVEN: ROUND_HALF_EVEN,
    Rounding.UP: ROUND_UP,
    Rounding.DOWN: ROUND_DOWN,
    Rounding.FLOOR: ROUND_FLOOR,
    Rounding.CEIL: ROUND_CEILING,
}


@given(st.integers(-99_999, 99_999), st.integers(0, 3), st.sampled_from(Rounding))
def test_rounding_agrees_with_decimal_arithmetic(number: int, digits: int, mode: Rounding) -> None:
    value = Decimal(number).scaleb(-4)
    expected = value.quantize(Decimal(1).scaleb(-digits), rounding=DECIMAL_MODES[mode])
    assert rounded(Fraction(value), Round(digits=digits, mode=mode)) == Fraction(expected)


@pytest.mark.parametrize("mode", Rounding)
def test_whole_number_is_rounded_to_itself(mode: Rounding) -> None:
    assert [to_whole(Fraction(number), mode) for number in (-2, 0, 2)] == [-2, 0, 2]


def test_a_third_is_rounded_by_its_exact_value() -> None:
    how = Round(digits=2, mode=Rounding.HALF_UP)
    assert rounded(Fraction(1, 3), how) == Fraction("0.33")
    assert rounded(Fraction(-2, 3), how) == Fraction("-0.67")
