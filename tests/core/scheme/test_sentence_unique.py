"""Two things that differ never print the same sentence."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.scheme.random_things import SAYABLE, Maker, awkward_plan, blank, essence, mutants
from wenyou_core.scheme.model import ExclusionSet, Parameter, Table
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names

PLAN = awkward_plan()
NAMES = Names(PLAN)
ALL = (*SAYABLE, Parameter, Table, ExclusionSet)
QUIET = settings(
    max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
@given(seed=st.integers(0, 10**9))
@QUIET
def test_sentence_changes_with_every_field(cls: type, seed: int) -> None:
    maker = Maker(seed)
    thing = maker.thing(cls)
    said = {sentence_of(NAMES, thing): blank(thing)}

    for other in mutants(thing, maker):
        text, bare = sentence_of(NAMES, other), blank(other)
        assert said.setdefault(text, bare) == bare, text


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_random_things_share_no_sentence_unless_they_are_equal(cls: type) -> None:
    maker = Maker(7)
    said: dict[str, str] = {}

    for _ in range(300):
        thing = maker.thing(cls)
        text, meant = sentence_of(NAMES, thing), essence(thing)
        assert said.setdefault(text, meant) == meant, text


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_sentence_is_one_line_that_ends_with_a_full_stop(cls: type) -> None:
    maker = Maker(11)

    for _ in range(60):
        text = sentence_of(NAMES, maker.thing(cls))
        assert text.endswith("。")
        assert not re.search(r"[,;:?]", text)
