"""Fields that say which facts are alike, where a fact may leave them blank."""

from __future__ import annotations

from collections.abc import Iterator

from wenyou_core.scheme.expr import Binary, Const, Exists, Expr, Field, Op, Param
from wenyou_core.scheme.lint_desk import Desk
from wenyou_core.scheme.model import ExclusionSet
from wenyou_core.scheme.readings import CHOOSE_WORDS
from wenyou_core.scheme.rules import EventRule
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.words import Choose


def check_alike(desk: Desk) -> None:
    """Blank fields equal each other: unrelated facts then compete, or count as the n-th of one."""
    for rule in desk.scope.events():
        for name, why, spared in _keys(desk, rule):
            if _may_be_blank(desk, rule, name, spared):
                title = desk.plan.facts[rule.on].fields[name].title
                text = (
                    f"规则“{rule.title or rule.name}”的“{title}”可以不填，没有填的都{why}；"
                    f"请把字段写成 required: true，或在 where 里写 exists {name}。"
                )
                desk.hint(rule, "blank-alike", text)


def _keys(desk: Desk, rule: EventRule) -> Iterator[tuple[str, str, list[Expr]]]:
    """The fields, what being alike does, and the readings under which it does nothing."""
    for name in rule.together:
        found = desk.scope.sets.get(name)
        if found is not None:
            why = f"会算作同一件事，在“{found.title}”里相互取舍"
            yield from ((field, why, _all_count(found)) for field in found.per)
    if rule.again is not None:
        for field in rule.again.same:
            yield field, "会算作相同，按同一类累计次数", []
    if rule.limit is not None:
        for field in rule.limit.same:
            yield field, "会算作相同，合在一起累计", []


def _all_count(found: ExclusionSet) -> list[Expr]:
    """The readings of a set that let everything count."""
    if found.choose is Choose.ALL:
        return [Const(True)]
    param = param_of(found.choose) if isinstance(found.choose, str) else ""
    words = [word for word, choose in CHOOSE_WORDS.items() if choose is Choose.ALL]
    return [Binary(Op.EQ, Param(param), Const(word)) for word in words] if param else []


def _may_be_blank(desk: Desk, rule: EventRule, name: str, spared: list[Expr]) -> bool:
    kind = desk.plan.facts.get(rule.on)
    field = kind.fields.get(name) if kind is not None else None
    if field is None or field.required:
        return False
    denied = [Exists(Field("fact", name)), *spared]
    return not desk.over_facts(rule.on).never(rule.where, denied=denied)
