"""A query in the making: where its rows come from, and the joins that its names ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Join, Sql
from wenyou_core.assess.sql.layout import digits_of, sort_of, words_of
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import Term
from wenyou_core.scheme.model import FieldDef


@dataclass(slots=True)
class Relation:
    """FROM a table under an alias, with joins added as names are used."""

    script: Script
    source: str | Sql
    alias: str
    joins: dict[str, Join] = field(default_factory=dict)

    def col(self, name: str) -> Sql:
        """A column of the source."""
        return b.col(name, self.alias)

    def join(self, alias: str, table: str | Sql, on: Sql, kind: str = "LEFT") -> str:
        """Join a table once; gives its alias."""
        if alias not in self.joins:
            self.joins[alias] = Join(table, alias, on, kind)
        return alias

    def held(
        self, table: str, alias: str, equal: Mapping[str, Sql], day: Sql, kind: str = "LEFT"
    ) -> str:
        """Join the span of a table that holds the day."""
        on = [b.eq(b.col(name, alias), value) for name, value in equal.items()]
        on.append(b.le(b.col("since", alias), day))
        on.append(b.ge(b.col("till", alias), day))
        return self.join(alias, table, b.all_of(on), kind)

    def select(
        self,
        what: Sequence[Sql],
        where: Iterable[Sql] = (),
        *,
        group: Sequence[Sql] = (),
        distinct: bool = False,
    ) -> exp.Select:
        """The query."""
        return b.select(
            what,
            self.source,
            self.alias,
            joins=list(self.joins.values()),
            where=where,
            group=group,
            distinct=distinct,
        )

    def attribute(self, of: str, name: str, subject: Sql, day: Sql) -> Term:
        """An attribute of a ``unit`` or ``person`` on a day."""
        plan = self.script.program.plan
        declared = (plan.unit_fields if of == "unit" else plan.person_fields)[name]
        self.script.needs.attributes.add((of, name))
        alias = self.held(f"{of}_{name}", f"{of}_{name}", {"subject": subject}, day)
        return field_term(self.script, declared, b.col("value", alias))


def field_term(script: Script, declared: FieldDef, column: Sql) -> Term:
    """A declared field or attribute in a column."""
    return Term(
        column,
        sort_of(declared),
        digits_of(declared),
        words=words_of(script.program.plan, declared),
    )


def workdays(relation: Relation, first: Sql, last: Sql) -> Sql:
    """Working days after ``first`` up to ``last``; absent where a year is not announced.

    The calendar's table counts, up to each day, working days (``worked``) and days of years that
    are not announced (``unknown``).
    """
    relation.script.needs.tables.add("workdays")
    number = sum(alias.startswith("work") for alias in relation.joins)
    a, z = f"work{number}", f"work{number + 1}"
    for alias, day in ((a, first), (z, last)):
        relation.join(alias, "workdays", b.eq(b.col("day", alias), day))
    known = b.eq(b.col("unknown", a), b.col("unknown", z))
    between = b.when([(known, b.sub(b.col("worked", z), b.col("worked", a)))])
    absent = b.any_of([b.is_null(first), b.is_null(last)])
    return b.when([(absent, b.null("BIGINT")), (b.le(last, first), b.num(0))], between)
