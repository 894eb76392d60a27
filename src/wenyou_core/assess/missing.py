"""What the run looked at and nobody declared complete: never zero, but missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

from wenyou_core.assess.facts import Coverage
from wenyou_core.assess.needs import Need, required_facts
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.program import Program
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.texts import dated_span_text

Days = tuple[date, date]


def note_uncovered(
    program: Program,
    org: Org,
    coverage: Iterable[Coverage],
    notes: Notes,
    known_at: datetime | None = None,
) -> None:
    """Note every stretch of days that a rule looks at and no coverage declares complete.

    A declaration for a unit covers the units beneath it (by the tree on the last day looked
    at), one without a unit all of them. A unit is asked only for the days it was open. What all
    units of an adopting unit lack is said once, for the adopting unit. A replay as known
    at a moment has nothing complete after that day, whatever was declared.
    """
    by_kind: dict[str, list[Coverage]] = defaultdict(list)
    for row in coverage:
        if known_at is not None and known_at.date() < row.till:
            row = replace(row, till=known_at.date())
        if row.since <= row.till:
            by_kind[row.kind].append(row)
    units = _units(org)
    for need in required_facts(program):
        everywhere = [row for row in by_kind[need.kind] if not row.unit]
        if not gaps((need.since, need.till), everywhere):
            continue
        for adopter, open_days in _by_adopter(org, units, need).items():
            lacking = _lacking(org, by_kind[need.kind], need, adopter, open_days)
            _note(program, notes, need, lacking)


def gaps(days: Days, coverage: Iterable[Coverage]) -> tuple[Days, ...]:
    """The stretches of ``days`` that none of the declarations covers."""
    found: list[Days] = []
    first, last = days
    for row in sorted(coverage, key=lambda row: (row.since, row.till)):
        if row.since > last:
            break
        if row.since > first:
            found.append((first, row.since - ONE_DAY))
        first = max(first, row.till + ONE_DAY)
    if first <= last:
        found.append((first, last))
    return tuple(found)


def _lacking(
    org: Org, coverage: Sequence[Coverage], need: Need, adopter: str, open_days: dict[str, Days]
) -> Iterator[tuple[str, Days]]:
    """What each unit lacks of its open days; once for the adopting unit where all lack the same."""
    if not any(row.unit for row in coverage):  # then all units lack the same
        stretches = gaps((need.since, need.till), coverage)
        yield from ((adopter, stretch) for stretch in stretches)
        return
    lacking = {
        unit: gaps((need.since, need.till), _of(unit, coverage, org, days[1]))
        for unit, days in open_days.items()
    }
    if len(set(lacking.values())) == 1:
        yield from ((adopter, stretch) for stretch in next(iter(lacking.values())))
        return
    for unit, stretches in lacking.items():
        for first, last in stretches:
            cut = (max(first, open_days[unit][0]), min(last, open_days[unit][1]))
            if cut[0] <= cut[1]:
                yield unit, cut


def _note(program: Program, notes: Notes, need: Need, lacking: Iterable[tuple[str, Days]]) -> None:
    for unit, days in lacking:
        text = _text(program, need.kind, unit, days)
        for rule in need.rules:
            notes.miss("facts", need.kind, unit, days, rule=rule, text=text)


def _of(unit: str, coverage: Sequence[Coverage], org: Org, day: date) -> list[Coverage]:
    above = org.chain(unit, day)
    return [row for row in coverage if not row.unit or row.unit in above]


def _text(program: Program, kind: str, unit: str, days: Days) -> str:
    title = program.plan.facts[kind].title
    span = dated_span_text(*days)
    return f"机构{unit}在{span}的“{title}”没有声明填报完整，请补录后声明，或声明当期没有发生。"


def _units(org: Org) -> dict[str, list[Days]]:
    found: dict[str, list[Days]] = defaultdict(list)
    for span, first, last in org.unit_spans():
        found[span.id].append((first, last))
    return found


def _by_adopter(org: Org, units: dict[str, list[Days]], need: Need) -> dict[str, dict[str, Days]]:
    """Per adopting unit its units with the days of the need on which each was open."""
    found: dict[str, dict[str, Days]] = defaultdict(dict)
    for unit, spans in units.items():
        inside = [
            (max(first, need.since), min(last, need.till))
            for first, last in spans
            if first <= need.till and need.since <= last
        ]
        if not inside:
            continue
        adopter = org.adopter_of(unit, inside[-1][1])
        if adopter:
            found[adopter][unit] = (inside[0][0], inside[-1][1])
    return found
