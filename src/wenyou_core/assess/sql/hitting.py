"""Who is hit, as SQL: from a rule's word to subjects, on a day, in a unit.

The rows come from a table with ``day``, ``unit``, ``person`` and, for ``present``, ``fact`` and
``ord``, for fields ``w_<field>``; for period rules ``subject`` too. What is not there (a role that nobody holds, a unit
above) is told by queries for the notes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.scheme.rules import EventRule, PeriodRule, Whom

NOT_IN_A_UNIT = ("subject", "person", "present", "field")
"""Words that look for nobody in a unit."""

Columns = Callable[[Relation], Sequence[Sql]]


@dataclass(frozen=True, slots=True)
class Source:
    """The table rows are hit from: its name, the fact kind behind it (empty: none), and the
    condition under which what is missing is noted (a reported period)."""

    table: str | Sql
    kind: str
    noted: Callable[[Relation], list[Sql]]
    homeless: bool = False  # a person's unit of the day may be unknown


def whose(field: str) -> str:
    """The column that carries whom a field of the fact names."""
    return f"w_{field}"


def fields_of(rule: EventRule | PeriodRule) -> list[str]:
    """The fields that name whom a rule, or one of its joints, hits."""
    whoms = [*rule.whom, *(joint.whom for joint in rule.joint)]
    return list(dict.fromkeys(one.field for one in whoms if one.who == "field"))


@dataclass(slots=True)
class Hitting:
    """Compiles the whom of one rule."""

    script: Script
    rule: str
    counted: Counted

    def hits(self, source: Source, whoms: Sequence[Whom], columns: Columns) -> Sql:
        """Rows of the source with one ``subject`` each; by several words one may come twice.

        ``columns`` are the source's columns to carry. ``word`` and ``spot`` tell the order in
        which the subjects are named.
        """
        queries = [self._query(source, at, whom, columns) for at, whom in enumerate(whoms)]
        return queries[0] if len(queries) == 1 else b.stacked(queries)

    def note(self, source: Source, whoms: Sequence[Whom]) -> None:
        """Add the queries of what is missing for these words."""
        for whom in whoms:
            if source.homeless and whom.who not in NOT_IN_A_UNIT:
                self._note_home(source)
            if whom.up:
                self._note_unit(source, whom.up)
            if whom.who in self.script.program.plan.roles:
                self._note_post(source, whom)

    def _query(self, source: Source, at: int, whom: Whom, columns: Columns) -> Sql:
        relation = Relation(self.script, source.table, "m")
        if whom.who == "present":
            subject, spot = self._present(relation, source.kind, whom.field)
        elif whom.who == "field":
            subject = spot = relation.col(whose(whom.field))
        elif whom.who in ("subject", "person"):
            subject = spot = relation.col(whom.who)
        else:
            subject = spot = self._of_unit(relation, whom)
        word = b.num(at)
        what = [b.as_(subject, "subject"), b.as_(word, "word"), b.as_(spot, "spot")]
        return relation.select([*columns(relation), *what], [b.not_null(subject)])

    def _present(self, relation: Relation, kind: str, field: str) -> tuple[Sql, Sql]:
        """The people of a field of the fact, in the order in which they are named."""
        self.script.needs.people.add((kind, field))
        on = [b.eq(b.col(name, "people"), relation.col(name)) for name in ("fact", "ord")]
        if kind in self.counted.mixed:  # a derived fact has none of them
            on.append(b.eq(relation.col("root"), b.num(self.counted.root(kind))))
        alias = relation.join("people", f"many_{kind}_{field}", b.all_of(on), "INNER")
        return b.col("person", alias), b.col("spot", alias)

    def _of_unit(self, relation: Relation, whom: Whom) -> Sql:
        """The unit itself, one above it, its staff, or the holders of a role in it."""
        day, unit = relation.col("day"), self._unit(relation, whom.up, "INNER")
        if whom.who in ("unit", "parent"):
            return unit
        table = "staff" if whom.who == "members" else f"role_{whom.who}"
        self._need(table, whom.who)
        return b.col("person", relation.held(table, "holder", {"unit": unit}, day, "INNER"))

    def _unit(self, relation: Relation, up: int, join: str) -> Sql:
        if not up:
            return relation.col("unit")
        self.script.needs.tables.add("above")
        equal = {"unit": relation.col("unit"), "up": b.num(up)}
        return b.col("top", relation.held("above", "above", equal, relation.col("day"), join))

    def _need(self, table: str, role: str) -> None:
        if table == "staff":
            self.script.needs.tables.add("staff")
        else:
            self.script.needs.roles.add(role)

    # -- notes ----------------------------------------------------------------------------

    def _note_home(self, source: Source) -> None:
        relation = Relation(self.script, source.table, "m")
        query = relation.select(
            [relation.col("person"), relation.col("day")],
            [*source.noted(relation), b.is_null(relation.col("unit"))],
            distinct=True,
        )
        self.script.output("no_home", self.rule, query)

    def _note_unit(self, source: Source, up: int) -> None:
        relation = Relation(self.script, source.table, "m")
        above = self._unit(relation, up, "LEFT")
        query = relation.select(
            [relation.col("unit"), relation.col("day")],
            [*source.noted(relation), b.not_null(relation.col("unit")), b.is_null(above)],
            distinct=True,
        )
        self.script.output("no_unit", (self.rule, up), query)

    def _note_post(self, source: Source, whom: Whom) -> None:
        relation = Relation(self.script, source.table, "m")
        unit = self._unit(relation, whom.up, "INNER")
        self._need("", whom.who)
        alias = relation.held(
            f"role_{whom.who}", "holder", {"unit": unit}, relation.col("day"), "LEFT"
        )
        query = relation.select(
            [b.as_(unit, "unit"), relation.col("day")],
            [*source.noted(relation), b.not_null(unit), b.is_null(b.col("person", alias))],
            distinct=True,
        )
        self.script.output("no_post", (self.rule, whom.who), query)
