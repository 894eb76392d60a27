"""What falls due by itself: a table of periodic things, each claimed by one worker at a time."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from wenyou.jobs.models import Due
from wenyou.jobs.services import find_orphans

LOG = logging.getLogger(__name__)
CLAIM = timedelta(minutes=10)
ONE_DAY = timedelta(days=1)

Function = Callable[[datetime], object]


@dataclass(frozen=True, slots=True)
class Periodic:
    """Something periodic; with ``at`` it is due once a day at that time of Beijing."""

    name: str
    every: timedelta
    function: Function
    at: time | None = None

    def next_after(self, now: datetime) -> datetime:
        """When it is due next; what was missed is not made up for."""
        if self.at is None:
            return now + self.every
        here = timezone.localtime(now)
        today = here.replace(hour=self.at.hour, minute=self.at.minute, second=0, microsecond=0)
        return today if today > here else today + ONE_DAY

    @property
    def longest(self) -> timedelta:
        """How far ahead it can be due."""
        return ONE_DAY if self.at is not None else self.every


_PERIODIC: dict[str, Periodic] = {}


def register_periodic(
    name: str, every: timedelta, function: Function, *, at: time | None = None
) -> None:
    """Have ``function(now)`` called every so often; it must be short, long work is a job.

    ValueError when another function has the name.
    """
    known = _PERIODIC.setdefault(name, Periodic(name, every, function, at))
    if known.function is not function:
        raise ValueError(f"periodic {name} has two functions")


def periodics() -> list[Periodic]:
    """Everything periodic, in the order it was registered."""
    return list(_PERIODIC.values())


def tick(now: datetime | None = None) -> list[str]:
    """Do everything that is due and not claimed by another worker; the names of what was done."""
    now = now or timezone.now()
    known = set(Due.objects.values_list("name", flat=True))
    fresh = [Due(name=name, next_at=now) for name in _PERIODIC if name not in known]
    Due.objects.bulk_create(fresh, ignore_conflicts=True)
    kept = Due.objects.order_by("next_at").values_list("name", "next_at")
    due = [
        _PERIODIC[name] for name, at in list(kept) if name in _PERIODIC and _is_due(name, at, now)
    ]
    return [one.name for one in due if _seen_to(one, now)]


def _is_due(name: str, next_at: datetime, now: datetime) -> bool:
    """Also when it is due further ahead than it can be: the clock was wrong and has been set back."""
    return next_at <= now or next_at > now + _PERIODIC[name].longest


def _seen_to(periodic: Periodic, now: datetime) -> bool:
    row = Due.objects.filter(name=periodic.name)
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    free |= Q(claimed_until__gt=now + CLAIM)
    due = Q(next_at__lte=now) | Q(next_at__gt=now + periodic.longest)
    if not row.filter(free, due).update(claimed_until=now + CLAIM):
        return False
    error = ""
    try:
        periodic.function(now)
    except Exception:
        number = secrets.token_hex(4)
        LOG.exception("periodic %s failed, log %s", periodic.name, number)
        error = f"上一次运行出错，编号 {number}。"
    row.update(next_at=periodic.next_after(now), last_at=now, last_error=error, claimed_until=None)
    return True


register_periodic("jobs.orphans", timedelta(minutes=2), find_orphans)
