"""Statements of single subjects of a large run, whose facts stand in Parquet files.

Ranks and means never reach beyond an adopting unit. So the facts of the subject's adopting units
and of the units above them are read, the reference computes on them, and a slice is cut as for
any statement. What it gives is compared with the rows of the large run (``bulkread.narrowed``):
where they differ, nothing is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from wenyou_core.assess.facts import FactBook, PostSpan, Subject
from wenyou_core.assess.known import as_known
from wenyou_core.assess.org import Org
from wenyou_core.assess.program import Program
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.record import RunRecord

MOST = 500_000
"""The most facts of an adopting unit that the reference is asked to go through: 450,000 take some
minutes and 1 GB, once for all subjects of the unit that are named together."""

_Lines = Iterable[tuple[str, tuple[str, ...], date, date]]


def parts(
    program: Program, record: RunRecord, folder: Path, subjects: Iterable[Subject]
) -> Iterator[tuple[RunRecord, list[Subject]]]:
    """For each set of adopting units a record with all their facts, and the large run's rows of
    the subjects. ``folder`` is where result.json stands.

    Raises InputRefused where the copies of the files are gone or changed, or there are too many
    facts.
    """
    org = Org(record.book, program)
    lines = [*org.chain_spans()]
    together: dict[frozenset[str], list[Subject]] = {}
    for subject in subjects:
        together.setdefault(_adopters(org, lines, record.book.posts, subject), []).append(subject)
    for adopters, members in together.items():
        units = {unit for unit, _, since, _ in lines if org.adopter_of(unit, since) in adopters}
        tree = {one for unit, chain, *_ in lines if unit in units for one in chain}
        book = _book(program, record, folder, units, tree)
        yield _with_rows(replace(record, book=book, whole=True), record, folder, members), members


def _adopters(
    org: Org, lines: _Lines, posts: Iterable[PostSpan], subject: Subject
) -> frozenset[str]:
    """The adopting units that a subject ever stood under."""
    homes = {subject.id}
    if subject.kind is SubjectKind.PERSON:
        homes = {post.unit for post in posts if post.person == subject.id}
    found = {org.adopter_of(unit, since) for unit, _, since, _ in lines if unit in homes}
    return frozenset(found - {""})


def _book(
    program: Program, record: RunRecord, folder: Path, units: set[str], tree: set[str]
) -> FactBook:
    """What there is of these units: people with a post there, facts; ``tree`` are they and the
    units above them, which may free facts everywhere."""
    import duckdb  # noqa: PLC0415 -- slow import

    from wenyou_desk.facts.parquetfile import parquet_files  # noqa: PLC0415 -- slow import
    from wenyou_desk.facts.parquetload import facts_about  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.bulkread import copies_of  # noqa: PLC0415 -- slow import

    known = record.book
    people = {post.person for post in known.posts if post.unit in units}
    with duckdb.connect() as connection:
        files = parquet_files(copies_of(record, folder), program.plan, connection)
        facts = facts_about(files, tree | people, program.plan, connection, most=MOST)
    if facts is None:
        text = (
            f"采用单位的事实超过 {MOST} 件，不能逐件重算。"
            "请由下级机构各自采用方案，或只用其中一个采用单位的事实另行测算。"
        )
        raise InputRefused("too_many_facts", text)
    book = replace(
        known,
        facts={**known.facts, **facts},
        units=tuple(span for span in known.units if span.id in tree),
        persons=tuple(span for span in known.persons if span.id in people),
        posts=tuple(post for post in known.posts if post.person in people),
    )
    return as_known(book, record.result.known_at)


def _with_rows(
    record: RunRecord, large: RunRecord, folder: Path, subjects: Iterable[Subject]
) -> RunRecord:
    """The record with the rows that the large run has of the subjects."""
    from wenyou_desk.runs.bulkread import narrowed, uncounted_among  # noqa: PLC0415 -- slow import

    rows: dict[str, list[Any]] = {"entries": [], "measures": [], "awards": []}
    for code in dict.fromkeys(subject.id for subject in subjects):
        found = narrowed(large, folder, code).result
        for name, held in rows.items():
            held += [row for row in getattr(found, name) if row.subject.id == code]
    facts = (fact.id for held in record.book.facts.values() for fact in held)
    told: dict[str, Any] = {name: tuple(held) for name, held in rows.items()}
    result = replace(large.result, uncounted=uncounted_among(large, folder, facts), **told)
    return replace(record, result=result, tables=(), totals=())
