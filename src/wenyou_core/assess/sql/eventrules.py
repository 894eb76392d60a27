"""Step 3 as SQL: the entries of one event rule, a row per fact and subject hit.

``hit_<rule>`` has a row for every subject that is hit: ``p`` (number of the period), ``subject``,
``day``, ``fact`` (``root`` too where derived facts are among them), ``unit`` and ``person`` of the
fact, ``n`` and ``earlier`` of repeats, ``base`` and ``amount`` in the ledger's smallest unit (NULL:
a hit without an entry), ``bound``, ``quantity`` (``quantity_den`` for an unrounded ratio),
``decision``; of a running bound ``same_…`` of its key, and ``adopting`` where its total ends there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.factors import Once, multiplied
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.hitting import Hitting, Source, fields_of, whose
from wenyou_core.assess.sql.located import Located
from wenyou_core.assess.sql.matching import Matching
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.repeats import Repeats, start_of
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.terms import Sort
from wenyou_core.assess.sql.worths import Worth, worth_of
from wenyou_core.scheme.amounts import FromRange
from wenyou_core.scheme.rules import EventRule, PeriodRule, Whom
from wenyou_core.scheme.words import SubjectKind

ADOPTING = "adopting"
"""The column of the adopting unit, where it is part of the key of a running bound."""


@dataclass(slots=True, kw_only=True)
class Hits:
    """The table of a rule's hits and what its columns mean.

    ``members``: of a period rule; ``fact`` is then the member it was judged on, where another
    subject is hit, and NULL where the member itself is.
    """

    rule: EventRule | PeriodRule
    table: str
    key: list[str] = field(default_factory=lambda: ["fact"])
    members: bool = False
    ledger: str = ""
    order: list[str] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    quantity: tuple[int, int] | None = None  # decimals of quantity and of its denominator
    pays: bool = False

    @property
    def kind(self) -> str:
        """The kind of facts; none for a period rule."""
        return "" if isinstance(self.rule, PeriodRule) else self.rule.on


def compile_event_rule(script: Script, located: Located, rule: EventRule) -> Hits | None:
    """Add the statements of a rule; None for one that no period needs or no fact can meet."""
    periods = sorted(script.cells_of(rule.name))
    if not periods or rule.on not in script.filled:
        return None
    found = Hits(rule=rule, table=f"hit_{rule.name}", key=located.key(rule.on))
    matching = Matching(script, located, rule, periods)
    _EventRule(script, located, rule, matching, found).run()
    return found


@dataclass(slots=True)
class _EventRule:
    """One rule on its way to its table of hits; ``found.columns`` grows with the rows."""

    script: Script
    located: Located
    rule: EventRule
    matching: Matching
    found: Hits
    worth: Worth | None = None

    def run(self) -> None:
        relation, scope = self.matching.facts()
        tests = [*self.matching.tests(relation, scope), *self.matching.settled(relation, scope)]
        what = self._columns(relation, scope)
        self.matching.note()
        if self.rule.again is None:
            query = self._once_each(relation, tests, what)
        else:
            query = self._repeated(relation, scope, tests, what)
        self._hit(query)

    # -- columns ---------------------------------------------------------------------------

    def _columns(self, relation: Relation, scope: FactScope) -> list[Sql]:
        """What is known of a fact before repeats and subjects."""
        extra: dict[str, Sql] = {}
        if self.rule.amount is not None:
            extra |= self._worth(scope)
        if self.rule.decide:
            extra["decision"] = b.col("decision", "judged")
        if self.rule.together:
            extra |= self._rivalry(scope)
        if self.rule.limit is not None and self.rule.limit.running:
            self.found.order = self.located.order(self.rule.on)
            extra |= {same_of(one): scope.named(one).stored for one in self.rule.limit.same}
            ends = self._adopting(relation, scope, self.rule.limit.same)
            extra |= {} if ends is None else {ADOPTING: ends}
        extra |= {whose(name): scope.named(name).stored for name in fields_of(self.rule)}
        names = dict.fromkeys(["day", *self.found.key, *self._heads(), *self.found.order])
        for name in names:
            if name not in ("day", "root", "minute0"):
                scope.head(name)
        self.found.columns = [*names, *extra]
        return [*(relation.col(name) for name in names), *b.named(extra)]

    def _heads(self) -> list[str]:
        whoms = [*self.rule.whom, *(joint.whom for joint in self.rule.joint)]
        words = {whom.who for whom in whoms}
        found = ["person"] if "person" in words else []
        if words - {"person", "present", "field"} or (self.worth is not None and self.worth.labels):
            found.append("unit")
        if "present" in words:
            found.append("ord")
        if isinstance(self.rule.amount, FromRange):
            found.append("happened")
        return found

    def _worth(self, scope: FactScope) -> dict[str, Sql]:
        assert self.rule.amount is not None  # noqa: S101 -- the caller has asked
        worth = self.worth = worth_of(self.rule.amount, scope, self.script)
        self.found.pays, self.found.ledger = True, worth.ledger
        what = {"base": b.narrow(worth.base)}
        if worth.unset is not None:
            what["unset"] = worth.unset
        if worth.quantity is not None:
            term = worth.quantity
            self.found.quantity = (term.digits, term.den_digits)
            what["quantity"] = b.narrow(term.sql)
            if term.sort is Sort.RATIO and term.den is not None:
                what["quantity_den"] = b.narrow(term.den)
        return what

    def _rivalry(self, scope: FactScope) -> dict[str, Sql]:
        """What an exclusion set compares: the event, and the order of events."""
        self.found.order = self.located.order(self.rule.on)
        sets = self.script.program.sets
        told = dict.fromkeys(name for one in self.rule.together for name in sets[one].per)
        return {f"per_{name}": scope.named(name).stored for name in told}

    def _adopting(self, relation: Relation, scope: FactScope, same: Sequence[str]) -> Sql | None:
        """The adopting unit, where it is part of a key (``alike``); None where it adds nothing."""
        on = self.rule.on
        subjects = self.script.program.plan.facts[on].subjects
        personal = "person" in same and SubjectKind.UNIT not in subjects
        if not same or "unit" in same or self.script.shape.single or personal:
            return None
        adopter = self.located.adopter(relation, on, self.rule.date)
        if "person" not in same:
            return adopter
        return b.when([(b.is_null(scope.head("person")), adopter)])

    # -- rows -----------------------------------------------------------------------------

    def _once_each(self, relation: Relation, tests: Sequence[Sql], what: Sequence[Sql]) -> Sql:
        day = relation.col("day")
        number = self.matching.number(day)
        gaps = [b.not_null(number)] if self.matching.has_gaps() else []
        self.found.columns.append("p")
        return relation.select(
            [*what, b.as_(number, "p")], [*tests, *gaps, *self.matching.in_force(day)]
        )

    def _repeated(
        self, relation: Relation, scope: FactScope, tests: Sequence[Sql], what: list[Sql]
    ) -> Sql:
        again = self.rule.again
        assert again is not None  # noqa: S101 -- the caller has asked
        decides = self.script.date_name(self.rule.date, self.rule.on)
        order = self.located.order(self.rule.on, decides)
        repeats = Repeats(self.script, self.rule, order, self.found.key)
        keys, cycles = repeats.keys(scope), repeats.cycles(scope)
        ends = self._adopting(relation, scope, repeats.same)
        keys += [] if ends is None else [ends]
        carried = list(self.found.columns)
        what += [relation.col(name) for name in order if name not in carried]
        what += [b.as_(key, f"key_{at}") for at, key in enumerate(keys)]
        query: str | Sql
        if cycles:
            what += [b.as_(tree, start_of(name)) for name, tree in cycles.items()]
            what.append(b.as_(b.coalesce(scope.head("person"), scope.unit), "whose"))
            query = self.script.make(f"w_{self.rule.name}", relation.select(what, tests))
            repeats.note_cycles(query, self.matching.told)
        else:
            query = relation.select(what, tests)
        counted = repeats.counted(query, carried, len(keys))
        number = self.matching.number(b.col("day", "n"))
        last = [b.not_null(number), *self.matching.in_force(b.col("day", "n"))]
        if again.from_count > 1:
            last.append(b.ge(b.col("n", "n"), b.num(again.from_count)))
        self.found.columns += ["n", "earlier", "p"]
        only = [*b.columns("n", *carried, "n", "earlier"), b.as_(number, "p")]
        return b.select(only, counted, "n", where=last)

    # -- whom -------------------------------------------------------------------------------

    def _hit(self, query: Sql) -> None:
        """One row per subject, each subject once per fact; then the final amount."""
        source = Source(self._kept(query), self.rule.on, self.matching.reported)
        hitting = Hitting(self.script, self.rule.name, self.located.counted)
        carried = list(self.found.columns)
        hits = hitting.hits(source, self.rule.whom, lambda one: [one.col(name) for name in carried])
        if isinstance(source.table, str):
            hitting.note(source, self.rule.whom)
            self._note_unset(source)
        if len(self.rule.whom) > 1:
            hits = once_per_subject(hits, [*self.found.key], [*carried, "subject", "word", "spot"])
        self._finish(hits)

    def _kept(self, query: Sql) -> str | Sql:
        """As a table where something else than the hits reads the matches, too."""
        unset = self.worth is not None and bool(self.worth.labels)
        shared = len(self.rule.whom) > 1 or unset or any(map(self._is_noted, self.rule.whom))
        return self.script.make(f"m_{self.rule.name}", query) if shared else query

    def _is_noted(self, whom: Whom) -> bool:
        return bool(whom.up) or whom.who in self.script.program.plan.roles

    def _finish(self, hits: Sql) -> None:
        """The final amount: chosen by a person, times the factor, below the ceiling."""
        relation = Relation(self.script, hits, "x")
        left = ("unset", "ord", *map(whose, fields_of(self.rule)))
        names = [one for one in self.found.columns if one not in left]
        what: dict[str, Sql] = {name: relation.col(name) for name in (*names, "subject")}
        if isinstance(self.rule.amount, FromRange):
            what |= self._chosen(relation)
            what |= {"word": relation.col("word"), "spot": relation.col("spot")}
        if any(joint.whom.who == "present" for joint in self.rule.joint):
            what["ord"] = relation.col("ord")
        for joint in self.rule.joint:
            if joint.whom.who == "field":
                what[whose(joint.whom.field)] = relation.col(whose(joint.whom.field))
        if self.found.pays:
            once = Once(what["base"], what.get("n", b.num(1)), what["day"])
            amount, bound = multiplied(self.rule, self.script, once)
            what["amount"] = amount
            if bound is not None:
                what["bound"] = bound
        self.found.columns = list(what)
        self.script.make(self.found.table, relation.select(b.named(what)))

    def _chosen(self, relation: Relation) -> dict[str, Sql]:
        """The number a person chose, and the decision: the one for the subject goes first."""
        self.script.needs.tables.add("valued")
        sides: dict[str, Callable[[str], Sql]] = {
            "own": lambda alias: b.eq(b.col("subject", alias), relation.col("subject")),
            "every": lambda alias: b.is_null(b.col("subject", alias)),
        }
        for alias, test in sides.items():
            on = [
                b.eq(b.col("rule", alias), b.text(self.rule.name)),
                b.eq(b.col("fact", alias), relation.col("fact")),
                test(alias),
            ]
            relation.join(alias, "valued", b.all_of(on))
        there = b.not_null(b.col("decision", "own"))
        value = b.when([(there, b.col("value", "own"))], b.col("value", "every"))
        decision = b.when([(there, b.col("decision", "own"))], b.col("decision", "every"))
        self.found.quantity = (self.script.program.digits[self.found.ledger], 0)
        return {
            "base": value,
            "quantity": value,
            "decision": b.when([(b.not_null(value), decision)]),
        }

    def _note_unset(self, source: Source) -> None:
        """Amounts that nobody has set yet, met in a reported period."""
        if self.worth is None or not self.worth.labels:
            return
        relation = Relation(self.script, source.table, "m")
        query = relation.select(
            [relation.col("unset"), relation.col("unit"), relation.col("day")],
            [*source.noted(relation), b.not_null(relation.col("unset"))],
            distinct=True,
        )
        self.script.output("unset", (self.rule.name, self.worth.labels), query)


def same_of(name: str) -> str:
    """The column of a field that makes facts alike for a running bound."""
    return f"same_{name}"


def once_per_subject(query: Sql, key: Sequence[str], names: Sequence[str]) -> Sql:
    """Of several rows of a fact and subject the one that was named first."""
    by = [b.col(name, "s") for name in (*key, "subject")]
    order = [b.rising(b.col(name, "s")) for name in ("word", "spot")]
    place = b.over(b.row_number(), by=by, order=order)
    inner = b.select([*b.columns("s", *names), b.as_(place, "place")], query, "s")
    return b.select(b.columns("o", *names), inner, "o", where=[b.eq(b.col("place", "o"), b.num(1))])
