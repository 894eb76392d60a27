"""A rule may stand in several exclusion sets, which are decided one after the other."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.make import fact
from tests.core.assess.play import checked, numbers, play, total
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.result import Result
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names

# One case of a complaint: its kinds of fault compete, and so do those of one kind of fault.
RULES = """
sets:
  first: {title: 甲组, choose: FIRST}
  second: {title: 乙组, choose: SECOND}
rules:
  light: {title: 轻, on: finding, whom: unit, amount: -100 元, together: first}
  both: {title: 两属, on: finding, where: points >= 5, whom: unit, amount: -300 元, together: [first, second]}
  heavy: {title: 重, on: finding, where: points >= 6, whom: unit, amount: -700 元, together: second}
"""


def finding(points: int, id: str = "f1", **given: Any) -> Fact:
    return fact("finding", id, "2025-08-01", **{"unit": "U1", "points": Fraction(points), **given})


def rivals(first: str, second: str, *facts: Fact, body: str = RULES) -> Result:
    return play(body.replace("FIRST", first).replace("SECOND", second), *facts)


@pytest.mark.parametrize(
    ("first", "second", "left"),
    [
        # both wins the first set, then loses the second: light was beaten and stays out
        ("highest", "highest", -700),
        # both loses the first set and does not stand in the second: heavy has no rival there
        ("lowest", "lowest", -100 - 700),
        # both wins both sets
        ("highest", "lowest", -300),
        # nobody loses in a set that lets all count
        ("all", "highest", -100 - 700),
        ("all", "all", -1100),
    ],
)
def test_sets_are_decided_in_the_order_of_the_plan(first: str, second: str, left: int) -> None:
    assert total(rivals(first, second, finding(6)), "U1") == left


def test_loser_of_an_earlier_set_beats_nobody_in_a_later_one() -> None:
    body = RULES.replace("-700 元", "-200 元")
    # both (300) is larger than heavy (200), but lost to light when the lowest counts
    assert total(rivals("lowest", "highest", finding(6), body=body), "U1") == -100 - 200


def test_loser_is_taken_back_once() -> None:
    body = RULES.replace("together: second", "together: [first, second]")
    result = rivals("lowest", "lowest", finding(6), body=body)
    assert numbers(result, "both", "excluded") == {"f1": 300}
    assert numbers(result, "heavy", "excluded") == {"f1": 700}
    assert total(result, "U1") == -100


def test_each_set_has_events_of_its_own() -> None:
    # one occasion per group in the second set, one fact in the first
    body = RULES.replace("choose: SECOND", "choose: highest, per: [group]")
    facts = [finding(6, "f1", group="甲"), finding(5, "f2", group="甲")]
    result = rivals("highest", "", *facts, body=body)
    assert numbers(result, "both", "excluded") == {"f1": 300, "f2": 300}
    assert numbers(result, "light", "excluded") == {"f1": 100, "f2": 100}
    assert total(result, "U1") == -700


def test_own_joint_amount_does_not_follow_what_lost_in_any_set() -> None:
    body = RULES.replace(
        "together: [first, second]",
        "together: [first, second], joint: [{whom: head, amount: -7 元}]",
    )
    assert total(rivals("lowest", "highest", finding(6), body=body), "H1") == 0
    assert total(rivals("highest", "highest", finding(6), body=body), "H1") == 0
    assert total(rivals("highest", "highest", finding(5), body=body), "H1") == -7


def test_total_bound_counts_what_was_taken_back_in_a_second_set() -> None:
    body = RULES.replace(
        "together: [first, second]", "together: [first, second], limit: {floor: -400 元}"
    )
    facts = [finding(6, "f1"), finding(5, "f2"), finding(5, "f3")]
    result = rivals("highest", "highest", *facts, body=body)
    # f1: heavy; f2 and f3: both, 600 held at 400
    assert total(result, "U1") == -700 - 400


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("[second, first]", "请按择一组在方案里的先后"),
        ("[first, first]", "重复"),
        ("[first, third]", "third"),
    ],
)
def test_list_of_sets_names_each_once_in_the_order_of_the_plan(given: str, word: str) -> None:
    with pytest.raises(SchemeError) as found:
        rivals("highest", "highest", body=RULES.replace("[first, second]", given))
    assert word in str(found.value)


def test_sentence_says_in_which_order_the_sets_choose() -> None:
    found = checked(RULES.replace("FIRST", "highest").replace("SECOND", "lowest"))
    said = sentence_of(Names(found.plan), found.scope.rules["both"])
    assert said.endswith("；同一件事先在「甲组」、再在「乙组」各条中取舍。")
    listed = sentence_of(Names(found.plan), found.scope.sets["second"])
    assert listed == "同一件事在两属、重中就低。"
