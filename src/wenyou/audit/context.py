"""Who is acting, from where: set by the middleware, a job or the command line, read by record()."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act comes from; ``via`` is page, api, job or command."""

    via: str = "command"
    address: str = ""
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("wenyou_origin", default=Origin())  # noqa: B039 -- frozen


def origin() -> Origin:
    """Where the present act comes from."""
    return _origin.get()


@contextmanager
def acting(via: str, address: str = "", request_id: str = "") -> Iterator[Origin]:
    """Within this block acts come from here."""
    token = _origin.set(Origin(via, address, request_id))
    try:
        yield _origin.get()
    finally:
        _origin.reset(token)
