"""Ids and their keys: whole numbers that sort as the ids do by code point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.known import instant
from wenyou_core.scheme.words import State, SubjectKind

STATES = (State.PROPOSED, State.CONFIRMED, State.WITHDRAWN)
"""States by their code in a table."""

_START = datetime(1970, 1, 1)  # noqa: DTZ001 -- the clock of Beijing, as ``instant`` gives it
_TICK = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Microseconds of a moment since 1970, on the clock of Beijing."""
    return (instant(moment) - _START) // _TICK


@dataclass(slots=True)
class Keys:
    """Keys of units are even, of persons odd; those of facts count from 1.

    Both share the order of their ids, a unit before a person of the same id.
    """

    ids: Sequence[str]
    facts: Sequence[str]
    unit: Mapping[str, int] = field(init=False)
    person: Mapping[str, int] = field(init=False)
    fact: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self.unit = {name: 2 * at for at, name in enumerate(self.ids, 1)}
        self.person = {name: key + 1 for name, key in self.unit.items()}
        self.fact = {name: at for at, name in enumerate(self.facts, 1)}

    def subject(self, key: int) -> Subject:
        """The unit or person of a key."""
        kind = SubjectKind.PERSON if key % 2 else SubjectKind.UNIT
        return Subject(kind, self.ids[key // 2 - 1])

    def subject_id(self, key: int) -> str:
        """The id of a unit's or person's key."""
        return self.ids[key // 2 - 1]

    def fact_id(self, key: int | None) -> str:
        """The id of a fact's key; empty for none."""
        return "" if key is None else self.facts[key - 1]

    def key(self, subject: Subject) -> int:
        """The key of a subject."""
        table = self.person if subject.kind is SubjectKind.PERSON else self.unit
        return table[subject.id]


def keys_of(ids: Iterable[str], facts: Iterable[str]) -> Keys:
    """The keys of all ids that a run may meet; the empty id is none."""
    return Keys(sorted(set(ids) - {""}), sorted(set(facts) - {""}))
