"""Checks of grades, awards, targets, obligations, and that every article is accounted for."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from wenyou_core.scheme.appealing import check_appeals
from wenyou_core.scheme.charges import charge_of
from wenyou_core.scheme.expr import Const
from wenyou_core.scheme.infer import Context, expect
from wenyou_core.scheme.measuring import Measures, subject_context
from wenyou_core.scheme.model import Article
from wenyou_core.scheme.outcomes import Award, Grade, Obligation, Target
from wenyou_core.scheme.readings import TIE_WORDS, check_choice, check_period, check_window
from wenyou_core.scheme.ruling import check_measure, check_number, check_pick, check_reached
from wenyou_core.scheme.scope import Scope, hint, label_of, place_of
from wenyou_core.scheme.types import BUILT_IN, Kind
from wenyou_core.scheme.words import ArticleKind, PeriodKind, SubjectKind, ValueType

LIMIT_UNITS = (
    "days",
    "working_days",
    "hours",
    "minutes",
    "same_day",
    "day_of_next_month",
    "date",
)
TELLING = frozenset({ArticleKind.DUTY, ArticleKind.REGISTER, ArticleKind.PRINCIPLE})
EVERY = ("day", "week", *(kind.value for kind in PeriodKind), "two_months")


def check_outcomes(scope: Scope, measures: Measures) -> None:
    """Check grades, awards, targets and obligations."""
    for grade in scope.grades.values():
        _grade(grade, _over(scope, measures, grade, "等级"), measures)
    bars: dict[str, list[str]] = {}
    for rule in scope.computing():
        for effect in rule.effects:
            if effect.bar is not None:
                bars.setdefault(effect.bar.what, []).append(rule.name)
    for award in scope.awards.values():
        here = _over(scope, measures, award, "奖项")
        for bar in award.bars:
            if bar not in bars:
                here.unknown("取消资格的事项（bar）", bar, bars)
            else:
                check_reached(scope, bars[bar], award.each, f"奖项“{award.name}”", here)
        _award(award, here, measures)
    for target in scope.targets.values():
        expect(target.when, Kind.BOOL, _over(scope, measures, target, "目标"))
    for one in scope.obligations.values():
        _obligation(scope, measures, one)
    check_appeals(scope)


def _over(scope: Scope, measures: Measures, one: Grade | Award | Target, what: str) -> Context:
    kind = scope.period(one.period)
    place, label = place_of(one), f"{what}{label_of(one)}"
    check_period(scope, kind, place=place, label=label)
    return subject_context(measures, one.each, kind, place=place, label=label)


def _grade(grade: Grade, here: Context, measures: Measures) -> None:
    names = [step.name for step in grade.steps] + ([grade.otherwise] if grade.otherwise else [])
    if not grade.steps:
        here.fault("missing-part", "没有写 steps，请从高到低列出各级。")
    if len(set(names)) < len(names):
        here.fault("double-name", "各级的名称有重复，请给其中一个换名。")
    for step in grade.steps:
        expect(step.when, Kind.BOOL, here)
        if step.share is not None and not 0 < step.share <= 1:
            here.fault("bad-number", f"“{step.name}”的 share 须大于0、不超过100%，请改正。")
    if any(step.share is not None for step in grade.steps) and not grade.by:
        here.fault("missing-part", "有名额（share）就要写 by，说明超出名额时按什么指标排名。")
    for name in grade.by:
        check_measure(name, measures, here)
    check_choice(here.scope, grade.tie, TIE_WORDS, "并列办法", place=here.place, label=here.label)
    if grade.climb < 0 or bool(grade.climb) != bool(grade.kept):
        here.fault("missing-part", "kept（现有等级的属性）与 climb（每期最多升几级）要同时写。")
    if grade.kept:
        _kept(grade, names, here)


def _kept(grade: Grade, names: list[str], here: Context) -> None:
    plan = here.scope.plan
    table = plan.person_fields if here.of is SubjectKind.PERSON else plan.unit_fields
    one = table.get(grade.kept)
    if one is None:
        here.unknown("现有等级的属性", grade.kept, table)
        return
    words = plan.lists.get(one.choices, ())
    if one.type is not ValueType.CHOICE:
        here.fault("wrong-type", f"属性“{one.title}”要记现有等级，类型须是 choice，请改正。")
    for name in names:
        if words and name not in words:
            here.fault(
                "unknown-word", f"等级“{name}”不在属性“{one.title}”的词表里；{hint(name, words)}"
            )


def _award(award: Award, here: Context, measures: Measures) -> None:
    for condition in award.conditions:
        expect(condition.when, Kind.BOOL, here)
    if award.pick is not None:
        check_pick(award.pick, measures, here)
    if award.amount is not None:
        ledger = here.scope.ledgers.get(charge_of(award.amount, here).ledger)
        if award.split and ledger is not None:
            if award.round is None:
                here.fault("missing-part", "由得奖者均分（split）要写 round，声明位数和取整方式。")
            elif award.round.digits > ledger.digits:
                here.fault(
                    "too-many-digits",
                    f"round 保留{award.round.digits}位，账本“{ledger.title}”"
                    f"只记{ledger.digits}位，请改小。",
                )
    elif award.split or award.round is not None:
        here.fault("missing-part", "没有 amount，无从均分或取整，请写 amount 或删去 split、round。")


def counted(one: Obligation) -> bool:
    """Whether done and owed of an obligation are counted: it names facts and whose they are."""
    return bool(one.facts and one.each)


def period_of_obligation(scope: Scope, one: Obligation) -> PeriodKind:
    """The kind of period over which a counted obligation is owed."""
    return scope.period(kind_of_frequency(one))


def kind_of_frequency(one: Obligation) -> PeriodKind | None:
    """The kind of period that an obligation names itself; None leaves it to the plan."""
    if one.period is None and one.every in {kind.value for kind in PeriodKind}:
        return PeriodKind(one.every)
    return one.period


def _obligation(scope: Scope, measures: Measures, one: Obligation) -> None:
    place, label = place_of(one), f"要求{label_of(one)}"
    fact = scope.kind(one.facts) if one.facts else None
    here = Context(scope=scope, place=place, label=label, fact=fact, counted=True)
    if one.facts and fact is None:
        here.unknown("事实类别", one.facts, scope.plan.facts)
    if one.where is not None and not one.facts:
        here.fault("missing-part", "有 where 却没有 facts，不知道看哪类事实，请补上。")
    elif fact is not None:
        expect(one.where, Kind.BOOL, here)
    _time_limit(one, here)
    check_number(one.times, "times", here)
    if one.every and one.every not in EVERY:
        here.fault("unknown-word", f"every 没有“{one.every}”；{hint(one.every, EVERY)}")
    if one.window is not None and not counted(one):
        here.fault(
            "superfluous", "window 只用于按次计数的频次（要有 each 和 facts），请补上或删去。"
        )
    if not one.each:
        return
    kind = period_of_obligation(scope, one)
    check_period(scope, kind, place=place, label=label)
    whose = subject_context(measures, one.each, kind, place=place, label=label)
    if one.window is not None:
        check_window(scope, one.window, whose.of, place=place, label=label)
    elif one.facts and one.every != kind.value:
        here.fault(
            "bad-period",
            f"按期计数的频次，every 须与考核期间相同；请写 every: {kind.value}，或用 period 写明期间；"
            "跨期滚动计数的写 window。",
        )
    if fact is not None and one.link:
        wanted = ValueType.PERSON if whose.of is SubjectKind.PERSON else ValueType.UNIT
        linked = fact.fields.get(one.link)
        own = one.link == wanted.value and one.link in BUILT_IN
        if not own and (linked is None or linked.type is not wanted):
            here.fault(
                "wrong-subject", f"link 的“{one.link}”不是对应的机构号或员工号字段，请换一个。"
            )


def _time_limit(one: Obligation, here: Context) -> None:
    if one.unit and one.unit not in LIMIT_UNITS:
        here.fault("unknown-word", f"时限单位没有“{one.unit}”；{hint(one.unit, LIMIT_UNITS)}")
    if one.limit is not None and not one.unit:
        here.fault("missing-part", "写了时限 limit，还要写单位 unit。")
    dated = one.unit == "date"
    if isinstance(one.limit, str):
        check_number(one.limit, "limit", here, dated=dated)
    elif isinstance(one.limit, Const):
        length = one.limit.value
        if isinstance(length, Fraction) and length < 0:
            here.fault("bad-number", "时限不得小于零，请改正。")
        if isinstance(length, date) is not dated:
            text = "unit 是 date 的，limit 要写日期" if dated else "limit 是日期的，unit 要写 date"
            here.fault("wrong-type", f"{text}，请改正。")


# -- articles ---------------------------------------------------------------------------


def check_articles(scope: Scope) -> None:
    """There are some, numbers are unique, and every article holds what its kinds say."""
    if not scope.plan.articles:
        text = (
            "方案没有条款，什么也不会计算；请在 articles 里逐条写明。"
            "文件若没有写完或被截断，请补完或重新取得。"
        )
        scope.faults.add(scope.plan.place, "no-articles", text)
    seen: set[str] = set()
    for article in scope.plan.articles:
        label = f"条款“{article.no}”"
        here = Context(scope=scope, place=article.place, label=label)
        if not article.no.strip() or not article.title.strip():
            here.fault("missing-part", "条款要有编号和标题，请补上。")
        if article.no in seen:
            here.fault("double-name", "编号与前面的条款重复，请改号。")
        seen.add(article.no)
        if not article.kinds:
            here.fault(
                "missing-part",
                "没有写 kinds；每一条都要说明是规则、时限、频次、职责、台账、检查标准还是原则。",
            )
        _holds(article, here)


def _timed(article: Article) -> bool:
    duties = article.obligations.values()
    timed = any(one.unit or one.start or one.limit is not None for one in duties)
    return timed or bool(article.appeals)


def _holds(article: Article, here: Context) -> None:
    kinds = set(article.kinds)
    computes = bool(
        article.rules
        or article.measures
        or article.grades
        or article.awards
        or article.targets
        or article.sets
        or article.tables
    )
    if computes and ArticleKind.RULE not in kinds:
        here.fault("wrong-kind", "这一条有规则、指标或表，kinds 里要有 rule，请加上。")
    if article.sheets and ArticleKind.CHECKLIST not in kinds:
        here.fault("wrong-kind", "这一条有检查表，kinds 里要有 checklist，请加上。")
    duties = article.obligations.values()
    valued = computes or bool(article.params)
    told = {
        ArticleKind.RULE: (valued, "任何规则、指标或参数"),
        ArticleKind.CHECKLIST: (bool(article.sheets), "检查表（sheets）"),
        ArticleKind.TIME_LIMIT: (valued or _timed(article), "写明时限的要求（obligations）"),
        ArticleKind.FREQUENCY: (
            valued or any(one.every for one in duties),
            "写明频次的要求（every）",
        ),
    }
    for kind, (there, what) in told.items():
        if kind in kinds and not there:
            here.fault(
                "wrong-kind", f"kinds 写了 {kind.value}，条款里却没有{what}，请补上或改 kinds。"
            )
    said = article.tells or article.reading or duties or article.appeals or article.sheets
    telling = kinds & TELLING
    if telling and not said:
        word = min(kind.value for kind in telling)
        here.fault("missing-part", f"kinds 写了 {word}，请用 tells 或 obligations 说明内容。")
