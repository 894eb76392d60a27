"""Random rules over subjects, limits, grades, awards, targets and obligations."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.core.assess.gen_base import PERSON, STEPS
from tests.core.assess.gen_exprs import holding
from tests.core.assess.gen_nodes import Nodes
from tests.core.assess.gen_rules import PERIOD_DAYS, Maker
from wenyou_core.scheme.amounts import Fixed
from wenyou_core.scheme.outcomes import Award, Condition, Grade, Obligation, Step, Target
from wenyou_core.scheme.rules import Limit, PeriodRule, Whom
from wenyou_core.scheme.words import (
    From,
    LimitPer,
    PeriodKind,
    SubjectKind,
    Tie,
)

F = Fraction


@dataclass(slots=True)
class Outcomes(Nodes):
    """Makes what stands on measures."""

    # -- rules over subjects ------------------------------------------------------------------

    def period_rule(self, name: str) -> PeriodRule | None:
        """A rule at the period's end."""
        maker, rng, like = self.maker, self.maker.rng, self._some()
        if like is None:
            return None
        names, ledger = self.names(like.population, like.period), rng.choice(["points", "money"])
        maker.ledgers[name] = ledger
        by = [one.name for one in self.readable(like.population, like.period)]
        amount = maker.maybe(0.85, maker.amount(ledger, names, event=False), None)
        effects = maker.effects() if amount is not None else maker.effects() or ()
        if amount is None and not effects:
            amount = maker.computed(ledger, names)
        whoms = [Whom(who="subject"), Whom(who="head"), Whom(who="parent", up=1)]
        whoms += [Whom(who="members")] + (
            [Whom(who="person")] if self.of(like.population) is PERSON else []
        )
        return PeriodRule(
            name=name,
            title=f"规则{name}",
            each=like.population,
            when=maker.maybe(0.7, holding(rng, names), None),
            pick=maker.maybe(0.6, maker.pick(by), None),
            whom=(rng.choice(whoms),) if rng.random() < 0.5 else (),
            amount=amount,
            limit=maker.bounds(ledger) if amount is not None and rng.random() < 0.3 else None,
            joint=(maker.joint(rng.choice(whoms), ledger),)
            if amount is not None and rng.random() < 0.4
            else (),
            effects=effects,
            decide=rng.random() < 0.12,
            period=like.period,
            place=maker.place(),
        )

    def limits(self) -> list[Limit]:
        """A limit over event rules of one ledger and period, and perhaps one around it."""
        rng = self.maker.rng
        paying = [rule for rule in self.rules if rule.amount is not None]
        if not paying:
            return []
        first = rng.choice(paying)
        ledger = self.maker.ledgers[first.name]
        alike = [
            one.name
            for one in paying
            if self.maker.ledgers[one.name] == ledger
            and self.periods(one.period) is self.periods(first.period)
        ]
        inner = tuple(alike[: rng.choice([1, 2])])
        found = [self._limit("inner_limit", inner, ledger)]
        if rng.random() < 0.6:
            rest = [one for one in alike if one not in inner][:1]
            found.append(self._limit("outer_limit", ("inner_limit", *rest), ledger))
        return found

    def _limit(self, name: str, listed: tuple[str, ...], ledger: str) -> Limit:
        ends = self.maker.bounds(ledger)
        per = LimitPer.PERIOD if ends.per is LimitPer.EVENT else ends.per
        self.maker.ledgers[name] = ledger
        return Limit(
            name=name,
            title="上下限",
            limit=listed,
            floor=ends.floor,
            ceiling=ends.ceiling,
            per=per,
            place=self.maker.place(),
        )

    # -- outcomes ---------------------------------------------------------------------------

    def award(self, name: str) -> Award | None:
        """An award."""
        maker, rng, like = self.maker, self.maker.rng, self._some()
        if like is None:
            return None
        names = self.names(like.population, like.period)
        by = [one.name for one in self.readable(like.population, like.period)]
        prize = Fixed(sum=maker.sum("money", 1)) if rng.random() < 0.6 else Fixed(param="prize")
        amount = maker.maybe(0.7, prize, None)
        split = amount is not None and rng.random() < 0.5
        return Award(
            name=name,
            title=f"奖项{name}",
            each=like.population,
            conditions=tuple(
                Condition(title=f"条件{at}", when=holding(rng, names))
                for at in range(rng.choice([0, 1, 2]))
            ),
            bars=tuple(sorted(maker.bars)[: rng.choice([0, 1, 2])]),
            pick=maker.maybe(0.6, maker.pick(by), None),
            amount=amount,
            split=split,
            round=maker.round(2) if split else None,
            decide=rng.random() < 0.12,
            period=like.period,
            place=maker.place(),
        )

    def target(self, name: str) -> Target | None:
        """A target."""
        like = self._some()
        if like is None:
            return None
        when = holding(self.maker.rng, self.names(like.population, like.period))
        return Target(
            name=name,
            title="目标",
            each=like.population,
            when=when,
            period=like.period,
            place=self.maker.place(),
        )

    def times(self) -> int | str:
        """How often: a number, or a parameter."""
        return "param.times" if self.maker.rng.random() < 0.4 else self.maker.rng.choice([1, 3])

    def obligation(self, name: str) -> Obligation:
        """A counted frequency."""
        rng, maker = self.maker.rng, self.maker
        kind = rng.choice(["finding", "filing", "complaint"])
        period = rng.choice(maker.plan.periods)
        every = {
            PeriodKind.MONTH: "month",
            PeriodKind.QUARTER: "quarter",
            PeriodKind.HALF: "half",
            PeriodKind.YEAR: "year",
            PeriodKind.CAMPAIGN: "campaign",
        }[period]
        window = maker.maybe(0.3, self.window(SubjectKind.UNIT), None)
        names = maker.facts(kind)
        names.dates += PERIOD_DAYS
        return Obligation(
            name=name,
            title="要求",
            who="负责人",
            each=rng.choice(["outlets", "units", "whole"]),
            facts=kind,
            where=maker.maybe(0.4, holding(rng, names), None),
            times=self.times(),
            every="two_months" if window else every,
            window=window,
            period=period,
            place=maker.place(),
        )


def grade_of(maker: Maker, nodes: Nodes) -> Grade | None:
    """The grade, whose steps look at the measures that were made."""
    rng = maker.rng
    if not nodes.known:
        return None
    like = rng.choice(nodes.known)
    names = nodes.names(like.population, like.period)
    by = [one.name for one in nodes.readable(like.population, like.period)]
    quotas = rng.random() < 0.4
    kept = rng.random() < 0.4 and like.population != "whole"
    return Grade(
        name="level",
        title="等级",
        each=like.population,
        steps=tuple(
            Step(
                name=step,
                when=holding(rng, names, 1),
                share=rng.choice([F("0.2"), F("0.5"), F("0.8")]) if quotas and at < 2 else None,
            )
            for at, step in enumerate(STEPS)
        ),
        otherwise="无星",
        by=tuple(by[:2]),
        start=rng.choice(list(From)),
        tie=rng.choice([*Tie, "param.tie"]),
        kept="star" if kept else "",
        climb=rng.choice([1, 2]) if kept else 0,
        period=like.period,
        place=maker.place(),
    )
