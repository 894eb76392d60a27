"""Facts that a run does not look at: told, so that nobody believes they were counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from wenyou_core.assess.facts import Fact, FactBook
from wenyou_core.assess.known import instant, known_day
from wenyou_core.assess.needs import required_facts
from wenyou_core.assess.program import Program
from wenyou_core.errors import Fault, Place
from wenyou_desk.tables.grid import runs


def remarks_on(
    program: Program, given: FactBook, known: FactBook, known_at: datetime | None
) -> tuple[Fault, ...]:
    """What of the facts given came too late for the run, or lies outside the days it looks at.

    ``known`` is the book as known at the run's moment. One remark a file, sheet and reason.
    """
    return (*_too_late(given, known_at), *_outside(program, known))


def _too_late(given: FactBook, known_at: datetime | None) -> Iterator[Fault]:
    if known_at is None:
        return
    for facts in given.facts.values():
        late = (fact for fact in facts if instant(fact.recorded) > instant(known_at))
        for place, listed, count in _by_sheet(late):
            text = f"有 {count} 行在数据截止时点之后才记录，本次不计（{listed}）。"
            yield Fault(place, "recorded_later", text)


def _outside(program: Program, known: FactBook) -> Iterator[Fault]:
    days = defaultdict(list)
    for need in required_facts(program):
        days[need.kind].append((need.since, need.till))
    for kind, stretches in days.items():
        since, till = min(stretches)[0], max(last for _, last in stretches)
        outside = [
            fact
            for fact in known.facts.get(kind, ())
            if not any(since <= day <= till for day in (fact.happened, known_day(fact)))
        ]
        for place, listed, count in _by_sheet(outside):
            text = f"有 {count} 行不在本次测算所看的{since}至{till}之内，不参与计算（{listed}）。"
            yield Fault(place, "outside_period", text)


def _by_sheet(facts: Iterable[Fact]) -> Iterator[tuple[Place, str, int]]:
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for fact in facts:
        rows[fact.place.file, fact.place.sheet].append(fact.place.row)
    for (file, sheet), numbers in rows.items():
        yield Place(file=file, sheet=sheet), runs(numbers), len(numbers)
