"""In random runs of several banks each has the figures that it has alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import SystemRandom

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import Scheme, make_scheme
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.facts import DECISION, Fact, FactBook
from wenyou_core.assess.known import as_known
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.prepare import World
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result

SCHEMES, FRESH = 40, 300


def alone(scheme: Scheme, book: FactBook, bank: str) -> FactBook:
    """The facts of one bank, and what is filed by nobody's adopting unit; all else as it is."""
    world = World(scheme.program, Org(book, scheme.program), Notes(scheme.program))

    def kept(fact: Fact) -> bool:
        if fact.kind == DECISION or of_bank(scheme, fact.id) == bank:
            return True
        day = world.deciding_day(fact, world.date_name("", fact.kind)) or fact.happened
        return fact.kind == "filing" and not world.org.adopter_of(fact.unit, day)

    facts = {kind: tuple(filter(kept, rows)) for kind, rows in book.facts.items()}
    return replace(book, facts=facts)


def of_bank(scheme: Scheme, name: str) -> str:
    """Which bank an id belongs to."""
    return next((tag for tag in scheme.banks if tag and name.endswith(tag)), "")


def figures(scheme: Scheme, result: Result, bank: str) -> Iterator[object]:
    """What the result says of the units and people of one bank."""
    for rows in (result.entries, result.measures, result.bars, result.tasks):
        yield from (row for row in rows if of_bank(scheme, row.subject.id) == bank)
    yield from (row for row in result.uncounted if of_bank(scheme, row.fact) == bank)


def _apart(seed: int) -> None:
    scheme = make_scheme(seed)
    moment, calendar = known_at(scheme), shipped_calendar()
    book = as_known(make_book(scheme), moment)
    whole = assess(scheme.program, book, moment, calendar=calendar)
    bank = scheme.banks[seed % len(scheme.banks)]
    own = assess(scheme.program, alone(scheme, book, bank), moment, calendar=calendar)
    found = list(figures(scheme, whole, bank))
    assert found == list(figures(scheme, own, bank)), f"seed {seed}"


@pytest.mark.differential
def test_bank_of_a_random_run_has_the_figures_that_it_has_alone() -> None:
    for seed in range(SCHEMES):
        _apart(seed)


@pytest.mark.long
def test_bank_of_a_fresh_run_has_the_figures_that_it_has_alone() -> None:
    start = SystemRandom().randrange(10**6, 10**9)
    for seed in range(start, start + FRESH):
        _apart(seed)
