"""What can be done in the background: each kind of job by name, and what its function is handed.

A job may be run twice: its worker can die at any moment, and another takes the job up again.
So a kind either does everything in one transaction, or saves with ``save_step`` how far it came.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from wenyou.accounts.models import User


class Work(Protocol):
    """A job as its function sees it."""

    @property
    def job_id(self) -> int:
        """The id of the job."""

    @property
    def arguments(self) -> Mapping[str, object]:
        """What it was asked with."""

    @property
    def step(self) -> Mapping[str, object]:
        """What ``save_step`` kept last, also by a worker that died; empty at the beginning."""

    @property
    def by(self) -> User | None:
        """Who asked."""

    @property
    def asked_at(self) -> datetime:
        """When it was asked for."""

    def save_step(self, **step: object) -> None:
        """Keep how far the job came. Raises Stopped or LeaseLost as ``says`` does."""

    def says(self, percent: int, sentence: str) -> None:
        """Show progress. Raises Stopped when the job was cancelled or the worker must end."""

    def result(self, **values: object) -> None:
        """Keep what came out; ``address`` and ``label`` make a link on the job's page."""


Run = Callable[[Work], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. ``owed``: it finishes what an act has begun, so that nobody may cancel it."""

    run: Run
    title: str
    owed: bool = False


_KINDS: dict[str, Kind] = {}


def register_kind(name: str, run: Run, title: str, *, owed: bool = False) -> None:
    """Make a kind of job known. ValueError when another function has the name."""
    kind = Kind(run, title, owed)
    if _KINDS.setdefault(name, kind) != kind:
        raise ValueError(f"job kind {name} is registered twice")


def kind_of(name: str) -> Kind | None:
    """The kind; None for one of another release."""
    return _KINDS.get(name)


def titles_of_kinds() -> Mapping[str, str]:
    """What each kind is called in the log."""
    return {name: kind.title for name, kind in _KINDS.items()}
