"""What the cells of a row cannot say together: known before it happened, over before it began.

Only what cannot be is named here. A plan says which two of its fields are the first and the last
day of something where an exemption reads them so (``within: {from: …, to: …}``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Protocol

from wenyou_core.assess.facts import DECISION, Fact, FactBook
from wenyou_core.assess.known import known_day
from wenyou_core.errors import Fault, Place
from wenyou_core.scheme.model import FieldDef, Plan
from wenyou_core.scheme.rules import Exempt

FieldSpans = Mapping[str, tuple[tuple[FieldDef, FieldDef], ...]]
"""Per kind of facts the fields of first and last days."""


class Spanned(Protocol):
    """A row that holds from a day to a day, or open."""

    @property
    def place(self) -> Place: ...

    @property
    def since(self) -> date: ...

    @property
    def till(self) -> date | None: ...


def field_spans(plan: Plan) -> FieldSpans:
    """The fields that exemptions of the plan read as first and last day of something."""
    found: dict[str, dict[tuple[str, str], tuple[FieldDef, FieldDef]]] = {}
    for article in plan.articles:
        for rule in article.rules.values():
            if isinstance(rule, Exempt) and rule.by in plan.facts and rule.since != rule.till:
                fields = plan.facts[rule.by].fields
                if rule.since in fields and rule.till in fields:
                    pair = (fields[rule.since], fields[rule.till])
                    found.setdefault(rule.by, {})[rule.since, rule.till] = pair
    return {kind: tuple(pairs.values()) for kind, pairs in found.items()}


def reversed_fields(fact: Fact, spans: FieldSpans) -> Iterator[tuple[FieldDef, FieldDef]]:
    """The first and last days of a fact that are the wrong way round."""
    for first, last in spans.get(fact.kind, ()):
        begins, ends = fact.values.get(first.name), fact.values.get(last.name)
        if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
            yield first, last


def impossible_rows(plan: Plan, book: FactBook) -> Iterator[Fault]:
    """Every fault of this kind in the rows of a case, in the words of its file."""
    for rows in (book.units, book.persons, book.posts, book.coverage):
        yield from _spans(rows)
    spans, seen = field_spans(plan), dict[tuple[object, ...], Place]()
    for facts in book.facts.values():
        for fact in facts:
            yield from _days(fact, spans)
            key = (fact.kind, fact.id, fact.recorded)
            if seen.setdefault(key, fact.place) is not fact.place:
                text = f"编号“{fact.id}”写了两次；请改编号，是更正的请写不同的 recorded。"
                yield Fault(fact.place, "case-double", text)
            if fact.kind == DECISION and not fact.values.keys() & {"choice", "value"}:
                text = "“choice”和“value”都没有写，请写明决定的内容。"
                yield Fault(fact.place, "case-missing", text)


def _spans(rows: Iterable[Spanned]) -> Iterator[Fault]:
    told: set[Place] = set()
    for row in rows:
        if row.till is not None and row.till < row.since and row.place not in told:
            told.add(row.place)
            text = f"“till”（{row.till}）早于“since”（{row.since}），请核对这两处。"
            yield Fault(row.place, "case-reversed", text)


def _days(fact: Fact, spans: FieldSpans) -> Iterator[Fault]:
    if known_day(fact) < fact.happened:
        text = (
            f"“known”（{known_day(fact)}）早于“happened”（{fact.happened}）："
            "还没有发生的事不能登记为事实，请核对这两处。"
        )
        yield Fault(fact.place, "case-reversed", text)
    if fact.recorded < fact.known:
        text = f"“recorded”（{fact.recorded}）早于“known”（{fact.known}），请核对这两处。"
        yield Fault(fact.place, "case-reversed", text)
    for first, last in reversed_fields(fact, spans):
        begins, ends = fact.values[first.name], fact.values[last.name]
        text = f"“{last.name}”（{ends}）早于“{first.name}”（{begins}），请核对这两处。"
        yield Fault(fact.place, "case-reversed", text)
