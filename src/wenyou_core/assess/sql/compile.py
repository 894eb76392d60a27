"""From a program to the statements that compute it, in the order of rule-kinds.md §2."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from wenyou_core.assess.facts import DECISION
from wenyou_core.assess.program import Program
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.bounds import Adjusting
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.eventrules import Hits, compile_event_rule
from wenyou_core.assess.sql.exempting import exempt_facts
from wenyou_core.assess.sql.located import Located
from wenyou_core.assess.sql.nodelevel import NodeLevel
from wenyou_core.assess.sql.outputs import add_outputs
from wenyou_core.assess.sql.running import bound_running
from wenyou_core.assess.sql.script import Script, Shape
from wenyou_core.assess.sql.sharing import Sharing
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
    nodes: NodeLevel
    _made: list[b.Sql] = field(default_factory=list)
    _texts: dict[str, Texts] = field(default_factory=dict)

    def texts(self, dialect: str) -> Texts:
        """The statements as text, printed once for each dialect."""
        if dialect not in self._texts:
            # Made once: a tree that hangs in a statement would be copied into the next.
            self._made = self._made or self.script.statements()
            self._texts[dialect] = Texts(
                statements=tuple(b.printed(one, dialect) for one in self._made),
                outputs=tuple(b.printed(one.query, dialect) for one in self.script.outputs),
            )
        return self._texts[dialect]

    def reads(self, table: str, dialect: str) -> bool:
        """Whether some statement names a table."""
        texts = self.texts(dialect)
        return any(table in text for text in (*texts.statements, *texts.outputs))

    def readers(self, dialect: str) -> Counter[str]:
        """How many statements name a table; the queries of the result are not counted."""
        return Counter(word for text in self.texts(dialect).statements for word in _words(text))

    def done_with(self, dialect: str) -> list[list[str]]:
        """Per statement the tables that nothing names after it, the result neither."""
        texts = self.texts(dialect)
        named = {word for text in texts.outputs for word in _words(text)}
        made = {name for name, _ in self.script.steps}
        made |= {f"fact_{kind}" for kind in self.script.needs.kinds}
        found: list[list[str]] = []
        for text in reversed(texts.statements):
            words = _words(text)
            found.append(sorted((words & made) - named))
            named |= words
        return found[::-1]


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


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
    nodes = NodeLevel(script, located, adjusting, sharing, hits, joints)
    nodes.compile()
    add_outputs(nodes)
    counted.settle()
    return Compiled(script, nodes)


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
        adjusting.take_back(one)
        adjusting.bound_totals(one)
        bound_running(adjusting, one)
    return adjusting
