"""Whether somebody looks at a page on a phone: its browsers say so. Pages are the same, but shorter
lists are read there, for every row is a card.
"""

from __future__ import annotations

from django.http import HttpRequest

ROWS, HEAP = 20, 8


def on_phone(request: HttpRequest) -> bool:
    """Whether the browser calls itself one of a phone."""
    return "Mobile" in request.headers.get("User-Agent", "")
