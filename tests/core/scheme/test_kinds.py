"""The language says every kind of rule, every hard case and every sketch of the requirements."""

from __future__ import annotations

import pytest

from tests.core.scheme.kind_plans import articles, cases, checked, computed
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.cases import run_case
from wenyou_core.scheme.cases import Case


def _named(case: Case) -> str:
    return f"{case.article} {case.name}"


@pytest.mark.parametrize("case", cases(), ids=_named)
def test_case_comes_out_as_it_says(case: Case) -> None:
    assert run_case(checked(case.article), case, calendar=shipped_calendar()) == []


@pytest.mark.parametrize("number", articles())
def test_everything_of_an_article_fires_in_one_case_and_misses_in_another(number: str) -> None:
    own = [case for case in cases() if case.article == number]
    fires = {name for case in own for name in case.fires}
    misses = {name for case in own for name in case.misses}
    names = computed(articles()[number][1])
    assert [name for name in names if name not in fires] == []
    assert [name for name in names if name not in misses] == []
