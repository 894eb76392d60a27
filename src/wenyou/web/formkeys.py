"""The key of a form: pressing twice sends the same, and what it makes is made once."""

from __future__ import annotations

import secrets

from django.http import HttpRequest

FIELD = "once"
LONGEST = 40


def new_key() -> str:
    """What tells one form from another."""
    return secrets.token_urlsafe(16)


def made(request: HttpRequest) -> None:
    """Say that a form has done its work although the answer is a page and leads nowhere else."""
    request.form_made = True  # type: ignore[attr-defined]
