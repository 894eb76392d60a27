"""A full run of the reference that remembers what stands behind each line and hit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.collect import Below, collect
from wenyou_core.assess.digest import facts_digest, kinds_looked_at
from wenyou_core.assess.effects import Effects
from wenyou_core.assess.events import EventStage
from wenyou_core.assess.factmeasures import FactMeasures
from wenyou_core.assess.facts import DECISION, Fact, FactBook
from wenyou_core.assess.level import event_level
from wenyou_core.assess.limits import key_of, within
from wenyou_core.assess.lines import Hit, Line, PayingRule, Who, who
from wenyou_core.assess.missing import note_uncovered
from wenyou_core.assess.nodes import Run
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Member, Org
from wenyou_core.assess.prepare import Prepared, Root, World
from wenyou_core.assess.program import Program
from wenyou_core.assess.reference import FromFacts, run_node
from wenyou_core.assess.result import EntryKind, Result
from wenyou_core.scheme.rivals import rivals_of
from wenyou_core.scheme.rules import PeriodRule
from wenyou_core.scheme.words import LimitPer
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.periods import Period

Touch = tuple[str, Root]
"""A rule and the fact it matched."""


class Recorder(Effects):
    """Effects that keep the hits they came from."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.hits: list[Hit] = []

    def add(self, hits: Iterable[Hit]) -> None:
        """Keep the hits, and write down what follows from them."""
        found = list(hits)
        self.hits += found
        super().add(found)


class Trace:
    """A run with all that ``assess`` throws away: lines, hits, measures of all periods.

    ``book`` must be as known already. ``result`` is what ``assess`` gives for it.
    """

    def __init__(
        self,
        program: Program,
        book: FactBook,
        known_at: datetime | None = None,
        *,
        calendar: Calendar | None = None,
    ) -> None:
        """Run the reference and index what it made."""
        self.program, self.book, self.calendar = program, book, calendar
        self.rules: dict[str, PayingRule] = {rule.name: rule for rule in program.events}
        for node in program.nodes.values():
            if isinstance(node, PeriodRule):
                self.rules[node.name] = node
        self.rivals = rivals_of(program.events)
        notes = Notes(program)
        self.world = World(program, Org(book, program), notes, calendar)
        self.org = self.world.org
        self.prepared, amounts = Prepared(self.world, book), Amounts(program)
        self.journal, effects = event_level(self.world, self.prepared, amounts)
        self.measures = FactMeasures(self.world, self.prepared)
        self.provider = FromFacts(
            self.measures, self.prepared.decisions, book, self.journal, effects
        )
        self.run = Run(self.world, self.provider, amounts)
        self.recorder = self.run.effects = Recorder()
        for name in program.order:
            run_node(self.run, name)
        note_uncovered(program, self.org, book.coverage, notes, known_at)
        self.result = self._result(effects, known_at)
        self._by_who: dict[tuple[str, str], dict[Who, Member]] = {}
        self._index_events(EventStage(self._silent(), self.prepared, amounts))
        self._index_lines()
        self._index_keys()
        self._index_facts()

    def _result(self, effects: Effects, known_at: datetime | None) -> Result:
        entries = [line.entry for lines in self.journal.lines.values() for line in lines]
        digest = facts_digest(self.program, self.book)
        below = Below(entries=entries, bars=effects.bars, tasks=effects.tasks, facts_digest=digest)
        return collect(self.run, below, known_at)

    def _silent(self) -> World:
        """The same world with notes that nobody reads."""
        return World(self.program, self.org, Notes(self.program), self.calendar)

    # -- events ----------------------------------------------------------------------------

    def _index_events(self, stage: EventStage) -> None:
        """Per subject what effects hit it by; per match the facts counted before it."""
        self.hits: dict[Who, set[Touch]] = defaultdict(set)
        self.before: dict[Touch, tuple[Root, ...]] = {}
        for rule in self.program.events:
            if rule.effects:
                for hit in stage.run(rule)[1]:
                    if hit.one is not None:
                        self.hits[who(hit.subject)].add((rule.name, hit.one.root))
            for root, before in stage.counted_before(rule).items():
                if before:
                    self.before[rule.name, root] = before

    # -- lines -----------------------------------------------------------------------------

    def _index_lines(self) -> None:
        """Lines by rule and subject, and by key; hits of period rules by rule and subject."""
        self.lines: dict[tuple[str, Who], list[Line]] = defaultdict(list)
        self.rules_of: dict[Who, set[str]] = defaultdict(set)
        self.by_key: dict[str, Line] = {}
        for journal in (self.journal, self.run.journal):
            for name, lines in journal.lines.items():
                for line in lines:
                    subject = who(line.entry.subject)
                    self.lines[name, subject].append(line)
                    self.rules_of[subject].add(name)
                    if line.entry.kind is not EntryKind.JOINT:
                        self.by_key[line.entry.key] = line
        self._index_shared()

    def _index_shared(self) -> None:
        """Whose entries of wide rules each fact brought; hits of period rules."""
        self.shared: dict[Root, set[tuple[str, Who]]] = defaultdict(set)
        for rule in self.program.events:
            for line in self.journal.lines.get(rule.name, ()) if self.is_wide(rule) else ():
                if line.one is not None:
                    self.shared[line.one.root].add((rule.name, who(line.entry.subject)))
        self.node_hits: dict[tuple[str, Who], list[Hit]] = defaultdict(list)
        for hit in self.recorder.hits:
            self.node_hits[hit.rule.name, who(hit.subject)].append(hit)
            self.rules_of[who(hit.subject)].add(hit.rule.name)

    def _index_keys(self) -> None:
        """Per fact of a running bound whose key several subjects share: the entries just before.

        What stood before those is found from them in turn.
        """
        self.ahead: dict[Touch, list[Line]] = defaultdict(list)
        for rule in self.program.events:
            bounds = rule.limit
            if bounds is None or not bounds.same:
                continue
            newest: dict[tuple[Hashable, Hashable], Line] = {}
            for line in self.journal.lines.get(rule.name, ()):
                if line.one is None or line.entry.kind is not EntryKind.EVENT:
                    continue
                key = (key_of(line, bounds), within(line, bounds))
                if key in newest:
                    self.ahead[rule.name, line.one.root].append(newest[key])
                newest[key] = line

    def is_wide(self, rule: PayingRule) -> bool:
        """Whether others follow entries of a rule that rest on more than their own fact."""
        bounded = rule.limit is not None and rule.limit.per is not LimitPer.EVENT
        return bool(rule.joint) and (self.is_apart(rule) or bounded)

    def is_apart(self, rule: PayingRule) -> bool:
        """Whether a rule competes with others also over facts that are apart."""
        group = self.rivals.get(rule.name, ())
        return any(self.program.sets[name].per for one in group for name in one.together)

    # -- facts -----------------------------------------------------------------------------

    def _index_facts(self) -> None:
        """Facts by kind and id, whom each is about, what it is deemed, what decides on it."""
        self.facts: dict[Root, Fact] = {}
        self.about: dict[Who, list[Root]] = defaultdict(list)
        self.decided: dict[str, list[Root]] = defaultdict(list)
        looked_at = kinds_looked_at(self.program)
        for kind in sorted({*self.program.plan.facts, DECISION}):
            for fact in self.book.facts.get(kind, ()):
                root = (kind, fact.id)
                self.facts[root] = fact
                if kind == DECISION:
                    for name in ("target", "subject"):
                        self.decided[str(fact.values.get(name, ""))].append(root)
                elif kind in looked_at:
                    for whose in dict.fromkeys(self.named_in(fact)):
                        self.about[whose].append(root)
        ids = {root[1] for root in self.facts if root[0] != DECISION}
        said = ((root, self.facts[root].values.get("target")) for root in self.decided[""])
        self.general = [
            root
            for root, target in said
            if target not in ids and not self.facts[root].values.get("subject")
        ]
        self.deemed: dict[Root, list[Fact]] = defaultdict(list)
        for happening in self.prepared.derived():
            self.deemed[happening.root].append(happening.fact)
        self._index_notes()

    def _index_notes(self) -> None:
        """Facts that wait for a decision, by whom they would hit."""
        self.waits: dict[Who, set[Touch]] = defaultdict(set)
        for row in self.world.notes.waiting:
            kinds = [row.fact_kind]
            kinds += [one.deem for one in self.program.deems if one.becomes == row.fact_kind]
            for kind in kinds if row.fact else ():
                if (kind, row.fact) in self.facts:
                    for subject in row.subjects:
                        self.waits[who(subject)].add((row.rule, (kind, row.fact)))

    def named_in(self, fact: Fact) -> Iterator[Who]:
        """Whose own fact it is: its unit's (of a person: that day's), and its people's."""
        unit = fact.unit or self.org.unit_of(fact.person, self.plan_day(fact))
        if unit:
            yield (False, unit)
        if fact.person:
            yield (True, fact.person)
        for value in fact.values.values():
            if isinstance(value, tuple):
                yield from ((True, one) for one in value)

    def member(self, population: str, period: Period, whose: Who) -> Member | None:
        """A subject as a member of a population in a period; None where it is none."""
        key = (population, period.code)
        if key not in self._by_who:
            members = self.org.members(population, period)
            self._by_who[key] = {who(member.subject): member for member in members}
        return self._by_who[key].get(whose)

    def plan_day(self, fact: Fact) -> date:
        """The deciding day by the plan, else the day it happened."""
        name = self.world.date_name("", fact.kind)
        return self.world.deciding_day(fact, name) or fact.happened
