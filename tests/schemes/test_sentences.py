"""The shipped plans print sentences that tell every two of their things apart."""

from __future__ import annotations

import pytest

from tests.core.scheme.random_things import Maker, essence, mutants
from wenyou_core.scheme.sentence import sentence_of, things_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_desk.plans import open_plan, shipped


@pytest.mark.parametrize("name", shipped())
def test_sentences_of_a_plan_differ_unless_things_are_equal(name: str) -> None:
    plan = open_plan(name).plan
    names = Names(plan)
    said: dict[str, str] = {}

    for article in plan.articles:
        for thing in things_of(article):
            key = f"{type(thing).__name__} {sentence_of(names, thing)}"
            assert said.setdefault(key, essence(thing)) == essence(thing), key
    assert said


@pytest.mark.parametrize("name", shipped())
def test_sentence_of_a_plan_changes_when_one_field_does(name: str) -> None:
    plan = open_plan(name).plan
    names, maker = Names(plan), Maker(5)

    for article in plan.articles:
        for thing in things_of(article):
            said = {sentence_of(names, thing): essence(thing)}
            for other in mutants(thing, maker, tries=1):
                text = sentence_of(names, other)
                assert said.setdefault(text, essence(other)) == essence(other), text
