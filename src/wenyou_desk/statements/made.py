"""A statement taken up again: its plan bound, its figures computed from the slice alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from wenyou_core.assess.explain_view import View
from wenyou_core.assess.leftout import LeftOut, left_out
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Result
from wenyou_core.assess.slices.recompute import Recomputer, SliceRun
from wenyou_core.assess.telling import Teller, Told
from wenyou_core.scheme.depends import graph
from wenyou_core.scheme.measures import EntryMeasure, Formula, RankOf
from wenyou_core.scheme.outcomes import Grade
from wenyou_core.scheme.scope import read_names
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.worktime.periods import Period
from wenyou_desk.runs.execute import calendar_for
from wenyou_desk.runs.rebind import bound
from wenyou_desk.statements.data import Statement

MINUS = "−"
_KEPT_GROUNDS = 4  # a folder of statements is mostly of one run


@dataclass(frozen=True, slots=True)
class Ground:
    """What all statements of a run share: the plan bound to its period, and its words.

    ``headline`` are the measures that belong into the conclusion, ``left`` is what the run leaves
    out; ``kept`` holds parts of the page that are the same for everybody.
    """

    recomputer: Recomputer
    names: Names
    headline: frozenset[str]
    left: tuple[LeftOut, ...]
    kept: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, program: Program, plan_text: str) -> Ground:
        """The ground of a program that was bound already."""
        recomputer = Recomputer(program, calendar=calendar_for(plan_text))
        names = Names(program.plan, program.run.end)
        return cls(recomputer, names, frozenset(_headline(program)), left_out(program))

    @property
    def program(self) -> Program:
        """The plan, adopted and bound to its period."""
        return self.recomputer.program


def _headline(program: Program) -> Iterator[str]:
    """What somebody is ranked, graded or chosen by, and the scores that nothing else is made of."""
    read = {one.name for reads in graph(read_names(program.plan)).values() for one in reads}
    for name, node in program.nodes.items():
        if isinstance(node, RankOf):
            yield node.rank
        elif isinstance(node, Grade):
            yield from node.by
        pick = getattr(node, "pick", None)
        yield from pick.by if pick is not None else ()
        sheet = isinstance(node, EntryMeasure) and bool(node.base)
        if name not in read and (sheet or isinstance(node, Formula)):
            yield name


@dataclass(frozen=True, slots=True)
class Made:
    """A statement with what was computed from it."""

    statement: Statement
    ground: Ground
    result: Result
    run: SliceRun
    teller: Teller

    @property
    def program(self) -> Program:
        """The plan, adopted and bound to the statement's period."""
        return self.ground.program

    @property
    def view(self) -> View:
        """What the trees of explanations look at."""
        return View(self.program, self.statement.cut, self.run, self.result, self.teller)


def ground_of(statement: Statement) -> Ground:
    """The plan in the statement, adopted and bound to its period.

    Raises SchemeError when the texts in it are no plan, or the plan cannot be run.
    """
    plan = (statement.plan_file, statement.plan_text)
    return _bound(plan, (statement.adoption_file, statement.adoption_text), statement.period)


@lru_cache(maxsize=_KEPT_GROUNDS)
def _bound(plan: tuple[str, str], adoption: tuple[str, str], period: Period) -> Ground:
    return Ground.of(bound(plan, adoption, period), plan[1])


def make(statement: Statement, ground: Ground | None = None) -> Made:
    """Compute the figures. Without ``ground`` the statement's own plan is read."""
    ground = ground or ground_of(statement)
    cut = statement.cut
    result, run = ground.recomputer.run(cut, statement.known_at)
    told = Told.of(result, statement.period, cut.book)
    teller = Teller(ground.program.plan, told, minus=MINUS, names=ground.names)
    return Made(statement, ground, result, run, teller)
