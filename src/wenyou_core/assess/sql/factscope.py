"""Names of a fact in a query: its fields, what it belongs to, tables of the plan, days."""

from __future__ import annotations

from collections.abc import Callable

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.lookups import number_of
from wenyou_core.assess.sql.relation import Relation, field_term, workdays
from wenyou_core.assess.sql.terms import Sort, Term
from wenyou_core.scheme.types import BUILT_IN


class FactScope:
    """What names mean for a fact on a day; joins what they need to the relation."""

    def __init__(
        self,
        relation: Relation,
        kind: str,
        day: Sql,
        *,
        located: bool = False,
        days: Callable[[str], Term] | None = None,
    ) -> None:
        """``located``: the rows already hold the unit of the day (``unit``); ``days`` gives the
        ``start`` and ``end`` of the period that the fact is looked at for."""
        self.relation, self.kind, self.day, self.located = relation, kind, day, located
        self.days = days
        self.script = relation.script
        plan = self.script.program.plan
        self.fields = plan.facts[kind].fields if kind in plan.facts else {}

    def head(self, name: str) -> Sql:
        """A head column of the fact; the tables between carry only what is asked for here."""
        self.script.needs.heads_of(self.kind).add(name)
        return self.relation.col(name)

    @property
    def unit(self) -> Sql:
        """The fact's unit; of a fact with a person only, that person's unit of the day."""
        own = self.head("unit")
        if self.located or self.kind not in self.script.unitless:
            return own
        self.script.needs.tables.add("home")
        person = b.when([(b.is_null(own), self.head("person"))])
        home = self.relation.held("home", "home", {"person": person}, self.day)
        return b.coalesce(own, b.col("unit", home))

    def field(self, of: str, name: str) -> Term:
        """A field of the fact, an attribute of its unit or person on the day, a period's day."""
        if of == "table":
            terms = [self.named(one) for one in self.script.tables[name].by]
            return number_of(name, terms, self.relation, self.script)
        if of == "unit":
            return self.relation.attribute(of, name, self.unit, self.day)
        if of == "person":
            return self.relation.attribute(of, name, self.head("person"), self.day)
        if of == "period" and self.days is not None:
            return self.days(name)
        if name in self.fields:
            return self._declared(name)
        return self._built_in(name)

    def named(self, name: str) -> Term:
        """A field by its plain name, or an attribute as ``unit.x`` or ``person.x``."""
        of, _, own = name.rpartition(".")
        return self.field(of or "fact", own)

    def cycle(self, name: str) -> Sql:
        """The first day of the personal cycle, begun on an attribute, that the day falls in."""
        of, _, own = name.partition(".")
        self.script.needs.cycles.add((of, own))
        table = f"cycle_{of}_{own}"
        subject = self.unit if of == "unit" else self.head("person")
        alias = self.relation.held(table, table, {"subject": subject}, self.day)
        return b.col("first_day", alias)

    def param(self, name: str) -> Term:
        """A parameter on the day."""
        return self.script.param(name, self.day)

    def measure(self, name: str) -> Term:
        """Facts do not look at measures."""
        raise KeyError(name)

    def workdays(self, first: Sql, last: Sql) -> Sql:
        """Working days after ``first`` up to ``last``."""
        return workdays(self.relation, first, last)

    def _declared(self, name: str) -> Term:
        self.script.needs.fields_of(self.kind).add(name)
        declared = self.fields[name]
        return field_term(self.script, declared, self.relation.col(f"f_{name}"))

    def _built_in(self, name: str) -> Term:
        column = {
            "id": "fact",
            "at": "minute",
            "known": "known_day",
            "evidence_count": "evidence",
        }.get(name, name)
        sorts = {"id": Sort.FACT, "happened": Sort.DATE, "known": Sort.DATE}
        sorts |= {"unit": Sort.UNIT, "person": Sort.PERSON}
        if name not in BUILT_IN:
            raise KeyError(name)
        tree = self.unit if name == "unit" else self.head(column)
        return Term(tree, sorts.get(name, Sort.NUMBER))
