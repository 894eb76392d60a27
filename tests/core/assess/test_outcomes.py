"""Step 8: grades, awards, targets, counted obligations."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.make import fact, unit
from tests.core.assess.play import BRANCH, OUTLETS, play, told
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.result import Result

SCORES = """
measures:
  score: {title: 得分, each: outlets, facts: volume, how: sum, of: number}
"""
GRADE = (
    SCORES
    + """
grades:
  star: {title: 星级, each: outlets, steps: STEPS, otherwise: 无星, REST}
"""
)
STEPS = "[{name: 三星, when: score >= 95}, {name: 二星, when: score >= 85}, {name: 一星, when: score >= 60}]"
QUOTAS = "[{name: 三星, when: score >= 95, share: 25%}, {name: 二星, when: score >= 85, share: 50%}, {name: 一星, when: score >= 60}]"


def scores(**numbers: int) -> list[Fact]:
    return [
        fact("volume", one, "2025-08-01", unit=one, number=Fraction(number))
        for one, number in numbers.items()
    ]


def grades(steps: str, rest: str, *facts: Fact, **given: Any) -> dict[str, str]:
    body = GRADE.replace("STEPS", steps).replace(", REST", f", {rest}" if rest else "")
    return {one.subject.id: one.step for one in play(body, *facts, **given).grades}


def test_subject_stands_on_the_first_step_that_fits() -> None:
    found = grades(STEPS, "", *scores(U1=95, U2=94, U3=60, U4=59))
    assert found == {"U1": "三星", "U2": "二星", "U3": "一星", "U4": "无星"}


def test_what_exceeds_the_quota_falls_to_the_next_step_that_fits() -> None:
    found = grades(QUOTAS, "by: [score], tie: decide", *scores(U1=99, U2=98, U3=97, U4=96))
    # one of four may be 三星, two of four 二星 or better
    assert found == {"U1": "三星", "U2": "二星", "U3": "一星", "U4": "一星"}


def test_quota_that_nobody_reaches_stays_unfilled() -> None:
    found = grades(QUOTAS, "by: [score], tie: decide", *scores(U1=86, U2=50, U3=50, U4=50))
    assert found == {"U1": "二星", "U2": "无星", "U3": "无星", "U4": "无星"}


def test_tie_for_the_last_place_of_a_step_waits() -> None:
    body = GRADE.replace("STEPS", QUOTAS).replace("REST", "by: [score], tie: decide")
    result = play(body, *scores(U1=99, U2=99, U3=50, U4=50))
    assert {one.subject.id: one.step for one in result.grades}["U1"] == "二星"
    assert [(one.what, one.rule) for one in result.waiting] == [("tie", "star")]


def test_quota_is_taken_within_the_peer_group_and_the_adopting_unit() -> None:
    units = (
        *BRANCH,
        unit("C", kind="支行"),
        *(unit(f"V{n}", "C", kind="网点") for n in range(1, 5)),
    )
    facts = scores(U1=99, U2=98, V1=97, V2=96)
    body_rest = "by: [score], tie: decide"
    found = grades(QUOTAS, body_rest, *facts, units=units, adopters=("B", "C"))
    assert (found["U1"], found["V1"]) == ("三星", "三星")


def stands(star: str | None) -> tuple[Any, ...]:
    more = {} if star is None else {"star": star}
    return (BRANCH[0], unit("U1", "B", kind="网点", **more), *BRANCH[2:])


@pytest.mark.parametrize(
    ("star", "step"),
    [("二星", "三星"), ("一星", "二星"), ("无星", "一星"), (None, "一星"), ("三星", "三星")],
)
def test_subject_climbs_one_step_at_a_time(star: str | None, step: str) -> None:
    facts = scores(U1=99)
    assert grades(STEPS, "kept: star, climb: 1", *facts, units=stands(star))["U1"] == step


def test_subject_falls_to_the_step_that_fits_at_once() -> None:
    facts = scores(U1=50)
    assert grades(STEPS, "kept: star, climb: 1", *facts, units=stands("三星"))["U1"] == "无星"


def test_who_may_not_climb_so_high_leaves_the_place_to_the_next() -> None:
    units = (
        BRANCH[0],
        *(
            unit(one, "B", kind="网点", star=star)
            for one, star in zip(OUTLETS, ("无星", "二星", "二星", "二星"), strict=True)
        ),
    )
    facts = scores(U1=99, U2=98, U3=97, U4=50)
    found = grades(QUOTAS, "by: [score], tie: decide, kept: star, climb: 1", *facts, units=units)
    assert found == {"U1": "一星", "U2": "三星", "U3": "二星", "U4": "无星"}


CAPPED = (
    GRADE.replace("STEPS", STEPS).replace(", REST", "")
    + """
rules:
  veto: {title: 否决, on: complaint, whom: unit, effects: [{cap: star, at_most: 一星}], also: true}
"""
)


def test_cap_holds_the_grade_down_in_the_period_of_the_hit_and_says_by_which_rule() -> None:
    given = [*scores(U1=99, U2=99), fact("complaint", "c1", "2025-07-01", unit="U1")]
    earlier = fact("complaint", "c2", "2025-06-30", unit="U2")
    rows = {one.subject.id: one for one in play(CAPPED, *given, earlier).grades}
    assert (rows["U1"].step, rows["U1"].earned, rows["U1"].capped_by) == ("一星", "三星", "veto")
    assert (rows["U2"].step, rows["U2"].capped_by) == ("三星", "")


def test_cap_never_lifts_a_grade() -> None:
    given = [*scores(U1=10), fact("complaint", "c1", "2025-07-01", unit="U1")]
    (row,) = (one for one in play(CAPPED, *given).grades if one.subject.id == "U1")
    assert (row.step, row.capped_by) == ("无星", "")


# -- awards --------------------------------------------------------------------------------

AWARD = (
    SCORES
    + """
rules:
  out: {title: 取消, on: complaint, whom: unit, effects: [{bar: best, until: year_end}], also: true}
awards:
  best: {title: 优胜, each: outlets, conditions: [{name: 得分达标, when: score >= 80}], bars: [best], pick: {by: [score], from: highest, take: 2, tie: decide}, REST}
"""
)


def award(rest: str, *facts: Fact, **given: Any) -> Result:
    return play(AWARD.replace("REST", rest), *facts, **given)


def winners(result: Result) -> list[str]:
    return [one.subject.id for one in result.awards if one.won]


def test_award_goes_to_the_eligible_by_rank_and_is_paid_to_each() -> None:
    result = award("amount: 500 元", *scores(U1=99, U2=85, U3=90, U4=79))
    assert winners(result) == ["U1", "U3"]
    assert told(result) == [
        ("best", "award", "U1", Fraction(500)),
        ("best", "award", "U3", Fraction(500)),
    ]
    rows = {one.subject.id: one for one in result.awards}
    assert (rows["U2"].eligible, rows["U2"].rank) == (True, 3)
    assert (rows["U4"].eligible, rows["U4"].failed) == (False, ("得分达标",))


def test_prize_of_a_parameter_is_the_one_in_force_on_the_last_day_of_the_period() -> None:
    prize = "{title: 奖金, type: amount, unit: 元, values: [{since: 2025-01-01, value: 500}, {since: 2025-10-01, value: 800}]}"
    body = f"params:\n  prize: {prize}\n" + AWARD.replace("REST", "amount: param.prize")
    for when, run, worth in (("2025-09-30", "2025Q3", 500), ("2025-10-01", "2025Q4", 800)):
        scored = fact("volume", "v1", when, unit="U1", number=Fraction(99))
        assert told(play(body, scored, run=run)) == [("best", "award", "U1", Fraction(worth))]


def test_quota_of_an_award_stays_unfilled() -> None:
    assert winners(award("amount: 500 元", *scores(U1=99))) == ["U1"]


def test_bar_excludes_and_the_next_one_moves_up() -> None:
    facts = [*scores(U1=99, U2=85, U3=90), fact("complaint", "c1", "2025-02-01", unit="U1")]
    result = award("amount: 500 元", *facts)
    assert winners(result) == ["U2", "U3"]
    assert {one.subject.id: one.bars for one in result.awards}["U1"] == ("best",)


def test_later_withdrawn_cause_of_a_bar_gives_the_award_back() -> None:
    cause = fact("complaint", "c1", "2025-02-01", unit="U1", state="withdrawn")
    assert winners(award("amount: 500 元", *scores(U1=99), cause)) == ["U1"]


def test_amount_split_among_the_winners_is_rounded_down_to_the_cent() -> None:
    body = "amount: 100 元, split: true, round: {digits: 2, mode: down}"
    result = award(body, *scores(U1=99, U2=98))
    three = play(
        AWARD.replace("take: 2", "take: 3").replace("REST", body), *scores(U1=99, U2=98, U3=97)
    )
    assert {one.amount for one in result.entries} == {5000}
    assert {one.amount for one in three.entries} == {3333}
    assert {(one.base, one.factor) for one in three.entries} == {(10000, Fraction(1, 3))}


def test_award_that_a_person_must_grant_waits() -> None:
    said = {"rule": "best", "subject": "U1", "choice": "选中", "by": "小组", "grounds": "理由"}
    granted = fact("decision", "d1", "2025-10-08", **said)
    result = award("decide: true", *scores(U1=99, U2=98), granted)
    assert winners(result) == ["U1"]
    assert [[one.id for one in row.subjects] for row in result.waiting] == [["U2"]]


def test_granted_award_names_the_decision() -> None:
    said = {"rule": "best", "subject": "U1", "choice": "选中", "by": "小组", "grounds": "理由"}
    granted = fact("decision", "d1", "2025-10-08", **said)
    result = award("amount: 500 元, decide: true", *scores(U1=99, U2=98), granted)
    assert [(one.subject.id, one.decision) for one in result.entries] == [("U1", "d1")]


# -- targets and obligations -------------------------------------------------------------------


def test_target_is_met_missed_or_does_not_apply() -> None:
    body = (
        SCORES.replace("how: sum", "how: max")
        + "targets:\n  goal: {title: 目标, each: outlets, when: score >= 90}\n"
    )
    result = play(body, *scores(U1=90, U2=89))
    met = {one.subject.id: one.met for one in result.targets}
    assert met == {"U1": True, "U2": False, "U3": None, "U4": None}


def test_target_of_the_whole_is_one_row() -> None:
    body = """
measures:
  all: {title: 全行件数, each: whole, facts: complaint}
targets:
  none: {title: 无投诉, each: whole, when: all = 0}
"""
    (row,) = play(body, fact("complaint", "c1", "2025-08-01", unit="U1")).targets
    assert (row.subject.id, row.met) == ("B", False)


def test_obligation_shows_done_and_owed_per_period() -> None:
    body = (
        SCORES
        + "obligations:\n  check: {title: 每月自查, who: 网点, each: outlets, facts: finding, times: 2, every: month, period: month}\n"
    )
    given = [fact("finding", f"f{n}", "2025-07-05", unit="U1") for n in range(3)]
    found = {
        (one.period, one.subject.id): (one.done, one.owed) for one in play(body, *given).obligations
    }
    assert found["2025-07", "U1"] == (3, 2)
    assert found["2025-08", "U1"] == (0, 2)
    assert len(found) == 12
