"""What was known at a moment (数据截止时点): the newest version of every row by then.

Nothing is overwritten in a book: a correction is another row with a later ``recorded``.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from datetime import date, datetime
from operator import attrgetter
from typing import Protocol, TypeVar

from wenyou_core.assess.facts import Coverage, Fact, FactBook, PersonSpan, PostSpan, UnitSpan
from wenyou_core.worktime.texts import BEIJING

EventOrder = tuple[date, int, datetime, str]
AT_ABSENT = -1
"""A time of day that is absent sorts before every minute of the day."""


class _Recorded(Protocol):
    @property
    def recorded(self) -> datetime | None: ...


_Row = TypeVar("_Row", bound=_Recorded)


def instant(moment: datetime) -> datetime:
    """The moment on the clock of Beijing, without its zone, so that all moments compare.

    One without a zone was read from that clock already.
    """
    return moment if moment.tzinfo is None else moment.astimezone(BEIJING).replace(tzinfo=None)


def known_day(fact: Fact) -> date:
    """The day on which the fact became known, by the clock of Beijing."""
    return instant(fact.known).date()


def event_order(fact: Fact) -> EventOrder:
    """The order of events, everywhere: happened, at (absent first), known, id."""
    at, known = fact.at, fact.known
    return (
        fact.happened,
        AT_ABSENT if at is None else at,
        known if known.tzinfo is None else instant(known),
        fact.id,
    )


def as_known(book: FactBook, known_at: datetime | None = None) -> FactBook:
    """The book as it was known at a moment; None stands for everything that is recorded.

    Of each fact (kind and id), unit (id and first day), person (likewise) and post (person,
    unit, post, first day, acting) the newest version recorded by then is kept, by ``recorded``,
    then by the order of the rows. Rows recorded later do not exist. Declarations of coverage
    add to each other, so all of them that were recorded by then stay. Facts are in the order
    of events, everything else by its key, so that the order of the rows leaves no trace.
    """
    until = None if known_at is None else instant(known_at)
    facts = {
        kind: tuple(sorted(_newest(rows, _fact_key, until), key=event_order))
        for kind, rows in sorted(book.facts.items())
    }
    return FactBook(
        facts=facts,
        units=tuple(sorted(_newest(book.units, _span_key, until), key=_span_key)),
        persons=tuple(sorted(_newest(book.persons, _span_key, until), key=_span_key)),
        posts=tuple(sorted(_newest(book.posts, _post_key, until), key=_post_key)),
        coverage=tuple(sorted(_visible(book.coverage, until), key=_coverage_key)),
        openings=tuple(sorted(book.openings, key=lambda row: (row.subject.id, row.ledger, row.on))),
    )


def _visible(rows: Iterable[_Row], until: datetime | None) -> list[_Row]:
    if until is None:
        return list(rows)
    return [row for row in rows if row.recorded is None or instant(row.recorded) <= until]


def _newest(
    rows: Iterable[_Row], key: Callable[[_Row], Hashable], until: datetime | None
) -> Iterable[_Row]:
    """The newest visible version per key; a row without ``recorded`` is the oldest."""
    rows = _visible(rows, until)
    if len(set(map(key, rows))) == len(rows):
        return rows  # nothing was corrected
    newest: dict[Hashable, tuple[tuple[datetime, ...], _Row]] = {}
    for row in rows:
        name = key(row)
        recorded = () if row.recorded is None else (instant(row.recorded),)
        held = newest.get(name)
        if held is None or held[0] <= recorded:
            newest[name] = (recorded, row)
    return [row for _, row in newest.values()]


_fact_key: Callable[[Fact], str] = attrgetter("id")
_span_key: Callable[[UnitSpan | PersonSpan], tuple[str, date]] = attrgetter("id", "since")
_post_key: Callable[[PostSpan], tuple[str, str, str, date, bool]] = attrgetter(
    "person", "unit", "post", "since", "acting"
)


def _coverage_key(row: Coverage) -> tuple[str, str, date, date]:
    return (row.kind, row.unit, row.since, row.till)
