"""The program of a kept run, made again from the texts that were kept with it."""

from __future__ import annotations

from wenyou_core.assess.bind import bind
from wenyou_core.assess.program import Program
from wenyou_core.scheme.check import check
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_core.worktime.periods import Period
from wenyou_desk.runs.record import RunRecord


def bound(texts: tuple[str, str], adoption: tuple[str, str], period: Period) -> Program:
    """Plan and adoption (each file and text), bound to a period.

    Raises SchemeError where the texts do not load, or the plan cannot be run.
    """
    file, text = texts
    checked = check(load_plan(text, file))
    adoption_file, adoption_text = adoption
    adopted = load_adoption(adoption_text, adoption_file) if adoption_text else None
    return bind(checked, adopted, period)


def program_of_record(record: RunRecord) -> Program:
    """The program that a run was computed with."""
    plan = (record.plan_file, record.plan_text)
    return bound(plan, (record.adoption_file, record.adoption_text), record.period)
