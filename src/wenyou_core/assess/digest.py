"""The fingerprint of the facts a run looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Any

from wenyou_core.assess.celltexts import CellTexts
from wenyou_core.assess.facts import DECISION, Fact, FactBook
from wenyou_core.assess.known import instant
from wenyou_core.assess.needs import required_facts
from wenyou_core.assess.program import Program
from wenyou_core.scheme.words import State

SEPARATOR = "\x1f"
_CONFIRMED = State.CONFIRMED.value
AT_ONCE = 500
"""Lines that are joined before they are digested, which costs less than each by itself."""


def facts_digest(program: Program, book: FactBook) -> str:
    """SHA-256 over the book as known, in its canonical order: the kinds of facts that the run
    looks at (and decisions), units, people, posts, coverage and openings."""
    digest = hashlib.sha256()
    lines = canonical_lines(book, kinds_looked_at(program))
    while some := list(islice(lines, AT_ONCE)):
        digest.update("\n".join((*some, "")).encode())
    return digest.hexdigest()


def kinds_looked_at(program: Program) -> frozenset[str]:
    """The kinds of facts that the run looks at, with decisions."""
    return frozenset(need.kind for need in required_facts(program)) | {DECISION}


def canonical_lines(book: FactBook, kinds: Iterable[str]) -> Iterator[str]:
    """One line of text per row of a book that is as known (``known.as_known`` gives the order).

    Where a row stood in a file, and when it was written down, is no part of it.
    """
    texts = CellTexts(lambda name, cell: f"{name}={SEPARATOR}{_text(cell)}")
    for kind in sorted(kinds):
        for fact in book.facts.get(kind, ()):
            yield _fact(fact, texts)
    for unit in book.units:
        cells = (unit.id, unit.name, unit.parent, unit.since, unit.till, *_pairs(unit.values))
        yield _line("unit", cells)
    for person in book.persons:
        cells = (person.id, person.name, person.since, person.till, *_pairs(person.values))
        yield _line("person", cells)
    for post in book.posts:
        till = "" if post.till is None else _iso(post.till)
        days = (_iso(post.since), till, "true" if post.acting else "false")
        yield SEPARATOR.join(("post", post.person, post.unit, post.post, *days))
    for row in book.coverage:
        yield _line("coverage", (row.kind, row.unit, row.since, row.till))
    for opening in book.openings:
        subject = opening.subject
        what = (subject.kind.value, subject.id, opening.ledger, opening.number, opening.on)
        yield _line("opening", what)


def _fact(fact: Fact, texts: CellTexts) -> str:
    state = _CONFIRMED if fact.state is State.CONFIRMED else fact.state.value
    return SEPARATOR.join(
        [
            "fact",
            fact.kind,
            fact.id,
            _iso(fact.happened),
            "" if fact.at is None else str(fact.at),
            instant(fact.known).isoformat(),
            state,
            fact.unit,
            fact.person,
            *fact.evidence,
            *texts.of(fact.values),
        ]
    )


def _pairs(values: object) -> Iterator[object]:
    if isinstance(values, Mapping):
        for name in sorted(values):
            yield f"{name}="
            yield values[name]


def _line(what: str, cells: Iterable[object]) -> str:
    return SEPARATOR.join([what, *(one if type(one) is str else _text(one) for one in cells)])


def _text(cell: object) -> str:
    plain = _PLAIN.get(type(cell))
    return str(cell) if plain is None else plain(cell)


@lru_cache(maxsize=4096)
def _iso(day: date) -> str:
    """Those of a book repeat."""
    return day.isoformat()


_PLAIN: Mapping[type, Callable[[Any], str]] = {
    str: str,
    type(None): lambda cell: "",
    bool: lambda cell: "true" if cell else "false",
    Fraction: lambda cell: f"{cell.numerator}/{cell.denominator}",
    date: _iso,
    datetime: datetime.isoformat,
    tuple: lambda cell: "、".join(map(str, cell)),
}
"""Cells by their type; others are as they print."""
