"""Steps 9 and 10: who shares an entry; bars, caps and tasks."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.make import day, fact, post
from tests.core.assess.play import HEADS, numbers, play, told, total
from wenyou_core.assess.facts import Fact

HALF = """
rules:
  late: {title: 扣, on: finding, whom: person, amount: -100 元, joint: [{whom: head, percent: 50%}], REST also: true}
"""


def finding(id: str, happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "person": "P1", **given})


def test_head_shares_half_and_the_entry_names_its_cause() -> None:
    result = play(HALF.replace("REST", ""), finding("f1"))
    event, shared = (
        result.entries if result.entries[0].kind.value == "event" else result.entries[::-1]
    )
    assert (shared.subject.id, shared.amount, shared.part) == ("H1", -5000, 1)
    assert (shared.cause, shared.base, shared.factor) == (event.key, -10000, Fraction(1, 2))


def test_joint_entry_is_taken_after_the_ceiling() -> None:
    body = HALF.replace("REST", "limit: {floor: -150 元},")
    result = play(body, finding("f1"), finding("f2"), posts=[*HEADS, post("P1", "U1")])
    assert (total(result, "P1"), total(result, "H1")) == (-150, -75)


def test_person_without_a_post_on_the_last_day_has_no_head_and_that_is_missing() -> None:
    body = HALF.replace("REST", "limit: {floor: -150 元},")
    result = play(body, finding("f1"), finding("f2"))
    assert (total(result, "P1"), total(result, "H1")) == (-150, -100)
    assert [(one.what, one.unit) for one in result.missing] == [("post", "P1")]


def test_joint_of_the_adjusting_entry_goes_to_the_head_of_its_day() -> None:
    body = HALF.replace("REST", "limit: {floor: -150 元},")
    posts = [
        post("P1", "U1"),
        post("H1", "U1", "网点负责人", till="2025-09-15"),
        post("H2", "U1", "网点负责人", "2025-09-16"),
    ]
    result = play(body, finding("f1"), finding("f2"), posts=posts)
    assert (total(result, "H1"), total(result, "H2")) == (-100, 25)


def test_joint_follows_what_was_taken_back() -> None:
    body = """
sets:
  one: {title: 择一, choose: highest}
rules:
  less: {title: 轻, on: finding, whom: unit, amount: -60 元, together: one, joint: [{whom: head, percent: 50%}, {whom: head, amount: -7 元}]}
  more: {title: 重, on: finding, where: points > 5, whom: unit, amount: -90 元, together: one}
"""
    lost = play(body, finding("f1", points=Fraction(9)))
    kept = play(body, finding("f1", points=Fraction(1)))
    assert (total(lost, "U1"), total(lost, "H1")) == (-90, 0)
    assert (total(kept, "U1"), total(kept, "H1")) == (-60, -37)


def test_joint_is_rounded_only_as_it_says() -> None:
    body = """
rules:
  late: {title: 扣, on: finding, whom: person, amount: -0.05 元, joint: [{whom: head, percent: 50%, round: {digits: 2, mode: half_up}}], also: true}
"""
    assert numbers(play(body, finding("f1")), "late", "joint") == {"f1": Fraction("-0.03")}


def test_chain_of_joint_holders_reaches_the_unit_above() -> None:
    body = HALF.replace("percent: 50%}", "percent: 50%}, {whom: head up 1, percent: 20%}")
    posts = [*HEADS, post("HB", "B", "网点负责人")]
    result = play(body.replace("REST", ""), finding("f1"), posts=posts)
    found = {one.subject.id: one.amount for one in result.entries if one.part}
    assert found == {"H1": -5000, "HB": -2000}


def test_joint_without_a_holder_is_missing() -> None:
    result = play(HALF.replace("REST", ""), finding("f1"), posts=[])
    assert [(one.what, one.rules) for one in result.missing] == [("post", ("late",))]
    assert told(result) == [("late", "event", "P1", Fraction(-100))]


# -- effects -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "expected"),
    [("period_end", "2025-09-30"), ("year_end", "2025-12-31"), ("forever", "")],
)
def test_bar_runs_from_the_deciding_day_as_long_as_said(until: str, expected: str) -> None:
    body = f"""
rules:
  out: {{title: 取消, on: finding, whom: [person, head], effects: [{{bar: awards, until: {until}}}], also: true}}
"""
    result = play(body, finding("f1"))
    assert {one.subject.id for one in result.bars} == {"P1", "H1"}
    assert {one.since for one in result.bars} == {day("2025-08-01")}
    assert {one.until.isoformat() if one.until else "" for one in result.bars} == {expected}


def test_bar_of_an_earlier_quarter_that_still_runs_is_shown() -> None:
    body = """
rules:
  out: {title: 取消, on: finding, whom: person, effects: [{bar: awards, until: year_end}], also: true}
awards:
  star: {title: 之星, each: staff, bars: [awards]}
"""
    result = play(body, finding("f1", "2025-02-01"), posts=[post("P1", "U1")])
    assert [(one.subject.id, one.period) for one in result.bars] == [("P1", "2025Q1")]
    assert [one.bars for one in result.awards] == [("awards",)]


def test_bar_stays_when_the_entry_lost_in_its_set() -> None:
    body = """
sets:
  one: {title: 择一, choose: highest}
rules:
  less: {title: 轻, on: finding, whom: unit, amount: -60 元, together: one, effects: [{bar: awards}]}
  more: {title: 重, on: finding, whom: unit, amount: -90 元, together: one}
"""
    result = play(body, finding("f1"))
    assert [(one.what, one.rule) for one in result.bars] == [("awards", "less")]


def test_task_is_opened_once_per_hit_and_has_no_number() -> None:
    body = """
rules:
  talk: {title: 约谈, on: finding, whom: head, effects: [{task: 约谈}], again: {window: period, same: [unit], from_count: 2}, also: true}
"""
    result = play(body, finding("f1", "2025-07-01"), finding("f2"), finding("f3", "2025-09-01"))
    assert [(one.task, one.subject.id, one.fact) for one in result.tasks] == [
        ("约谈", "H1", "f2"),
        ("约谈", "H1", "f3"),
    ]
    assert result.entries == ()


def test_effect_follows_the_hit_although_the_number_still_waits() -> None:
    body = """
rules:
  fine: {title: 扣, on: finding, whom: unit, amount: {range: [-200 元, -500 元]}, effects: [{task: 整改}], also: true}
"""
    result = play(body, finding("f1"))
    assert (len(result.tasks), len(result.waiting), result.entries) == (1, 1, ())
