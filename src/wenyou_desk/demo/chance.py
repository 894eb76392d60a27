"""Chance with whole numbers only, so that every machine draws the same.

Each part of the bank has a stream of its own: a change in one leaves the others as they were.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """A choice between things with whole weights."""

    __slots__ = ("_ends", "_things")

    def __init__(self, weighted: Sequence[tuple[T, int]]) -> None:
        kept = [(thing, weight) for thing, weight in weighted if weight > 0]
        self._things = [thing for thing, _ in kept]
        self._ends = list(accumulate(weight for _, weight in kept))

    def draw(self, random: Random) -> T:
        """One of the things; the more weight, the more often."""
        return self._things[bisect_right(self._ends, random.randrange(self._ends[-1]))]


def stream(seed: int, name: str) -> Random:
    """The random numbers of one part of the bank."""
    return Random(f"{seed}/{name}")


def happens(random: Random, per_mille: int) -> bool:
    """Whether something that happens so often in a thousand happens now."""
    return random.randrange(1000) < per_mille
