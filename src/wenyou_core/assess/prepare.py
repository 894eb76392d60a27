"""Steps 1 and 2: confirmed facts, exemptions, deemed facts; the day and unit of each.

What comes out are *happenings*: facts that count, each on its deciding day. A happening is
also the context in which the expressions of event rules are read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from wenyou_core.assess.decisions import Decisions
from wenyou_core.assess.evaluate import compiled, condition
from wenyou_core.assess.facts import DECISION, Cell, Fact, FactBook
from wenyou_core.assess.known import EventOrder, event_order, known_day
from wenyou_core.assess.notes import EXEMPTED, NO_DAY, NOT_CONFIRMED, OUTSIDE, REFUSED, Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import deciding_date, number_at, param_at
from wenyou_core.assess.result import Uncounted
from wenyou_core.assess.windows import same_calendar
from wenyou_core.scheme.rules import Deem, Exempt
from wenyou_core.scheme.words import State
from wenyou_core.worktime.calendar import Calendar, YearNotAnnounced

Root = tuple[str, str]
"""Kind and id of the fact that was registered; a derived fact has that of its source."""


class Happening:
    """A fact on its deciding day, in its unit, under its adopting unit."""

    __slots__ = ("adopter", "day", "fact", "order", "root", "unit", "world")

    def __init__(self, world: World, fact: Fact, root: Root, day: date) -> None:
        """Find the unit (of a person: that day's) and the adopting unit."""
        self.world, self.fact, self.root, self.day = world, fact, root, day
        self.order: EventOrder = event_order(fact)
        org = world.org
        self.unit = fact.unit or (org.unit_of(fact.person, day) if fact.person else "")
        self.adopter = org.adopter_of(self.unit, day) if self.unit else ""

    def field(self, of: str, name: str) -> Cell | None:
        """A field of the fact, an attribute of its unit or person that day, a table's number."""
        if of == "fact":
            value = self.fact.values.get(name)
            if (
                value is None
                and name in _BUILT_IN
                and not self.world.declares(self.fact.kind, name)
            ):
                return _BUILT_IN[name](self)
            return value
        if of == "table":
            program = self.world.program
            return number_at(program, name, map(self.named, program.tables[name].by))
        subject = self.unit if of == "unit" else self.fact.person
        return self.world.org.attribute(of, name, subject, self.day)

    def named(self, name: str) -> Cell | None:
        """A field by its plain name, or an attribute as ``unit.x`` or ``person.x``."""
        return self.field(*_parted(name))

    def param(self, name: str) -> Cell | None:
        """A parameter on the deciding day."""
        return param_at(self.world.program, name, self.day)

    def measure(self, name: str) -> Fraction | None:
        """Facts do not look at measures."""
        return None

    def workdays(self, first: date, last: date) -> Fraction | None:
        """Working days d with first < d <= last; absent where a year is not announced."""
        return self.world.workdays(first, last)


_BUILT_IN: Mapping[str, Callable[[Happening], Cell | None]] = {
    "id": lambda one: one.fact.id,
    "happened": lambda one: one.fact.happened,
    "at": lambda one: None if one.fact.at is None else Fraction(one.fact.at),
    "known": lambda one: known_day(one.fact),
    "unit": lambda one: one.unit or None,
    "person": lambda one: one.fact.person or None,
    "evidence_count": lambda one: Fraction(len(one.fact.evidence)),
}


@dataclass
class World:
    """What happenings stand in: the program, the organization, the calendar, the notes."""

    program: Program
    org: Org
    notes: Notes
    calendar: Calendar | None = None

    def __post_init__(self) -> None:
        self._date_names: dict[tuple[str, str], str] = {}

    def declares(self, kind: str, name: str) -> bool:
        """Whether a kind of facts declares a field of that name."""
        declared = self.program.plan.facts.get(kind)
        return declared is not None and name in declared.fields

    def reader(self, kind: str, name: str) -> Callable[[Happening], Cell | None]:
        """``Happening.named`` for many facts of a kind: what the name means is settled once."""
        of, field = _parted(name)
        if of != "fact":
            return lambda one: one.field(of, field)
        built_in = None if self.declares(kind, field) else _BUILT_IN.get(field)
        if built_in is None:
            return lambda one: one.fact.values.get(field)

        def read(one: Happening) -> Cell | None:
            value = one.fact.values.get(field)
            return built_in(one) if value is None else value

        return read

    def workdays(self, first: date, last: date) -> Fraction | None:
        """Working days d with first < d <= last; what cannot be counted is noted as missing."""
        if self.calendar is None:
            text = "没有提供工作日日历，无法推算工作日，请提供日历后再算。"
            self.notes.miss("calendar", "", "", (first, last), rule="", text=text)
            return None
        try:
            return Fraction(self.calendar.working_days_after(first, last))
        except YearNotAnnounced as error:
            year = (date(error.year, 1, 1), date(error.year, 12, 31))
            self.notes.miss("calendar", str(error.year), "", year, rule="", text=str(error))
            return None

    def date_name(self, text: str, kind: str) -> str:
        """Which date decides: the rule's own word, else the plan's; a reading is looked up.

        A reading is read on the last day of the run.
        """
        key = (text, kind)
        if key not in self._date_names:
            self._date_names[key] = deciding_date(self.program, text, kind)
        return self._date_names[key]

    def deciding_day(self, fact: Fact, date_name: str) -> date | None:
        """The day that decides to which period a fact belongs; None when it is not filled in."""
        if date_name == "happened":
            return fact.happened
        if date_name == "known":
            return known_day(fact)
        day = fact.values.get(date_name)
        return day if isinstance(day, date) else None


class Prepared:
    """The facts of a book after steps 1 and 2, by kind and deciding date.

    ``exempted_by`` names what decided of a fact whether a rule takes it out: the fact that
    exempts or refuses it, or of one that is not refused the window that holds its day.
    ``exempts`` names one fact that a fact takes out, by each sort of rule (refusing or not).
    """

    def __init__(self, world: World, book: FactBook) -> None:
        """Take out what does not count (noting why), then deem."""
        self.world = world
        confirmed = self._confirmed(book)
        self._registered = {
            kind: {one.fact.id: one.fact for one in happenings}
            for kind, happenings in confirmed.items()
        }
        self.decisions = Decisions(one.fact for one in confirmed.pop(DECISION, []))
        self.exempted_by: dict[Root, set[Root]] = defaultdict(set)
        self.exempts: dict[Root, dict[bool, Root]] = defaultdict(dict)
        for outside in (True, False):  # what is refused exempts nothing
            confirmed = self._not_exempted(confirmed, outside=outside)
        self._facts = confirmed
        derived: dict[str, list[Happening]] = defaultdict(list)
        for deem in world.program.deems:
            self._deem(deem, derived)
        for kind, happenings in derived.items():
            self._facts[kind] = self._facts.get(kind, []) + happenings
        self._cache: dict[tuple[str, str], tuple[Happening, ...]] = {}

    def of(self, kind: str, date_text: str = "", asker: str = "") -> tuple[Happening, ...]:
        """The happenings of a kind under an adopting unit, by (deciding day, order of events).

        ``asker`` is the rule or measure whose own ``date_text`` it is: facts without that date
        are noted as uncounted for it.
        """
        name = self.world.date_name(date_text, kind)
        key = (kind, name)
        if key not in self._cache:
            self._cache[key] = self._located(kind, name)
        if len(self._cache[key]) < len(self._facts.get(kind, ())):
            self._note_lost(kind, name, asker if date_text else "")
        return self._cache[key]

    def derived(self) -> Iterator[Happening]:
        """All happenings that are not just as they were registered, but deemed to be so."""
        for kind, happenings in self._facts.items():
            registered = self._registered.get(kind, {})
            for one in happenings:
                if registered.get(one.fact.id) is not one.fact:
                    yield one

    # -- step 1 ----------------------------------------------------------------------------

    def _confirmed(self, book: FactBook) -> dict[str, list[Happening]]:
        kinds = self.world.program.plan.facts
        found: dict[str, list[Happening]] = {}
        for kind, facts in book.facts.items():
            if kind not in kinds and kind != DECISION:
                continue
            found[kind] = []
            decides = "happened" if kind == DECISION else self.world.date_name("", kind)
            for fact in facts:
                if fact.state is State.CONFIRMED:
                    day = self.world.deciding_day(fact, decides) or fact.happened
                    found[kind].append(Happening(self.world, fact, (kind, fact.id), day))
                else:
                    row = Uncounted(fact_kind=kind, fact=fact.id, reason=NOT_CONFIRMED[fact.state])
                    self._uncount(row, fact)
        return found

    def _not_exempted(
        self, confirmed: dict[str, list[Happening]], *, outside: bool
    ) -> dict[str, list[Happening]]:
        """The facts that no rule of the one sort takes out."""
        matches: dict[Root, tuple[Exempt, Happening]] = {}
        for exempt in self.world.program.exempts:
            if exempt.outside is not outside:
                continue
            for root, by in self._matches(exempt, confirmed).items():
                matches.setdefault(root, (exempt, by))
        exempting = {by.root for _, by in matches.values()}
        for root, (_, by) in matches.items():
            self.exempted_by[root].add(by.root)
            self.exempts[by.root].setdefault(outside, root)
        # kinds that nothing hits keep the lists of ``confirmed``; ``_deem`` changes them in place
        left, hit = dict(confirmed), {kind for kind, _ in matches}
        for kind in filter(hit.__contains__, confirmed):
            left[kind] = []
            for one in confirmed[kind]:
                match = matches.get(one.root)
                if match is None or one.root in exempting:
                    left[kind].append(one)
                else:
                    self._note_exempted(one.fact, *match)
        return left

    def _matches(
        self, exempt: Exempt, confirmed: dict[str, list[Happening]]
    ) -> dict[Root, Happening]:
        """Each fact that the rule exempts, with the first exempting fact in order of events.

        Each that it refuses, with the last of those that do not hold its day. An exempting fact
        under no adopting unit reaches into all of them.
        """
        passes = condition(exempt.where)
        own = [self.world.reader(exempt.exempt, name) for name in exempt.same]
        other = [self.world.reader(exempt.by, name) for name in exempt.same.values()]
        by_key: dict[tuple[Cell | None, ...], list[Happening]] = defaultdict(list)
        for by in confirmed.get(exempt.by, ()):
            if passes(by):
                by_key[tuple(read(by) for read in other)].append(by)
        found: dict[Root, Happening] = {}
        within = self.world.program.stays_within(exempt)
        for one in confirmed.get(exempt.exempt, ()) if by_key else ():
            key = tuple([read(one) for read in own])
            if None in key:  # what is absent equals nothing
                continue
            near = by_key.get(key, [])
            if within:
                near = [by for by in near if by.adopter in ("", one.adopter)]
            reaching = (by for by in near if _reaches(exempt, by, one))
            first = min(reaching, key=lambda by: by.order, default=None)
            if exempt.outside and first is not None:
                self.exempted_by[one.root].add(first.root)
                continue
            if exempt.outside:
                first = max(near, key=lambda by: by.order, default=None)
            if first is not None:
                found[one.root] = first
        return found

    def _note_exempted(self, fact: Fact, exempt: Exempt, by: Happening) -> None:
        row = Uncounted(
            fact_kind=fact.kind,
            fact=fact.id,
            reason=REFUSED if exempt.outside else EXEMPTED,
            by_rule=exempt.name,
            by_fact=by.fact.id,
        )
        self._uncount(row, fact)

    def _uncount(self, row: Uncounted, fact: Fact) -> None:
        """Note a fact that counts for nothing, by all days that could have decided."""
        world = self.world
        own = world.notes.looks.dates.get(fact.kind, ())
        others = (world.deciding_day(fact, world.date_name(one, fact.kind)) for one in own)
        world.notes.uncount(row, self._plan_day(fact), *others)

    # -- step 2 ----------------------------------------------------------------------------

    def _deem(self, deem: Deem, derived: dict[str, list[Happening]]) -> None:
        passes = condition(deem.where)
        values = {name: compiled(expr) for name, expr in deem.with_fields.items()}
        happenings = self._facts.get(deem.deem, [])
        for at, one in enumerate(happenings):
            if not passes(one):
                continue
            given = {name: value(one) for name, value in values.items()}
            if deem.becomes in ("", deem.deem):
                changed = replace(one.fact, values=_present({**one.fact.values, **given}))
                happenings[at] = self._happening(changed, one.root)
            else:
                new = replace(one.fact, kind=deem.becomes, values=_present(given))
                derived[deem.becomes].append(self._happening(new, one.root))

    # -- days ------------------------------------------------------------------------------

    def _plan_day(self, fact: Fact) -> date | None:
        if fact.kind == DECISION:
            return fact.happened
        return self.world.deciding_day(fact, self.world.date_name("", fact.kind))

    def _happening(self, fact: Fact, root: Root) -> Happening:
        """The fact on its day by the plan; without one it is read as of the day it happened."""
        return Happening(self.world, fact, root, self._plan_day(fact) or fact.happened)

    def _located(self, kind: str, date_name: str) -> tuple[Happening, ...]:
        found = []
        for one in self._facts.get(kind, ()):
            day = self.world.deciding_day(one.fact, date_name)
            if day is not None and day != one.day:
                one = Happening(self.world, one.fact, one.root, day)
            if day is not None and one.adopter:
                found.append(one)
        return tuple(sorted(found, key=lambda one: (one.day, one.order)))

    def _note_lost(self, kind: str, date_name: str, asker: str) -> None:
        counted = {one.root for one in self._cache[kind, date_name]}
        for one in self._facts.get(kind, ()):
            if one.root not in counted:
                day = self.world.deciding_day(one.fact, date_name)
                reason = NO_DAY if day is None else OUTSIDE
                row = Uncounted(fact_kind=kind, fact=one.fact.id, reason=reason, by_rule=asker)
                self.world.notes.uncount(row, day)


@lru_cache(maxsize=4096)
def _parted(name: str) -> tuple[str, str]:
    """Whose field a plain name is, and its own name."""
    of, _, field = name.rpartition(".")
    return of or "fact", field


def _reaches(exempt: Exempt, by: Happening, one: Happening) -> bool:
    """Whether the exempting fact's days hold the deciding day; absent ends are open."""
    since = by.named(exempt.since) if exempt.since else None
    till = by.named(exempt.till) if exempt.till else None
    after = not isinstance(since, date) or since <= one.day
    if not after or (isinstance(till, date) and one.day > till):
        return False
    if exempt.same_period is None:
        return True
    first = since if isinstance(since, date) else by.fact.happened
    return same_calendar(exempt.same_period, first, one.day)


def _present(values: Mapping[str, Cell | None]) -> dict[str, Cell]:
    return {name: value for name, value in values.items() if value is not None}
