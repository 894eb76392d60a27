"""With which key marks are made, and whether anybody still makes some with another.

A mark is made, and seen by others only when its transaction ends. On PostgreSQL each such
transaction holds a shared lock named after the key until then, so that who changes the key can
wait for those that began before; later ones use the new key and are not held up. SQLite has one
writer at a time: the first row that is marked anew waits for all that came before.
"""

from __future__ import annotations

from django.db import connection, transaction

from wenyou.vault.house import house_ring
from wenyou.vault.keyring import Key

LOCKS = 0x5759


def marking() -> Key:
    """The key to make marks with in this transaction, read once for all marks of a text."""
    ring = house_ring()
    key = ring.index()
    if connection.vendor != "postgresql":
        return key
    while True:
        _ask("SELECT pg_advisory_xact_lock_shared(%s, %s)", key)
        now = ring.index()
        # Changed before the lock was had: nobody waits for this one any more.
        if now.id == key.id:
            return key
        key = now


def unused(key: Key) -> bool:
    """Whether no other open transaction has made marks with this key."""
    if connection.vendor != "postgresql":
        return True
    with transaction.atomic():
        return _ask("SELECT pg_try_advisory_xact_lock(%s, %s)", key) is True


def _ask(query: str, key: Key) -> object:
    number = int.from_bytes(bytes.fromhex(key.id), "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute(query, [LOCKS, number])
        return cursor.fetchone()[0]
