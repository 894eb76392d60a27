"""The chain over all audit rows, made after the fact so that no write waits for another's.

A row has no place until the tick gives it one: whichever rows are committed by then are taken,
so that one committed late, with a lower key, is never passed over. Its place is where it was
first seen, and the hash of the chain covers every row before it.
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import connection, transaction

from wenyou.audit.models import AuditCut, AuditRow

GENESIS = hashlib.sha256(b"wenyou audit chain 1").hexdigest()
BATCH = 1_000
AT_ONCE = 50
# Any number that nothing else in the database locks by.
LOCK = 7_140_226_391


def linked(before: str, place: int, digest: str) -> str:
    """The hash of the chain after a row with this digest at this place."""
    return hashlib.sha256(f"{before}\n{place}\n{digest}".encode("ascii")).hexdigest()


def chain_rows(now: datetime | None = None) -> int:
    """Give every row committed by now its place; how many were given one."""
    done = 0
    for _ in range(AT_ONCE):
        fresh = _chain_some()
        done += fresh
        if fresh < BATCH:
            break
    return done


@transaction.atomic
def _chain_some() -> int:
    lock()
    rows = list(AuditRow.objects.filter(place__isnull=True).order_by("pk")[:BATCH])
    place, chain = end_of_chain()
    for row in rows:
        place += 1
        chain = linked(chain, place, row.digest)
        row.place, row.chain = place, chain
    AuditRow.objects.bulk_update(rows, ["place", "chain"], batch_size=200)
    return len(rows)


def lock() -> None:
    """Let one process at a time add to the chain; SQLite has one writer anyhow."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def end_of_chain() -> tuple[int, str]:
    """The last place and the hash there; nothing chained yet: place 0.

    Where everything was erased by its period, the chain goes on from the cut.
    """
    found = AuditRow.objects.filter(place__isnull=False).order_by("-place")
    last = found.values_list("place", "chain").first()
    if last is not None:
        return last[0] or 0, last[1]
    cut = AuditCut.objects.order_by("-place").first()
    return (cut.place, cut.chain) if cut is not None else (0, GENESIS)
