"""Who leads a unit at a moment: the head, an acting head, or the stand-in of an absent one."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from wenyou.org.models import Absence, Employee, Posting, Unit

LONGEST_CHAIN = 5
# Every absence there is, by person; nothing outside a block of ``absences_kept``.
_kept: ContextVar[Mapping[int, list[Absence]] | None] = ContextVar("absences", default=None)


@contextmanager
def absences_kept() -> Iterator[None]:
    """Within this block absences are those of its beginning, read once.

    Only for many moves at once, while nobody goes on leave: the laying of a bank.
    """
    found: dict[int, list[Absence]] = {}
    for row in Absence.objects.select_related("stand_in").order_by("pk"):
        found.setdefault(row.employee_id, []).append(row)
    token = _kept.set(found)
    try:
        yield
    finally:
        _kept.reset(token)


@dataclass(frozen=True, slots=True)
class Headship:
    """Who leads: ``acting`` by appointment, ``stands_for`` names the absent one."""

    employee: Employee
    acting: bool = False
    stands_for: Employee | None = None


def head_of(unit: Unit, at: datetime) -> Headship | None:
    """Who leads a unit at a moment; None when nobody does or all are absent."""
    return heads_of([unit.pk], at).get(unit.pk)


def heads_of(units: Collection[int], at: datetime) -> dict[int, Headship]:
    """Who leads each of the units at a moment, in three queries however many they are.

    The head before an acting one; whoever is absent is replaced by the stand-in, and left out
    without one. Units nobody leads are missing from the answer.
    """
    day = timezone.localdate(at)
    rows = (
        Posting.objects.filter(unit_id__in=list(units), head=True, from_on__lte=day)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=day))
        .select_related("employee")
        .order_by("unit_id", "acting", "-from_on", "pk")
    )
    postings = list(rows)
    deputies = Deputies(at, {row.employee_id for row in postings})
    found: dict[int, Headship] = {}
    for row in postings:
        if row.unit_id in found:
            continue
        present = deputies.of(row.employee)
        if present is not None:
            absent = row.employee if present.pk != row.employee_id else None
            found[row.unit_id] = Headship(present, row.acting, absent)
    return found


def deputy_of(employee: Employee, at: datetime) -> Employee | None:
    """The person himself, or who stands in for him while he is away; None: nobody does."""
    return Deputies(at, {employee.pk}).of(employee)


class Deputies:
    """Who is away at a moment and who acts for whom, for a number of people at once."""

    def __init__(self, at: datetime, people: Collection[int]) -> None:
        self._away: dict[int, Employee | None] = {}
        asked: set[int] = set()
        wanted = set(people)
        for _ in range(LONGEST_CHAIN):
            if not wanted:
                break
            asked |= wanted
            self._away.update(_absent(at, wanted))
            wanted = {one.pk for one in self._away.values() if one is not None} - asked

    def of(self, employee: Employee) -> Employee | None:
        """Who acts for a person, through a chain of stand-ins that are away themselves."""
        seen: set[int] = set()
        present: Employee | None = employee
        while present is not None and present.pk in self._away:
            if present.pk in seen or len(seen) >= LONGEST_CHAIN:
                return None
            seen.add(present.pk)
            present = self._away[present.pk]
        return present


def _absent(at: datetime, people: Collection[int]) -> Mapping[int, Employee | None]:
    kept = _kept.get()
    if kept is not None:
        return {
            row.employee_id: row.stand_in
            for person in people
            for row in kept.get(person, ())
            if row.from_at <= at < row.until_at
        }
    rows = Absence.objects.filter(employee_id__in=list(people), from_at__lte=at, until_at__gt=at)
    return {row.employee_id: row.stand_in for row in rows.select_related("stand_in").order_by("pk")}
