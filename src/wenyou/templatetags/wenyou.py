"""Tags and filters of all pages: dates, durations, money, points as people write them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def yuan(fen: int | None) -> str:
    """Money in yuan with a real minus: 123456 → 1,234.56."""
    if fen is None:
        return "—"
    sign = "\N{MINUS SIGN}" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}{whole:,}.{rest:02d}"
