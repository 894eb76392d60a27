"""Which days people can mean: beyond them a day before or after, or another zone, breaks."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.core.validators import MaxValueValidator, MinValueValidator

FIRST, LAST = 1900, 2200
SAID = f"年份应在 {FIRST} 至 {LAST} 之间，请改正。"
DAYS = (
    MinValueValidator(date(FIRST, 1, 1), SAID),
    MaxValueValidator(date(LAST, 12, 31), SAID),
)
MOMENTS = (
    MinValueValidator(datetime(FIRST, 1, 1, tzinfo=UTC), SAID),
    MaxValueValidator(datetime(LAST, 12, 31, tzinfo=UTC), SAID),
)


def told(day: date) -> bool:
    """Whether a day is one that people can mean."""
    return FIRST <= day.year <= LAST
