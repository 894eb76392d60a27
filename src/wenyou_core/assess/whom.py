"""Who is hit: from a rule's word to subjects, on a day, in a unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from wenyou_core.assess.facts import Cell, Subject
from wenyou_core.assess.notes import Notes
from wenyou_core.assess.org import Org
from wenyou_core.scheme.rules import Whom
from wenyou_core.scheme.words import SubjectKind, ValueType


@dataclass(slots=True, kw_only=True)
class Spot:
    """Where and when somebody is hit.

    ``unit`` and ``person`` are those of the fact, or of the subject; ``kind`` and ``values`` the
    kind and the fields of the fact; ``subject`` the subject of a period rule.
    """

    unit: str
    person: str
    day: date
    kind: str = ""
    values: Mapping[str, Cell] = field(default_factory=dict)
    subject: Subject | None = None


def subjects_hit(
    whoms: Sequence[Whom], spot: Spot, *, org: Org, notes: Notes | None, rule: str
) -> tuple[Subject, ...]:
    """The subjects in the order of the rule's words, each once.

    A role that nobody holds, and a unit above that is not there, are noted as missing (unless
    ``notes`` is None, for periods that are not reported).
    """
    named = [_named(whom, spot, org=org, notes=notes, rule=rule) for whom in whoms]
    if len(named) == 1:
        return tuple(named[0])
    found = {(subject.kind, subject.id): subject for some in named for subject in some}
    return tuple(found.values())


def _named(whom: Whom, spot: Spot, *, org: Org, notes: Notes | None, rule: str) -> list[Subject]:
    if whom.who == "unit" and spot.unit:
        return [Subject(SubjectKind.UNIT, spot.unit)]
    if whom.who == "subject":
        return [spot.subject] if spot.subject is not None else []
    if whom.who == "person":
        return _people([spot.person])
    if whom.who == "present":
        present = spot.values.get(whom.field)
        return _people(present if isinstance(present, tuple) else ())
    if whom.who == "field":
        return _of_field(whom, spot, org)
    unit = org.above(spot.unit, whom.up, spot.day) if spot.unit else ""
    if not unit:
        if notes is not None and spot.unit:
            notes.miss_unit(spot.unit, whom.up, spot.day, rule)
        elif notes is not None:
            notes.miss_unit_of(spot.person, spot.day, rule)
        return []
    if whom.who == "parent":
        return [Subject(SubjectKind.UNIT, unit)]
    if whom.who == "members":
        return _people(org.staff(unit, spot.day))
    holders = org.holders(whom.who, unit, spot.day)
    if not holders and notes is not None:
        notes.miss_post(whom.who, org.plan.roles[whom.who].title, unit, spot.day, rule)
    return _people(holders)


def _of_field(whom: Whom, spot: Spot, org: Org) -> list[Subject]:
    named, declared = spot.values.get(whom.field), org.plan.facts.get(spot.kind)
    if declared is None or not isinstance(named, str):
        return []
    is_unit = declared.fields[whom.field].type is ValueType.UNIT
    return [Subject(SubjectKind.UNIT if is_unit else SubjectKind.PERSON, named)]


def _people(ids: Iterable[str]) -> list[Subject]:
    return [Subject(SubjectKind.PERSON, one) for one in ids if one]
