"""The numbers of others that a subject's rules compare with, and those that are given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from wenyou_core.assess.belonging import units_of
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.lines import Who, who
from wenyou_core.assess.nodes import Standing
from wenyou_core.assess.org import Member
from wenyou_core.assess.outcomes import bars_in_force
from wenyou_core.assess.quantities import Quantity
from wenyou_core.assess.slices.columns import Columns, columns_of, kind_of, population_of
from wenyou_core.assess.slices.mask import Masks, Scrubber
from wenyou_core.assess.slices.model import Given, Peer, Roster
from wenyou_core.assess.slices.select import Needed
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.scheme.depends import graph
from wenyou_core.scheme.measures import (
    Across,
    EntryMeasure,
    FactMeasure,
    MeasureDef,
    Members,
    ShareOf,
    StepOf,
)
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.scope import read_names
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period

LEAVES = (FactMeasure, EntryMeasure, Members, StepOf)
"""Measures of an adopting unit that are made from facts and people of others."""

Row = tuple[Member, Peer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Whose slice it is, what it needs, and which ids may be known in it."""

    me: Who
    adopters: frozenset[str]
    needed: Needed
    masks: Masks


class Rosters:
    """Makes rosters; what a node compares is gathered once for everybody."""

    def __init__(self, trace: Trace, scrubber: Scrubber) -> None:
        """Find out what each node compares."""
        self.scrubber = scrubber
        self.trace, self.run, self.program = trace, trace.run, trace.program
        self.reads = graph(read_names(self.program.plan))
        self.columns = {
            name: found
            for name in self.program.order
            if (found := columns_of(self.program, name)) is not None
        }
        self.periods = sorted({one for cells in self.program.cells.values() for one in cells})
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def of(
        self, subject: Subject, needed: Needed, masks: Masks
    ) -> tuple[tuple[Roster, ...], tuple[Given, ...]]:
        """The rosters and given numbers of one subject, in the order of the program."""
        viewer = Viewer(
            me=who(subject),
            adopters=self.adopters(subject) | self._of_named(needed),
            needed=needed,
            masks=masks,
        )
        names = self._relevant(viewer.me, {name for name, _ in needed.named})
        rosters = [
            Roster(
                node=name,
                population=self.columns[name].population,
                period=period.code,
                peers=peers,
            )
            for name in self.program.order
            if name in names and name in self.columns
            for period in self.run.periods(name)
            if (peers := tuple(self._seen(self._peers(name, period, viewer), viewer.masks)))
        ]
        return tuple(rosters), tuple(self._given(viewer, names))

    def adopters(self, subject: Subject) -> frozenset[str]:
        """The adopting units a subject stands under at the end of any computed period."""
        org, person = self.trace.org, subject.kind is SubjectKind.PERSON
        found = set()
        for period in self.periods:
            unit = org.unit_of(subject.id, period.end) if person else subject.id
            found.add(org.adopter_of(unit, period.end) if unit else "")
        return frozenset(found - {""})

    def _of_named(self, needed: Needed) -> frozenset[str]:
        """The adopting units of the members that hit the subject."""
        found = set()
        for (name, code), members in needed.named.items():
            population = population_of(self.program, name)
            for period in self.run.periods(name):
                if period.code == code:
                    hit = (self.trace.member(population, period, _who(one)) for one in members)
                    found |= {member.adopter for member in hit if member is not None}
        return frozenset(found)

    # -- which nodes matter ----------------------------------------------------------------

    def _relevant(self, me: Who, named: Iterable[str]) -> set[str]:
        """The subject's nodes, those that hit it through others, and what these read upward."""
        program = self.program
        found = set(named)
        for name in program.order:
            population = population_of(program, name)
            if population and any(
                self.trace.member(population, period, me) for period in self.run.periods(name)
            ):
                found.add(name)
        waiting = list(found)
        while waiting:
            name = waiting.pop()
            for read in self.reads[name]:
                if read.name not in found and self._upward(name, read.name):
                    found.add(read.name)
                    waiting.append(read.name)
        return found

    def _upward(self, reader: str, name: str) -> bool:
        """Whether a measure is read for the adopting unit as a whole."""
        program = self.program
        if name not in program.nodes or isinstance(program.nodes[reader], LEAVES):
            return False
        node = program.nodes[name]
        whole = isinstance(node, Across | ShareOf) and node.whole
        return self._of_adopter(name) or (whole and self._of_adopter(reader))

    def _of_adopter(self, name: str) -> bool:
        population = self.program.plan.populations.get(population_of(self.program, name))
        return population is not None and population.of is SubjectKind.ADOPTER

    # -- rosters -----------------------------------------------------------------------------

    def _seen(self, peers: Iterable[Peer], masks: Masks) -> Iterator[Peer]:
        """The peers with the ids and names of others taken out of their attributes."""
        plan = self.program.plan
        fields = {
            **{f"unit.{name}": one for name, one in plan.unit_fields.items()},
            **{f"person.{name}": one for name, one in plan.person_fields.items()},
        }
        for peer in peers:
            if not peer.attributes:
                yield peer
                continue
            apart = masks.apart()
            told = {
                name: self.scrubber.cell(cell, fields.get(name), apart)
                for name, cell in peer.attributes.items()
            }
            yield replace(peer, attributes=told)

    def _peers(self, name: str, period: Period, viewer: Viewer) -> Iterator[Peer]:
        if isinstance(self.program.nodes[name], Members):
            return self._staff(name, period, viewer.me)
        return self._others(name, period, viewer)

    def _others(self, name: str, period: Period, viewer: Viewer) -> Iterator[Peer]:
        columns, rows, me = self.columns[name], self.rows(name, period), viewer.me
        named = viewer.needed.named.get((name, period.code), set())
        groups = {
            member.group
            for member, _ in rows
            if who(member.subject) == me or (member.subject.kind, member.subject.id) in named
        }
        for member, peer in rows:
            if who(member.subject) == me:
                continue
            if (member.subject.kind, member.subject.id) in named:
                person = member.subject.kind is SubjectKind.PERSON
                mask = viewer.masks.person if person else viewer.masks.unit
                unit = viewer.masks.unit(member.unit)
                yield replace(peer, name=mask(member.subject.id), unit=unit)
            elif columns.others and columns.whole and member.adopter in viewer.adopters:
                yield replace(peer, group=())
            elif columns.others and not columns.whole and member.group in groups:
                yield peer

    def _staff(self, name: str, period: Period, me: Who) -> Iterator[Peer]:
        """The people (or units) that a unit's measure is made of."""
        node = self.program.nodes[name]
        population = population_of(self.program, name)
        if not isinstance(node, Members) or not self.trace.member(population, period, me):
            return
        for member, peer in self.rows(name, period):
            counts = me[1] in units_of(self.run, node, member, period)
            if counts and who(member.subject) != me:
                yield replace(peer, unit=me[1], group=())

    def rows(self, name: str, period: Period) -> list[Row]:
        """Every member with what the node compares of it, in the order of the numbers."""
        key = (name, period.code)
        if key not in self._rows:
            columns = self.columns[name]
            node, bars = self.program.nodes[name], dict[Who, set[str]]()
            if isinstance(node, Award) and columns.bars:
                bars = bars_in_force(self.run, node, period)
            members = self.run.org.members(columns.population, period)
            rows = [
                (one, self._peer(columns, name, one, period, bars.get(who(one.subject), set())))
                for one in members
            ]
            self._rows[key] = sorted(rows, key=lambda row: _order(row[1]))
        return self._rows[key]

    def _peer(
        self, columns: Columns, name: str, member: Member, period: Period, bars: set[str]
    ) -> Peer:
        standing = Standing(self.run, member, period)
        values = {}
        for measure in columns.measures:
            value = self.run.quantity(measure, member, period)
            if value is not None and value.exact is not None:
                raw = value.raw if measure == columns.pooled else None
                values[measure] = Quantity(value.exact, raw=raw)
        attributes = {}
        for one in columns.attributes:
            of, _, field = one.partition(".")
            cell = standing.field(of, field)
            if cell is not None:
                attributes[one] = cell
        ruling = None
        if columns.ruling:
            decision = self.run.provider.decisions.on_subject(name, member.subject.id, period)
            ruling = None if decision is None else decision.holds
        return Peer(
            adopter=member.adopter,
            group=member.peers,
            values=values,
            attributes=attributes,
            bars=tuple(sorted(bars)),
            ruling=ruling,
        )

    # -- given numbers -----------------------------------------------------------------------

    def _given(self, viewer: Viewer, names: set[str]) -> Iterator[Given]:
        program, me = self.program, viewer.me
        for name in program.order:
            node = program.nodes[name]
            leaf = isinstance(node, LEAVES) and kind_of(program, name) is SubjectKind.ADOPTER
            for period in self.run.periods(name):
                if (name, period.code) in viewer.needed.given:
                    yield from self._number(name, period, me[1])
                for adopter in sorted(viewer.adopters) if leaf and name in names else ():
                    if (False, adopter) != me:
                        yield from self._number(name, period, adopter)

    def _number(self, name: str, period: Period, member: str) -> Iterator[Given]:
        node = self.program.nodes[name]
        if isinstance(node, MeasureDef):
            values = self.run.measured.get((name, period.code), {})
        else:
            values = self.run.provider.values(name, period) or {}
        if member in values:
            yield Given(measure=name, period=period.code, member=member, value=values[member])


def _who(member: tuple[SubjectKind, str]) -> Who:
    return (member[0] is SubjectKind.PERSON, member[1])


def _order(peer: Peer) -> tuple[object, ...]:
    """By the numbers themselves, so that the place in a roster tells nothing."""
    return (
        peer.adopter,
        str(peer.group),
        [(name, value.exact, value.raw or ()) for name, value in sorted(peer.values.items())],
        sorted((name, str(cell)) for name, cell in peer.attributes.items()),
        peer.bars,
        str(peer.ruling),
    )
