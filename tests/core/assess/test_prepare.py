"""Steps 1 and 2: which facts count, on which day, as what, in which unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.make import fact, moment, post, unit
from tests.core.assess.play import BRANCH, numbers, play, told, why
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.notes import EXEMPTED, NO_DAY, NOT_CONFIRMED, OUTSIDE
from wenyou_core.scheme.words import State

FINE = """
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, also: true}
"""
APPEALED = """
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, again: {window: 12 months, same: [unit], factors: [1, 1.5]}, also: true}
  appealed: {title: 申诉成立, exempt: finding, by: appeal, where: upheld = true, same: {id: target}}
"""
FILED = """
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, also: true}
  filed: {title: 报备, exempt: finding, by: filing, same: {unit: unit, type: type}, within: {from: starts, to: ends}}
"""
DEEMED = """
rules:
  fine: {title: 投诉, on: complaint, whom: unit, amount: -100 元, also: true}
  shirk: {title: 视同投诉, deem: finding, where: type = 纪律, becomes: complaint, with: {type: type}}
"""


def finding(id: str, happened: str, **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "type": "环境", **given})


@pytest.mark.parametrize("state", ["proposed", "withdrawn"])
def test_fact_that_is_not_confirmed_is_listed_and_costs_nothing(state: str) -> None:
    result = play(FINE, finding("f1", "2025-08-01", state=state))
    assert told(result) == []
    assert why(result) == {"f1": NOT_CONFIRMED[State(state)]}


def test_uncounted_fact_after_the_run_is_not_listed() -> None:
    result = play(FINE, finding("f1", "2025-10-01", state="withdrawn"))
    assert why(result) == {}


def test_upheld_appeal_takes_the_fact_out_and_the_repeat_with_it() -> None:
    facts = [finding("f1", "2025-07-01"), finding("f2", "2025-08-01")]
    appeal = fact("appeal", "a1", "2025-10-05", unit="U1", target="f1", upheld=True)
    before = play(APPEALED, *facts)
    after = play(APPEALED, *facts, appeal)
    assert numbers(before, "fine") == {"f1": -100, "f2": -150}
    assert numbers(after, "fine") == {"f2": -100}
    assert [(one.reason, one.by_rule, one.by_fact) for one in after.uncounted] == [
        (EXEMPTED, "appealed", "a1")
    ]


def test_appeal_that_was_not_upheld_changes_nothing() -> None:
    appeal = fact("appeal", "a1", "2025-10-05", unit="U1", target="f1", upheld=False)
    result = play(APPEALED, finding("f1", "2025-07-01"), appeal)
    assert numbers(result, "fine") == {"f1": -100}


def test_appeal_not_yet_known_changes_nothing_when_replayed() -> None:
    appeal = fact("appeal", "a1", "2025-10-05", unit="U1", target="f1", upheld=True)
    facts = [finding("f1", "2025-07-01"), appeal]
    result = play(APPEALED, *facts, known_at=moment("2025-10-05T17:59"))
    assert numbers(result, "fine") == {"f1": -100}


def test_appeal_that_is_not_confirmed_exempts_nothing() -> None:
    appeal = fact(
        "appeal", "a1", "2025-10-05", unit="U1", target="f1", upheld=True, state="proposed"
    )
    result = play(APPEALED, finding("f1", "2025-07-01"), appeal)
    assert numbers(result, "fine") == {"f1": -100}


@pytest.mark.parametrize(
    ("happened", "counted"),
    [("2025-07-09", 1), ("2025-07-10", 0), ("2025-07-20", 0), ("2025-07-21", 1)],
)
def test_filing_covers_its_first_and_last_day(happened: str, counted: int) -> None:
    filing = fact(
        "filing",
        "r1",
        "2025-07-01",
        unit="U1",
        type="环境",
        starts=moment("2025-07-10").date(),
        ends=moment("2025-07-20").date(),
    )
    result = play(FILED, finding("f1", happened), filing)
    assert len(told(result)) == counted


def test_filing_of_another_unit_or_type_exempts_nothing() -> None:
    filings = [
        fact("filing", "r1", "2025-07-01", unit="U2", type="环境"),
        fact("filing", "r2", "2025-07-01", unit="U1", type="用语"),
        fact("filing", "r3", "2025-07-01", unit="U1"),
    ]
    result = play(FILED, finding("f1", "2025-07-15"), *filings)
    assert len(told(result)) == 1


def test_absent_field_equals_no_absent_field() -> None:
    filing = fact("filing", "r1", "2025-07-01", unit="U1")
    plain = fact("finding", "f1", "2025-07-15", unit="U1")
    assert len(told(play(FILED, plain, filing))) == 1


def test_first_exempting_fact_in_the_order_of_events_is_named() -> None:
    filings = [
        fact("filing", name, "2025-07-01", unit="U1", type="环境", at=at)
        for name, at in (("a", 600), ("b", 540))
    ]
    result = play(FILED, finding("f1", "2025-07-15"), *filings)
    assert [one.by_fact for one in result.uncounted] == ["b"]


def test_fact_that_exempts_another_is_not_exempted_itself() -> None:
    body = FILED + "  undone: {title: 撤回, exempt: filing, by: appeal, same: {id: target}}\n"
    filing = fact("filing", "r1", "2025-07-01", unit="U1", type="环境")
    undone = fact("appeal", "a1", "2025-07-02", unit="U1", target="r1")
    result = play(body, finding("f1", "2025-07-15"), filing, undone)
    assert [(one.fact, one.by_fact) for one in result.uncounted] == [("f1", "r1")]


def test_deemed_fact_counts_as_the_other_kind_with_the_same_number() -> None:
    result = play(DEEMED, finding("f1", "2025-08-01", type="纪律"), finding("f2", "2025-08-01"))
    assert [(one.fact_kind, one.fact) for one in result.entries] == [("complaint", "f1")]


def test_withdrawn_source_takes_its_deemed_fact_with_it() -> None:
    result = play(DEEMED, finding("f1", "2025-08-01", type="纪律", state="withdrawn"))
    assert told(result) == []


def test_set_of_a_later_article_sees_the_set_of_an_earlier_one() -> None:
    body = """
rules:
  fine: {title: 扣罚, on: finding, where: points = 9, whom: unit, amount: -100 元, also: true}
  first: {title: 甲, deem: finding, where: type = 环境, with: {type: 用语}}
  second: {title: 乙, deem: finding, where: type = 用语, with: {points: 9}}
"""
    assert len(told(play(body, finding("f1", "2025-08-01")))) == 1


def test_deciding_date_known_moves_a_late_fact_to_the_next_quarter() -> None:
    late = finding("f1", "2025-06-30", known="2025-07-02T09:00")
    assert told(play(FINE, late)) == []
    by_known = play(FINE, late, deciding="known")
    assert [one.day.isoformat() for one in by_known.entries] == ["2025-07-02"]


def test_reading_says_which_date_decides() -> None:
    body = FINE + "params:\n  by: {title: 口径, type: choice, choices: [发生日期, 登记日期]}\n"
    late = finding("f1", "2025-06-30", known="2025-07-02T09:00")
    found = {
        word: len(told(play(body, late, deciding="param.by", values={"by": word})))
        for word in ("发生日期", "登记日期")
    }
    assert found == {"发生日期": 0, "登记日期": 1}


def test_fact_without_its_deciding_day_is_uncounted_for_that_rule() -> None:
    body = FINE.replace("on: finding,", "on: finding, date: ruled,")
    result = play(body, finding("f1", "2025-08-01"))
    assert told(result) == []
    assert [(one.reason, one.by_rule) for one in result.uncounted] == [(NO_DAY, "fine")]


def test_person_brings_the_fact_to_the_unit_of_that_day() -> None:
    posts = [post("P1", "U1", till="2025-08-14"), post("P1", "U2", since="2025-08-15")]
    facts = [
        fact("finding", "f1", "2025-08-14", person="P1"),
        fact("finding", "f2", "2025-08-15", person="P1"),
    ]
    result = play(FINE, *facts, posts=posts)
    assert [(one.fact, one.subject.id) for one in result.entries] == [("f1", "U1"), ("f2", "U2")]


def test_fact_outside_the_adopting_units_is_uncounted_and_said_so() -> None:
    units = (*BRANCH, unit("C", kind="支行"), unit("V1", "C", kind="网点"))
    stranger = fact("finding", "f1", "2025-08-01", unit="V1")
    nobody = fact("finding", "f2", "2025-08-01", person="P9")
    result = play(FINE, stranger, nobody, units=units)
    assert told(result) == []
    assert why(result) == {"f1": OUTSIDE, "f2": OUTSIDE}


def test_two_adopting_units_are_both_assessed() -> None:
    units = (*BRANCH, unit("C", kind="支行"), unit("V1", "C", kind="网点"))
    facts = [fact("finding", name, "2025-08-01", unit=name) for name in ("U1", "V1")]
    result = play(FINE, *facts, units=units, adopters=("B", "C"))
    assert numbers(result, "fine") == {"U1": Fraction(-100), "V1": Fraction(-100)}
