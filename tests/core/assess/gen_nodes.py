"""Random measures, each over what was made before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tests.core.assess.gen_base import FACTS, PERSON, attributes
from tests.core.assess.gen_exprs import Names, holding, number
from tests.core.assess.gen_rules import PERIOD_DAYS, Maker
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.expr import Expr, Field, Measure
from wenyou_core.scheme.measures import (
    Across,
    Change,
    EntryMeasure,
    FactMeasure,
    Formula,
    MeasureDef,
    Members,
    RankOf,
    Ratio,
    Roll,
    ShareOf,
    StepOf,
    Streak,
)
from wenyou_core.scheme.outcomes import Grade
from wenyou_core.scheme.rules import EventRule, Window
from wenyou_core.scheme.words import (
    Against,
    Empty,
    From,
    PeriodKind,
    Stat,
    SubjectKind,
    ValueType,
)

F = Fraction


@dataclass(frozen=True, slots=True)
class Known:
    """A measure that is there already. ``digits`` None: an unrounded ratio."""

    name: str
    population: str
    period: PeriodKind
    digits: int | None


@dataclass(slots=True)
class Nodes:
    """Makes nodes that read what was made before."""

    maker: Maker
    rules: Sequence[EventRule]
    grade: Grade | None = None
    known: list[Known] = field(default_factory=list)
    made: list[MeasureDef] = field(default_factory=list)

    def periods(self, period: PeriodKind | None) -> PeriodKind:
        """A period kind, the plan's first for none."""
        return period or self.maker.plan.periods[0]

    def population(self) -> str:
        """Any population."""
        return self.maker.rng.choice(["outlets", "outlets", "units", "staff", "whole"])

    def of(self, population: str) -> SubjectKind:
        """Whose a population is."""
        return self.maker.plan.populations[population].of

    def readable(self, population: str, period: PeriodKind) -> list[Known]:
        """The measures an expression of a population may read."""
        return [
            one
            for one in self.known
            if one.period is period and one.population in (population, "whole")
        ]

    def names(self, population: str, period: PeriodKind) -> Names:
        """What an expression over subjects may name."""
        names = Names()
        for one in self.readable(population, period):
            tree: Expr = Measure(one.name)
            if one.digits is None:
                names.ratios.append(tree)
            else:
                names.numbers += [(tree, one.digits)] * 3
        attributes(names, person=self.of(population) is PERSON)
        names.times.clear()
        names.dates += [Field("period", "start"), Field("period", "end")]
        return self.maker.tables(self.maker.params(names), levels=False)

    # -- measures ---------------------------------------------------------------------------

    def measure(self, name: str) -> MeasureDef | None:
        """A measure of any kind; None when what it needs is not there."""
        rng = self.maker.rng
        makers: list[Callable[[str], MeasureDef | None]] = [self.facts, self.facts, self.entries]
        if self.known:
            makers += [
                self.ratio,
                self.formula,
                self.across,
                self.across,
                self.share,
                self.rank,
                self.change,
                self.streak,
                self.roll,
                self.members,
                self.members,
            ]
        if self.grade is not None:
            makers += [self.step] * 3
        made = rng.choice(makers)(name)
        if made is None:
            return None
        made = replace(made, name=name, title=f"指标{name}", place=self.maker.place())
        self.made.append(made)
        return made

    def note(self, name: str, population: str, period: PeriodKind, digits: int | None) -> None:
        """Remember what a measure is."""
        self.known.append(Known(name, population, period, digits))

    def facts(self, name: str) -> MeasureDef | None:
        rng, population, period = self.maker.rng, self.population(), self.maker.period()
        kind = rng.choice(list(FACTS))
        fields, of = FACTS[kind].fields, self.of(population)
        wanted = {SubjectKind.PERSON: ValueType.PERSON}.get(of, ValueType.UNIT)
        links = [key for key, one in fields.items() if one.type is wanted]
        if of is PERSON and PERSON not in FACTS[kind].subjects:
            return None
        how = rng.choice(["count", "count", "sum", "min", "max", "median", "latest", "distinct"])
        names = self.maker.facts(kind)
        names.dates += PERIOD_DAYS
        expr, digits = number(rng, names, 1)
        if how == "distinct":
            digits = 0
            if names.words and rng.random() < 0.5:
                expr = rng.choice(names.words)[0]
        digits += how == "median"
        self.note(name, population, self.periods(period), 0 if how == "count" else digits)
        return FactMeasure(
            each=population,
            facts=kind,
            how=how,
            of=None if how == "count" else expr,
            where=self.maker.maybe(0.5, holding(rng, names), None),
            link=rng.choice(links) if links and rng.random() < 0.3 else "",
            beneath=of is not PERSON and rng.random() < 0.25,
            date=rng.choice(["", "", "", "known", "param.decided"]),
            window=self.maker.maybe(0.35, self.window(of), None),
            period=period,
        )

    def window(self, of: SubjectKind) -> Window:
        """A window that a measure of these subjects may have."""
        found = self.maker.window()
        if found.kind == "cycle":
            return replace(found, param="person.joined" if of is PERSON else "unit.opened")
        return found

    def entries(self, name: str) -> MeasureDef | None:
        rng, population, period = self.maker.rng, self.population(), self.maker.period()
        paying = [rule for rule in self.rules if rule.amount is not None]
        ledgers = self.maker.plan.ledgers
        if paying and rng.random() < 0.6:
            first = rng.choice(paying)
            ledger_of = self.maker.ledgers
            chosen = [one for one in paying if ledger_of[one.name] == ledger_of[first.name]][:2]
            listed = [one.name for one in chosen]
            listed += [f"{one.name}+joint" for one in chosen if one.joint and rng.random() < 0.5]
            entries, ledger, digits = tuple(listed), "", max(one.digits for one in ledgers.values())
        else:
            ledger = rng.choice(list(ledgers))
            entries, digits = (), ledgers[ledger].digits
        base = rng.choice([F(0), F(100), F("0.5")])
        self.note(name, population, self.periods(period), max(digits, 1 if base == F("0.5") else 0))
        return EntryMeasure(
            each=population,
            entries=entries,
            ledger=ledger,
            base=base,
            opening=bool(ledger) and rng.random() < 0.2,
            window=self.maker.maybe(0.25, self.window(self.of(population)), None),
            period=period,
        )

    def _some(self, *, exact: bool = False, ratios: bool = False) -> Known | None:
        """Any measure: ``exact`` no unrounded ratio, ``ratios`` those sooner than others."""
        fits = [one for one in self.known if one.digits is not None or not exact]
        if ratios:
            fits += 4 * [one for one in fits if one.digits is None]
        return self.maker.rng.choice(fits) if fits else None

    def ratio(self, name: str) -> MeasureDef | None:
        rng, first = self.maker.rng, self._some(exact=True)
        if first is None:
            return None
        others = [
            one for one in self.readable(first.population, first.period) if one.digits is not None
        ]
        second = rng.choice(others)
        rounding = self.maker.maybe(0.3, self.maker.round(4), None)
        digits = rounding.digits if rounding else None
        self.note(name, first.population, first.period, digits)
        return Ratio(ratio=(first.name, second.name), empty=rng.choice(list(Empty)), round=rounding)

    def formula(self, name: str) -> MeasureDef | None:
        rng, like = self.maker.rng, self._some()
        assert like is not None
        names = self.names(like.population, like.period)
        expr, digits = number(rng, names)
        rounding = self.maker.maybe(0.3, self.maker.round(3), None)
        if like.digits is None and rng.random() < 0.5:
            expr, rounding = Measure(like.name), self.maker.round(4)
        self.note(name, like.population, like.period, rounding.digits if rounding else digits)
        return Formula(each=like.population, value=expr, round=rounding, period=like.period)

    def _stat(self, like: Known, *more: Stat) -> tuple[Stat, Round | None, int | None]:
        """A statistic with the rounding it needs and its decimals."""
        rng = self.maker.rng
        stats = [one for one in Stat if one not in (Stat.LAST, Stat.SHARE)] + list(more)
        plain = next(one for one in self.made if one.name == like.name)
        if like.digits is not None or not isinstance(plain, Ratio | ShareOf):
            stats.remove(Stat.POOLED)
        else:  # only a ratio as it stands can be pooled, and few measures are
            stats += [Stat.POOLED] * 4
        how = rng.choice(stats)
        rounding = self.maker.maybe(0.4, self.maker.round(4), None)
        if like.digits is None and how in (Stat.MEAN, Stat.SUM, Stat.MEDIAN):
            rounding = self.maker.round(4)
        if how in (Stat.COUNT, Stat.SHARE):
            return how, None, 0 if how is Stat.COUNT else None
        if rounding is not None:
            return how, rounding, rounding.digits
        if how in (Stat.MEAN, Stat.POOLED):
            return how, None, None
        digits = like.digits
        return how, None, None if digits is None else digits + (how is Stat.MEDIAN)

    def across(self, name: str) -> MeasureDef | None:
        rng, like = self.maker.rng, self._some(ratios=True)
        assert like is not None
        how, rounding, digits = self._stat(like)
        where = self.maker.maybe(0.3, holding(rng, self.names(like.population, like.period)), None)
        self.note(name, like.population, like.period, digits)
        return Across(
            across=like.name,
            how=how,
            where=where,
            round=rounding,
            whole=rng.random() < 0.4,
        )

    def share(self, name: str) -> MeasureDef | None:
        rng, like = self.maker.rng, self._some()
        assert like is not None
        names = self.names(like.population, like.period)
        self.note(name, like.population, like.period, None)
        return ShareOf(
            share=holding(rng, names),
            each=like.population,
            base=self.maker.maybe(0.4, holding(rng, names), None),
            empty=rng.choice(list(Empty)),
            whole=rng.random() < 0.4,
            period=like.period,
        )

    def rank(self, name: str) -> MeasureDef | None:
        rng, like = self.maker.rng, self._some()
        assert like is not None
        self.note(name, like.population, like.period, 0)
        return RankOf(rank=like.name, start=rng.choice(list(From)), whole=rng.random() < 0.4)

    def change(self, name: str) -> MeasureDef | None:
        rng, like = self.maker.rng, self._some(exact=True)
        if like is None:
            return None
        how = rng.choice(["difference", "relative"])
        self.note(name, like.population, like.period, None if how == "relative" else like.digits)
        return Change(
            change=like.name,
            against=rng.choice(list(Against)),
            how=how,
            empty=rng.choice(list(Empty)),
        )

    def streak(self, name: str) -> MeasureDef | None:
        rng, like = self.maker.rng, self._some()
        assert like is not None
        names = self.names(like.population, like.period)
        self.note(name, like.population, like.period, 0)
        return Streak(
            streak=holding(rng, names),
            each=like.population,
            most=rng.choice([1, 2, 4]),
            period=like.period,
        )

    def roll(self, name: str) -> MeasureDef | None:
        rng = self.maker.rng
        length = list(PeriodKind)
        longer = [
            (one, to)
            for one in self.known
            for to in self.maker.plan.periods
            if length.index(to) > length.index(one.period)
        ]
        if not longer:
            return None
        like, to = rng.choice(longer)
        how, rounding, digits = self._stat(like, *[Stat.LAST] * 4)  # rolls are few
        self.note(name, like.population, to, digits)
        return Roll(roll=like.name, to=to, how=how, round=rounding)

    def members(self, name: str) -> MeasureDef | None:
        rng = self.maker.rng
        like = self._some(ratios=True)
        assert like is not None
        if self.of(like.population) is SubjectKind.ADOPTER:
            return None
        how, rounding, digits = self._stat(like, Stat.SHARE, Stat.SHARE)
        each = rng.choice(["outlets", "units", "whole"])
        names = self.names(like.population, like.period)
        self.note(name, each, like.period, digits)
        return Members(
            members=like.name,
            each=each,
            how=how,
            where=holding(rng, names, 1) if how is Stat.SHARE or rng.random() < 0.3 else None,
            beneath=rng.random() < 0.4,
            link="helped" if rng.random() < 0.2 else "",
            empty=rng.choice(list(Empty)) if how is Stat.SHARE else None,
            round=rounding,
        )

    def step(self, name: str) -> MeasureDef | None:
        """The step of the grade, where there is one."""
        grade = self.grade
        if grade is None:
            return None
        self.note(name, grade.each, self.periods(grade.period), 0)
        return StepOf(step=grade.name)
