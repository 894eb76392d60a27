"""One amount split among several: even parts, rounded, the rest with the subject."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact, post
from tests.core.assess.play import book, play, program, told, total
from wenyou_core.assess.facts import Fact
from wenyou_core.errors import SchemeError

SPLIT = """
rules:
  loss: {title: 赔偿, on: finding, whom: person, amount: {value: -points, ledger: money}, joint: [{whom: head, percent: 60%, round: {digits: 2, mode: half_up}, instead: true}], REST also: true}
"""
SHARED = """
rules:
  room: {title: 在场平分, on: finding, whom: unit, amount: -100 元, joint: [{whom: present present, percent: 100%, round: {digits: 2, mode: down}, instead: true}]}
"""
POSTS = [post("P1", "U1"), post("H1", "U1", "网点负责人")]


def finding(id: str, points: str = "1.1", **more: Any) -> Fact:
    values = {"unit": "U1", "person": "P1", "points": Fraction(points), **more}
    return fact("finding", id, "2025-08-01", **values)


def test_the_subject_is_relieved_of_what_another_bears_in_its_place() -> None:
    result = play(SPLIT.replace("REST", ""), finding("f1"), posts=POSTS)
    assert told(result) == [
        ("loss", "joint", "H1", Fraction("-0.66")),
        ("loss", "event", "P1", Fraction("-1.1")),
        ("loss", "joint", "P1", Fraction("0.66")),
    ]


def test_what_rounding_leaves_stays_with_the_subject() -> None:
    result = play(SHARED, finding("f1", present=("P1", "P2", "P3")))
    parts = {one: total(result, one) for one in ("U1", "P1", "P2", "P3")}
    third = Fraction("-33.33")
    assert parts == {"U1": Fraction("-0.01"), "P1": third, "P2": third, "P3": third}


def test_somebody_who_stands_in_for_himself_has_one_entry_of_what_is_left() -> None:
    heads = [post("P1", "U1", "网点负责人"), post("P2", "U1", "网点负责人")]
    result = play(SPLIT.replace("REST", ""), finding("f1", "10"), posts=heads)
    assert told(result) == [
        ("loss", "event", "P1", Fraction(-10)),
        ("loss", "joint", "P1", Fraction(3)),
        ("loss", "joint", "P2", Fraction(-3)),
    ]
    alone = play(SPLIT.replace("REST", ""), finding("f1", "10"), posts=heads[:1])
    assert told(alone) == [("loss", "event", "P1", Fraction(-10))]


def test_nobody_to_stand_in_leaves_the_whole_with_the_subject_and_is_missing() -> None:
    result = play(SPLIT.replace("REST", ""), finding("f1"), posts=POSTS[:1])
    assert told(result) == [("loss", "event", "P1", Fraction("-1.1"))]
    assert [one.what for one in result.missing] == ["post"]


def test_what_a_limit_gives_back_is_split_too() -> None:
    body = SPLIT.replace("REST", "limit: {floor: -10 元},")
    result = play(body, finding("f1", "10"), finding("f2", "10"), posts=POSTS)
    assert (total(result, "P1"), total(result, "H1")) == (-4, -6)


LIMITED = (
    "",
    "limit: {floor: -1.5 元},",
    "limit: {floor: -0.7 元, per: event},",
)


@pytest.mark.parametrize("limit", LIMITED)
def test_both_back_ends_split_alike(bench: Bench, limit: str) -> None:
    posts = [*POSTS, post("H2", "U1", "网点负责人"), post("H3", "U1", "网点负责人")]
    facts = [finding("f1"), finding("f2", "0.1"), finding("f3", "7"), finding("f4", person="H2")]
    made = program(SPLIT.replace("REST", limit))
    assert bench.difference(made, book(facts, posts=posts), None) == ""


def test_both_back_ends_share_among_those_present_alike(bench: Bench) -> None:
    facts = [
        finding("f1", present=("P1", "P2", "P3")),
        finding("f2", present=("P2", "P3")),
        finding("f3"),
    ]
    assert bench.difference(program(SHARED), book(facts), None) == ""


@given(
    fen=st.integers(1, 10_000),
    people=st.integers(0, 7),
    percent=st.integers(1, 100),
    mode=st.sampled_from(["half_up", "half_even", "up", "down", "floor", "ceil"]),
)
def test_the_parts_add_up_to_the_whole(fen: int, people: int, percent: int, mode: str) -> None:
    body = f"""
rules:
  split: {{title: 分摊, each: outlets, amount: {{value: 0.01 * {fen}, ledger: money}}, joint: [{{whom: members, percent: {percent}%, round: {{digits: 2, mode: {mode}}}, instead: true}}]}}
"""
    posts = [post(f"P{number}", "U1") for number in range(people)]
    result = play(body, posts=posts)
    ours = [one for one in result.entries if one.subject.id in {"U1", *(p.person for p in posts)}]
    assert sum(one.amount for one in ours) == fen
    shares = {one.amount for one in ours if one.subject.id.startswith("P")}
    assert len(shares) <= 1


REFUSED = {
    "without a percentage": ("percent: 60%, round", "amount: -1 元, round", {"missing-part"}),
    "without rounding": (", round: {digits: 2, mode: half_up}", "", {"missing-part", "too-many-digits"}),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_split_that_does_not_say_how_is_refused(what: str) -> None:
    old, new, codes = REFUSED[what]
    with pytest.raises(SchemeError) as caught:
        program(SPLIT.replace("REST ", "").replace(old, new))
    assert {one.code for one in caught.value.faults} <= codes
    assert any("instead" in one.text for one in caught.value.faults)


def test_the_entries_of_a_split_are_summed_for_those_it_relieves() -> None:
    body = SPLIT.replace("REST", "") + (
        "measures:\n  paid: {title: 实际承担, each: staff, entries: [loss, loss+joint]}\n"
    )
    result = play(body, finding("f1", "10"), posts=POSTS)
    paid = {one.subject.id: one.value for one in result.measures}
    assert paid == {"P1": -4, "H1": -6}
