"""Several people at the same moment, each with a connection of his own: on PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import connection


def at_once(work: Callable[[int], None], count: int) -> None:
    """Run in as many threads, each with a connection of its own."""
    gate = threading.Barrier(count)
    broken: list[BaseException] = []

    def run(number: int) -> None:
        gate.wait()
        try:
            work(number)
        except BaseException as error:  # noqa: BLE001 -- raised again below
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if broken:
        raise broken[0]
