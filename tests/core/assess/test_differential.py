"""The reference and the SQL back end agree, entry for entry, on random plans and books."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from random import SystemRandom

import duckdb
import pytest

from tests.core.assess.differ import Bench, smallest, told
from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from wenyou_core.assess.facts import FactBook
from wenyou_core.assess.program import Program
from wenyou_core.assess.sql.engine import DuckEngine
from wenyou_core.worktime.calendar_data import read_calendar

pytestmark = pytest.mark.differential
CHUNKS, SCHEMES = 25, 20
"""Chunks of plans; each plan is run on four banks with facts of their own: 2,000 pairs in all."""
FRESH = 500


@pytest.fixture(scope="module")
def bench(root) -> Iterator[Bench]:  # type: ignore[no-untyped-def]
    """One connection for all pairs of a process."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    data = root / "src/wenyou_core/worktime/data/cn_holidays.yaml"
    yield Bench(connection, DuckEngine(connection), read_calendar(data.read_text("utf-8")))
    connection.close()


def _differ(bench: Bench, moment: datetime | None, program: Program, book: FactBook) -> bool:
    return bool(bench.difference(program, book, moment))


def _agree(bench: Bench, seed: int) -> None:
    scheme = make_scheme(seed)
    book, moment = make_book(scheme), known_at(scheme)
    if not bench.difference(scheme.program, book, moment):
        return
    plan, program, book = smallest(scheme, book, partial(_differ, bench, moment))
    found = bench.difference(program, book, moment)
    pytest.fail(f"seed {seed}\n{told(plan, program, book)}\n{found}")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_sql_agrees_with_the_reference_on_random_pairs(bench: Bench, chunk: int) -> None:
    for seed in range(chunk * SCHEMES, (chunk + 1) * SCHEMES):
        _agree(bench, seed)


@pytest.mark.long
def test_sql_agrees_with_the_reference_on_fresh_pairs(bench: Bench) -> None:
    start = SystemRandom().randrange(10**6, 10**9)
    for seed in range(start, start + FRESH):
        _agree(bench, seed)
