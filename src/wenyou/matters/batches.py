"""Many rows a few at a time, while each of them is written to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
SIZE = 500


def few_at_a_time(rows: QuerySet[Row], size: int = SIZE) -> Iterator[Row]:
    """The rows in their order; what is gone by the time it is reached is left out.

    No statement stays open between two rows. SQLite refuses to begin a transaction behind an open
    one ("database is locked", at once) when another process has written meanwhile.
    """
    keys = list(rows.values_list("pk", flat=True))
    for start in range(0, len(keys), size):
        some = keys[start : start + size]
        found = {row.pk: row for row in rows.filter(pk__in=some)}
        yield from (found[key] for key in some if key in found)
