"""Which fields of facts and which attributes a plan reads: all else stays out of a slice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from wenyou_core.assess.program import Program
from wenyou_core.scheme.amounts import FromTable
from wenyou_core.scheme.expr import Const, Field
from wenyou_core.scheme.measures import FactMeasure, Members
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.parts import everything
from wenyou_core.scheme.rules import EventRule, Whom, Window
from wenyou_core.scheme.words import SubjectKind, ValueType

FACT = "fact"


class Reads:
    """What a program reads: ``fields`` by kind of facts, ``attributes`` of units and persons.

    ``words`` are the texts that stand in the plan's conditions, ``choices`` those of its lists
    and parameters, which texts may be compared with; an id among either is public.
    """

    def __init__(self, program: Program) -> None:
        """Look at every rule and node of the plan once."""
        self.program = program
        self.fields: dict[str, set[str]] = defaultdict(set)
        self.attributes: dict[str, set[str]] = {"unit": set(), "person": set()}
        self.words: set[str] = set()
        self.choices = {word for words in program.plan.lists.values() for word in words}
        self.choices |= {
            one.value
            for param in program.params.values()
            for one in param.values
            if isinstance(one.value, str)
        }
        for rule in program.events:
            self._rule(rule)
        for deem in program.deems:
            self._thing(deem, deem.deem)
        for exempt in program.exempts:
            self._thing(exempt, exempt.by)
            self._names(exempt.exempt, exempt.same)
            self._names(exempt.by, (*exempt.same.values(), exempt.since, exempt.till))
        for node in program.nodes.values():
            self._node(node)
        for population in program.plan.populations.values():
            self._thing(population.where, "")
            self._peers(population.of, population.peers)
        self._dates()

    def _rule(self, rule: EventRule) -> None:
        self._thing(rule, rule.on)
        if rule.again is not None:
            self._names(rule.on, rule.again.same)
        if rule.limit is not None:
            self._names(rule.on, rule.limit.same)
        for name in rule.together:
            self._names(rule.on, self.program.sets[name].per)

    def _node(self, node: object) -> None:
        kind = node.facts if isinstance(node, FactMeasure | Obligation) else ""
        self._thing(node, kind)
        if isinstance(node, FactMeasure | Obligation) and node.link:
            self._names(kind, (node.link,))
        for name in (getattr(node, "kept", ""), node.link if isinstance(node, Members) else ""):
            if name:
                self.attributes["unit"].add(name)
                self.attributes["person"].add(name)

    def _dates(self) -> None:
        """Dates may decide the period of a fact, by a reading too; they are always kept."""
        for kind, declared in self.program.plan.facts.items():
            dates = (one for one, what in declared.fields.items() if what.type is ValueType.DATE)
            self.fields[kind].update(dates)

    def _peers(self, of: SubjectKind, names: Iterable[str]) -> None:
        for name in names:
            whose, _, field = name.rpartition(".")
            for one in (whose,) if whose else ("unit", "person"):
                self.attributes[one].add(field)

    def _names(self, kind: str, names: Iterable[str]) -> None:
        """Fields named by a text: ``level``, ``unit.class``."""
        for name in names:
            whose, _, field = name.rpartition(".")
            if whose in self.attributes:
                self.attributes[whose].add(field)
            elif field:
                self.fields[kind].add(field)

    def _thing(self, thing: object, kind: str) -> None:
        for part in everything(thing):
            match part:
                case Field(of, name) if of == FACT:
                    self.fields[kind].add(name)
                case Field("table", table):
                    self._names(kind, self.program.tables[table].by)
                case Field(of, name) if of in self.attributes:
                    self.attributes[of].add(name)
                case Const(value) if isinstance(value, str):
                    self.words.add(value)
                case FromTable(table=table):
                    self._names(kind, self.program.tables[table].by)
                case Whom(field=name) if name:
                    self.fields[kind].add(name)
                case Window(kind="cycle", param=name):
                    self._names(kind, (name,))
                case Window(kind="param", param=name):
                    self._window_param(kind, name)

    def _window_param(self, kind: str, name: str) -> None:
        for dated in self.program.params[name].values:
            word, _, anchor = str(dated.value).partition(" ")
            if word == "cycle":
                self._names(kind, (anchor,))


def looks_at_staff(rule: object) -> bool:
    """Whether a rule or one of its joints hits everybody in a unit."""
    return any(isinstance(part, Whom) and part.who == "members" for part in everything(rule))
