"""Rows that are made by the ten thousand: dataclasses that nobody changes.

``@dataclass(frozen=True)`` also watches over that while the program runs, and pays for it when a
row is made: every field goes through ``object.__setattr__``, which takes seven times as long as
the plain assignment. Here the type checker alone watches; it covers every line of the program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

_Row = TypeVar("_Row")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def row(*, kw_only: bool = False, order: bool = False) -> Callable[[type[_Row]], type[_Row]]:
    """A dataclass with slots and a hash of its fields, whose fields are never assigned anew."""
    return dataclass(slots=True, unsafe_hash=True, kw_only=kw_only, order=order)
