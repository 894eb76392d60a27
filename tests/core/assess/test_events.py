"""Step 3: so much per event, repeat counts, judgments, chosen numbers, amounts of every form."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.make import day, fact, person, post
from tests.core.assess.play import HEADS, numbers, play, told, why
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.notes import too_little_evidence

AGAIN = """
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, again: {AGAIN}, also: true}
"""


def finding(id: str, happened: str, **given: Any) -> Fact:
    return fact("finding", id, happened, **{"unit": "U1", "type": "环境", **given})


def again(text: str, *facts: Fact, **given: Any) -> dict[str, Fraction]:
    return numbers(play(AGAIN.replace("AGAIN", text), *facts, **given), "fine")


def fine(rest: str, *facts: Fact, **given: Any) -> dict[str, Fraction]:
    body = f"rules:\n  fine: {{title: 扣罚, on: finding, whom: unit, also: true, {rest}}}\n"
    return numbers(play(body, *facts, **given), "fine")


# -- which facts ---------------------------------------------------------------------------


def test_facts_of_the_first_and_last_day_count_and_of_the_days_beside_do_not() -> None:
    days = ["2025-06-30", "2025-07-01", "2025-09-30", "2025-10-01"]
    found = fine("amount: -100 元", *(finding(one, one) for one in days))
    assert list(found) == ["2025-07-01", "2025-09-30"]


def test_rule_with_since_and_till_hits_only_between() -> None:
    days = ["2025-07-31", "2025-08-01", "2025-08-31", "2025-09-01"]
    rest = "amount: -100 元, since: 2025-08-01, till: 2025-08-31"
    assert list(fine(rest, *(finding(one, one) for one in days))) == days[1:3]


def test_absent_field_makes_every_comparison_false() -> None:
    plain = fact("finding", "f1", "2025-08-01", unit="U1")
    assert fine("where: type != 环境, amount: -100 元", plain) == {}
    assert fine("where: not type = 环境, amount: -100 元", plain) == {"f1": -100}


def test_too_little_evidence_leaves_the_fact_uncounted_for_that_rule() -> None:
    body = "rules:\n  fine: {title: 扣, on: finding, whom: unit, amount: -1 元, evidence: 2, also: true}"
    facts = [
        finding("f1", "2025-08-01", evidence=("甲",)),
        finding("f2", "2025-08-01", evidence=("甲", "乙")),
    ]
    result = play(body, *facts)
    assert numbers(result, "fine") == {"f2": -1}
    assert why(result) == {"f1": too_little_evidence(2, 1)}


def test_attribute_is_that_of_the_deciding_day() -> None:
    rest = 'where: "days(person.joined, happened) <= 30", amount: -100 元'
    people = [person("P1", joined=day("2025-07-20"))]
    facts = [finding("f1", "2025-08-19", person="P1"), finding("f2", "2025-08-20", person="P1")]
    assert list(fine(rest, *facts, persons=people)) == ["f1"]


# -- repeat counts -------------------------------------------------------------------------


def test_second_time_in_the_window_costs_more_and_names_the_one_before() -> None:
    body = AGAIN.replace("AGAIN", "window: 12 months, same: [unit, type], factors: [1, 1.5]")
    result = play(body, finding("f1", "2025-03-01"), finding("f2", "2025-08-01"))
    (entry,) = result.entries
    assert (entry.amount, entry.base, entry.factor) == (-15000, -10000, Fraction(3, 2))
    assert (entry.count, entry.earlier) == (2, "f1")


def test_repeat_of_another_unit_or_type_is_a_first_time() -> None:
    facts = [
        finding("f1", "2025-07-01"),
        finding("f2", "2025-07-02", type="用语"),
        finding("f3", "2025-07-03", unit="U2"),
    ]
    found = again("window: 12 months, same: [unit, type], factors: [1, 1.5]", *facts)
    assert set(found.values()) == {Fraction(-100)}


@pytest.mark.parametrize(
    ("window", "first", "factor"),
    [
        ("12 months", "2024-08-01", 2),  # the day with the same number still belongs to it
        ("12 months", "2024-07-31", 1),
        ("365 days", "2024-08-02", 2),
        ("365 days", "2024-08-01", 1),
        ("year", "2025-01-01", 2),
        ("year", "2024-12-31", 1),
        ("period", "2025-07-01", 2),
        ("period", "2025-06-30", 1),
        ("all", "2021-01-01", 2),
    ],
)
def test_window_reaches_back_to_its_first_day(window: str, first: str, factor: int) -> None:
    facts = [finding("f1", first), finding("f2", "2025-08-01")]
    found = again(f"window: {window}, same: [unit], factors: [1, 2]", *facts)
    assert found["f2"] == -100 * factor


@pytest.mark.parametrize(("first", "factor"), [("2023-02-28", 2), ("2023-02-27", 1)])
def test_window_from_leap_day_begins_on_the_28th_of_the_year_before(
    first: str, factor: int
) -> None:
    facts = [finding("f1", first), finding("f2", "2024-02-29")]
    found = again("window: 12 months, same: [unit], factors: [1, 2]", *facts, run="2024Q1")
    assert found["f2"] == -100 * factor


@pytest.mark.parametrize(("first", "factor"), [("2025-03-15", 2), ("2025-03-14", 1)])
def test_personal_cycle_begins_on_the_day_of_the_attribute(first: str, factor: int) -> None:
    people = [person("P1", joined=day("2019-03-15"))]
    facts = [finding(name, one, person="P1") for name, one in (("f1", first), ("f2", "2025-08-01"))]
    text = "window: cycle person.joined, same: [person], factors: [1, 2]"
    assert again(text, *facts, persons=people)["f2"] == -100 * factor


def test_personal_cycle_without_its_attribute_is_missing_and_counts_once() -> None:
    body = AGAIN.replace("AGAIN", "window: cycle person.joined, same: [person], factors: [1, 2]")
    facts = [
        finding(name, one, person="P1")
        for name, one in (("f1", "2025-07-02"), ("f2", "2025-08-01"))
    ]
    result = play(body, *facts)
    assert numbers(result, "fine")["f2"] == -100
    assert {one.what for one in result.missing} == {"attribute"}


def test_window_parameter_says_what_a_year_is() -> None:
    body = AGAIN.replace("AGAIN", "window: param.w, same: [unit], factors: [1, 2]")
    body += "params:\n  w: {title: 一年, type: window}\n"
    facts = [finding("f1", "2024-12-31"), finding("f2", "2025-08-01")]
    found = {
        word: numbers(play(body, *facts, values={"w": word}), "fine")["f2"]
        for word in ("12 months", "year")
    }
    assert found == {"12 months": -200, "year": -100}


def test_last_factor_stays_and_a_power_goes_on_to_its_ceiling() -> None:
    facts = [finding(f"f{n}", f"2025-07-0{n}") for n in range(1, 6)]
    listed = again("window: all, same: [unit], factors: [1, 1.5]", *facts)
    doubled = again("window: all, same: [unit], factor: 2, ceiling: 500 元", *facts)
    assert list(listed.values()) == [-100, -150, -150, -150, -150]
    assert list(doubled.values()) == [-100, -200, -400, -500, -500]


def test_entry_says_that_the_ceiling_of_the_repeat_bound_it() -> None:
    body = AGAIN.replace("AGAIN", "window: all, same: [unit], factor: 2, ceiling: 150 元")
    result = play(body, finding("f1", "2025-07-01"), finding("f2", "2025-07-02"))
    assert [one.bound for one in result.entries] == [False, True]
    assert [one.factor for one in result.entries] == [1, 2]


def test_nothing_before_the_third_time() -> None:
    facts = [finding(f"f{n}", f"2025-07-0{n}") for n in range(1, 5)]
    assert list(again("window: period, same: [unit], from_count: 3", *facts)) == ["f3", "f4"]


def test_withdrawn_first_fact_changes_only_what_follows_from_it() -> None:
    facts = [
        finding("f1", "2025-07-01"),
        finding("f2", "2025-07-02"),
        finding("f3", "2025-07-03", unit="U2"),
    ]
    gone = [finding("f1", "2025-07-01", state="withdrawn"), *facts[1:]]
    text = "window: all, same: [unit], factors: [1, 2]"
    assert again(text, *facts) == {"f1": -100, "f2": -200, "f3": -100}
    assert again(text, *gone) == {"f2": -100, "f3": -100}


def test_facts_of_one_day_stand_by_time_then_known_then_number() -> None:
    facts = [
        finding("a", "2025-07-01", at=600),
        finding("b", "2025-07-01", at=540),
        finding("d", "2025-07-01"),
        finding("c", "2025-07-01"),
    ]
    found = again("window: all, same: [unit], factors: [1, 2, 3, 4]", *facts)
    assert found == {"c": -100, "d": -200, "b": -300, "a": -400}


def test_late_fact_is_counted_on_its_deciding_day() -> None:
    facts = [
        finding("happened_first", "2025-07-01", known="2025-09-01T09:00"),
        finding("known_first", "2025-08-01", known="2025-08-02T09:00"),
    ]
    text = "window: all, same: [unit], factors: [1, 2]"
    assert again(text, *facts) == {"happened_first": -100, "known_first": -200}
    by_known = again(text, *facts, deciding="known")
    assert by_known == {"known_first": -100, "happened_first": -200}


def test_repeat_is_counted_for_the_subjects_of_the_fact_when_nothing_is_said() -> None:
    facts = [finding("f1", "2025-07-01", person="P1"), finding("f2", "2025-07-02", person="P2")]
    assert again("window: all, factors: [1, 2]", *facts) == {"f1": -100, "f2": -100}


# -- judgments and chosen numbers ------------------------------------------------------------

JUDGED = """
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, decide: true, again: {window: all, same: [unit], factors: [1, 2]}, also: true}
"""
RANGE = """
rules:
  fine: {title: 扣罚, on: finding, whom: [unit, person], amount: {range: [-200 元, -500 元]}, also: true}
"""


def decision(id: str, happened: str = "2025-09-01", **given: Any) -> Fact:
    return fact(
        "decision", id, happened, **{"rule": "fine", "by": "小组", "grounds": "理由", **given}
    )


def test_judgment_that_is_open_waits_and_is_no_first_time() -> None:
    facts = [finding("f1", "2025-07-01"), finding("f2", "2025-07-02")]
    result = play(JUDGED, *facts, decision("d2", target="f2", choice="成立"))
    assert numbers(result, "fine") == {"f2": -100}
    assert [(one.what, one.rule, one.fact) for one in result.waiting] == [
        ("judgement", "fine", "f1")
    ]
    assert result.entries[0].decision == "d2"


def test_judgment_against_gives_no_entry_and_does_not_wait() -> None:
    result = play(JUDGED, finding("f1", "2025-07-01"), decision("d", target="f1", choice="不成立"))
    assert (told(result), result.waiting) == ([], ())


def test_last_of_several_judgments_holds() -> None:
    decisions = [
        decision("d2", "2025-09-02", target="f1", choice="成立"),
        decision("d1", "2025-09-01", target="f1", choice="不成立"),
    ]
    result = play(JUDGED, finding("f1", "2025-07-01"), *decisions)
    assert numbers(result, "fine") == {"f1": -100}


def test_judgment_on_a_fact_of_an_earlier_period_does_not_wait_here() -> None:
    assert play(JUDGED, finding("f1", "2025-06-01")).waiting == ()


def test_number_in_a_range_waits_until_a_person_chooses() -> None:
    result = play(RANGE, finding("f1", "2025-07-01", person="P1"))
    assert told(result) == []
    (row,) = result.waiting
    assert (row.what, [one.id for one in row.subjects]) == ("range", ["U1", "P1"])


def test_choice_for_one_subject_goes_before_the_choice_for_all() -> None:
    choices = [
        decision("d1", target="f1", subject="P1", value=Fraction(-200)),
        decision("d2", "2025-09-02", target="f1", value=Fraction(-350)),
    ]
    result = play(RANGE, finding("f1", "2025-07-01", person="P1"), *choices)
    found = {one.subject.id: (one.amount, one.decision) for one in result.entries}
    assert found == {"U1": (-35000, "d2"), "P1": (-20000, "d1")}


@pytest.mark.parametrize("value", ["-199.99", "-500.01", "-300.001"])
def test_choice_outside_the_range_or_finer_than_the_ledger_still_waits(value: str) -> None:
    choice = decision("d1", target="f1", value=Fraction(value))
    result = play(RANGE, finding("f1", "2025-07-01"), choice)
    assert (told(result), len(result.waiting)) == ([], 1)


# -- amounts -------------------------------------------------------------------------------


def worth(amount: str, **fields: Any) -> Fraction | None:
    return fine(f"amount: {amount}", finding("f1", "2025-08-01", **fields)).get("f1")


@pytest.mark.parametrize(
    ("days", "expected"), [(0, 0), (1, 0), (2, -2), (3, -2), (4, -4), (None, None)]
)
def test_per_unit_amount_counts_full_steps_beyond_the_free_part(
    days: int | None, expected: int | None
) -> None:
    fields = {} if days is None else {"days": Fraction(days)}
    amount = "{per: days, each: -2 分, free: 1, step: 2, part: up}"
    assert worth(amount, **fields) == expected


def test_bands_are_open_and_closed_as_written_and_nothing_lies_between() -> None:
    amount = '{bands: days, rows: {"[1, 3)": -1 分, "(3, +)": -5 分}}'
    found = {days: worth(amount, days=Fraction(days)) for days in (0, 1, 2, 3, 4)}
    assert found == {0: None, 1: -1, 2: -1, 3: None, 4: -5}


def test_linear_amount_is_flat_outside_and_rounded_inside() -> None:
    amount = "{linear: points, from: [1, 0], to: [4, 10], ledger: points, round: {digits: 2, mode: half_up}}"
    found = {points: worth(amount, points=Fraction(points)) for points in (0, 1, 2, 4, 9)}
    assert found == {0: 0, 1: 0, 2: Fraction("3.33"), 4: 10, 9: 10}


def test_computed_amount_is_exact_and_absent_with_its_field() -> None:
    amount = '{value: "-points * 0.5", ledger: points}'
    assert worth(amount, points=Fraction("2.5")) == Fraction("-1.25")
    assert worth(amount) is None


def test_table_without_a_row_gives_no_entry() -> None:
    body = """
tables:
  fines: {title: 标准, by: [type], values: {环境: -50 元, 用语: -80 元}}
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: {table: fines}, also: true}
"""
    facts = [finding("f1", "2025-08-01"), finding("f2", "2025-08-01", type="纪律")]
    assert numbers(play(body, *facts), "fine") == {"f1": -50}


def test_amount_parameter_is_read_on_the_deciding_day() -> None:
    body = """
params:
  rate: {title: 标准, type: amount, unit: 元, values: [{since: 2020-01-01, value: -100}, {since: 2025-08-01, value: -120}]}
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: param.rate, also: true}
"""
    facts = [finding("f1", "2025-07-31"), finding("f2", "2025-08-01")]
    assert numbers(play(body, *facts), "fine") == {"f1": -100, "f2": -120}


# -- whom ----------------------------------------------------------------------------------


def hit(whom: str, **given: Any) -> list[str]:
    body = f"rules:\n  fine: {{title: 扣, on: finding, whom: {whom}, amount: -1 元, also: true}}"
    one = finding("f1", "2025-08-01", person="P1", present=("P1", "P2"))
    staff = [*HEADS, post("HB", "B", "网点负责人"), post("P1", "U1"), post("P2", "U1")]
    return sorted(one.subject.id for one in play(body, one, posts=staff, **given).entries)


@pytest.mark.parametrize(
    ("whom", "expected"),
    [
        ("unit", ["U1"]),
        ("person", ["P1"]),
        ("head", ["H1"]),
        ("head up 1", ["HB"]),
        ("parent up 1", ["B"]),
        ("present present", ["P1", "P2"]),
        ("members", ["H1", "P1", "P2"]),
        ("[person, present present, members]", ["H1", "P1", "P2"]),
    ],
)
def test_rule_hits_whom_it_names_each_once(whom: str, expected: list[str]) -> None:
    assert hit(whom) == expected


def test_head_is_the_one_of_the_deciding_day() -> None:
    posts = [
        post("H1", "U1", "网点负责人", till="2025-08-14"),
        post("H2", "U1", "网点负责人", "2025-08-15"),
    ]
    body = "rules:\n  fine: {title: 扣, on: finding, whom: head, amount: -1 元, also: true}"
    facts = [finding("f1", "2025-08-14"), finding("f2", "2025-08-15")]
    result = play(body, *facts, posts=posts)
    assert [(one.fact, one.subject.id) for one in result.entries] == [("f2", "H2"), ("f1", "H1")][
        ::-1
    ]


def test_post_nobody_held_is_missing_with_unit_and_day() -> None:
    body = "rules:\n  fine: {title: 扣, on: finding, whom: head, amount: -1 元, also: true}"
    result = play(body, finding("f1", "2025-08-01"), posts=[])
    (row,) = result.missing
    assert (row.what, row.kind, row.unit, row.since) == ("post", "head", "U1", day("2025-08-01"))
    assert result.provisional
