"""Step 5: bounds that hold after each event."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact, post
from tests.core.assess.play import book, play, program, total
from tests.core.assess.slices.cutting import disagreements, traced
from wenyou_core.assess.explain import Node, explain
from wenyou_core.assess.facts import Fact, Subject
from wenyou_core.assess.needs import looks_of
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result
from wenyou_core.scheme.words import SubjectKind

LATE = """
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, limit: LIMIT, also: true}
"""
QUARTER = "{floor: -10 分, running: true}"
DAYS = ("2025-01-05", "2025-02-01", "2025-02-01", "2025-06-30", "2025-07-01", "2025-08-01")
YEAR = "{floor: -10 分, per: year, running: true}"


def finding(id: str, points: str, happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "points": F(points), **given})


def cuts(result: Result, rule: str = "late") -> dict[str, int]:
    """What the adjusting entries of a rule add, by fact, in the smallest unit."""
    entries = [one for one in result.entries if one.rule == rule and one.kind.value == "limit"]
    assert all(one.cause and one.fact_kind for one in entries)
    return {one.fact: one.amount for one in entries}


def test_running_bound_cuts_each_event_that_goes_beyond_and_names_it() -> None:
    result = play(
        LATE.replace("LIMIT", QUARTER),
        finding("f1", "8"),
        finding("f2", "5", "2025-08-02"),
        finding("f3", "4", "2025-08-03"),
        finding("f4", "-9", "2025-08-04"),
    )
    assert cuts(result) == {"f2": 300, "f3": 400, "f4": -700}
    one = next(one for one in result.entries if one.fact == "f2" and one.kind.value == "limit")
    assert (one.day.isoformat(), one.subject.id) == ("2025-08-02", "U1")
    assert one.cause == next(two.key for two in result.entries if two.fact == "f2")
    assert total(result, "U1", "points") == -8


def test_running_bound_that_is_only_reached_cuts_nothing() -> None:
    facts = (finding("f1", "6"), finding("f2", "4"))
    assert cuts(play(LATE.replace("LIMIT", QUARTER), *facts)) == {}


def test_running_bound_goes_by_the_deciding_day_and_then_the_order_of_events() -> None:
    facts = [
        finding("a", "6", at=600),
        finding("b", "6"),
        finding("c", "6", "2025-07-31"),
    ]
    assert cuts(play(LATE.replace("LIMIT", QUARTER), *facts)) == {"b": 200, "a": 600}


def test_running_bound_of_the_year_runs_on_and_begins_anew_in_january() -> None:
    facts = [
        finding("old", "9", "2024-12-31"),
        finding("f1", "8", "2025-02-01"),
        finding("f2", "5", "2025-08-01"),
    ]
    assert cuts(play(LATE.replace("LIMIT", YEAR), *facts)) == {"f2": 300}
    assert cuts(play(LATE.replace("LIMIT", YEAR), *facts, run="2025Q1")) == {}


def test_running_bound_of_the_year_needs_the_facts_of_the_year_so_far() -> None:
    year = looks_of(program(LATE.replace("LIMIT", YEAR)))
    assert year == looks_of(program(LATE.replace("LIMIT", "{floor: -10 分, per: year}")))
    assert year != looks_of(program(LATE.replace("LIMIT", QUARTER)))


def test_ends_are_read_on_the_day_of_each_event(bench: Bench) -> None:
    body = """
params:
  least: {title: 下限, type: amount, values: [{since: 2025-07-01, value: -10 分}, {since: 2025-08-02, value: -20 分}, {since: 2025-08-04, value: -5 分}]}
""" + LATE.replace("LIMIT", "{floor: param.least, running: true}")
    facts = [
        finding("none", "30", "2025-02-01"),
        finding("f1", "12"),
        finding("f2", "4", "2025-08-02"),
        finding("f3", "1", "2025-08-04"),
    ]
    result = play(body, *facts)
    assert cuts(result) == {"f1": 200, "f2": -200, "f3": 1200}
    assert bench.difference(program(body), book(facts), None) == ""


BASE = """
params:
  base: {title: 基准, type: decimal, digits: 1, values: [{since: 2025-01-01, value: 2.5}, {since: 2025-08-02, value: 4}]}
""" + LATE.replace("LIMIT", "{floor: -param.base 分, ceiling: param.base 分, RUNNING}")


def test_end_may_be_a_number_that_an_adopter_sets_once(bench: Bench) -> None:
    facts = [
        finding("f1", "3"),
        finding("f2", "2", "2025-08-02"),
        finding("f3", "-9", "2025-08-03"),
    ]
    made = BASE.replace("RUNNING", "running: true")
    assert cuts(play(made, *facts)) == {"f1": 50, "f2": 50, "f3": -100}
    assert cuts(play(made, *facts, values={"base": F(1)})) == {"f1": 200, "f2": 200, "f3": -700}
    for per in ("running: true", "per: event", "per: period", "per: year"):
        body = BASE.replace("RUNNING", per)
        assert bench.difference(program(body), book(facts), None) == ""


SETS = """
sets:
  one: {title: 一件一条, choose: highest, per: [group]}
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, together: one, limit: {floor: -10 分, running: true}}
  rude: {title: 粗, on: finding, where: "type = 用语", whom: unit, amount: -7 分, together: one}
"""


def test_what_a_set_took_back_runs_into_no_total(bench: Bench) -> None:
    facts = [
        finding("f1", "6", group="甲"),
        finding("f2", "6", "2025-08-02", group="乙", type="用语"),
        finding("f3", "6", "2025-08-03", group="丙"),
    ]
    result = play(SETS, *facts)
    assert cuts(result) == {"f3": 200}
    assert total(result, "U1", "points") == -17
    assert bench.difference(program(SETS), book(facts), None) == ""


HEADS = """
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, limit: LIMIT, joint: [{whom: head, percent: 50%}], also: true}
"""
CHANGE = [
    post("OLD", "U1", "网点负责人", "2024-01-01", "2025-08-15"),
    post("NEW", "U1", "网点负责人", "2025-08-16"),
]


@pytest.mark.parametrize(
    ("limit", "old", "new"), [(QUARTER, -500, 0), ("{floor: -10 分}", -800, 300)]
)
def test_share_of_the_cut_goes_to_the_head_of_the_events_day(
    bench: Bench, limit: str, old: int, new: int
) -> None:
    body = HEADS.replace("LIMIT", limit)
    facts = [finding("f1", "8"), finding("f2", "8", "2025-08-02")]
    result = assess(program(body), book(facts, posts=CHANGE))
    assert 100 * total(result, "OLD", "points") == old
    assert 100 * total(result, "NEW", "points") == new
    assert bench.difference(program(body), book(facts, posts=CHANGE), None) == ""


SHARED = """
rules:
  given: {title: 调出, on: owned, whom: unit, amount: -3 分, limit: {floor: -5 分, running: true, same: [unit]}, also: true}
  got: {title: 调入, on: owned, whom: field owner, amount: 3 分, limit: {ceiling: 5 分, running: true, same: [unit]}, also: true}
"""
GIVEN = [
    fact("owned", "f1", "2025-08-01", unit="U1", owner="U2"),
    fact("owned", "f2", "2025-08-02", unit="U1", owner="U3"),
    fact("owned", "f3", "2025-08-02", unit="U3", owner="U2"),
    fact("owned", "f4", "2025-08-05", unit="U1", owner="U2"),
]


def test_giver_and_receiver_are_cut_by_the_same_number(bench: Bench) -> None:
    result = play(SHARED, *GIVEN)
    ends = {
        rule: {
            one: sum(
                entry.amount for entry in result.entries if (entry.rule, entry.fact) == (rule, one)
            )
            for one in ("f1", "f2", "f3", "f4")
        }
        for rule in ("given", "got")
    }
    assert ends["got"] == {"f1": 300, "f2": 200, "f3": 300, "f4": 0}
    assert ends["given"] == {one: -amount for one, amount in ends["got"].items()}
    assert [total(result, one, "points") for one in ("U1", "U2", "U3")] == [-5, 6, -1]
    assert bench.difference(program(SHARED), book(GIVEN), None) == ""


ENDS = st.tuples(st.sampled_from(["U1", "U2", "U3"]), st.sampled_from(["U1", "U2", "U3"]))


@given(st.lists(st.tuples(ENDS, st.sampled_from(DAYS)), max_size=8))
def test_what_is_given_is_what_is_got_whatever_is_cut(
    rows: list[tuple[tuple[str, str], str]],
) -> None:
    facts = [
        fact("owned", f"f{n}", on, unit=giver, owner=receiver)
        for n, ((giver, receiver), on) in enumerate(rows)
    ]
    result = play(SHARED, *facts, run="2025Q1")
    for one in facts:
        both = [entry for entry in result.entries if entry.fact == one.id]
        assert sum(entry.amount for entry in both) == 0
    for giver in ("U1", "U2", "U3"):
        given = [
            one.amount for one in result.entries if (one.rule, one.subject.id) == ("given", giver)
        ]
        assert -500 <= sum(given) <= 0


def test_slice_of_a_receiver_knows_what_the_giver_gave_others_before() -> None:
    made = traced(program(SHARED), book(GIVEN), None)
    assert disagreements(made, None) == []


RIVALS = """
sets:
  one: {title: 一件一条, choose: highest, per: [group]}
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, again: {window: all, same: [unit], factors: [1, 2]}, together: one, limit: {floor: -10 分, running: true, same: [type]}, joint: [{whom: head, percent: 50%}]}
  rude: {title: 粗, on: finding, where: points > 3, whom: [unit, person], amount: -7 分, together: one}
"""


def test_slices_know_what_ran_into_a_total_that_others_share(bench: Bench) -> None:
    facts = [
        finding("f0", "2", "2025-07-01", unit="U2", type="环境"),
        finding("f1", "3", "2025-07-02", unit="U2", type="环境", group="甲"),
        finding("f2", "4", "2025-07-03", unit="U2", type="环境", group="甲"),
        finding("f3", "3", "2025-07-04", unit="U3", person="P1", type="环境", group="乙"),
        finding("f4", "3", "2025-07-05", type="环境"),
        finding("f5", "3", "2025-07-06", unit="U4", type="纪律"),
    ]
    made = traced(program(RIVALS), book(facts), None)
    assert len(cuts(made.result)) > 1
    assert disagreements(made, None) == []
    assert bench.difference(program(RIVALS), book(facts), None) == ""


def _all(nodes: Sequence[Node]) -> list[Node]:
    return [one for node in nodes for one in (node, *_all(node.children))]


def test_explanation_tells_the_total_that_was_held() -> None:
    given = book(GIVEN)
    made = assess(program(SHARED), given)
    key = next(
        one.key for one in made.entries if one.subject.id == "U3" and one.kind.value == "limit"
    )
    (tree,) = explain(program(SHARED), given, made, Subject(SubjectKind.UNIT, "U3"), key)
    told = {one.title: one.value for one in _all([tree])}
    assert (told["此前累计"], told["连同本件累计"], told["计入上下限后累计"]) == (
        "+3分",
        "+6分",
        "+5分",
    )
    rule = next(one.text for one in tree.children if one.title == "规则")
    assert "每期逐件累计（机构相同的合计）最多加5分" in rule


AMOUNTS = st.lists(st.tuples(st.integers(-30, 30), st.sampled_from(DAYS)), max_size=12)


@given(AMOUNTS, st.integers(-40, 0), st.integers(0, 40), st.sampled_from(["period", "year"]))
def test_running_cuts_add_up_to_what_a_bound_at_the_end_cuts(
    amounts: list[tuple[int, str]], floor: int, ceiling: int, per: str
) -> None:
    facts = [finding(f"f{n}", str(points), on) for n, (points, on) in enumerate(amounts)]
    ends = f"floor: {floor} 分, ceiling: {ceiling} 分, per: {per}"
    for run in ("2025Q1", "2025Q2", "2025Q3"):
        at_end = play(LATE.replace("LIMIT", f"{{{ends}}}"), *facts, run=run)
        running = play(LATE.replace("LIMIT", f"{{{ends}, running: true}}"), *facts, run=run)
        assert total(running, "U1", "points") == total(at_end, "U1", "points")
