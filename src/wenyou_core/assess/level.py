"""The event level: steps 3 to 5 and 9 to 10 of all event rules, in their order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from wenyou_core.assess.amounts import Amounts
from wenyou_core.assess.effects import Effects
from wenyou_core.assess.events import EventStage
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.joint import JointStage
from wenyou_core.assess.limits import (
    Clamp,
    bound_running,
    bound_singly,
    bound_totals,
    limit_lines,
    totals_of,
)
from wenyou_core.assess.lines import Journal, Line, PayingRule, Who, who
from wenyou_core.assess.prepare import Prepared, World
from wenyou_core.assess.sets import excluded
from wenyou_core.scheme.words import LimitPer


def event_level(world: World, prepared: Prepared, amounts: Amounts) -> tuple[Journal, Effects]:
    """All entries and effects of the event rules, in every period they are computed for."""
    stage, effects = EventStage(world, prepared, amounts), Effects()
    lines: dict[str, list[Line]] = {}
    for rule in world.program.events:
        events, hits = stage.run(rule)
        effects.add(hits)
        lines[rule.name] = events + singly_bounded(rule, events, amounts)
    for line in _taken_back(world, lines):
        lines[line.entry.rule].append(line)
    journal = Journal()
    joints = JointStage(world.org, amounts, world.notes, world.program.reported)
    for rule in world.program.events:
        own = lines[rule.name]
        own += bounded_in_total(rule, own, amounts)
        journal.add(own)
        journal.add(joints.run(rule, own))
    return journal, effects


def singly_bounded(rule: PayingRule, lines: Sequence[Line], amounts: Amounts) -> list[Line]:
    """The LIMIT lines of a rule's bounds ``per: event``; sets what each line brings (net)."""
    if rule.limit is not None and rule.limit.per is LimitPer.EVENT:
        return bound_singly(lines, Clamp(rule.limit, amounts, rule.name))
    for line in lines:
        line.net = line.entry.amount
    return []


def bounded_in_total(rule: PayingRule, lines: Sequence[Line], amounts: Amounts) -> list[Line]:
    """The LIMIT lines of a rule's bounds ``per: period`` or ``per: year``, running or not."""
    if rule.limit is None or rule.limit.per is LimitPer.EVENT:
        return []
    clamp = Clamp(rule.limit, amounts, rule.name)
    if rule.limit.running:
        return bound_running(lines, clamp, rule.limit)
    held = bound_totals(totals_of(lines, clamp.ledger), clamp, rule.limit.per)
    return limit_lines((rule.name, rule.article), held, clamp.ledger, subjects_of(lines))


def subjects_of(lines: Sequence[Line]) -> dict[Who, Subject]:
    """The subjects of lines by their keys."""
    return {who(line.entry.subject): line.entry.subject for line in lines}


def _taken_back(world: World, lines: Mapping[str, list[Line]]) -> list[Line]:
    """The EXCLUDED lines of all exclusion sets, decided in the order of the plan.

    What lost in one set stands in no later one.
    """
    rules: dict[str, list[str]] = defaultdict(list)
    for rule in world.program.events:
        for name in rule.together:
            rules[name].append(rule.name)
    found: list[Line] = []
    for name, one_of in world.program.sets.items():
        events = [
            [line for line in lines[rule] if not (line.entry.cause or line.lost)]
            for rule in rules.get(name, ())
        ]
        found += excluded(world.program, one_of, events)
    return found
