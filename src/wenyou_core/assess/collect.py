"""From the state of a run to its result: what is reported, in one order."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import who
from wenyou_core.assess.nodes import Run
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.result import (
    BarRow,
    Entry,
    MeasureValue,
    Missing,
    Result,
    TaskRow,
    Uncounted,
    Waiting,
)
from wenyou_core.worktime.periods import Period

ENGINE = "wenyou-engine-1"
"""Changes whenever equal inputs may give another result; every result names it."""

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """The rows of the event level, and the digest of the facts."""

    entries: Iterable[Entry] = ()
    bars: Iterable[BarRow] = ()
    tasks: Iterable[TaskRow] = ()
    facts_digest: str = ""


def collect(run: Run, below: Below, known_at: datetime | None) -> Result:
    """The result: the rows of reported periods, sorted so that equal rows stand equally.

    Entries by period, subject, day, key, ledger, amount; bars, tasks, uncounted, missing and
    waiting by their fields as declared; measures and outcomes by name, period, subject. Rows
    that are the same are said once, but for entries. Bars are those in force during the run.
    """
    program, notes = run.program, run.notes
    adoption = program.adoption
    written = (line.entry for lines in run.journal.lines.values() for line in lines)
    bars = (one for one in (*below.bars, *run.effects.bars) if _in_force(one, program.run))
    return Result(
        plan=program.plan.id,
        version=program.plan.version,
        plan_digest=program.plan_digest,
        adoption=adoption.id if adoption else "",
        adoption_digest=program.adoption_digest,
        engine=ENGINE,
        period=program.run.code,
        known_at=known_at,
        facts_digest=below.facts_digest,
        lawful=adoption is not None and adoption.record.complete,
        digits=dict(program.digits),
        subjects=_subjects(run),
        entries=tuple(sorted(_reported(run, (*below.entries, *written)), key=_entry_order)),
        measures=tuple(sorted(_measures(run), key=_named("measure"))),
        bars=_once(bars, _bar_order),
        tasks=_once(_reported(run, (*below.tasks, *run.effects.tasks)), _task_order),
        grades=tuple(sorted(_reported(run, run.grades), key=_named("grade"))),
        awards=tuple(sorted(_reported(run, run.awards), key=_named("award"))),
        targets=tuple(sorted(_reported(run, run.targets), key=_named("target"))),
        obligations=tuple(sorted(_reported(run, run.obligations), key=_named("obligation"))),
        uncounted=_once(notes.uncounted, _uncounted_order),
        missing=_once(notes.missing, _missing_order),
        waiting=_once(notes.waiting, _waiting_order),
    )


def measure_value(name: str, subject: Subject, period: str, value: Quantity) -> MeasureValue:
    """A measured number as it stands in the result."""
    num, den = value.pair or (None, None)
    return MeasureValue(
        measure=name,
        subject=subject,
        period=period,
        value=value.exact if value.pair is None else None,
        num=num,
        den=den,
        absent=value.absent,
    )


def _measures(run: Run) -> Iterable[MeasureValue]:
    for name, kind in run.program.types.items():
        for period in run.periods(name):
            if not run.reported(period):
                continue
            values = run.measured.get((name, period.code), {})
            if not values:
                continue
            code = period.code
            for member in run.org.members(kind.population, period):
                value = values.get(member.subject.id)
                if value is not None:
                    yield measure_value(name, member.subject, code, value)


def _subjects(run: Run) -> dict[str, tuple[Subject, ...]]:
    found = {}
    for name in sorted(run.program.plan.populations):
        members = run.org.members(name, run.program.run)
        found[name] = tuple(member.subject for member in members)
    return found


def _in_force(bar: BarRow, run: Period) -> bool:
    return bar.since <= run.end and (bar.until is None or run.start <= bar.until)


def _reported(run: Run, rows: Iterable[Any]) -> list[Any]:
    return [row for row in rows if row.period in run.program.reported]


def _once(rows: Iterable[_Row], order: Callable[[_Row], tuple[Any, ...]]) -> tuple[_Row, ...]:
    """The rows sorted; of equal ones the first."""
    found = {order(row): row for row in rows}
    return tuple(found[key] for key in sorted(found))


def _entry_order(entry: Entry) -> tuple[Any, ...]:
    subject = who(entry.subject)
    return (entry.period, subject, entry.day, entry.key, entry.ledger, entry.amount)


def _bar_order(bar: BarRow) -> tuple[Any, ...]:
    until = bar.until.isoformat() if bar.until else ""
    return (bar.what, who(bar.subject), bar.since, until, bar.rule, bar.period, bar.fact)


def _task_order(task: TaskRow) -> tuple[Any, ...]:
    return (task.task, who(task.subject), task.rule, task.period, task.day, task.fact)


def _uncounted_order(row: Uncounted) -> tuple[Any, ...]:
    return (row.fact_kind, row.fact, row.by_rule, row.by_fact, row.reason)


def _missing_order(row: Missing) -> tuple[Any, ...]:
    return (row.what, row.kind, row.unit, row.since, row.till, row.text)


def _waiting_order(row: Waiting) -> tuple[Any, ...]:
    return (row.rule, row.period, row.fact_kind, row.fact, _ids(row.subjects), row.what)


def _named(name: str) -> Callable[[Any], tuple[Any, ...]]:
    return lambda row: (getattr(row, name), row.period, who(row.subject))


def _ids(subjects: Iterable[Subject]) -> tuple[str, ...]:
    return tuple(subject.id for subject in subjects)
