"""The entries of a whole bank, written from the engine to a file without a Python object each.

Only for DuckDB. A row is an entry of the result: ``rule``, ``kind``, ``whose`` (unit or person),
``subject``, ``period``, ``day``, ``ledger``, ``fact`` (of a period rule the member it was judged
on), ``base`` and ``amount`` in the ledger's smallest unit, ``times`` (the n of the n-th time; of
an award among how many it was split) and ``earlier``. Where some rule has them, there are also
``part``, ``after`` with ``after_whose`` and ``after_subject`` (kind and subject of the entry that a
joint one follows), ``bound``, ``quantity`` with ``quantity_den``, and ``decision``. Article, factor
and cause follow from these and the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from sqlglot import exp

from wenyou_core.assess.amounts import ledger_of_bounds
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.eventrules import Hits
from wenyou_core.assess.sql.script import Output, Script
from wenyou_core.assess.sql.sharing import KINDS
from wenyou_core.assess.sql.standing import WHYS
from wenyou_core.assess.sql.terms import day_number
from wenyou_core.scheme.outcomes import Award
from wenyou_core.scheme.rules import Limit

ENTRIES = frozenset(
    {
        *("event", "limit", "excluded", "total", "joint"),
        *("period", "period_limit", "period_excluded", "period_total", "period_joint"),
        *("node_total", "paid"),
    }
)
"""Tags of the outputs that are entries."""

STANDINGS = frozenset({"measure", "award", "sums", "sums_by_day"})
"""Tags of the outputs that are figures of subjects, and what such figures are made from."""

LISTED = frozenset({"unconfirmed", "exempted", "lost", "evidence"})
"""Tags of the outputs that name single facts that did not count."""

_OPTIONAL = ("part", "after", "bound", "quantity", "quantity_den", "decision")


@dataclass(frozen=True, slots=True)
class IdForm:
    """Ids that are a fixed text and a number of so many digits: the number is key + ``plus``."""

    prefix: str
    digits: int
    plus: int

    def told(self, key: Sql) -> Sql:
        """The id of a key; absent for an absent key."""
        number = b.add(b.cast(key, "BIGINT"), b.num(10**self.digits + self.plus))
        shown = exp.Substring(this=b.cast(number, "TEXT"), start=b.num(2))
        return exp.DPipe(this=b.text(self.prefix), expression=shown)


@dataclass(frozen=True, slots=True)
class Names:
    """Tables of the ids behind keys, each with ``k`` and ``id``; subjects by half of their key.

    ``forms`` are the forms of ids by kind of facts, where no table need be asked. ``decisions``
    is the table of the ids of decisions, empty where there are none.
    """

    subjects: str
    facts: str
    forms: Mapping[str, IdForm] = field(default_factory=dict)
    decisions: str = ""


def ledger_query(script: Script, names: Names) -> Sql | None:
    """One query with all entries that the engine has computed; None where no rule pays."""
    outputs = [one for one in script.outputs if one.tag in ENTRIES]
    if not outputs:
        return None
    hits = {
        one.about[0].rule.name: one.about[0] for one in outputs if one.tag in ("event", "period")
    }
    parts = [_Part(script, names, one, hits) for one in outputs]
    held = {name for part in parts for name in part.cells}
    only = [name for name in _OPTIONAL if name in held]
    if "decision" in only and not names.decisions:
        only.remove("decision")
    return _told(script, names, parts, only)


class _Part:
    """The rows of one output as cells by name; keys are named ``…_key``, ids as they are."""

    def __init__(
        self, script: Script, names: Names, output: Output, hits: Mapping[str, Hits]
    ) -> None:
        self.script, self.names, self.output = script, names, output
        self.columns = set(cast(exp.Query, output.query).named_selects)
        self.cells: dict[str, Sql] = {"p": self._col("p"), "subject_key": self._col("subject")}
        tag, about = output.tag.removeprefix("period_"), cast(Any, output.about)
        if tag in ("event", "period"):
            self._main(about[0], tag)
        elif tag in ("limit", "excluded"):
            self._adjusting(about, tag)
        elif tag == "joint":
            self._joint(hits[about])
        elif tag == "paid":
            self._paid(*about)
        else:
            self._total(script.program.nodes[about] if tag == "node_total" else about.rule, about)

    def _col(self, name: str) -> Sql:
        return b.col(name, "o")

    def _named(self, rule: str, kind: str, ledger: Sql) -> None:
        self.cells |= {"rule": b.text(rule), "kind": b.text(kind), "ledger": ledger}

    def _main(self, hits: Hits, kind: str) -> None:
        self._named(hits.rule.name, kind, b.text(hits.ledger))
        self._fact(hits, "fact", "fact")
        for name in ("day", "base", "amount", "bound"):
            if name in self.columns:
                self.cells[name] = self._col(name)
        if "quantity" in self.columns and hits.quantity is not None:
            self._quantity(*hits.quantity)
        if "n" in self.columns:
            self.cells["times"] = self._col("n")
            self._fact(hits, "earlier", "earlier")
        if "decision" in self.columns:
            self.cells["decision_key"] = self.cells["decision"] = self._col("decision")

    def _quantity(self, digits: int, den_digits: int) -> None:
        """The number an amount was taken from, as a fraction of whole numbers."""
        value, below = self._col("quantity"), b.num(1)
        if "quantity_den" in self.columns:
            below = b.coalesce(self._col("quantity_den"), b.num(10**den_digits))
            value = b.mul(value, b.num(10**den_digits))
        there = b.not_null(self._col("quantity"))
        self.cells["quantity"] = value
        self.cells["quantity_den"] = b.when([(there, b.mul(below, b.num(10**digits)))])

    def _adjusting(self, hits: Hits, kind: str) -> None:
        self._named(hits.rule.name, kind, b.text(hits.ledger))
        self._fact(hits, "fact", "fact")
        self.cells |= {"day": self._col("day"), "base": self._col("change")}
        self.cells["amount"] = self._col("change")

    def _total(self, rule: Any, about: Any) -> None:
        if isinstance(about, Hits):
            ledger = about.ledger
        else:
            bounded = isinstance(rule, Limit)
            ledger = ledger_of_bounds(self.script.program, rule) if bounded else ""
        self._named(rule.name, "limit", b.text(ledger))
        self.cells |= {"base": self._col("change"), "amount": self._col("change")}

    def _joint(self, hits: Hits) -> None:
        own = [one.amount.ledger if one.amount else hits.ledger for one in hits.rule.joint]
        cases = [
            (b.eq(self._col("part"), b.num(at)), b.text(ledger)) for at, ledger in enumerate(own, 1)
        ]
        self._named(hits.rule.name, "joint", b.when(cases))
        self._fact(hits, "fact", "fact")
        for name in ("part", "day", "base", "amount"):
            self.cells[name] = self._col(name)
        kinds = [
            (b.eq(self._col("of_kind"), b.num(at)), b.text(kind)) for at, kind in enumerate(KINDS)
        ]
        self.cells |= {"after": b.when(kinds), "after_key": self._col("of_subject")}

    def _paid(self, node: Award, ledger: str) -> None:
        self._named(node.name, "award", b.text(ledger))
        self.cells |= {
            "base": self._col("base"),
            "amount": self._col("amount"),
            "times": self._col("among"),
        }
        self.cells["decision_key"] = self.cells["decision"] = self._col("decision")

    def _fact(self, hits: Hits, column: str, name: str) -> None:
        """A fact by its id where that is told from the key; else by its key, like a member."""
        form = self.names.forms.get(hits.kind)
        if column not in self.columns:
            return
        if hits.members:
            self.cells["member_key"] = self._col(column)
        elif form is not None:
            self.cells[name] = form.told(self._col(column))
        else:
            self.cells[f"{name}_key"] = self._col(column)

    def query(self, columns: Sequence[str]) -> Sql:
        """The rows with these cells, empty where this output has none."""
        what = [
            b.as_(self.cells.get(name, b.null()), name)
            if name in _TEXTS
            else b.as_(b.cast(self.cells.get(name, b.null()), "BIGINT"), name)
            for name in columns
        ]
        rows = exp.Subquery(this=self.output.query.copy(), alias=exp.to_identifier("o"))
        return exp.select(*what).from_(rows)


_TEXTS = frozenset({"rule", "kind", "ledger", "fact", "earlier", "after"})
_ALWAYS = ("rule", "kind", "ledger", "fact", "earlier", "p", "subject_key", "day")
_ALWAYS_NUMBERS = ("base", "amount", "times")
_KEYS = ("fact_key", "earlier_key", "member_key", "after_key", "decision_key")
_SUBJECTS = frozenset({"subject_key", "member_key", "after_key"})


def _told(script: Script, names: Names, parts: Sequence[_Part], only: Sequence[str]) -> Sql:
    """The rows of all parts, with ids for keys; a table is joined only where a key asks for it."""
    held = {name for part in parts for name in part.cells}
    asked = [one for one in _KEYS if one in held and (one != "decision_key" or "decision" in only)]
    more = [one for one in only if one != "decision"]
    columns = [*_ALWAYS, *_ALWAYS_NUMBERS, *more, *asked]
    rows = b.stacked([part.query(columns) for part in parts])
    query = exp.select().from_(exp.Subquery(this=rows, alias=exp.to_identifier("e")))
    for key in ("subject_key", *asked):
        query = _joined(query, key, names)
    ids = {name: b.col("id", name) for name in (one.removesuffix("_key") for one in asked)}
    facts = [b.col("fact", "e"), *(ids[one] for one in ("fact", "member") if one in ids)]
    before = [b.col("earlier", "e"), *(ids[one] for one in ("earlier",) if one in ids)]
    told = [
        *(b.col(name, "e") for name in ("rule", "kind")),
        b.as_(_whose("subject_key"), "whose"),
        b.as_(b.col("id", "subject"), "subject"),
        b.as_(_codes(script), "period"),
        b.as_(_day(script), "day"),
        b.col("ledger", "e"),
        b.as_(b.coalesce(*facts), "fact"),
        *(b.col(name, "e") for name in _ALWAYS_NUMBERS),
        b.as_(b.coalesce(*before), "earlier"),
        *(b.col(name, "e") for name in more),
    ]
    if "after" in only:
        told += [b.as_(_whose("after_key"), "after_whose"), b.as_(ids["after"], "after_subject")]
    if "decision" in only:
        told.append(b.as_(ids["decision"], "decision"))
    return query.select(*told)


def _joined(query: exp.Select, key: str, names: Names) -> exp.Select:
    """With the table of ids that a key asks for, under the key's own name."""
    alias = key.removesuffix("_key")
    table = names.decisions if key == "decision_key" else names.facts
    value: Sql = b.col(key, "e")
    if key in _SUBJECTS:
        table, value = names.subjects, exp.IntDiv(this=value, expression=b.num(2))
    on = exp.EQ(this=b.col("k", alias), expression=value)
    joined = exp.alias_(exp.to_table(table), alias, table=True)
    return query.join(joined, on=on, join_type="left")


def _whose(key: str) -> Sql:
    odd = b.eq(b.rest_of(b.col(key, "e"), b.num(2)), b.num(1))
    return b.when(
        [(b.is_null(b.col(key, "e")), b.null("TEXT")), (odd, b.text("person"))], b.text("unit")
    )


def _codes(script: Script) -> Sql:
    cases = [
        (b.eq(b.col("p", "e"), b.num(at)), b.text(period.code))
        for at, period in enumerate(script.periods)
    ]
    return b.when(cases)


def _day(script: Script) -> Sql:
    """The day; of a row without one the last of its period."""
    ends = [
        (b.eq(b.col("p", "e"), b.num(at)), b.num(day_number(period.end)))
        for at, period in enumerate(script.periods)
    ]
    start = exp.cast(exp.Literal.string("1970-01-01"), "DATE")
    day = b.coalesce(b.col("day", "e"), b.when(ends))
    return exp.Add(this=start, expression=b.cast(day, "INTEGER"))


def standings_query(script: Script, names: Names) -> Sql | None:
    """One query with every measure of every subject and period, in whole numbers.

    ``value`` is scaled by 10**``digits``; of a ratio it is the numerator beside ``den``, which is
    scaled by 10**``den_digits``, and ``form`` tells whether the result shows the ratio as it is,
    in lowest terms, or as one number (ratio, lowest, plain). ``absent`` says why there is none.
    None where no measure was computed in the engine.
    """
    parts = [_standing(one) for one in script.outputs if one.tag == "measure"]
    if not parts:
        return None
    rows = exp.Subquery(this=b.stacked(parts), alias=exp.to_identifier("e"))
    told = [
        b.col("measure", "e"),
        b.as_(b.col("id", "subject"), "subject"),
        b.as_(_codes(script), "period"),
        *b.columns("e", "value", "den", "digits", "den_digits", "form"),
        b.as_(_why(), "absent"),
    ]
    return _joined(exp.select(*told).from_(rows), "subject_key", names)


def _standing(output: Output) -> Sql:
    measured: Any = output.about
    value, den = ("num", "den") if measured.ratio else ("value", "")
    columns = cast(exp.Query, output.query).named_selects
    listed = [b.as_(b.text(measured.name), "measure"), b.col("p", "o")]
    listed.append(b.as_(b.col("subject", "o"), "subject_key"))
    for name, given in (("value", value), ("den", den)):
        part = b.col(given, "o") if given in columns else b.null("BIGINT")
        listed.append(b.as_(b.cast(part, "BIGINT"), name))
    form = "plain" if measured.plain else "lowest" if measured.lowest else "ratio"
    listed += [
        b.as_(b.num(measured.digits), "digits"),
        b.as_(b.num(measured.den_digits), "den_digits"),
        b.as_(b.text(form if measured.ratio else "value"), "form"),
        b.col("why", "o"),
    ]
    rows = exp.Subquery(this=output.query.copy(), alias=exp.to_identifier("o"))
    return exp.select(*listed).from_(rows)


def _why() -> Sql:
    told = ((b.eq(b.col("why", "e"), b.num(at)), b.text(why)) for at, why in enumerate(WHYS) if why)
    return b.when(told)
