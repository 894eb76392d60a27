"""What tests of the core share: both back ends side by side."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from tests.core.assess.differ import Bench
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.sql.engine import DuckEngine


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The reference beside DuckDB, which keeps nothing of a run. Opening one takes 25 ms."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield Bench(connection, DuckEngine(connection), shipped_calendar())
