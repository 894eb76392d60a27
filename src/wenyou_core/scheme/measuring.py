"""What each measure is: whose, of which kind of period, how exact; and whether it may be so.

A measure is resolved once, when it is first asked for; what it reads is resolved before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from wenyou_core.errors import Place
from wenyou_core.scheme.infer import Context
from wenyou_core.scheme.measures import MeasureDef
from wenyou_core.scheme.scope import PERIOD_WORDS, Scope, hint
from wenyou_core.scheme.types import ANY, Kind, Type
from wenyou_core.scheme.words import PeriodKind, SubjectKind


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureType:
    """What a measure is: whose, of which period kind, and how exact.

    ``digits`` counts decimals of an exact value; None means an unrounded ratio.
    """

    population: str
    period: PeriodKind
    digits: int | None


@dataclass(slots=True)
class Measures:
    """Resolves the measures of a plan and notes what is wrong with them."""

    scope: Scope
    resolver: Callable[[Measures, MeasureDef], MeasureType | None]
    types: dict[str, MeasureType | None] = field(default_factory=dict)

    def resolve(self, name: str) -> MeasureType | None:
        """The type of a declared measure; None when it has none (a fault is noted)."""
        if name not in self.types:
            self.types[name] = None  # a circle ends here; depends.py tells of it
            self.types[name] = self.resolver(self, self.scope.measures[name])
        return self.types[name]

    def find(self, name: str, *, place: Place, label: str) -> MeasureType | None:
        """The type of a measure that something names; notes an unknown name."""
        if name in self.scope.measures:
            return self.resolve(name)
        known = {one.name for one in self.scope.named()}
        text = f"{label}：指标“{name}”没有声明；{hint(name, self.scope.measures)}"
        if name in known:
            text = f"{label}：“{name}”不是指标，这里只能引用指标；规则的合计请先写成 entries 指标。"
        self.scope.fault(place, "unknown-name", text)
        return None

    def type_here(
        self, name: str, population: str, period: PeriodKind, *, place: Place, label: str
    ) -> Type:
        """The type of a measure read for a population and a period."""
        found = self.find(name, place=place, label=label)
        if found is None:
            return ANY
        self.check_reach(name, found, population, period, place=place, label=label)
        return Type(Kind.NUMBER, found.digits)

    def check_reach(
        self,
        name: str,
        found: MeasureType,
        population: str,
        period: PeriodKind,
        *,
        place: Place,
        label: str,
    ) -> None:
        """Only measures of the same population, or of the adopting unit, in the same period."""
        whose = self.scope.population(found.population)
        upward = whose is not None and whose.of is SubjectKind.ADOPTER
        one_value = getattr(self.scope.measures.get(name), "whole", False)
        reader = self.scope.population(population) if population else None
        if reader is not None and reader.of is SubjectKind.ADOPTER and one_value:
            upward = True  # a statistic of the whole has one value, that of the adopting unit
        if population and found.population != population and not upward:
            self.scope.fault(
                place,
                "other-population",
                f"{label}：指标“{name}”属于对象“{found.population}”，这里的对象是“{population}”；"
                "跨对象请用 across 或 members 指标。",
            )
        if found.period is not period:
            self.scope.fault(
                place,
                "other-period",
                f"{label}：指标“{name}”按{PERIOD_WORDS[found.period]}计算，"
                f"这里按{PERIOD_WORDS[period]}；请用 roll 指标汇总，或改成同一种期间。",
            )


def subject_context(
    measures: Measures, each: str, period: PeriodKind, *, place: Place, label: str
) -> Context:
    """Where an expression over the subjects of a population stands; notes an unknown population."""
    scope = measures.scope
    population = scope.population(each)
    if population is None:
        scope.fault(
            place,
            "unknown-name",
            f"{label}：对象“{each}”没有声明；{hint(each, scope.plan.populations)}",
        )
    return Context(
        scope=scope,
        place=place,
        label=label,
        population=each if population else "",
        period=period,
        of=population.of if population else None,
        readings=measures,
    )
