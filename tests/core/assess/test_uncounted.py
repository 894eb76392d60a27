"""Facts that do not count are told of when something in the run looks at their days."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact
from tests.core.assess.play import book, program
from wenyou_core.assess.facts import Fact

RULES = """
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, again: {window: WINDOW, same: [unit], factors: [1, 1.5]}, also: true}
  appealed: {title: 申诉成立, exempt: finding, by: appeal, where: upheld = true, same: {id: target}}
"""
BY_RULING = """
rules:
  fine: {title: 扣罚, on: finding, date: ruled, whom: unit, amount: -100 元, also: true}
"""


def finding(id: str, happened: str, **more: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "state": "withdrawn", **more})


def listed(bench: Bench, body: str, *facts: Fact) -> list[str]:
    """The uncounted facts, which both back ends must name."""
    given, made = book(facts), program(body)
    assert bench.difference(made, given, None) == ""
    return [one.fact for one in bench.sql(made, given, None).uncounted]


@pytest.mark.parametrize(
    ("window", "seen"),
    [
        ("period", ["f3"]),
        ("12 months", ["f2", "f3"]),
        ("all", ["f1", "f2", "f3"]),
    ],
)
def test_withdrawn_facts_are_told_as_far_back_as_a_window_reads(
    bench: Bench, window: str, seen: list[str]
) -> None:
    facts = [
        finding("f1", "2024-06-30"),
        finding("f2", "2024-07-01"),
        finding("f3", "2025-07-01"),
    ]
    assert listed(bench, RULES.replace("WINDOW", window), *facts) == seen


def test_exempted_facts_of_earlier_years_are_not_told(bench: Bench) -> None:
    facts = [
        finding(f"f{year}", f"{year}-08-01", state="confirmed") for year in (2022, 2023, 2024, 2025)
    ]
    appeals = [
        fact("appeal", f"a{year}", f"{year}-08-20", unit="U1", target=f"f{year}", upheld=True)
        for year in (2022, 2023, 2024, 2025)
    ]
    body = RULES.replace("WINDOW", "12 months")
    assert listed(bench, body, *facts, *appeals) == ["f2024", "f2025"]


def test_old_fact_that_a_rule_dates_into_the_run_is_told(bench: Bench) -> None:
    facts = [
        finding("f1", "2020-01-01", ruled=day("2025-08-01")),
        finding("f2", "2020-01-01", ruled=day("2024-08-01")),
        finding("f3", "2020-01-01"),
    ]
    assert listed(bench, BY_RULING, *facts) == ["f1"]


def test_kind_that_nothing_looks_at_is_told_for_the_run_alone(bench: Bench) -> None:
    facts = [
        fact("complaint", "c1", "2025-06-30", unit="U1", state="proposed"),
        fact("complaint", "c2", "2025-07-01", unit="U1", state="proposed"),
        finding("f1", "2025-07-01"),
    ]
    assert listed(bench, RULES.replace("WINDOW", "12 months"), *facts) == ["c2", "f1"]
