"""Step 5: floors and ceilings, inner first, by adjusting entries only."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact
from tests.core.assess.play import book, numbers, play, program, told, total
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.limits import bound_totals
from wenyou_core.assess.lines import Who
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.words import LimitPer
from wenyou_core.worktime.periods import Period, quarter

SINGLE = """
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, limit: LIMIT, also: true}
"""


def finding(id: str, points: str, happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "points": Fraction(points), **given})


def test_bound_of_the_event_adjusts_that_entry_and_names_it() -> None:
    body = SINGLE.replace("LIMIT", "{floor: -5 分, per: event}")
    result = play(body, finding("f1", "8"), finding("f2", "5"))
    event, adjusted = (one for one in result.entries if one.fact == "f1")
    assert (event.amount, adjusted.amount) == (-800, 300)
    assert (adjusted.kind.value, adjusted.cause) == ("limit", event.key)
    assert numbers(result, "late", "limit") == {"f1": 3}


def test_bound_of_the_period_stands_for_all_entries_on_its_last_day() -> None:
    body = SINGLE.replace("LIMIT", "{floor: -10 分, per: period}")
    result = play(body, finding("f1", "8"), finding("f2", "5"), finding("f3", "4", unit="U2"))
    (limit,) = (one for one in result.entries if one.kind.value == "limit")
    assert (limit.amount, limit.cause, limit.fact) == (300, "", "")
    assert (limit.day.isoformat(), limit.subject.id) == ("2025-09-30", "U1")
    assert total(result, "U1", "points") == -10


def test_total_that_only_reaches_the_bound_is_not_adjusted() -> None:
    body = SINGLE.replace("LIMIT", "{floor: -10 分, per: period}")
    assert numbers(play(body, finding("f1", "10")), "late", "limit") == {}


def test_ceiling_holds_rewards_down() -> None:
    body = """
rules:
  praise: {title: 奖, on: finding, whom: unit, amount: 200 元, limit: {ceiling: 500 元}, also: true}
"""
    result = play(body, *(finding(f"f{n}", "1") for n in range(4)))
    assert total(result, "U1") == 500


def test_bound_of_the_year_counts_what_earlier_quarters_took() -> None:
    body = SINGLE.replace("LIMIT", "{floor: -10 分, per: year}")
    facts = [finding("f1", "8", "2025-02-01"), finding("f2", "5", "2025-08-01")]
    result = play(body, *facts)
    assert told(result) == [
        ("late", "event", "U1", Fraction(-5)),
        ("late", "limit", "U1", Fraction(3)),
    ]


def test_bound_of_the_year_begins_anew_in_january() -> None:
    body = SINGLE.replace("LIMIT", "{floor: -10 分, per: year}")
    facts = [finding("f1", "8", "2024-11-01"), finding("f2", "5", "2025-02-01")]
    assert total(play(body, *facts, run="2025Q1"), "U1", "points") == -5


BEYOND_ZERO = """
measures:
  net: {title: 净分, each: outlets, entries: [late]}
  last_year: {title: 较上年, change: net, against: last_year, how: difference}
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: points, ledger: points}, limit: {floor: 5 分, per: year}, also: true}
"""


CLOSE = [
    finding("old", "4", "2024-02-01"),
    finding("f1", "1", "2025-02-01"),
    finding("f2", "-1", "2025-02-02"),
    finding("f3", "1", "2025-05-01"),
    finding("f4", "7", "2025-08-01"),
]


@pytest.mark.parametrize(("run", "brought"), [("2025Q1", 5), ("2025Q2", 0), ("2025Q3", 3)])
def test_floor_above_zero_is_held_over_the_year_from_the_first_entry_on(
    bench: Bench, run: str, brought: int
) -> None:
    result = play(BEYOND_ZERO, *CLOSE, run=run)
    assert total(result, "U1", "points") == brought

    assert bench.difference(program(BEYOND_ZERO, run), book(CLOSE), None) == ""


AMOUNTS = st.lists(st.integers(-30, 30), min_size=4, max_size=4)


@given(AMOUNTS, st.integers(-40, 0), st.integers(0, 40))
def test_yearly_adjustments_hold_every_total_to_date(
    amounts: list[int], floor: int, ceiling: int
) -> None:
    subject: Who = (False, "U1")
    quarters = [quarter(2025, number) for number in range(1, 5)]
    totals = {one: {subject: amount} for one, amount in zip(quarters, amounts, strict=True)}

    def clamp(number: int, _: date) -> int:
        return max(floor, min(ceiling, number))

    held: dict[Period, int] = {
        period: change for period, _, change in bound_totals(totals, clamp, LimitPer.YEAR)
    }
    for last in range(1, 5):
        to_date = sum(amounts[:last])
        adjusted = to_date + sum(held.get(one, 0) for one in quarters[:last])
        assert adjusted == clamp(to_date, quarters[last - 1].end)


NESTED = """
rules:
  late: {title: 甲, on: finding, where: type = 环境, whom: unit, amount: {value: "-points", ledger: points}, limit: {floor: -4 分}, also: true}
  rude: {title: 乙, on: finding, where: type = 用语, whom: unit, amount: {value: "-points", ledger: points}, also: true}
  slow: {title: 丙, on: finding, where: type = 纪律, whom: unit, amount: {value: "-points", ledger: points}, also: true}
  block: {title: 一块, limit: [late, rude], floor: -10 分}
  all_of_it: {title: 总, limit: [block, slow], floor: -12 分}
"""


def test_inner_limits_are_taken_before_outer_ones() -> None:
    facts = [
        finding("a", "9", type="环境"),
        finding("b", "8", type="用语"),
        finding("c", "5", type="纪律"),
    ]
    result = play(NESTED, *facts)
    held = {one.rule: one.amount for one in result.entries if one.kind.value == "limit"}
    # 9 -> 4; 4 + 8 = 12 -> 10; 10 + 5 = 15 -> 12
    assert held == {"late": 500, "block": 200, "all_of_it": 300}
    assert total(result, "U1", "points") == -12


def test_limit_over_rules_leaves_their_entries_as_they_are() -> None:
    facts = [finding("b", "8", type="用语"), finding("c", "9", type="用语")]
    result = play(NESTED, *facts)
    assert numbers(result, "rude") == {"b": -8, "c": -9}


def test_subject_without_entries_is_not_bounded() -> None:
    body = SINGLE.replace("LIMIT", "{ceiling: -1 分, per: period}")
    result = play(body, finding("f1", "0.5"))
    assert {one.subject.id for one in result.entries} == {"U1"}


def test_excluded_entries_count_in_the_total_that_is_bounded() -> None:
    body = """
sets:
  one: {title: 择一, choose: highest}
rules:
  less: {title: 轻, on: finding, whom: unit, amount: -60 元, limit: {floor: -100 元}, together: one}
  more: {title: 重, on: finding, where: points > 5, whom: unit, amount: -90 元, together: one}
"""
    facts = [finding("a", "9"), finding("b", "1"), finding("c", "1")]
    result = play(body, *facts)
    # a: less loses to more; b and c cost 60 each, together held at 100
    assert numbers(result, "less", "limit") == {"U1": 20}
    assert total(result, "U1") == -190


# -- ends that are parameters --------------------------------------------------------------

DATED = """
params:
  least: {title: 扣分底线, type: amount, unit: 分, values: VALUES}
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, limit: LIMIT, also: true}
"""
TWO_VALUES = "[{since: 2025-01-01, value: -10}, {since: 2025-08-01, value: -4}]"


def both_engines(
    bench: Bench, body: str, *facts: Fact, **given: Any
) -> list[tuple[str, str, Fraction]]:
    """Kind, day and number of the entries, from the reference, which DuckDB repeats."""
    bound, held = program(body, **given), book(facts)
    assert bench.difference(bound, held, None) == ""
    result = play(body, *facts, **given)
    return [
        (one.kind.value, one.day.isoformat(), Fraction(one.amount, 100)) for one in result.entries
    ]


def test_bound_that_is_a_parameter_holds_each_event_as_of_its_day(bench: Bench) -> None:
    body = DATED.replace("VALUES", TWO_VALUES).replace("LIMIT", "{floor: param.least, per: event}")
    found = both_engines(
        bench, body, finding("f1", "12", "2025-07-31"), finding("f2", "12", "2025-08-01")
    )
    assert [one for one in found if one[0] == "limit"] == [
        ("limit", "2025-07-31", Fraction(2)),
        ("limit", "2025-08-01", Fraction(8)),
    ]


def test_bound_that_is_a_parameter_is_read_on_the_last_day_of_the_period(bench: Bench) -> None:
    body = DATED.replace("VALUES", TWO_VALUES).replace("LIMIT", "{floor: param.least}")
    found = both_engines(
        bench, body, finding("f1", "3", "2025-07-01"), finding("f2", "3", "2025-07-02")
    )
    assert ("limit", "2025-09-30", Fraction(2)) in found


def test_bound_of_the_year_goes_on_from_what_the_older_value_left(bench: Bench) -> None:
    body = DATED.replace("VALUES", TWO_VALUES).replace("LIMIT", "{floor: param.least, per: year}")
    found = both_engines(
        bench, body, finding("f1", "8", "2025-02-01"), finding("f2", "1", "2025-08-02")
    )
    # −8 stood until September; of the year only −4 may be left, so 5 come back, not 1
    assert [one for one in found if one[0] == "limit"] == [("limit", "2025-09-30", Fraction(5))]


def test_limit_over_rules_may_be_a_parameter_that_the_adoption_sets(bench: Bench) -> None:
    body = DATED.replace("VALUES", "[]").replace(", limit: LIMIT", "")
    body += "  cap: {title: 合计底线, limit: [late], floor: param.least}\n"
    found = both_engines(bench, body, finding("f1", "8"), values={"least": Fraction(-6)})
    assert ("limit", "2025-09-30", Fraction(2)) in found


def test_bound_without_a_value_keeps_the_run_from_starting() -> None:
    body = DATED.replace("VALUES", "[]").replace("LIMIT", "{floor: param.least}")
    with pytest.raises(SchemeError, match="扣分底线"):
        program(body)


def test_floor_above_the_ceiling_from_some_day_on_is_refused_with_that_day() -> None:
    body = DATED.replace(
        "VALUES", "[{since: 2025-01-01, value: -10}, {since: 2025-08-01, value: 4}]"
    )
    body = body.replace("LIMIT", "{floor: param.least, ceiling: 2 分}")
    with pytest.raises(SchemeError, match="自2025-08-01起，floor（下限）高于"):
        program(body)


def test_bound_of_another_ledger_by_its_parameter_is_refused() -> None:
    body = (
        DATED.replace("VALUES", "[]")
        .replace("unit: 分", "unit: 元")
        .replace("LIMIT", "{floor: param.least}")
    )
    with pytest.raises(SchemeError, match="请改成同一个账本"):
        program(body)


def test_sentence_of_a_bound_tells_the_parameter_and_its_values() -> None:
    one = DATED.replace("VALUES", "[{since: 2025-01-01, value: -10}]").replace(
        "LIMIT", "{floor: param.least}"
    )
    two = DATED.replace("VALUES", TWO_VALUES).replace("LIMIT", "{floor: param.least}")
    said = [
        sentence_of(Names(plan), plan.articles[0].rules["late"])
        for plan in (program(one).plan, program(two).plan)
    ]
    assert "每期最多扣10分（扣分底线）" in said[0]
    assert "每期最低为扣分底线（2025年1月1日起-10分、2025年8月1日起-4分）" in said[1]
