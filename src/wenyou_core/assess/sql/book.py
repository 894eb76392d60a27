"""A book of facts as tables: ids become keys in code point order, values become integers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction

from wenyou_core.assess.decisions import Decisions
from wenyou_core.assess.digest import facts_digest
from wenyou_core.assess.facts import DECISION, Cell, Coverage, Fact, FactBook, Opening
from wenyou_core.assess.known import as_known, known_day
from wenyou_core.assess.notes import NOT_CONFIRMED, Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.program import Program
from wenyou_core.assess.result import Uncounted
from wenyou_core.assess.sql.compile import Compiled
from wenyou_core.assess.sql.decided import load_decisions
from wenyou_core.assess.sql.engine import Column, Engine, Row
from wenyou_core.assess.sql.keys import STATES, Keys, keys_of, micros
from wenyou_core.assess.sql.layout import HEAD, column_of, digits_of, words_of
from wenyou_core.assess.sql.orgtables import OrgTables
from wenyou_core.assess.sql.script import Shape
from wenyou_core.assess.sql.terms import day_number, scaled
from wenyou_core.scheme.expr import Const, Value
from wenyou_core.scheme.model import FieldDef
from wenyou_core.scheme.parts import everything
from wenyou_core.scheme.words import State, ValueType
from wenyou_core.worktime.calendar import Calendar
from wenyou_core.worktime.periods import day_range

_IDS = (ValueType.UNIT, ValueType.PERSON, ValueType.PERSONS, ValueType.FACT)


class BookSource:
    """A FactBook as it was known at a moment, laid out as tables for a compiled program.

    Versions of facts are chosen by SQL; units, people, posts and decisions, which are few, here.
    ``views`` are the fact tables that are views.
    """

    views: AbstractSet[str] = frozenset()

    def __init__(
        self,
        book: FactBook,
        program: Program,
        known_at: datetime | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        """Take the book as it is, with all its versions."""
        self.book, self.program, self.plan = book, program, program.plan
        self.known_at, self.calendar = known_at, calendar
        few = {DECISION: book.facts.get(DECISION, ())}
        self.known = as_known(replace(book, facts=few), known_at)
        self.org = Org(self.known, program)
        decisions = self.known.facts.get(DECISION, ())
        self.decisions = Decisions(one for one in decisions if one.state is State.CONFIRMED)
        self.keys: Keys = self._keys()
        self._odd: dict[tuple[str, str], int] = {}

    @property
    def coverage(self) -> tuple[Coverage, ...]:
        """The declarations of coverage as known."""
        return self.known.coverage

    @property
    def openings(self) -> tuple[Opening, ...]:
        """The opening balances."""
        return self.known.openings

    @property
    def shape(self) -> Shape:
        """What the compiler asks beforehand."""
        kinds = {kind: rows for kind, rows in self.book.facts.items() if rows}
        return Shape(
            kinds=frozenset(kinds) & frozenset(self.plan.facts),
            versioned=frozenset(kind for kind, rows in kinds.items() if _versioned(rows)),
            unitless=frozenset(
                kind for kind, rows in kinds.items() if any(not one.unit for one in rows)
            ),
            single=len({held.to for held in self.org.adopter_spans()}) <= 1,
            known_at=None if self.known_at is None else micros(self.known_at),
        )

    def digest(self) -> str:
        """The fingerprint of the facts that the run looks at."""
        return facts_digest(self.program, as_known(self.book, self.known_at))

    def note_decisions(self, notes: Notes) -> None:
        """Decisions that nobody has confirmed."""
        for fact in self.known.facts.get(DECISION, ()):
            if fact.state is not State.CONFIRMED:
                reason = NOT_CONFIRMED[fact.state]
                row = Uncounted(fact_kind=DECISION, fact=fact.id, reason=reason)
                notes.uncount(row, fact.happened)

    # -- keys ---------------------------------------------------------------------------

    def _keys(self) -> Keys:
        # an id may stand in a plan as a literal
        texts = {one for one in _constants(self.plan) if isinstance(one, str)}
        ids, facts = set(texts), set(texts)
        for unit in self.known.units:
            ids |= {unit.id, unit.parent}
        for post in self.known.posts:
            ids |= {post.unit, post.person}
        ids |= {person.id for person in self.known.persons}
        ids |= {opening.subject.id for opening in self.known.openings}
        if self.program.adoption:
            ids |= set(self.program.adoption.units)
        for kind, rows in self.book.facts.items():
            for fact in rows:
                facts.add(fact.id)
                ids |= {fact.unit, fact.person}
            self._collect(kind, rows, ids, facts)
        return keys_of(ids, facts)

    def _collect(self, kind: str, rows: Sequence[Fact], ids: set[str], facts: set[str]) -> None:
        declared = self.plan.facts[kind].fields if kind in self.plan.facts else {}
        for name in [name for name, one in declared.items() if one.type in _IDS]:
            into = facts if declared[name].type is ValueType.FACT else ids
            for fact in rows:
                value = fact.values.get(name)
                into |= set(value) if isinstance(value, tuple) else {str(value or "")}

    # -- tables -------------------------------------------------------------------------

    def install(self, engine: Engine, compiled: Compiled) -> None:
        """Make the tables that a compiled program reads."""
        script, needs = compiled.script, compiled.script.needs
        for name, (columns, rows) in script.constants.items():
            engine.load(name, columns, rows)
        for kind, names in sorted(needs.kinds.items()):
            self._facts(engine, kind, sorted(names), compiled)
        for kind, name in sorted(needs.people):
            self._people(engine, kind, name)
        tables = OrgTables(self.org, self.keys, self.encoded, self._days())
        tables.install(engine, needs, script.number)
        load_decisions(engine, script, self.decisions, self.keys)
        self._dictionaries(engine, compiled)
        if "workdays" in needs.tables:
            self._workdays(engine)

    def _dictionaries(self, engine: Engine, compiled: Compiled) -> None:
        columns = [Column("k", "INTEGER"), Column("id", "TEXT")]
        tables: dict[str, Mapping[str, int]] = {
            "unit_ids": self.keys.unit,
            "person_ids": self.keys.person,
            "fact_ids": self.keys.fact,
        }
        for name, keys in tables.items():
            if compiled.reads(name, engine.dialect):
                engine.load(name, columns, [(key, id_) for id_, key in keys.items()])

    def _facts(self, engine: Engine, kind: str, names: Sequence[str], compiled: Compiled) -> None:
        declared = self.plan.facts[kind].fields
        rows = self.book.facts.get(kind, ())
        columns = [*HEAD, *(Column(f"f_{name}", column_of(declared[name])) for name in names)]
        table = [
            (*self._head(at, fact), *(self._cell(fact, name, declared[name]) for name in names))
            for at, fact in enumerate(rows)
        ]
        engine.load(f"fact_{kind}", columns, table)

    def _head(self, at: int, fact: Fact) -> Row:
        return (
            self.keys.fact[fact.id],
            at,
            micros(fact.recorded),
            STATES.index(fact.state),
            day_number(fact.happened),
            fact.at,
            micros(fact.known),
            day_number(known_day(fact)),
            self.keys.unit.get(fact.unit),
            self.keys.person.get(fact.person),
            len(fact.evidence),
        )

    def _cell(self, fact: Fact, name: str, one: FieldDef) -> object:
        value = fact.values.get(name)
        if one.type is ValueType.PERSONS:
            return None if value is None else 1
        return None if value is None else self.encoded(one, value)

    def _people(self, engine: Engine, kind: str, name: str) -> None:
        table: list[Row] = []
        for at, fact in enumerate(self.book.facts.get(kind, ())):
            people = fact.values.get(name)
            if isinstance(people, tuple):
                key = self.keys.fact[fact.id]
                named = [self.keys.person[one] for one in dict.fromkeys(people) if one]
                table += [(key, at, person, spot) for spot, person in enumerate(named)]
        columns = [Column(one, "INTEGER") for one in ("fact", "ord", "person", "spot")]
        engine.load(f"many_{kind}_{name}", columns, table)

    # -- the calendar -------------------------------------------------------------------

    def unannounced(self) -> bool:
        """Whether some day between the first and the last date of the book lies in a year whose
        working days are not known. What is then missing depends on which parts of a condition
        are looked at at all, and only the reference tells that."""
        years = {day.year for day in self._dates()}
        if self.calendar is None or not years:
            return True
        every = range(min(years), max(years) + 2)
        return not all(self.calendar.announced(year) for year in every)

    def _days(self) -> tuple[date, date]:
        """The first and the last day that a fact may lie on."""
        days = {*self._fact_dates(), self.program.run.start, self.program.run.end}
        return min(days), max(days)

    def _fact_dates(self) -> Iterator[date]:
        for rows in self.book.facts.values():
            for fact in rows:
                yield from (fact.happened, known_day(fact))
                yield from (one for one in fact.values.values() if isinstance(one, date))

    def _dates(self) -> Iterator[date]:
        yield from self._fact_dates()
        spans = [one.values for one in self.known.units]
        spans += [one.values for one in self.known.persons]
        for values in spans:
            yield from (one for one in values.values() if isinstance(one, date))
        for param in self.program.params.values():
            yield from (one.value for one in param.values if isinstance(one.value, date))
        yield from (one for one in _constants(self.plan) if isinstance(one, date))

    def _workdays(self, engine: Engine) -> None:
        """Working days so far, from the day before the first announced year on."""
        columns = [Column(name, "INTEGER") for name in ("day", "worked", "unknown")]
        known = sorted(one.year for one in self.calendar.years) if self.calendar else []
        known = [year for year in known if self.calendar and self.calendar.announced(year)]
        rows: list[Row] = []
        worked = unknown = 0
        if known and self.calendar:
            day = date(known[0] - 1, 12, 31)
            rows.append((day_number(day), 0, 0))
            for day in day_range(date(known[0], 1, 1), date(known[-1], 12, 31)):
                if not self.calendar.announced(day.year):
                    unknown += 1
                elif self.calendar.is_workday(day):
                    worked += 1
                rows.append((day_number(day), worked, unknown))
        engine.load("workdays", columns, rows)

    # -- values -------------------------------------------------------------------------

    def encoded(self, one: FieldDef, value: Cell) -> object:
        """A value as its column holds it."""
        if isinstance(value, bool):
            return int(value)
        if isinstance(value, Fraction):
            return scaled(value, digits_of(one))
        if isinstance(value, date):
            return day_number(value)
        if not isinstance(value, str):
            raise ValueError(f"{one.name} holds several values")
        match one.type:
            case ValueType.CHOICE:
                return self._word(one, value)
            case ValueType.UNIT:
                return self.keys.unit[value]
            case ValueType.PERSON:
                return self.keys.person[value]
            case ValueType.FACT:
                return self.keys.fact[value]
        return value

    def _word(self, one: FieldDef, value: str) -> int:
        """The place of a word; one that the list does not know gets a place behind its end."""
        words = words_of(self.plan, one)
        if value in words:
            return words.index(value) + 1
        return self._odd.setdefault((one.choices, value), len(words) + len(self._odd) + 1)


def _versioned(rows: Sequence[Fact]) -> bool:
    return len({fact.id for fact in rows}) != len(rows)


def _constants(thing: object) -> Iterator[Value]:
    """All literals of a plan's expressions."""
    return (one.value for one in everything(thing) if isinstance(one, Const))
