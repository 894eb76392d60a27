"""Which tables a compiled program reads, and how their columns stand for the book's values.

``fact_<kind>``     one row per version of a fact: ``fact`` (key), ``ord`` (order of the rows),
                    ``recorded`` (microseconds), ``state``, ``happened`` (day number), ``minute``
                    (minutes), ``known`` (microseconds), ``known_day``, ``unit``, ``person``
                    (keys), ``evidence`` (how many), and ``f_<field>`` of every field read
``many_<kind>_<f>`` the people of a PERSONS field: ``fact``, ``ord``, ``person``
``role_<role>``     ``unit``, ``person``, ``since``, ``till``; ``staff`` likewise
``home``            ``person``, ``unit``, ``since``, ``till``
``above``           ``unit``, ``up``, ``top``, ``since``, ``till``
``adopter``         ``unit``, ``top``, ``since``, ``till``
``unit_<name>``     an attribute of units: ``subject``, ``value``, ``since``, ``till``
``person_<name>``   an attribute of persons, likewise
``cycle_<of>_<x>``  personal cycles begun on an attribute: ``subject``, ``first_day``, ``since``,
                    ``till``: the days of the cycle on which the attribute was so
``closed_<name>``   the last closed cycle of a measure's members: ``p``, ``subject``, ``first_day``,
                    ``last_day``; members without a beginning have no row
``people_<pop>``    members: ``p`` (number of the period), ``subject``, ``unit``, ``adopter``, ``grp``,
                    ``day`` (the period's last)
``workdays``        ``day``, ``worked``, ``unknown``: working days, and days of years that are not
                    announced, up to the day
``unit_ids``        ``k``, ``id``; ``person_ids`` and ``fact_ids`` likewise. Keys are in code point
                    order of the ids; units and persons share one row of numbers
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wenyou_core.assess.sql.engine import Column
from wenyou_core.assess.sql.terms import Sort
from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import Period

HEAD = (
    Column("fact", "INTEGER"),
    Column("ord", "INTEGER"),
    Column("recorded", "BIGINT"),
    Column("state", "SMALLINT"),
    Column("happened", "INTEGER"),
    Column("minute", "INTEGER"),
    Column("known", "BIGINT"),
    Column("known_day", "INTEGER"),
    Column("unit", "INTEGER"),
    Column("person", "INTEGER"),
    Column("evidence", "INTEGER"),
)
MEMBER = (
    Column("p", "SMALLINT"),
    Column("subject", "INTEGER"),
    Column("unit", "INTEGER"),
    Column("adopter", "INTEGER"),
    Column("grp", "INTEGER"),
    Column("day", "INTEGER"),
)
SPAN = (Column("since", "INTEGER"), Column("till", "INTEGER"))

_COLUMN = {
    ValueType.TEXT: "TEXT",
    ValueType.CHOICE: "SMALLINT",
    ValueType.BOOL: "SMALLINT",
    ValueType.DATE: "INTEGER",
    ValueType.TIME: "INTEGER",
    ValueType.UNIT: "INTEGER",
    ValueType.PERSON: "INTEGER",
    ValueType.PERSONS: "SMALLINT",  # 1 where the field is there; the people stand apart
    ValueType.FACT: "INTEGER",
}
_SORT = {
    ValueType.TEXT: Sort.TEXT,
    ValueType.CHOICE: Sort.WORD,
    ValueType.DATE: Sort.DATE,
    ValueType.UNIT: Sort.UNIT,
    ValueType.PERSON: Sort.PERSON,
    ValueType.FACT: Sort.FACT,
}
_DIGITS = {ValueType.MONEY: 2}


@dataclass(frozen=True, slots=True)
class Closed:
    """The last closed cycles a measure looks at: of whom, in which periods, begun on what."""

    population: str
    periods: tuple[tuple[Period, str], ...]


@dataclass(slots=True)
class Needs:
    """What the statements of a program read; gathered while they are compiled."""

    kinds: dict[str, set[str]] = field(default_factory=dict)  # kind → fields read
    heads: dict[str, set[str]] = field(default_factory=dict)  # kind → head columns read
    judged: set[str] = field(default_factory=set)  # rules and awards that judge members
    people: set[tuple[str, str]] = field(default_factory=set)  # kind, PERSONS field
    roles: set[str] = field(default_factory=set)
    members: dict[str, set[Period]] = field(default_factory=dict)  # population → periods
    attributes: set[tuple[str, str]] = field(default_factory=set)  # (unit or person, name)
    cycles: set[tuple[str, str]] = field(default_factory=set)  # attributes cycles begin on
    closed: dict[str, Closed] = field(default_factory=dict)  # by measure
    tables: set[str] = field(default_factory=set)  # staff, home, above, adopter, workdays

    def fields_of(self, kind: str) -> set[str]:
        """The fields read of a kind, to add to."""
        return self.kinds.setdefault(kind, set())

    def heads_of(self, kind: str) -> set[str]:
        """The head columns read of a kind, to add to."""
        return self.heads.setdefault(kind, {"fact"})


def column_of(one: FieldDef) -> str:
    """The column type of a field or attribute."""
    return _COLUMN.get(one.type, "BIGINT")


def sort_of(one: FieldDef) -> Sort:
    """What a field or attribute is as a term; a yes/no column counts as a number of 1 or 0."""
    return _SORT.get(one.type, Sort.NUMBER)


def digits_of(one: FieldDef) -> int:
    """Decimals of a field's column."""
    return one.digits if one.type is ValueType.DECIMAL else _DIGITS.get(one.type, 0)


def words_of(plan: Plan, one: FieldDef) -> tuple[str, ...]:
    """The words of a CHOICE field, in the order that their codes follow."""
    return plan.lists.get(one.choices, ()) if one.type is ValueType.CHOICE else ()
