"""What a demo bank is: its organization, its facts, and the stories told in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wenyou_core.assess.facts import (
    Coverage,
    Fact,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    UnitSpan,
)
from wenyou_core.worktime.periods import Period

LEAST_OUTLETS = 20
LEAST_OUTLETS_EACH = 4
LEAST_STAFF = 8
SUB_BRANCH_STAFF = 12
"""People of a sub-branch who sit in no outlet: its leaders and three sections."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How large the bank is. Raises ValueError where the stories would find no room."""

    sub_branches: int = 6
    outlets: int = 60
    people: int = 900

    def __post_init__(self) -> None:
        least_outlets = max(LEAST_OUTLETS, LEAST_OUTLETS_EACH * self.sub_branches)
        if self.sub_branches < 1 or self.outlets < least_outlets:
            raise ValueError(f"a bank needs {least_outlets} outlets, has {self.outlets}")
        least = LEAST_STAFF * self.outlets + SUB_BRANCH_STAFF * self.sub_branches
        if self.leavers < 0 or self.people - self.leavers < least:
            raise ValueError(f"a bank of this size needs {least} people, has {self.people}")

    @property
    def leavers(self) -> int:
        """How many of the people leave and are followed by somebody new."""
        return self.people // 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Somebody is away from ``since`` to ``till``, both included."""

    person: str
    unit: str
    why: str
    since: date
    till: date
    stand_in: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An entry that the result must hold: ``amount`` in the unit that people write (元, 分)."""

    rule: str
    subject: str
    fact: str
    amount: Fraction
    ledger: str = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Something that happened, told for a person, with what the result must show of it.

    ``facts``, ``units`` and ``persons`` name who plays which part. ``entries`` are all entries
    that the story's facts bring about; ``bars`` all people whom they bar; ``uncounted`` the facts
    that do not count; ``waiting`` the units among which a person must choose; ``apart`` the units
    that stand outside the comparison; ``missed`` the targets that are not met. ``again`` are
    words of ``./wenyou assess`` with which another result can be had.
    """

    key: str
    title: str
    article: str
    told: tuple[str, ...]
    outcome: tuple[str, ...]
    facts: Mapping[str, Fact]
    units: Mapping[str, str] = field(default_factory=dict)
    persons: Mapping[str, str] = field(default_factory=dict)
    entries: tuple[Expected, ...] = ()
    bars: tuple[str, ...] = ()
    uncounted: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    missed: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBank:
    """An invented bank and two years of its ledgers, ready to be assessed or stored.

    ``period`` is the last whole quarter before ``as_of``; ``adoption`` the text of 采用.yaml.
    Everything is sorted as an office keeps it, so equal arguments give equal banks.
    """

    plan: str
    as_of: date
    seed: int
    period: Period
    adoption: str
    units: tuple[UnitSpan, ...]
    persons: tuple[PersonSpan, ...]
    posts: tuple[PostSpan, ...]
    facts: Mapping[str, tuple[Fact, ...]]
    coverage: tuple[Coverage, ...]
    openings: tuple[Opening, ...] = ()
    leaves: tuple[Leave, ...] = ()
    stories: tuple[Story, ...] = ()

    @property
    def book(self) -> FactBook:
        """The facts as an assessment takes them."""
        return FactBook(
            facts=self.facts,
            units=self.units,
            persons=self.persons,
            posts=self.posts,
            coverage=self.coverage,
            openings=self.openings,
        )

    def story(self, key: str) -> Story:
        """The story of that key. Raises KeyError."""
        for story in self.stories:
            if story.key == key:
                return story
        raise KeyError(key)

    def unit_name(self, unit: str) -> str:
        """What a unit was last called."""
        return next(span.name for span in reversed(self.units) if span.id == unit)
