"""The person behind a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wenyou.accounts.models import User

if TYPE_CHECKING:
    from django.http import HttpRequest


def person(request: HttpRequest) -> User:
    """Who is signed in; unmarked views are never reached by anybody else."""
    if not isinstance(request.user, User):
        raise TypeError("a view that is not public was reached without signing in")
    return request.user
