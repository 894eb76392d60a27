"""Steps 1 and 2 as SQL: newest versions, confirmed facts, exemptions, deemed facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import compile_expr, condition
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.layout import column_of
from wenyou_core.assess.sql.relation import Relation, field_term
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import as_field, day_number
from wenyou_core.scheme.rules import Deem

CONFIRMED = 1
HEADS = ("fact", "ord", "happened", "minute", "known", "known_day", "unit", "person", "evidence")
ABSENT_AT = -1
KINDS = 256
"""More than a plan has kinds of facts."""


@dataclass(slots=True)
class Counted:
    """The facts of each kind so far: which table they are in, and what it still mixes in.

    ``pending`` are kinds whose table still holds facts that are not confirmed; ``mixed`` are
    kinds with derived facts among them, told apart by ``root``.
    """

    script: Script
    tables: dict[str, str] = field(default_factory=dict)
    pending: set[str] = field(default_factory=set)
    mixed: set[str] = field(default_factory=set)
    sources: dict[str, set[str]] = field(default_factory=dict)

    def begin(self, kind: str) -> None:
        """The newest version of each fact that was recorded by the moment of the run."""
        shape, table = self.script.shape, f"fact_{kind}"
        self.script.needs.fields_of(kind)
        known = []
        if shape.known_at is not None and shape.has(kind, "recorded"):
            known = [b.le(b.col("recorded"), b.num(shape.known_at))]
        if kind in shape.versioned:
            order = [b.falling(b.col("recorded")), b.falling(b.col("ord"))]
            newest = b.over(b.row_number(), by=[b.col("fact")], order=order)
            inner = b.select([b.star(), b.as_(newest, "newest")], table, where=known)
            query = b.select([b.star()], inner, "v", where=[b.eq(b.col("newest"), b.num(1))])
            table = self.script.make(f"now_{kind}", query)
        elif known:
            table = self.script.make(f"now_{kind}", b.select([b.star()], table, where=known))
        self.tables[kind] = table
        if shape.has(kind, "state"):
            self._note_states(kind)
            self.pending.add(kind)

    def _note_states(self, kind: str) -> None:
        relation = self.relation(kind)
        open_ones = b.ne(relation.col("state"), b.num(CONFIRMED))
        query = relation.select(
            [relation.col("fact"), relation.col("state")],
            [open_ones, self.looked_at(relation, kind)],
        )
        self.script.output("unconfirmed", kind, query)

    # -- reading a kind -------------------------------------------------------------------

    def relation(self, kind: str) -> Relation:
        """The facts of a kind so far, as ``f``."""
        return Relation(self.script, self.tables[kind], "f")

    def confirmed(self, kind: str) -> list[Sql]:
        """The condition that a fact is confirmed, where it is still to be asked."""
        return [b.eq(b.col("state", "f"), b.num(CONFIRMED))] if kind in self.pending else []

    def fields(self, kind: str) -> list[str]:
        """The columns of the fields that something reads; only known at the end."""
        return sorted(f"f_{name}" for name in self.script.needs.fields_of(kind))

    def heads(self, kind: str) -> list[str]:
        """The other columns of a kind, likewise."""
        read = self.script.needs.heads_of(kind)
        return [name for name in HEADS if name in read]

    def head(self, relation: Relation, kind: str, *names: str) -> list[Sql]:
        """Head columns of a kind, which the tables before must then carry."""
        self.script.needs.heads_of(kind).update(names)
        return [relation.col(name) for name in names]

    def columns(self, kind: str) -> list[str]:
        """All columns that tables of a kind carry on."""
        return [*self.heads(kind), *self.fields(kind)]

    def step(self, kind: str, name: str, made: Callable[[], Sql]) -> None:
        """From now on the facts of a kind are in this table, all of them confirmed."""
        self.tables[kind] = self.script.make(name, made)
        self.pending.discard(kind)

    def at(self, relation: Relation, kind: str) -> Sql:
        """The time of day, absent ones before all others."""
        (at,) = self.head(relation, kind, "minute")
        return b.coalesce(at, b.num(ABSENT_AT))

    # -- days -----------------------------------------------------------------------------

    def deciding(self, relation: Relation, kind: str, name: str) -> Sql:
        """The day that decides; NULL when it is not filled in."""
        if name in ("happened", "known"):
            return self.head(relation, kind, "happened" if name == "happened" else "known_day")[0]
        if name in self.script.program.plan.facts[kind].fields:
            self.script.needs.fields_of(kind).add(name)
            return relation.col(f"f_{name}")
        return b.null("INTEGER")

    def plan_day(self, relation: Relation, kind: str) -> Sql:
        """The day by the plan's own deciding date."""
        return self.deciding(relation, kind, self.script.date_name("", kind))

    def looked_at(self, relation: Relation, kind: str) -> Sql:
        """The plan's day is absent, or one that could have decided is looked at by the run."""
        own = self.script.looks.dates.get(kind, ())
        names = [self.script.date_name(text, kind) for text in ("", *own)]
        days = [self.deciding(relation, kind, name) for name in dict.fromkeys(names)]
        return b.any_of([b.is_null(days[0]), *(self.within(kind, day) for day in days)])

    def within(self, kind: str, day: Sql) -> Sql:
        """A day of those that something in the run looks at."""
        since, end = self.script.looks.since(kind), self.script.program.run.end
        last = b.le(day, b.num(day_number(end)))
        if since == date.min:
            return last
        return b.all_of([b.ge(day, b.num(day_number(since))), last])

    def early(self, kind: str) -> tuple[Relation, FactScope, Sql]:
        """A fact before the rules: read as of its day, or of when it happened without one."""
        relation = self.relation(kind)
        day = self.plan_day(relation, kind)
        name = self.script.date_name("", kind)
        if name in ("happened", "known"):
            return relation, FactScope(relation, kind, day), day
        read = b.coalesce(day, *self.head(relation, kind, "happened"))
        return relation, FactScope(relation, kind, read), day

    # -- step 2 ---------------------------------------------------------------------------

    def deem(self, deems: Iterable[Deem]) -> None:
        """Set fields and derive facts, in the order of the articles."""
        derived: dict[str, list[Callable[[], Sql]]] = {}
        for at, deem in enumerate(deems):
            if deem.becomes in ("", deem.deem):
                self._set_fields(at, deem)
            else:
                derived.setdefault(deem.becomes, []).append(self._derive(at, deem))
        for kind, queries in derived.items():
            self._join_derived(kind, queries)

    def _given(self, deem: Deem, scope: FactScope) -> dict[str, Sql]:
        """What the fields are set to, as columns of the target's fields."""
        kind = deem.becomes or deem.deem
        declared = self.script.program.plan.facts[kind].fields
        found = {}
        for name, expr in deem.with_fields.items():
            like = field_term(self.script, declared[name], b.null())
            tree = as_field(compile_expr(expr, scope), like)
            found[f"f_{name}"] = b.cast(tree, column_of(declared[name]))
        return found

    def _set_fields(self, at: int, deem: Deem) -> None:
        kind = deem.deem
        relation, scope, _ = self.early(kind)
        hit = b.all_of(condition(deem.where, scope))
        given = self._given(deem, scope)
        tests = self.confirmed(kind)

        def made() -> Sql:
            what = [
                b.as_(b.when([(hit, given[name])], relation.col(name)), name)
                if name in given
                else relation.col(name)
                for name in self.columns(kind)
            ]
            return relation.select(what, tests)

        self.step(kind, f"deem_{at}", made)

    def _derive(self, at: int, deem: Deem) -> Callable[[], Sql]:
        source, kind = deem.deem, deem.becomes
        relation, scope, _ = self.early(source)
        self.sources.setdefault(kind, set()).add(source)
        if source in self.script.unitless:
            self.script.unitless.add(kind)
        tests = [*self.confirmed(source), *condition(deem.where, scope)]
        given = self._given(deem, scope)
        declared = self.script.program.plan.facts[kind].fields
        root = b.cast(b.num(self.root(source) + KINDS * (at + 1)), "INTEGER")

        def made() -> Sql:
            what = [
                b.as_(b.null("INTEGER"), name) if name == "ord" else relation.col(name)
                for name in self.heads(kind)
            ]
            for name in self.fields(kind):
                absent = b.null(column_of(declared[name.removeprefix("f_")]))
                what.append(b.as_(given.get(name, absent), name))
            return relation.select([*what, b.as_(root, "root")], tests)

        name = self.script.make(f"deem_{at}", made)
        return lambda: b.select([b.col(one) for one in (*self.columns(kind), "root")], name)

    def _join_derived(self, kind: str, queries: Sequence[Callable[[], Sql]]) -> None:
        relation, tests = self.relation(kind), self.confirmed(kind)
        root = b.cast(b.num(self.root(kind)), "INTEGER")

        def made() -> Sql:
            what = [*(relation.col(name) for name in self.columns(kind)), b.as_(root, "root")]
            return b.stacked([relation.select(what, tests), *(query() for query in queries)])

        self.mixed.add(kind)
        self.step(kind, f"all_{kind}", made)

    def settle(self) -> None:
        """When all is compiled: what is read of a derived fact is read of its source."""
        heads = self.script.needs.heads_of
        for _ in self.sources:  # a chain of kinds is no longer than there are kinds
            for kind, sources in self.sources.items():
                for source in sources:
                    heads(source).update(heads(kind))

    def root(self, kind: str) -> int:
        """The number of a kind as a root. Derived facts keep that of their source, plus KINDS for
        each deeming rule up to theirs, so that no two facts of a kind are alike."""
        return sorted(self.script.program.plan.facts).index(kind)
