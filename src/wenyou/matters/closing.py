"""A unit with open matters does not close: the organization asks here before it does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from wenyou.matters.models import Matter
from wenyou.org.hooks import before_closing

if TYPE_CHECKING:
    from wenyou.org.models import Unit


@before_closing
def open_matters(unit: Unit, day: date) -> Iterator[str]:
    """How many matters are open at the unit or with it, and the oldest of them."""
    rows = Matter.objects.filter(Q(unit=unit) | Q(with_unit=unit), closed=False)
    count = rows.count()
    if count:
        first = rows.order_by("pk").values_list("number", flat=True)[0]
        yield f"未办结事项 {count} 件（最早的是 {first}）"
