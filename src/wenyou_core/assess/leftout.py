"""Rules and outcomes that a run does not compute, because it does not hold their periods whole.

A month of a plan that fines by the quarter has no fines at all, a quarter no award of the year:
that must be said, or the empty result is taken for a good one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wenyou_core.assess.cells import inside
from wenyou_core.assess.program import Node, Program
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.outcoming import kind_of_frequency
from wenyou_core.scheme.rules import EventRule, PeriodRule
from wenyou_core.scheme.sentence_words import PERIOD_WORDS
from wenyou_core.scheme.words import PeriodKind
from wenyou_core.worktime.months import ONE_DAY
from wenyou_core.worktime.periods import Period
from wenyou_core.worktime.texts import dated_span_text

_KINDS: tuple[tuple[type[EventRule | Node], str, str], ...] = (
    (EventRule, "rules", "条规则"),
    (PeriodRule, "rules", "条规则"),
    (Award, "awards", "项评优"),
    (Grade, "grades", "项等级"),
    (Target, "targets", "项目标"),
    (Obligation, "duties", "项频次要求"),
)
_WORDS = {name: word for _, name, word in _KINDS}


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What of one kind of period is not computed, and for which days of the run.

    ``rules`` to ``duties`` count what the plan has of each; ``whole`` says that the days are all
    of the run; ``first`` that the kind is the plan's own.
    """

    kind: PeriodKind
    days: tuple[tuple[date, date], ...]
    whole: bool
    first: bool
    rules: int = 0
    awards: int = 0
    grades: int = 0
    targets: int = 0
    duties: int = 0

    @property
    def text(self) -> str:
        """What a person reads."""
        word = PERIOD_WORDS[self.kind]
        counts = ((getattr(self, name), said) for name, said in _WORDS.items())
        what = "、".join(f"{number}{said}" for number, said in counts if number)
        if self.whole:
            return f"本次考核期间不满一个完整的{word}，方案里按{word}计算的{what}没有计算。"
        days = "、".join(dated_span_text(*one) for one in self.days)
        return f"{days}不在完整的{word}之内，按{word}计算的{what}没有计算这些天。"


def left_out(program: Program) -> tuple[LeftOut, ...]:
    """What the run leaves out, the plan's own kind of period first. Empty for a whole period."""
    return tuple(sorted(_left_out(program), key=lambda one: (not one.first, one.kind.value)))


def _left_out(program: Program) -> Iterator[LeftOut]:
    own = program.plan.periods[0] if program.plan.periods else PeriodKind.QUARTER
    counts: dict[PeriodKind, Counter[str]] = defaultdict(Counter)
    for one in (*program.events, *program.nodes.values()):
        name = next((name for kind, name, _ in _KINDS if isinstance(one, kind)), "")
        if name:
            counts[_period(one) or own][name] += 1
    run = program.run
    for kind, numbers in counts.items():
        held = inside(kind, run)
        days = tuple(_around(run, held))
        if days:
            yield LeftOut(kind=kind, days=days, whole=not held, first=kind is own, **numbers)


def _period(one: EventRule | Node) -> PeriodKind | None:
    """The kind of period that a rule or outcome names itself."""
    if isinstance(one, Obligation):
        return kind_of_frequency(one)
    return one.period if isinstance(one, EventRule | PeriodRule | Award | Grade | Target) else None


def _around(run: Period, held: Sequence[Period]) -> Iterator[tuple[date, date]]:
    """The days of the run before and behind the periods that it holds, which touch each other."""
    if not held:
        yield run.start, run.end
        return
    if run.start < held[0].start:
        yield run.start, held[0].start - ONE_DAY
    if held[-1].end < run.end:
        yield held[-1].end + ONE_DAY, run.end
