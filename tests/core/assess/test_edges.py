"""Edges that random pairs hardly ever meet: both back ends, and what must come out."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact, moment, unit
from tests.core.assess.play import book, numbers, program, why
from tests.core.assess.test_picks import LAST, decision, facts
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result


def both(
    bench: Bench, body: str, given: Sequence[Fact], run: str = "2025Q3", **more: Any
) -> Result:
    """The result, on which both back ends agree."""
    made = program(body, run)
    read = book(given, **more)
    assert bench.difference(made, read, None) == ""
    return assess(made, read, calendar=bench.calendar)


def finding(id: str, happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "points": Fraction(6), **given})


def test_equal_rivals_go_by_the_place_of_the_rule_before_the_day_of_the_fact(bench: Bench) -> None:
    body = """
sets:
  one: {title: 择一, choose: highest, per: [group]}
rules:
  former: {title: 前, on: finding, where: type = 环境, whom: unit, amount: -100 元, together: one}
  latter: {title: 后, on: finding, where: type = 用语, whom: unit, amount: -100 元, together: one}
"""
    early = finding("a", "2025-07-01", type="用语", group="甲")
    late = finding("b", "2025-09-01", type="环境", group="甲")
    result = both(bench, body, [early, late])
    assert numbers(result, "latter", "excluded") == {"a": 100}
    assert numbers(result, "former", "excluded") == {}


def test_same_quarter_of_another_year_is_another_window(bench: Bench) -> None:
    body = """
rules:
  again: {title: 再犯, on: finding, whom: unit, amount: -100 元, again: {window: period, same: [unit], factors: [1, 2, 3]}, also: true}
"""
    given = [finding("old", "2024-08-01"), finding("f1"), finding("f2", "2025-08-02")]
    assert numbers(both(bench, body, given), "again") == {"f1": -100, "f2": -200}


def test_last_place_left_goes_to_the_only_one_that_nobody_spoke_of(bench: Bench) -> None:
    given = [*facts(U1=3, U2=3, U3=0), decision("d1", "U2", "不选")]
    result = both(bench, LAST.replace("TIE", "decide"), given)
    assert [one.subject.id for one in result.entries] == ["U1"]
    assert result.waiting == ()


def test_filing_of_an_earlier_minute_exempts_though_it_became_known_later(bench: Bench) -> None:
    body = """
rules:
  fine: {title: 扣, on: finding, whom: unit, amount: -100 元, also: true}
  filed: {title: 报备, exempt: finding, by: filing, same: {unit: unit}}
"""
    first = fact("filing", "z", "2025-07-01", unit="U1", at=540, known="2025-07-03T09:00")
    second = fact("filing", "a", "2025-07-01", unit="U1", at=600, known="2025-07-02T09:00")
    unclear = fact("filing", "n", "2025-07-02", unit="U1")
    result = both(bench, body, [finding("f1"), second, unclear, first])
    assert [(one.fact, one.by_fact) for one in result.uncounted] == [("f1", "z")]
    assert "f1" in why(result)


def test_of_two_overlapping_spans_of_a_unit_the_later_one_holds(bench: Bench) -> None:
    body = """
rules:
  fine: {title: 扣, on: finding, where: unit.kind = 网点, whom: unit, amount: -100 元, also: true}
"""
    spans = [
        unit("B", kind="支行"),
        unit("U1", "B", kind="支行"),
        unit("U1", "B", since="2025-08-01", kind="网点"),
    ]
    given = [finding("before", "2025-07-31"), finding("after")]
    result = both(bench, body, given, units=spans, posts=())
    assert numbers(result, "fine") == {"after": -100}


def test_version_recorded_at_the_very_moment_of_a_replay_is_known(bench: Bench) -> None:
    body = "rules:\n  fine: {title: 扣, on: finding, whom: unit, amount: -100 元, also: true}\n"
    at = moment("2025-10-08T18:00")
    given = book([finding("f1", recorded=at.isoformat())])
    made = program(body)
    assert bench.difference(made, given, at) == ""
    assert numbers(assess(made, given, at, calendar=bench.calendar), "fine") == {"f1": -100}


def test_rule_holds_on_its_first_and_its_last_day(bench: Bench) -> None:
    body = """
rules:
  fine: {title: 扣, on: finding, whom: unit, amount: -100 元, since: 2025-07-10, till: 2025-08-20, also: true}
"""
    days = ("2025-07-09", "2025-07-10", "2025-08-20", "2025-08-21")
    result = both(bench, body, [finding(one, one) for one in days])
    assert sorted(numbers(result, "fine")) == ["2025-07-10", "2025-08-20"]


def test_rule_of_a_campaign_stays_one_of_it_where_an_award_of_a_month_reads_its_bars(
    bench: Bench,
) -> None:
    body = """
rules:
  fine: {title: 扣, on: finding, whom: unit, amount: -100 元, effects: [{bar: model}], period: campaign, also: true}
  held: {title: 封顶, limit: [fine], floor: -150 元}
awards:
  model: {title: 月度标兵, each: outlets, conditions: [{name: 网点, when: unit.kind = 网点}], bars: [model], period: month}
"""
    run = "2025-07-01..2025-08-31"
    given = [finding("f1", "2025-07-10"), finding("f2", "2025-08-10")]
    result = both(bench, body, given, run)
    assert {(one.rule, one.period) for one in result.entries} == {("fine", run), ("held", run)}
    assert sum(one.amount for one in result.entries) == -15000
    barred = {one.period for one in result.awards if one.subject.id == "U1" and one.bars}
    assert barred == {"2025-07", "2025-08"}
