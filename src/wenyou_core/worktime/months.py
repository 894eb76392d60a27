"""Moving a date by months, as SQL and as an office do it."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def last_of_month(year: int, month: int) -> date:
    """The last day of a month (1 to 12)."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of the month, ``months`` later; clamped to the month's last day.

    2024-02-29 plus 12 is 2025-02-28; 2025-08-31 plus 1 is 2025-09-30. The clamp is not
    remembered, as in SQL: 2025-02-28 plus 12 is 2026-02-28.
    """
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = last_of_month(year, index + 1)
    return last.replace(day=min(day.day, last.day))


def months_back(day: date, months: int) -> date:
    """Where a rolling window of ``months`` that looks back from ``day`` begins.

    Equals ``day - INTERVAL months MONTH`` in DuckDB and PostgreSQL, so 12 months before
    2024-02-29 is 2023-02-28, and so it is before 2024-02-28.
    """
    return add_months(day, -months)


def is_month_end(day: date) -> bool:
    """Whether the day is the last of its month."""
    return (day + ONE_DAY).day == 1
