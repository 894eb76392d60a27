"""Spans of days of units and people: which holds on a day, and intervals without a change."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from wenyou_core.assess.facts import PersonSpan, UnitSpan
from wenyou_core.worktime.months import ONE_DAY

ENDLESS = date.max
"""The last day of an interval without an end."""

_Span = TypeVar("_Span", UnitSpan, PersonSpan)
_Value = TypeVar("_Value")


def by_id(spans: Iterable[_Span]) -> dict[str, list[_Span]]:
    """The spans of each unit or person, by their first days."""
    found: dict[str, list[_Span]] = defaultdict(list)
    for span in spans:
        found[span.id].append(span)
    for held in found.values():
        held.sort(key=lambda span: span.since)
    return found


def on_day(spans: Iterable[_Span], day: date) -> _Span | None:
    """The span that holds that day; where some overlap, the one that began last."""
    held = None
    for span in spans:
        if span.since > day:
            break
        if span.till is None or day <= span.till:
            held = span
    return held


def steady(spans: Iterable[_Span], day: date) -> tuple[date, date]:
    """The first and last of the days around one on which no span begins or has just ended."""
    first, last = date.min, ENDLESS
    for span in spans:
        if span.since <= day:
            first = max(first, span.since)
        else:
            last = min(last, span.since - ONE_DAY)
        if span.till is not None:
            if day <= span.till:
                last = min(last, span.till)
            else:
                first = max(first, span.till + ONE_DAY)
    return first, last


def pieces(spans: Iterable[tuple[date, date | None]]) -> list[tuple[date, date]]:
    """The intervals between all days on which some span begins or has just ended."""
    cuts: set[date] = set()
    for since, till in spans:
        cuts.add(since)
        if till is not None and till < ENDLESS:
            cuts.add(till + ONE_DAY)
    days = sorted(cuts)
    ends = [day - ONE_DAY for day in days[1:]] + [ENDLESS]
    return list(zip(days, ends, strict=False))


def joined(
    days: list[tuple[date, date]], values: Callable[[date], tuple[_Value, ...]]
) -> list[tuple[_Value, date, date]]:
    """Each value with the longest intervals in which it holds on every day."""
    found: list[tuple[_Value, date, date]] = []
    running: dict[_Value, tuple[date, date]] = {}
    for first, last in days:
        now = values(first)
        for value in [value for value in running if value not in now]:
            found.append((value, *running.pop(value)))
        for value in now:
            running[value] = (running[value][0] if value in running else first, last)
    return found + [(value, *span) for value, span in running.items()]


def cut(spans: dict[str, list[_Span]]) -> tuple[tuple[_Span, date, date], ...]:
    """Spans that do not overlap: span, first day, last day."""
    found: list[tuple[_Span, date, date]] = []
    for _, held in sorted(spans.items()):
        for first, last in pieces((span.since, span.till) for span in held):
            span = on_day(held, first)
            if span is not None and found and found[-1][0] is span:
                found[-1] = (span, found[-1][1], last)
            elif span is not None:
                found.append((span, first, last))
    return tuple(found)
