"""Marks a view that answers without a signed-in person."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

View = Callable[..., HttpResponse]


def public(view: View) -> View:
    """Mark ``view``; everything unmarked needs a person."""
    view.is_public = True  # type: ignore[attr-defined]
    return view
