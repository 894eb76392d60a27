"""Grades, awards and single targets: steps that nobody can reach, quotas that leave no room."""

from __future__ import annotations

from itertools import pairwise

from wenyou_core.scheme.expr import Between, Binary, Const, Expr, Field, InList
from wenyou_core.scheme.lint_amounts import told
from wenyou_core.scheme.lint_desk import Desk, amounts_of
from wenyou_core.scheme.lint_logic import TooManyError, cases_of, fold, only_span
from wenyou_core.scheme.lint_sets import Span, Values
from wenyou_core.scheme.measures import RankOf, Ratio
from wenyou_core.scheme.outcomes import Award, Grade, Step
from wenyou_core.scheme.rules import EventRule, PeriodRule, Pick
from wenyou_core.scheme.scope import Owned
from wenyou_core.scheme.words import Empty, From, SubjectKind


def check_outcomes(desk: Desk) -> None:
    """Grades, awards, selections, and what rules do besides entries."""
    for grade in desk.scope.grades.values():
        _steps(desk, grade)
        _quotas(desk, grade)
        _climb(desk, grade)
    for award in desk.scope.awards.values():
        _award(desk, award)
    _empty_wins(desk)
    _effects(desk)


def _title(thing: Grade | Award | EventRule | PeriodRule) -> str:
    return thing.title or thing.name


# -- grades -----------------------------------------------------------------------------


def _steps(desk: Desk, grade: Grade) -> None:
    """Steps that are never reached, because they cannot be or a better one takes them all."""
    reason = desk.over_subjects()
    better: list[Step] = []
    for step in grade.steps:
        what = f"等级“{_title(grade)}”的“{step.name}”"
        if reason.never(step.when):
            text = f"{what}的条件自相矛盾，没有人能评上；请核对界限。"
            desk.error(grade, "step-never", text)
        elif reason.never(step.when, denied=[one.when for one in better]):
            names = "、".join(one.name for one in better)
            text = f"{what}的条件都已归入前面的{names}，永远轮不到；请核对各级的界限和先后。"
            desk.error(grade, "step-covered", text)
        if step.share is None and not grade.climb:
            better.append(step)
    _scale(desk, grade)


def _scale(desk: Desk, grade: Grade) -> None:
    """Steps that are spans of one measure: ends that two share, and holes between them."""
    spans = [_span_of_step(desk, step.when) for step in grade.steps]
    keys = {key for key, _ in spans}
    if len(keys) != 1 or None in keys:
        return
    key = keys.pop()
    held = desk.over_subjects().domain(key) if key is not None else Values()
    rows = [(span, step) for (_, span), step in zip(spans, grade.steps, strict=True)]
    both = [(span, step) for span, step in rows if span.low is not None and span.high is not None]
    for (one, first), (two, second) in pairwise(both):
        shared = one.meet(two)
        if not shared.empty and not Values(spans=(shared,)).meet(held).no_value:
            desk.hint(
                grade,
                "step-overlap",
                f"等级“{_title(grade)}”的“{first.name}”与“{second.name}”重叠（{told(shared)}），"
                "会一律归入前一级；请改写端点。",
            )
    covered = sorted(
        (span for span, _ in rows), key=lambda span: (span.low is not None, span.low or 0)
    )
    for one, two in pairwise(covered):
        hole = Span(one.high, not one.high_in, two.low, not two.low_in)
        open_end = one.high is None or two.low is None or grade.otherwise
        if not open_end and not hole.empty and not Values(spans=(hole,)).meet(held).no_value:
            text = (
                f"等级“{_title(grade)}”有一段不属于任何一级（{told(hole)}）；请补上或写 otherwise。"
            )
            desk.error(grade, "step-gap", text)


def _span_of_step(desk: Desk, when: Expr) -> tuple[Expr | None, Span]:
    """The one measure a condition is about, and its span; None where it is about more."""
    try:
        cases = cases_of(fold(when, desk.params))
    except TooManyError:
        return None, Span()
    if len(cases) != 1 or len(cases[0]) != 1:
        return None, Span()
    ((key, values),) = cases[0].items()
    span = only_span(values)
    return (key, span) if span is not None else (None, Span())


def _quotas(desk: Desk, grade: Grade) -> None:
    """A share counts this step and the better ones, so it must grow from step to step."""
    shared = [step for step in grade.steps if step.share is not None]
    for one, two in pairwise(shared):
        assert one.share is not None and two.share is not None  # noqa: S101, PT018 -- chosen above
        if two.share > one.share:
            continue
        text = (
            f"等级“{_title(grade)}”的名额是本级及以上合计的比例，“{two.name}”的不大于“{one.name}”的，"
            f"“{two.name}”就没有自己的名额；请把“{two.name}”的 share 写成累计的比例。"
        )
        desk.error(grade, "quota-no-room", text)


def _climb(desk: Desk, grade: Grade) -> None:
    """A step whose condition asks for a present step from which one cannot climb there."""
    if not grade.kept or not grade.climb:
        return
    names = [step.name for step in grade.steps] + ([grade.otherwise] if grade.otherwise else [])
    population = desk.scope.population(grade.each)
    of = "person" if population and population.of is SubjectKind.PERSON else "unit"
    kept = Field(of, grade.kept)
    for at, step in enumerate(grade.steps):
        near = InList(kept, tuple(Const(name) for name in names[: at + grade.climb + 1]))
        reason = desk.over_subjects()
        if (
            reason.never(step.when, near)
            and not reason.never(step.when)
            and _reads(step.when, kept)
        ):
            desk.error(
                grade,
                "climb-excludes",
                f"等级“{_title(grade)}”每期至多升{grade.climb}级，“{step.name}”却只收更低等级的人，"
                "永远升不上去；请改条件或 climb。",
            )


def _reads(expr: Expr, key: Expr) -> bool:
    if expr == key:
        return True
    match expr:
        case Binary(_, left, right):
            return _reads(left, key) or _reads(right, key)
        case InList(of, _) | Between(of, _):
            return _reads(of, key)
    return False


# -- awards -----------------------------------------------------------------------------


def _award(desk: Desk, award: Award) -> None:
    conditions = [one.when for one in award.conditions]
    if conditions and desk.over_subjects().never(*conditions):
        text = f"奖项“{_title(award)}”的几个条件不能同时成立，没有人能评上；请核对条件。"
        desk.error(award, "award-never", text)
    paid = amounts_of(desk.plan, award.amount, desk.params) or ()
    if any(number < 0 for number in paid):
        text = f"奖项“{_title(award)}”的金额是扣；请核对正负号。"
        desk.error(award, "award-negative", text)
    if not (conditions or award.bars or award.pick or award.decide):
        text = f"奖项“{_title(award)}”没有条件、没有名额，人人有份；请补上条件或名额。"
        desk.hint(award, "award-all", text)


def _empty_wins(desk: Desk) -> None:
    """Who has no base must not come first by that."""
    picking: list[PeriodRule | Award] = [*desk.scope.period_rules(), *desk.scope.awards.values()]
    for at, pick in [(one, one.pick) for one in picking]:
        for name in pick.by if pick else ():
            one = desk.scope.measures.get(name)
            if isinstance(one, Ratio) and pick and _first(one, pick):
                _tell_empty(desk, at, one)
    for rank in desk.scope.measures.values():
        one = desk.scope.measures.get(rank.rank) if isinstance(rank, RankOf) else None
        if isinstance(rank, RankOf) and isinstance(one, Ratio) and _first(one, rank):
            _tell_empty(desk, rank, one)


def _tell_empty(desk: Desk, at: Owned, one: Ratio) -> None:
    counted = "0" if one.empty is Empty.ZERO else "100%"
    desk.hint(
        at,
        "empty-first",
        f"“{at.title or at.name}”按“{one.title or one.name}”排名，而没有基数的对象按{counted}计，"
        "会因此排到最前；请把 empty 改为 apart。",
    )


def _first(one: Ratio, ranked: Pick | RankOf) -> bool:
    return one.empty is (Empty.ZERO if ranked.start is From.LOWEST else Empty.FULL)


# -- effects ----------------------------------------------------------------------------


def _effects(desk: Desk) -> None:
    """Bars that no award reads, caps that hold nobody down, tasks without words."""
    read = {bar for award in desk.scope.awards.values() for bar in award.bars}
    for rule in desk.paying():
        for effect in rule.effects:
            if effect.bar and effect.bar.what not in read:
                desk.error(
                    rule,
                    "bar-unread",
                    f"规则“{_title(rule)}”取消资格“{effect.bar.what}”，却没有奖项看它；"
                    "请在奖项的 bars 里写上，或改名称。",
                )
            grade = desk.scope.grades.get(effect.cap.grade) if effect.cap else None
            if effect.cap and grade and grade.steps[0].name == effect.cap.at_most:
                desk.hint(
                    rule,
                    "idle-cap",
                    f"规则“{_title(rule)}”把“{_title(grade)}”压到最高一级，等于没有压；请改 at_most。",
                )
            if not (effect.bar or effect.cap) and not effect.task.strip(" 　、，。"):
                text = f"规则“{_title(rule)}”要发起一件事，却没有写明是什么；请写 task。"
                desk.error(rule, "empty-task", text)
