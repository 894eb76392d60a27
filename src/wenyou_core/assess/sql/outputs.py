"""The queries whose rows become the result: entries, effects, measures, sums for the reference.

Tags of event rules: ``event``, ``limit``, ``excluded``, ``total``, ``joint``; of period rules the same
with ``period`` for ``event`` and ``period_`` before the others; of limits ``node_total``; of awards
``award`` and ``paid``; ``range``, ``tie`` and what else waits or is missing are notes.
"""

from __future__ import annotations

from collections.abc import Sequence

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.bounds import carried
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.nodelevel import NodeLevel
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.sums import Written
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.scheme.rules import Limit
from wenyou_core.scheme.words import PeriodKind

MAIN = ("p", "subject", "day", "fact", "base", "amount")
EXTRA = ("n", "earlier", "bound", "quantity", "quantity_den", "decision")
JOINT = ("part", "p", "subject", "day", "fact", "base", "amount", "of_kind", "of_subject")
TOTAL = ("p", "subject", "change")
WAITING = ("p", "fact", "happened", "subject", "word", "spot")


def add_outputs(nodes: NodeLevel) -> None:
    """Add the queries of a compiled program."""
    script = nodes.script
    for name, hits in nodes.hits.items():
        if hits.pays:
            _entries(nodes, name, hits)
        if hits.rule.effects:
            query = _rows(script, hits.table, ("p", "subject", "day", "fact"))
            script.output("effects", hits, query)
    for name, table in nodes.limits.items():
        _reported(script, "node_total", name, table, TOTAL)
    for measured in nodes.measures.found.values():
        columns = ("p", "subject", *measured.columns)
        script.output("measure", measured, _rows(script, measured.table, columns))
    _sums(nodes)


def _entries(nodes: NodeLevel, name: str, hits: Hits) -> None:
    script, adjusting = nodes.script, nodes.adjusting
    before = "period_" if hits.members else ""
    columns = tuple(one for one in (*MAIN, *EXTRA) if one in hits.columns)
    main = "period" if hits.members else "event"
    _reported(script, main, (hits, columns), hits.table, columns, paid=True)
    if isinstance(hits.rule.amount, FromRange):
        relation = Relation(script, hits.table, "e")
        tests = [*_in_reported(relation), b.is_null(relation.col("amount"))]
        query = relation.select([relation.col(one) for one in WAITING], tests)
        script.output("range", hits.rule, query)
    singly = (*(one for one in carried(hits) if one in MAIN), "change")
    if name in adjusting.singly:
        _reported(script, f"{before}limit", hits, f"one_{name}", singly)
    if name in adjusting.excluded:
        _reported(script, f"{before}excluded", hits, f"out_{name}", singly)
    if name in adjusting.in_total:
        _reported(script, f"{before}total", hits, f"cap_{name}", TOTAL)
    if name in nodes.joints:
        _reported(script, f"{before}joint", name, nodes.joints[name], JOINT)


def _rows(script: Script, table: str, columns: Sequence[str]) -> Sql:
    return Relation(script, table, "e").select([b.col(one, "e") for one in columns])


def _reported(
    script: Script,
    tag: str,
    about: object,
    table: str,
    columns: Sequence[str],
    *,
    paid: bool = False,
) -> None:
    relation = Relation(script, table, "e")
    tests = _in_reported(relation)
    if paid:
        tests.append(b.not_null(relation.col("amount")))
    script.output(tag, about, relation.select([relation.col(one) for one in columns], tests))


def _in_reported(relation: Relation) -> list[Sql]:
    script = relation.script
    codes = script.program.reported
    numbers = [b.num(at) for one, at in script.number.items() if one.code in codes]
    return [b.one_of(relation.col("p"), numbers)]


# -- sums for the nodes that the reference computes ------------------------------------------


def _sums(nodes: NodeLevel) -> None:
    """Per subject the sums by period, or by day where a node's days cut periods."""
    program = nodes.script.program
    readers = [program.nodes[name] for name in nodes.left if program.cells.get(name)]
    readers = [one for one in readers if isinstance(one, EntryMeasure | Limit)]
    if not readers:
        return
    cutting = PeriodKind.CAMPAIGN in program.plan.periods or any(
        isinstance(one, EntryMeasure) and (one.window is not None or one.opening) for one in readers
    )
    for name, tables in nodes.sums.written.items():
        for one in tables:
            by_day = cutting and one.dated
            tag = "sums_by_day" if by_day else "sums"
            nodes.script.output(tag, (name, one.ledger), _summed(nodes.script, one, by_day=by_day))


def _summed(script: Script, one: Written, *, by_day: bool) -> Sql:
    relation = Relation(script, one.table, "e")
    keys = [relation.col("day" if by_day else "p"), relation.col("subject")]
    tests = [b.not_null(relation.col(one.column))]
    if one.part:
        tests.append(b.eq(relation.col("part"), b.num(one.part)))
    total = b.as_(b.total(relation.col(one.column)), "amount")
    return relation.select([*keys, total], tests, group=keys)
