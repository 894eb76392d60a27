"""Rules that a run does not compute, because it does not hold their periods whole.

A month of a plan that fines by the quarter has no fines at all: that must be said, or the empty
result is taken for a good one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wenyou_core.assess.cells import inside
from wenyou_core.assess.program import Program
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.sentence_words import PERIOD_WORDS
from wenyou_core.scheme.words import PeriodKind
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.periods import Period
from wenyou_core.worktime.texts import dated_span_text


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rules of one kind of period, and the days of the run for which they are not computed.

    ``whole`` says that this is all of the run; ``first`` that the kind is the plan's own.
    """

    kind: PeriodKind
    rules: int
    days: tuple[tuple[date, date], ...]
    whole: bool
    first: bool

    @property
    def text(self) -> str:
        """What a person reads."""
        word = PERIOD_WORDS[self.kind]
        if self.whole:
            return f"本次考核期间不满一个完整的{word}，方案里按{word}计算的{self.rules}条规则没有计算。"
        days = "、".join(dated_span_text(*one) for one in self.days)
        return f"{days}不在完整的{word}之内，按{word}计算的{self.rules}条规则没有计算这些天。"


def left_out(program: Program) -> tuple[LeftOut, ...]:
    """What the run leaves out, the plan's own kind of period first. Empty for a whole period."""
    return tuple(sorted(_left_out(program), key=lambda one: (not one.first, one.kind.value)))


def _left_out(program: Program) -> Iterator[LeftOut]:
    own = program.plan.periods[0] if program.plan.periods else PeriodKind.QUARTER
    period_rules = (node for node in program.nodes.values() if isinstance(node, PeriodRule))
    rules: tuple[EventRule | PeriodRule, ...] = (*program.events, *period_rules)
    counts = Counter(rule.period or own for rule in rules)
    run = program.run
    for kind, number in counts.items():
        held = inside(kind, run)
        days = tuple(_around(run, held))
        if days:
            yield LeftOut(kind, number, days, whole=not held, first=kind is own)


def _around(run: Period, held: Sequence[Period]) -> Iterator[tuple[date, date]]:
    """The days of the run before and behind the periods that it holds, which touch each other."""
    if not held:
        yield run.start, run.end
        return
    if run.start < held[0].start:
        yield run.start, held[0].start - ONE_DAY
    if held[-1].end < run.end:
        yield held[-1].end + ONE_DAY, run.end
