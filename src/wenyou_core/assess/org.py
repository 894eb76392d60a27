"""The organization by day: units and their tree, posts and roles, people and their units.

Everything is asked by day, because outlets open and close, change their class or their parent,
and people move. The interval lists at the end say the same for all days at once; both back
ends take them from here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction
from functools import partial

from wenyou_core.assess.evaluate import condition
from wenyou_core.assess.facts import Cell, FactBook, PersonSpan, PostSpan, Subject, UnitSpan
from wenyou_core.assess.orgspans import by_id, cut, joined, on_day, pieces, steady
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import param_at
from wenyou_core.rows import row
from wenyou_core.scheme.model import Population, Role
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period


@row()
class Member:
    """A subject of a population in a period, as it stands on the period's last day.

    ``unit`` is the subject's unit that day (of a unit: itself), ``adopter`` its adopting unit,
    ``peers`` the values of the attributes that cut the population into peer groups.
    """

    subject: Subject
    unit: str
    adopter: str
    peers: tuple[Cell | None, ...] = ()

    @property
    def group(self) -> tuple[str, tuple[Cell | None, ...]]:
        """The peer group: it never reaches beyond the adopting unit."""
        return (self.adopter, self.peers)


@row()
class Held:
    """From ``since`` to ``till`` (both included) ``of`` stands to ``to`` as the list says."""

    of: str
    to: str
    since: date
    till: date
    up: int = 0


@row()
class Stand:
    """A unit with all units above it, and its adopting unit, on all days from ``since`` to
    ``till`` (both included)."""

    chain: tuple[str, ...]
    adopter: str
    since: date
    till: date


class Org:
    """The units, people and posts of a book, with the adoption's units and role names."""

    def __init__(self, book: FactBook, program: Program) -> None:
        """Index the spans of a book that is already as known (``known.as_known``)."""
        self.plan = program.plan
        self.program = program
        self._units = by_id(book.units)
        self._persons = by_id(book.persons)
        self._posts_of: dict[str, list[PostSpan]] = defaultdict(list)
        self._posts_in: dict[str, list[PostSpan]] = defaultdict(list)
        for post in book.posts:
            self._posts_of[post.person].append(post)
            self._posts_in[post.unit].append(post)
        self._adopters = frozenset(program.adoption.units) if program.adoption else None
        self._stands: dict[str, list[Stand]] = defaultdict(list)
        self._members: dict[tuple[str, date], tuple[Member, ...]] = {}
        self._unit_spans: tuple[tuple[UnitSpan, date, date], ...] | None = None
        self._adopter_spans: tuple[Held, ...] | None = None
        self._kinds = {
            "unit": frozenset(program.plan.unit_fields),
            "person": frozenset(program.plan.person_fields),
        }

    # -- units -------------------------------------------------------------------------

    def unit_on(self, unit: str, day: date) -> UnitSpan | None:
        """The unit as it was that day; where spans overlap, the one that began last."""
        return on_day(self._units.get(unit, ()), day)

    def person_on(self, person: str, day: date) -> PersonSpan | None:
        """The person's attributes as they were that day."""
        return on_day(self._persons.get(person, ()), day)

    def attribute(self, of: str, name: str, subject: str, day: date) -> Cell | None:
        """Attribute ``name`` of a ``unit`` or ``person`` that day; None when absent.

        A declared attribute ``name`` without a value of its own is the name of the unit or
        person.
        """
        span = self.unit_on(subject, day) if of == "unit" else self.person_on(subject, day)
        if span is None:
            return None
        value = span.values.get(name)
        return span.name or None if value is None and name == "name" else value

    def chain(self, unit: str, day: date) -> tuple[str, ...]:
        """The unit itself and all units above it that day, nearest first.

        The parent stands in the span of the unit beneath; a unit that is not open that day has
        nothing above it.
        """
        return self._stand(unit, day).chain

    def _stand(self, unit: str, day: date) -> Stand:
        """Where the unit stands that day; kept for all the days on which nothing of it changes."""
        found = self._stood(unit, day)
        if found is None:
            found = self._seen(unit, day)
            self._stands[unit].append(found)
        return found

    def _stood(self, unit: str, day: date) -> Stand | None:
        for stand in self._stands.get(unit, ()):
            if stand.since <= day <= stand.till:
                return stand
        return None

    def _seen(self, unit: str, day: date) -> Stand:
        """The chain step by step, until a unit above is met whose stand is known already."""
        path, (since, till) = [unit], steady(self._units.get(unit, ()), day)
        span = self.unit_on(unit, day)
        while span is not None and span.parent and span.parent not in path:
            known = self._stood(span.parent, day)
            if known is not None and not set(path).intersection(known.chain):
                path += known.chain
                since, till = max(since, known.since), min(till, known.till)
                break
            path.append(span.parent)
            first, last = steady(self._units.get(span.parent, ()), day)
            since, till = max(since, first), min(till, last)
            span = self.unit_on(span.parent, day)
        return Stand(tuple(path), self._nearest_adopter(path, day), since, till)

    def above(self, unit: str, up: int, day: date) -> str:
        """The unit ``up`` levels above (0: itself); empty where the tree ends before."""
        chain = self.chain(unit, day)
        return chain[up] if up < len(chain) else ""

    def adopter_of(self, unit: str, day: date) -> str:
        """The nearest adopting unit at or above the unit that day; empty when there is none.

        Without an adoption the topmost unit stands for the adopting one. A unit that is not
        open that day belongs to nobody.
        """
        return self._stand(unit, day).adopter

    def _nearest_adopter(self, chain: list[str], day: date) -> str:
        if self.unit_on(chain[0], day) is None:
            return ""
        if self._adopters is None:
            return chain[-1]
        return next((one for one in chain if one in self._adopters), "")

    # -- posts -------------------------------------------------------------------------

    def unit_of(self, person: str, day: date) -> str:
        """The person's unit that day: regular post before acting, then the earlier start,
        then the smaller 机构号. Empty when the person holds no post."""
        posts = [post for post in self._posts_of.get(person, ()) if _holds(post, day)]
        if len(posts) < 2:
            return posts[0].unit if posts else ""
        return min((post.acting, post.since, post.unit) for post in posts)[2]

    def staff(self, unit: str, day: date) -> tuple[str, ...]:
        """Everybody who holds a post in the unit that day."""
        posts = self._posts_in.get(unit, ())
        return tuple(sorted({post.person for post in posts if _holds(post, day)}))

    def holders(self, role: str, unit: str, day: date) -> tuple[str, ...]:
        """Who fills a role in the unit that day, by the role's rule for acting holders.

        ``instead``: as soon as one acting holder fills the role, only acting ones do; ``also``:
        regular and acting ones; ``no``: regular ones.
        """
        declared = self.plan.roles[role]
        posts = [
            post
            for post in self._posts_in.get(unit, ())
            if post.post in declared.posts and _holds(post, day)
        ]
        return _filling(declared, posts)

    # -- populations -------------------------------------------------------------------

    def members(self, population: str, period: Period) -> tuple[Member, ...]:
        """The subjects of a population in a period, judged on its last day, sorted by id.

        Units open that day, or persons holding a post that day, under an adopting unit, that
        pass ``where``; of an ADOPTER population the adopting units themselves.
        """
        key = (population, period.end)
        found = self._members.get(key)
        if found is None:
            found = self._members[key] = self._judged(self.plan.populations[population], period)
        return found

    def _judged(self, population: Population, period: Period) -> tuple[Member, ...]:
        day, passes = period.end, condition(population.where)
        found = []
        for subject, unit in self._candidates(population.of, day):
            adopter = self.adopter_of(unit, day)
            if population.of is SubjectKind.ADOPTER and adopter != unit:
                continue
            if adopter and passes(Attributes(self, subject, unit, day)):
                peers = tuple(self.peer(subject, unit, name, day) for name in population.peers)
                found.append(Member(subject, unit, adopter, peers))
        return tuple(found)

    def _candidates(self, kind: SubjectKind, day: date) -> Iterable[tuple[Subject, str]]:
        if kind is SubjectKind.PERSON:
            pairs = ((person, self.unit_of(person, day)) for person in sorted(self._posts_of))
            return ((Subject(kind, person), unit) for person, unit in pairs if unit)
        return ((Subject(kind, unit), unit) for unit in sorted(self._units))

    def peer(self, subject: Subject, unit: str, name: str, day: date) -> Cell | None:
        """The value of a peer attribute: ``unit.x``, ``person.x``, or a bare ``x``.

        A bare name is an attribute of the subject itself; of a person's unit where only units
        have an attribute of that name.
        """
        of, _, field = name.rpartition(".")
        if not of:
            own = subject.kind is SubjectKind.PERSON and field in self._kinds["person"]
            of = "person" if own else "unit"
        return self.attribute(of, field, subject.id if of == "person" else unit, day)

    # -- the same for all days at once ----------------------------------------------------

    def role_spans(self, role: str) -> tuple[Held, ...]:
        """Who (``of``) fills the role in which unit (``to``), from when to when.

        The intervals of one pair neither overlap nor touch; sorted by unit, person, first day.
        """
        declared = self.plan.roles[role]
        found: list[Held] = []
        for unit, posts in sorted(self._posts_in.items()):
            filled = [post for post in posts if post.post in declared.posts]
            days = pieces((post.since, post.till) for post in filled)
            spans = joined(days, partial(self.holders, role, unit))
            found += [Held(person, unit, since, till) for person, since, till in spans]
        return tuple(sorted(found, key=lambda held: (held.to, held.of, held.since)))

    def staff_spans(self) -> tuple[Held, ...]:
        """Who (``of``) holds any post in which unit (``to``), from when to when."""
        found: list[Held] = []
        for unit, posts in sorted(self._posts_in.items()):
            days = pieces((post.since, post.till) for post in posts)
            spans = joined(days, partial(self.staff, unit))
            found += [Held(person, unit, since, till) for person, since, till in spans]
        return tuple(sorted(found, key=lambda held: (held.to, held.of, held.since)))

    def person_unit_spans(self) -> tuple[Held, ...]:
        """Which unit (``to``) a person (``of``) belongs to, from when to when."""
        found: list[Held] = []
        for person, posts in sorted(self._posts_of.items()):
            days = pieces((post.since, post.till) for post in posts)
            spans = joined(days, partial(self._units_of, person))
            found += [Held(person, unit, since, till) for unit, since, till in spans]
        return tuple(sorted(found, key=lambda held: (held.of, held.since)))

    def ancestor_spans(self) -> tuple[Held, ...]:
        """Which unit (``to``) stands ``up`` levels above a unit (``of``; 0: itself)."""
        found: list[Held] = []
        for unit, days in self._tree_pieces():
            spans = joined(days, partial(self._levels, unit))
            found += [Held(unit, above, since, till, up) for (up, above), since, till in spans]
        return tuple(sorted(found, key=lambda held: (held.of, held.up, held.since)))

    def adopter_spans(self) -> tuple[Held, ...]:
        """Which adopting unit (``to``) a unit (``of``) belongs to, from when to when."""
        if self._adopter_spans is None:
            found: list[Held] = []
            for unit, days in self._tree_pieces():
                spans = joined(days, partial(self._adopters_of, unit))
                found += [Held(unit, adopter, since, till) for adopter, since, till in spans]
            self._adopter_spans = tuple(sorted(found, key=lambda held: (held.of, held.since)))
        return self._adopter_spans

    def chain_spans(self) -> Iterator[tuple[str, tuple[str, ...], date, date]]:
        """Each unit with itself and all above it (``chain``), from when to when it stood so."""
        for unit, days in self._tree_pieces():
            for chain, since, till in joined(days, partial(self._chains, unit)):
                yield unit, chain, since, till

    def unit_spans(self) -> tuple[tuple[UnitSpan, date, date], ...]:
        """Every unit's spans cut so that they do not overlap: span, first day, last day."""
        if self._unit_spans is None:
            self._unit_spans = cut(self._units)
        return self._unit_spans

    def person_spans(self) -> tuple[tuple[PersonSpan, date, date], ...]:
        """Every person's spans, likewise."""
        return cut(self._persons)

    def _levels(self, unit: str, day: date) -> tuple[tuple[int, str], ...]:
        return tuple(enumerate(self.chain(unit, day))) if self.unit_on(unit, day) else ()

    def _chains(self, unit: str, day: date) -> tuple[tuple[str, ...], ...]:
        return (self.chain(unit, day),) if self.unit_on(unit, day) else ()

    def _units_of(self, person: str, day: date) -> tuple[str, ...]:
        return tuple(filter(None, (self.unit_of(person, day),)))

    def _adopters_of(self, unit: str, day: date) -> tuple[str, ...]:
        return tuple(filter(None, (self.adopter_of(unit, day),)))

    def _tree_pieces(self) -> Iterable[tuple[str, list[tuple[date, date]]]]:
        """Per unit the intervals in which neither it nor any unit it ever stood under changes."""
        for unit in sorted(self._units):
            line, reached = [unit], 0
            while reached < len(line):
                parents = {span.parent for span in self._units.get(line[reached], ())}
                line += sorted(parents - set(line) - {""})
                reached += 1
            spans = [span for one in line for span in self._units.get(one, ())]
            yield unit, pieces((span.since, span.till) for span in spans)


class Attributes:
    """What an expression over a subject's attributes on a day may ask for."""

    __slots__ = ("_day", "_org", "_subject", "_unit")

    def __init__(self, org: Org, subject: Subject, unit: str, day: date) -> None:
        """Bind the subject, its unit, and the day."""
        self._org, self._subject, self._unit, self._day = org, subject, unit, day

    def field(self, of: str, name: str) -> Cell | None:
        """An attribute of the subject's ``unit``, or of the ``person``."""
        if of == "person":
            if self._subject.kind is not SubjectKind.PERSON:
                return None
            return self._org.attribute(of, name, self._subject.id, self._day)
        return self._org.attribute("unit", name, self._unit, self._day)

    def param(self, name: str) -> Cell | None:
        """A parameter on that day."""
        return param_at(self._org.program, name, self._day)

    def measure(self, name: str) -> Fraction | None:
        """Populations do not look at measures."""
        return None

    def workdays(self, first: date, last: date) -> Fraction | None:
        """Populations do not count working days."""
        return None


def _holds(post: PostSpan, day: date) -> bool:
    return post.since <= day and (post.till is None or day <= post.till)


def _filling(role: Role, posts: list[PostSpan]) -> tuple[str, ...]:
    acting = {post.person for post in posts if post.acting}
    regular = {post.person for post in posts if not post.acting}
    if role.acting == "also":
        return tuple(sorted(acting | regular))
    if role.acting == "instead" and acting:
        return tuple(sorted(acting))
    return tuple(sorted(regular))
