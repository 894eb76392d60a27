"""Demo banks assessed at the level of data, without files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache

from wenyou_core.assess.bind import bind
from wenyou_core.assess.known import as_known
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result
from wenyou_core.scheme.load import load_adoption
from wenyou_core.worktime.periods import Period
from wenyou_desk.demo import DemoBank, Size
from wenyou_desk.demo.model import Story
from wenyou_desk.plans import PlanFile, open_plan

AS_OF = date.fromisoformat("2025-10-10")
SMALL = Size(sub_branches=4, outlets=24, people=260)


@cache
def plan_of(name: str) -> PlanFile:
    return open_plan(name)


def result_of(
    bank: DemoBank, known_at: datetime | None = None, period: Period | None = None
) -> Result:
    plan = plan_of(bank.plan)
    adoption = load_adoption(bank.adoption, "采用.yaml")
    program = bind(plan.checked, adoption, period or bank.period)
    return assess(program, as_known(bank.book, known_at), known_at)


def ids(story: Story) -> set[str]:
    return {fact.id for fact in story.facts.values()}


def check_story(story: Story, result: Result) -> None:
    """Everything that a story says of the result is so, and nothing else comes of its facts."""
    facts = ids(story)
    entries = [
        (one.rule, one.subject.id, one.fact, one.ledger, one.amount)
        for one in result.entries
        if one.fact in facts
    ]
    expected = [
        (one.rule, one.subject, one.fact, one.ledger, one.amount * 10 ** result.digits[one.ledger])
        for one in story.entries
    ]
    assert sorted(entries) == sorted(expected), story.key
    assert _barred(result, facts) == sorted(story.bars), story.key
    assert sorted(one.fact for one in result.uncounted if one.fact in facts) == sorted(
        story.uncounted
    ), story.key
    waiting = {one.id for row in result.waiting for one in row.subjects}
    assert set(story.waiting) <= waiting, story.key
    apart = {one.subject.id for one in result.measures if one.absent}
    assert set(story.apart) <= apart, story.key
    missed = {one.target for one in result.targets if one.met is False}
    assert set(story.missed) <= missed, story.key


def _barred(result: Result, facts: Iterable[str]) -> list[str]:
    return sorted(one.subject.id for one in result.bars if one.fact in facts)
