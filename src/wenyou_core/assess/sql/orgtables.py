"""The organization as tables of spans, taken from the same ``Org`` that the reference asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from wenyou_core.assess.facts import Cell
from wenyou_core.assess.org import Held, Org
from wenyou_core.assess.sql.engine import Column, Engine, Row
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.assess.sql.layout import MEMBER, SPAN, Needs, column_of
from wenyou_core.assess.sql.terms import day_number
from wenyou_core.scheme.model import FieldDef
from wenyou_core.worktime.periods import Period


@dataclass(slots=True)
class OrgTables:
    """Loads the tables of units, people and posts that a program needs."""

    org: Org
    keys: Keys
    encoded: Callable[[FieldDef, Cell], object]

    def install(self, engine: Engine, needs: Needs, number: Mapping[Period, int]) -> None:
        """Load them."""
        for of, name in sorted(needs.attributes):
            self._attribute(engine, of, name)
        for role in sorted(needs.roles):
            self._posts(engine, f"role_{role}", self.org.role_spans(role))
        if "staff" in needs.tables:
            self._posts(engine, "staff", self.org.staff_spans())
        if "home" in needs.tables:
            self._posts(engine, "home", self.org.person_unit_spans())
        if "above" in needs.tables:
            self._units(engine, "above", self.org.ancestor_spans())
        if "adopter" in needs.tables:
            self._units(engine, "adopter", self.org.adopter_spans())
        for population, periods in sorted(needs.members.items()):
            self._members(engine, population, sorted(periods), number)

    def _posts(self, engine: Engine, table: str, spans: Iterable[Held]) -> None:
        columns = [Column("person", "INTEGER"), Column("unit", "INTEGER"), *SPAN]
        rows: list[Row] = [
            (self.keys.person[one.of], self.keys.unit[one.to], *_days(one)) for one in spans
        ]
        engine.load(table, columns, rows)

    def _units(self, engine: Engine, table: str, spans: Iterable[Held]) -> None:
        columns = [Column(name, "INTEGER") for name in ("unit", "top", "up")] + list(SPAN)
        rows: list[Row] = [
            (self.keys.unit[one.of], self.keys.unit[one.to], one.up, *_days(one)) for one in spans
        ]
        engine.load(table, columns, rows)

    def _attribute(self, engine: Engine, of: str, name: str) -> None:
        plan = self.org.plan
        declared = (plan.unit_fields if of == "unit" else plan.person_fields)[name]
        spans = self.org.unit_spans() if of == "unit" else self.org.person_spans()
        keys = self.keys.unit if of == "unit" else self.keys.person
        rows: list[Row] = []
        for span, since, till in spans:
            value = span.values.get(name)
            if value is None and name == "name":
                value = span.name or None
            if value is not None:
                code = self.encoded(declared, value)
                rows.append((keys[span.id], code, day_number(since), day_number(till)))
        columns = [Column("subject", "INTEGER"), Column("value", column_of(declared)), *SPAN]
        engine.load(f"{of}_{name}", columns, rows)

    def _members(
        self, engine: Engine, population: str, periods: list[Period], number: Mapping[Period, int]
    ) -> None:
        rows: list[Row] = []
        groups: dict[object, int] = {}
        for period in periods:
            for member in self.org.members(population, period):
                grp = groups.setdefault(member.group, len(groups) + 1)
                unit, adopter = self.keys.unit[member.unit], self.keys.unit[member.adopter]
                rows.append((number[period], self.keys.key(member.subject), unit, adopter, grp))
        engine.load(f"people_{population}", MEMBER, rows)


def _days(one: Held) -> tuple[int, int]:
    return (day_number(one.since), day_number(one.till))
