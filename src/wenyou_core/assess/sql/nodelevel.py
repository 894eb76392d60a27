"""The nodes that SQL computes, in the program's order; the reference takes the others.

A node stays with the reference when it is sequential, when its numbers are sums of fractions, or
when it reads one that stays with the reference (``assess.sequential``). Targets are told by the
reference from measures, wherever those were computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from wenyou_core.assess.program import Node
from wenyou_core.assess.sql.awarding import Awarding
from wenyou_core.assess.sql.bounds import Adjusting
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.factcounts import compile_counting
from wenyou_core.assess.sql.figures import compile_figure
from wenyou_core.assess.sql.located import Located
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.sharing import Sharing
from wenyou_core.assess.sql.standing import Measures
from wenyou_core.assess.sql.subjectrules import Selecting, SubjectRules
from wenyou_core.assess.sql.sums import Sums, Written, compile_entry_measure
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    RankOf,
    Ratio,
    ShareOf,
)
from wenyou_core.scheme.outcomes import Award, Obligation
from wenyou_core.scheme.rules import Limit, PeriodRule


@dataclass(slots=True)
class NodeLevel:
    """Compiles the nodes one after the other."""

    script: Script
    located: Located
    adjusting: Adjusting
    sharing: Sharing
    hits: dict[str, Hits]
    joints: dict[str, str]
    sums: Sums = field(init=False)
    measures: Measures = field(init=False)
    limits: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sums, self.measures = Sums(self.script), Measures(self.script)

    @property
    def left(self) -> Mapping[str, str]:
        """The nodes that are left to the reference."""
        return self.script.program.sequential

    def compile(self) -> None:
        """Add the statements of every node that SQL computes."""
        for hits in list(self.hits.values()):
            self._write(hits)
        for name in self.script.program.order:
            if name not in self.left and self.script.cells_of(name):
                self._node(self.script.program.nodes[name])

    def _node(self, node: Node) -> None:
        selecting = Selecting(self.script, self.measures)
        match node:
            case FactMeasure() | Obligation():
                compile_counting(self.measures, self.located, node)
            case EntryMeasure():
                compile_entry_measure(self.measures, self.sums, node)
            case PeriodRule():
                rules = SubjectRules(selecting, self.sums, self.located.counted)
                self._period_rule(rules.compile(node))
            case Limit():
                rules = SubjectRules(selecting, self.sums, self.located.counted)
                table = rules.limit(node)
                if table is not None:
                    self.limits[node.name] = table
            case Award():
                Awarding(selecting, self.sums, list(self.hits.values())).compile(node)
            case Ratio() | Formula() | Change() | Across() | ShareOf() | RankOf():
                compile_figure(self.measures, node)

    def _period_rule(self, hits: Hits) -> None:
        name = hits.rule.name
        self.hits[name] = hits
        if hits.pays:
            self.adjusting.bound_singly(hits)
            self.adjusting.bound_totals(hits)
            table = self.sharing.share(hits)
            if table is not None:
                self.joints[name] = table
        self._write(hits)

    def _write(self, hits: Hits) -> None:
        """Note where the entries of a rule stand, for the sums over them."""
        if not hits.pays:
            return
        name, adjusting = hits.rule.name, self.adjusting
        periods = tuple(sorted(self.script.cells_of(name)))
        self.sums.add(name, Written(hits.table, "amount", hits.ledger, periods))
        if name in adjusting.singly:
            self.sums.add(name, Written(f"one_{name}", "change", hits.ledger, periods))
        if name in adjusting.excluded:
            self.sums.add(name, Written(f"out_{name}", "change", hits.ledger, periods))
        if name in adjusting.in_total:
            capped = Written(f"cap_{name}", "change", hits.ledger, periods, dated=False)
            self.sums.add(name, capped)
        for part, joint in enumerate(hits.rule.joint, 1) if name in self.joints else ():
            ledger = joint.amount.ledger if joint.amount is not None else hits.ledger
            shared = Written(self.joints[name], "amount", ledger, periods, part=part)
            self.sums.add(f"{name}+joint", shared)
