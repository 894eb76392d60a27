"""Compute a subject's figures again, from its slice, with the reference itself.

The event level runs on the slice's own book. Above it every node of the reference runs as it
is; only the members it looks at are the subject and the roster of that node and period.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.collect import Below, collect
from wenyou_core.assess.decisions import Decision, Decisions
from wenyou_core.assess.factmeasures import FactMeasures
from wenyou_core.assess.facts import DECISION, Cell, Fact, FactBook, Opening, Subject
from wenyou_core.assess.level import event_level
from wenyou_core.assess.lines import CapHit, Journal, Line, Totals, Who, who
from wenyou_core.assess.needs import looks_of
from wenyou_core.assess.nodes import Run, Values
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Member, Org
from wenyou_core.assess.prepare import Prepared, World
from wenyou_core.assess.program import Program
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.reference import FromFacts, run_node
from wenyou_core.assess.result import BarRow, Result
from wenyou_core.assess.slices.model import ANONYMOUS, Peer, Roster, Slice
from wenyou_core.assess.slices.rows import of_subject
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.periods import Period

CHOSEN, LEFT = "选中", "不选"


def recompute(
    program: Program,
    cut: Slice,
    known_at: datetime | None = None,
    *,
    calendar: Calendar | None = None,
) -> Result:
    """The subject's rows of the result, from its slice alone.

    What is missing is no part of it: that is declared for the run, not computed.
    """
    return recomputed(program, cut, known_at, calendar=calendar)[0]


def recomputed(
    program: Program,
    cut: Slice,
    known_at: datetime | None = None,
    *,
    calendar: Calendar | None = None,
) -> tuple[Result, SliceRun]:
    """The rows of ``recompute``, and the run with the measures of all its periods."""
    return Recomputer(program, calendar=calendar).run(cut, known_at)


class Recomputer:
    """Computes slices of one program, one after the other; what all need is made once."""

    def __init__(self, program: Program, *, calendar: Calendar | None = None) -> None:
        """Find out which days the program looks at, and what its amounts are."""
        self.program, self.calendar = program, calendar
        self._amounts, self._looks = Amounts(program), looks_of(program)

    def run(self, cut: Slice, known_at: datetime | None = None) -> tuple[Result, SliceRun]:
        """The subject's rows of the result, and the run with the measures of all its periods."""
        program, amounts = self.program, self._amounts
        org = SliceOrg(cut.book, program, cut.subject)
        world = World(program, org, Notes(program, self._looks), self.calendar)
        prepared = Prepared(world, cut.book)
        journal, effects = event_level(world, prepared, amounts)
        measures = FactMeasures(world, prepared)
        below = FromFacts(measures, prepared.decisions, cut.book, journal, effects)
        run = SliceRun(org, SliceProvider(below, cut), amounts, measures)
        for name in program.order:
            _take(run, name, cut)
        entries = [line.entry for lines in journal.lines.values() for line in lines]
        outcome = Below(entries=entries, bars=effects.bars, tasks=effects.tasks)
        rows = of_subject(collect(run, outcome, known_at), cut.subject, cut.own)
        return replace(rows, missing=()), run


def _take(run: SliceRun, name: str, cut: Slice) -> None:
    """Compute one node among the subject and the others it is compared with."""
    seats = [Seats(run, roster) for roster in cut.rosters if roster.node == name]
    run.seat(seats)
    run_node(run, name)
    run.leave(name, seats)
    for one in cut.given:
        if one.measure == name:
            held = run.measured.get((name, one.period), {})
            run.measured[name, one.period] = {**held, one.member: one.value}


class Seats:
    """A roster taken as members: the n-th is ``匿名n``, a named one has its name."""

    def __init__(self, run: Run, roster: Roster) -> None:
        """Give everybody an id."""
        kind = run.program.plan.populations[roster.population].of
        self.population, self.people = roster.population, kind is SubjectKind.PERSON
        self.period = next(one for one in run.periods(roster.node) if one.code == roster.period)
        self.peers: dict[str, Peer] = {}
        members = []
        for number, peer in enumerate(roster.peers, start=1):
            name = peer.name or f"{ANONYMOUS}{number}"
            self.peers[name] = peer
            unit = peer.unit if peer.name and self.people else name
            members.append(Member(Subject(kind, name), unit, peer.adopter, peer.group))
        self.members = tuple(members)

    def bars(self) -> Iterator[BarRow]:
        """The bars of its members, for the roster's own period."""
        for member in self.members:
            for what in self.peers[member.subject.id].bars:
                yield BarRow(
                    what=what,
                    subject=member.subject,
                    since=self.period.start,
                    until=self.period.end,
                    rule="",
                    article="",
                    period=self.period.code,
                )


class SliceOrg(Org):
    """The organization of a slice: who is a member depends on the node at hand."""

    def __init__(self, book: FactBook, program: Program, subject: Subject) -> None:
        """Know the subject whose slice it is."""
        super().__init__(book, program)
        self.me: Who = who(subject)
        self.seated: dict[date, Seats] = {}
        self._own: dict[tuple[str, date], tuple[Member, ...]] = {}

    def members(self, population: str, period: Period) -> tuple[Member, ...]:
        """The subject, if it is a member, or its adopting unit; and the roster of the node."""
        key = (population, period.end)
        if key not in self._own:
            whole = self.plan.populations[population].of is SubjectKind.ADOPTER
            self._own[key] = tuple(
                member
                for member in super().members(population, period)
                if whole or who(member.subject) == self.me
            )
        seats = self.seated.get(period.end)
        if seats is None or seats.population != population:
            return self._own[key]
        own = (one for one in self._own[key] if one.subject.id not in seats.peers)
        return (*own, *seats.members)

    def chain(self, unit: str, day: date) -> tuple[str, ...]:
        """The unit and all above it; an anonymous one stands beneath the unit it counts for."""
        seats = self.seated.get(day)
        peer = seats.peers.get(unit) if seats is not None else None
        if seats is None or peer is None or peer.name or not peer.unit:
            return super().chain(unit, day)
        above = super().chain(peer.unit, day)
        return above if seats.people else (unit, *above)

    def attribute(self, of: str, name: str, subject: str, day: date) -> Cell | None:
        """An attribute; of a member of the roster what the roster says."""
        seats = self.seated.get(day)
        peer = seats.peers.get(subject) if seats is not None else None
        if peer is not None:
            return peer.attributes.get(f"{of}.{name}")
        return super().attribute(of, name, subject, day)


class SliceDecisions(Decisions):
    """The decisions of a slice, and what its rosters say was decided about others."""

    def __init__(self, own: Decisions) -> None:
        """Begin without a roster."""
        super().__init__(())
        self._by_rule = own._by_rule
        self.seated: dict[str, Seats] = {}

    def on_subject(self, rule: str, subject: str, period: Period) -> Decision | None:
        """The judgment of, or choice of, a subject in a period."""
        seats = self.seated.get(period.code)
        peer = seats.peers.get(subject) if seats is not None else None
        if peer is None or peer.name:
            return super().on_subject(rule, subject, period)
        if peer.ruling is None:
            return None
        return _decision(subject, CHOSEN if peer.ruling else LEFT, period)


class SliceProvider:
    """The slice's own event level, with the numbers that are given."""

    def __init__(self, below: FromFacts, cut: Slice) -> None:
        """Take over the decisions, so that rosters can say theirs."""
        self._below = below
        self.decisions = SliceDecisions(below.decisions)
        self.seated: list[BarRow] = []
        self._given: dict[tuple[str, str], dict[str, Quantity]] = {}
        for one in cut.given:
            self._given.setdefault((one.measure, one.period), {})[one.member] = one.value

    @property
    def openings(self) -> Sequence[Opening]:
        """The subject's opening balances."""
        return self._below.openings

    @property
    def bars(self) -> Sequence[BarRow]:
        """The bars of event rules, and of the members of the rosters."""
        return [*self._below.bars, *self.seated]

    @property
    def caps(self) -> Sequence[CapHit]:
        """The caps of event rules."""
        return self._below.caps

    def values(self, name: str, period: Period) -> Values | None:
        """Measures of facts and counts of obligations, with the given ones."""
        found = self._below.values(name, period)
        return found if found is None else {**found, **self._given.get((name, period.code), {})}

    def totals(self, names: Sequence[str] | None, period: Period) -> Totals:
        """Sums of event entries."""
        return self._below.totals(names, period)

    @property
    def journal(self) -> Journal:
        """The event level's entries."""
        return self._below.journal


class SliceRun(Run):
    """A run in which the others of each node come from its rosters.

    ``facts`` finds the facts that a measure counts.
    """

    def __init__(
        self, org: SliceOrg, provider: SliceProvider, amounts: Amounts, facts: FactMeasures
    ) -> None:
        """Keep what knows of rosters."""
        super().__init__(facts.world, provider, amounts)
        self._org, self._provider, self.facts = org, provider, facts

    def written(self) -> Iterator[Line]:
        """All entries of the run, also of periods that are not reported."""
        for journal in (self._provider.journal, self.journal):
            for lines in journal.lines.values():
                yield from lines

    def seat(self, seats: Iterable[Seats]) -> None:
        """Let the members of a node's rosters sit down, with their numbers."""
        for one in seats:
            self._org.seated[one.period.end] = one
            self._provider.decisions.seated[one.period.code] = one
            self._provider.seated += one.bars()
            for measure in {name for peer in one.peers.values() for name in peer.values}:
                numbers = {
                    name: peer.values[measure]
                    for name, peer in one.peers.items()
                    if measure in peer.values
                }
                held = self.measured.get((measure, one.period.code), {})
                self.measured[measure, one.period.code] = {**held, **numbers}

    def leave(self, node: str, seats: Iterable[Seats]) -> None:
        """Let them go, and forget everything about them: the next roster has the same ids."""
        for one in seats:
            names = {name for peer in one.peers.values() for name in peer.values}
            for measure in names | {node}:
                held = self.measured.get((measure, one.period.code))
                if held is not None:
                    left = {name: held[name] for name in held.keys() - one.peers.keys()}
                    self.measured[measure, one.period.code] = left
        self._org.seated.clear()
        self._provider.decisions.seated.clear()
        self._provider.seated.clear()
        effects, me = self.effects, self._org.me
        effects.bars = [bar for bar in effects.bars if who(bar.subject) == me]
        effects.caps = [cap for cap in effects.caps if who(cap.subject) == me]
        effects.tasks = [task for task in effects.tasks if who(task.subject) == me]


def _decision(subject: str, choice: str, period: Period) -> Decision:
    moment = datetime.combine(period.end, datetime.min.time())
    fact = Fact(kind=DECISION, id="", happened=period.end, known=moment, recorded=moment)
    return Decision(fact, period.code, subject, choice, None)
