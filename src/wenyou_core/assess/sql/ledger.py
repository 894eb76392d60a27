"""The entries of a whole bank, written from the engine to a file without a Python object each.

Only for DuckDB. The rows are those of the result: rule, kind, subject, period, day, ledger, fact,
base, amount, how many times, the fact just before, and for adjusting entries what they adjust.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlglot import exp

from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.script import Output, Script

EVENT_LEVEL = frozenset({"event", "limit", "excluded", "total", "joint"})
"""Tags of the outputs that are entries."""

STANDINGS = frozenset({"measure", "award", "sums", "sums_by_day"})
"""Tags of the outputs that are figures of subjects, and what such figures are made from."""

LISTED = frozenset({"unconfirmed", "exempted", "lost", "evidence"})
"""Tags of the outputs that name single facts that did not count."""

COLUMNS = ("p", "subject", "day", "fact", "base", "amount", "n", "earlier")


@dataclass(frozen=True, slots=True)
class Names:
    """Tables of the ids behind keys, each with ``k`` and ``id``."""

    subjects: str
    facts: str


def ledger_query(script: Script, names: Names) -> Sql | None:
    """One query with all entries of the event level; None where no rule pays."""
    parts = [_entries(script, one) for one in script.outputs if one.tag in EVENT_LEVEL]
    if not parts:
        return None
    rows = b.stacked(parts)
    told = [
        b.col("rule", "e"),
        b.col("kind", "e"),
        b.as_(b.col("id", "s"), "subject"),
        b.as_(_codes(script), "period"),
        b.as_(_day(), "day"),
        b.col("ledger", "e"),
        b.as_(b.col("id", "f"), "fact"),
        b.col("base", "e"),
        b.col("amount", "e"),
        b.as_(b.col("n", "e"), "times"),
        b.as_(b.col("id", "g"), "earlier"),
    ]
    query = exp.select(*told).from_(exp.Subquery(this=rows, alias=exp.to_identifier("e")))
    half = exp.IntDiv(this=b.col("subject", "e"), expression=b.num(2))
    for alias, table, key in (
        ("s", names.subjects, half),
        ("f", names.facts, b.col("fact", "e")),
        ("g", names.facts, b.col("earlier", "e")),
    ):
        on = exp.EQ(this=b.col("k", alias), expression=key)
        joined = exp.alias_(exp.to_table(table), alias, table=True)
        query = query.join(joined, on=on, join_type="left")
    return query


def _entries(script: Script, output: Output) -> Sql:
    """The rows of one output in the columns of the ledger, with what it is."""
    rule, ledger, columns = _about(script, output)
    kind = {"total": "limit"}.get(output.tag, output.tag)
    listed = [b.as_(b.text(rule), "rule"), b.as_(b.text(kind), "kind")]
    listed.append(b.as_(b.text(ledger), "ledger"))
    for name in COLUMNS:
        source = {"amount": "change", "base": "change"}.get(name, name)
        given = name if name in columns else source if source in columns else ""
        value = b.col(given, "o") if given else b.null("BIGINT")
        listed.append(b.as_(b.cast(value, "BIGINT"), name))
    rows = exp.Subquery(this=output.query.copy(), alias=exp.to_identifier("o"))
    return exp.select(*listed).from_(rows)


def _about(script: Script, output: Output) -> tuple[str, str, tuple[str, ...]]:
    about: Any = output.about
    columns = tuple(cast(exp.Query, output.query).named_selects)
    if output.tag == "event":
        hits, _ = about
        return hits.rule.name, hits.ledger, columns
    if output.tag == "joint":
        rule = next(one for one in script.program.events if one.name == about)
        return f"{rule.name}+joint", "", columns
    return about.rule.name, about.ledger, columns


def _codes(script: Script) -> Sql:
    cases = [
        (b.eq(b.col("p", "e"), b.num(at)), b.text(period.code))
        for at, period in enumerate(script.periods)
    ]
    return b.when(cases)


def _day() -> Sql:
    start = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    return exp.Add(this=start, expression=b.cast(b.col("day", "e"), "INTEGER"))


def standings_query(script: Script, names: Names) -> Sql | None:
    """One query with every measure of every subject and period, in whole numbers.

    ``value`` is scaled by 10**digits of the measure; of an unrounded ratio it is the numerator,
    beside ``den``. None where no measure was computed in the engine.
    """
    parts = [_standing(one) for one in script.outputs if one.tag == "measure"]
    if not parts:
        return None
    rows = exp.Subquery(this=b.stacked(parts), alias=exp.to_identifier("e"))
    told = [
        b.col("measure", "e"),
        b.as_(b.col("id", "s"), "subject"),
        b.as_(_codes(script), "period"),
        b.col("value", "e"),
        b.col("den", "e"),
    ]
    half = exp.IntDiv(this=b.col("subject", "e"), expression=b.num(2))
    joined = exp.alias_(exp.to_table(names.subjects), "s", table=True)
    on = exp.EQ(this=b.col("k", "s"), expression=half)
    return exp.select(*told).from_(rows).join(joined, on=on, join_type="left")


def _standing(output: Output) -> Sql:
    measured: Any = output.about
    value, den = ("num", "den") if measured.ratio else ("value", "")
    columns = cast(exp.Query, output.query).named_selects
    listed = [b.as_(b.text(measured.name), "measure"), b.col("p", "o"), b.col("subject", "o")]
    for name, given in (("value", value), ("den", den)):
        part = b.col(given, "o") if given in columns else b.null("BIGINT")
        listed.append(b.as_(b.cast(part, "BIGINT"), name))
    rows = exp.Subquery(this=output.query.copy(), alias=exp.to_identifier("o"))
    return exp.select(*listed).from_(rows)
