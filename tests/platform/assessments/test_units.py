"""A figure of money stands as money in the tables, whatever it was summed up through."""

from __future__ import annotations

import pytest

from tests.core.assess.play import program
from wenyou.assessments.units import unit_of

BODY = """
measures:
  fines: {title: 罚款, each: outlets, entries: [fine]}
  lost: {title: 扣分, each: outlets, entries: [point], base: 100}
  cases: {title: 件数, each: outlets, facts: finding}
  rate: {title: 率, ratio: [lost, cases], empty: apart}
  mean: {title: 平均罚款, across: fines, how: mean, round: {digits: 2, mode: half_up}}
  payers: {title: 受罚数, across: fines, how: count}
  whole: {title: 合计罚款, each: whole, members: fines, how: sum}
  more: {title: 增减, change: fines, against: previous}
  worse: {title: 增减率, change: fines, against: previous, how: relative, empty: apart}
  place: {title: 名次, rank: fines, from: highest}
  part: {title: 折半, each: outlets, value: fines * 0.5, round: {digits: 2, mode: half_up}}
  both: {title: 合并, each: outlets, value: fines - mean}
  least: {title: 较小, each: outlets, value: "min(fines, 0)"}
  mixed: {title: 混合, each: outlets, value: fines + lost}
  power: {title: 乘积, each: outlets, value: fines * lost, round: {digits: 2, mode: half_up}}
rules:
  fine: {title: 罚, on: finding, whom: unit, amount: -50 元}
  point: {title: 扣, on: complaint, whom: unit, amount: -2 分}
"""


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("fines", "元"),
        ("lost", "分"),
        ("cases", ""),
        ("rate", ""),
        ("mean", "元"),
        ("payers", ""),
        ("whole", "元"),
        ("more", "元"),
        ("worse", ""),
        ("place", ""),
        ("part", "元"),
        ("both", "元"),
        ("least", "元"),
        ("mixed", ""),
        ("power", ""),
    ],
)
def test_a_measure_has_the_unit_of_what_it_sums(name: str, unit: str) -> None:
    assert unit_of(program(BODY), name) == unit
