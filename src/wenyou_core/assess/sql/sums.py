"""Sums of final entries as SQL: which tables hold the entries of a rule, limit or award."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from wenyou_core.assess.readings import window_at
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.relation import Relation
from wenyou_core.assess.sql.script import Script
from wenyou_core.assess.sql.standing import Measured, Measures
from wenyou_core.assess.sql.terms import day_number, digits_of, scaled
from wenyou_core.assess.windows import window_of_measure
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.worktime.periods import Period


@dataclass(frozen=True, slots=True)
class Written:
    """Entries in a table: ``subject``, ``p`` and the amount's column; ``day`` unless they stand on
    the last day of their period. ``part`` picks the joint entries of one kind."""

    table: str
    column: str
    ledger: str
    periods: tuple[Period, ...]
    dated: bool = True
    part: int = 0


@dataclass(slots=True)
class Sums:
    """All entries so far, by what they count for: a rule, limit or award, or ``rule+joint``."""

    script: Script
    written: dict[str, list[Written]] = field(default_factory=dict)

    def add(self, name: str, *written: Written) -> None:
        """Note tables of entries."""
        self.written.setdefault(name, []).extend(written)

    def of(self, names: Iterable[str] | None, ledger: str) -> list[Written]:
        """The tables of some names, or of all, that write to a ledger (empty: to any)."""
        chosen = self.written if names is None else names
        found = [one for name in chosen for one in self.written.get(name, ())]
        return [one for one in found if ledger in ("", one.ledger)]

    def rows(self, one: Written, spans: Mapping[int, tuple[date, date]], factor: int = 1) -> Sql:
        """``p``, ``subject`` and ``amount`` of the entries whose day lies in a span, by its number."""
        relation = Relation(self.script, one.table, "e")
        number = self._number(one, relation, spans)
        tests = [b.not_null(relation.col(one.column)), b.not_null(number)]
        if one.part:
            tests.append(b.eq(relation.col("part"), b.num(one.part)))
        amount = b.times(relation.col(one.column), factor)
        what = [b.as_(number, "p"), relation.col("subject"), b.as_(amount, "amount")]
        return relation.select(what, tests)

    def _number(
        self, one: Written, relation: Relation, spans: Mapping[int, tuple[date, date]]
    ) -> Sql:
        own = {self.script.number[period]: period for period in one.periods}
        same = all(p in own and (own[p].start, own[p].end) == span for p, span in spans.items())
        if same:  # the entries of a period are those whose day lies in it
            here = [(b.eq(relation.col("p"), b.num(p)), b.num(p)) for p in spans]
            number: Sql = relation.col("p") if len(own) == len(spans) else b.when(here)
        elif one.dated:
            number = b.when(
                (b.within(relation.col("day"), *_ends(span)), b.num(p)) for p, span in spans.items()
            )
        else:
            number = b.when(
                (b.eq(relation.col("p"), b.num(at)), b.num(p))
                for p, span in spans.items()
                for at, period in own.items()
                if span[0] <= period.end <= span[1]
            )
        return b.cast(number, "SMALLINT")


def _ends(span: tuple[date, date]) -> tuple[Sql, Sql]:
    first, last = (max(one, date(1, 1, 1)) for one in span)
    return b.num(day_number(first)), b.num(day_number(last))


def is_summed_here(script: Script, node: EntryMeasure) -> bool:
    """Whether SQL can compute the sum: days alike for all members, and one opening day."""
    if node.window is None:
        return not node.opening
    windows = [
        window_at(script.program, node.window, one.end) for one in script.cells_of(node.name)
    ]
    return not node.opening and all(one is None or one.kind != "cycle" for one in windows)


def compile_entry_measure(measures: Measures, sums: Sums, node: EntryMeasure) -> Measured:
    """The base and the entries of the period, or of the window that ends with it."""
    script = measures.script
    program, periods = script.program, sorted(script.cells_of(node.name))
    tables = sums.of(node.entries or None, node.ledger)
    digits = max([digits_of(node.base), *(program.digits[one.ledger] for one in tables)])
    relation = measures.members(program.types[node.name].population, periods)
    total: Sql = b.num(0)
    if tables:
        spans = [_span(script, node, one) for one in periods]
        parts = [
            sums.rows(one, layer, 10 ** (digits - program.digits[one.ledger]))
            for layer in _layers(script, periods, spans)
            for one in tables
        ]
        keys = b.columns("s", "p", "subject")
        summed = b.select(
            [*keys, b.as_(b.total(b.col("amount", "s")), "total")],
            b.stacked(parts),
            "s",
            group=keys,
        )
        same = [b.eq(b.col(name, "t"), relation.col(name)) for name in ("p", "subject")]
        relation.join("t", summed, b.all_of(same))
        total = b.coalesce(b.col("total", "t"), b.num(0))
    value = b.add(b.num(scaled(node.base, digits)), total) if node.base else total
    query = relation.select(
        [
            relation.col("p"),
            relation.col("subject"),
            b.as_(b.narrow(value), "value"),
            b.as_(b.num(0), "why"),
        ],
        [measures.within(periods)],
    )
    return measures.make(Measured(node.name, digits), query)


def _span(script: Script, node: EntryMeasure, period: Period) -> tuple[date, date]:
    window = node.window and window_at(script.program, node.window, period.end)
    span = window_of_measure(window, period, lambda _: None)
    assert span is not None  # noqa: S101 -- a personal cycle is not summed here
    return span


def _layers(
    script: Script, periods: Sequence[Period], spans: Sequence[tuple[date, date]]
) -> list[dict[int, tuple[date, date]]]:
    """The spans in layers that do not overlap: an entry may count in several windows."""
    layers: list[dict[int, tuple[date, date]]] = []
    for period, span in zip(periods, spans, strict=True):
        for layer in layers:
            if all(span[0] > last or span[1] < first for first, last in layer.values()):
                layer[script.number[period]] = span
                break
        else:
            layers.append({script.number[period]: span})
    return layers
