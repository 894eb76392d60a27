"""Bounds that hold after each event, as SQL: step 5 of rules that say ``running``.

The total of a key runs through its events; it is held between the ends of each event's day. What
an event is cut is what is held after it, less what was held before it, less what it brought.
"""

from __future__ import annotations

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.bounds import Adjusting, carried, clamp, on_day
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.eventrules import ADOPTING, Hits, same_of
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.scheme.rules import Bounds
from wenyou_core.scheme.words import LimitPer
from wenyou_core.worktime.periods import year_of


def bound_running(adjusting: Adjusting, hits: Hits) -> None:
    """``one_<rule>``: the LIMIT entries of a rule's running bound, once all sets are decided."""
    bounds, script = hits.rule.limit, adjusting.script
    if bounds is None or not bounds.running or not hits.pays:
        return
    keys, names = _keys(bounds, hits), _columns(bounds, hits)
    by = [*b.columns("t", *keys), _within(adjusting, hits, bounds)]
    order = [b.rising(b.col(name, "t")) for name in ("day", *hits.order)]
    so_far = b.over(b.total(b.col("own", "t")), by=by, order=order, frame=b.so_far())
    place = b.over(b.row_number(), by=by, order=order)
    totals = b.select(
        [
            *b.columns("t", *names, "own"),
            b.as_(b.narrow(so_far), "total"),
            b.as_(place, "nth"),
            b.as_(b.over(b.lag(b.col("day", "t")), by=by, order=order), "prior"),
        ],
        _own(adjusting, hits, names),
        "t",
    )
    total, own = b.col("total", "h"), b.col("own", "h")
    held = clamp(bounds, total, on_day(script, b.col("day", "h")))
    then = clamp(bounds, b.sub(total, own), on_day(script, b.col("prior", "h")))
    was = b.when([(b.eq(b.col("nth", "h"), b.num(1)), b.num(0))], then)
    change = b.narrow(b.sub(b.sub(held, was), own))
    cuts = b.select([*b.columns("h", *names), b.as_(change, "change")], totals, "h")
    there = [b.ne(b.col("change", "c"), b.num(0))]
    query = b.select(b.columns("c", *carried(hits), "change"), cuts, "c", where=there)
    script.make(f"one_{hits.rule.name}", query)
    adjusting.singly.add(hits.rule.name)


def _keys(bounds: Bounds, hits: Hits) -> list[str]:
    """The columns whose total runs."""
    if not bounds.same:
        return ["subject"]
    ends = [ADOPTING] if ADOPTING in hits.columns else []
    return list(dict.fromkeys([*map(same_of, bounds.same), *ends]))


def _columns(bounds: Bounds, hits: Hits) -> list[str]:
    """What is read of an entry: what its adjusting entry takes over, the key and the order."""
    return list(dict.fromkeys([*carried(hits), *_keys(bounds, hits), "day", *hits.order]))


def _own(adjusting: Adjusting, hits: Hits, names: list[str]) -> Sql:
    """The entries of the rule; what a set took back counts 0."""
    relation = Relation(adjusting.script, hits.table, "e")
    amount = relation.col("amount")
    own = amount
    if hits.rule.name in adjusting.excluded:
        own = b.when([(adjusting.lost(hits, relation), b.num(0))], amount)
    what = [*(relation.col(name) for name in names), b.as_(own, "own")]
    return relation.select(what, [b.not_null(amount)])


def _within(adjusting: Adjusting, hits: Hits, bounds: Bounds) -> Sql:
    """The period, or the year that it lies in."""
    p = b.col("p", "t")
    if bounds.per is not LimitPer.YEAR:
        return p
    periods = sorted(adjusting.script.cells_of(hits.rule.name))
    numbers = [(adjusting.script.number[one], year_of(one).start.year) for one in periods]
    return b.when((b.eq(p, b.num(at)), b.num(year)) for at, year in numbers)
