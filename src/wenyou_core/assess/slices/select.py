"""Which facts and which other members one subject's figures rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Line, PayingRule, Who, who
from wenyou_core.assess.org import Member
from wenyou_core.assess.prepare import Root
from wenyou_core.assess.result import EntryKind
from wenyou_core.assess.slices.trace import Touch, Trace
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period

Cell = tuple[str, str]
"""A node and the code of a period."""


@dataclass(slots=True)
class Needed:
    """What a slice must hold.

    ``facts`` by kind and id, ``own`` those of the subject itself. ``named`` are members that a
    period rule was judged on and the subject pays or gains for; ``spots`` where they stood on
    which day. ``homes`` are people whose unit of a day matters. ``people``: somebody else's
    entry is followed, so who held which post matters.
    ``given`` are measures of the subject that are made from facts of others.
    """

    facts: set[Root] = field(default_factory=set)
    own: set[Root] = field(default_factory=set)
    named: dict[Cell, set[tuple[SubjectKind, str]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    spots: set[tuple[str, date]] = field(default_factory=set)
    homes: set[tuple[str, date]] = field(default_factory=set)
    people: bool = False
    given: set[Cell] = field(default_factory=set)


def needed_for(trace: Trace, subject: Subject) -> Needed:
    """What the figures of a subject rest on."""
    return _Selection(trace, subject).found


class _Selection:
    def __init__(self, trace: Trace, subject: Subject) -> None:
        self.trace, self.me, self.found = trace, who(subject), Needed()
        self._paid: set[tuple[str, Who]] = set()
        self._walked: set[Touch] = set()
        run = trace.program.run
        about = trace.about.get(self.me, ())
        self.found.own = set(about)
        self._add(root for root in about if trace.plan_day(trace.facts[root]) in run)
        self._touched(trace.hits.get(self.me, ()))
        self._touched(trace.waits.get(self.me, ()))
        for name in sorted(trace.rules_of.get(self.me, ())):
            self._lines(name)
        for node in trace.program.nodes.values():
            if isinstance(node, FactMeasure | Obligation) and node.facts:
                self._rows(node)
        self._close()
        self.found.own &= self.found.facts

    def _add(self, roots: Iterable[Root]) -> None:
        self.found.facts.update(roots)

    def _touched(self, touches: Iterable[Touch]) -> None:
        """Facts that a rule matched, with those counted before them.

        Of a running bound with a key that others share also those whose entries ran into the
        same total before, each with what it rests on itself.
        """
        waiting = list(touches)
        while waiting:
            touch = waiting.pop()
            self.found.facts.add(touch[1])
            self._add(self.trace.before.get(touch, ()))
            if touch not in self._walked:
                self._walked.add(touch)
                for line in self.trace.ahead.get(touch, ()):
                    waiting += self._ran_before(line)

    def _ran_before(self, line: Line) -> list[Touch]:
        """What an entry rests on that ran into the same total, whoever got it."""
        if line.one is None:
            return []
        rule, payer = self.trace.rules[line.entry.rule], who(line.entry.subject)
        rivals = self._rivals(rule)
        self.found.people |= payer[0] and len(rivals) > 1
        if not self.trace.is_apart(rule):
            return [(name, line.one.root) for name in rivals]
        lines = (one for name in rivals for one in self.trace.lines.get((name, payer), ()))
        return [(one.entry.rule, one.one.root) for one in lines if one.one is not None]

    # -- lines -----------------------------------------------------------------------------

    def _lines(self, name: str) -> None:
        """The facts and members behind the subject's entries of one rule."""
        for line in self.trace.lines.get((name, self.me), ()):
            if line.one is not None:
                self._touched([(line.entry.rule, line.one.root)])
            if line.entry.kind is EntryKind.JOINT:
                self._followed(self.trace.by_key[line.entry.cause])
        self._members(name, self.me)

    def _followed(self, cause: Line) -> None:
        """What the entry of another subject rests on, which a joint entry follows."""
        entry, rule = cause.entry, self.trace.rules[cause.entry.rule]
        payer = who(entry.subject)
        self.found.people |= payer[0] or any(joint.instead for joint in rule.joint)
        self._members(rule.name, payer)
        if cause.one is None and payer[0]:
            self.found.homes.add((payer[1], entry.day))
            self.found.spots.add((self.trace.org.unit_of(payer[1], entry.day), entry.day))
        elif cause.one is None:
            self.found.spots.add((payer[1], entry.day))
        if self.trace.is_wide(rule):
            self._all_of(rule.name, payer)
        elif cause.one is not None:
            self._touched((name, cause.one.root) for name in self._rivals(rule))

    def _all_of(self, rule: str, payer: Who) -> None:
        """Everything that a rule and its rivals brought somebody whose entries are followed."""
        if (rule, payer) in self._paid:
            return
        self._paid.add((rule, payer))
        self.found.people |= payer[0]
        for name in self._rivals(self.trace.rules[rule]):
            for line in self.trace.lines.get((name, payer), ()):
                if line.one is not None:
                    self._touched([(name, line.one.root)])

    def _rivals(self, rule: PayingRule) -> list[str]:
        return [one.name for one in self.trace.rivals.get(rule.name, ())] or [rule.name]

    def _members(self, rule: str, payer: Who) -> None:
        """The members on which a period rule was judged when it hit somebody."""
        for hit in self.trace.node_hits.get((rule, payer), ()):
            if hit.of is not None and who(hit.of) != self.me:
                self.found.named[rule, hit.period.code].add((hit.of.kind, hit.of.id))
                person, day = hit.of.kind is SubjectKind.PERSON, hit.period.end
                unit = self.trace.org.unit_of(hit.of.id, day) if person else hit.of.id
                self.found.spots.add((unit, day))
                self.found.people |= payer[0]
                self._add(
                    root
                    for root in self.trace.decided.get(hit.of.id, ())
                    if self.trace.facts[root].values.get("rule") == rule
                )

    # -- measures --------------------------------------------------------------------------

    def _rows(self, node: FactMeasure | Obligation) -> None:
        """The facts that a measure counts for the subject; or that its number is given."""
        population = self.trace.program.plan.populations[node.each]
        if (population.of is SubjectKind.PERSON) is not self.me[0]:
            return
        wide = population.of is SubjectKind.ADOPTER or getattr(node, "beneath", False)
        for period in self.trace.program.cells.get(node.name, ()):
            member = self._member(node.each, period)
            rows = None if member is None else self.trace.measures.rows(node, member, period)
            roots = {row.one.root for row in rows or ()}
            if wide and not roots <= self.found.own:
                self.found.given.add((node.name, period.code))
            else:
                self._add(roots)

    def _member(self, population: str, period: Period) -> Member | None:
        return self.trace.member(population, period, self.me)

    # -- what settles a fact -----------------------------------------------------------------

    def _close(self) -> None:
        """Add what exempts a fact, what it exempts in turn, and what was decided about it."""
        trace = self.trace
        exempted = {exempt.exempt for exempt in trace.program.exempts}
        waiting = list(self.found.facts)
        while waiting:
            root = waiting.pop()
            prepared = trace.prepared
            related = {*trace.decided.get(root[1], ()), *prepared.exempted_by.get(root, ())}
            if root[0] in exempted and root in prepared.exempts:
                related.update(prepared.exempts[root].values())
            before = set(self.found.facts)
            self.found.facts |= related
            for rule, payer in trace.shared.get(root, ()):
                self._all_of(rule, payer)
            waiting += self.found.facts - before
        self._add(trace.decided.get(self.me[1], ()))
        self._add(trace.general)
