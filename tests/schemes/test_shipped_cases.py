"""What the cases of the shipped plans must cover; the cases themselves: see ``conftest.py``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.schemes.shipped import case_files, cases, checked, plan_names
from wenyou_core.scheme.cases import Case
from wenyou_core.scheme.model import Article, Plan
from wenyou_core.scheme.words import ArticleKind


def computing(plan: Plan) -> Iterator[tuple[Article, str]]:
    """Every name that a computing article computes."""
    for article in plan.articles:
        if ArticleKind.RULE in article.kinds:
            for things in (
                article.measures,
                article.rules,
                article.grades,
                article.awards,
                article.targets,
            ):
                for name in things:
                    yield article, name


@pytest.mark.parametrize("plan", plan_names())
def test_every_rule_has_a_case_that_fires_and_one_that_just_misses(plan: str) -> None:
    shown: list[Case] = [case for path in case_files(plan) for case in cases(path)]
    fired = {name for case in shown for name in case.fires}
    missed = {name for case in shown for name in case.misses}
    lacking = [
        f"{article.no} {name}: {what}"
        for article, name in computing(checked(plan).plan)
        for what, names in (("no case fires", fired), ("no case misses", missed))
        if name not in names
    ]
    assert not lacking, "\n".join(lacking)


@pytest.mark.parametrize("plan", plan_names())
def test_every_case_belongs_to_an_article_of_its_plan(plan: str) -> None:
    numbers = {article.no for article in checked(plan).plan.articles}
    strange = [
        f"{case.name}: {case.article}"
        for path in case_files(plan)
        for case in cases(path)
        if case.article not in numbers
    ]
    assert strange == []


@pytest.mark.parametrize("plan", plan_names())
def test_no_two_cases_of_a_plan_share_a_name(plan: str) -> None:
    names = [case.name for path in case_files(plan) for case in cases(path)]
    assert sorted(names) == sorted(set(names))
