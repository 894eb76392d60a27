"""One subject's rows of a result, and where two such results differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import who
from wenyou_core.assess.result import (
    AwardRow,
    BarRow,
    Entry,
    GradeRow,
    MeasureValue,
    ObligationRow,
    Result,
    TargetRow,
    TaskRow,
    Waiting,
)
from wenyou_core.assess.slices.mask import Masks
from wenyou_core.scheme.words import SubjectKind

Row = TypeVar(
    "Row", Entry, MeasureValue, BarRow, TaskRow, GradeRow, AwardRow, TargetRow, ObligationRow
)

PARTS = (
    "entries",
    "measures",
    "bars",
    "tasks",
    "grades",
    "awards",
    "targets",
    "obligations",
    "uncounted",
    "waiting",
)


def of_subject(result: Result, subject: Subject, own: Collection[tuple[str, str]]) -> Result:
    """The rows of a result that speak of a subject; uncounted are the facts in ``own``.

    Rows about what is missing stay as they are.
    """
    me = who(subject)

    def mine(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(row for row in rows if who(row.subject) == me)

    return replace(
        result,
        entries=mine(result.entries),
        measures=mine(result.measures),
        bars=mine(result.bars),
        tasks=mine(result.tasks),
        grades=mine(result.grades),
        awards=mine(result.awards),
        targets=mine(result.targets),
        obligations=mine(result.obligations),
        uncounted=tuple(row for row in result.uncounted if (row.fact_kind, row.fact) in own),
        waiting=tuple(
            row for row in result.waiting if me in {who(subject) for subject in row.subjects}
        ),
    )


def differences(whole: Result, cut: Result, causes: Mapping[str, Entry], masks: Masks) -> list[str]:
    """Where a subject's rows of a whole run are not those computed from its slice.

    ``causes`` are all entries of the whole run by key. Ids of others count as equal to their
    opaque ones; of those who wait beside the subject for a choice only the number is compared.
    """
    masked = replace(
        whole,
        entries=tuple(sorted((_masked(one, causes, masks) for one in whole.entries), key=_key)),
    )
    found = replace(cut, entries=tuple(sorted(cut.entries, key=_key)))
    return [
        f"{part}: {row}"
        for part in PARTS
        for row in _unlike(_comparable(part, masked), _comparable(part, found))
    ]


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


def _masked(entry: Entry, causes: Mapping[str, Entry], masks: Masks) -> Entry:
    """The entry as it stands in a slice: its cause's key, and whom a period rule was judged on."""
    cause = causes.get(entry.cause)
    key = _masked(cause, causes, masks).key if cause is not None else entry.cause
    person = entry.subject.kind is SubjectKind.PERSON
    mask = masks.person if person else masks.unit
    subject = Subject(entry.subject.kind, mask(entry.subject.id))
    fact = entry.fact
    if fact and not entry.fact_kind:
        fact = masks.seen(fact)
    return replace(entry, cause=key, subject=subject, fact=fact)


def _key(entry: Entry) -> tuple[str, str]:
    return (entry.key, str(entry))
