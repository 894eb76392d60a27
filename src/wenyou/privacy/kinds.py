"""What a class of records is: from when it is counted, what of it is erased, and how."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grave:
    """What a tombstone says of one erased object; ``files`` are hashes of files that go too."""

    object_kind: str
    object_id: int
    title: str
    unit_id: int | None = None
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows went, and the tombstones; classes of mere technical rows leave none."""

    count: int
    graves: Sequence[Grave] = field(default=())


def none_held(rows: Rows) -> Rows:
    """No hold concerns these rows."""
    return rows.none()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClass:
    """One class. ``rows`` are those whose period, counted back from a moment, is over.

    ``held`` are those of them that a hold keeps. ``erase`` takes some of the rows and the moment.
    ``least_months`` is the shortest period a law allows, with its source. ``at_once`` rows go in
    one piece and not in batches.
    """

    code: str
    group: str
    title: str
    counted_from: str
    erased: str
    rows: Callable[[datetime], Rows]
    erase: Callable[[Rows, datetime], Erased]
    held: Callable[[Rows], Rows] = none_held
    least_months: int = 0
    least_source: str = ""
    at_once: bool = False

    def free(self, before: datetime) -> Rows:
        """The rows that fell due and that nothing holds."""
        rows = self.rows(before)
        return rows.exclude(pk__in=self.held(rows).values("pk"))


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the last day of a shorter month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_after(day: date, months: int) -> date:
    """The same day so many months later."""
    return months_before(day, -months)


def beginning_of(day: date) -> datetime:
    """The first moment of a day here."""
    return timezone.make_aware(datetime.combine(day, time.min))


def first_day(before: datetime) -> date:
    """The day whose beginning a moment is."""
    return timezone.localdate(before)
