"""Random plans that load: parts that the checks fault are left out again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

from tests.core.assess.gen_base import CLASSES, FACTS, LEVELS, STEPS, TYPES, base_plan
from tests.core.assess.gen_exprs import holding
from tests.core.assess.gen_nodes import Nodes
from tests.core.assess.gen_outcomes import Outcomes, grade_of
from tests.core.assess.gen_rules import Maker
from wenyou_core.assess.bind import bind
from wenyou_core.assess.program import Program
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.check import check
from wenyou_core.scheme.expr import Const, Expr, Field, Param
from wenyou_core.scheme.measures import EntryMeasure
from wenyou_core.scheme.model import (
    Adoption,
    Article,
    Dated,
    ExclusionSet,
    Parameter,
    Plan,
    Table,
)
from wenyou_core.scheme.outcomes import Appeal, Grade, Step
from wenyou_core.scheme.rules import Deem, Exempt
from wenyou_core.scheme.words import MONTHS_IN, ArticleKind, Choose, PeriodKind, ValueType
from wenyou_core.worktime.periods import Period, parse_period

F = Fraction
EARLY, LATER = date(2020, 1, 1), date(2025, 8, 1)
BANKS = ("", "a", "b", "c")
"""What ends the ids of each bank; those of the first are the ones that plans may name."""
ADOPTERS = (("B1", "B2"), ("B1", "B2"), ("B1",), ("B1", "U3"), ("TOP",))
MOST_TRIES = 12
SPACES = ("measures", "rules", "grades", "awards", "targets", "obligations", "sets", "appeals")


@dataclass(frozen=True, slots=True)
class Scheme:
    """A random plan bound to a run."""

    seed: int
    plan: Plan
    adoption: Adoption
    program: Program
    banks: tuple[str, ...] = BANKS


def make_scheme(seed: int) -> Scheme:
    """The random plan of a seed; the same for the same seed."""
    rng = Random(seed)
    plan = base_plan(rng)
    maker = Maker(rng, plan)
    maker.numbers = [(Param("weight"), 2), (Param("count"), 0), (Param("pay"), 2)]
    if rng.random() < 0.5:  # known beforehand so that rules can cap it; filled in later
        steps = tuple(Step(name=name, when=Const(True)) for name in STEPS)
        maker.grade = Grade(name="level", title="等级", each="units", steps=steps, otherwise="无星")
    plan = _without_faults(without(replace(plan, articles=_articles(rng, maker)), set()))
    adoption = Adoption(
        id="a",
        plan=plan.id,
        version=plan.version,
        units=tuple(one + tag for tag in BANKS for one in rng.choice(ADOPTERS)),
        in_force_from=EARLY,
    )
    program = bind(check(plan), adoption, _run(rng, plan))
    return Scheme(seed, plan, adoption, program)


def _run(rng: Random, plan: Plan) -> Period:
    codes = {
        PeriodKind.MONTH: ["2025-08", "2025-02"],
        PeriodKind.QUARTER: ["2025Q3", "2025Q3", "2025Q1"],
        PeriodKind.HALF: ["2025H2"],
        PeriodKind.YEAR: ["2025"],
        PeriodKind.CAMPAIGN: ["2025-05-10..2025-09-20", "2025-07-01..2025-08-31"],
    }
    longest = max(plan.periods, key=list(PeriodKind).index)
    kind = rng.choice([longest, longest, longest, rng.choice(plan.periods)])
    return parse_period(rng.choice(codes[kind]))


# -- articles -------------------------------------------------------------------------------


def _articles(rng: Random, maker: Maker) -> tuple[Article, ...]:
    sets = _sets(maker)
    rules = [maker.event_rule(f"e{at}", list(sets)) for at in range(rng.choice([1, 2, 3, 3]))]
    nodes = Outcomes(maker, rules)
    measures = {}
    for at in range(rng.choice([0, 2, 4, 6, 8])):
        made = nodes.measure(f"m{at}")
        if made is not None:
            measures[made.name] = made
    grade = nodes.grade = grade_of(maker, nodes) if maker.grade is not None else None
    more: dict[str, Any] = {}
    for at in range(rng.choice([0, 0, 1, 2])):
        if (rule := nodes.period_rule(f"r{at}")) is not None:
            more[rule.name] = rule
    if rng.random() < 0.4:
        more |= {one.name: one for one in nodes.limits()}
    late = _late_measures(rng, nodes, list(more))
    split = rng.randint(0, len(rules))
    award = nodes.award("prize") if rng.random() < 0.5 else None
    target = nodes.target("goal") if rng.random() < 0.4 else None
    duty = nodes.obligation("duty") if rng.random() < 0.3 else None
    deems, exempts = _deems(rng, maker), _exempts(rng, maker)
    return (
        _article(
            "一",
            params=_params(rng, maker),
            tables=_tables(maker),
            sets=sets,
            obligations={"duty": duty} if duty else {},
            appeals=_appeals(maker),
        ),
        _article("二", rules={**exempts, **deems, **{one.name: one for one in rules[:split]}}),
        _article("三", rules={**{one.name: one for one in rules[split:]}, **more}),
        _article(
            "四",
            measures={**measures, **late},
            grades={"level": grade} if grade else {},
            awards={"prize": award} if award else {},
            targets={"goal": target} if target else {},
        ),
    )


def _late_measures(rng: Random, nodes: Nodes, rules: list[str]) -> dict[str, Any]:
    """Sums of what rules over subjects and limits write, and what follows from them."""
    found: dict[str, Any] = {}
    made = nodes.entries("late")
    if rules and rng.random() < 0.6 and isinstance(made, EntryMeasure):
        ledgers = nodes.maker.ledgers
        first = rng.choice(rules)
        alike = tuple(one for one in ledgers if ledgers[one] == ledgers[first])
        entries = alike[-3:] if made.entries else ()
        late = replace(made, name="late", title="合计", entries=entries, place=nodes.maker.place())
        nodes.made.append(late)
        found["late"] = late
        nodes.known.append(nodes.known[-1])  # more often read than others
    else:
        nodes.known.pop()
    for name in ("last", "next")[: rng.choice([0, 1, 2])]:
        if (more := nodes.measure(name)) is not None:
            found[name] = more
    return found


def _article(no: str, **parts: Any) -> Article:
    given: dict[str, Any] = {
        space: {name: _owned(one, no) for name, one in things.items()}
        for space, things in parts.items()
    }
    return Article(no=no, title=f"第{no}条", kinds=(ArticleKind.RULE,), **given)


def _owned(one: Any, no: str) -> Any:
    return replace(one, article=no) if hasattr(one, "article") else one


def _appeals(maker: Maker) -> dict[str, Appeal]:
    """A way to appeal, which computes nothing."""
    if maker.rng.random() < 0.9:
        return {}
    way = Appeal(title="申诉", to="小组", closes="param.from_day", place=maker.place())
    return {"way": replace(way, name="way")}


def _sets(maker: Maker) -> dict[str, ExclusionSet]:
    rng = maker.rng
    found = {}
    for name in ("one", "two", "three")[: rng.choice([0, 1, 1, 2, 2, 3])]:
        found[name] = ExclusionSet(
            name=name,
            title="择一",
            choose=rng.choice([*Choose, Choose.HIGHEST, "param.choose"]),
            per=rng.choice([(), (), ("unit",), ("unit", "type"), ("note",)]),
            place=maker.place(),
        )
    return found


def _params(rng: Random, maker: Maker) -> dict[str, Parameter]:
    def one(name: str, kind: ValueType, *values: Any, **more: Any) -> Parameter:
        days = [EARLY] if len(values) == 1 else [EARLY, LATER]
        if rng.random() < 0.5:
            days, values = days[:1], values[:1]
        dated = tuple(
            Dated(since=day, value=value) for day, value in zip(days, values, strict=False)
        )
        if rng.random() < 0.3:
            dated = (replace(dated[0], since=date.min), *dated[1:])
        return Parameter(
            name=name, title=name, type=kind, values=dated, place=maker.place(), **more
        )

    found = [
        one("weight", ValueType.DECIMAL, F("0.2"), F("1.25"), digits=2),
        one("count", ValueType.INT, F(2), F(3)),
        one("pay", ValueType.MONEY, F("1000.5"), F(800)),
        one("level", ValueType.CHOICE, "轻", "重", choices=LEVELS),
        one("flag", ValueType.BOOL, True, False),
        one("from_day", ValueType.DATE, date(2025, 6, 30), date(2025, 9, 1)),
        one("fine", ValueType.AMOUNT, F(-600), F("-12.5"), unit="元", digits=2),
        one("prize", ValueType.AMOUNT, F(500), F("80.5"), unit="元", digits=2),
        one("back", ValueType.WINDOW, *rng.sample(WINDOWS, 2)),
        one("tie", ValueType.CHOICE, *rng.sample(TIES, 2), choices=TIES),
        one("choose", ValueType.CHOICE, *rng.sample(CHOICES, 2), choices=CHOICES),
        one("decided", ValueType.CHOICE, *rng.sample(DAYS, 2), choices=DAYS),
        one("times", ValueType.INT, F(2), F(4)),
    ]
    return {param.name: param for param in found}


WINDOWS = ("12 months", "90 days", "year", "period", "all", "cycle unit.opened")
TIES = ("由考核小组决定", "并列者均计", "并列者均不计")
CHOICES = ("累加", "就高", "就低", "按条款先后")
DAYS = ("发生日期", "登记日期")


def _tables(maker: Maker) -> dict[str, Table]:
    rng = maker.rng
    units = {"points": "分", "money": "元", "days": "天"}
    found = {}
    for ledger, unit in units.items():
        by = ("level",) if rng.random() < 0.5 else ("level", "type")
        keys = [
            level if len(by) == 1 else f"{level}/{type_}" for level in LEVELS for type_ in TYPES
        ]
        cells = {
            key: f"{float(maker.sum(ledger).number):g} {unit}"
            for key in dict.fromkeys(keys)
            if rng.random() < 0.8
        }
        name = f"by_level_{ledger}"
        cells = cells or {keys[0]: f"-1 {unit}"}
        found[name] = Table(name=name, title=name, by=by, values=cells, place=maker.place())
    numbers = {"by_group": ("unit.group", CLASSES, "1.25"), "by_level": ("level", LEVELS, "0.5")}
    for name, (of, words, step) in numbers.items():
        cells = {word: str(F(step) * at) for at, word in enumerate(words) if rng.random() < 0.8}
        shown = {word: f"{float(F(text)):g}" for word, text in cells.items()}
        found[name] = Table(
            name=name, title=name, by=(of,), values=shown or {words[0]: "1"}, place=maker.place()
        )
    return found


# -- before the rules -------------------------------------------------------------------------


def _deems(rng: Random, maker: Maker) -> dict[str, Deem]:
    found = {}
    for at in range(rng.choice([0, 0, 0, 1, 2])):
        source = rng.choice(list(FACTS))
        target = rng.choice([source, *FACTS])
        found[f"d{at}"] = Deem(
            name=f"d{at}",
            title="视同",
            deem=source,
            where=maker.maybe(0.7, holding(rng, maker.facts(source), 1), None),
            becomes="" if target == source and rng.random() < 0.5 else target,
            with_fields=_given(rng, source, target),
            place=maker.place(),
        )
    return found


def _given(rng: Random, source: str, target: str) -> dict[str, Expr]:
    known: dict[str, list[Expr]] = {
        "level": [Const("重"), Param("level")],
        "type": [Const("用语")],
        "days": [Const(F(3)), Param("count")],
        "number": [Const(F(2)), Param("count")],
        "score": [Const(F("1.5"), 1), Const(F(4))],
        "fixed": [Const(True), Param("flag")],
        "due": [Const(date(2025, 8, 8)), Field("fact", "happened"), Param("from_day")],
        "note": [Const("甲"), Field("fact", "id"), Field("fact", "unit")],
        "loss": [Param("pay")],
        "other": [Field("fact", "unit")],
        "starts": [Field("fact", "happened")],
        "target": [Field("fact", "id")],
    }
    mine, its = FACTS[source].fields, FACTS[target].fields
    found = {}
    for name in its:
        options = list(known.get(name, ()))
        options += [Field("fact", key) for key, one in mine.items() if one == its[name]]
        if options and rng.random() < 0.5:
            found[name] = rng.choice(options)
    return found or {"type": Const("环境")}


def _exempts(rng: Random, maker: Maker) -> dict[str, Exempt]:
    found = {}
    for at in range(rng.choice([0, 0, 0, 1, 2])):
        kind = rng.choice(["finding", "complaint", "filing"])
        same = rng.choice(
            [
                {"id": "target"},
                {"unit": "unit", "type": "type"},
                {"unit": "unit"},
                {"type": "type"},  # ends at the adopting unit
                {},
            ]
        )
        ends = rng.choice([("", ""), ("starts", "ends"), ("starts", ""), ("", "ends")])
        found[f"x{at}"] = Exempt(
            name=f"x{at}",
            title="免予",
            exempt=kind,
            by="filing",
            where=maker.maybe(0.4, holding(rng, maker.facts("filing")), None),
            same=same,
            since=ends[0],
            till=ends[1],
            outside=any(ends) and rng.random() < 0.3,
            same_period=maker.maybe(0.3, rng.choice(list(MONTHS_IN)), None),
            place=maker.place(),
        )
    return found


# -- leaving out ------------------------------------------------------------------------------


def _without_faults(plan: Plan) -> Plan:
    for _ in range(MOST_TRIES):
        try:
            check(plan)
        except SchemeError as error:
            lines = {fault.place.line for fault in error.faults}
            if lines <= {0}:
                raise
            plan = without(plan, lines)
        else:
            return plan
    raise AssertionError("the plan does not become valid")


def without(plan: Plan, lines: set[int]) -> Plan:
    """The plan without the parts that stand on these lines."""
    thinned = (_thinned(one, lines) for one in plan.articles)
    return replace(plan, articles=tuple(one for one in thinned if not _is_empty(one)))


def _is_empty(article: Article) -> bool:
    spaces = (*SPACES, "params", "tables")
    return not any(getattr(article, space) for space in spaces)


def _thinned(article: Article, lines: set[int]) -> Article:
    kept: dict[str, Any] = {
        space: {
            name: one
            for name, one in getattr(article, space).items()
            if one.place.line not in lines
        }
        for space in SPACES
    }
    return replace(article, **kept)
