"""Makers of windows, queries and statements as SQL trees; callers take them through ``build``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from wenyou_core.assess.sql.trees import Sql, all_of, col, own, text

# -- windows ------------------------------------------------------------------------------


def over(
    function: Sql, *, by: Sequence[Sql] = (), order: Sequence[Sql] = (), frame: Sql | None = None
) -> Sql:
    """function OVER (PARTITION BY by ORDER BY order frame)."""
    return exp.Window(
        this=own(function),
        partition_by=[own(one) for one in by],
        order=exp.Order(expressions=[own(one) for one in order]) if order else None,
        spec=own(frame) if frame is not None else None,
        over="OVER",
    )


def rising(of: Sql) -> Sql:
    """Sort key, ascending; absent values are mapped to a number first, never left to chance."""
    return exp.Ordered(this=own(of), desc=False, nulls_first=False)


def falling(of: Sql) -> Sql:
    """Sort key, descending; the same care for absent values."""
    return exp.Ordered(this=own(of), desc=True, nulls_first=False)


def row_number() -> Sql:
    """ROW_NUMBER()."""
    return exp.RowNumber()


def rank() -> Sql:
    """RANK()."""
    return exp.Anonymous(this="RANK", expressions=[])


def lag(of: Sql) -> Sql:
    """LAG(of)."""
    return exp.Lag(this=own(of))


def since(start: str | Sql) -> Sql:
    """The frame of rows whose sort key is no more than ``start`` below this row's (RANGE)."""
    return _frame("RANGE", start)


def so_far() -> Sql:
    """The frame of all rows up to this one (ROWS)."""
    return _frame("ROWS", "UNBOUNDED")


def before(distance: Sql) -> Sql:
    """The frame of rows whose sort key is at least ``distance`` below this row's (RANGE)."""
    return exp.WindowSpec(
        kind="RANGE",
        start="UNBOUNDED",
        start_side="PRECEDING",
        end=distance,
        end_side="PRECEDING",
    )


def _frame(kind: str, start: str | Sql) -> Sql:
    return exp.WindowSpec(
        kind=kind, start=start, start_side="PRECEDING", end="CURRENT ROW", end_side=""
    )


def months(number: int) -> Sql:
    """INTERVAL 'number' MONTH."""
    return exp.Interval(this=text(str(number)), unit=exp.Var(this="MONTH"))


# -- queries ------------------------------------------------------------------------------


def star() -> Sql:
    """*"""
    return exp.Star()


def as_(of: Sql, name: str) -> Sql:
    """of AS name."""
    return exp.Alias(this=own(of), alias=exp.Identifier(this=name))


def columns(table: str, *names: str) -> list[Sql]:
    """Columns of a table under their own names."""
    return [col(name, table) for name in names]


def named(parts: Mapping[str, Sql]) -> list[Sql]:
    """Expressions under the names of the mapping."""
    return [as_(tree, name) for name, tree in parts.items()]


def table(name: str | Sql, alias: str = "") -> Sql:
    """A table or a query in FROM, with an alias."""
    if isinstance(name, str):
        found: Sql = exp.Table(this=exp.Identifier(this=name))
        if alias and alias != name:
            found.set("alias", exp.TableAlias(this=exp.Identifier(this=alias)))
        return found
    return exp.Subquery(
        this=own(name), alias=exp.TableAlias(this=exp.Identifier(this=alias)) if alias else None
    )


@dataclass(frozen=True, slots=True)
class Join:
    """A table joined on a condition; ``kind`` is LEFT, or empty for an inner join."""

    table: str | Sql
    alias: str
    on: Sql
    kind: str = ""


def select(
    what: Sequence[Sql],
    source: str | Sql = "",
    alias: str = "",
    *,
    joins: Sequence[Join] = (),
    where: Iterable[Sql] = (),
    group: Sequence[Sql] = (),
    having: Sql | None = None,
    distinct: bool = False,
) -> exp.Select:
    """SELECT what FROM source JOIN … WHERE all conditions GROUP BY …"""
    query = exp.Select(expressions=[own(one) for one in what])
    if source:
        query.set("from_", exp.From(this=table(source, alias)))
    if joins:
        query.set("joins", [_join(one) for one in joins])
    conditions = list(where)
    if conditions:
        query.set(
            "where",
            exp.Where(this=all_of(conditions) if len(conditions) > 1 else own(conditions[0])),
        )
    if group:
        query.set("group", exp.Group(expressions=[own(one) for one in group]))
    if having is not None:
        query.set("having", exp.Having(this=own(having)))
    if distinct:
        query.set("distinct", exp.Distinct())
    return query


def _join(one: Join) -> exp.Join:
    return exp.Join(this=table(one.table, one.alias), on=own(one.on), side=one.kind or None)


def scalar(query: Sql) -> Sql:
    """A query of one row and column as a value."""
    return exp.Subquery(this=own(query))


def exists(query: Sql) -> Sql:
    """EXISTS (query)."""
    return exp.Exists(this=own(query))


def stacked(queries: Sequence[Sql]) -> Sql:
    """The rows of all queries, one after the other (UNION ALL)."""
    whole = own(queries[0])
    for query in queries[1:]:
        whole = exp.Union(this=whole, expression=own(query), distinct=False)
    return whole


def created(name: str, query: Sql) -> Sql:
    """CREATE TEMPORARY TABLE name AS query."""
    return exp.Create(
        this=exp.Table(this=exp.Identifier(this=name)),
        kind="TABLE",
        expression=own(query),
        properties=exp.Properties(expressions=[exp.TemporaryProperty()]),
    )
