"""Facts that a run does not look at: told, so that nobody believes they were counted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from wenyou_core.assess.amounts import ledger_of
from wenyou_core.assess.facts import Fact, FactBook, Opening
from wenyou_core.assess.known import instant, known_day
from wenyou_core.assess.needs import looks_of, required_facts
from wenyou_core.assess.program import Program
from wenyou_core.assess.readings import deciding_date
from wenyou_core.errors import Fault, Place
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.scheme.words import ValueType
from wenyou_desk.tables.grid import runs


def remarks_on(
    program: Program, given: FactBook, known: FactBook, known_at: datetime | None
) -> tuple[Fault, ...]:
    """What of the facts given came too late for the run, or lies outside the days it looks at.

    ``known`` is the book as known at the run's moment. One remark a file, sheet and reason.
    """
    return (*_too_late(given, known_at), *_outside(program, known), *_openings(program, known))


def _too_late(given: FactBook, known_at: datetime | None) -> Iterator[Fault]:
    if known_at is None:
        return
    for facts in given.facts.values():
        late = (fact for fact in facts if instant(fact.recorded) > instant(known_at))
        for place, listed, count in _by_sheet(late):
            text = f"有 {count} 行在数据截止时点之后才记录，本次不计（{listed}）。"
            yield Fault(place, "recorded_later", text)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The days of a kind that a run looks at (``since`` None: from the first on), and the DATE
    fields that may decide on which day one of its facts stands."""

    since: date | None
    till: date
    dates: tuple[str, ...]

    def holds(self, days: Iterable[object]) -> bool:
        """Whether one of some days is looked at."""
        since = self.since or date.min
        return any(since <= day <= self.till for day in days if isinstance(day, date))

    def text(self, count: int, listed: str = "") -> str:
        """The sentence of facts outside."""
        rows = f"（{listed}）" if listed else ""
        days = f"{self.since}至{self.till}之内" if self.since else f"{self.till}以前"
        return f"有 {count} 行不在本次测算所看的{days}，不参与计算{rows}。"


def looked_at(program: Program) -> dict[str, LookedAt]:
    """By kind, what a run looks at; kinds that exempt others count whatever their day is."""
    stretches = defaultdict(list)
    for need in required_facts(program):
        stretches[need.kind].append((need.since, need.till))
    always = {one.by for one in program.exempts}
    looks = looks_of(program)
    found = {}
    for kind, days in stretches.items():
        if kind in always:
            continue
        since = None if looks.since(kind) == date.min else min(days)[0]
        till = max(last for _, last in days)
        found[kind] = LookedAt(since, till, _dates(program, kind, looks.dates.get(kind, ())))
    return found


def _dates(program: Program, kind: str, own: Iterable[str]) -> tuple[str, ...]:
    """The DATE fields of a kind that decide; all of them where facts are deemed something."""
    fields = {
        name for name, one in program.plan.facts[kind].fields.items() if one.type is ValueType.DATE
    }
    moved = [deem for deem in program.deems if deem.deem == kind]
    if not any(
        deem.becomes not in ("", kind) or fields & deem.with_fields.keys() for deem in moved
    ):
        fields &= {deciding_date(program, word, kind) for word in ("", *own)}
    return tuple(sorted(fields))


def _outside(program: Program, known: FactBook) -> Iterator[Fault]:
    for kind, days in looked_at(program).items():
        first, last = days.since or date.min, days.till
        outside = [
            fact
            for fact in known.facts.get(kind, ())
            # of nearly every fact one of these is the answer
            if not first <= fact.happened <= last
            and not first <= known_day(fact) <= last
            and not (days.dates and days.holds(map(fact.values.get, days.dates)))
        ]
        for place, listed, count in _by_sheet(outside):
            yield Fault(place, "outside_period", days.text(count, listed))


def _openings(program: Program, known: FactBook) -> Iterator[Fault]:
    """Opening balances that nothing begins with: of other ledgers, or dated too late."""
    begins: dict[str, date] = {}
    for name, node in program.nodes.items():
        if isinstance(node, EntryMeasure) and node.opening and program.cells.get(name):
            ledger = node.ledger or ledger_of(program, node.entries)
            first = max(period.start for period in program.cells[name])
            begins[ledger] = max(first, begins.get(ledger, first))
    unread: dict[str, list[Opening]] = defaultdict(list)
    for one in known.openings:
        first_day = begins.get(one.ledger)
        if first_day is None:
            unread["方案里没有从这个台账的期初余额起算的数。"].append(one)
        elif one.on > first_day:
            unread[f"余额日期晚于本期的第一天{first_day}。"].append(one)
    for why, rows in unread.items():
        for place, listed, count in _by_sheet(rows):
            yield Fault(place, "opening_unread", f"有 {count} 行没有用到（{listed}）：{why}")


def _by_sheet(facts: Iterable[Fact | Opening]) -> Iterator[tuple[Place, str, int]]:
    rows: dict[tuple[str, str], list[int]] = defaultdict(list)
    for fact in facts:
        rows[fact.place.file, fact.place.sheet].append(fact.place.row)
    for (file, sheet), numbers in rows.items():
        yield Place(file=file, sheet=sheet), runs(numbers), len(numbers)
