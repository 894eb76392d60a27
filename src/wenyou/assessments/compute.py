"""The work of a run: read the register, assess, write the files and the rows of every subject."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from wenyou.assessments.folders import (
    RESULT,
    WORKBOOK,
    digest_of,
    fresh_folder,
    settle,
)
from wenyou.assessments.models import Run, RunSubject
from wenyou.assessments.needs import lacking, undecided_in
from wenyou.assessments.stamping import TOP_LINE
from wenyou.assessments.table import Row, Tables, is_person, ordered
from wenyou.register.book import book_of, people_by_number, source_of, units_by_code
from wenyou.schemes import unset
from wenyou.schemes.queries import loaded
from wenyou_core.errors import SchemeError
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.facts.load import LoadedFacts
from wenyou_desk.runs.execute import run_plan
from wenyou_desk.runs.files import WORKBOOK_FILE
from wenyou_desk.runs.resultfile import write_result
from wenyou_desk.runs.standings import homes_on
from wenyou_desk.runs.workbook import write_run_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from wenyou_core.assess.program import Program
    from wenyou_desk.runs.record import RunRecord

assert WORKBOOK == WORKBOOK_FILE  # noqa: S101 -- the desk's name is the name here
MOST_LISTED = 200


def compute(run: Run, says: Callable[[int, str], None]) -> None:
    """Compute a run and keep it. Raises WenyouError with every reason."""
    says(5, "正在读取登记簿和机构、人员……")
    plan, adoption = loaded(run.adoption)
    known_at = timezone.localtime(run.known_at).replace(tzinfo=None)
    book = book_of(run.adoption, plan.plan, run.known_at)
    facts = LoadedFacts(book, (), (source_of(run.adoption, book),), ())
    says(25, "正在测算……")
    period = parse_period(run.period)
    try:
        program, record = run_plan(plan, adoption, facts, period, known_at=known_at)
    except SchemeError as error:
        raise unset.told(error, plan) from None
    says(50, "正在写出结果……")
    stage = fresh_folder(run.pk)
    write_result(record, stage / RESULT)
    says(60, "正在写出工作簿……")
    write_run_workbook(program, record, stage / WORKBOOK, top_line=TOP_LINE)
    digest = digest_of(stage / RESULT)
    says(80, "正在登记每个网点和每名员工的结果……")
    settle(run.pk, stage)
    keep(run, program, record, digest)


def keep(run: Run, program: Program, record: RunRecord, digest: str) -> None:
    """Save the rows of a run that was computed, instead of any there were."""
    tables, result = Tables(program, record), record.result
    subjects = list(_subjects(run, tables, record))
    lacks = list(lacking(result.missing, tables.teller))
    missing = list(dict.fromkeys(one["text"] for one in lacks))
    undecided = list(undecided_in(result.waiting, tables.teller))
    waiting = list(dict.fromkeys(one["text"] for one in undecided))
    with transaction.atomic():
        RunSubject.objects.filter(run=run).delete()
        RunSubject.objects.bulk_create(subjects, batch_size=1000)
        run.summary = {
            "tables": [head.as_json() for head in tables.heads],
            "main": tables.main,
            "waiting": waiting[:MOST_LISTED],
            "undecided": undecided[:MOST_LISTED],
            "lacks": lacks[:MOST_LISTED],
            "uncounted": len(result.uncounted),
            "leftout": [one.text for one in record.leftout],
            "entries": len(result.entries),
            "lawful": result.lawful,
            "label": record.period.label,
            "counts": dict(Counter("person" if one.employee_id else "unit" for one in subjects)),
            "facts_digest": result.facts_digest,
        }
        run.missing = missing[:MOST_LISTED]
        run.provisional = result.provisional
        run.digest = digest
        run.save(update_fields=["summary", "missing", "provisional", "digest"])


def _subjects(run: Run, tables: Tables, record: RunRecord) -> Iterator[RunSubject]:
    units, people = units_by_code(run.unit), people_by_number(run.unit)
    homes = homes_on(record)
    short = {row.unit for row in record.result.missing}
    places = ordered(tables.rows.values())
    for key, row in tables.rows.items():
        unit, employee = _ids(row, units, people, homes)
        if unit is None and employee is None:
            continue
        yield RunSubject(
            run=run,
            key=key,
            unit_id=unit,
            employee_id=employee,
            title=tables.teller.name(row.subject) or row.subject.id,
            place=row.place,
            figures=row.figures,
            orders={
                one: places[one][text]
                for one, text in row.figures.items()
                if one in places and text in places[one]
            },
            points=row.points,
            amount_fen=row.amount_fen,
            provisional="" in short or row.subject.id in short,
        )


def _ids(
    row: Row, units: Mapping[str, int], people: Mapping[str, int], homes: Mapping[str, str]
) -> tuple[int | None, int | None]:
    """Whose row it is; a person's unit is where he was on the period's last day."""
    code = row.subject.id
    if is_person(row.subject):
        return units.get(homes.get(code, "")), people.get(code)
    return units.get(code), None
