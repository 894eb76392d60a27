"""Which facts an event rule looks at: its conditions, its periods, and what it leaves to note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import condition
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.hitting import Hitting, Source, fields_of, whose
from wenyou_core.assess.sql.located import Located
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script, period_of_day
from wenyou_core.assess.sql.terms import Sort, Term, day_number
from wenyou_core.scheme.rules import EventRule
from wenyou_core.worktime.periods import Period


@dataclass(slots=True)
class Matching:
    """The facts of one rule, as conditions over the table of its kind."""

    script: Script
    located: Located
    rule: EventRule
    periods: Sequence[Period]

    def facts(self) -> tuple[Relation, FactScope]:
        """The table of the rule's facts, and what names mean in it."""
        table = self.located.table(self.rule.on, self.rule.date, self.rule.name)
        relation = Relation(self.script, table, "f")
        day = relation.col("day")
        days = partial(self._period_day, day)
        return relation, FactScope(relation, self.rule.on, day, located=True, days=days)

    def _period_day(self, day: Sql, name: str) -> Term:
        """The first or last day of the period that holds a day; NULL outside all of them."""
        cases = [
            (
                b.within(day, b.num(day_number(one.start)), b.num(day_number(one.end))),
                b.num(day_number(one.start if name == "start" else one.end)),
            )
            for one in self.periods
        ]
        return Term(b.when(cases), Sort.DATE)

    def tests(self, relation: Relation, scope: FactScope) -> list[Sql]:
        """The fact passes ``where`` and does not lie after the last period."""
        day = relation.col("day")
        tests = [b.le(day, b.num(day_number(self.periods[-1].end)))]
        if self.rule.again is None:
            tests.append(b.ge(day, b.num(day_number(self.periods[0].start))))
        return [*tests, *condition(self.rule.where, scope)]

    def settled(self, relation: Relation, scope: FactScope) -> list[Sql]:
        """Enough evidence, and judged 成立 where that is asked."""
        tests = []
        if self.rule.evidence:
            tests.append(b.ge(scope.head("evidence"), b.num(self.rule.evidence)))
        if self.rule.decide:
            tests.append(b.eq(b.col("holds", self._judged(relation)), b.num(1)))
        return tests

    def _judged(self, relation: Relation) -> str:
        self.script.needs.tables.add("judged")
        on = [
            b.eq(b.col("rule", "judged"), b.text(self.rule.name)),
            b.eq(b.col("fact", "judged"), relation.col("fact")),
        ]
        return relation.join("judged", "judged", b.all_of(on))

    def number(self, day: Sql) -> Sql:
        """The number of the period that holds a day."""
        return period_of_day({one: self.script.number[one] for one in self.periods}, day)

    def has_gaps(self) -> bool:
        """Whether some day between the first and the last period is in none of them."""
        days = (self.periods[-1].end - self.periods[0].start).days + 1
        return sum(one.days for one in self.periods) < days

    def in_force(self, day: Sql) -> list[Sql]:
        """The day is within the rule's own ``since`` and ``till``."""
        tests = []
        if self.rule.since is not None:
            tests.append(b.ge(day, b.num(day_number(self.rule.since))))
        if self.rule.till is not None:
            tests.append(b.le(day, b.num(day_number(self.rule.till))))
        return tests

    def reported(self, relation: Relation) -> list[Sql]:
        """The period is part of the result."""
        codes = self.script.program.reported
        numbers = [b.num(self.script.number[one]) for one in self.periods if one.code in codes]
        if len(numbers) == len(self.periods):
            return []
        return [b.one_of(relation.col("p"), numbers)]

    # -- notes ----------------------------------------------------------------------------

    def note(self) -> None:
        """What is uncounted for want of evidence, and what waits for a judgment."""
        if self.rule.evidence:
            relation, scope = self.facts()
            few = b.lt(scope.head("evidence"), b.num(self.rule.evidence))
            tests = [*self.tests(relation, scope), few, *self.told(relation.col("day"))]
            query = relation.select([relation.col("fact"), relation.col("evidence")], tests)
            self.script.output("evidence", self.rule, query)
        if self.rule.decide:
            self._note_open()

    def told(self, day: Sql) -> list[Sql]:
        """The day is one on which the rule hits in a reported period."""
        codes = self.script.program.reported
        spans = [
            b.within(day, b.num(day_number(one.start)), b.num(day_number(one.end)))
            for one in self.periods
            if one.code in codes
        ]
        return [b.any_of(spans), *self.in_force(day)]

    def _note_open(self) -> None:
        relation, scope = self.facts()
        day = relation.col("day")
        tests = [*self.tests(relation, scope), *self.told(day)]
        if self.rule.evidence:
            tests.append(b.ge(scope.head("evidence"), b.num(self.rule.evidence)))
        holds = b.col("holds", self._judged(relation))
        heads = ["happened", "unit", "person"]
        if any(whom.who == "present" for whom in self.rule.whom):
            heads.append("ord")
        keys = self.located.key(self.rule.on)
        what = [day, *(relation.col(one) for one in keys), *(scope.head(one) for one in heads)]
        what += [b.as_(scope.named(one).stored, whose(one)) for one in fields_of(self.rule)]
        what.append(b.as_(self.number(day), "p"))
        rows = relation.select(what, [*tests, b.is_null(holds)])
        table = self.script.make(f"open_{self.rule.name}", rows)
        hitting = Hitting(self.script, self.rule.name, self.located.counted)
        source = Source(table, self.rule.on, lambda _: [])
        hitting.note(source, self.rule.whom)
        columns = ("p", "fact", "happened")
        hits = hitting.hits(source, self.rule.whom, lambda one: [one.col(n) for n in columns])
        facts = b.select([b.col(name) for name in columns], table)
        self.script.output("judged_facts", self.rule, facts)
        self.script.output("judged_subjects", self.rule, hits)
