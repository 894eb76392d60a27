"""DuckDB as a whole bank's run needs it: within a memory limit, spilling beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY = "1000MB"
"""What DuckDB may take; with the rest of the process it stays below 1.5 GB."""


def bank_connection(spill: Path) -> DuckDBPyConnection:
    """A connection in memory that keeps no order of rows nobody asked for."""
    import duckdb  # noqa: PLC0415 -- slow import

    connection = duckdb.connect(config={"autoinstall_known_extensions": "false"})
    folder = str(spill).replace("'", "''")
    for setting in (
        f"memory_limit = '{MEMORY}'",
        f"temp_directory = '{folder}'",
        "preserve_insertion_order = false",
        "enable_progress_bar = false",
    ):
        connection.execute(f"SET {setting}")
    return connection
