"""Whoever the outcome touches keeps out of the ruling, case by case."""

from __future__ import annotations

import pytest

from wenyou_core.flow.guards import NO_INTEREST
from wenyou_core.flow.machine import Given, MoveRefused, after
from wenyou_core.flow.recusal import (
    REVIEW_TIES,
    RULING_TIES,
    TIE_TITLES,
    Interest,
    Tie,
    bench,
    enough_sitting,
    no_interest,
)
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import Role

TELLER = Interest("E01", "陈明", Tie.SUBJECT)
HEAD = Interest("E02", "周丽", Tie.HEAD)
WIFE = Interest("E03", "吴静", Tie.KIN, "配偶")
DECIDED = Interest("E04", "赵刚", Tie.DECIDED)
CASE = (TELLER, HEAD, WIFE, DECIDED)


def test_person_with_a_tie_is_told_which_and_to_be_replaced() -> None:
    assert no_interest("E03", CASE) == (
        "吴静与本案有利害关系（当事人近亲属（配偶）），应当回避，请换一人办理。"
    )
    assert no_interest("E09", CASE) == ""


def test_several_ties_are_named_once_each() -> None:
    twice = (*CASE, Interest("E02", "周丽", Tie.BENEFIT), HEAD)

    assert "（当事单位负责人、奖扣与结果相关）" in no_interest("E02", twice)


def test_namesake_with_another_number_is_not_recused() -> None:
    assert no_interest("E11", (Interest("E01", "陈明", Tie.SUBJECT),)) == ""


def test_whoever_decided_before_may_rule_again_but_not_review() -> None:
    assert no_interest("E04", CASE, RULING_TIES) == ""
    assert "原结论作出人" in no_interest("E04", CASE, REVIEW_TIES)


def test_every_tie_bars_a_review() -> None:
    for tie in Tie:
        assert no_interest("E01", [Interest("E01", "陈明", tie)], REVIEW_TIES) != ""
        assert TIE_TITLES[tie] != ""


def test_members_of_a_meeting_keep_out_case_by_case() -> None:
    sitting = bench(["E09", "E02", "E08", "E03"], CASE)
    free = bench(["E09", "E08"], CASE)

    assert sitting.sitting == ("E09", "E08")
    assert sitting.recused == (HEAD, WIFE)
    assert sitting.minutes() == "本案回避：周丽，当事单位负责人；吴静，当事人近亲属（配偶）。"
    assert (free.sitting, free.minutes()) == (("E09", "E08"), "")


def test_too_few_members_left_is_refused_with_the_numbers() -> None:
    sitting = bench(["E09", "E02"], CASE)

    assert enough_sitting(sitting, 1) == ""
    assert enough_sitting(sitting, 3) == (
        "本案回避后只有1人可以表决，少于规定的3人，请增加成员或改期审议。"
    )


def test_ruling_by_somebody_with_an_interest_is_refused_and_by_another_made() -> None:
    filled = frozenset({"ruling", "article", "grounds", "minutes"})
    complaint, leader = flow_named("complaint"), {Role.LEADER}

    def ruled_by(person: str) -> str:
        answers = {NO_INTEREST: no_interest(person, CASE)}
        return after(complaint, "ruling", "rule", leader, Given(filled=filled, answers=answers))

    with pytest.raises(MoveRefused, match="周丽与本案有利害关系（当事单位负责人）"):
        ruled_by("E02")
    assert ruled_by("E09") == "closed"
