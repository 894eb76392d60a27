"""Steps 6, 7 and 11: measures of facts, of entries, of groups, over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import day, fact, person, post, unit
from tests.core.assess.play import BRANCH, OUTLETS, book, play, program, total, values
from wenyou_core.assess.facts import Fact, Opening, Subject
from wenyou_core.assess.notes import NO_DENOMINATOR
from wenyou_core.assess.quantities import Quantity, plain, ratio, statistic
from wenyou_core.assess.reference import assess_known
from wenyou_core.assess.result import MeasureValue, Result
from wenyou_core.scheme.words import Empty, Stat, SubjectKind

RATE = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
  base: {title: 基数, each: outlets, facts: volume, how: sum, of: number}
  rate: {title: 投诉率, ratio: [cases, base], empty: EMPTY}
"""


def complaint(id: str, unit: str = "U1", happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("complaint", id, happened, unit=unit, **given)


def volume(unit: str, number: int, happened: str = "2025-09-30") -> Fact:
    return fact("volume", f"v{unit}{happened}", happened, unit=unit, number=Fraction(number))


def row(result: Result, measure: str, subject: str) -> MeasureValue:
    (found,) = (
        one for one in result.measures if one.measure == measure and one.subject.id == subject
    )
    return found


# -- facts ---------------------------------------------------------------------------------


def test_declared_and_empty_is_zero() -> None:
    assert values(play(RATE.replace("EMPTY", "zero")), "cases") == dict.fromkeys(OUTLETS, 0)


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("sum", 12),
        ("min", 3),
        ("max", 5),
        ("median", 4),
        ("latest", 4),
        ("distinct", 3),
        ("count", 4),
    ],
)
def test_statistic_over_facts_leaves_absent_numbers_out(how: str, expected: int) -> None:
    of = "" if how == "count" else ", of: hours"
    body = f"measures:\n  m: {{title: 学时, each: staff, facts: training, how: {how}{of}}}\n"
    facts = [
        fact("training", "t1", "2025-07-01", person="H1", hours=Fraction(5)),
        fact("training", "t2", "2025-07-02", person="H1", hours=Fraction(3)),
        fact("training", "t3", "2025-07-03", person="H1", hours=Fraction(4)),
        fact("training", "t4", "2025-07-04", person="H1"),
    ]
    assert values(play(body, *facts), "m")["H1"] == expected


@pytest.mark.parametrize(
    ("how", "expected"),
    [("sum", 0), ("distinct", 0), ("min", None), ("median", None), ("latest", None)],
)
def test_statistic_over_no_facts(how: str, expected: int | None) -> None:
    body = f"measures:\n  m: {{title: 学时, each: staff, facts: training, how: {how}, of: hours}}\n"
    assert values(play(body), "m")["H1"] == expected


def test_person_keeps_what_happened_in_another_unit() -> None:
    body = "measures:\n  m: {title: 件数, each: staff, facts: complaint}\n  n: {title: 件数, each: outlets, facts: complaint}\n"
    posts = [post("P1", "U1", till="2025-08-14"), post("P1", "U2", since="2025-08-15")]
    facts = [
        complaint("c1", "U1", "2025-08-01", person="P1"),
        complaint("c2", "U2", "2025-09-01", person="P1"),
    ]
    result = play(body, *facts, posts=posts)
    assert values(result, "m") == {"P1": 2}
    assert values(result, "n") == {"U1": 1, "U2": 1, "U3": 0, "U4": 0}


def test_measure_of_the_branch_counts_facts_of_all_units_beneath() -> None:
    body = """
measures:
  beneath: {title: 含下级, each: units, facts: complaint, beneath: true}
  own: {title: 本级, each: units, facts: complaint}
  of_branch: {title: 全行, each: whole, facts: complaint}
"""
    result = play(body, complaint("c1", "U1"), complaint("c2", "U2"), complaint("c3", "B"))
    assert values(result, "beneath") == {"B": 3, "U1": 1, "U2": 1, "U3": 0, "U4": 0}
    assert values(result, "own")["B"] == 1
    assert values(result, "of_branch") == {"B": 3}


def test_window_of_a_measure_ends_with_the_period() -> None:
    body = "measures:\n  m: {title: 件数, each: outlets, facts: complaint, window: 12 months}\n"
    days = ["2024-09-30", "2024-10-01", "2025-09-30", "2025-10-01"]
    result = play(body, *(complaint(one, "U1", one) for one in days))
    assert values(result, "m")["U1"] == 2


def test_measure_of_a_personal_cycle_takes_the_last_closed_one() -> None:
    body = "measures:\n  m: {title: 学时, each: staff, facts: training, how: sum, of: hours, window: cycle person.joined}\n"
    people = [person("H1", joined=day("2019-09-01")), person("H2", joined=day("2019-10-02"))]
    facts = [
        fact("training", f"t{who}{at}", at, person=who, hours=Fraction(hours))
        for who in ("H1", "H2")
        for at, hours in (
            ("2023-10-02", 1),
            ("2024-09-01", 10),
            ("2025-08-31", 100),
            ("2025-09-01", 1000),
        )
    ]
    result = play(body, *facts, persons=people)
    # H1: 2024-09-01 to 2025-08-31; H2: 2023-10-02 to 2024-10-01
    assert (values(result, "m")["H1"], values(result, "m")["H2"]) == (110, 11)


# -- ratios --------------------------------------------------------------------------------


def test_ratio_stays_a_pair() -> None:
    facts = [complaint("c1"), complaint("c2"), volume("U1", 1000)]
    found = row(play(RATE.replace("EMPTY", "apart"), *facts), "rate", "U1")
    assert (found.num, found.den, found.value) == (Fraction(2), Fraction(1000), None)


@pytest.mark.parametrize(("empty", "expected"), [("apart", None), ("zero", 0), ("full", 1)])
def test_denominator_zero_is_what_the_measure_says(empty: str, expected: int | None) -> None:
    result = play(RATE.replace("EMPTY", empty), complaint("c1"))
    assert values(result, "rate")["U1"] == expected
    assert bool(row(result, "rate", "U1").absent) == (expected is None)


def test_unit_without_base_is_listed_apart_with_the_reason() -> None:
    result = play(RATE.replace("EMPTY", "apart"), complaint("c1"))
    assert row(result, "rate", "U1").absent == NO_DENOMINATOR


def test_absent_part_makes_the_ratio_absent_whatever_is_said() -> None:
    body = RATE.replace("EMPTY", "full").replace("how: sum", "how: max")
    assert values(play(body, complaint("c1")), "rate")["U1"] is None


GROUP = (
    RATE
    + """
  pooled: {title: 合并, across: rate, how: pooled}
  plain: {title: 平均, across: rate, how: mean, round: {digits: 4, mode: half_up}}
  count: {title: 家数, across: rate, how: count}
"""
)


def test_pooled_and_plain_mean_differ_and_leave_the_absent_out() -> None:
    facts = [complaint("c1", "U1"), volume("U1", 1000), volume("U2", 3000), complaint("c2", "U3")]
    result = play(GROUP.replace("EMPTY", "apart"), *facts)
    assert values(result, "pooled")["U4"] == Fraction(1, 4000)
    assert values(result, "plain")["U4"] == Fraction("0.0005")
    assert values(result, "count")["U4"] == 2


def test_pooled_takes_the_parts_as_they_came() -> None:
    facts = [complaint("c1", "U1"), volume("U1", 1000), complaint("c2", "U3")]
    result = play(GROUP.replace("EMPTY", "full"), *facts)
    assert values(result, "pooled")["U1"] == Fraction(2, 1000)


def test_means_are_taken_within_each_adopting_unit() -> None:
    units = (*BRANCH, unit("C", kind="支行"), unit("V1", "C", kind="网点"))
    facts = [complaint("c1", "U1"), volume("U1", 1000), complaint("c2", "V1"), volume("V1", 500)]
    body = GROUP.replace("EMPTY", "apart")
    result = play(body, *facts, units=units, adopters=("B", "C"))
    assert values(result, "pooled")["U1"] == Fraction(1, 1000)
    assert values(result, "pooled")["V1"] == Fraction(1, 500)


NUMBERS = st.lists(
    st.fractions(min_value=-9, max_value=9, max_denominator=20), min_size=1, max_size=7
)


@given(NUMBERS)
def test_median_has_as_many_below_as_above(numbers: list[Fraction]) -> None:
    found = statistic(Stat.MEDIAN, map(plain, numbers), None, of_ratios=False).exact
    assert found is not None
    assert sum(one < found for one in numbers) == sum(one > found for one in numbers) or (
        sum(one <= found for one in numbers) * 2 >= len(numbers)
        and sum(one >= found for one in numbers) * 2 >= len(numbers)
    )


@given(NUMBERS)
def test_mean_is_the_exact_pair_of_sum_and_count(numbers: list[Fraction]) -> None:
    found = statistic(Stat.MEAN, map(plain, numbers), None, of_ratios=False)
    assert found.pair == (sum(numbers, Fraction(0)), Fraction(len(numbers)))
    assert found.exact == sum(numbers, Fraction(0)) / len(numbers)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=6))
def test_absent_ratios_take_part_in_no_statistic(pairs: list[tuple[int, int]]) -> None:
    rates: list[Quantity] = [ratio(Fraction(a), Fraction(b), Empty.APART) for a, b in pairs]
    there = [pair for pair in pairs if pair[1]]
    assert statistic(Stat.COUNT, rates, None, of_ratios=True).exact == len(there)
    pooled = statistic(Stat.POOLED, rates, None, of_ratios=True).exact
    expected = Fraction(sum(a for a, _ in there), sum(b for _, b in there)) if there else None
    assert pooled == expected


# -- entries -------------------------------------------------------------------------------

SCORE = """
rules:
  late: {title: 扣, on: finding, whom: unit, amount: {value: "-points", ledger: points}, limit: {floor: -8 分}, joint: [{whom: head, percent: 10%, round: {digits: 2, mode: half_up}}], also: true}
  fine: {title: 罚, on: finding, whom: unit, amount: -10 元, also: true}
measures:
  score: {title: 得分, each: outlets, entries: [late], base: 100}
  shared: {title: 连带, each: staff, entries: [late+joint]}
  points_of_all: {title: 积分, each: outlets, ledger: points}
  money_of_all: {title: 金额, each: outlets, ledger: money}
"""


def finding(id: str, points: str, happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "points": Fraction(points), **given})


def test_score_is_the_base_and_all_entries_with_their_bounds() -> None:
    result = play(SCORE, finding("f1", "6"), finding("f2", "5"))
    assert values(result, "score") == {"U1": 92, "U2": 100, "U3": 100, "U4": 100}
    assert values(result, "shared")["H1"] == Fraction("-0.8")


def test_ledgers_are_never_added() -> None:
    result = play(SCORE, finding("f1", "6"))
    assert (values(result, "points_of_all")["U1"], values(result, "money_of_all")["U1"]) == (
        -6,
        -10,
    )


def test_month_takes_the_entries_of_its_own_days() -> None:
    body = SCORE.replace("title: 罚,", "title: 罚, period: month,")
    body += "  month_score: {title: 月, each: outlets, entries: [fine], base: 100, period: month}\n"
    result = play(body, finding("f1", "1", "2025-08-31"))
    found = {
        one.period: one.value
        for one in result.measures
        if one.measure == "month_score" and one.subject.id == "U1"
    }
    assert found == {"2025-07": 100, "2025-08": 90, "2025-09": 100}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(OUTLETS),
            st.integers(1, 60),
            st.sampled_from(["2025-07-03", "2025-08-09"]),
        ),
        max_size=8,
    )
)
def test_entries_add_up_to_the_measure_of_the_ledger(rows: list[tuple[str, int, str]]) -> None:
    facts = [
        finding(f"f{n}", f"{points}", at, unit=where) for n, (where, points, at) in enumerate(rows)
    ]
    result = play(SCORE, *facts)
    for outlet in OUTLETS:
        assert values(result, "points_of_all")[outlet] == total(result, outlet, "points")
        assert values(result, "money_of_all")[outlet] == total(result, outlet, "money")


class Counted(tuple[Opening, ...]):
    """Opening balances that count how often somebody goes through all of them."""

    times = 0

    def __iter__(self) -> Iterator[Opening]:
        """Begin once more."""
        type(self).times += 1
        return super().__iter__()


@pytest.mark.parametrize("periods", ["2025-07", "2025"])
def test_opening_balances_are_gone_through_once_whatever_the_number_of_subjects(
    periods: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = "rules:\n  star: {title: 星, on: finding, whom: unit, amount: 1 分, also: true, period: month}\nmeasures:\n  stars: {title: 累计, each: outlets, ledger: points, opening: true, period: month}\n"
    openings = Counted(
        Opening(Subject(SubjectKind.UNIT, one), "points", Fraction(3), day("2025-01-01"))
        for one in OUTLETS
    )
    monkeypatch.setattr(Counted, "times", 0)

    result = assess_known(program(body, periods), replace(book([]), openings=openings))

    assert {one.value for one in result.measures} == {Fraction(3)}
    assert Counted.times <= 2  # the digest and the index


def test_opening_balance_is_the_newest_up_to_the_first_day() -> None:
    body = "rules:\n  star: {title: 星, on: finding, whom: unit, amount: 1 分, also: true}\nmeasures:\n  stars: {title: 累计, each: outlets, ledger: points, opening: true}\n"
    mine = Subject(SubjectKind.UNIT, "U1")
    openings = [
        Opening(mine, "points", Fraction(9), day("2025-07-02")),
        Opening(mine, "points", Fraction(3), day("2025-07-01")),
        Opening(mine, "points", Fraction(2), day("2025-01-01")),
        Opening(mine, "money", Fraction(7), day("2025-07-01")),
    ]
    result = play(body, finding("f1", "1"), openings=openings)
    assert (values(result, "stars")["U1"], values(result, "stars")["U2"]) == (4, 0)
    assert {one.unit for one in result.missing if one.what == "opening"} == {"U2", "U3", "U4"}
