"""The program of a kept run, made again from the texts that were kept with it."""

from __future__ import annotations

from functools import lru_cache

from wenyou_core.assess.bind import bind
from wenyou_core.assess.program import Program
from wenyou_core.scheme.load import load_adoption
from wenyou_core.worktime.periods import Period
from wenyou_desk.plans import judged
from wenyou_desk.runs.record import RunRecord


@lru_cache(maxsize=4)  # runs taken up one after another are of one plan; a program never changes
def bound(texts: tuple[str, str], adoption: tuple[str, str], period: Period) -> Program:
    """Plan and adoption (each file and text), bound to a period.

    Raises SchemeError where the texts do not load, or the plan cannot be run.
    """
    file, text = texts
    adoption_file, adoption_text = adoption
    adopted = load_adoption(adoption_text, adoption_file) if adoption_text else None
    return bind(judged(text, file), adopted, period)


def program_of_record(record: RunRecord) -> Program:
    """The program that a run was computed with."""
    plan = (record.plan_file, record.plan_text)
    return bound(plan, (record.adoption_file, record.adoption_text), record.period)
