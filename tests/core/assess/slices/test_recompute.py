"""Everybody's figures, from the slice alone, are those of the whole run."""

from __future__ import annotations

from random import SystemRandom

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from tests.core.assess.slices.cutting import disagreements, traced
from tests.core.worktime.shipped import shipped_calendar
from tests.schemes.shipped import case_files, cases, checked, plan_names
from wenyou_core.assess.bind import bind
from wenyou_core.assess.casebook import adoption_of, fact_book
from wenyou_core.assess.reference import assess

CHUNKS, SCHEMES, FRESH = 3, 20, 1_000
SAMPLE = 6
"""Of the shipped cases every sixth; all of them with ``--long``."""


def _agree(seed: int) -> None:
    scheme = make_scheme(seed)
    book, moment = make_book(scheme, seed), known_at(scheme, seed)
    trace = traced(scheme.program, book, moment, shipped_calendar())
    found = disagreements(trace, moment)
    if found:
        pytest.fail(f"seed {seed}\n" + "\n".join(found[:5]))


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_slices_of_random_runs_give_the_same_figures(chunk: int) -> None:
    for seed in range(chunk * SCHEMES, (chunk + 1) * SCHEMES):
        _agree(seed)


@pytest.mark.long
def test_slices_of_fresh_runs_give_the_same_figures() -> None:
    start = SystemRandom().randrange(10**6, 10**9)
    for seed in range(start, start + FRESH):
        _agree(seed)


@pytest.mark.parametrize("plan", plan_names())
def test_slices_of_shipped_cases_give_the_same_figures(plan: str, long: bool) -> None:
    shown = [case for path in case_files(plan) for case in cases(path)]
    for case in shown[:: 1 if long else SAMPLE]:
        program = bind(checked(plan), adoption_of(case, checked(plan).plan), case.period)
        book = fact_book(case, checked(plan).plan)
        trace = traced(program, book, None, shipped_calendar())
        assert disagreements(trace, None) == [], case.name


def test_trace_gives_the_result_of_the_reference() -> None:
    for seed in range(20):
        scheme = make_scheme(seed)
        book, moment = make_book(scheme, seed), known_at(scheme, seed)
        whole = assess(scheme.program, book, moment, calendar=shipped_calendar())
        assert traced(scheme.program, book, moment, shipped_calendar()).result == whole
