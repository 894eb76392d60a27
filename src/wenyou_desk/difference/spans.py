"""Rows of units, people, posts, coverage and openings that stand in one book only, in words."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import fields
from typing import Any

from wenyou_core.assess.facts import (
    Coverage,
    FactBook,
    Opening,
    PersonSpan,
    PostSpan,
    UnitSpan,
)
from wenyou_core.scheme.show import show_number

SpanChange = tuple[frozenset[str], str]
"""The numbers in a row, and the row told."""
_Row = UnitSpan | PersonSpan | PostSpan | Coverage | Opening


def span_changes(old: FactBook, new: FactBook) -> Iterator[SpanChange]:
    """First what the old book has alone, then the new one, table by table."""
    for name in ("units", "persons", "posts", "coverage", "openings"):
        before, after = _keyed(getattr(old, name)), _keyed(getattr(new, name))
        for word, rows, others in (("原有", before, after), ("现有", after, before)):
            yield from (_told(word, row) for key, row in rows.items() if key not in others)


def _keyed(rows: Iterable[_Row]) -> dict[Hashable, _Row]:
    return {
        tuple(_plain(getattr(row, one.name)) for one in fields(row) if one.compare): row
        for row in rows
    }


def _plain(value: Any) -> Hashable:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


def _told(word: str, row: _Row) -> SpanChange:
    if isinstance(row, Opening):
        text = f"期初余额：{row.subject.id}，{row.on}，{row.ledger} {show_number(row.number)}"
        return frozenset({row.subject.id}), f"{word}{text}"
    days = f"{row.since}至{row.till or '今'}"
    if isinstance(row, UnitSpan):
        inside = "，".join(filter(None, (row.name, row.parent and f"上级{row.parent}", days)))
        return frozenset({row.id}), f"{word}机构「{row.id}」（{inside}）"
    if isinstance(row, PersonSpan):
        return frozenset({row.id}), f"{word}人员「{row.id}」（{row.name}，{days}）"
    if isinstance(row, PostSpan):
        text = f"{word}任职：{row.person}在{row.unit}任{row.post}，{days}"
        return frozenset({row.person, row.unit}), text
    told = f"{word}覆盖声明：{row.kind}，{row.unit or '全部机构'}，{days}"
    return frozenset({row.unit} if row.unit else ()), told
