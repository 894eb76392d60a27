"""The organization as tables of spans, taken from the same ``Org`` that the reference asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wenyou_core.assess.facts import Cell
from wenyou_core.assess.org import Held, Org
from wenyou_core.assess.sql.engine import Column, Engine, Row
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.assess.sql.layout import MEMBER, SPAN, Closed, Needs, column_of
from wenyou_core.assess.sql.terms import day_number
from wenyou_core.scheme.model import FieldDef
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.periods import Period, cycle_of, last_closed_cycle


@dataclass(slots=True)
class OrgTables:
    """Loads the tables of units, people and posts that a program needs."""

    org: Org
    keys: Keys
    encoded: Callable[[FieldDef, Cell], object]
    days: tuple[date, date]  # the first and the last that a fact may lie on

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
        for of, name in sorted(needs.cycles):
            self._cycles(engine, of, name)
        for measure, closed in sorted(needs.closed.items()):
            self._closed(engine, measure, closed, number)
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

    def _cycles(self, engine: Engine, of: str, name: str) -> None:
        """Every cycle that touches the days of the facts, for as long as its attribute held."""
        spans = self.org.unit_spans() if of == "unit" else self.org.person_spans()
        keys = self.keys.unit if of == "unit" else self.keys.person
        rows: list[Row] = []
        for span, since, till in spans:
            anchor = span.values.get(name)
            if not isinstance(anchor, date):
                continue
            day, last = max(since, self.days[0]), min(till, self.days[1])
            while day <= last:
                cycle = cycle_of(anchor, day)
                days = (day_number(day), day_number(min(cycle.end, last)))
                rows.append((keys[span.id], day_number(cycle.start), *days))
                day = cycle.end + ONE_DAY
        columns = [Column("subject", "INTEGER"), Column("first_day", "INTEGER"), *SPAN]
        engine.load(f"cycle_{of}_{name}", columns, rows)

    def _closed(
        self, engine: Engine, measure: str, closed: Closed, number: Mapping[Period, int]
    ) -> None:
        rows: list[Row] = []
        for period, name in closed.periods:
            of, _, own = name.partition(".")
            for member in self.org.members(closed.population, period):
                whose = member.subject.id if of == "person" else member.unit
                anchor = self.org.attribute(of, own, whose, period.end)
                if isinstance(anchor, date):
                    cycle = last_closed_cycle(anchor, period.end)
                    days = (day_number(cycle.start), day_number(cycle.end))
                    rows.append((number[period], self.keys.key(member.subject), *days))
        columns = [Column("p", "SMALLINT"), Column("subject", "INTEGER")]
        columns += [Column("first_day", "INTEGER"), Column("last_day", "INTEGER")]
        engine.load(f"closed_{measure}", columns, rows)

    def _members(
        self, engine: Engine, population: str, periods: list[Period], number: Mapping[Period, int]
    ) -> None:
        rows: list[Row] = []
        groups: dict[object, int] = {}
        units = self.keys.unit
        for period in periods:
            p, day = number[period], day_number(period.end)
            for member in self.org.members(population, period):
                grp = groups.setdefault(member.group, len(groups) + 1)
                subject = self.keys.key(member.subject)
                rows.append((p, subject, units[member.unit], units[member.adopter], grp, day))
        engine.load(f"people_{population}", MEMBER, rows)


def _days(one: Held) -> tuple[int, int]:
    return (day_number(one.since), day_number(one.till))
