"""The difference of two runs by staged recomputation: parts that add up, because they telescope.

From the first run's inputs one group after the other is exchanged for the second run's; each
part is what the reference then gives, minus what it gave before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from wenyou_core.assess.bind import bind
from wenyou_core.assess.program import Program
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result
from wenyou_core.errors import FactsError, InputRefused, SchemeError
from wenyou_core.scheme.canon import digest
from wenyou_core.worktime.periods import Period
from wenyou_desk.difference.factchanges import Cause
from wenyou_desk.difference.figures import (
    Account,
    Change,
    Figures,
    Key,
    amount_changes,
    figures_of,
    item_changes,
    who,
)
from wenyou_desk.difference.inputs import Inputs, Step, inputs_of, steps
from wenyou_desk.runs.execute import calendar_for
from wenyou_desk.runs.record import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One stage: the inputs, the program they gave, and what came out."""

    inputs: Inputs
    program: Program
    result: Result
    figures: Figures


@dataclass(frozen=True)
class Part:
    """What a cause does to the result. Several steps where no stage between can be computed."""

    steps: tuple[Step, ...]
    before: State
    after: State

    @property
    def causes(self) -> tuple[Cause, ...]:
        """The causes of this part; of one without steps the program."""
        return tuple(step.cause for step in self.steps) or (Cause.PROGRAM,)

    @cached_property
    def amounts(self) -> Mapping[Account, Fraction]:
        """After minus before, per subject and ledger."""
        return amount_changes(self.before.figures, self.after.figures)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """What changed without an amount."""
        return item_changes(self.before.figures, self.after.figures)


@dataclass(frozen=True)
class Difference:
    """Two runs and what leads from the first to the second."""

    old: RunRecord
    new: RunRecord
    parts: tuple[Part, ...]
    first: State
    last: State

    @cached_property
    def amounts(self) -> Mapping[Account, Fraction]:
        """Second run minus first, per subject and ledger."""
        return amount_changes(self.first.figures, self.last.figures)

    @cached_property
    def subjects(self) -> tuple[Key, ...]:
        """Who differs in any stage: also whom two causes touch that cancel each other."""
        found = {who(subject) for part in self.parts for subject, _ in part.amounts}
        subjects = (one.item.subject for part in self.parts for one in part.changes)
        return tuple(sorted(found | {who(one) for one in subjects if one is not None}))

    def residue(self) -> dict[Account, Fraction]:
        """What the parts leave unexplained: always empty, and asked before it is said."""
        left = dict(self.amounts)
        for part in self.parts:
            for account, number in part.amounts.items():
                left[account] = left.get(account, Fraction(0)) - number
        return {account: number for account, number in left.items() if number}


def difference(old: RunRecord, new: RunRecord) -> Difference:
    """Take the difference of two runs apart by its causes.

    Raises InputRefused for runs of different plans or without all their facts, SchemeError where
    a kept plan cannot be run any more.
    """
    _refuse(old, new)
    start, end = inputs_of(old), inputs_of(new)
    first = _again(start)
    kept = _kept(first, old)
    parts = [] if _alike(kept, first) else [Part((), kept, first)]
    parts += _parts(first, start, end)
    now = parts[-1].after if parts else first
    last = _kept(now, new)
    if not _alike(now, last):
        parts.append(Part((), now, last))
    found = Difference(old, new, tuple(parts), kept, last)
    if found.residue():
        raise ArithmeticError("the parts do not add up to the difference")
    return found


def _parts(first: State, start: Inputs, end: Inputs) -> Iterator[Part]:
    now, joined = first, []
    path = list(steps(start, end))
    for at, step in enumerate(path):
        joined.append(step)
        last = at == len(path) - 1
        if not step.sound and not last:
            continue
        try:
            after = _again(step.inputs, now)
        except (SchemeError, FactsError):
            # Between two versions there may be nothing that can be run, e.g. a parameter that
            # only the second one sets: then the next step is computed together with this one.
            if last:
                raise
            continue
        yield Part(tuple(joined), now, after)
        now, joined = after, []


def _again(inputs: Inputs, like: State | None = None) -> State:
    """Compute from inputs; ``like`` is a state whose program is taken where it is the same."""
    if like is not None and _bound(inputs) == _bound(like.inputs):
        program = like.program
    else:
        program = bind(inputs.checked, inputs.adoption, inputs.period)
    # The books are as known already: no moment is needed, and none may hide a late fact.
    result = assess(program, inputs.book, None, calendar=calendar_for(inputs.plan_text))
    return State(inputs=inputs, program=program, result=result, figures=figures_of(result))


def _bound(inputs: Inputs) -> tuple[int, str, Period]:
    return id(inputs.checked), digest(inputs.adoption), inputs.period


def _kept(state: State, record: RunRecord) -> State:
    """The state with the result as it was kept."""
    figures = figures_of(record.result)
    return State(inputs=state.inputs, program=state.program, result=record.result, figures=figures)


def _alike(one: State, two: State) -> bool:
    mine, other = one.figures, two.figures
    return mine.amounts == other.amounts and mine.items == other.items


def _refuse(old: RunRecord, new: RunRecord) -> None:
    one, two = old.result, new.result
    if one.plan != two.plan:
        text = f"两次测算用的是不同的方案（{one.plan} 和 {two.plan}），不能比较。"
        raise InputRefused("other_plan", f"{text}请选用同一方案的两次测算。")
    if not (old.whole and new.whole):
        text = "其中一次测算的事实太多，结果文件没有全部留存，无法逐项重算。"
        raise InputRefused("not_whole", f"{text}请用工作簿台账重新测算后再比较。")
