"""The key of a form: pressing twice sends the same, and what it makes is made once."""

from __future__ import annotations

import secrets

from django.http import HttpRequest

FIELD = "once"
LONGEST = 40


def new_key() -> str:
    """What tells one form from another."""
    return secrets.token_urlsafe(16)


def key_of(request: HttpRequest) -> str:
    """The key that a form has brought along; none where it is missing or cannot be one of ours."""
    key = request.POST.get(FIELD, "")
    return key if len(key) <= LONGEST else ""


def made(request: HttpRequest) -> None:
    """Say that a form has done its work although the answer is a page and leads nowhere else."""
    request.form_made = True  # type: ignore[attr-defined]
