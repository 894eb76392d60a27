"""The stories told in 故事.md are what the engine finds in the facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.desk.demo.assessed import AS_OF, SMALL, check_story, ids, result_of
from wenyou_core.assess.facts import DECISION, Fact
from wenyou_core.assess.result import EntryKind, Result
from wenyou_core.worktime.periods import previous, year_of
from wenyou_core.worktime.texts import BEIJING, end_of_day
from wenyou_desk.demo import DemoBank, generate
from wenyou_desk.demo.doublestar import generate_double_star

KEYS = (
    "repeated",
    "tied",
    "moved",
    "perfunctory",
    "appealed",
    "barred",
    "late",
    "lost_customer",
    "media",
    "withdrawn",
    "acting",
    "no_business",
)


@cache
def bank() -> DemoBank:
    return generate(AS_OF, 1)


@cache
def result() -> Result:
    return result_of(bank())


def test_every_story_asked_for_is_told_once() -> None:
    assert tuple(story.key for story in bank().stories) == KEYS


@pytest.mark.parametrize("key", KEYS)
def test_a_story_of_the_full_bank_is_what_the_engine_finds(key: str) -> None:
    check_story(bank().story(key), result())


def test_nothing_is_missing_and_the_record_makes_money_lawful() -> None:
    assert result().missing == ()
    assert result().lawful


def test_the_only_decision_that_waits_is_the_tie() -> None:
    tie = bank().story("tied")
    (row,) = result().waiting
    assert row.rule == "last_above_mean"
    assert sorted(one.id for one in row.subjects) == sorted(tie.waiting)
    last = [one for one in result().entries if one.rule == "last_above_mean"]
    assert not {one.subject.id for one in last} & set(tie.waiting)


def test_the_tied_outlet_that_is_chosen_pays() -> None:
    chosen = bank().story("tied").units["large"]
    moment = datetime(2025, 10, 10, 10, tzinfo=BEIJING)
    decision = Fact(
        kind=DECISION,
        id="JD1",
        happened=moment.date(),
        known=moment,
        recorded=moment,
        values={
            "rule": "last_above_mean",
            "target": "2025Q3",
            "subject": chosen,
            "choice": "选中",
            "by": "服务考核小组",
            "grounds": "客户数多，影响大",
        },
    )
    decided = result_of(replace(bank(), facts={**bank().facts, DECISION: (decision,)}))
    assert decided.waiting == ()
    (entry,) = [
        one
        for one in decided.entries
        if one.rule == "last_above_mean" and one.subject.id in bank().story("tied").waiting
    ]
    assert (entry.subject.id, entry.amount) == (chosen, -60000)


def test_the_repeated_problem_names_the_one_before() -> None:
    story = bank().story("repeated")
    (entry,) = [
        one
        for one in result().entries
        if one.fact == story.facts["second"].id and one.rule == "repeat_unit"
    ]
    assert (entry.count, entry.factor, entry.earlier) == (
        2,
        Fraction(3, 2),
        story.facts["first"].id,
    )


def test_the_upheld_appeal_is_named_where_the_finding_is_listed() -> None:
    story = bank().story("appealed")
    (row,) = [one for one in result().uncounted if one.fact == story.facts["finding"].id]
    assert row.by_fact == story.facts["appeal"].id


def test_the_higher_fine_of_the_media_case_is_reached_by_taking_back_the_lower() -> None:
    story = bank().story("media")
    entries = [one for one in result().entries if one.fact in ids(story)]
    assert sum(one.amount for one in entries) == -40000
    (back,) = [one for one in entries if one.kind is EntryKind.EXCLUDED]
    assert (back.rule, back.amount) == ("responsible", 10000)


def test_the_late_notice_counts_only_as_known_later() -> None:
    late = bank().story("late")
    before = result_of(bank(), end_of_day(bank().period.end))
    assert not [one for one in before.entries if one.fact in ids(late)]
    after = [one for one in result().entries if one.fact in ids(late)]
    assert sum(one.amount for one in after) == -60000


def test_the_withdrawn_finding_counts_until_it_was_withdrawn() -> None:
    story = bank().story("withdrawn")
    first = story.facts["first"]
    (undone,) = [
        one.recorded
        for one in bank().facts["finding"]
        if one.id == first.id and one.recorded != one.known
    ]
    before = result_of(bank(), undone - timedelta(minutes=1))
    assert {(one.rule, one.amount) for one in before.entries if one.fact == first.id} == {
        ("deduction", -20000),
        ("repeat_unit", -5000),
    }


def test_the_head_on_leave_is_not_barred_and_the_new_head_is_not() -> None:
    barred = {one.subject.id for one in result().bars if one.fact in ids(bank().story("acting"))}
    assert bank().story("acting").persons["head"] not in barred
    moved = bank().story("moved")
    heads = {
        post.person
        for post in bank().posts
        if post.unit == moved.units["new"] and post.post == "网点负责人"
    }
    assert not heads & {one.subject.id for one in result().bars if one.fact in ids(moved)}


def test_people_of_the_story_are_out_of_the_awards_of_the_year() -> None:
    new_year = generate(date.fromisoformat("2026-01-12"), 1, SMALL)
    year = result_of(new_year, period=year_of(new_year.period))
    story = new_year.story("barred")
    rows = {one.subject.id: one.eligible for one in year.awards if one.award == "person_eligible"}
    assert not any(rows[person] for person in story.bars)
    assert any(rows.values())


def test_the_lost_star_costs_the_target_of_the_quarter_and_not_of_the_one_before() -> None:
    county = generate_double_star(AS_OF, 1)
    now = result_of(county)
    check_story(county.story("star_lost"), now)
    before = result_of(county, period=previous(county.period))
    assert now.missing == before.missing == ()
    assert [one.met for one in before.targets if one.target == "goal_two"] == [True]
    for other in ("goal_one", "goal_three"):
        assert [one.met for one in now.targets if one.target == other] == [True]


def test_another_base_of_the_rate_changes_the_last_one_and_no_other_fine() -> None:
    adoption = bank().adoption.replace("complaint_basis: 客户数", "complaint_basis: 员工数")
    assert adoption != bank().adoption
    other = result_of(replace(bank(), adoption=adoption))
    assert other.missing == ()
    events = [one for one in result().entries if one.kind is EntryKind.EVENT]
    assert [one for one in other.entries if one.kind is EntryKind.EVENT] == events
    rates = [
        [one for one in found.measures if one.measure == "complaint_rate"]
        for found in (other, result())
    ]
    assert rates[0] != rates[1]


def test_days_that_are_not_declared_are_missing_and_never_zero() -> None:
    last = bank().period.end - timedelta(days=30)
    declared = tuple(replace(row, till=last) for row in bank().coverage)
    told = result_of(replace(bank(), coverage=declared))
    assert told.provisional
    assert {row.kind for row in told.missing} >= {"complaint", "finding", "volume"}


def test_the_page_on_the_demo_lists_every_story(root: Path) -> None:
    page = (root / "docs" / "演示银行.md").read_text(encoding="utf-8")
    told = (*bank().stories, *generate_double_star(AS_OF, 1).stories)
    for number, story in enumerate(told, 1):
        assert f"\n{number}. {story.title}" in page


DAYS = (
    "2023-04-01",  # the plan's first quarter is just over
    "2024-02-29",
    "2024-03-31",  # the quarter's last day: it is not over
    "2024-04-01",
    "2024-12-31",
    "2025-01-01",
    "2025-02-28",
    "2026-01-01",
    "2026-02-20",  # in the Spring Festival
    "2027-03-15",  # no calendar of 2027 is announced
)


@pytest.mark.parametrize("day", DAYS)
def test_the_stories_hold_on_days_at_the_edges(day: str) -> None:
    found = generate(date.fromisoformat(day), 7, SMALL)
    _check(found)
    late = found.story("late")
    before = result_of(found, end_of_day(found.period.end))
    assert not [one for one in before.entries if one.fact in ids(late)]
    county = generate_double_star(found.as_of, 7)
    told = result_of(county)
    assert told.missing == ()
    check_story(county.story("star_lost"), told)


@settings(max_examples=10)
@given(
    as_of=st.dates(date.fromisoformat("2024-01-01"), date.fromisoformat("2026-12-31")),
    seed=st.integers(-(10**6), 10**6),
)
@example(as_of=date.fromisoformat("2025-10-10"), seed=0)
def test_the_stories_hold_for_any_seed_and_day(as_of: date, seed: int) -> None:
    _check(generate(as_of, seed, SMALL))


def _check(found: DemoBank) -> None:
    told = result_of(found)
    assert told.missing == ()
    for story in found.stories:
        check_story(story, told)
