"""Everybody's figures, from the slice alone, are those of the whole run."""

from __future__ import annotations

from fractions import Fraction as F
from random import SystemRandom

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from tests.core.assess.make import day, fact, post
from tests.core.assess.play import book, program
from tests.core.assess.slices.cutting import disagreements, traced
from tests.core.worktime.shipped import shipped_calendar
from tests.schemes.shipped import case_files, cases, checked, plan_names
from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of, fact_book
from wenyou_core.assess.reference import assess

CHUNKS, SCHEMES, FRESH = 3, 8, 300
SAMPLE = 6
"""Of the shipped cases every sixth; all of them with ``--long``."""

SPLIT = """
rules:
  room: {title: 在场平分, on: finding, whom: unit, amount: -100 元, joint: [{whom: present present, percent: 100%, round: {digits: 2, mode: down}, instead: true}]}
  loss: {title: 赔偿, on: finding, whom: person, amount: {value: -points, ledger: money}, limit: {floor: -10 元}, joint: [{whom: head, percent: 60%, round: {digits: 2, mode: half_up}, instead: true}], also: true}
"""
WORST = """
measures:
  count: {title: 件数, each: outlets, facts: finding}
  best: {title: 名次, rank: count, from: lowest}
rules:
  worst: {title: 最多的一家, each: outlets, pick: {by: [count], from: highest, take: 1, tie: decide}, whom: head, amount: -50 元, joint: [{whom: members, percent: 50%, round: {digits: 2, mode: down}, instead: true}]}
"""
REFUSED = """
measures:
  count: {title: 件数, each: outlets, facts: finding}
rules:
  refused: {title: 窗口外不受理, exempt: filing, by: finding, where: points > 0, same: {type: type}, within: {from: ruled}, outside: true}
  filed: {title: 报备免计, exempt: complaint, by: filing, same: {unit: unit, type: type}, within: {from: starts, to: ends}}
  fined: {title: 投诉, on: complaint, whom: unit, amount: -1 分}
"""

CHAINED = """
sets:
  first: {title: 甲组, choose: highest}
  second: {title: 乙组, choose: highest, per: [group]}
rules:
  small: {title: 小, on: finding, whom: unit, amount: {value: -points, ledger: money}, together: first, again: {window: all, same: [unit], factors: [1, 2]}}
  both: {title: 两属, on: finding, where: points > 5, whom: unit, amount: -9 元, together: [first, second]}
  large: {title: 大, on: finding, whom: unit, amount: -8 元, together: second, joint: [{whom: head, percent: 50%}, {whom: head up 1, amount: -1 元}]}
"""


def _agree(seed: int) -> None:
    scheme = make_scheme(seed)
    rows, moment = make_book(scheme), known_at(scheme)
    trace = traced(scheme.program, rows, moment, shipped_calendar())
    found = disagreements(trace, moment)
    if found:
        pytest.fail(f"seed {seed}\n" + "\n".join(found[:5]))


@pytest.mark.differential
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_slices_of_random_runs_give_the_same_figures(chunk: int) -> None:
    for seed in range(chunk * SCHEMES, (chunk + 1) * SCHEMES):
        _agree(seed)


@pytest.mark.long
def test_slices_of_fresh_runs_give_the_same_figures() -> None:
    start = SystemRandom().randrange(10**6, 10**9)
    for seed in range(start, start + FRESH):
        _agree(seed)


@pytest.mark.differential
@pytest.mark.parametrize("plan", plan_names())
def test_slices_of_shipped_cases_give_the_same_figures(plan: str, long: bool) -> None:
    shown = [case for path in case_files(plan) for case in cases(path)]
    for case in shown[:: 1 if long else SAMPLE]:
        bound = bind(checked(plan), adoption_of(case, checked(plan).plan), case.period)
        rows = fact_book(case, checked(plan).plan)
        trace = traced(bound, rows, None, shipped_calendar())
        assert disagreements(trace, None) == [], case.name


def test_trace_gives_the_result_of_the_reference() -> None:
    for seed in range(6):
        scheme = make_scheme(seed)
        rows, moment = make_book(scheme), known_at(scheme)
        whole = assess(scheme.program, rows, moment, calendar=shipped_calendar())
        assert traced(scheme.program, rows, moment, shipped_calendar()).result == whole


@pytest.mark.parametrize("body", [SPLIT, WORST])
def test_slices_of_amounts_split_among_several_give_the_same_figures(body: str) -> None:
    people = ("P1", "P2", "P3")
    posts = [post(one, "U1") for one in people]
    posts += [post("P1", "U1", "网点负责人"), post("P2", "U1", "网点负责人", "2025-08-01")]
    posts += [post("H2", "U2", "网点负责人"), post("P3", "U2", "柜员", "2025-07-15")]
    facts = [
        fact("finding", "f1", "2025-07-20", unit="U1", person="P1", points=F(11), present=people),
        fact("finding", "f2", "2025-08-20", unit="U1", person="P2", points=F(7), present=people),
        fact("finding", "f3", "2025-08-21", unit="U2", person="P3", points=F(2), present=("P3",)),
    ]
    assert disagreements(traced(program(body), book(facts, posts=posts), None), None) == []


def test_slices_of_heads_know_what_competes_through_a_second_set() -> None:
    facts = [
        fact("finding", "f1", "2025-07-02", unit="U1", points=F(6), group="甲"),
        fact("finding", "f2", "2025-07-03", unit="U1", points=F(6), group="甲"),
        fact("finding", "f3", "2025-07-04", unit="U1", points=F(2), group="乙"),
        fact("finding", "f4", "2025-08-04", unit="U2", points=F(8), group="乙"),
    ]
    made = traced(program(CHAINED), book(facts), None)
    assert {one.rule for one in made.result.entries if one.kind.value == "joint"} == {"large"}
    assert disagreements(made, None) == []


@pytest.mark.parametrize(
    "opens", [("2025-07-20",), ("2025-07-20", "2025-07-05"), ("2025-07-05", "2025-07-20")]
)
def test_slices_know_the_windows_that_refuse_or_hold_an_act(opens: tuple[str, ...]) -> None:
    facts = [
        fact(
            "finding",
            f"w{n}",
            "2025-07-01",
            unit=f"U{n + 1}",
            type="环境",
            points=F(1),
            ruled=day(one),
        )
        for n, one in enumerate(opens)
    ]
    facts += [
        fact("filing", "b", "2025-07-06", unit="U1", type="环境"),
        fact("complaint", "c", "2025-08-01", unit="U1", type="环境"),
    ]
    assert disagreements(traced(program(REFUSED), book(facts), None), None) == []
