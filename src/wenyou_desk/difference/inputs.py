"""What a run was computed from, and the way from one run's inputs to another's, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from wenyou_core.assess.facts import FactBook
from wenyou_core.scheme.canon import digest
from wenyou_core.scheme.check import Checked, check
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_core.scheme.model import Adoption, Plan
from wenyou_core.scheme.words import ValueType
from wenyou_core.worktime.periods import Period
from wenyou_desk.difference.factchanges import Cause, FactChange, fact_changes, with_changes
from wenyou_desk.runs.record import RunRecord

_FACTS = (Cause.CORRECTION, Cause.LATE, Cause.APPEAL, Cause.DECISION)
_SPANS = ("units", "persons", "posts", "coverage", "openings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """All that a result depends on. ``plan_text`` tells whether working days are counted."""

    checked: Checked
    plan_text: str
    adoption: Adoption | None
    book: FactBook
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One group of inputs put in: why, what then is computed from, and the facts changed.

    ``sound`` is False where the facts now have another form than the plan declares, so that
    this step can only be computed together with later ones.
    """

    cause: Cause
    inputs: Inputs
    facts: tuple[FactChange, ...] = ()
    sound: bool = True


def inputs_of(record: RunRecord) -> Inputs:
    """The inputs of a kept run. Raises SchemeError where its texts do not load any more."""
    checked = _checked(record.plan_text, record.plan_file)
    text = record.adoption_text
    return Inputs(
        checked=checked,
        plan_text=record.plan_text,
        adoption=load_adoption(text, record.adoption_file) if text else None,
        book=record.book,
        period=record.period,
    )


@lru_cache(maxsize=4)
def _checked(text: str, file: str) -> Checked:
    """Two runs mostly have the same plan, which is then read and judged once."""
    return check(load_plan(text, file))


def steps(start: Inputs, end: Inputs) -> Iterator[Step]:
    """From the first inputs to the last; a group that is equal in both is left out.

    The last step, if any, has all of the second run's inputs.
    """
    found = _steps(start, end)
    if not _clashing(start.checked.plan, end.checked.plan):
        yield from found
        return
    reached = False
    for step in found:
        reached = reached or step.cause in (Cause.RULE, Cause.PERIOD)
        yield replace(step, sound=reached)


def _steps(start: Inputs, end: Inputs) -> Iterator[Step]:
    now = start
    changes = fact_changes(start.book, end.book, _exempting(start) | _exempting(end))
    for cause in _FACTS:
        if changes.get(cause):
            now = replace(now, book=with_changes(now.book, changes[cause]))
            yield Step(cause=cause, inputs=now, facts=changes[cause])
    spans = {name: getattr(end.book, name) for name in _SPANS}
    if any(getattr(now.book, name) != rows for name, rows in spans.items()):
        now = replace(now, book=replace(now.book, **spans))
        yield Step(cause=Cause.ORGANIZATION, inputs=now)
    same_plan = digest(start.checked.plan) == digest(end.checked.plan)
    adoption = _fitting(end.adoption, end if same_plan else start)
    if digest(_untied(now.adoption)) != digest(_untied(adoption)):
        now = replace(now, adoption=adoption)
        yield Step(cause=Cause.PARAMETER, inputs=now)
    if not same_plan:
        now = replace(now, checked=end.checked, plan_text=end.plan_text, adoption=end.adoption)
        yield Step(cause=Cause.RULE, inputs=now)
    if now.period != end.period:
        now = replace(now, period=end.period)
        yield Step(cause=Cause.PERIOD, inputs=now)


def _exempting(inputs: Inputs) -> frozenset[str]:
    return frozenset(rule.by for rule in inputs.checked.scope.exempts())


def _fitting(adoption: Adoption | None, inputs: Inputs) -> Adoption | None:
    """The adoption as far as it can be said of another version of the plan."""
    if adoption is None:
        return None
    scope, plan = inputs.checked.scope, inputs.checked.plan
    return replace(
        adoption,
        version=plan.version,
        values={name: one for name, one in adoption.values.items() if name in scope.params},
        tables={name: one for name, one in adoption.tables.items() if name in scope.tables},
        roles={name: one for name, one in adoption.roles.items() if name in plan.roles},
    )


def _untied(adoption: Adoption | None) -> Adoption | None:
    """Without its version: naming another version of the plan is the plan's doing."""
    return None if adoption is None else replace(adoption, version="")


def _clashing(one: Plan, two: Plan) -> bool:
    """Whether a field that both versions declare is of another type in the second."""
    old, new = _forms(one), _forms(two)
    return any(old[key] is not new[key] for key in old.keys() & new.keys())


def _forms(plan: Plan) -> dict[tuple[str, str], ValueType]:
    kinds = {kind: one.fields for kind, one in plan.facts.items()}
    kinds |= {"unit.": plan.unit_fields, "person.": plan.person_fields}
    return {(kind, name): one.type for kind, rows in kinds.items() for name, one in rows.items()}
