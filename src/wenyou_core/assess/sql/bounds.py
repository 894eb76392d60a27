"""Steps 4 and 5 as SQL: what sets and bounds add to the entries of a rule.

``one_<rule>``: LIMIT entries of single entries (of a running bound: ``running``); ``lost_<set>``: entries that lost in an exclusion
set; ``out_<rule>``: EXCLUDED entries; ``cap_<rule>``: LIMIT entries over a period or the year to
date. Nothing here rewrites an entry; ``change`` is the amount of the adjusting one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from wenyou_core.assess.readings import amount_at, choose_at
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.counted import KINDS
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.hitting import fields_of, whose
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.standing import by_period
from wenyou_core.assess.sql.terms import at_digits, scaled
from wenyou_core.scheme.amounts import End, Scaled
from wenyou_core.scheme.charges import ledger_of_param
from wenyou_core.scheme.model import ExclusionSet
from wenyou_core.scheme.rules import Bounds, Limit
from wenyou_core.scheme.words import Choose, LimitPer
from wenyou_core.worktime.periods import Period, year_of

EVENTS = ("rule", "happened", "minute0", "known", "fact", "root")
BEHIND = ("unit", "person", "ord", "root")
"""Columns of a hit that joint entries look at, where the rule has them."""


Edge = Callable[[End], Sql]
"""Where an end stands, in the ledger's smallest unit; NULL while it is unset, which holds nothing."""


def clamp(bounds: Bounds | Limit, of: Sql, edge: Edge) -> Sql:
    """A total held between floor and ceiling."""
    ends = ((bounds.floor, b.lt), (bounds.ceiling, b.gt))
    cases = [(beyond(of, edge(end)), edge(end)) for end, beyond in ends if end is not None]
    return b.when(cases, of)


def on_day(script: Script, day: Sql) -> Edge:
    """The ends as they are on the day of an entry."""

    def edge(end: End) -> Sql:
        if isinstance(end, Scaled):
            digits = script.program.digits[end.ledger]
            return b.times(at_digits(script.param(end.param, day), digits), end.sign)
        if end.sum is not None:
            return b.num(scaled(end.sum.number, script.program.digits[end.sum.ledger]))
        ledger = ledger_of_param(script.program.plan, script.params[end.param])
        return at_digits(script.param(end.param, day), script.program.digits[ledger])

    return edge


def at_end(script: Script, p: Sql, periods: Sequence[Period]) -> Edge:
    """The ends as they are on the last day of a period."""

    def edge(end: End) -> Sql:
        found: dict[int, Sql] = {}
        for one in periods:
            held = amount_at(script.program, end, one.end)
            digits = script.program.digits[held.ledger] if held else 0
            whole = b.null("BIGINT") if held is None else b.num(scaled(held.number, digits))
            found[script.number[one]] = whole
        return by_period(p, found) if found else b.null("BIGINT")

    return edge


def behind(hits: Hits) -> list[str]:
    """The columns of a rule's hits that its joint entries look at."""
    return [*BEHIND, *map(whose, fields_of(hits.rule))]


def carried(hits: Hits) -> list[str]:
    """The columns that adjusting entries of single entries take over from the entry."""
    names = ["p", "subject", "day", "fact", *behind(hits)]
    return [name for name in names if name in hits.columns]


@dataclass(slots=True)
class Adjusting:
    """Compiles the adjusting entries of all event rules."""

    script: Script
    rules: Mapping[str, Hits]
    singly: set[str] = field(default_factory=set)
    excluded: dict[str, list[str]] = field(default_factory=dict)  # rule → sets it can lose in
    in_total: set[str] = field(default_factory=set)

    # -- single entries -------------------------------------------------------------------

    def bound_singly(self, hits: Hits) -> None:
        """``per: event``: what holds one entry between its ends."""
        bounds = hits.rule.limit
        if bounds is None or bounds.per is not LimitPer.EVENT or not hits.pays:
            return
        relation = Relation(self.script, hits.table, "e")
        amount = relation.col("amount")
        held = clamp(bounds, amount, on_day(self.script, relation.col("day")))
        what = [relation.col(name) for name in carried(hits)]
        what.append(b.as_(b.narrow(b.sub(held, amount)), "change"))
        query = relation.select(what, [b.not_null(amount), b.ne(held, amount)])
        self.script.make(f"one_{hits.rule.name}", query)
        self.singly.add(hits.rule.name)

    def net(self, hits: Hits, relation: Relation) -> Sql:
        """What an entry brings after the bounds of the single entry."""
        bounds = hits.rule.limit
        if bounds is None or bounds.per is not LimitPer.EVENT:
            return relation.col("amount")
        return clamp(bounds, relation.col("amount"), on_day(self.script, relation.col("day")))

    # -- exclusion sets -------------------------------------------------------------------

    def exclude(self, one_of: ExclusionSet, name: str) -> None:
        """Of the entries that compete one stays; the others are lost."""
        rivals = self._rivals(name)
        signs = self._signs(one_of, rivals)
        if not rivals or not any(sign is not None for sign in signs.values()):
            return
        place = b.over(
            b.row_number(),
            by=b.columns("r", "subject", "ledger", "p", *self._event(one_of)),
            order=[b.rising(one) for one in self._order(signs)],
        )
        ranked = b.select(
            [*b.columns("r", *LOST), b.as_(place, "place")],
            b.stacked([self._rival(one_of, at, hits) for at, hits in enumerate(rivals)]),
            "r",
        )
        tests = [b.gt(b.col("place", "l"), b.num(1))]
        every = [p for p, sign in signs.items() if sign is None]
        if every:
            tests.append(b.no(b.one_of(b.col("p", "l"), [b.num(p) for p in every])))
        lost = b.select(b.columns("l", *LOST), ranked, "l", where=tests)
        self.script.make(f"lost_{name}", lost)
        for hits in rivals:
            self.excluded.setdefault(hits.rule.name, []).append(name)

    def _rivals(self, name: str) -> list[Hits]:
        """The rules of a set that pay, in plan order."""
        return [one for one in self.rules.values() if one.pays and name in one.rule.together]

    def _signs(self, one_of: ExclusionSet, rivals: Sequence[Hits]) -> dict[int, int | None]:
        """Per period how amounts are compared: -1 highest first, 1 lowest first, 0 not at all;
        None where everything counts."""
        sign = {Choose.HIGHEST: -1, Choose.LOWEST: 1, Choose.FIRST: 0, Choose.ALL: None}
        periods = {one for hits in rivals for one in self.script.cells_of(hits.rule.name)}
        return {
            self.script.number[one]: sign[choose_at(self.script.program, one_of.choose, one.end)]
            for one in sorted(periods)
        }

    def _event(self, one_of: ExclusionSet) -> list[str]:
        return [f"per_{name}" for name in one_of.per] or ["kind", "fact"]

    def _order(self, signs: Mapping[int, int | None]) -> list[Sql]:
        size, p = b.absolute(b.col("net", "r")), b.col("p", "r")
        if len(set(signs.values())) == 1:
            factor: Sql = b.num(next(iter(signs.values())) or 0)
        else:
            factor = b.when((b.eq(p, b.num(at)), b.num(sign or 0)) for at, sign in signs.items())
        return [
            b.mul(size, factor),
            *b.columns("r", "rule", "happened", "minute0", "known", "fact"),
        ]

    def _rival(self, one_of: ExclusionSet, at: int, hits: Hits) -> Sql:
        relation = Relation(self.script, hits.table, "e")
        kinds = sorted(self.script.program.plan.facts)
        given = {
            "rule": b.num(at),
            "ledger": b.num(sorted(self.script.program.digits).index(hits.ledger)),
            "net": self.net(hits, relation),
        }
        if "root" in hits.columns:
            given["kind"] = b.rest_of(relation.col("root"), b.num(KINDS))
        else:
            given |= {"root": b.num(0), "kind": b.num(kinds.index(hits.kind))}
        order = ("p", "subject", "fact", "root", "happened", "minute0", "known")
        names = [*given, *order, *(f"per_{one}" for one in one_of.per)]
        what = {  # in one order: the rows of all rivals are stacked
            name: given.get(name, relation.col(name) if name in hits.columns else b.num(0))
            for name in sorted(set(names))
        }
        still = b.no(self.lost(hits, relation)) if hits.rule.name in self.excluded else None
        tests = [b.not_null(relation.col("amount")), *([] if still is None else [still])]
        return relation.select(b.named(what), tests)

    def lost(self, hits: Hits, relation: Relation) -> Sql:
        """Whether a hit lost in one of the sets that have been decided so far."""
        found = []
        for name in self.excluded[hits.rule.name]:
            tests = self._same(hits, relation, name, "l")
            found.append(b.exists(b.select([b.num(1)], f"lost_{name}", "l", where=tests)))
        return b.any_of(found)

    def _same(self, hits: Hits, relation: Relation, name: str, alias: str) -> list[Sql]:
        """That a row of what a set's rules lost is a hit of this rule."""
        same = [*hits.key, "subject", "p"]
        at = b.num(self._rivals(name).index(hits))
        return [
            *(b.eq(b.col(one, alias), relation.col(one)) for one in same),
            b.eq(b.col("rule", alias), at),
        ]

    def take_back(self, hits: Hits) -> None:
        """The EXCLUDED entries of a rule, once all sets are decided; each hit loses once."""
        parts = []
        for name in self.excluded.get(hits.rule.name, ()):
            relation = Relation(self.script, hits.table, "e")
            on = b.all_of(self._same(hits, relation, name, "lost"))
            relation.join("lost", f"lost_{name}", on, "INNER")
            what = [relation.col(one) for one in carried(hits)]
            what.append(b.as_(b.neg(b.col("net", "lost")), "change"))
            parts.append(relation.select(what, [b.ne(b.col("net", "lost"), b.num(0))]))
        if parts:
            self.script.make(f"out_{hits.rule.name}", b.stacked(parts))

    # -- totals ---------------------------------------------------------------------------

    def bound_totals(self, hits: Hits) -> None:
        """``per: period`` and ``per: year`` of one rule, held at the end."""
        bounds = hits.rule.limit
        if bounds is None or bounds.singly or not hits.pays:
            return
        name = hits.rule.name
        sums = [amounts(self.script, hits.table, "amount")]
        if name in self.excluded:
            sums.append(amounts(self.script, f"out_{name}", "change"))
        totals = summed(b.stacked(sums))
        query = held(self.script, totals, bounds, self.script.cells_of(name))
        self.script.make(f"cap_{name}", query)
        self.in_total.add(name)


LOST = ("rule", "p", "subject", "fact", "root", "net")


def amounts(script: Script, table: str, column: str) -> Sql:
    """Period, subject and amount of the entries in a table."""
    relation = Relation(script, table, "a")
    what = [relation.col("p"), relation.col("subject"), b.as_(relation.col(column), "amount")]
    return relation.select(what, [b.not_null(relation.col(column))])


def summed(rows: Sql) -> Sql:
    """The total of each subject in each period."""
    what = [*b.columns("a", "p", "subject")]
    total = b.narrow(b.total(b.col("amount", "a")))
    return b.select([*what, b.as_(total, "total")], rows, "a", group=what)


def held(script: Script, totals: Sql, bounds: Bounds | Limit, periods: Sequence[Period]) -> Sql:
    """The adjustments that hold totals between their ends, per period or per year to date."""
    p, total = b.col("p", "t"), b.col("total", "t")
    what = b.columns("t", "p", "subject", "total")
    before: Sql = b.num(0)
    nth: Sql = b.num(1)
    prior = p  # the period before, at whose ends the total was held then
    if bounds.per is LimitPer.YEAR:
        years = [(script.number[one], year_of(one).start.year) for one in periods]
        year = b.when((b.eq(p, b.num(at)), b.num(number)) for at, number in years)
        by, order = [b.col("subject", "t"), year], [b.rising(p)]
        so_far = b.over(b.total(total), by=by, order=order, frame=b.so_far())
        before, nth = b.sub(so_far, total), b.over(b.row_number(), by=by, order=order)
        prior = b.over(b.lag(p), by=by, order=order)
    more = {"before": b.narrow(before), "nth": nth, "prior": prior}
    rows = b.select([*what, *(b.as_(one, name) for name, one in more.items())], totals, "t")
    then, now = b.col("before", "h"), b.add(b.col("before", "h"), b.col("total", "h"))
    # nothing was held before the first period that has entries, not even at a bound beyond zero
    held_then = clamp(bounds, then, at_end(script, b.col("prior", "h"), periods))
    was = b.when([(b.eq(b.col("nth", "h"), b.num(1)), b.num(0))], held_then)
    held_now = clamp(bounds, now, at_end(script, b.col("p", "h"), periods))
    change = b.sub(b.sub(held_now, was), b.col("total", "h"))
    found = b.select(
        [*b.columns("h", "p", "subject"), b.as_(b.narrow(change), "change")], rows, "h"
    )
    return b.select(
        b.columns("c", "p", "subject", "change"),
        found,
        "c",
        where=[b.ne(b.col("change", "c"), b.num(0))],
    )
