"""One subject's rows of a result, and where two such results differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Who, who
from wenyou_core.assess.result import Entry, Result, Waiting
from wenyou_core.assess.slices.mask import Masks
from wenyou_core.scheme.words import SubjectKind

OF_ONE = (
    "entries",
    "measures",
    "bars",
    "tasks",
    "grades",
    "awards",
    "targets",
    "obligations",
)
"""Parts of a result each of whose rows speaks of one subject."""

PARTS = (*OF_ONE, "uncounted", "waiting")


class RowsBySubject:
    """The rows of a result, found by subject: for one who asks after everybody in turn."""

    def __init__(self, result: Result) -> None:
        """Go through the rows once."""
        self.result = result
        self._rows: dict[str, dict[Who, list[object]]] = {}
        for part in OF_ONE:
            rows = self._rows[part] = defaultdict(list)
            for row in getattr(result, part):
                rows[who(row.subject)].append(row)
        waiting = self._rows["waiting"] = defaultdict(list)
        for row in result.waiting:
            for whose in dict.fromkeys(map(who, row.subjects)):
                waiting[whose].append(row)

    def of(self, subject: Subject, own: Collection[tuple[str, str]]) -> Result:
        """The rows that speak of a subject; uncounted are the facts in ``own``.

        Rows about what is missing stay as they are.
        """
        me, result = who(subject), self.result
        mine: dict[str, Any] = {part: tuple(rows.get(me, ())) for part, rows in self._rows.items()}
        uncounted = tuple(row for row in result.uncounted if (row.fact_kind, row.fact) in own)
        return replace(result, uncounted=uncounted, **mine)


def of_subject(result: Result, subject: Subject, own: Collection[tuple[str, str]]) -> Result:
    """The rows of a result that speak of one subject, as ``RowsBySubject.of``."""
    return RowsBySubject(result).of(subject, own)


def differences(whole: Result, cut: Result, causes: Mapping[str, Entry], masks: Masks) -> list[str]:
    """Where a subject's rows of a whole run are not those computed from its slice.

    ``causes`` are all entries of the whole run by key. Ids of others count as equal to their
    opaque ones; of those who wait beside the subject for a choice only the number is compared.
    """
    masked = replace(
        whole,
        entries=tuple(sorted((as_cut(one, causes, masks) for one in whole.entries), key=_key)),
    )
    found = replace(cut, entries=tuple(sorted(cut.entries, key=_key)))
    return [
        f"{part}: {row}"
        for part in PARTS
        for row in _unlike(_comparable(part, masked), _comparable(part, found))
    ]


def as_cut(entry: Entry, causes: Mapping[str, Entry], masks: Masks) -> Entry:
    """The entry as it stands in a slice: its cause's key, and whom a period rule was judged on."""
    cause = causes.get(entry.cause)
    key = as_cut(cause, causes, masks).key if cause is not None else entry.cause
    person = entry.subject.kind is SubjectKind.PERSON
    mask = masks.person if person else masks.unit
    subject = Subject(entry.subject.kind, mask(entry.subject.id))
    fact = entry.fact
    if fact and not entry.fact_kind:
        fact = masks.seen(fact)
    return replace(entry, cause=key, subject=subject, fact=fact)


def _comparable(part: str, result: Result) -> list[object]:
    rows: tuple[object, ...] = getattr(result, part)
    return [_plain(row) if isinstance(row, Waiting) else row for row in rows]


def _plain(row: Waiting) -> tuple[object, ...]:
    others = 0 if row.fact else len(row.subjects)
    return (row.what, row.rule, row.article, row.period, others, row.fact_kind, row.fact)


def _unlike(first: list[object], second: list[object]) -> Iterator[str]:
    yield from (f"-{row}" for row in first if row not in second)
    yield from (f"+{row}" for row in second if row not in first)
    if len(first) != len(second):
        yield f"{len(first)} / {len(second)}"


def _key(entry: Entry) -> tuple[str, str]:
    return (entry.key, str(entry))
