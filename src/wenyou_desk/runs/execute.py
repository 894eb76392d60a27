"""One run: plan, adoption, facts and period in; a record of the result and its inputs out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import wenyou_core.worktime
from wenyou_core.assess.bind import bind
from wenyou_core.assess.known import as_known
from wenyou_core.assess.leftout import left_out
from wenyou_core.assess.telling import names_on
from wenyou_core.errors import FactsError, Fault
from wenyou_desk.runs.outside import remarks_on
from wenyou_desk.runs.record import RunRecord, values_in_force

if TYPE_CHECKING:
    from wenyou_core.assess.facts import FactBook
    from wenyou_core.assess.program import Program
    from wenyou_core.assess.result import Result
    from wenyou_core.worktime.calendar import Calendar
    from wenyou_core.worktime.periods import Period
    from wenyou_desk.facts.load import LoadedFacts
    from wenyou_desk.plans import AdoptionFile, PlanFile

CALENDAR = Path("data/cn_holidays.yaml")
_COUNTS_WORKDAYS = "workdays("

Engine = Callable[["Program", "FactBook", "datetime | None", "Calendar | None"], "Result"]


def run_plan(
    plan: PlanFile,
    adoption: AdoptionFile | None,
    loaded: LoadedFacts,
    period: Period,
    *,
    known_at: datetime | None = None,
    engine: str = "reference",
) -> tuple[Program, RunRecord]:
    """Bind the plan to the period, assess, and keep what the result was made of.

    Raises SchemeError when the plan cannot be run (unset values, another version), FactsError
    when an adopting unit is not among the units.
    """
    program = bind(plan.checked, adoption.adoption if adoption else None, period)
    check_adopters(program, loaded.book)
    known = as_known(loaded.book, known_at)
    compute = _reference_on_known if engine == "reference" else ENGINES[engine]
    result = compute(program, known, known_at, calendar_for(plan.text))
    remarks = remarks_on(program, loaded.book, known, known_at)
    record = record_of_run(
        plan, adoption, loaded, program=program, result=result, known=known, remarks=remarks
    )
    return program, record


def record_of_run(
    plan: PlanFile,
    adoption: AdoptionFile | None,
    loaded: LoadedFacts,
    *,
    program: Program,
    result: Result,
    known: FactBook,
    remarks: tuple[Fault, ...] = (),
) -> RunRecord:
    """What is kept of a run; ``known`` is the book as known at its moment."""
    return RunRecord(
        result=result,
        period=program.run,
        plan_file=plan.name,
        plan_text=plan.text,
        adoption_file=adoption.name if adoption else "",
        adoption_text=adoption.text if adoption else "",
        values=values_in_force(program),
        unit_names=names_on(known.units, program.run),
        person_names=names_on(known.persons, program.run),
        book=known,
        files=loaded.files,
        remarks=(*loaded.remarks, *remarks),
        leftout=left_out(program),
    )


def check_adopters(program: Program, book: FactBook) -> None:
    """Raise FactsError for adopting units that the units' sheet does not have."""
    if program.adoption is None:
        return
    known = {unit.id for unit in book.units}
    place = program.adoption.place
    faults = [
        Fault(place, "unknown_机构", f"采用单位「{unit}」不在「机构」表里。请核对机构号。")
        for unit in program.adoption.units
        if unit not in known
    ]
    if faults:
        raise FactsError(faults)


def calendar_for(plan_text: str) -> Calendar | None:
    """The shipped calendar of working days, where the plan counts them at all."""
    return shipped_calendar() if _COUNTS_WORKDAYS in plan_text else None


@cache
def shipped_calendar() -> Calendar:
    """The calendar of working days that comes with the program."""
    from wenyou_core.worktime.calendar_data import read_calendar  # noqa: PLC0415 -- slow import

    path = Path(wenyou_core.worktime.__file__).parent / CALENDAR
    return read_calendar(path.read_text(encoding="utf-8"), path.name)


def _reference(
    program: Program, book: FactBook, known_at: datetime | None, calendar: Calendar | None
) -> Result:
    from wenyou_core.assess.reference import assess  # noqa: PLC0415 -- slow import

    return assess(program, book, known_at, calendar=calendar)


def _reference_on_known(
    program: Program, known: FactBook, known_at: datetime | None, calendar: Calendar | None
) -> Result:
    """The same of a book that is as known already, which need not be sorted again."""
    from wenyou_core.assess.reference import assess_known  # noqa: PLC0415 -- slow import

    return assess_known(program, known, known_at, calendar=calendar)


def _duckdb(
    program: Program, book: FactBook, known_at: datetime | None, calendar: Calendar | None
) -> Result:
    import duckdb  # noqa: PLC0415 -- slow import

    from wenyou_core.assess.sql.book import BookSource  # noqa: PLC0415 -- slow import
    from wenyou_core.assess.sql.engine import DuckEngine  # noqa: PLC0415 -- slow import
    from wenyou_core.assess.sql.run import run_sql  # noqa: PLC0415 -- slow import

    source = BookSource(book, program, known_at, calendar)
    with duckdb.connect() as connection:
        return run_sql(program, source, DuckEngine(connection)).result()


ENGINES: dict[str, Engine] = {"reference": _reference, "duckdb": _duckdb}
