"""The reference and the SQL back end agree, entry for entry, on random plans and books."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from random import SystemRandom

import duckdb
import pytest

from tests.core.assess.differ import Bench, smallest, told
from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from wenyou_core.assess.sql.engine import DuckEngine
from wenyou_core.worktime.calendar_data import read_calendar

CHUNKS, SCHEMES, BOOKS = 25, 20, 4
"""Chunks of plans, and books for each plan: 2,000 pairs in all."""
FRESH = 2_000


@pytest.fixture(scope="module")
def bench(root) -> Iterator[Bench]:  # type: ignore[no-untyped-def]
    """One connection for all pairs of a process."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    data = root / "src/wenyou_core/worktime/data/cn_holidays.yaml"
    yield Bench(connection, DuckEngine(connection), read_calendar(data.read_text("utf-8")))
    connection.close()


def _agree(bench: Bench, seed: int, books: int) -> None:
    scheme = make_scheme(seed)
    for number in range(books):
        book, moment = make_book(scheme, number), known_at(scheme, number)
        if not bench.difference(scheme.program, book, moment):
            continue
        differs = partial(lambda program, less: bool(bench.difference(program, less, moment)))
        plan, program, book = smallest(scheme, book, differs)
        found = bench.difference(program, book, moment)
        pytest.fail(f"seed {seed}, book {number}\n{told(plan, program, book)}\n{found}")


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_sql_agrees_with_the_reference_on_random_pairs(bench: Bench, chunk: int) -> None:
    for seed in range(chunk * SCHEMES, (chunk + 1) * SCHEMES):
        _agree(bench, seed, BOOKS)


@pytest.mark.long
def test_sql_agrees_with_the_reference_on_fresh_pairs(bench: Bench) -> None:
    start = SystemRandom().randrange(10**6, 10**9)
    for seed in range(start, start + FRESH):
        _agree(bench, seed, 1)
