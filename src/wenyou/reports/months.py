"""The month a report is about, as an address says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils import timezone

_CODE = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
OFFERED = 13
COURSE = 6


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    number: int

    @property
    def code(self) -> str:
        """2026-11, as addresses have it."""
        return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        """2026年11月."""
        return f"{self.year}年{self.number}月"

    @property
    def short(self) -> str:
        """11月, under a chart."""
        return f"{self.number}月"

    def back(self, months: int) -> Month:
        """The month so many before this one; negative: after."""
        place = self.year * 12 + self.number - 1 - months
        return Month(place // 12, place % 12 + 1)

    @property
    def start(self) -> datetime:
        """Its first moment here."""
        return timezone.make_aware(datetime.combine(date(self.year, self.number, 1), time.min))

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.back(-1).start


def month_of(day: date) -> Month:
    """The month of a day."""
    return Month(day.year, day.month)


def chosen(said: str, today: date) -> Month:
    """The month asked for; the present one when none is, or one that has not begun."""
    found, now = _CODE.fullmatch(said), month_of(today)
    if found is None:
        return now
    return min(Month(int(found[1]), int(found[2])), now)


def offered(today: date) -> list[Month]:
    """The months to choose from, the present one first."""
    return [month_of(today).back(at) for at in range(OFFERED)]


def course_to(month: Month) -> list[Month]:
    """The months whose course is shown, the month itself last."""
    return [month.back(at) for at in reversed(range(COURSE))]
