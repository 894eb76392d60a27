"""Statements of random runs: pages without files."""

from __future__ import annotations

from collections.abc import Iterator

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import Scheme, make_scheme
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.facts import FactBook
from wenyou_core.assess.known import as_known
from wenyou_core.assess.reference import assess
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.statements.gather import Gatherer
from wenyou_desk.statements.made import Made

COUNTS_WORKDAYS = "workdays("
"""A plan's text is looked at for this, to know whether the calendar is needed."""


def random_statements(seed: int) -> Iterator[tuple[Scheme, FactBook, Made]]:
    """Everybody's statement of a random run, with the scheme and the facts as known."""
    scheme = make_scheme(seed)
    moment = known_at(scheme)
    book = as_known(make_book(scheme), moment)
    result = assess(scheme.program, book, moment, calendar=shipped_calendar())
    record = RunRecord(
        result=result,
        period=scheme.program.run,
        plan_file="plan.yaml",
        plan_text=COUNTS_WORKDAYS,
        book=book,
    )
    for made in Gatherer(scheme.program, record).statements():
        yield scheme, book, made
