"""What the run looked at and nobody declared complete: never zero, but missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from wenyou_core.assess.facts import Coverage
from wenyou_core.assess.needs import Days, Need, merged, required_facts
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Org
from wenyou_core.assess.program import Program
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.texts import dated_span_text


@dataclass(frozen=True, slots=True)
class Stood:
    """A unit that stood under the units of ``chain`` (itself first) on some days."""

    unit: str
    chain: tuple[str, ...]
    days: Days


def note_uncovered(
    program: Program,
    org: Org,
    coverage: Iterable[Coverage],
    notes: Notes,
    known_at: datetime | None = None,
) -> None:
    """Note every stretch of days that a rule looks at and no coverage declares complete.

    A declaration for a unit covers the units beneath it on the days they stand there, one
    without a unit all of them. A unit is asked only for the days it was open, and beneath the
    adopting unit of each day. What all units of an adopting unit lack is said once, for the
    adopting unit; days of a kind are told once, with all rules that look at some of them. A
    replay as known at a moment has nothing complete after that day, whatever was declared.
    """
    declared: dict[str, dict[str, list[Coverage]]] = defaultdict(lambda: defaultdict(list))
    for row in coverage:
        if known_at is not None and known_at.date() < row.till:
            row = replace(row, till=known_at.date())
        if row.since <= row.till:
            declared[row.kind][row.unit].append(row)
    adopting: dict[str, list[Stood]] | None = None
    for kind, group in groupby(required_facts(program), lambda need: need.kind):
        needs, rows = list(group), declared[kind]
        days = merged((need.since, need.till) for need in needs)
        if not any(gaps(one, rows[""]) for one in days):
            continue
        adopting = _by_adopter(org) if adopting is None else adopting
        for adopter, stood in adopting.items():
            for unit, stretch in _lacking(rows, days, adopter, stood):
                _note(program, notes, needs, unit, stretch)


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
    declared: Mapping[str, Sequence[Coverage]],
    days: Sequence[Days],
    adopter: str,
    stood: Iterable[Stood],
) -> Iterator[tuple[str, Days]]:
    """What each unit lacks of the days that it stood under the adopting unit; once for that one
    where all lack whatever somebody lacks."""
    own: dict[str, list[Days]] = defaultdict(list)
    bare: dict[str, list[Days]] = defaultdict(list)
    for one in stood:
        rows = [row for unit in ("", *one.chain) for row in declared.get(unit, ())]
        for span in _common([one.days], days):
            own[one.unit].append(span)
            bare[one.unit] += gaps(span, rows)
    all_lack = merged(stretch for stretches in bare.values() for stretch in stretches)
    if all(_common(spans, all_lack) == merged(bare[unit]) for unit, spans in own.items()):
        yield from ((adopter, stretch) for stretch in all_lack)
        return
    for unit, stretches in bare.items():
        yield from ((unit, stretch) for stretch in merged(stretches))


def _note(program: Program, notes: Notes, needs: Iterable[Need], unit: str, stretch: Days) -> None:
    first, last = stretch
    for need in needs:
        if need.since <= last and first <= need.till:
            text = _text(program, need.kind, unit, stretch)
            for rule in need.rules:
                notes.miss("facts", need.kind, unit, stretch, rule=rule, text=text)


def _common(some: Iterable[Days], others: Sequence[Days]) -> list[Days]:
    """The stretches of days that lie in both, joined where they touch."""
    found = ((max(first, since), min(last, till)) for first, last in some for since, till in others)
    return merged(one for one in found if one[0] <= one[1])


def _text(program: Program, kind: str, unit: str, days: Days) -> str:
    title = program.plan.facts[kind].title
    span = dated_span_text(*days)
    return f"机构{unit}在{span}的“{title}”没有声明填报完整，请补录后声明，或声明当期没有发生。"


def _by_adopter(org: Org) -> dict[str, list[Stood]]:
    """The units of each adopting unit, by the days on which they stood under it."""
    found: dict[str, list[Stood]] = defaultdict(list)
    for unit, chain, since, till in org.chain_spans():
        adopter = org.adopter_of(unit, since)
        if adopter:
            found[adopter].append(Stood(unit, chain, (since, till)))
    return found
