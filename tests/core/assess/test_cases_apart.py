"""A formula that holds in some cases only; several of them tell cases apart."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact, unit
from tests.core.assess.play import book, play, program, values
from wenyou_core.errors import SchemeError

CASES = """
params:
  basis: {title: 基数, type: choice, choices: [业务量, 定额], value: 业务量}
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
  volume: {title: 业务量, each: outlets, facts: volume, how: sum, of: number}
  large: {title: 大网点折算, each: outlets, value: volume * 0.5, when: param.basis = 业务量 and volume >= 10}
  small: {title: 小网点折算, each: outlets, value: volume + 1, when: volume < 10}
  fixed: {title: 定额, each: outlets, value: 100, when: param.basis = 定额}
  base: {title: 基数, each: outlets, value: "first(fixed, large, small)"}
  rate: {title: 率, ratio: [cases, base], empty: apart}
  same_rate: {title: 大网点的率, each: outlets, value: rate, when: volume >= 10}
"""
UNITS = (unit("B", kind="支行"), unit("U1", "B", kind="网点"), unit("U2", "B", kind="网点"))
FACTS = [
    fact("volume", "v1", "2025-08-01", unit="U1", number=Fraction(10)),
    fact("volume", "v2", "2025-08-01", unit="U2", number=Fraction(9)),
    fact("complaint", "c1", "2025-08-01", unit="U1"),
]


@pytest.mark.parametrize(("basis", "expected"), [("业务量", (5, 10)), ("定额", (100, 100))])
def test_the_first_formula_that_applies_gives_the_number(
    basis: str, expected: tuple[int, int]
) -> None:
    result = play(CASES, *FACTS, units=UNITS, values={"basis": basis})
    assert tuple(values(result, "base").values()) == expected


def test_a_formula_that_does_not_apply_says_so() -> None:
    result = play(CASES, *FACTS, units=UNITS)
    (row,) = [one for one in result.measures if one.measure == "large" and one.value is None]
    assert (row.subject.id, row.absent) == ("U2", "不属于这个算式所说的情形，不适用。")
    assert values(result, "same_rate") == {"U1": Fraction(1, 5), "U2": None}


@pytest.mark.parametrize("basis", ["业务量", "定额"])
def test_both_back_ends_tell_the_cases_apart_alike(bench: Bench, basis: str) -> None:
    made = program(CASES, values={"basis": basis})
    assert bench.difference(made, book(FACTS, units=UNITS), None) == ""


def test_a_condition_of_a_formula_must_be_one() -> None:
    with pytest.raises(SchemeError) as caught:
        program(CASES.replace("when: volume < 10", "when: volume"))
    assert [one.code for one in caught.value.faults] == ["wrong-type"]
