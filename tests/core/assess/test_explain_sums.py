"""The sum at the end of a measure's text: said where its parts make the value, and only there."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import day, fact
from tests.core.assess.play import book, program
from wenyou_core.assess.explain import Node, explain
from wenyou_core.assess.facts import Fact, Opening, Subject
from wenyou_core.assess.reference import assess
from wenyou_core.scheme.words import SubjectKind

RULES = """
measures:
  points: {title: 扣分数, each: outlets, facts: finding, how: sum, of: points}
  times: {title: 次数, each: outlets, facts: finding}
  each: {title: 次均, ratio: [points, times], empty: zero, round: {digits: 2, mode: half_up}}
  score: {title: 得分, each: outlets, entries: [fine], base: 100}
  worth: {title: 折算, each: outlets, value: score * 20% + 1}
  month: {title: 月得分, each: outlets, entries: [monthly], base: 100, period: month}
  mean: {title: 月均, roll: month, to: quarter, how: mean, round: {digits: 1, mode: half_up}}
  place: {title: 名次, rank: score, from: highest}
rules:
  fine: {title: 扣分, on: finding, whom: unit, amount: {value: -points, ledger: points}, also: true}
  monthly: {title: 月扣分, on: finding, whom: unit, amount: {value: -points, ledger: points}, period: month, also: true}
"""
U1 = Subject(SubjectKind.UNIT, "U1")


def finding(id: str, happened: str, points: Fraction, unit: str = "U1") -> Fact:
    return fact("finding", id, happened, unit=unit, points=points)


def tree(name: str, *facts: Fact) -> Node:
    bound, rows = program(RULES), book(facts)
    found = explain(bound, rows, assess(bound, rows), U1, name)
    return found[0]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("points", "算式：1＋2＋0.5＝3.5。"),
        ("times", "算式：共3件。"),
        ("each", "算式：3.5÷3＝1.17（四舍五入保留2位小数）。"),
        ("score", "算式：100－1－2－0.5＝96.5。"),
        ("worth", "算式：得分（96.5）×20%＋1＝20.3。"),
        ("mean", "算式：（99＋97.5＋100）÷3＝98.8（四舍五入保留1位小数）。"),
        ("place", "算式：排在前面的有2个，与1个并列，所以是第3名（共4个）。"),
    ],
)
def test_measure_ends_with_its_sum(name: str, said: str) -> None:
    facts = [
        finding("f1", "2025-07-10", Fraction(1)),
        finding("f2", "2025-08-10", Fraction(2)),
        finding("f3", "2025-08-11", Fraction(1, 2)),
        finding("f4", "2025-08-10", Fraction(7, 2), "U2"),
    ]
    assert tree(name, *facts).text.endswith(said)


def test_measure_of_nothing_says_no_sum() -> None:
    assert "算式" not in tree("points").text
    assert "算式" not in tree("times").text


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30))
def test_sum_that_is_said_is_the_value(quarters: list[int]) -> None:
    facts = [
        finding(f"f{n}", "2025-08-01", Fraction(points, 4)) for n, points in enumerate(quarters)
    ]
    found = tree("points", *facts)
    assert found.text.count("＝") == (1 if len(quarters) > 1 else 0)
    assert len(quarters) == 1 or found.text.endswith(f"＝{found.value}。")


def test_sum_is_told_with_the_newest_balance_alone() -> None:
    body = RULES.replace("base: 100}", "base: 0, opening: true}", 1)
    openings = [
        Opening(U1, "points", Fraction(number), day(on))
        for number, on in ((99, "2025-01-01"), (12, "2025-07-01"), (50, "2025-08-01"))
    ]
    bound = program(body)
    rows = book([finding("f1", "2025-08-10", Fraction(2))], openings=openings)
    (found,) = explain(bound, rows, assess(bound, rows), U1, "score")
    assert [one.title for one in found.children if "期初" in one.title] == ["2025-07-01期初余额"]
    assert found.text.endswith("算式：12－2＝10。")


WINDOWED = """
measures:
  year: {title: 年内扣分, each: outlets, entries: [fine], window: WINDOW}
rules:
  fine: {title: 扣分, on: finding, whom: unit, amount: {value: -points, ledger: points}, also: true}
"""


@pytest.mark.parametrize(
    ("window", "dates", "said"),
    [
        ("year", ["2025-02-10", "2025-05-10"], "算式：-1－2－4＝-7。"),
        ("6 months", ["2025-05-10"], "算式：-2－4＝-6。"),
    ],
)
def test_sum_over_a_window_lists_what_it_takes_from_before_the_period(
    window: str, dates: list[str], said: str
) -> None:
    rows = [
        finding("f0", "2024-12-10", Fraction(8)),
        finding("f1", "2025-02-10", Fraction(1)),
        finding("f2", "2025-05-10", Fraction(2)),
        finding("f3", "2025-08-10", Fraction(4)),
        finding("f4", "2025-05-11", Fraction(9), unit="U2"),
    ]
    bound, facts = program(WINDOWED.replace("WINDOW", window)), book(rows)
    (found,) = explain(bound, facts, assess(bound, facts), U1, "year")
    assert [one.title for one in found.children] == [*(f"扣分（{one}）" for one in dates), "扣分"]
    assert "2025年5月10日检查扣分「f2」" in found.children[-2].text
    assert said in found.text
