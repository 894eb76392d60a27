"""What is hard about real plans, end to end: time, late facts, win-backs, thresholds, moves."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

from tests.core.assess.make import day, fact, moment, post
from tests.core.assess.play import HEADS, numbers, play, total, values
from wenyou_core.assess.facts import Fact


def finding(id: str, happened: str, unit: str = "U1", **given: Any) -> Fact:
    return fact("finding", id, happened, unit=unit, **given)


# A star lost for each finding; one won back after two clean quarters; never more than was lost.
STARS = """
measures:
  cases: {title: 件数, each: outlets, facts: finding}
  clean: {title: 连续无扣分, streak: cases = 0, each: outlets, most: 2}
  stars: {title: 星, each: outlets, ledger: points}
rules:
  lost: {title: 失星, on: finding, whom: unit, amount: -1 分, also: true}
  won: {title: 赢回, each: outlets, when: clean >= 2, amount: 1 分}
  no_more: {title: 不多于失去, limit: [lost, won], ceiling: 0 分, per: year}
"""


def stars(run: str, *facts: Fact, **given: Any) -> Fraction | int:
    return total(play(STARS, *facts, run=run, **given), "U1", "points")


def test_star_is_won_back_after_two_clean_quarters() -> None:
    lost = finding("f1", "2025-02-01")
    assert [stars(f"2025Q{n}", lost) for n in (1, 2, 3, 4)] == [-1, 0, 1, 0]


def test_never_more_is_won_back_than_was_lost() -> None:
    assert [stars(f"2025Q{n}") for n in (1, 2, 3, 4)] == [0, 0, 0, 0]


def test_fact_discovered_late_cancels_what_was_won_back() -> None:
    early = finding("f1", "2025-02-01")
    late = finding("f2", "2025-05-20", known="2025-11-03T09:00")
    at_close = stars("2025Q3", early, late, known_at=moment("2025-10-08T18:00"))
    afterwards = stars("2025Q3", early, late)
    assert (at_close, afterwards) == (1, 0)


THRESHOLDS = """
measures:
  monthly: {title: 月件数, each: outlets, facts: finding, period: month}
  quarterly: {title: 季件数, each: outlets, facts: finding}
  yearly: {title: 年件数, each: outlets, facts: finding, period: year}
rules:
  talk: {title: 提醒, each: outlets, when: monthly >= 2, effects: [{task: 提醒谈话}], period: month}
  report: {title: 通报, each: outlets, when: quarterly >= 3, effects: [{task: 通报}]}
  out: {title: 取消, each: outlets, when: yearly >= 4, effects: [{bar: best}], period: year}
"""


def test_thresholds_of_month_quarter_and_year_count_on_and_fire_once_each() -> None:
    days = ["2025-07-01", "2025-07-02", "2025-07-03", "2025-09-01", "2025-12-01"]
    result = play(THRESHOLDS, *(finding(one, one) for one in days), run="2025")
    assert [(one.task, one.period) for one in result.tasks] == [
        ("提醒谈话", "2025-07"),
        ("通报", "2025Q3"),
    ]
    assert [(one.what, one.period) for one in result.bars] == [("best", "2025")]


MOVED = """
rules:
  unit_fine: {title: 机构, on: finding, whom: unit, amount: -100 元, joint: [{whom: head, percent: 50%}], also: true}
  own_fine: {title: 个人, on: finding, whom: person, amount: -30 元, again: {window: 12 months, same: [person], factors: [1, 2]}, also: true}
measures:
  own_money: {title: 个人金额, each: staff, ledger: money}
  unit_money: {title: 机构金额, each: outlets, ledger: money}
"""


def test_person_who_moves_keeps_what_is_personal_and_leaves_what_is_the_units() -> None:
    posts = [
        *HEADS,
        post("P1", "U1", till="2025-08-14"),
        post("P1", "U2", since="2025-08-15"),
    ]
    facts = [
        fact("finding", "f1", "2025-08-14", person="P1"),
        fact("finding", "f2", "2025-08-15", person="P1"),
    ]
    result = play(MOVED, *facts, posts=posts)
    assert values(result, "unit_money") == {"U1": -100, "U2": -100, "U3": 0, "U4": 0}
    assert values(result, "own_money")["P1"] == -90
    assert (total(result, "H1"), total(result, "H2")) == (-50, -50)


def test_award_is_overturned_when_a_later_fact_becomes_known() -> None:
    body = """
measures:
  cases: {title: 件数, each: outlets, facts: finding}
awards:
  spotless: {title: 零差错, each: outlets, conditions: [{name: 无扣分, when: cases = 0}], amount: 300 元}
"""
    late = finding("f1", "2025-09-30", known="2025-10-20T10:00")
    at_close = play(body, late, known_at=moment("2025-10-10T00:00"))
    afterwards = play(body, late)
    assert [one.won for one in at_close.awards if one.subject.id == "U1"] == [True]
    assert [one.won for one in afterwards.awards if one.subject.id == "U1"] == [False]


def test_same_type_within_a_year_falls_back_when_the_first_is_withdrawn_later() -> None:
    body = """
rules:
  fine: {title: 扣, on: finding, whom: unit, amount: -100 元, again: {window: 12 months, same: [unit, type], factors: [1, 1.5]}, also: true}
"""
    first = finding("f1", "2025-05-01", type="环境")
    undone = finding(
        "f1", "2025-05-01", type="环境", state="withdrawn", recorded="2025-11-01T09:00"
    )
    second = finding("f2", "2025-08-01", type="环境")
    before = play(body, first, undone, second, known_at=moment("2025-10-31T00:00"))
    after = play(body, first, undone, second)
    assert numbers(before, "fine") == {"f2": -150}
    assert numbers(after, "fine") == {"f2": -100}


def test_points_and_money_stand_side_by_side() -> None:
    body = """
rules:
  late: {title: 扣分, on: finding, whom: unit, amount: -2 分, also: true}
  fine: {title: 扣钱, on: finding, whom: unit, amount: -50 元, also: true}
"""
    result = play(body, finding("f1", "2025-08-01"))
    assert (total(result, "U1", "points"), total(result, "U1", "money")) == (-2, -50)


def test_two_tracks_are_combined_by_weight() -> None:
    body = """
rules:
  late: {title: 扣分, on: finding, whom: unit, amount: -2.5 分, also: true}
measures:
  inside: {title: 内部, each: outlets, entries: [late], base: 100}
  outside: {title: 外部, each: outlets, facts: volume, how: latest, of: number}
  composite: {title: 合成, each: outlets, value: inside * 60% + outside * 40%}
"""
    outside = fact("volume", "v1", "2025-09-30", unit="U1", number=Fraction(90))
    result = play(body, finding("f1", "2025-08-01"), outside)
    assert values(result, "composite") == {
        "U1": Fraction("94.5"),
        "U2": None,
        "U3": None,
        "U4": None,
    }


def test_overlapping_acting_heads_both_answer_for_their_days() -> None:
    body = "rules:\n  fine: {title: 扣, on: finding, whom: head, amount: -10 元, also: true}\n"
    posts = [
        post("H1", "U1", "网点负责人"),
        post("A1", "U1", "网点负责人", "2025-08-01", "2025-08-10", acting=True),
        post("A2", "U1", "网点负责人", "2025-08-05", "2025-08-20", acting=True),
    ]
    days = ["2025-07-31", "2025-08-03", "2025-08-07", "2025-08-15", "2025-08-21"]
    result = play(body, *(finding(one, one) for one in days), posts=posts)
    found = {
        one: sorted(entry.subject.id for entry in result.entries if entry.fact == one)
        for one in days
    }
    assert list(found.values()) == [["H1"], ["A1"], ["A1", "A2"], ["A2"], ["H1"]]


CAMPAIGN = """
rules:
  of_campaign: {title: 活动, on: finding, whom: unit, amount: -10 元, period: campaign, also: true}
  of_month: {title: 月度, on: finding, whom: unit, amount: -1 元, period: month, also: true}
"""


def test_campaign_counts_its_own_days_and_months_only_when_they_lie_wholly_inside() -> None:
    start, end = day("2025-10-11"), day("2025-12-20")
    days = [start - timedelta(1), start, day("2025-11-30"), end, end + timedelta(1)]
    facts = [finding(f"f{n}", one.isoformat()) for n, one in enumerate(days)]
    result = play(CAMPAIGN, *facts, run="2025-10-11..2025-12-20")
    assert list(numbers(result, "of_campaign")) == ["f1", "f2", "f3"]
    assert list(numbers(result, "of_month")) == ["f2"]
