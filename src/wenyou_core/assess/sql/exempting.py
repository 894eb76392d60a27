"""Step 1 as SQL: a fact that another fact exempts does not count.

Per rule each fact is matched with the first exempting fact in the order of events; of several
rules the one that stands first holds. A fact that exempts another is never exempted itself. Acts
outside their windows are refused before, each with the last window that does not hold its day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import Counted
from wenyou_core.assess.sql.exprs import condition
from wenyou_core.assess.sql.factscope import FactScope
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.terms import Term, compared
from wenyou_core.scheme.expr import Op
from wenyou_core.scheme.rules import Exempt
from wenyou_core.scheme.words import MONTHS_IN

PAIR = ("fact", "by_fact", "rule")
ADOPTING = "adopting"
"""The column of an exempting fact's adopting unit, where that is as far as it reaches."""


def exempt_facts(counted: Counted) -> None:
    """Compile all exemptions of the program."""
    exempts = dict(enumerate(counted.script.program.exempts))
    for prefix, outside in (("refused_", True), ("", False)):
        chosen = {at: one for at, one in exempts.items() if one.outside is outside}
        _Stage(counted, chosen, prefix).run()


def _match(counted: Counted, at: int, exempt: Exempt) -> None:
    exempting, keys = _exempting(counted, exempt)
    one, scope, _ = counted.early(exempt.exempt)
    on = [
        compared(Op.EQ, scope.named(name), key) for name, key in zip(exempt.same, keys, strict=True)
    ]
    if counted.script.program.stays_within(exempt):
        adopting = b.col(ADOPTING, "x")
        on.append(b.any_of([b.is_null(adopting), b.eq(adopting, _adopter(one, scope))]))
    reaches = _reaches(exempt, scope.day)
    one.join("x", exempting, b.all_of(on if exempt.outside else [*on, *reaches]), kind="INNER")
    rank = b.falling if exempt.outside else b.rising
    order = [rank(b.col(name, "x")) for name in ("happened", "minute", "known", "fact")]
    fact, unheld = one.col("fact"), list[Sql]()
    what = [
        fact,
        b.as_(b.col("fact", "x"), "by_fact"),
        b.as_(b.num(at), "rule"),
        b.as_(b.over(b.row_number(), by=[fact], order=order), "place"),
    ]
    if exempt.outside:
        held = b.over(b.highest(b.flag(b.all_of(reaches))), by=[fact])
        what.append(b.as_(held, "held"))
        unheld.append(b.eq(b.col("held", "m"), b.num(0)))
    pairs = one.select(what, counted.confirmed(exempt.exempt))
    counted.script.make(f"match_{at}", _first(pairs, unheld))


def _exempting(counted: Counted, exempt: Exempt) -> tuple[Sql, list[Term]]:
    """The facts that exempt, to be joined as ``x``, and their keys there."""
    by, scope, _ = counted.early(exempt.by)
    keys = [scope.named(name) for name in exempt.same.values()]
    ends = {name: scope.named(text) for name, text in _ends(exempt).items()}
    happened = counted.head(by, exempt.by, "happened")[0]
    first = b.coalesce(ends["since"].sql, happened) if "since" in ends else happened
    what = [
        *counted.head(by, exempt.by, "fact", "happened", "known"),
        b.as_(counted.at(by, exempt.by), "minute"),
        *(b.as_(key.sql, f"k{n}") for n, key in enumerate(keys)),
        *(b.as_(end.sql, name) for name, end in ends.items()),
        b.as_(first, "first_day"),
    ]
    if counted.script.program.stays_within(exempt):
        what.append(b.as_(_adopter(by, scope), ADOPTING))
    tests = [*counted.confirmed(exempt.by), *condition(exempt.where, scope)]
    return by.select(what, tests), [
        _beneath(key, b.col(f"k{n}", "x")) for n, key in enumerate(keys)
    ]


def _adopter(relation: Relation, scope: FactScope) -> Sql:
    """The adopting unit of a fact on the day it is read; NULL under none."""
    relation.script.needs.tables.add("adopter")
    alias = relation.held("adopter", "adopter", {"unit": scope.unit}, scope.day)
    return b.col("top", alias)


def _ends(exempt: Exempt) -> dict[str, str]:
    return {name: text for name, text in (("since", exempt.since), ("till", exempt.till)) if text}


def _beneath(term: Term, column: Sql) -> Term:
    """A term that a query beneath has computed, as the column it became."""
    return Term(column, term.sort, term.digits, words=term.words)


def _reaches(exempt: Exempt, day: Sql) -> list[Sql]:
    """The days of the exempting fact hold the deciding day; absent ends are open."""
    fits = []
    for name in _ends(exempt):
        end = b.col(name, "x")
        before, after = (end, day) if name == "since" else (day, end)
        fits.append(b.any_of([b.is_null(end), b.le(before, after)]))
    if exempt.same_period is not None:
        months, first = MONTHS_IN[exempt.same_period], b.col("first_day", "x")
        fits.append(b.eq(_period_number(first, months), _period_number(day, months)))
    return fits


def _period_number(day: Sql, months: int) -> Sql:
    """Which of the calendar periods of so many months holds a day."""
    year, month = b.part_of_day("year", day), b.part_of_day("month", day)
    count = b.sub(b.add(b.mul(year, b.num(12)), month), b.num(1))
    return count if months == 1 else b.quotient(count, b.num(months))


def _first(pairs: Sql, more: Sequence[Sql] = ()) -> Sql:
    only = [b.eq(b.col("place", "m"), b.num(1)), *more]
    return b.select(b.columns("m", *PAIR), pairs, "m", where=only)


@dataclass(frozen=True, slots=True)
class _Stage:
    """Exemptions that are taken together; the tables of each stage have a prefix of their own."""

    counted: Counted
    exempts: Mapping[int, Exempt]
    prefix: str

    def run(self) -> None:
        for at, exempt in self.exempts.items():
            _match(self.counted, at, exempt)
        kinds = list(dict.fromkeys(one.exempt for one in self.exempts.values()))
        for kind in kinds:
            self._first_rule(kind)
        for kind in kinds:
            self._take_out(kind, kinds)

    def _first_rule(self, kind: str) -> None:
        rules = [at for at, exempt in self.exempts.items() if exempt.exempt == kind]
        every = b.stacked([b.select([b.star()], f"match_{at}") for at in rules])
        order = [b.rising(b.col("rule", "r"))]
        place = b.over(b.row_number(), by=[b.col("fact", "r")], order=order)
        pairs = b.select([*b.columns("r", *PAIR), b.as_(place, "place")], every, "r")
        self.counted.script.make(f"{self.prefix}exempt_{kind}", _first(pairs))

    def _take_out(self, kind: str, kinds: Sequence[str]) -> None:
        counted, name = self.counted, f"{self.prefix}out_{kind}"
        free = [one for other in kinds if (one := self._exempts_itself(kind, other)) is not None]
        out = b.select(
            b.columns("e", *PAIR),
            f"{self.prefix}exempt_{kind}",
            "e",
            where=[b.no(b.any_of(free))] if free else [],
        )
        counted.script.make(name, out)
        self._note(kind, name)
        relation, tests = counted.relation(kind), counted.confirmed(kind)
        same = b.eq(b.col("fact", "o"), relation.col("fact"))
        gone = b.select([b.num(1)], name, "o", where=[same])
        kept = [*tests, b.no(b.exists(gone))]
        counted.step(
            kind,
            f"{self.prefix}left_{kind}",
            lambda: relation.select([relation.col(one) for one in counted.columns(kind)], kept),
        )

    def _exempts_itself(self, kind: str, other: str) -> Sql | None:
        """The fact exempts one of the other kind; None when no rule has it do so."""
        found = self.exempts.items()
        rules = [b.num(at) for at, one in found if one.exempt == other and one.by == kind]
        if not rules:
            return None
        tests = [
            b.eq(b.col("by_fact", "o"), b.col("fact", "e")),
            b.one_of(b.col("rule", "o"), rules),
        ]
        return b.exists(b.select([b.num(1)], f"{self.prefix}exempt_{other}", "o", where=tests))

    def _note(self, kind: str, name: str) -> None:
        counted = self.counted
        noted: Relation = counted.relation(kind)
        noted.join("o", name, b.eq(b.col("fact", "o"), noted.col("fact")), "INNER")
        query = noted.select(
            [noted.col("fact"), b.col("by_fact", "o"), b.col("rule", "o")],
            [*counted.confirmed(kind), counted.looked_at(noted, kind)],
        )
        counted.script.output("exempted", kind, query)
