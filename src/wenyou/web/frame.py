"""What a view says to the frame: whose door it is, the way back, a sentence for the next page."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

KEY = "told"


@dataclass(frozen=True, slots=True)
class Back:
    """The page above this one: context variable ``back``."""

    address: str
    title: str


def behind(request: HttpRequest, door: str) -> None:
    """Mark this page as one of a door (``house.doors``), where the address does not tell."""
    request.door = door  # type: ignore[attr-defined]


def tell(request: HttpRequest, text: str, kind: str = "ok") -> None:
    """Say a sentence on the next whole page: what has been done, or (over) what has not."""
    request.session[KEY] = {"text": text[:600], "kind": kind}


def told(request: HttpRequest) -> dict[str, str] | None:
    """The sentence that waits for this page; it is said once."""
    said: dict[str, str] | None = request.session.pop(KEY, None)
    return said
