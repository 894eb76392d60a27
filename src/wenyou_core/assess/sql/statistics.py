"""Statistics over the values of a group as SQL, each in whole numbers or as an exact pair."""

from __future__ import annotations

from collections.abc import Sequence

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.exprs import rounded
from wenyou_core.assess.sql.standing import Measured, ratio_columns, sort_keys
from wenyou_core.assess.sql.terms import Term
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Empty, Stat


def statistic(
    name: str,
    how: Stat,
    source: Measured,
    rows: Sql,
    keys: Sequence[str],
    *,
    round_: Round | None,
) -> tuple[Sql, Measured]:
    """The statistic per key of rows with the columns of a measure and ``part`` (for the last).

    Absent values do not take part.
    """
    if how is Stat.COUNT:
        return _plain(name, b.count(), _there(rows, source), keys, digits=0, round_=None)
    if how is Stat.SUM:
        total = b.total(b.col("value", "v"))
        return _plain(name, total, _there(rows, source), keys, digits=source.digits, round_=round_)
    if how in (Stat.MEAN, Stat.POOLED):
        return _pair(name, how, source, rows, keys, round_=round_)
    if how is Stat.MEDIAN:
        return _median(name, source, rows, keys, round_)
    if not source.ratio and how is not Stat.LAST:
        value = b.col("value", "v")
        tree = b.lowest(value) if how is Stat.MIN else b.highest(value)
        return _plain(name, tree, _there(rows, source), keys, digits=source.digits, round_=round_)
    return _chosen(name, how, source, rows, keys, round_=round_)


def _there(rows: Sql, source: Measured) -> Sql:
    """The rows that have a value."""
    first = source.columns[0]
    return b.select([b.star()], rows, "t", where=[b.not_null(b.col(first, "t"))])


def _plain(
    name: str,
    tree: Sql,
    rows: Sql,
    keys: Sequence[str],
    *,
    digits: int,
    round_: Round | None,
) -> tuple[Sql, Measured]:
    own = b.columns("v", *keys)
    found = b.select([*own, b.as_(tree, "value")], rows, "v", group=own)
    term = Term(b.col("value", "w"), digits=digits)
    if round_ is not None:
        term = rounded(term, round_.digits, round_.mode)
    what = [b.as_(b.narrow(term.sql), "value"), b.as_(b.num(0), "why")]
    return b.select([*b.columns("w", *keys), *what], found, "w"), Measured(name, term.digits)


def _pair(
    name: str,
    how: Stat,
    source: Measured,
    rows: Sql,
    keys: Sequence[str],
    *,
    round_: Round | None,
) -> tuple[Sql, Measured]:
    """MEAN is Σx over n, POOLED Σa over Σb of the parts as they came."""
    own = b.columns("v", *keys)
    if how is Stat.MEAN:
        top, bottom, digits = b.col("value", "v"), b.count(), (source.digits, 0)
    else:
        top, bottom = b.col("raw_num", "v"), b.total(b.col("raw_den", "v"))
        digits = (source.digits, source.den_digits)
    found = b.select(
        [*own, b.as_(b.total(top), "top"), b.as_(bottom, "bottom")],
        _there(rows, source),
        "v",
        group=own,
    )
    columns, held = ratio_columns(
        Term(b.col("top", "w"), digits=digits[0]),
        Term(b.col("bottom", "w"), digits=digits[1]),
        Empty.APART,
        round_,
    )
    query = b.select([*b.columns("w", *keys), *b.named(columns)], found, "w")
    return query, Measured(name, held[0], round_ is None, held[1])


def _median(
    name: str, source: Measured, rows: Sql, keys: Sequence[str], round_: Round | None
) -> tuple[Sql, Measured]:
    found = middle(_there(rows, source), keys)
    term = Term(b.col("value", "w"), digits=source.digits + 1)
    if round_ is not None:
        term = rounded(term, round_.digits, round_.mode)
    what = [b.as_(b.narrow(term.sql), "value"), b.as_(b.num(0), "why")]
    return b.select([*b.columns("w", *keys), *what], found, "w"), Measured(name, term.digits)


def middle(rows: Sql, keys: Sequence[str]) -> Sql:
    """The median ``value`` per key of rows that have one: the middle one, or halfway between the
    middle two. With one decimal more than the values it is exact."""
    own = b.columns("v", *keys)
    place = b.over(b.row_number(), by=own, order=[b.rising(b.col("value", "v"))])
    ranked = b.select(
        [
            *own,
            b.col("value", "v"),
            b.as_(place, "place"),
            b.as_(b.over(b.count(), by=own), "size"),
        ],
        rows,
        "v",
    )
    twice = b.mul(b.col("place", "r"), b.num(2))
    size = b.col("size", "r")
    among = [b.ge(twice, size), b.le(twice, b.add(size, b.num(2)))]
    keyed = b.columns("r", *keys)
    # one row in the middle of an odd number counts twice
    weight = b.when([(b.eq(twice, b.add(size, b.num(1))), b.num(10))], b.num(5))
    total = b.total(b.mul(b.col("value", "r"), weight))
    return b.select([*keyed, b.as_(total, "value")], ranked, "r", where=among, group=keyed)


def _chosen(
    name: str,
    how: Stat,
    source: Measured,
    rows: Sql,
    keys: Sequence[str],
    *,
    round_: Round | None,
) -> tuple[Sql, Measured]:
    """The least, greatest or last one itself; of a ratio it stays a ratio, unless rounded."""
    own = b.columns("t", *keys)
    term = source.term("t")
    if how is Stat.LAST:
        order = [b.falling(b.col("part", "t"))]
    else:
        towards = b.rising if how is Stat.MIN else b.falling
        order = [towards(key) for key in sort_keys(term)]
    columns = [one for one in source.columns if one != "why"]
    place = b.over(b.row_number(), by=own, order=order)
    there = b.not_null(b.col(source.columns[0], "t"))
    ranked = b.select(
        [*own, *b.columns("t", *columns), b.as_(place, "place")], rows, "t", where=[there]
    )
    only = [b.eq(b.col("place", "f"), b.num(1))]
    keyed = b.columns("f", *keys)
    held = source.term("f")
    if source.ratio and round_ is None:
        what = [*b.columns("f", *columns), b.as_(b.num(0), "why")]
        measured = Measured(name, source.digits, True, source.den_digits, lowest=True)
        return b.select([*keyed, *what], ranked, "f", where=only), measured
    if round_ is not None:
        held = rounded(held, round_.digits, round_.mode)
    what = [b.as_(b.narrow(held.sql), "value"), b.as_(b.num(0), "why")]
    return b.select([*keyed, *what], ranked, "f", where=only), Measured(name, held.digits)
