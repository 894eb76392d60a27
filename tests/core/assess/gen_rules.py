"""Random rules: amounts, repeats, whom, bounds, joints, effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import TypeVar

from tests.core.assess.gen_base import FACTS, LEVELS, PERSON, fact_names
from tests.core.assess.gen_exprs import Names, holding, interval, number
from wenyou_core.errors import Place
from wenyou_core.scheme.amounts import (
    Amount,
    Band,
    Bands,
    End,
    Fixed,
    FromExpr,
    FromRange,
    FromTable,
    Linear,
    PerUnit,
    Round,
    Scaled,
    Sum,
)
from wenyou_core.scheme.expr import Expr, Field, Param
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.outcomes import Grade
from wenyou_core.scheme.rules import (
    Again,
    Bar,
    Bounds,
    Cap,
    Effect,
    EventRule,
    Joint,
    Pick,
    Whom,
    Window,
)
from wenyou_core.scheme.running import ONE_AT_MOST
from wenyou_core.scheme.words import From, LimitPer, PeriodKind, Rounding, Tie, Until

_T = TypeVar("_T")
F = Fraction
NUMBERS = tuple(
    F(text) for text in ["1", "2", "5", "10", "100", "300", "0.5", "1.5", "0.25", "12.5"]
)
BARS = ("honors", "stars")
PERIOD_DAYS = [Field("period", "start"), Field("period", "end")]


@dataclass(slots=True)
class Maker:
    """What is being made: the plan's ground, and the names given so far."""

    rng: Random
    plan: Plan
    serial: int = 0
    numbers: list[tuple[Expr, int]] = field(default_factory=list)  # number parameters
    grade: Grade | None = None
    ledgers: dict[str, str] = field(default_factory=dict)  # of rules
    sets: dict[str, PeriodKind | None] = field(default_factory=dict)  # periods of sets in use
    bars: set[str] = field(default_factory=set)  # that some rule sets

    def place(self) -> Place:
        """A place of its own, so that a fault tells what to leave out."""
        self.serial += 1
        return Place(line=self.serial)

    def maybe(self, chance: float, value: _T, otherwise: _T) -> _T:
        """The value, as often as the chance says."""
        return value if self.rng.random() < chance else otherwise

    def period(self) -> PeriodKind | None:
        """A period kind of the plan, or none: the plan's first."""
        return self.maybe(0.5, None, self.rng.choice(self.plan.periods))

    def params(self, names: Names) -> Names:
        """The names with the plan's parameters."""
        names.numbers += self.numbers
        names.words.append((Param("level"), LEVELS))
        names.flags.append(Param("flag"))
        names.dates.append(Param("from_day"))
        return names

    def tables(self, names: Names, *, levels: bool) -> Names:
        """The names with the tables of numbers that can be looked up there."""
        names.numbers.append((Field("table", "by_group"), 2))
        if levels:
            names.numbers.append((Field("table", "by_level"), 1))
        return names

    def facts(self, kind: str) -> Names:
        """What an expression over facts of a kind may name."""
        return self.tables(self.params(fact_names(kind)), levels="level" in FACTS[kind].fields)

    # -- amounts ----------------------------------------------------------------------------

    def sum(self, ledger: str, sign: int = 0) -> Sum:
        """An amount that its ledger holds."""
        digits = self.plan.ledgers[ledger].digits
        fits = [one for one in NUMBERS if (one * 10**digits).denominator == 1]
        signed = sign or self.rng.choice([-1, -1, 1])
        return Sum(number=signed * self.rng.choice(fits), ledger=ledger)

    def amount(self, ledger: str, names: Names, *, event: bool) -> Amount:
        """An amount of any form."""
        rng = self.rng
        forms = ["fixed", "fixed", "expr", "per_unit", "bands", "linear", "range"]
        if ledger == "money":
            forms.append("param")
        if event:
            forms += ["table", "table"]
        match rng.choice(forms):
            case "param":
                return Fixed(param="fine")
            case "table":
                return FromTable(table=f"by_level_{ledger}")
            case "expr":
                return self.computed(ledger, names)
            case "range":
                return FromRange(range=(self.sum(ledger, -1), self.sum(ledger, 1)))
            case "per_unit":
                return PerUnit(
                    per=number(rng, names)[0],
                    each=self.sum(ledger),
                    free=rng.choice([F(0), F(1), F("0.5")]),
                    step=rng.choice([F(1), F(2), F("0.5"), F("2.5")]),
                    part=rng.choice([Rounding.UP, Rounding.DOWN]),
                )
            case "bands":
                return self.bands(ledger, names)
            case "linear":
                low, high = sorted(rng.sample([F(0), F(1), F("2.5"), F(10)], 2))
                heights = rng.sample([F(0), F(-3), F(15), F("7.5")], 2)
                return Linear(
                    linear=number(rng, names)[0],
                    start=(low, heights[0]),
                    end=(high, heights[1]),
                    ledger=ledger,
                    round=self.round(self.plan.ledgers[ledger].digits),
                )
        return Fixed(sum=self.sum(ledger))

    def computed(self, ledger: str, names: Names) -> FromExpr:
        value, digits = number(self.rng, names)
        most = self.plan.ledgers[ledger].digits
        needed = digits > most or self.rng.random() < 0.3
        return FromExpr(value=value, ledger=ledger, round=self.round(most) if needed else None)

    def bands(self, ledger: str, names: Names) -> Bands:
        rng = self.rng
        ends = (F(0), F(1), F("2.5"), F(5), F(50))
        rows = [
            Band(interval=interval(rng, ends), sum=self.sum(ledger))
            for _ in range(rng.choice([1, 2, 3]))
        ]
        if names.ratios and rng.random() < 0.4:
            return Bands(bands=rng.choice(names.ratios), rows=tuple(rows))
        return Bands(bands=number(rng, names)[0], rows=tuple(rows))

    def round(self, most: int) -> Round:
        """A rounding with at most so many decimals."""
        return Round(digits=self.rng.randint(0, most), mode=self.rng.choice(list(Rounding)))

    # -- event rules ------------------------------------------------------------------------

    def event_rule(self, name: str, sets: Sequence[str]) -> EventRule:
        """A rule of any shape."""
        rng = self.rng
        on = rng.choice([*["finding"] * 3, "complaint", "complaint", "praise", "filing"])
        names, ledger = self.facts(on), rng.choice(["points", "money", "points", "days"])
        again = self.maybe(0.4, self.again(on, ledger), None)
        if again is None:
            names.dates += PERIOD_DAYS
        effects = self.effects()
        amount = self.maybe(0.88, self.amount(ledger, names, event=True), None)
        if isinstance(amount, FromTable) and "level" not in FACTS[on].fields:
            amount = Fixed(sum=self.sum(ledger))
        if amount is None and not effects:
            effects = (Effect(task="约谈"),)
        pays = amount is not None
        self.ledgers[name] = ledger if pays else ""
        together, period = self.stand(sets if pays else ())
        whom = self.whoms(on)
        return EventRule(
            name=name,
            title=f"规则{name}",
            on=on,
            where=self.maybe(0.35, holding(rng, names, 1), None),
            whom=whom,
            amount=amount,
            again=again,
            together=together,
            limit=self.event_bounds(on, ledger, whom) if pays and rng.random() < 0.4 else None,
            joint=self.joints(on, ledger) if pays and rng.random() < 0.4 else (),
            effects=effects,
            decide=rng.random() < 0.1,
            evidence=rng.choice([0, 0, 0, 0, 1, 2]),
            date=self.date(on),
            period=period,
            since=self.maybe(0.12, rng.choice([date(2025, 3, 31), date(2025, 7, 1)]), None),
            till=self.maybe(0.12, rng.choice([date(2025, 8, 10), date(2025, 8, 15)]), None),
            place=self.place(),
        )

    def stand(self, sets: Sequence[str]) -> tuple[tuple[str, ...], PeriodKind | None]:
        """Exclusion sets to stand in, in their order, and the period that all of them have."""
        if not sets or self.rng.random() >= 0.7:
            return (), self.period()
        first = self.rng.choice(sets)
        period = self.sets.setdefault(first, self.period())
        both = {first}
        for other in sets:
            if self.rng.random() < 0.4 and self.sets.setdefault(other, period) is period:
                both.add(other)
        return tuple(one for one in sets if one in both), period

    def date(self, on: str) -> str:
        """Which date decides: mostly the plan's."""
        dates = ["", "", "", "", "known", "happened", "param.decided"]
        return self.rng.choice([*dates, "due"] if "due" in FACTS[on].fields else dates)

    def whoms(self, on: str) -> tuple[Whom, ...]:
        """One or two words."""
        number = self.rng.choice([1, 1, 1, 2])
        return tuple(dict.fromkeys(self.whom(on) for _ in range(number)))

    def whom(self, on: str) -> Whom:
        """Whom an event rule, or its joint, may name."""
        rng = self.rng
        words = [Whom(who="unit"), Whom(who="unit"), Whom(who="head"), Whom(who="members")]
        words += [Whom(who="head", up=1), Whom(who="parent", up=1), Whom(who="coach", up=2)]
        if PERSON in FACTS[on].subjects:
            words += [Whom(who="person"), Whom(who="person")]
        if "who" in FACTS[on].fields:
            words += [Whom(who="present", field="who")] * 2
        for name in ("other", "by"):
            words += [Whom(who="field", field=name)] * (name in FACTS[on].fields)
        return rng.choice(words)

    def window(self) -> Window:
        """Any kind of window."""
        rng = self.rng
        kind = rng.choice(["months", "days", "days", "year", "period", "all", "cycle", "param"])
        match kind:
            case "months":
                return Window(kind=kind, number=rng.choice([1, 3, 6, 12]))
            case "days":
                return Window(kind=kind, number=rng.choice([1, 30, 90, 365]))
            case "cycle":
                return Window(kind=kind, param=rng.choice(["person.joined", "unit.opened"]))
            case "param":
                return Window(kind=kind, param="back")
        return Window(kind=kind)

    def again(self, on: str, ledger: str) -> Again:
        """Repeats of any form."""
        rng = self.rng
        same = self.same(on) if rng.random() < 0.6 else ()
        factors: tuple[Fraction, ...] = ()
        factor, ceiling = None, None
        match rng.randrange(4):
            case 0:
                factors = rng.choice([(F(1), F("1.5")), (F(1), F(2), F(3)), (F(0), F(1))])
            case 1:
                factor = rng.choice([F(2), F(3), F(1)])
                ceiling = self.maybe(0.5, self.most(ledger), None)
            case 2:
                factor = rng.choice([F(2), F("1.5")])
                ceiling = self.most(ledger)
        from_count = rng.choice([1, 1, 1, 2]) if factors or factor else rng.choice([2, 2, 3])
        return Again(
            window=self.window(),
            same=same,
            factors=factors,
            factor=factor,
            ceiling=ceiling,
            from_count=from_count,
        )

    def most(self, ledger: str) -> Fixed:
        """The ceiling of a repeat: an amount, or a parameter of either sign."""
        if ledger == "money" and self.rng.random() < 0.8:
            return Fixed(param=self.rng.choice(["fine", "prize"]))
        return Fixed(sum=self.sum(ledger, 1))

    def bounds(self, ledger: str) -> Bounds:
        """A floor, a ceiling, or both."""
        rng = self.rng
        chosen = rng.randrange(3)
        beyond_zero = -1 if chosen < 2 and rng.random() < 0.2 else 1
        floor, ceiling = self.end(ledger, -beyond_zero), self.end(ledger, beyond_zero)
        per = list(LimitPer)
        if PeriodKind.CAMPAIGN in self.plan.periods:
            per.remove(LimitPer.YEAR)
        return Bounds(
            floor=None if chosen == 0 else floor,
            ceiling=None if chosen == 1 else ceiling,
            per=rng.choice(per),
        )

    def event_bounds(self, on: str, ledger: str, whom: tuple[Whom, ...]) -> Bounds:
        """Bounds of an event rule; of a period or year they may run, by a key of its own."""
        found = self.bounds(ledger)
        if found.per is LimitPer.EVENT or self.rng.random() < 0.4:
            return found
        single = len(whom) == 1 and whom[0].who in ONE_AT_MOST
        same = self.same(on) if single and self.rng.random() < 0.8 else ()
        return replace(found, running=True, same=same)

    def same(self, on: str) -> tuple[str, ...]:
        """One or two fields that make facts alike."""
        own = ("level", "type", "note", "due", "score", "other")
        known = [one.value for one in FACTS[on].subjects]
        known += [name for name in own if name in FACTS[on].fields]
        return tuple(self.rng.sample(known, self.rng.choice([1, 1, 2])))

    def end(self, ledger: str, sign: int) -> End:
        """A floor or a ceiling: an amount, or a parameter of that sign."""
        if self.rng.random() < 0.2:
            names = ["count", "times", *(["weight"] * (self.plan.ledgers[ledger].digits > 1))]
            return Scaled(param=self.rng.choice(names), ledger=ledger, turned=sign < 0)
        of_param = ledger == "money" and self.rng.random() < 0.4
        if of_param:
            return Fixed(param="fine" if sign < 0 else "prize")
        return Fixed(sum=self.sum(ledger, sign))

    def joints(self, on: str, ledger: str) -> tuple[Joint, ...]:
        """One or two that share."""
        return tuple(self.joint(self.whom(on), ledger) for _ in range(self.rng.choice([1, 1, 2])))

    def joint(self, whom: Whom, ledger: str) -> Joint:
        """A percentage or an own amount."""
        rng = self.rng
        chosen = rng.random()
        if chosen < 0.3:
            return Joint(whom=whom, amount=self.sum(rng.choice(["points", "money"])))
        percent = rng.choice([F("0.5"), F("0.2"), F(1), F("0.333"), F("1.5"), F("0.05")])
        most = self.plan.ledgers[ledger].digits
        if chosen > 0.8:
            return Joint(whom=whom, percent=percent, round=self.round(most), instead=True)
        return Joint(whom=whom, percent=percent, round=self.maybe(0.7, self.round(most), None))

    def effects(self) -> tuple[Effect, ...]:
        """Bars, caps, tasks."""
        rng, found = self.rng, list[Effect]()
        if rng.random() < 0.3:
            what = rng.choice(BARS)
            self.bars.add(what)
            found.append(Effect(bar=Bar(what=what, until=rng.choice(list(Until)))))
        if rng.random() < 0.15:
            found.append(Effect(task=rng.choice(["约谈", "整改"])))
        if self.grade is not None and rng.random() < 0.4:
            steps = [one.name for one in self.grade.steps[1:]] + [self.grade.otherwise]
            found.append(Effect(cap=Cap(grade=self.grade.name, at_most=rng.choice(steps))))
        return tuple(found)

    def places(self) -> int | str:
        """How many a selection takes: a number, or the parameter that says it."""
        return self.rng.choice((1, 1, 2, 3)) if self.rng.random() < 0.8 else "param.times"

    def pick(self, measures: Sequence[str]) -> Pick:
        """A selection by measures."""
        rng = self.rng
        share = self.maybe(0.4, rng.choice([F("0.1"), F("0.5"), F(1, 3), F(1)]), None)
        return Pick(
            by=tuple(rng.sample(measures, min(len(measures), rng.choice([1, 1, 2])))),
            start=rng.choice(list(From)),
            take=0 if share is not None else self.places(),
            share=share,
            part=rng.choice(list(Rounding)),
            base=rng.choice(["eligible", "all"]),
            tie=rng.choice([*Tie, "param.tie"]),
        )
