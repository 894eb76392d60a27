"""From a program to the statements that compute it, in the order of rule-kinds.md §2."""

from __future__ import annotations

from dataclasses import dataclass, field

from wenyou_core.assess.facts import DECISION
from wenyou_core.assess.program import Program
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.bounds import Adjusting, carried
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.eventrules import Hits, compile_event_rule
from wenyou_core.assess.sql.exempting import exempt_facts
from wenyou_core.assess.sql.factcounts import FactCounts
from wenyou_core.assess.sql.located import Located
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script, Shape
from wenyou_core.assess.sql.sharing import Sharing
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation


@dataclass(frozen=True, slots=True)
class Texts:
    """The statements that make the tables, and the queries of the result, in one dialect."""

    statements: tuple[str, ...]
    outputs: tuple[str, ...]


@dataclass(slots=True)
class Compiled:
    """A program as statements, with what their tables mean."""

    script: Script
    hits: dict[str, Hits]
    adjusting: Adjusting
    joints: dict[str, str]
    counts: FactCounts
    _texts: dict[str, Texts] = field(default_factory=dict)

    def texts(self, dialect: str) -> Texts:
        """The statements as text, printed once for each dialect."""
        if dialect not in self._texts:
            made = self.script.statements()
            self._texts[dialect] = Texts(
                statements=tuple(b.printed(one, dialect) for one in made),
                outputs=tuple(b.printed(one.query, dialect) for one in self.script.outputs),
            )
        return self._texts[dialect]

    def reads(self, table: str, dialect: str) -> bool:
        """Whether some statement names a table."""
        texts = self.texts(dialect)
        return any(table in text for text in (*texts.statements, *texts.outputs))


def compile_program(program: Program, shape: Shape) -> Compiled:
    """All statements of a program for a source of this shape."""
    script = Script(program, shape)
    counted = Counted(script)
    for kind in _kinds(program, shape):
        counted.begin(kind)
    exempt_facts(counted)
    counted.deem(program.deems)
    located = Located(counted)
    hits = _event_rules(script, located)
    adjusting = _adjusted(script, hits)
    sharing = Sharing(script, counted, adjusting)
    joints = {name: table for name, one in hits.items() if (table := sharing.share(one))}
    counts = FactCounts(script, located)
    for name, node in program.nodes.items():
        if isinstance(node, FactMeasure | Obligation) and node.facts and script.cells_of(name):
            counts.compile(node)
    compiled = Compiled(script, hits, adjusting, joints, counts)
    _outputs(compiled)
    counted.settle()
    return compiled


def _kinds(program: Program, shape: Shape) -> list[str]:
    """The kinds that are looked at, and those that only may have unconfirmed facts."""
    found = {rule.on for rule in program.events if program.cells.get(rule.name)}
    for node in program.nodes.values():
        if isinstance(node, FactMeasure | Obligation) and node.facts:
            found.add(node.facts)
    for exempt in program.exempts:
        found |= {exempt.exempt, exempt.by}
    for deem in program.deems:
        found |= {deem.deem, deem.becomes or deem.deem}
    return sorted((found | shape.kinds) & set(program.plan.facts) - {DECISION})


def _event_rules(script: Script, located: Located) -> dict[str, Hits]:
    found = {}
    for rule in script.program.events:
        hits = compile_event_rule(script, located, rule)
        if hits is not None:
            found[rule.name] = hits
    return found


def _adjusted(script: Script, hits: dict[str, Hits]) -> Adjusting:
    adjusting = Adjusting(script, hits)
    for one in hits.values():
        adjusting.bound_singly(one)
    for article in script.program.plan.articles:
        for name, one_of in article.sets.items():
            adjusting.exclude(one_of, name)
    for one in hits.values():
        adjusting.bound_totals(one)
    return adjusting


# -- what becomes of the tables ---------------------------------------------------------------

EVENT = ("p", "subject", "day", "fact", "base", "amount")
EXTRA = ("n", "earlier", "bound", "quantity", "quantity_den", "decision")
JOINT = ("part", "p", "subject", "day", "fact", "base", "amount", "of_kind", "of_subject")


def _outputs(compiled: Compiled) -> None:
    for name, hits in compiled.hits.items():
        if hits.pays:
            _entries(compiled, name, hits)
        if hits.rule.effects:
            rows = _all_of(compiled.script, hits.table, ["p", "subject", "day", "fact"])
            compiled.script.output("effects", hits.rule, rows)
    for name, table in compiled.joints.items():
        _reported(compiled.script, "joint", name, table, list(JOINT))
    for name in compiled.counts.digits:
        columns = ["p", "subject", "value"]
        if name in compiled.counts.cyclic:
            columns.append("uncycled")
        compiled.script.output("count", name, _all_of(compiled.script, f"v_{name}", columns))


def _entries(compiled: Compiled, name: str, hits: Hits) -> None:
    script, adjusting = compiled.script, compiled.adjusting
    columns = [one for one in (*EVENT, *EXTRA) if one in hits.columns]
    _reported(script, "event", (hits, tuple(columns)), hits.table, columns, paid=True)
    if isinstance(hits.rule.amount, FromRange):
        waits = ["p", "fact", "happened", "subject", "word", "spot"]
        relation = Relation(script, hits.table, "e")
        query = relation.select(
            [relation.col(one) for one in waits],
            [*_in_reported(relation), b.is_null(relation.col("amount"))],
        )
        script.output("range", hits.rule, query)
    if name in adjusting.singly:
        _reported(script, "limit", hits, f"one_{name}", _adjusting_columns(hits))
    if name in adjusting.excluded:
        _reported(script, "excluded", hits, f"out_{name}", _adjusting_columns(hits))
    if name in adjusting.in_total:
        _reported(script, "total", hits, f"cap_{name}", ["p", "subject", "change"])
    _totals(compiled, name, hits)


def _adjusting_columns(hits: Hits) -> list[str]:
    return [*(one for one in carried(hits) if one in EVENT), "change"]


def _totals(compiled: Compiled, name: str, hits: Hits) -> None:
    """Sums by period and subject, for nodes that the reference computes."""
    script, adjusting = compiled.script, compiled.adjusting
    parts = [_by_period(script, hits.table, "amount")]
    if name in adjusting.singly:
        parts.append(_by_period(script, f"one_{name}", "change"))
    if name in adjusting.excluded:
        parts.append(_by_period(script, f"out_{name}", "change"))
    script.output("sums", (name, hits.ledger), _grouped(b.stacked(parts)))
    if name in adjusting.in_total:
        rows = _all_of(script, f"cap_{name}", ["p", "subject", "change"])
        script.output("sums", (name, hits.ledger), rows)
    if name in compiled.joints:
        for part, joint in enumerate(hits.rule.joint, 1):
            ledger = joint.amount.ledger if joint.amount is not None else hits.ledger
            relation = Relation(script, compiled.joints[name], "e")
            rows = relation.select(
                [relation.col(one) for one in ("p", "subject", "amount")],
                [b.eq(relation.col("part"), b.num(part))],
            )
            script.output("sums", (f"{name}+joint", ledger), _grouped(rows))


def _by_period(script: Script, table: str, column: str) -> Sql:
    relation = Relation(script, table, "e")
    what = [*(relation.col(one) for one in ("p", "subject"))]
    what.append(b.as_(relation.col(column), "amount"))
    return relation.select(what, [b.not_null(relation.col(column))])


def _grouped(rows: Sql) -> Sql:
    keys = b.columns("g", "p", "subject")
    return b.select([*keys, b.total(b.col("amount", "g"))], rows, "g", group=keys)


def _all_of(script: Script, table: str, columns: list[str]) -> Sql:
    return Relation(script, table, "e").select([b.col(one, "e") for one in columns])


def _reported(
    script: Script,
    tag: str,
    about: object,
    table: str,
    columns: list[str],
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
