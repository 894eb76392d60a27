"""Awards as SQL: conditions, bars, selection, and what is paid.

``pass_<award>`` has ``c_0`` … (1 where a condition holds) and ``b_0`` … (1 where a bar is in force);
``paid_<award>`` the winners with ``amount`` and ``among`` how many it was split.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wenyou_core.assess.readings import amount_at
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.exprs import condition
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.standing import by_period
from wenyou_core.assess.sql.subjectrules import Selecting
from wenyou_core.assess.sql.sums import Sums, Written
from wenyou_core.assess.sql.terms import day_number, scaled
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.words import Until

NEVER = day_number(date.max)


@dataclass(slots=True)
class Awarding:
    """Compiles awards; ``hits`` are the rules that may bar from them."""

    selecting: Selecting
    sums: Sums
    hits: Sequence[Hits]

    @property
    def script(self) -> Script:
        """The statements so far."""
        return self.selecting.script

    def compile(self, node: Award) -> None:
        """Add the statements of an award."""
        relation, scope = self.selecting.members(node)
        tests = [b.all_of(condition(one.when, scope)) for one in node.conditions]
        bars = [self._barred(node, what, relation) for what in node.bars]
        more = {f"c_{at}": b.flag(test) for at, test in enumerate(tests)}
        more |= {f"b_{at}": b.flag(test) for at, test in enumerate(bars)}
        passes = [*tests, *(b.no(test) for test in bars)]
        selected = self.selecting.selected(node, relation, scope, passes, more)
        self._rows(node, selected, list(more))
        if node.amount is not None and self._prizes(node)[0]:
            self._paid(node, selected)

    def _rows(self, node: Award, selected: str, more: list[str]) -> None:
        relation = Relation(self.script, f"pass_{node.name}", "a")
        same = [b.eq(b.col(name, "s"), relation.col(name)) for name in ("p", "subject")]
        relation.join("s", selected, b.all_of(same), "INNER")
        chosen = Relation(self.script, selected, "s")
        won = b.flag(b.all_of(self.selecting.granted(node, chosen)))
        what = [
            relation.col("p"),
            relation.col("subject"),
            b.as_(won, "won"),
            relation.col("passes"),
            b.col("rank_of", "s"),
            *(relation.col(name) for name in more),
        ]
        query = relation.select(what, self.selecting.reported(relation))
        self.script.output("award", node, query)

    # -- bars -------------------------------------------------------------------------------

    def _barred(self, node: Award, what: str, relation: Relation) -> Sql:
        """A bar of that name is in force on some day of the period."""
        rows = list(self._bars(what))
        if not rows:
            return b.false()
        alias = f"bar_{list(node.bars).index(what)}"
        number = self.script.number
        starts = {number[one]: b.num(day_number(one.start)) for one in self.selecting.periods(node)}
        tests = [
            b.eq(b.col("subject", alias), relation.col("subject")),
            b.le(b.col("since", alias), relation.col("day")),
            b.ge(b.col("till", alias), by_period(relation.col("p"), starts)),
        ]
        return b.exists(b.select([b.num(1)], b.stacked(rows), alias, where=tests))

    def _bars(self, what: str) -> Iterator[Sql]:
        for hits in self.hits:
            for effect in hits.rule.effects:
                if effect.bar is not None and effect.bar.what == what:
                    relation = Relation(self.script, hits.table, "e")
                    day = relation.col("day")
                    till = self._till(hits, relation, effect.bar.until)
                    yield relation.select(
                        [relation.col("subject"), b.as_(day, "since"), b.as_(till, "till")]
                    )

    def _till(self, hits: Hits, relation: Relation, until: Until) -> Sql:
        if until is Until.FOREVER:
            return b.num(NEVER)
        periods = sorted(self.script.cells_of(hits.rule.name))
        if until is Until.PERIOD_END:
            ends = {self.script.number[one]: b.num(day_number(one.end)) for one in periods}
            return by_period(relation.col("p"), ends)
        years = range(periods[0].start.year, periods[-1].end.year + 1)
        lasts = [day_number(date(year, 12, 31)) for year in years]
        day = relation.col("day")
        return b.when((b.le(day, b.num(last)), b.num(last)) for last in lasts)

    # -- money ------------------------------------------------------------------------------

    def _prizes(self, node: Award) -> tuple[str, dict[int, Sql]]:
        """The ledger, and by period what is paid in its smallest unit; NULL while unset."""
        script, found, ledger = self.script, dict[int, Sql](), ""
        for one in self.selecting.periods(node):
            prize = node.amount and amount_at(script.program, node.amount, one.end)
            found[script.number[one]] = b.null("BIGINT")
            if prize:
                ledger = prize.ledger
                units = scaled(prize.number, script.program.digits[ledger])
                found[script.number[one]] = b.num(units)
        return ledger, found

    def _paid(self, node: Award, selected: str) -> None:
        ledger, prizes = self._prizes(node)
        relation = Relation(self.script, selected, "m")
        digits = self.script.program.digits[ledger]
        among = b.over(b.count(), by=[relation.col("p"), relation.col("grp")])
        what = {
            "p": relation.col("p"),
            "subject": relation.col("subject"),
            "day": relation.col("day"),
            "base": by_period(relation.col("p"), prizes),
            "among": among if node.split else b.num(1),
            "decision": self.selecting.settled(node, relation),
        }
        winners = relation.select(b.named(what), self.selecting.granted(node, relation))
        paid = Relation(self.script, winners, "w")
        amount = units = paid.col("base")
        if node.split and node.round is not None:
            top = b.mul(b.wide(units), b.num(10**node.round.digits))
            bottom = b.mul(b.wide(paid.col("among")), b.num(10**digits))
            each = b.divided(top, bottom, node.round.mode)
            amount = b.times(each, 10 ** (digits - node.round.digits))
        columns = {name: paid.col(name) for name in what}
        columns["amount"] = b.narrow(amount)
        there = [b.not_null(units)]
        table = self.script.make(f"paid_{node.name}", paid.select(b.named(columns), there))
        periods = tuple(self.selecting.periods(node))
        self.sums.add(node.name, Written(table, "amount", ledger, periods))
        told = Relation(self.script, table, "e")
        names = ("p", "subject", "base", "amount", "among", "decision")
        query = told.select([told.col(name) for name in names], self.selecting.reported(told))
        self.script.output("paid", (node, ledger), query)
