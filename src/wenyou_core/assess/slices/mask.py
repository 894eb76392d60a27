"""Ids and names of others become words that say nothing: 某机构1, 某员工2."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from wenyou_core.assess.facts import Cell, FactBook
from wenyou_core.scheme.model import FieldDef
from wenyou_core.scheme.words import ValueType

UNIT, PERSON = "某机构", "某员工"
_LEAST_NAME, _LEAST_ID = 2, 3


class Masks:
    """One slice's opaque ids and texts: the same for the same, numbered as they come."""

    def __init__(
        self, units: Iterable[str], persons: Iterable[str], words: Iterable[str] = ()
    ) -> None:
        """``units`` and ``persons`` keep their own ids; ``words`` may be said."""
        self.units, self.persons = frozenset(units), frozenset(persons)
        self.words = frozenset(words)
        self._units: dict[str, str] = {}
        self._persons: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._shown: set[str] = set()

    def unit(self, unit: str) -> str:
        """The unit's own id where it may be known, else its opaque one."""
        return _masked(unit, self.units, self._units, UNIT)

    def person(self, person: str) -> str:
        """The person's own id where it may be known, else an opaque one."""
        return _masked(person, self.persons, self._persons, PERSON)

    def text(self, text: str, cleaned: str) -> str:
        """A text that rules may compare, without names: texts that differ still differ."""
        if text not in self._texts:
            shown, number = cleaned, 1
            while shown in self._shown or shown in self.words:
                number += 1
                shown = f"{cleaned}（{number}）"
            self._shown.add(shown)
            self._texts[text] = shown
        return self._texts[text]

    def apart(self) -> Masks:
        """The same opaque ids, with texts of their own: one row is compared with itself alone."""
        found = Masks(self.units, self.persons, self.words)
        found._units, found._persons = self._units, self._persons
        return found

    def seen(self, name: str) -> str:
        """A unit's or person's id as it was replaced before, else itself."""
        return self._units.get(name) or self._persons.get(name) or name


def _masked(name: str, known: frozenset[str], given: dict[str, str], word: str) -> str:
    if not name or name in known:
        return name
    return given.setdefault(name, f"{word}{len(given) + 1}")


class Scrubber:
    """Takes names and ids of units and people out of free texts."""

    def __init__(self, book: FactBook) -> None:
        """Know everybody of the book."""
        self._words: dict[str, list[tuple[str, str]]] = defaultdict(list)
        names, ids = set(), set()
        self.units = frozenset(span.id for span in book.units)
        self.people = frozenset(span.id for span in book.persons)
        self.people |= {post.person for post in book.posts}
        for word, spans in ((PERSON, book.persons), (UNIT, book.units)):
            for span in spans:
                for text in (span.name, span.id):
                    self._words[text].append((word, span.id))
                names.add(span.name)
                ids.add(span.id)
        for post in book.posts:
            self._words[post.person].append((PERSON, post.person))
            ids.add(post.person)
        told = sorted((name for name in names if len(name) >= _LEAST_NAME), key=len, reverse=True)
        codes = sorted((one for one in ids if len(one) >= _LEAST_ID), key=len, reverse=True)
        parts = [
            *map(re.escape, told),
            *(rf"(?<![0-9A-Za-z]){re.escape(one)}(?![0-9A-Za-z])" for one in codes),
        ]
        self._pattern = re.compile("|".join(parts)) if parts else None

    def cell(self, value: Cell, declared: FieldDef | None, masks: Masks) -> Cell:
        """A field or attribute with the ids and names of others taken out."""
        if isinstance(value, tuple):
            return tuple(masks.person(one) for one in value)
        if not isinstance(value, str) or declared is None:
            return value
        if declared.type is ValueType.UNIT:
            return masks.unit(value)
        if declared.type is ValueType.PERSON:
            return masks.person(value)
        if declared.type is not ValueType.TEXT:
            return value
        if value in self.units:  # a text that is an id stays equal to that id
            return masks.unit(value)
        if value in self.people:
            return masks.person(value)
        if value in masks.words:
            return value
        cleaned = self.clean(value, masks)
        hidden = cleaned != value or UNIT in value or PERSON in value
        return masks.text(value, cleaned) if hidden else value

    def clean(self, text: str, masks: Masks) -> str:
        """The text with everybody else's name and id replaced by 某员工 or 某机构."""
        if self._pattern is None:
            return text

        def other(found: re.Match[str]) -> str:
            whose = self._words[found[0]]
            known = any(
                code in (masks.persons if word == PERSON else masks.units) for word, code in whose
            )
            return found[0] if known else whose[0][0]

        return self._pattern.sub(other, text)
