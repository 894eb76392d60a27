"""A slice: the least from which the reference computes one subject's figures again.

It holds the subject's own facts, the facts of others that its entries rest on (masked), and of
everybody else only the numbers that a rule compares: without id, sorted by themselves, and apart
for every rule, so that the rows of two rules cannot be joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wenyou_core.assess.facts import Cell, FactBook, Subject
from wenyou_core.assess.quantities import Quantity

ANONYMOUS = "匿名"
"""Before the number of an anonymous member; ``匿名3`` is the third row of a roster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another member that a node compares the subject with.

    ``name`` is empty for an anonymous one; else the id (own unit, or an opaque one) of a member
    whose entries the subject shares. ``unit`` is the unit a named or counted member stands in.
    ``values`` are the measures that the node reads, ``attributes`` what its conditions read
    (``unit.class``), ``bars`` those in force for an award, ``ruling`` what a person decided.
    """

    adopter: str
    name: str = ""
    unit: str = ""
    group: tuple[Cell | None, ...] = ()
    values: Mapping[str, Quantity] = field(default_factory=dict)
    attributes: Mapping[str, Cell] = field(default_factory=dict)
    bars: tuple[str, ...] = ()
    ruling: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The other members of a population that a node looks at in a period."""

    node: str
    population: str
    period: str
    peers: tuple[Peer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A number taken from the run as it stands, because it is made from facts of others.

    It belongs to the subject (facts of units beneath) or to its adopting unit.
    """

    measure: str
    period: str
    member: str
    value: Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """One subject's part of a run. ``own`` are kind and id of the facts that are its own."""

    subject: Subject
    book: FactBook
    rosters: tuple[Roster, ...] = ()
    given: tuple[Given, ...] = ()
    own: frozenset[tuple[str, str]] = frozenset()
