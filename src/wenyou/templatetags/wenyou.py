"""Filters of all pages: dates, durations, money, points as people write them (web/words.py)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from wenyou.web import words

register = template.Library()

for plain in (words.yuan, words.points, words.signed, words.number, words.duration, words.masked):
    register.filter(plain.__name__, plain)


@register.filter
def day(value: date | None) -> str:
    """10月12日（周日）."""
    return words.day(value, timezone.localdate())


@register.filter
def when(value: datetime | None) -> str:
    """今天 16:30 or 10月12日（周日）16:30."""
    return words.when(value, timezone.now())


@register.filter
def left(value: datetime | None) -> str:
    """How much time is left, or by how much it is over."""
    return words.left(value, timezone.now())


@register.filter
def ago(value: datetime | None) -> str:
    """How long ago: 3 分钟前."""
    return words.NOTHING if value is None else f"{words.duration(timezone.now() - value)}前"


@register.filter
def share(value: Decimal | None, digits: int = 2) -> str:
    """A share of one as a percentage: 0.1234 → 12.34%."""
    if value is None:
        return words.NOTHING
    return f"{Decimal(value) * 100:.{digits}f}%".replace("-", words.MINUS)


@register.filter
def segments(text: str) -> str:
    """Opening hours as people read them: 09:00–12:00、13:30–17:00."""
    return text.replace("-", "–").replace(" ", "、")


@register.filter
def apart(text: str) -> str:
    """Behind a Chinese word: a figure or a Latin letter stands off by a space."""
    return f" {text}" if text[:1].isascii() and text[:1].isalnum() else text


@register.filter
def counted(total: int, most: int = 10_000) -> str:
    """A total of a list: 10,000+ above the most that is counted."""
    return words.counted(total, most)
