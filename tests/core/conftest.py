"""What tests of the core share: both back ends side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.core.assess.differ import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The reference beside DuckDB, which keeps nothing of a run. Opening one takes 25 ms.

    Imported here, not by the process that only divides the tests among others.
    """
    import duckdb  # noqa: PLC0415 -- see above

    from tests.core.assess.differ import Bench  # noqa: PLC0415 -- see above
    from tests.core.worktime.shipped import shipped_calendar  # noqa: PLC0415 -- see above
    from wenyou_core.assess.sql.engine import DuckEngine  # noqa: PLC0415 -- see above

    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        yield Bench(connection, DuckEngine(connection), shipped_calendar())
