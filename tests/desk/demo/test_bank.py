"""A demo bank as data: its size, its days, its people, and that chance repeats itself."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.desk.demo.assessed import AS_OF, SMALL, plan_of
from wenyou_core.assess.facts import PostSpan
from wenyou_core.assess.known import known_day
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.words import State
from wenyou_desk.demo import DemoBank, Size, generate
from wenyou_desk.demo.days import Days, is_workday
from wenyou_desk.demo.generate import PREFIXES
from wenyou_desk.facts.judge import judge

HEADS = ("网点负责人", "营业部主任")


@cache
def bank() -> DemoBank:
    return generate(AS_OF, 1)


def test_the_bank_has_six_sub_branches_sixty_outlets_and_nine_hundred_people() -> None:
    kinds = Counter(span.values["kind"] for span in bank().units if span.till is None)
    assert kinds["营业网点"] == 60
    assert kinds["支行"] == 1 + 6  # and the branch above
    assert len({person.id for person in bank().persons}) == len(bank().persons) == 900


def test_the_facts_are_two_years_long_and_end_on_the_day() -> None:
    days = [fact.happened for facts in bank().facts.values() for fact in facts]
    assert min(days) >= date.fromisoformat("2023-10-11")
    assert min(days) < date.fromisoformat("2023-11-01")
    assert date.fromisoformat("2025-10-01") < max(days) <= AS_OF
    known = [known_day(fact) for facts in bank().facts.values() for fact in facts]
    assert max(known) <= AS_OF


def test_nothing_is_written_down_before_the_minute_it_happened() -> None:
    timed = [
        (one, one.at) for facts in bank().facts.values() for one in facts if one.at is not None
    ]
    moments = [
        datetime.combine(one.happened, time(at // 60, at % 60), one.known.tzinfo)
        for one, at in timed
    ]
    early = [one.id for (one, _), then in zip(timed, moments, strict=True) if one.known < then]
    assert len(timed) > 100
    assert early == []


def test_the_judge_of_facts_finds_neither_fault_nor_remark() -> None:
    found = judge(bank().book, plan_of(bank().plan).plan)
    assert (found.faults, found.remarks) == ([], [])


def test_every_kind_of_fact_of_the_plan_happens_and_has_its_own_numbers() -> None:
    assert set(bank().facts) == set(PREFIXES) == set(plan_of(bank().plan).plan.facts)
    assert len(set(PREFIXES.values())) == len(PREFIXES)
    for kind, facts in bank().facts.items():
        assert all(fact.id.startswith(PREFIXES[kind]) for fact in facts)


def test_the_same_arguments_give_the_same_bank_and_another_seed_another() -> None:
    assert generate(AS_OF, 1) == bank()
    other = generate(AS_OF, 2)
    assert other.facts != bank().facts
    assert other.persons != bank().persons


def test_every_outlet_has_one_regular_head_on_every_day_it_is_open() -> None:
    opened = {span.id: span.since for span in bank().units if span.values.get("class")}
    for span in bank().units:  # of an outlet with a new name the first row tells the opening
        if span.id in opened:
            opened[span.id] = min(opened[span.id], span.since)
    held: dict[str, list[PostSpan]] = {unit: [] for unit in opened}
    for post in bank().posts:
        if post.post in HEADS and not post.acting:
            held[post.unit].append(post)
    for unit, posts in held.items():
        posts.sort(key=lambda post: post.since)
        assert posts[0].since <= max(opened[unit], date.fromisoformat("2023-10-11"))
        assert posts[-1].till is None
        for first, second in pairwise(posts):
            assert first.till is not None
            assert second.since == first.till + timedelta(days=1)


def test_people_move_go_on_leave_come_and_go() -> None:
    units: dict[str, set[str]] = {}
    for post in bank().posts:
        units.setdefault(post.person, set()).add(post.unit)
    assert sum(len(found) > 1 for found in units.values()) > 80
    assert sum(post.acting for post in bank().posts) > 100
    assert sum(post.post == "长期休假" for post in bank().posts) > 20
    assert sum(person.till is not None for person in bank().persons) > 5
    assert sum(person.since > date.fromisoformat("2023-10-11") for person in bank().persons) > 10


def test_two_people_have_the_same_name_and_different_numbers() -> None:
    names = Counter(person.name for person in bank().persons)
    assert names.most_common(1)[0][1] >= 2


def test_an_outlet_opens_and_another_gets_a_new_name() -> None:
    assert any(span.since > date.fromisoformat("2023-10-11") for span in bank().units)
    renamed = [span for span in bank().units if span.till is not None]
    assert len(renamed) == 1
    (after,) = [span for span in bank().units if span.id == renamed[0].id and span.till is None]
    assert after.name != renamed[0].name


def test_most_days_of_an_outlet_pass_without_a_complaint() -> None:
    days = {(fact.unit, fact.happened) for fact in bank().facts["complaint"]}
    assert 200 < len(days) < 500  # of 60 × 731
    channels = Counter(fact.values["channel"] for fact in bank().facts["complaint"])
    assert channels.most_common(1)[0][0] == "客服热线"


def test_mondays_bring_more_complaints_than_sundays() -> None:
    weekdays = Counter(
        fact.happened.isoweekday()
        for seed in range(5)
        for fact in generate(AS_OF, seed, SMALL).facts["complaint"]
    )
    assert weekdays[1] > 1.5 * weekdays[7]


def test_inspections_fall_on_workdays_only() -> None:
    assert all(is_workday(fact.happened) for fact in bank().facts["inspection"])
    assert not is_workday(date.fromisoformat("2025-10-08"))  # the Mid-Autumn holiday
    assert is_workday(date.fromisoformat("2025-10-11"))  # a make-up Saturday


def test_young_complaints_wait_for_their_ruling_and_old_ones_do_not() -> None:
    stories = {fact.id for story in bank().stories for fact in story.facts.values()}
    for fact in bank().facts["complaint"]:
        if fact.id not in stories:
            young = known_day(fact) > AS_OF - timedelta(days=12)
            assert (fact.values["ruling"] == "待认定") == young
            assert young or fact.state is State.CONFIRMED


def test_a_bank_of_another_size_has_what_was_asked_for() -> None:
    large = generate(AS_OF, 1, Size(sub_branches=20, outlets=200, people=2600))
    assert sum(span.values["kind"] == "营业网点" for span in large.units if not span.till) == 200
    assert len(large.persons) == 2600


@pytest.mark.parametrize(
    ("sub_branches", "outlets", "people"), [(6, 19, 900), (6, 60, 500), (0, 60, 900), (16, 60, 900)]
)
def test_a_bank_too_small_for_its_stories_is_refused(
    sub_branches: int, outlets: int, people: int
) -> None:
    with pytest.raises(ValueError, match="needs"):
        Size(sub_branches=sub_branches, outlets=outlets, people=people)


@pytest.mark.parametrize("day", ["2023-03-31", "1999-01-01", "2100-01-01"])
def test_a_day_before_the_first_quarter_of_the_plan_is_refused(day: str) -> None:
    with pytest.raises(InputRefused, match="不在 2023-04-01 至 2099-12-31 之间"):
        generate(date.fromisoformat(day), 1)


@given(st.dates(date.fromisoformat("2023-04-01"), date.fromisoformat("2099-12-31")))
def test_the_period_is_the_last_quarter_that_is_over(as_of: date) -> None:
    days = Days(as_of)
    assert days.last < as_of <= days.last + timedelta(days=92)
    assert (days.first.month - 1) % 3 == 0
    assert (days.last + timedelta(days=1)).day == 1
    assert timedelta(days=729) <= as_of - days.start <= timedelta(days=730)
