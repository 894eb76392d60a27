"""Facts, units, people and posts by date: what an assessment is given.

Nothing is overwritten: a later version of a fact, unit or post is another row with a later
``recorded``. ``as_known`` (in ``known.py``) picks what was known at a moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from wenyou_core.errors import Place
from wenyou_core.rows import row
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.words import State, SubjectKind

NOWHERE = Place()
Cell = Value | tuple[str, ...]  # a PERSONS field holds a tuple of 员工号

DECISION = "decision"
"""The built-in fact kind of human decisions (决定). Fields: ``rule`` the rule, grade or award
it settles; ``target`` the fact it speaks of (may be empty); ``subject`` the unit or person;
``choice`` a word (``成立``/``不成立``, ``选中``/``不选``); ``value`` a number (range);
``by`` the deciding person (员工号 or name), ``grounds`` the reasons. Both are required."""


@row(order=True)
class Subject:
    """Who is assessed: a unit (机构号), a person (员工号), or an adopting unit as a whole.

    A unit and a person with the same number are two subjects; an adopting unit is its unit.
    """

    kind: SubjectKind = field(compare=False)
    id: str = ""
    person: bool = field(init=False, repr=False, default=False)

    def __post_init__(self) -> None:
        if not self.id:
            raise ValueError("a subject has an id")
        object.__setattr__(self, "person", self.kind is SubjectKind.PERSON)


@row()
class Fact:
    """One version of one happening.

    ``at`` is minutes since midnight or None. ``known`` is when the matter became known (登记时间);
    ``recorded`` when this version was written (defaults to ``known`` where a file has no column
    for it). Numbers in ``values`` are exact fractions in the unit that people write (money in yuan,
    so that ``loss >= 10000`` reads as it says); absent fields are left out.
    """

    kind: str
    id: str
    happened: date
    known: datetime
    recorded: datetime
    state: State = State.CONFIRMED
    at: int | None = None
    unit: str = ""
    person: str = ""
    evidence: tuple[str, ...] = ()
    values: Mapping[str, Cell] = field(default_factory=dict)
    place: Place = field(default=NOWHERE, compare=False)


@row()
class UnitSpan:
    """A unit as it was from ``since`` to ``till`` (both included; None = still open)."""

    id: str
    name: str
    since: date
    till: date | None = None
    parent: str = ""
    values: Mapping[str, Cell] = field(default_factory=dict)
    recorded: datetime | None = None
    place: Place = field(default=NOWHERE, compare=False)


@row()
class PersonSpan:
    """A person's attributes from ``since`` to ``till`` (both included)."""

    id: str
    name: str
    since: date
    till: date | None = None
    values: Mapping[str, Cell] = field(default_factory=dict)
    recorded: datetime | None = None
    place: Place = field(default=NOWHERE, compare=False)


@row()
class PostSpan:
    """Who held which post in which unit, from when to when (both included)."""

    person: str
    unit: str
    post: str
    since: date
    till: date | None = None
    acting: bool = False
    recorded: datetime | None = None
    place: Place = field(default=NOWHERE, compare=False)


@row()
class Coverage:
    """A declaration that the facts of a kind are complete for a unit and days.

    An empty ``unit`` means all units; a unit covers the units beneath it. ``recorded`` counts for
    replay. What no coverage declares is *missing*, never zero.
    """

    kind: str
    since: date
    till: date
    unit: str = ""
    recorded: datetime | None = None
    place: Place = field(default=NOWHERE, compare=False)


@row()
class Opening:
    """An opening balance of a ledger for a subject on a day (期初余额)."""

    subject: Subject
    ledger: str
    number: Fraction
    on: date
    note: str = ""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FactBook:
    """Everything an assessment may look at. Rows in file order; ids need not be unique
    (versions), but the newest version of a fact, by ``recorded`` then row order, is the one
    that counts."""

    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=dict)
    units: tuple[UnitSpan, ...] = ()
    persons: tuple[PersonSpan, ...] = ()
    posts: tuple[PostSpan, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    openings: tuple[Opening, ...] = ()
