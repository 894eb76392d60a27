"""The reference engine: a plan's program and a book of facts in, an explained result out.

It is meant to be read by an auditor next to ``docs/dev/scheme-language.md``: steps 1 and 2 are
``prepare``; 3 to 5, 9 and 10 of event rules ``level`` with ``events``, ``sets``, ``limits``,
``joint``, ``effects``; 6 to 8 and 11 ``nodes`` with ``factmeasures``, ``measures``,
``periodrules``, ``outcomes``. All numbers are integers and fractions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.collect import Below, collect
from wenyou_core.assess.decisions import Decisions
from wenyou_core.assess.digest import facts_digest
from wenyou_core.assess.effects import Effects
from wenyou_core.assess.factmeasures import FactMeasures
from wenyou_core.assess.facts import FactBook, Opening
from wenyou_core.assess.known import as_known
from wenyou_core.assess.level import event_level
from wenyou_core.assess.lines import CapHit, Journal, Totals
from wenyou_core.assess.measures import measure
from wenyou_core.assess.missing import note_uncovered
from wenyou_core.assess.nodes import Provider, Run, Values
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.outcomes import award, grade, obligation, target
from wenyou_core.assess.periodrules import limit, period_rule
from wenyou_core.assess.prepare import Prepared, World
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import BarRow, Result
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.rules import Limit, PeriodRule
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.periods import Period


def assess(
    program: Program,
    book: FactBook,
    known_at: datetime | None = None,
    *,
    calendar: Calendar | None = None,
) -> Result:
    """The result of a run, from the facts as they were known at a moment.

    ``calendar`` is needed by plans that count working days; without it what depends on them is
    missing. Equal inputs give equal results, whatever the order of the book's rows.
    """
    return assess_known(program, as_known(book, known_at), known_at, calendar=calendar)


def assess_known(
    program: Program,
    known: FactBook,
    known_at: datetime | None = None,
    *,
    calendar: Calendar | None = None,
) -> Result:
    """The same of a book that ``as_known`` has given for this moment."""
    notes = Notes(program)
    world = World(program, Org(known, program), notes, calendar)
    prepared, amounts = Prepared(world, known), Amounts(program)
    journal, effects = event_level(world, prepared, amounts)
    below = FromFacts(FactMeasures(world, prepared), prepared.decisions, known, journal, effects)
    run = run_nodes(world, below, amounts)
    note_uncovered(program, world.org, known.coverage, notes, known_at)
    entries = [line.entry for lines in journal.lines.values() for line in lines]
    digest = facts_digest(program, known)
    return collect(
        run,
        Below(entries=entries, bars=effects.bars, tasks=effects.tasks, facts_digest=digest),
        known_at,
    )


@dataclass
class FromFacts:
    """The reference's own provider: the event level, and measures of facts."""

    measures: FactMeasures
    decisions: Decisions
    book: FactBook
    journal: Journal
    effects: Effects

    @property
    def openings(self) -> Sequence[Opening]:
        """The opening balances of the book."""
        return self.book.openings

    @property
    def bars(self) -> Sequence[BarRow]:
        """The bars of event rules."""
        return self.effects.bars

    @property
    def caps(self) -> Sequence[CapHit]:
        """The caps of event rules."""
        return self.effects.caps

    def values(self, name: str, period: Period) -> Values | None:
        """Measures of facts and counts of obligations; all others are computed above."""
        node = self.measures.world.program.nodes[name]
        if isinstance(node, FactMeasure | Obligation):
            return self.measures.values(node, period)
        return None

    def totals(self, names: Sequence[str] | None, period: Period) -> Totals:
        """Sums of event entries."""
        return self.journal.totals(names, period)


def run_nodes(world: World, provider: Provider, amounts: Amounts) -> Run:
    """Compute all nodes in the program's order on what the provider hands in."""
    run = Run(world, provider, amounts)
    for name in world.program.order:
        run_node(run, name)
    return run


def run_node(run: Run, name: str) -> None:
    """Compute one node in all its periods, on what was computed before it."""
    node = run.program.nodes[name]
    match node:
        case PeriodRule():
            period_rule(run, node)
        case Limit():
            limit(run, node)
        case Grade():
            grade(run, node)
        case Award():
            award(run, node)
        case Target():
            target(run, node)
        case Obligation():
            if node.facts:
                obligation(run, node)
        case _:
            for period in run.periods(name):
                run.measured[name, period.code] = run.held(name, measure(run, node, period))
