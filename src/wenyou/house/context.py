"""What every page knows: the product, the person, the doors."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, object]:
    """Context of the frame around each page."""
    return {"product": "文优", "version": settings.VERSION}
