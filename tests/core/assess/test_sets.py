"""Step 4: exclusion sets. One event, several rules, a stated choice."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.make import fact
from tests.core.assess.play import numbers, play, told, total
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.result import Result

RULES = """
sets:
  one: {title: 择一, choose: CHOOSE}
rules:
  plain: {title: 一般, on: finding, whom: unit, amount: -100 元, together: one}
  grave: {title: 严重, on: finding, where: points >= 5, whom: unit, amount: -300 元, together: one}
  note: {title: 登记, on: finding, whom: unit, amount: -200 元, together: one}
"""


def finding(id: str, **given: Any) -> Fact:
    return fact("finding", id, "2025-08-01", **{"unit": "U1", "points": Fraction(6), **given})


def rivals(choose: str, *facts: Fact, body: str = RULES) -> Result:
    return play(body.replace("CHOOSE", choose), *(facts or (finding("f1"),)))


@pytest.mark.parametrize(
    ("choose", "left"), [("all", -600), ("highest", -300), ("lowest", -100), ("first", -100)]
)
def test_set_leaves_what_its_word_chooses(choose: str, left: int) -> None:
    assert total(rivals(choose), "U1") == left


def test_loser_stays_in_the_ledger_and_is_taken_back_by_name() -> None:
    result = rivals("highest")
    events = {one.key: one.amount for one in result.entries if one.kind.value == "event"}
    backs = {one.cause: one.amount for one in result.entries if one.kind.value == "excluded"}
    assert sorted(events.values()) == [-30000, -20000, -10000]
    assert sorted(backs.values()) == [10000, 20000]
    assert all(events[cause] == -amount for cause, amount in backs.items())


def test_facts_are_events_of_their_own_unless_the_set_says_otherwise() -> None:
    facts = [finding("f1", group="甲"), finding("f2", group="甲", points=Fraction(1))]
    assert total(rivals("highest", *facts), "U1") == -500
    by_group = RULES.replace("choose: CHOOSE", "choose: highest, per: [group]")
    assert total(rivals("highest", *facts, body=by_group), "U1") == -300


def test_equal_amounts_go_to_the_rule_that_stands_first_then_to_the_first_fact() -> None:
    body = RULES.replace("-200 元", "-100 元").replace("CHOOSE", "CHOOSE, per: [group]")
    facts = [
        finding("f2", group="甲", points=Fraction(1)),
        finding("f1", group="甲", points=Fraction(1)),
    ]
    result = rivals("highest", *facts, body=body)
    lost = {one.cause for one in result.entries if one.cause}
    kept = [one for one in result.entries if not one.cause and one.key not in lost]
    assert [(one.rule, one.fact) for one in kept] == [("plain", "f1")]


def test_subjects_do_not_compete_with_each_other() -> None:
    body = RULES.replace("whom: unit, amount: -300 元", "whom: head, amount: -300 元")
    result = rivals("highest", body=body)
    assert (total(result, "U1"), total(result, "H1")) == (-200, -300)


def test_ledgers_do_not_compete_with_each_other() -> None:
    body = RULES.replace("-300 元", "-3 分")
    result = rivals("highest", body=body)
    assert (total(result, "U1"), total(result, "U1", "points")) == (-200, -3)


def test_bound_of_the_single_entry_is_taken_before_rivals_are_compared() -> None:
    body = RULES.replace(
        "amount: -300 元,", "amount: -300 元, limit: {floor: -150 元, per: event},"
    )
    result = rivals("highest", body=body)
    assert total(result, "U1") == -200
    assert numbers(result, "grave", "excluded") == {"f1": 150}


def test_reading_says_how_a_set_chooses() -> None:
    body = RULES.replace("CHOOSE", "param.how")
    body += "params:\n  how: {title: 口径, type: choice, choices: [累加, 就高]}\n"
    found = {
        word: total(play(body, finding("f1"), values={"how": word}), "U1")
        for word in ("累加", "就高")
    }
    assert found == {"累加": -600, "就高": -300}


def test_repeat_counts_the_fact_whose_entry_lost() -> None:
    body = RULES.replace(
        "amount: -100 元,", "amount: -100 元, again: {window: all, same: [unit], factors: [1, 2]},"
    )
    result = rivals("highest", finding("f1"), finding("f2"), body=body)
    assert numbers(result, "plain") == {"f1": -100, "f2": -200}


def test_derived_fact_and_its_source_are_one_event() -> None:
    body = """
sets:
  one: {title: 择一, choose: highest}
rules:
  as_finding: {title: 检查, on: finding, whom: unit, amount: -100 元, together: one}
  as_complaint: {title: 投诉, on: complaint, whom: unit, amount: -300 元, together: one}
  deemed: {title: 视同, deem: finding, becomes: complaint}
"""
    result = play(body, finding("f1"))
    assert total(result, "U1") == -300
    assert ("as_finding", "excluded", "U1", Fraction(100)) in told(result)
