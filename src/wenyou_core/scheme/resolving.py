"""Resolving one measure: its population, period and digits from its parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from wenyou_core.errors import Place
from wenyou_core.scheme.belonging import check_members
from wenyou_core.scheme.expr import Measure
from wenyou_core.scheme.hitting import (
    LENGTH,
    entry_rule,
    ledgers_of_entries,
    longer_writers,
    periods_of,
    subjects_of,
)
from wenyou_core.scheme.infer import Context, expect, type_of
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
from wenyou_core.scheme.measuring import Measures, MeasureType, subject_context
from wenyou_core.scheme.model import Ledger
from wenyou_core.scheme.readings import check_date, check_period, check_window
from wenyou_core.scheme.scope import PERIOD_WORDS, SUBJECT_WORDS, Scope, hint, label_of, place_of
from wenyou_core.scheme.types import Kind, decimals
from wenyou_core.scheme.words import PeriodKind, Stat, SubjectKind, ValueType

HOW = ("count", "sum", "min", "max", "median", "latest", "distinct")
STAT_WORDS = {Stat.MEAN: "平均数", Stat.SUM: "合计", Stat.MEDIAN: "中位数"}


def measures_of(scope: Scope) -> Measures:
    """The measures of a plan, each resolved when first asked for."""
    return Measures(scope, lambda measures, one: _Resolver(measures, one).resolve())


@dataclass(slots=True)
class _Resolver:
    """Resolves one measure."""

    measures: Measures
    one: MeasureDef
    place: Place = field(init=False)
    label: str = field(init=False)

    def __post_init__(self) -> None:
        self.place = place_of(self.one)
        self.label = f"指标{label_of(self.one)}"

    def fault(self, code: str, text: str) -> None:
        self.measures.scope.fault(self.place, code, f"{self.label}：{text}")

    def resolve(self) -> MeasureType | None:
        one = self.one
        if isinstance(one, FactMeasure):
            return self.of_facts(one)
        if isinstance(one, EntryMeasure):
            return self.of_entries(one)
        if isinstance(one, Ratio):
            return self.of_ratio(one)
        if isinstance(one, Formula):
            return self.of_formula(one)
        if isinstance(one, ShareOf):
            here = self.here(one.each, one.period)
            expect(one.share, Kind.BOOL, here)
            expect(one.base, Kind.BOOL, here)
            return self.typed(here, None)
        if isinstance(one, Streak):
            here = self.here(one.each, one.period)
            expect(one.streak, Kind.BOOL, here)
            if one.most < 1:
                self.fault("bad-number", "most 是最多回看的期数，须是大于零的整数。")
            return self.typed(here, 0)
        if isinstance(one, StepOf):
            return self.of_step(one)
        return self.of_another(one)

    def of_step(self, one: StepOf) -> MeasureType | None:
        scope = self.measures.scope
        grade = scope.grades.get(one.step)
        if grade is None:
            scope.unknown(self.place, f"{self.label}：等级", one.step, scope.grades)
            return None
        return self.typed(self.here(grade.each, grade.period), 0)

    def here(self, each: str, period: PeriodKind | None) -> Context:
        kind = self.measures.scope.period(period)
        check_period(self.measures.scope, kind, place=self.place, label=self.label)
        return self.over(each, kind)

    def over(self, each: str, kind: PeriodKind) -> Context:
        return subject_context(self.measures, each, kind, place=self.place, label=self.label)

    def typed(self, here: Context, digits: int | None) -> MeasureType | None:
        if not here.population or here.period is None:
            return None
        return MeasureType(population=here.population, period=here.period, digits=digits)

    def of_facts(self, one: FactMeasure) -> MeasureType | None:
        here = self.here(one.each, one.period)
        scope = self.measures.scope
        fact = scope.kind(one.facts)
        if fact is None:
            here.unknown("事实类别", one.facts, scope.plan.facts)
            return self.typed(here, 0)
        inside = Context(scope=scope, place=self.place, label=self.label, fact=fact, counted=True)
        expect(one.where, Kind.BOOL, inside)
        check_date(scope, one.date, fact, place=self.place, label=self.label)
        if one.window is not None:
            check_window(scope, one.window, here.of, place=self.place, label=self.label)
        self.check_link(one, here)
        return self.typed(here, self.check_how(one, inside))

    def check_how(self, one: FactMeasure, inside: Context) -> int | None:
        if one.how not in HOW:
            self.fault("unknown-word", f"how 没有“{one.how}”这种算法；{hint(one.how, HOW)}")
            return 0
        if one.how == "count":
            if one.of is not None:
                self.fault("superfluous", "how: count 数件数，不用写 of；请删去 of 或改 how。")
            return 0
        if one.of is None:
            self.fault("missing-part", f"how: {one.how} 要写 of，说明取哪个字段的数。")
            return 0
        if one.how == "distinct":
            type_of(one.of, inside)
            return 0
        digits = expect(one.of, Kind.NUMBER, inside).digits
        return (digits or 0) + 1 if one.how == "median" else digits

    def check_link(self, one: FactMeasure, here: Context) -> None:
        fact = here.scope.kind(one.facts)
        if fact is None or here.of is None:
            return
        if one.beneath and here.of is SubjectKind.PERSON:
            self.fault("wrong-subject", "人员之下没有下级机构，请删去 beneath。")
        wanted = ValueType.PERSON if here.of is SubjectKind.PERSON else ValueType.UNIT
        if one.link in ("", "unit", "person"):
            own = SubjectKind.PERSON in fact.subjects
            if one.link and one.link != wanted.value:
                self.fault(
                    "wrong-subject",
                    f"link 是“{one.link}”，与对象不是一类；请改成“{wanted.value}”。",
                )
            elif wanted is ValueType.PERSON and not own:
                self.fault(
                    "wrong-subject",
                    f"事实“{fact.title}”不登记人员，不能按人员计数；请用 link 写明员工号字段。",
                )
            return
        linked = fact.fields.get(one.link)
        if linked is None:
            here.unknown("link 的字段", one.link, fact.fields)
        elif linked.type is not wanted:
            self.fault(
                "wrong-subject",
                f"link 的字段“{one.link}”不是{'员工号' if wanted is ValueType.PERSON else '机构号'}"
                "字段，请换一个字段。",
            )

    def of_entries(self, one: EntryMeasure) -> MeasureType | None:
        here = self.here(one.each, one.period)
        scope = self.measures.scope
        if bool(one.entries) == bool(one.ledger):
            self.fault("missing-part", "entries 与 ledger 写其中一个：列出规则，或写账本的名称。")
        if one.ledger and one.ledger not in scope.ledgers:
            here.unknown("账本", one.ledger, scope.ledgers)
        digits = max([decimals(one.base) or 0, *(ledger.digits for ledger in self.ledgers_of(one))])
        if decimals(one.base) is None:
            self.fault("bad-number", "base 不是有限小数，请改写。")
        if one.window is not None:
            check_window(scope, one.window, here.of, place=self.place, label=self.label)
        if one.window is not None and one.window.kind == "param":
            self.fault(
                "bad-window",
                "合计记分记账的窗口要写明（12 months、365 days、year、all 等），不能用参数；请改写。",
            )
        for name in one.entries:
            self.check_entry(name, here)
        for name in longer_writers(scope, one) if one.ledger else ():
            self.fault(
                "other-period",
                f"账本“{one.ledger}”里有期间更长的“{name}”，本指标会缺这部分；"
                "请把本指标的期间改长，或用 entries 列出规则。",
            )
        ledgers = ledgers_of_entries(scope, one)
        if len(ledgers) > 1:
            words = "、".join(sorted(ledgers))
            self.fault("two-ledgers", f"所列规则记入不同的账本（{words}），不能相加，请分开写。")
        return self.typed(here, digits)

    def check_entry(self, name: str, here: Context) -> None:
        scope = self.measures.scope
        rule = entry_rule(scope, name)
        if rule is None:
            rules = [one for one in scope.rules if entry_rule(scope, one) is not None]
            here.unknown("规则", name, rules)
            return
        longest = LENGTH.get(here.period, 0) if here.period else 0
        for kind in periods_of(scope, name):
            if LENGTH.get(kind, 99) > longest:
                self.fault(
                    "other-period",
                    f"规则“{name}”按{PERIOD_WORDS[kind]}计算，比本指标的期间长，不能计入；请改期间。",
                )
        own = {SubjectKind.UNIT} if here.of is SubjectKind.ADOPTER else {here.of}
        hit = subjects_of(scope, name)
        if here.of is not None and hit and not hit & (own | {here.of}):
            self.fault(
                "wrong-subject",
                f"规则“{name}”不记给{SUBJECT_WORDS[here.of]}，合计永远是零；"
                f"请改 each，或列出“{name}+joint”这样的连带。",
            )

    def ledgers_of(self, one: EntryMeasure) -> list[Ledger]:
        scope = self.measures.scope
        names = {one.ledger} if one.ledger else ledgers_of_entries(scope, one)
        return [scope.ledgers[name] for name in sorted(names) if name in scope.ledgers]

    def of_ratio(self, one: Ratio) -> MeasureType | None:
        parts = [self.part(name) for name in one.ratio]
        known = [part for part in parts if part is not None]
        for name, part in zip(one.ratio, parts, strict=True):
            if part is not None and part.digits is None:
                self.fault(
                    "ratio-unrounded",
                    f"比率的一项“{name}”本身是未取整的比率，不能再相除；请在该指标上写 round。",
                )
        if len(known) < len(parts):
            return None
        population = self.common_population(one.ratio, known)
        if known[0].period is not known[1].period:
            self.fault("other-period", "比率的两项不是同一种期间，请改成同一种。")
        digits = one.round.digits if one.round else None
        return MeasureType(population=population, period=known[0].period, digits=digits)

    def part(self, name: str) -> MeasureType | None:
        return self.measures.find(name, place=self.place, label=self.label)

    def common_population(self, names: tuple[str, ...], known: list[MeasureType]) -> str:
        populations = self.measures.scope.plan.populations
        own = [one for one in known if populations[one.population].of is not SubjectKind.ADOPTER]
        if len({one.population for one in own}) > 1:
            self.fault(
                "other-population",
                f"“{names[0]}”与“{names[1]}”不是同一类对象的指标，不能相除；请改用同一对象的指标。",
            )
        return (own or known)[0].population

    def of_formula(self, one: Formula) -> MeasureType | None:
        here = self.here(one.each, one.period)
        expect(one.when, Kind.BOOL, here)
        found = expect(one.value, Kind.NUMBER, here)
        if found.digits is None and not isinstance(one.value, Measure):
            return self.typed(here, one.round.digits if one.round else 0)
        return self.typed(here, one.round.digits if one.round else found.digits)

    def of_another(self, one: Across | RankOf | Change | Roll | Members) -> MeasureType | None:
        name = _source(one)
        found = self.part(name)
        if found is None:
            return None
        if isinstance(one, RankOf):
            return MeasureType(population=found.population, period=found.period, digits=0)
        if isinstance(one, Change):
            return self.of_change(one, found)
        digits = self.digits_of_stat(one, name, found)
        if isinstance(one, Roll):
            return self.of_roll(one, found, digits)
        if isinstance(one, Members):
            return self.of_members(one, found, digits)
        here = self.over(found.population, found.period)
        expect(one.where, Kind.BOOL, here)
        self.check_stat(one)
        return self.typed(here, digits)

    def check_stat(self, one: Across | Roll | Members) -> None:
        """``last`` goes through parts of a period, ``share`` through members."""
        if one.how is Stat.LAST and not isinstance(one, Roll):
            self.fault("unknown-word", "last 只用于 roll 指标，请换一种统计。")
        if one.how is Stat.SHARE and not isinstance(one, Members):
            self.fault("unknown-word", "share 只用于 members 指标；同组的占比请用 share 指标。")

    def of_change(self, one: Change, found: MeasureType) -> MeasureType:
        if one.how not in ("difference", "relative"):
            self.fault("unknown-word", "how 只有 difference（差额）和 relative（增减率）两种。")
        if found.digits is None:
            self.fault(
                "ratio-unrounded",
                f"“{one.change}”是未取整的比率，不能求增减；请在该指标上写 round。",
            )
        digits = None if one.how == "relative" else found.digits or 0
        return MeasureType(population=found.population, period=found.period, digits=digits)

    def of_roll(self, one: Roll, found: MeasureType, digits: int | None) -> MeasureType:
        check_period(self.measures.scope, one.to, place=self.place, label=self.label)
        if LENGTH.get(found.period, 99) >= LENGTH.get(one.to, 0):
            self.fault(
                "other-period",
                f"“{one.roll}”按{PERIOD_WORDS[found.period]}计算，不能汇总到"
                f"{PERIOD_WORDS[one.to]}；to 须是更长的期间。",
            )
        self.check_stat(one)
        return MeasureType(population=found.population, period=one.to, digits=digits)

    def of_members(
        self, one: Members, found: MeasureType, digits: int | None
    ) -> MeasureType | None:
        here = self.over(one.each, found.period)
        check_members(one, self.over(found.population, found.period), here)
        self.check_stat(one)
        return self.typed(here, None if one.how is Stat.SHARE else digits)

    def digits_of_stat(
        self, one: Across | Roll | Members, name: str, found: MeasureType
    ) -> int | None:
        """Decimals of a statistic; a mean of ratios without ``round`` does not load."""
        rounded = one.round.digits if one.round else None
        if one.how in (Stat.COUNT, Stat.SHARE):
            return 0
        if one.how is Stat.POOLED:
            if found.digits is not None or not _pools(self.measures.scope.measures[name]):
                self.fault(
                    "not-a-ratio",
                    f"pooled 是分子之和除以分母之和，“{name}”不是未取整的比率；请改用 mean 或换指标。",
                )
            return rounded
        if one.how in (Stat.MEAN, Stat.SUM, Stat.MEDIAN) and found.digits is None:
            if rounded is None:
                self.fault(
                    "ratio-unrounded",
                    f"“{name}”是未取整的比率，求{STAT_WORDS[one.how]}必须写 round，"
                    "声明保留几位小数和取整方式；或改用 pooled。",
                )
            return rounded or 0
        if one.how is Stat.MEAN or rounded is not None:
            return rounded
        if one.how is Stat.MEDIAN:
            return (found.digits or 0) + 1
        return found.digits


def _pools(one: MeasureDef) -> bool:
    """Whether a measure keeps numerator and denominator, so that it can be pooled."""
    shares = isinstance(one, Members) and one.how is Stat.SHARE
    return shares or isinstance(one, Ratio | ShareOf)


def _source(one: Across | RankOf | Change | Roll | Members) -> str:
    """The measure that another one is taken from."""
    if isinstance(one, Across):
        return one.across
    if isinstance(one, RankOf):
        return one.rank
    if isinstance(one, Change):
        return one.change
    return one.roll if isinstance(one, Roll) else one.members
