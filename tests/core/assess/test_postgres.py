"""Every shipped case, and some random pairs, on PostgreSQL: the same tree, the same result.

The cases run on DuckDB too, where they cost little once their programs are compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from tests.core.assess.differ import differences
from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from tests.core.assess.make import fact
from tests.core.assess.play import book as played
from tests.core.assess.play import program
from tests.core.assess.test_running import GIVEN, SHARED, cuts
from tests.core.worktime.shipped import shipped_calendar
from tests.schemes.shipped import plan_names
from tests.schemes.together import Together, together_of
from tools.postgres import NoPostgres, cluster
from wenyou_core.assess.reference import assess
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.compile import compile_program
from wenyou_core.assess.sql.engine import DuckEngine, PostgresEngine
from wenyou_core.assess.sql.run import run_sql

pytestmark = pytest.mark.differential
RANDOM_SCHEMES = range(10_000, 10_006)
CATALOGS = "pg_attribute, pg_class, pg_depend, pg_type"
"""What hundreds of temporary tables leave their traces in."""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """A PostgreSQL of our own, in a new folder; skipped where it cannot start."""
    psycopg = pytest.importorskip("psycopg", reason="没有安装 psycopg，跳过 PostgreSQL 的对照。")
    with ExitStack() as stack:
        try:
            address = stack.enter_context(cluster())
        except NoPostgres as error:
            pytest.skip(f"这台机器上 PostgreSQL 启动不了，跳过对照：{error}")
        yield stack.enter_context(psycopg.connect(address, autocommit=True))


@pytest.fixture(scope="module")
def duck() -> Iterator[Any]:
    """One DuckDB for all plans."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield connection


def _wrong(one: Together, postgres: Any, duck: Any) -> Iterator[str]:
    """Where an engine differs from the reference, or a case comes out otherwise than alone."""
    calendar = shipped_calendar()
    expected = assess(one.program, one.book, one.known_at, calendar=calendar)
    yield from one.wrong(expected)
    source = BookSource(one.book, one.program, one.known_at, calendar)
    compiled = compile_program(one.program, source.shape)
    for engine in (PostgresEngine(postgres), DuckEngine(duck)):
        engine.run("BEGIN")
        try:
            found = run_sql(one.program, source, engine, compiled).result()
        finally:
            engine.run("ROLLBACK")
        yield from differences(expected, found)


@pytest.mark.parametrize("plan", plan_names())
def test_every_case_of_a_shipped_plan_agrees_on_both_engines(
    postgres: Any, duck: Any, plan: str
) -> None:
    wrong = [line for one in together_of(plan) for line in _wrong(one, postgres, duck)]
    postgres.execute(f"VACUUM {CATALOGS}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("seed", RANDOM_SCHEMES)
def test_random_pairs_agree_on_postgresql(postgres: Any, seed: int) -> None:
    scheme = make_scheme(seed)
    book = make_book(scheme)
    few = replace(book, facts={kind: rows[::3] for kind, rows in book.facts.items()})
    calendar = shipped_calendar()
    source = BookSource(few, scheme.program, known_at(scheme), calendar)
    postgres.execute("BEGIN")
    try:
        found = run_sql(scheme.program, source, PostgresEngine(postgres)).result()
    finally:
        postgres.execute("ROLLBACK")
    expected = assess(scheme.program, few, known_at(scheme), calendar=calendar)
    assert list(differences(expected, found)) == []


DOUBLED = """
params:
  most: {title: 每件最多, type: amount, unit: 元, values: [{since: 2025-07-01, value: 300}, {since: 2025-08-01, value: -500}]}
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: -100 元, again: {window: all, factor: 2, ceiling: param.most}, also: true}
"""


def test_ceiling_of_a_repeat_that_is_a_parameter_is_that_of_each_day_on_postgresql(
    postgres: Any,
) -> None:
    bound, days = program(DOUBLED), ("2025-07-01", "2025-07-02", "2025-07-31", "2025-08-01")
    held = played([fact("finding", f"f{one}", one, unit="U1") for one in days])
    postgres.execute("BEGIN")
    try:
        source = BookSource(held, bound, None, shipped_calendar())
        found = run_sql(bound, source, PostgresEngine(postgres)).result()
    finally:
        postgres.execute("ROLLBACK")
    assert [one.amount for one in found.entries] == [-10000, -20000, -30000, -50000]


@pytest.mark.parametrize("end", ["per: period", "per: year"])
def test_running_bounds_cut_the_same_on_postgresql(postgres: Any, end: str) -> None:
    bound = program(SHARED.replace("running: true", f"{end}, running: true"))
    postgres.execute("BEGIN")
    try:
        source = BookSource(played(GIVEN), bound, None, shipped_calendar())
        found = run_sql(bound, source, PostgresEngine(postgres)).result()
    finally:
        postgres.execute("ROLLBACK")
    assert cuts(found, "given") == {"f2": 100, "f4": 300}
    assert cuts(found, "got") == {"f2": -100, "f4": -300}
