"""Run a compiled program: tables in, statements, and out of their rows the whole result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.collect import Below as BelowRows
from wenyou_core.assess.collect import collect
from wenyou_core.assess.missing import note_uncovered
from wenyou_core.assess.nodes import Run
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.prepare import World
from wenyou_core.assess.program import Program
from wenyou_core.assess.reference import assess, run_node
from wenyou_core.assess.result import Result
from wenyou_core.assess.sql.below import Below
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.compile import Compiled, compile_program
from wenyou_core.assess.sql.engine import Engine, Row
from wenyou_core.assess.sql.noting import Noting
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.rules import Limit, PeriodRule


@dataclass(slots=True)
class SqlRun:
    """A program run on an engine; its tables are there until the transaction ends."""

    program: Program
    source: BookSource
    engine: Engine
    compiled: Compiled

    def result(self, *, apart: frozenset[str] = frozenset()) -> Result:
        """The whole result, equal to that of the reference.

        Outputs whose tag is in ``apart`` stay in the engine: a whole bank's entries are written
        from there (``ledger.py``), and the result holds what the nodes made of them.
        """
        source, script = self.source, self.compiled.script
        if "workdays" in script.needs.tables and source.unannounced():
            return assess(self.program, source.book, source.known_at, calendar=source.calendar)
        notes = Notes(self.program)
        below = Below(script, source.keys, notes, source.decisions, source.openings)
        _Taking(self.compiled, below, Noting(script, source.keys, notes)).take(self.engine, apart)
        source.note_decisions(notes)
        world = World(self.program, source.org, notes, source.calendar)
        run = Run(world, below, Amounts(self.program))
        run.awards += below.awards
        finished = self._finished(apart)
        for name in self.program.order:
            if name not in finished:
                run_node(run, name)
        note_uncovered(self.program, source.org, source.coverage, notes, source.known_at)
        rows = BelowRows(
            entries=below.entries,
            bars=below.effects.bars,
            tasks=below.effects.tasks,
            facts_digest=source.digest(),
        )
        return collect(run, rows, source.known_at)

    def _finished(self, apart: frozenset[str]) -> frozenset[str]:
        """Nodes whose rows came from SQL as they are; the values of measures are handed on.

        Where the measures stay in the engine and no node is left to the reference, all are done.
        """
        written = (PeriodRule, Limit, Award)
        nodes, left = self.program.nodes, self.compiled.nodes.left
        if "measure" in apart and not left:
            return frozenset(nodes)
        return frozenset(
            name for name, one in nodes.items() if isinstance(one, written) and name not in left
        )


@dataclass(slots=True)
class _Taking:
    """Hands the rows of every output to whom they concern."""

    compiled: Compiled
    below: Below
    noting: Noting

    def take(self, engine: Engine, apart: frozenset[str]) -> None:
        """Ask all queries of the result but those that stay apart."""
        judged: dict[str, list[Row]] = {}
        takers = self._takers(judged)
        texts = self.compiled.texts(engine.dialect).outputs
        for output, text in zip(self.compiled.script.outputs, texts, strict=True):
            if output.tag not in apart:
                takers[output.tag](output.about, engine.rows(text))

    def _takers(self, judged: dict[str, list[Row]]) -> Mapping[str, Callable[..., None]]:
        below, noting, hits = self.below, self.noting, self.compiled.nodes.hits

        def judged_facts(rule: Any, rows: list[Row]) -> None:
            judged[rule.name] = rows

        return {
            "unconfirmed": noting.unconfirmed,
            "exempted": noting.exempted,
            "lost": noting.lost,
            "evidence": noting.evidence,
            "no_post": noting.no_post,
            "no_unit": noting.no_unit,
            "no_home": noting.no_home,
            "no_attribute": noting.no_attribute,
            "unset": noting.unset,
            "range": noting.ranges,
            "judged_facts": judged_facts,
            "judged_subjects": lambda rule, rows: noting.judgements(rule, judged[rule.name], rows),
            "tie": noting.ties,
            "crowded": noting.crowded,
            "judged_member": noting.judged_members,
            "event": below.take_events,
            "limit": lambda one, rows: below.take_adjusting("limit", one, rows),
            "excluded": lambda one, rows: below.take_adjusting("excluded", one, rows),
            "total": below.take_totals,
            "joint": lambda name, rows: below.take_joints(hits[name], rows),
            "period": below.take_events,
            "period_limit": lambda one, rows: below.take_adjusting("limit", one, rows),
            "period_total": below.take_totals,
            "period_joint": lambda name, rows: below.take_joints(hits[name], rows),
            "node_total": below.take_limits,
            "award": below.take_awards,
            "paid": below.take_paid,
            "effects": below.take_effects,
            "measure": below.take_measure,
            "sums": below.take_sums,
            "sums_by_day": below.take_sums_by_day,
        }


def run_sql(
    program: Program,
    source: BookSource,
    engine: Engine,
    compiled: Compiled | None = None,
    *,
    sparing: bool = False,
) -> SqlRun:
    """Load the source's tables and run the program's statements.

    ``compiled`` may be handed in where one program runs on several sources of one shape.
    ``sparing``: a table is dropped when the last statement that reads it has run.
    """
    if compiled is None:
        compiled = compile_program(program, source.shape)
    source.install(engine, compiled)
    done = compiled.done_with(engine.dialect) if sparing else []
    for at, statement in enumerate(compiled.texts(engine.dialect).statements):
        engine.run(statement)
        for table in done[at] if sparing else ():
            engine.run(f"DROP {'VIEW' if table in source.views else 'TABLE'} {table}")
    return SqlRun(program, source, engine, compiled)
