"""Step 7: rules at a period's end, and selection with ties at the edge."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import fact, post, unit
from tests.core.assess.play import BRANCH, HEADS, numbers, play, told, total
from wenyou_core.assess.facts import Fact, Subject
from wenyou_core.assess.org import Member
from wenyou_core.assess.picks import places, ranked, select
from wenyou_core.assess.result import Result
from wenyou_core.scheme.words import From, SubjectKind, Tie

LAST = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
  base: {title: 基数, each: outlets, facts: volume, how: sum, of: number}
  rate: {title: 投诉率, ratio: [cases, base], empty: apart}
  mean: {title: 平均, across: rate, how: pooled}
rules:
  last: {title: 最后一名, each: outlets, when: rate > mean, pick: {by: [rate], from: highest, take: 1, tie: TIE}, amount: -600 元}
"""


def facts(**counts: int) -> list[Fact]:
    """So many complaints per outlet, on a base of a thousand each."""
    found = [
        fact("complaint", f"{one}-{n}", "2025-08-01", unit=one)
        for one, count in counts.items()
        for n in range(count)
    ]
    volumes = [
        fact("volume", f"v{one}", "2025-09-30", unit=one, number=Fraction(1000)) for one in counts
    ]
    return found + volumes


def decision(
    id: str, subject: str, choice: str, happened: str = "2025-10-09", **given: Any
) -> Fact:
    said = {"rule": "last", "subject": subject, "choice": choice, "by": "小组", "grounds": "理由"}
    return fact("decision", id, happened, **{**said, **given})


def last(tie: str, *given: Fact, **more: Any) -> Result:
    return play(LAST.replace("TIE", tie), *given, **more)


# -- the last of those above the mean --------------------------------------------------------


def test_last_of_those_above_the_mean_pays() -> None:
    result = last("decide", *facts(U1=3, U2=2, U3=0, U4=0))
    assert told(result) == [("last", "period", "U1", Fraction(-600))]
    assert result.entries[0].day.isoformat() == "2025-09-30"


def test_nobody_pays_when_nobody_stands_above_the_mean() -> None:
    result = last("decide", *facts(U1=2, U2=2, U3=2, U4=2))
    assert (told(result), result.waiting) == ([], ())


def test_rates_are_compared_exactly() -> None:
    # 1/3 against 333333/1000000: no decimal of a dozen digits tells them apart by much
    given = [fact("complaint", f"a{n}", "2025-08-01", unit="U1") for n in range(1)]
    given += [fact("complaint", f"b{n}", "2025-08-01", unit="U2") for n in range(2)]
    given.append(fact("volume", "v1", "2025-08-01", unit="U1", number=Fraction(10**15)))
    given.append(fact("volume", "v2", "2025-08-01", unit="U2", number=Fraction(2 * 10**15 - 1)))
    assert [one.subject.id for one in last("decide", *given).entries] == ["U2"]


def test_tie_at_the_edge_waits_for_a_person() -> None:
    result = last("decide", *facts(U1=3, U2=3, U3=0, U4=0))
    assert told(result) == []
    (row,) = result.waiting
    assert (row.what, row.rule, [one.id for one in row.subjects]) == ("tie", "last", ["U1", "U2"])


@pytest.mark.parametrize(("tie", "taken"), [("all", ["U1", "U2"]), ("none", [])])
def test_tie_takes_all_or_none_when_the_plan_says_so(tie: str, taken: list[str]) -> None:
    result = last(tie, *facts(U1=3, U2=3, U3=0, U4=0))
    assert [one.subject.id for one in result.entries] == taken
    assert result.waiting == ()


def test_choice_of_one_settles_the_tie_for_the_other() -> None:
    result = last("decide", *facts(U1=3, U2=3, U3=0), decision("d1", "U2", "选中"))
    assert [one.subject.id for one in result.entries] == ["U2"]
    assert result.waiting == ()


def test_more_chosen_than_places_are_all_taken_with_a_remark() -> None:
    given = [*facts(U1=3, U2=3, U3=3, U4=0), decision("d1", "U1", "选中")]
    right = last("decide", *given)
    crowded = last("decide", *given, decision("d2", "U3", "选中"))

    assert ([one.subject.id for one in right.entries], right.waiting) == (["U1"], ())
    assert [one.subject.id for one in crowded.entries] == ["U1", "U3"]
    (row,) = crowded.waiting
    assert (row.what, [one.id for one in row.subjects]) == ("tie", ["U1", "U3"])
    assert row.text == (
        "2025年第三季度“最后一名”的入选边缘只余1个名额，却登记了2个“选中”：U1、U3。"
        "现全部计入，请更正决定，使“选中”不多于名额。"
    )


def test_entry_of_a_settled_tie_names_the_decision() -> None:
    tied = last("decide", *facts(U1=3, U2=3, U3=0), decision("d1", "U2", "选中"))
    clear = last("decide", *facts(U1=3, U2=2, U3=0), decision("d1", "U1", "选中"))
    assert [one.decision for one in (*tied.entries, *clear.entries)] == ["d1", ""]


def test_refusal_of_one_leaves_the_place_to_the_other() -> None:
    result = last("decide", *facts(U1=3, U2=3, U3=0), decision("d1", "U2", "不选"))
    assert [one.subject.id for one in result.entries] == ["U1"]


def test_decision_speaks_of_the_last_period_that_had_ended() -> None:
    given = facts(U1=3, U2=3, U3=0)
    early = last("decide", *given, decision("d1", "U2", "选中", "2025-09-29"))
    on_last_day = last("decide", *given, decision("d1", "U2", "选中", "2025-09-30"))
    late = last("decide", *given, decision("d1", "U2", "选中", "2025-12-31"))
    named = last("decide", *given, decision("d1", "U2", "选中", "2026-03-01", target="2025Q3"))
    assert [len(one.entries) for one in (early, on_last_day, late, named)] == [0, 1, 0, 1]


def test_group_of_one_never_stands_above_its_own_mean() -> None:
    units = (BRANCH[0], BRANCH[1], unit("C", kind="支行"), unit("V1", "C", kind="网点"))
    result = last("decide", *facts(U1=5, V1=1), units=units, adopters=("B", "C"))
    assert told(result) == []


def test_unit_without_base_takes_no_part() -> None:
    given = [*facts(U1=1, U2=2), fact("complaint", "x", "2025-08-01", unit="U3")]
    assert [one.subject.id for one in last("decide", *given).entries] == ["U2"]


def test_second_measure_breaks_the_tie() -> None:
    body = LAST.replace("by: [rate]", "by: [rate, cases]").replace("TIE", "decide")
    given = facts(U1=2, U2=0, U3=0)
    given += [fact("complaint", f"x{n}", "2025-08-01", unit="U4") for n in range(4)]
    given.append(fact("volume", "vx", "2025-09-30", unit="U4", number=Fraction(2000)))
    assert [one.subject.id for one in play(body, *given).entries] == ["U4"]


def test_reading_says_what_to_do_with_ties() -> None:
    body = LAST.replace("TIE", "param.tie")
    body += "params:\n  tie: {title: 并列, type: choice, choices: [由考核小组决定, 并列者均计]}\n"
    given = facts(U1=3, U2=3, U3=0)
    found = {
        word: len(play(body, *given, values={"tie": word}).entries)
        for word in ("由考核小组决定", "并列者均计")
    }
    assert found == {"由考核小组决定": 0, "并列者均计": 2}


# -- the selection itself --------------------------------------------------------------------

MEMBERS = [Member(Subject(SubjectKind.UNIT, f"U{n}"), f"U{n}", "B") for n in range(6)]
SCORES = st.lists(st.integers(0, 3), min_size=6, max_size=6)


def order(scores: list[int]) -> list[list[Member]]:
    by_id = dict(zip((one.subject.id for one in MEMBERS), scores, strict=True))
    return ranked(MEMBERS, lambda one: (Fraction(by_id[one.subject.id]),), From.HIGHEST)


@given(SCORES, st.integers(0, 7), st.sampled_from(Tie))
def test_whoever_is_taken_stands_no_lower_than_whoever_is_not(
    scores: list[int], number: int, tie: Tie
) -> None:
    groups = order(scores)
    found = select(groups, number, tie, lambda _: None)
    place = places(groups)
    taken = [place[one.subject.id] for one in found.taken]
    left = [place[one.subject.id] for one in MEMBERS if one not in found.taken]
    assert not taken or not left or max(taken) < min(left)


@given(SCORES, st.integers(0, 7))
def test_number_is_kept_but_for_ties(scores: list[int], number: int) -> None:
    groups, wanted = order(scores), min(number, 6)
    assert len(select(groups, number, Tie.NONE, lambda _: None).taken) <= wanted
    assert len(select(groups, number, Tie.ALL, lambda _: None).taken) >= wanted
    decided = select(groups, number, Tie.DECIDE, lambda _: None)
    assert len(decided.taken) <= wanted <= len(decided.taken) + len(decided.waiting)


@given(
    SCORES,
    st.integers(1, 6),
    st.lists(st.sampled_from([True, False, None]), min_size=6, max_size=6),
)
def test_only_those_at_the_edge_are_asked(
    scores: list[int], number: int, said: list[bool | None]
) -> None:
    answers = dict(zip((one.subject.id for one in MEMBERS), said, strict=True))
    groups = order(scores)
    sure = select(groups, number, Tie.NONE, lambda _: None).taken
    found = select(groups, number, Tie.DECIDE, lambda one: answers[one.subject.id])
    assert set(sure) <= set(found.taken)
    assert all(answers[one.subject.id] is None for one in found.waiting)


@given(SCORES)
def test_places_have_no_holes_but_those_of_equals(scores: list[int]) -> None:
    place = places(order(scores))
    for one, score in zip(MEMBERS, scores, strict=True):
        assert place[one.subject.id] == 1 + sum(other > score for other in scores)


# -- rules at the end of a period --------------------------------------------------------------

SHARE = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
rules:
  worst: {title: 后几名, each: outlets, when: cases > 0, pick: {by: [cases], from: highest, share: 50%, tie: all, base: BASE}, amount: -1 元}
"""


@pytest.mark.parametrize(("base", "taken"), [("eligible", 2), ("all", 2)])
def test_share_of_the_group_is_rounded_up_unless_said_otherwise(base: str, taken: int) -> None:
    given = facts(U1=3, U2=2, U3=1)
    assert len(play(SHARE.replace("BASE", base), *given).entries) == taken


def test_share_counts_those_that_pass_or_the_whole_group() -> None:
    given = facts(U1=3, U2=2)
    found = [len(play(SHARE.replace("BASE", base), *given).entries) for base in ("eligible", "all")]
    assert found == [1, 2]


def at_end(rest: str, *given: Fact, **more: Any) -> Result:
    body = f"""
measures:
  cases: {{title: 件数, each: outlets, facts: complaint}}
rules:
  many: {{title: 过多, each: outlets, when: cases > 1, {rest}}}
"""
    return play(body, *given, **more)


def test_rule_at_the_end_hits_the_head_of_the_last_day() -> None:
    posts = [
        post("H1", "U1", "网点负责人", till="2025-09-29"),
        post("H2", "U1", "网点负责人", "2025-09-30"),
    ]
    result = at_end("whom: head, amount: -5 元", *facts(U1=2), posts=posts)
    (entry,) = result.entries
    assert (entry.subject.id, entry.fact, entry.fact_kind) == ("H2", "U1", "")


def test_two_units_of_one_head_are_two_entries() -> None:
    posts = [post("H1", "U1", "网点负责人"), post("H1", "U2", "网点负责人")]
    result = at_end("whom: head, amount: -5 元", *facts(U1=2, U2=2), posts=posts)
    assert len({one.key for one in result.entries}) == 2
    assert total(result, "H1") == -10


def test_amount_of_a_period_rule_may_be_computed_from_measures() -> None:
    result = at_end("amount: {per: cases, each: -3 元, free: 1}", *facts(U1=4))
    assert numbers(result, "many", "period") == {"U1": -9}
    assert result.entries[0].quantity == 4


def test_judgment_at_the_end_waits_per_subject() -> None:
    given = [
        *facts(U1=2, U2=2, U3=2),
        decision("d1", "U1", "成立", rule="many"),
        decision("d2", "U2", "不成立", rule="many"),
    ]
    result = at_end("amount: -5 元, decide: true", *given)
    assert [one.subject.id for one in result.entries] == ["U1"]
    assert [[one.id for one in row.subjects] for row in result.waiting] == [["U3"]]


def test_head_with_the_number_of_the_unit_is_another_subject() -> None:
    posts = [post("U1", "U1", "网点负责人")]
    result = at_end("whom: head, amount: -1 元", *facts(U1=2), posts=posts)
    assert [(one.subject, one.fact) for one in result.entries] == [
        (Subject(SubjectKind.PERSON, "U1"), "U1")
    ]


def test_number_in_a_range_is_chosen_per_subject() -> None:
    given = [*facts(U1=2, U2=2), decision("d1", "U1", "", rule="many", value=Fraction(-7))]
    result = at_end("amount: {range: [-5 元, -9 元]}", *given)
    assert numbers(result, "many", "period") == {"U1": -7}
    assert [one.what for one in result.waiting] == ["range"]


def test_joint_and_limit_of_a_period_rule() -> None:
    rest = "amount: {per: cases, each: -3 元}, limit: {floor: -10 元, per: event}, joint: [{whom: head, percent: 10%}]"
    result = at_end(rest, *facts(U1=4))
    assert (total(result, "U1"), total(result, "H1")) == (-10, -1)


def test_limit_over_rules_of_both_levels() -> None:
    body = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
rules:
  each_case: {title: 每件, on: complaint, whom: unit, amount: -10 元, also: true}
  many: {title: 过多, each: outlets, when: cases > 1, amount: -50 元}
  most: {title: 封底, limit: [each_case, many], floor: -60 元}
"""
    result = play(body, *facts(U1=4), posts=HEADS)
    assert numbers(result, "most", "limit") == {"U1": 30}
