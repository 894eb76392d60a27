"""Acts outside their announced windows are refused, with the window named, before all else."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact
from tests.core.assess.play import book, play, program, told
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.result import Result
from wenyou_core.errors import SchemeError

# The type of a filing stands for the window it belongs to: a volume is announced per type here.
REFUSED = """
rules:
  refused: {title: 窗口外不受理, exempt: filing, by: finding, where: points > 0, same: {type: type}, within: {from: ruled}, outside: true}
  filed: {title: 报备免计, exempt: complaint, by: filing, same: {unit: unit, type: type}, within: {from: starts, to: ends}}
  fined: {title: 投诉, on: complaint, whom: unit, amount: -1 分}
"""


def window(id: str, opens: str, **more: Any) -> Fact:
    values = {"unit": "U4", "type": "环境", "points": Fraction(1), **more}
    return fact("finding", id, "2025-07-01", ruled=day(opens), **values)


def filing(id: str, on: str, **more: Any) -> Fact:
    return fact("filing", id, on, **{"unit": "U1", "type": "环境", **more})


COMPLAINT = fact("complaint", "c1", "2025-08-01", unit="U1", type="环境")


def refusals(result: Result) -> dict[str, str]:
    return {one.fact: one.by_fact for one in result.uncounted if one.by_rule == "refused"}


def test_an_act_outside_its_window_is_refused_and_exempts_nothing() -> None:
    result = play(REFUSED, window("w", "2025-07-10"), filing("b", "2025-07-09"), COMPLAINT)
    assert refusals(result) == {"b": "w"}
    assert [one.reason for one in result.uncounted] == ["不在所列事实的起止之内，不予受理。"]
    assert [one[0] for one in told(result)] == ["fined"]


def test_an_act_within_its_window_exempts() -> None:
    result = play(REFUSED, window("w", "2025-07-10"), filing("b", "2025-07-10"), COMPLAINT)
    assert refusals(result) == {}
    assert [one.fact for one in result.uncounted] == ["c1"]
    assert told(result) == []


def test_one_window_that_holds_the_day_is_enough() -> None:
    windows = [window("w1", "2025-07-20"), window("w2", "2025-07-05"), window("w3", "2025-07-30")]
    assert refusals(play(REFUSED, *windows, filing("b", "2025-07-06"))) == {}


def test_of_several_windows_that_do_not_hold_it_the_last_is_named() -> None:
    windows = [window("w3", "2025-07-20"), window("w1", "2025-07-30"), window("w2", "2025-07-20")]
    assert refusals(play(REFUSED, *windows, filing("b", "2025-07-06"))) == {"b": "w3"}


def test_what_belongs_to_no_window_is_not_refused() -> None:
    facts = [window("w", "2025-07-10", points=Fraction(0)), filing("b", "2025-07-09")]
    assert refusals(play(REFUSED, *facts)) == {}
    bare = fact("filing", "b", "2025-07-09", unit="U1")
    assert refusals(play(REFUSED, window("w", "2025-07-10"), bare)) == {}


BOOKS: tuple[tuple[Fact, ...], ...] = (
    (window("w", "2025-07-10"), filing("b", "2025-07-09"), COMPLAINT),
    (window("w", "2025-07-10"), filing("b", "2025-07-10"), COMPLAINT),
    (
        window("w3", "2025-07-20"),
        window("w1", "2025-07-30"),
        filing("b1", "2025-07-06"),
        filing("b2", "2025-07-21", starts=day("2025-08-01"), ends=day("2025-08-01")),
        filing("b3", "2025-07-06", type="用语"),
        COMPLAINT,
        fact("complaint", "c2", "2025-08-02", unit="U1", type="用语"),
    ),
)


@pytest.mark.parametrize("facts", BOOKS)
def test_both_back_ends_refuse_alike(bench: Bench, facts: tuple[Fact, ...]) -> None:
    assert bench.difference(program(REFUSED), book(facts), None) == ""


@pytest.mark.parametrize("left_out", [", within: {from: ruled}", ", same: {type: type}"])
def test_a_refusal_says_which_window_and_when(left_out: str) -> None:
    assert REFUSED.count(left_out) == 1
    with pytest.raises(SchemeError) as caught:
        program(REFUSED.replace(left_out, ""))
    assert [one.code for one in caught.value.faults] == ["missing-part"]


# -- a fact without its deciding day ---------------------------------------------------------

UNDATED = """
rules:
  filed: {title: 报备免计, exempt: finding, by: filing, same: {unit: unit}, within: {from: starts, to: ends}}
  fined: {title: 扣, on: finding, whom: unit, amount: -1 分, date: happened}
"""


@pytest.mark.parametrize(("ends", "entries"), [("2025-08-01", 0), ("2025-07-31", 1)])
def test_a_fact_without_its_deciding_day_is_exempted_as_of_the_day_it_happened(
    bench: Bench, ends: str, entries: int
) -> None:
    facts = [
        fact("finding", "f1", "2025-08-01", unit="U1"),
        fact("filing", "b", "2025-07-01", unit="U1", starts=day("2025-07-01"), ends=day(ends)),
    ]
    assert len(play(UNDATED, *facts, deciding="ruled").entries) == entries
    assert bench.difference(program(UNDATED, deciding="ruled"), book(facts), None) == ""
