"""Numbers of matters: letters of the kind, the year, six digits; gaps are allowed, twins are not."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wenyou.matters.kinds import KINDS
from wenyou.matters.models import NumberSeries


def next_number(flow: str, at: datetime) -> str:
    """The next number of a kind in the year of ``at``: TS2026-000123."""
    return next_numbers(flow, at, 1)[0]


@transaction.atomic
def next_numbers(flow: str, at: datetime, count: int) -> list[str]:
    """As many numbers in a row, reserved at once; the series' row is locked until the commit."""
    name = f"{KINDS[flow].prefix}{timezone.localtime(at).year}"
    series = NumberSeries.objects.filter(name=name)
    if not series.update(last=F("last") + count):
        NumberSeries.objects.get_or_create(name=name)
        series.update(last=F("last") + count)
    last = series.values_list("last", flat=True).get()
    return [f"{name}-{number:06d}" for number in range(last - count + 1, last + 1)]
