"""Checks of rules that make entries: event rules and period rules, and what both share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wenyou_core.scheme.charges import (
    Charge,
    bounded,
    charge_of,
    check_joint,
)
from wenyou_core.scheme.hitting import LENGTH, subjects_of
from wenyou_core.scheme.infer import Context, expect
from wenyou_core.scheme.measuring import Measures, subject_context
from wenyou_core.scheme.model import FactKind
from wenyou_core.scheme.readings import (
    TIE_WORDS,
    check_choice,
    check_date,
    check_period,
    check_window,
)
from wenyou_core.scheme.repeating import repeated
from wenyou_core.scheme.rules import (
    Again,
    Cap,
    Effect,
    EventRule,
    PeriodRule,
    Pick,
    Whom,
)
from wenyou_core.scheme.running import check_running
from wenyou_core.scheme.scope import PERIOD_WORDS, SUBJECT_WORDS, Scope, hint, label_of, place_of
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.types import BUILT_IN, Kind, has_subject
from wenyou_core.scheme.words import LimitPer, PeriodKind, SubjectKind, ValueType

ONE_SUBJECT = (ValueType.UNIT, ValueType.PERSON)
"""Fields that name one unit or person."""


@dataclass(slots=True)
class Rulings:
    """Checks rules and keeps what later checks ask: ledgers and subjects of each rule."""

    scope: Scope
    measures: Measures
    charges: dict[str, Charge] = field(default_factory=dict)

    def check(self) -> None:
        """Check all rules."""
        for rule in self.scope.rules.values():
            if isinstance(rule, EventRule):
                self._event(rule)
            elif isinstance(rule, PeriodRule):
                self._period(rule)

    # -- event and period rules ---------------------------------------------------------

    def _event(self, rule: EventRule) -> None:
        place, label = place_of(rule), f"规则{label_of(rule)}"
        check_period(self.scope, self.scope.period(rule.period), place=place, label=label)
        fact = self.scope.kind(rule.on)
        counted = rule.again is None
        here = Context(scope=self.scope, place=place, label=label, fact=fact, counted=counted)
        if fact is None:
            here.unknown("事实类别", rule.on, self.scope.plan.facts)
            return
        expect(rule.where, Kind.BOOL, here)
        check_date(self.scope, rule.date, fact, place=place, label=label)
        if rule.since and rule.till and rule.till < rule.since:
            here.fault("bad-date", "止日早于起日，请把 since 与 till 对调。")
        if rule.evidence < 0:
            here.fault("bad-number", "evidence 是最少佐证件数，不得小于零。")
        if rule.also and rule.together:
            here.fault("superfluous", "写了 also（另加）就不在择一组里，请删去 also 或 together。")
        if not rule.whom:
            here.fault("missing-part", "没有写 whom，不知道记给谁；请写 unit、person 或角色名。")
        for whom in rule.whom:
            self._whom_of_fact(whom, fact, here)
        charge = charge_of(rule.amount, here) if rule.amount is not None else Charge()
        if rule.again is not None:
            self._again(rule.again, fact, here)
            charge = repeated(charge, rule.again, here)
        self._rest(rule, charge, here)
        for joint in rule.joint:
            self._whom_of_fact(joint.whom, fact, here)

    def _period(self, rule: PeriodRule) -> None:
        place, label = place_of(rule), f"规则{label_of(rule)}"
        kind = self.scope.period(rule.period)
        check_period(self.scope, kind, place=place, label=label)
        here = subject_context(self.measures, rule.each, kind, place=place, label=label)
        expect(rule.when, Kind.BOOL, here)
        if rule.pick is not None:
            check_pick(rule.pick, self.measures, here)
        if rule.together:
            here.fault(
                "wrong-set", "择一组只收逐件计算的规则（on），期末规则不能参加，请删去 together。"
            )
        for whom in (*rule.whom, *(joint.whom for joint in rule.joint)):
            self._whom_of_subject(whom, here)
        self._rest(
            rule, charge_of(rule.amount, here) if rule.amount is not None else Charge(), here
        )

    def _rest(self, rule: EventRule | PeriodRule, charge: Charge, here: Context) -> None:
        """What event and period rules share: bounds, joints, effects, doing something."""
        if rule.limit is not None:
            if rule.amount is None:
                here.fault("missing-part", "有 limit 却没有 amount，请写数额或删去 limit。")
            if rule.limit.per is LimitPer.YEAR:
                check_yearly(self.scope.period(rule.period), here)
            check_running(rule, here, self.key_field)
            charge = bounded(charge, rule.limit, here)
        if rule.joint and rule.amount is None:
            here.fault("missing-part", "有连带承担（joint）却没有 amount，请写数额或删去 joint。")
        for joint in rule.joint:
            check_joint(joint, charge, here)
        for effect in rule.effects:
            self._effect(effect, rule, here)
        if rule.amount is None and not rule.effects:
            here.fault("missing-part", "规则既没有 amount 也没有 effects，不起作用，请补上其一。")
        self.charges[rule.name] = charge

    def _again(self, again: Again, fact: FactKind, here: Context) -> None:
        check_window(self.scope, again.window, None, place=here.place, label=here.label)
        if again.factors and again.factor is not None:
            here.fault("superfluous", "factors 与 factor 只写一个，请删去另一个。")
        factors = (*again.factors, *([again.factor] if again.factor is not None else []))
        if any(factor < 0 for factor in factors) or again.factor == 0:
            here.fault("bad-number", "次数系数须大于零，请改正。")
        if again.from_count < 1:
            here.fault("bad-number", "from_count 是从第几次起算，须大于零。")
        if not factors and again.from_count == 1:
            here.fault(
                "missing-part",
                "again 没有写系数也没有写从第几次起，不起作用；请写 factors 或 from_count。",
            )
        for name in again.same:
            self.key_field(name, fact, here, "again 的 same")

    def key_field(self, name: str, fact: FactKind, here: Context, what: str) -> None:
        """A field that makes facts alike: the unit, the person, or a field of the fact."""
        if name in ("unit", "person"):
            if not has_subject(fact, SubjectKind(name)):
                here.fault("wrong-subject", f"{what}：事实“{fact.title}”不登记“{name}”，请换字段。")
            return
        known = {*fact.fields, *BUILT_IN}
        if name not in known:
            here.unknown(f"{what}的字段", name, known)
        elif name in fact.fields and fact.fields[name].type is ValueType.PERSONS:
            here.fault("wrong-type", f"{what}：字段“{name}”是多名人员，不能用来比对，请换字段。")

    # -- who is hit ---------------------------------------------------------------------

    def _whom_of_fact(self, whom: Whom, fact: FactKind, here: Context) -> None:
        if whom.who == "person" and SubjectKind.PERSON not in fact.subjects:
            here.fault(
                "wrong-subject",
                f"事实“{fact.title}”不登记人员，不能记给 person；请在 subjects 加上 person，或改 whom。",
            )
        elif whom.who == "present":
            self._present(whom, fact, here)
        elif whom.who == "field":
            self._of_field(whom, fact, here)
        elif whom.who == "subject":
            here.fault("wrong-subject", "subject 只用于期末规则（each）；这里请写 unit 或 person。")
        else:
            self._whom_of_unit(whom, here)

    def _present(self, whom: Whom, fact: FactKind, here: Context) -> None:
        found = fact.fields.get(whom.field)
        people = [name for name, one in fact.fields.items() if one.type is ValueType.PERSONS]
        if found is None or found.type is not ValueType.PERSONS:
            here.fault(
                "wrong-subject",
                f"present 后面要写多名人员（persons）的字段，“{whom.field}”不是；"
                f"{hint(whom.field, people)}",
            )

    def _of_field(self, whom: Whom, fact: FactKind, here: Context) -> None:
        found = fact.fields.get(whom.field)
        if found is None or found.type not in ONE_SUBJECT:
            known = [name for name, one in fact.fields.items() if one.type in ONE_SUBJECT]
            here.fault(
                "wrong-subject",
                f"field 后面要写机构（unit）或人员（person）的字段，“{whom.field}”不是；"
                f"{hint(whom.field, known)}",
            )

    def _whom_of_subject(self, whom: Whom, here: Context) -> None:
        if whom.who in ("present", "field"):
            here.fault(
                "wrong-subject", "期末规则没有具体的事实，不能按事实的字段记给谁，请改 whom。"
            )
        elif whom.who == "person" and here.of is not SubjectKind.PERSON:
            here.fault(
                "wrong-subject", "这里的对象不是人员，不能记给 person；请写 subject 或角色名。"
            )
        elif whom.who != "subject":
            self._whom_of_unit(whom, here)

    def _whom_of_unit(self, whom: Whom, here: Context) -> None:
        words = ("unit", "person", "members")
        if whom.who == "parent":
            if whom.up < 1:
                here.fault("bad-number", "parent 后面要写 up 几级，例如 parent up 1。")
        elif whom.who in words:
            if whom.up:
                here.fault(
                    "bad-number", f"“{whom.who}”后面不能写 up；上级机构请写 parent up {whom.up}。"
                )
        elif whom.who not in self.scope.plan.roles:
            here.unknown("whom 的角色", whom.who, [*words, "parent", *self.scope.plan.roles])

    # -- effects ------------------------------------------------------------------------

    def _effect(self, effect: Effect, rule: EventRule | PeriodRule, here: Context) -> None:
        parts = [bool(effect.bar), bool(effect.cap), bool(effect.task)]
        if sum(parts) != 1:
            here.fault("missing-part", "effects 每一项写 bar、cap、task 中的一个，请分开写。")
        if effect.cap is not None:
            self._cap(effect.cap, rule, here)

    def _cap(self, cap: Cap, rule: EventRule | PeriodRule, here: Context) -> None:
        grade = self.scope.grades.get(cap.grade)
        if grade is None:
            here.unknown("等级", cap.grade, self.scope.grades)
            return
        steps = [step.name for step in grade.steps] + ([grade.otherwise] if grade.otherwise else [])
        if cap.at_most not in steps:
            here.unknown(f"等级“{grade.title or grade.name}”的一级", cap.at_most, steps)
        kind, own = self.scope.period(rule.period), self.scope.period(grade.period)
        if LENGTH.get(kind, 99) > LENGTH.get(own, 0):
            here.fault(
                "other-period",
                f"规则按{PERIOD_WORDS[kind]}计算，压不住按{PERIOD_WORDS[own]}评的等级"
                f"“{grade.name}”；请改成同样长或更短的期间。",
            )
        check_reached(self.scope, [rule.name], grade.each, f"等级“{grade.name}”", here)


def check_reached(scope: Scope, rules: Sequence[str], each: str, what: str, here: Context) -> None:
    """Rules that hold a grade down or bar an award hit subjects of its sort."""
    whose = scope.population(each)
    hit = frozenset[SubjectKind]().union(*(subjects_of(scope, name) for name in rules))
    if whose is None or not hit or whose.of in hit or whose.of is SubjectKind.ADOPTER:
        return
    here.fault(
        "wrong-subject",
        f"{'、'.join(f'“{name}”' for name in rules)}不记给{SUBJECT_WORDS[whose.of]}，"
        f"对{what}不起作用；请改 whom 或 each。",
    )


def check_pick(pick: Pick, measures: Measures, here: Context) -> None:
    """A selection: measures to rank by, a number or a share, a word for ties."""
    if not pick.by:
        here.fault("missing-part", "pick 没有写 by，不知道按什么排名，请补上指标。")
    for name in pick.by:
        check_measure(name, measures, here)
    if isinstance(pick.take, str):
        check_number(pick.take, "take", here, whole=True)
    some = isinstance(pick.take, str) or pick.take > 0
    if some == (pick.share is not None) or (isinstance(pick.take, int) and pick.take < 0):
        here.fault("missing-part", "pick 写 take（取几名）或 share（取几成）其中一个，须大于零。")
    if pick.share is not None and not 0 < pick.share <= 1:
        here.fault("bad-number", "share 须大于0、不超过100%，请改正。")
    if pick.base not in ("eligible", "all"):
        here.fault("unknown-word", "base 只有 eligible（合格者）和 all（全体）两种，请改正。")
    check_choice(here.scope, pick.tie, TIE_WORDS, "并列办法", place=here.place, label=here.label)


def check_number(
    value: int | str, what: str, here: Context, *, dated: bool = False, whole: bool = False
) -> None:
    """A number of times, days or places: an integer above zero, or a parameter.

    ``dated``: of a date; ``whole``: of whole numbers alone.
    """
    if isinstance(value, int):
        if value < 1:
            here.fault("bad-number", f"{what} 须是大于零的整数，请改正。")
        return
    name = param_of(value)
    param = here.scope.params.get(name)
    if param is None:
        here.unknown(f"{what} 的参数", name or value, here.scope.params)
    elif dated and param.type is not ValueType.DATE:
        here.fault("wrong-type", f"{what} 的参数“{name}”不是日期，请改类型，或改 unit。")
    elif whole and param.type is not ValueType.INT:
        here.fault("wrong-type", f"{what} 的参数“{name}”不是整数，请改类型。")
    elif not dated and param.type not in (ValueType.INT, ValueType.DECIMAL):
        here.fault("wrong-type", f"{what} 的参数“{name}”不是数字，请改类型。")


def check_measure(name: str, measures: Measures, here: Context) -> None:
    """A measure named by itself, for the population and period at hand."""
    if here.period is not None:
        measures.type_here(name, here.population, here.period, place=here.place, label=here.label)


def check_yearly(kind: PeriodKind, here: Context) -> None:
    """``per: year`` needs periods that fill a calendar year."""
    if kind is PeriodKind.CAMPAIGN:
        here.fault("bad-period", "活动期不在自然年的格子里，不能按年封顶；请写 per: period。")
