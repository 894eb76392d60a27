"""Rules at the end of a period as SQL, and limits over several rules.

``sel_<rule>`` has the members with ``taken`` and ``waits``; ``hit_<rule>`` a row per member and subject
hit, like those of event rules, with ``fact`` for the member where another subject is hit. Adjusting
and joint entries are as those of event rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wenyou_core.assess.amounts import ledger_of_bounds
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.bounds import held, summed
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.exprs import condition
from wenyou_core.assess.sql.hitting import Hitting, Source
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.selecting import (
    MEMBER,
    Deciding,
    Passing,
    judged_subjects,
    keys_of,
    select_members,
)
from wenyou_core.assess.sql.standing import Measures, SubjectScope
from wenyou_core.assess.sql.sums import Sums, Written
from wenyou_core.assess.sql.terms import Sort
from wenyou_core.assess.sql.worths import Worth, worth_of
from wenyou_core.scheme.rules import Limit, PeriodRule, Whom
from wenyou_core.scheme.words import SubjectKind
from wenyou_core.worktime.periods import Period

THE_SUBJECT = (Whom(who="subject"),)


@dataclass(slots=True)
class Selecting:
    """Which members a rule or an award takes: who passes, is picked, is judged."""

    script: Script
    measures: Measures

    def periods(self, owner: Deciding) -> list[Period]:
        """The periods it is computed for."""
        return sorted(self.script.cells_of(owner.name))

    def members(self, owner: Deciding) -> tuple[Relation, SubjectScope]:
        """The members of its population, and what names mean for them."""
        periods = self.periods(owner)
        relation = self.measures.members(owner.each, periods)
        return relation, SubjectScope(self.measures, relation, owner.each, periods)

    def selected(
        self,
        owner: Deciding,
        relation: Relation,
        scope: SubjectScope,
        passes: Sequence[Sql],
        more: dict[str, Sql],
    ) -> str:
        """``sel_<name>``: ``rank_of``, ``taken``, ``waits``, ``by_choice``, ``holds``, ``decision``.

        ``pass_<name>`` keeps the members with ``passes`` and the ``more`` columns.
        """
        columns = {name: relation.col(name) for name in MEMBER}
        columns["passes"] = b.flag(b.all_of(passes))
        columns |= self._decided(owner, relation)
        keys = {} if owner.pick is None else keys_of(owner.pick, scope)
        columns |= keys
        what = b.named({**columns, **more})
        here = [self.measures.within(self.periods(owner))]
        passing = self.script.make(f"pass_{owner.name}", relation.select(what, here))
        if owner.pick is not None:
            given = Passing(passing, owner, self.periods(owner), tuple(keys))
            query = select_members(self.script, given, owner.pick)
        else:
            query = self._all_passing(passing)
        name = self.script.make(f"sel_{owner.name}", query)
        self._note(owner, name)
        return name

    def _decided(self, owner: Deciding, relation: Relation) -> dict[str, Sql]:
        """What a person decided of a member: 1, 0, or NULL; and by which decision."""
        if owner.pick is None and not owner.decide:
            return {"holds": b.null("SMALLINT"), "decision": b.null("INTEGER")}
        alias = judged_subjects(relation, owner)
        return {"holds": b.col("holds", alias), "decision": b.col("decision", alias)}

    def _all_passing(self, passing: str) -> Sql:
        what = [
            *b.columns("m", *MEMBER, "holds", "decision"),
            b.as_(b.null("BIGINT"), "rank_of"),
            b.as_(b.col("passes", "m"), "taken"),
            b.as_(b.num(0), "waits"),
            b.as_(b.num(0), "by_choice"),
            b.as_(b.null("BIGINT"), "crowded"),
        ]
        return b.select(what, passing, "m")

    def _note(self, owner: Deciding, table: str) -> None:
        """Ties and judgments that a person must decide."""
        relation = Relation(self.script, table, "m")
        reported = self.reported(relation)
        if owner.pick is not None:
            what = [relation.col(name) for name in ("p", "grp", "subject")]
            waits = b.eq(relation.col("waits"), b.num(1))
            self.script.output("tie", owner, relation.select(what, [waits, *reported]))
            left = relation.col("crowded")
            query = relation.select([*what, left], [b.not_null(left), *reported])
            self.script.output("crowded", owner, query)
        if owner.decide:
            what = [relation.col(name) for name in ("p", "subject")]
            open_ = [b.eq(relation.col("taken"), b.num(1)), b.is_null(relation.col("holds"))]
            self.script.output("judged_member", owner, relation.select(what, [*open_, *reported]))

    def reported(self, relation: Relation) -> list[Sql]:
        """The period is part of the result."""
        codes = self.script.program.reported
        numbers = [b.num(at) for one, at in self.script.number.items() if one.code in codes]
        return [b.one_of(relation.col("p"), numbers)]

    def granted(self, owner: Deciding, relation: Relation) -> list[Sql]:
        """The member is taken, and judged 成立 where that is asked."""
        tests = [b.eq(relation.col("taken"), b.num(1))]
        if owner.decide:
            tests.append(b.eq(relation.col("holds"), b.num(1)))
        return tests

    def settled(self, owner: Deciding, relation: Relation) -> Sql:
        """The decision by which a member was judged, or chosen among equals."""
        if owner.decide:
            return relation.col("decision")
        chosen = b.eq(relation.col("by_choice"), b.num(1))
        return b.when([(chosen, relation.col("decision"))])


@dataclass(slots=True)
class SubjectRules:
    """Compiles period rules and limits."""

    selecting: Selecting
    sums: Sums
    counted: Counted

    @property
    def script(self) -> Script:
        """The statements so far."""
        return self.selecting.script

    def compile(self, rule: PeriodRule) -> Hits:
        """Add the statements of a period rule up to its own entries."""
        relation, scope = self.selecting.members(rule)
        passes = condition(rule.when, scope)
        selected = self.selecting.selected(rule, relation, scope, passes, {})
        found = Hits(rule=rule, table=f"hit_{rule.name}", members=True)
        members, worth = self._members(rule, found, selected)
        self._hit(rule, found, members)
        if worth is not None and worth.labels:
            self._note_unset(rule, members, worth)
        return found

    def _members(self, rule: PeriodRule, found: Hits, selected: str) -> tuple[str, Worth | None]:
        """The members that the rule hits, with what it costs them."""
        relation = Relation(self.script, selected, "m")
        periods = self.selecting.periods(rule)
        scope = SubjectScope(self.selecting.measures, relation, rule.each, periods)
        subject = relation.col("subject")
        is_person = self.script.program.plan.populations[rule.each].of is SubjectKind.PERSON
        what = {
            "p": relation.col("p"),
            "day": relation.col("day"),
            "subject": subject,
            "of": subject,
            "unit": relation.col("unit"),
            "person": subject if is_person else b.null("INTEGER"),
        }
        worth = None
        if rule.amount is not None:
            worth = worth_of(rule.amount, scope, self.script)
            what |= self._worth_columns(worth, found)
            found.columns = [name for name in what if name in PAID]
            what["decision"] = self.selecting.settled(rule, relation)
        tests = self.selecting.granted(rule, relation)
        return self.script.make(f"m_{rule.name}", relation.select(b.named(what), tests)), worth

    def _worth_columns(self, worth: Worth, found: Hits) -> dict[str, Sql]:
        found.pays, found.ledger = True, worth.ledger
        columns = {"base": b.narrow(worth.base)}
        if worth.unset is not None:
            columns["unset"] = worth.unset
        if worth.quantity is not None:
            term = worth.quantity
            found.quantity = (term.digits, term.den_digits)
            columns["quantity"] = b.narrow(term.sql)
            if term.sort is Sort.RATIO and term.den is not None:
                columns["quantity_den"] = b.narrow(term.den)
        return columns

    def _hit(self, rule: PeriodRule, found: Hits, members: str) -> None:
        whoms = rule.whom or THE_SUBJECT
        source = Source(members, "", self.selecting.reported)
        hitting = Hitting(self.script, rule.name, self.counted)
        names = ["p", "day", "of", *found.columns, *(["decision"] if found.pays else [])]
        rows = hitting.hits(source, whoms, lambda one: [one.col(name) for name in names])
        hitting.note(source, whoms)
        if len(whoms) > 1:
            rows = self._once(rows, names)
        relation = Relation(self.script, rows, "h")
        own = b.ne(relation.col("of"), relation.col("subject"))
        what = {name: relation.col(name) for name in (*names, "subject") if name != "of"}
        what["fact"] = b.when([(own, relation.col("of"))])
        if found.pays:
            what["amount"] = relation.col("base")
        found.columns = list(what)
        self.script.make(found.table, relation.select(b.named(what)))

    def _once(self, rows: Sql, names: Sequence[str]) -> Sql:
        keys = [b.col(name, "s") for name in ("p", "of", "subject")]
        order = [b.rising(b.col(name, "s")) for name in ("word", "spot")]
        place = b.over(b.row_number(), by=keys, order=order)
        inner = b.select([*b.columns("s", *names, "subject"), b.as_(place, "place")], rows, "s")
        only = [b.eq(b.col("place", "o"), b.num(1))]
        return b.select(b.columns("o", *names, "subject"), inner, "o", where=only)

    def _note_unset(self, rule: PeriodRule, members: str, worth: Worth) -> None:
        relation = Relation(self.script, members, "m")
        query = relation.select(
            [relation.col("unset"), relation.col("unit"), relation.col("day")],
            [*self.selecting.reported(relation), b.not_null(relation.col("unset"))],
            distinct=True,
        )
        self.script.output("unset", (rule.name, worth.labels), query)

    # -- limits -------------------------------------------------------------------------------

    def limit(self, rule: Limit) -> str | None:
        """``cap_<limit>``: what holds the sum of several rules between its ends."""
        ledger = ledger_of_bounds(self.script.program, rule)
        if not ledger:
            return None
        periods = sorted(self.script.cells_of(rule.name))
        spans = {self.script.number[one]: (one.start, one.end) for one in periods}
        tables = self.sums.of(self._under(rule), ledger)
        if not tables or not periods:
            return None
        rows = b.stacked([self.sums.rows(one, spans) for one in tables])
        name = self.script.make(f"cap_{rule.name}", held(self.script, summed(rows), rule, periods))
        self.sums.add(rule.name, Written(name, "change", ledger, tuple(periods), dated=False))
        return name

    def _under(self, rule: Limit) -> list[str]:
        """The limit's rules, its inner limits, and all that stands under those."""
        found: list[str] = []
        for name in rule.limit:
            node = self.script.program.nodes.get(name)
            found += [name, *self._under(node)] if isinstance(node, Limit) else [name]
        return list(dict.fromkeys(found))


PAID = ("base", "quantity", "quantity_den")
