"""Conditions that can never hold, or always do; rules that hit one event twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from wenyou_core.scheme.charges import ledgers_written
from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Exists,
    Expr,
    Field,
    InList,
    Measure,
    Neg,
    Not,
    Op,
)
from wenyou_core.scheme.lint_desk import Desk, Severity
from wenyou_core.scheme.lint_logic import Reasoner, Verdict
from wenyou_core.scheme.measures import Across, FactMeasure, Formula, Members, ShareOf, Streak
from wenyou_core.scheme.rules import Deem, EventRule, Exempt, PeriodRule
from wenyou_core.scheme.scope import Owned
from wenyou_core.scheme.words import Stat


def check_conditions(desk: Desk) -> None:
    """Every condition of the plan by itself."""
    for at, what, reason, expr in _conditions(desk):
        if reason.never(expr) or _beyond(desk, expr):
            desk.error(
                at,
                "never",
                f"{what}“{_title(at)}”的条件自相矛盾，永远不会成立；请核对条件里的词和界限。",
            )
    for target in desk.scope.targets.values():
        there = [Exists(one) for one in measures_in(target.when)]
        if there and desk.over_subjects().never(*there, denied=[target.when]):
            desk.hint(
                target, "always", f"目标“{_title(target)}”不论如何都算达到；请核对目标的界限。"
            )
    _idle_parts(desk)
    _validity(desk)


def _conditions(desk: Desk) -> Iterator[tuple[Owned, str, Reasoner, Expr]]:
    """What can be said to be impossible: the thing, its sort, who judges, the condition."""
    subjects = desk.over_subjects()
    for rule in desk.scope.rules.values():
        if isinstance(rule, EventRule | Deem) and rule.where is not None:
            kind = rule.on if isinstance(rule, EventRule) else rule.deem
            yield rule, "规则", desk.over_facts(kind), rule.where
        elif isinstance(rule, Exempt) and rule.where is not None:
            yield rule, "规则", desk.over_facts(rule.by), rule.where
        elif isinstance(rule, PeriodRule) and rule.when is not None:
            yield rule, "规则", subjects, rule.when
    for one in desk.scope.measures.values():
        if isinstance(one, FactMeasure) and one.where is not None:
            yield one, "指标", desk.over_facts(one.facts), one.where
        elif isinstance(one, Members) and one.where is not None:
            yield one, "指标", subjects, one.where
        elif isinstance(one, Formula) and one.when is not None:
            yield one, "指标", subjects, one.when
        elif isinstance(one, ShareOf | Streak):
            yield one, "指标", subjects, one.share if isinstance(one, ShareOf) else one.streak
    for target in desk.scope.targets.values():
        yield target, "目标", subjects, target.when
    for duty in desk.scope.obligations.values():
        if duty.where is not None and duty.facts:
            yield duty, "要求", desk.over_facts(duty.facts), duty.where


def _title(thing: Owned) -> str:
    return thing.title or thing.name


def _beyond(desk: Desk, expr: Expr) -> bool:
    """A conjunct that asks for more than the greatest of the group, or less than the least."""
    if isinstance(expr, Binary) and expr.op is Op.AND:
        return _beyond(desk, expr.left) or _beyond(desk, expr.right)
    if not isinstance(expr, Binary) or expr.op not in (Op.LT, Op.GT):
        return False
    left, right = expr.left, expr.right
    if expr.op is Op.LT:
        left, right = right, left  # left > right
    if not isinstance(left, Measure) or not isinstance(right, Measure):
        return False
    above, below = desk.scope.measures.get(right.name), desk.scope.measures.get(left.name)
    if isinstance(above, Across) and above.across == left.name:
        return above.how is Stat.MAX and above.where is None
    if isinstance(below, Across) and below.across == right.name:
        return below.how is Stat.MIN and below.where is None
    return False


def measures_in(expr: Expr) -> list[Measure]:
    """The measures an expression reads."""
    match expr:
        case Measure():
            return [expr]
        case Binary(_, left, right):
            return measures_in(left) + measures_in(right)
        case Not(of) | Neg(of) | Exists(of) | InList(of, _) | Between(of, _):
            return measures_in(of)
        case Call(_, args):
            return [one for arg in args for one in measures_in(arg)]
    return []


def _idle_parts(desk: Desk) -> None:
    """A part of a condition that follows from the others says nothing."""
    for rule in desk.scope.events():
        reason = desk.over_facts(rule.on)
        for part in _parts(rule.where):
            rest = [one for one in _parts(rule.where) if one is not part]
            if isinstance(part, Binary | InList | Between) and reason.never(*rest, denied=[part]):
                desk.hint(
                    rule,
                    "idle-condition",
                    f"规则“{_title(rule)}”里有一个条件由其他条件就能推出，写与不写一样；"
                    "请删去它，或核对是否写错了界限。",
                )
                break


def _parts(expr: Expr | None) -> list[Expr]:
    """The conjuncts of a condition."""
    if isinstance(expr, Binary) and expr.op is Op.AND:
        return [*_parts(expr.left), *_parts(expr.right)]
    return [expr] if expr is not None else []


def _validity(desk: Desk) -> None:
    """Rules whose days lie outside the plan's."""
    first, last = desk.plan.valid_from, desk.plan.valid_to
    for rule in desk.scope.events():
        late = last is not None and rule.since is not None and rule.since > last
        early = first is not None and rule.till is not None and rule.till < first
        if late or early:
            desk.error(
                rule,
                "outside-validity",
                f"规则“{_title(rule)}”的起止日在方案有效期之外，永远不会计算；请核对日期。",
            )


# -- one event, two rules ---------------------------------------------------------------


def check_double_hits(desk: Desk) -> None:
    """Two rules that can hit one event in one ledger and subject, and nobody said which counts."""
    paying = [rule for rule in desk.scope.events() if rule.amount is not None]
    for at, second in enumerate(paying):
        for first in paying[:at]:
            if not _may_meet(desk, first, second):
                continue
            verdict = _meeting(desk, first, second)
            if verdict is not Verdict.NEVER:
                severity = Severity.ERROR if verdict is Verdict.CAN else Severity.HINT
                desk.add(
                    severity,
                    second,
                    "double-hit",
                    f"同一件事可能同时适用规则“{_title(first)}”（条款{first.article}）和“{_title(second)}”，"
                    "却没有写明怎样取舍；请放进同一个择一组（together），或写明另计（also: true）。",
                )


def _may_meet(desk: Desk, first: EventRule, second: EventRule) -> bool:
    if first.also or second.also:
        return False
    if set(first.together) & set(second.together):
        return False
    if not set(first.whom) & set(second.whom):
        return False
    if (first.till and second.since and first.till < second.since) or (
        second.till and first.since and second.till < first.since
    ):
        return False
    return bool(ledgers_written(desk.plan, first) & ledgers_written(desk.plan, second))


def _meeting(desk: Desk, first: EventRule, second: EventRule) -> Verdict:
    if first.on == second.on:
        return desk.over_facts(first.on).verdict(first.where, second.where)
    verdicts = {Verdict.NEVER}
    for source, target in ((first, second), (second, first)):
        for deem in desk.scope.deems():
            if deem.deem == source.on and deem.becomes == target.on:
                verdicts.add(_derived(desk, source, deem, target))
    if Verdict.CAN in verdicts:
        return Verdict.CAN
    return Verdict.MAYBE if Verdict.MAYBE in verdicts else Verdict.NEVER


def _derived(desk: Desk, source: EventRule, deem: Deem, target: EventRule) -> Verdict:
    """Whether a fact hits one rule itself and the other by what it is deemed to be."""
    seen = None if target.where is None else _seen(target.where, deem)
    return desk.over_facts(deem.deem).verdict(deem.where, source.where, seen)


def _seen(expr: Expr, deem: Deem) -> Expr:
    """A condition on the derived fact as one on its source; what is not set stays open."""
    match expr:
        case Field("fact", name):
            given = deem.with_fields.get(name)
            built_in = name in ("happened", "known", "at", "id", "unit", "person")
            return given if given is not None else expr if built_in else Field("derived", name)
        case Binary(op, left, right):
            return Binary(op, _seen(left, deem), _seen(right, deem))
        case Not(of) | Neg(of) | Exists(of):
            return replace(expr, of=_seen(of, deem))
        case InList(of, _) | Between(of, _):
            return replace(expr, of=_seen(of, deem))
        case Call(func, args):
            return Call(func, tuple(_seen(one, deem) for one in args))
    return expr
