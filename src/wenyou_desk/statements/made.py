"""A statement taken up again: its plan bound, its figures computed from the slice alone."""

from __future__ import annotations

from dataclasses import dataclass

from wenyou_core.assess.explain_view import View
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Result
from wenyou_core.assess.slices.recompute import SliceRun, recomputed
from wenyou_core.assess.telling import Teller, Told
from wenyou_core.worktime.calendar import Calendar
from wenyou_desk.runs.execute import calendar_for
from wenyou_desk.runs.rebind import bound
from wenyou_desk.statements.data import Statement

MINUS = "−"


@dataclass(frozen=True, slots=True)
class Made:
    """A statement with what was computed from it."""

    statement: Statement
    program: Program
    result: Result
    run: SliceRun
    teller: Teller

    @property
    def view(self) -> View:
        """What the trees of explanations look at."""
        return View(self.program, self.statement.cut, self.run, self.result, self.teller)


def program_of(statement: Statement) -> Program:
    """The plan in the statement, adopted and bound to its period.

    Raises SchemeError when the texts in it are no plan, or the plan cannot be run.
    """
    plan = (statement.plan_file, statement.plan_text)
    return bound(plan, (statement.adoption_file, statement.adoption_text), statement.period)


def make(
    statement: Statement, program: Program | None = None, calendar: Calendar | None = None
) -> Made:
    """Compute the figures. Without ``program`` the statement's own plan is read."""
    if program is None:
        program, calendar = program_of(statement), calendar_for(statement.plan_text)
    cut = statement.cut
    result, run = recomputed(program, cut, statement.known_at, calendar=calendar)
    told = Told.of(result, statement.period, cut.book)
    return Made(statement, program, result, run, Teller(program.plan, told, minus=MINUS))
