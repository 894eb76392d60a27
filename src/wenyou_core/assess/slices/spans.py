"""Units, people and posts as they stand in a slice: the subject's own, and of others the days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from wenyou_core.assess.facts import Cell, Fact, PersonSpan, PostSpan, Subject, UnitSpan
from wenyou_core.assess.known import known_day
from wenyou_core.assess.program import Program
from wenyou_core.assess.slices.mask import Masks, Scrubber
from wenyou_core.assess.slices.reads import Reads, looks_at_staff
from wenyou_core.assess.slices.select import Needed
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.errors import Place
from wenyou_core.scheme.measures import FactMeasure
from wenyou_core.scheme.outcomes import Obligation
from wenyou_core.scheme.rules import PeriodRule
from wenyou_core.scheme.words import SubjectKind, ValueType
from wenyou_core.worktime.months import ONE_DAY

Days = dict[str, set[date]]


@dataclass(slots=True)
class Asked:
    """The units and people that facts name, with the days on which they are asked for."""

    units: Days = field(default_factory=lambda: defaultdict(set))
    people: Days = field(default_factory=lambda: defaultdict(set))
    homeless: Days = field(default_factory=lambda: defaultdict(set))

    def add(self, fact: Fact, links: Iterable[str]) -> None:
        """Whatever day decides, the unit and the person of a fact are asked for that day."""
        days = {fact.happened, known_day(fact)}
        days |= {value for value in fact.values.values() if isinstance(value, date)}
        for unit in (fact.unit, *(fact.values.get(name) for name in links)):
            if isinstance(unit, str) and unit:
                self.units[unit] |= days
        if fact.person:
            self.people[fact.person] |= days
            if not fact.unit:
                self.homeless[fact.person] |= days


class SpanPages:
    """Cuts the organization; what all slices share is found out once."""

    def __init__(self, trace: Trace, reads: Reads, scrubber: Scrubber) -> None:
        """Index the spans by unit and person."""
        self.trace, self.reads, self.scrubber, book = trace, reads, scrubber, trace.book
        self.units: dict[str, list[UnitSpan]] = defaultdict(list)
        self.persons: dict[str, list[PersonSpan]] = defaultdict(list)
        self.posts_of: dict[str, list[PostSpan]] = defaultdict(list)
        self.posts_in: dict[str, list[PostSpan]] = defaultdict(list)
        self.beneath: dict[str, set[str]] = defaultdict(set)
        for unit in book.units:
            self.units[unit.id].append(unit)
        for person in book.persons:
            self.persons[person.id].append(person)
        for post in book.posts:
            self.posts_of[post.person].append(post)
            self.posts_in[post.unit].append(post)
        for name in self.units:
            for above in trace.org.chain(name, trace.program.run.end):
                self.beneath[above].add(name)
        self.roles = tuple(trace.program.plan.roles.values())
        self._roles = frozenset(post for role in self.roles for post in role.posts)
        nodes = (one for one in trace.program.nodes.values() if isinstance(one, PeriodRule))
        self._ends = sorted({one.end for rule in nodes for one in trace.run.periods(rule.name)})
        self.links = _links(trace.program)
        self._staff = any(looks_at_staff(rule) for rule in trace.rules.values())

    # -- what may be known -------------------------------------------------------------------

    def masks_for(self, subject: Subject, needed: Needed) -> Masks:
        """Which ids stay: the subject, its units, those above and beneath, public ones."""
        person = subject.kind is SubjectKind.PERSON
        known = set(self._own_units(subject))
        for unit in tuple(known):
            known |= self.beneath.get(unit, set()) | self._above(unit)
        if person:
            known |= {self.trace.facts[root].unit for root in needed.own} - {""}
        adoption, public = self.trace.program.adoption, self.reads.words | self.reads.choices
        known |= set(adoption.units) if adoption else set()
        persons = {subject.id} if person else set()
        persons |= public & self.scrubber.people
        said = {*public, *(code for _, code in needed.facts)}
        return Masks(known | (public & self.units.keys()), persons, said)

    def _own_units(self, subject: Subject) -> tuple[str, ...]:
        if subject.kind is not SubjectKind.PERSON:
            return (subject.id,)
        return tuple(dict.fromkeys(post.unit for post in self.posts_of.get(subject.id, ())))

    def _above(self, unit: str) -> set[str]:
        """All units that ever stood above."""
        found, waiting = set[str](), [unit]
        while waiting:
            parents = {span.parent for span in self.units.get(waiting.pop(), ())}
            waiting += parents - found - {""}
            found |= parents - {""}
        return found

    # -- units ---------------------------------------------------------------------------------

    def unit_spans(self, subject: Subject, asked: Asked, masks: Masks) -> list[UnitSpan]:
        """Spans of the subject's units and those above, whole; of others single days."""
        whole = dict.fromkeys(self._own_units(subject))
        single: dict[tuple[str, date], UnitSpan] = {}
        for unit, days in sorted(asked.units.items()):
            for day in sorted(days):
                for one in self.trace.org.chain(unit, day):
                    if one in masks.units:
                        whole.setdefault(one)
                    else:
                        self._unit_day(single, one, day, masks)
        for unit in tuple(whole):
            whole.update(dict.fromkeys(sorted(self._above(unit) & masks.units)))
        found = [
            self._unit(span, masks, name=span.name)
            for unit in whole
            for span in self.units.get(unit, ())
        ]
        return sorted([*found, *single.values()], key=lambda span: (span.id, span.since))

    def _unit_day(
        self, found: dict[tuple[str, date], UnitSpan], unit: str, day: date, masks: Masks
    ) -> None:
        span = self.trace.org.unit_on(unit, day)
        if span is not None:
            known = self._unit(span, masks, name=masks.unit(unit))
            found[unit, day] = replace(known, since=day, till=day)

    def _unit(self, span: UnitSpan, masks: Masks, *, name: str) -> UnitSpan:
        return replace(
            span,
            id=masks.unit(span.id),
            name=name,
            parent=masks.unit(span.parent),
            values=self._only("unit", span, masks),
            recorded=None,
            place=Place(),
        )

    # -- people --------------------------------------------------------------------------------

    def person_spans(self, subject: Subject, asked: Asked, masks: Masks) -> list[PersonSpan]:
        """The subject's own spans; of others the attributes that a rule reads, by single days."""
        read = self.reads.attributes["person"]
        found = []
        if subject.kind is SubjectKind.PERSON:
            found = [
                replace(
                    span,
                    values=self._only("person", span, masks),
                    recorded=None,
                    place=Place(),
                )
                for span in self.persons.get(subject.id, ())
            ]
        for person, days in sorted(asked.people.items()) if read else ():
            for day in sorted(days) if person != subject.id else ():
                span = self.trace.org.person_on(person, day)
                values = {} if span is None else self._only("person", span, masks)
                if values:
                    name = masks.person(person)
                    found.append(PersonSpan(id=name, name=name, since=day, till=day, values=values))
        return sorted(found, key=lambda span: (span.id, span.since))

    def _only(self, of: str, span: UnitSpan | PersonSpan, masks: Masks) -> dict[str, Cell]:
        """The attributes that a rule reads; a name that is read is one of them."""
        plan, values = self.trace.program.plan, span.values
        fields = plan.unit_fields if of == "unit" else plan.person_fields
        if span.name and "name" in fields and fields["name"].type is ValueType.TEXT:
            values = {"name": span.name, **values}
        return {
            name: self.scrubber.cell(values[name], fields.get(name), masks)
            for name in sorted(values)
            if name in self.reads.attributes[of]
        }

    # -- posts -----------------------------------------------------------------------------------

    def posts(self, subject: Subject, needed: Needed, asked: Asked, masks: Masks) -> list[PostSpan]:
        """The subject's own posts; of others who filled a role on a day that matters."""
        person = subject.kind is SubjectKind.PERSON
        own = self.posts_of.get(subject.id, ()) if person else ()
        found = {replace(post, recorded=None, place=Place()) for post in own}
        for unit, day in self._spots(subject, needed, asked):
            found |= {
                PostSpan(
                    person=masks.person(post.person),
                    unit=masks.unit(post.unit),
                    post=post.post,
                    since=day,
                    till=day,
                    acting=post.acting,
                )
                for post in self._held(subject, unit, day, needed)
            }
        for name, days in sorted(asked.homeless.items()):
            for day in sorted(days) if not person or name != subject.id else ():
                found |= self._home(name, day, found, masks)
        return sorted(found, key=_post_order)

    def ask_for_payers(self, subject: Subject, needed: Needed, asked: Asked) -> None:
        """Of everybody whose entries may be followed the own unit of the day matters too."""
        for unit, day in self._spots(subject, needed, asked) if needed.people else ():
            for post in self._held(subject, unit, day, needed):
                asked.homeless[post.person].add(day)

    def _spots(self, subject: Subject, needed: Needed, asked: Asked) -> list[tuple[str, date]]:
        """Where and when it matters who held which post."""
        person = subject.kind is SubjectKind.PERSON
        if not person and not needed.people:
            return []
        spots = {(unit, day) for unit, days in asked.units.items() for day in days}
        for name, days in asked.homeless.items():
            spots |= {(self.trace.org.unit_of(name, day), day) for day in days}
        for end in self._ends if person else ():
            spots.add((self.trace.org.unit_of(subject.id, end), end))
        return sorted(spots | needed.spots)

    def _held(self, subject: Subject, unit: str, day: date, needed: Needed) -> Iterator[PostSpan]:
        """Who else filled a role in a unit, or in one above, on a day.

        It matters where the subject fills the role too, or where somebody else's entry is
        followed; then whoever belongs to the unit may matter.
        """
        for one in self.trace.org.chain(unit, day) if unit else ():
            held = [post for post in self.posts_in.get(one, ()) if _holds(post, day)]
            if needed.people:
                shown = held if self._staff else [p for p in held if p.post in self._roles]
            else:
                own = {post.post for post in held if post.person == subject.id}
                roles = [role.posts for role in self.roles if own & set(role.posts)]
                shown = [post for post in held if any(post.post in posts for posts in roles)]
            for post in shown:
                if post.person != subject.id or subject.kind is not SubjectKind.PERSON:
                    yield post

    def _home(self, person: str, day: date, held: set[PostSpan], masks: Masks) -> set[PostSpan]:
        """In which unit somebody else was on a day, where the fact itself does not say it.

        Nothing where the posts already there say it. Where they would say another unit, it
        begins a day earlier, so that it goes before them.
        """
        unit, name = masks.unit(self.trace.org.unit_of(person, day)), masks.person(person)
        posts = [post for post in held if post.person == name and _holds(post, day)]
        told = min(posts, key=lambda post: (post.acting, post.since, post.unit), default=None)
        if not unit or (told is not None and told.unit == unit):
            return set()
        since = day if told is None else day - ONE_DAY
        return {PostSpan(person=name, unit=unit, post="", since=since, till=day)}


def _links(program: Program) -> dict[str, set[str]]:
    """Per kind of facts the fields that say whose fact it is, seen from a unit above."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in program.nodes.values():
        if isinstance(node, FactMeasure | Obligation) and node.link:
            found[node.facts].add(node.link)
    return found


def _holds(post: PostSpan, day: date) -> bool:
    return post.since <= day and (post.till is None or day <= post.till)


def _post_order(post: PostSpan) -> tuple[str, str, str, date, bool]:
    return (post.person, post.unit, post.post, post.since, post.acting)
