"""Slices of whole runs: cut for everybody, computed again, and compared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from wenyou_core.assess.facts import FactBook, Subject
from wenyou_core.assess.known import as_known
from wenyou_core.assess.lines import Who, who
from wenyou_core.assess.program import Program
from wenyou_core.assess.slices.cut import Cutter
from wenyou_core.assess.slices.mask import Masks
from wenyou_core.assess.slices.model import Slice
from wenyou_core.assess.slices.recompute import recompute
from wenyou_core.assess.slices.rows import differences, of_subject
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.calendar import Calendar


def traced(
    program: Program, book: FactBook, known_at: datetime | None, calendar: Calendar | None = None
) -> Trace:
    return Trace(program, as_known(book, known_at), known_at, calendar=calendar)


def everybody(trace: Trace) -> list[Subject]:
    """Every unit and person that has a row in the result, or is in a population."""
    found: set[Who] = {who(one) for each in trace.result.subjects.values() for one in each}
    for rows in (trace.result.entries, trace.result.bars, trace.result.tasks):
        found |= {who(row.subject) for row in rows}
    kinds = {True: SubjectKind.PERSON, False: SubjectKind.UNIT}
    return [Subject(kinds[person], code) for person, code in sorted(found)]


def slices(trace: Trace) -> Iterator[tuple[Subject, Slice, Masks]]:
    cutter = Cutter(trace)
    for subject in everybody(trace):
        yield subject, *cutter.cut(subject)


def disagreements(trace: Trace, known_at: datetime | None) -> list[str]:
    """Where somebody's figures from the slice are not those of the whole run."""
    causes = {
        line.entry.key: line.entry
        for journal in (trace.journal, trace.run.journal)
        for lines in journal.lines.values()
        for line in lines
    }
    return [
        f"{subject.id}: {text}"
        for subject, cut, masks in slices(trace)
        for text in differences(
            of_subject(trace.result, subject, cut.own),
            recompute(trace.program, cut, known_at, calendar=trace.calendar),
            causes,
            masks,
        )
    ]
