"""The ledger of happenings while a bank is being invented; numbers are given at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Union

from wenyou_core.assess.facts import Cell, Fact
from wenyou_core.scheme.words import State
from wenyou_desk.demo.days import Days

Given = Union[Cell, "Draft"]


@dataclass(slots=True, eq=False, kw_only=True)
class Draft:
    """A happening without a number yet; a value may be another one, whose number it becomes."""

    kind: str
    happened: date
    known: datetime
    unit: str
    person: str = ""
    at: int | None = None
    evidence: tuple[str, ...] = ()
    state: State = State.CONFIRMED
    values: Mapping[str, Given] = field(default_factory=dict)
    later: list[tuple[datetime, State]] = field(default_factory=list)
    number: str = ""

    def facts(self) -> Iterator[Fact]:
        """Its versions, the first one first."""
        values: dict[str, Cell] = {
            name: value.number if isinstance(value, Draft) else value
            for name, value in self.values.items()
        }
        for recorded, state in ((self.known, self.state), *self.later):
            yield Fact(
                kind=self.kind,
                id=self.number,
                happened=self.happened,
                known=self.known,
                recorded=recorded,
                state=state,
                at=self.at,
                unit=self.unit,
                person=self.person,
                evidence=self.evidence,
                values=values,
            )

    @property
    def fact(self) -> Fact:
        """The fact as it was first recorded, once it has a number."""
        return next(self.facts())


class Ledger:
    """Everything that happened, by kind, in the order in which it was invented."""

    def __init__(self, days: Days) -> None:
        self.days = days
        self._drafts: dict[str, list[Draft]] = defaultdict(list)
        self._clear: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)

    def add(self, draft: Draft) -> Draft:
        """Something that happened in a story."""
        self._drafts[draft.kind].append(draft)
        return draft

    def add_background(self, draft: Draft) -> Draft | None:
        """Something of the background, if it is known by now and no story is in its way."""
        days = self.days
        if draft.happened not in days or draft.known.date() > days.as_of:
            return None
        for since, till in self._clear.get((draft.kind, draft.unit), ()):
            if since <= draft.happened <= till:
                return None
        return self.add(draft)

    def keep_clear(self, kind: str, unit: str, since: date, till: date) -> None:
        """Nothing of that kind happens there in the background from then to then."""
        self._clear[kind, unit].append((since, till))

    def of(self, kind: str) -> list[Draft]:
        """What there is of a kind so far."""
        return self._drafts[kind]

    def close(self, prefixes: Mapping[str, str]) -> dict[str, tuple[Fact, ...]]:
        """Number everything by kind and year, as it became known; rows as they were recorded."""
        kinds = [kind for kind in prefixes if self._drafts[kind]]
        for kind in kinds:
            counts: dict[int, int] = defaultdict(int)
            for draft in sorted(self._drafts[kind], key=lambda one: one.known):
                year = draft.known.year
                counts[year] += 1
                draft.number = f"{prefixes[kind]}{year}-{counts[year]:04d}"
        found = {}
        for kind in kinds:
            rows = [fact for draft in self._drafts[kind] for fact in draft.facts()]
            found[kind] = tuple(sorted(rows, key=lambda fact: (fact.recorded, fact.id)))
        return found
