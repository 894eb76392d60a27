"""What SQL leaves to the reference, and what follows from that."""

from __future__ import annotations

from tests.core.assess.play import program

PLAN = """
measures:
  found: {title: 件数, each: outlets, facts: finding, how: count}
  rate: {title: 率, ratio: [found, found], empty: apart}
  pooled: {title: 合并, across: rate, how: pooled}
  plain: {title: 平均, across: rate, how: mean, round: {digits: 4, mode: half_up}}
  place: {title: 名次, rank: plain, from: highest}
rules:
  last: {title: 最后一名, each: outlets, when: rate > pooled, amount: -600 元}
  above: {title: 高于平均, each: outlets, when: place = 1, amount: -1 元}
"""


def test_means_of_ratios_and_what_reads_them_stay_with_the_reference() -> None:
    left = program(PLAN).sequential
    assert list(left) == ["plain", "place", "above"]
    assert left["plain"] == "各比率的合计或平均要用分数准确计算。"
    assert left["place"] == "所依据的「平均」由参照引擎计算，这一项随后计算。"
