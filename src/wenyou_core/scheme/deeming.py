"""Checks of what happens to facts before any rule: deemed facts and exemptions."""

from __future__ import annotations

from wenyou_core.scheme.expr import Const, Field, Param
from wenyou_core.scheme.infer import Context, check_word, comparable, expect, type_of
from wenyou_core.scheme.model import FactKind
from wenyou_core.scheme.rules import Deem, Exempt
from wenyou_core.scheme.scope import Scope, label_of, place_of
from wenyou_core.scheme.types import Kind, Type, has_subject, type_of_field
from wenyou_core.scheme.words import MONTHS_IN


def check_deem(scope: Scope, rule: Deem) -> None:
    """A fact also counts as another kind, or fields of it are set."""
    place, label = place_of(rule), f"规则{label_of(rule)}"
    fact, kinds = scope.kind(rule.deem), scope.plan.facts
    here = Context(scope=scope, place=place, label=label, fact=fact)
    if fact is None:
        here.unknown("事实类别", rule.deem, kinds)
        return
    expect(rule.where, Kind.BOOL, here)
    target = scope.kind(rule.becomes or rule.deem)
    if target is None:
        here.unknown("事实类别", rule.becomes, kinds)
        return
    _set_fields(rule, target, here)
    if target is fact:
        if not rule.with_fields:
            here.fault("missing-part", "视同没有写 becomes，也没有写 with，不起作用，请补上。")
        return
    for name, one in target.fields.items():
        if one.required and name not in rule.with_fields:
            here.fault(
                "missing-part",
                f"视同为“{target.title}”要填它的必填字段“{one.title}”（{name}），请写在 with 里。",
            )
    if any(not has_subject(fact, one) for one in target.subjects[:1]):
        here.fault(
            "wrong-subject",
            f"“{fact.title}”没有登记“{target.title}”所要的机构或人员，请补 subjects。",
        )


def _set_fields(rule: Deem, target: FactKind, here: Context) -> None:
    for name, expr in rule.with_fields.items():
        one = target.fields.get(name)
        if one is None:
            here.unknown(f"“{target.title}”的字段", name, target.fields)
            continue
        if not isinstance(expr, Const | Field | Param):
            here.fault("wrong-type", f"with 的“{name}”只能是一个值、本事实的字段或参数。")
            continue
        wanted, given = type_of_field(here.scope, one), type_of(expr, here)
        if comparable(wanted, given, here):
            check_word(expr, wanted, here)
            _fits(name, wanted, given, here)


def _fits(name: str, wanted: Type, given: Type, here: Context) -> None:
    if Kind.NUMBER in (wanted.kind, given.kind) and (given.digits or 0) > (wanted.digits or 0):
        here.fault(
            "too-many-digits",
            f"with 的“{name}”有{given.digits}位小数，字段只有{wanted.digits}位，请改写。",
        )


def check_exempt(scope: Scope, rule: Exempt) -> None:
    """A fact does not count because another one exists."""
    place, label = place_of(rule), f"规则{label_of(rule)}"
    fact, other = scope.kind(rule.exempt), scope.kind(rule.by)
    here = Context(scope=scope, place=place, label=label, fact=fact)
    for name, found in ((rule.exempt, fact), (rule.by, other)):
        if found is None:
            here.unknown("事实类别", name, scope.plan.facts)
    if fact is None or other is None:
        return
    there = Context(scope=scope, place=place, label=label, fact=other)
    expect(rule.where, Kind.BOOL, there)
    for own, its in rule.same.items():
        comparable(type_of(Field("fact", own), here), type_of(Field("fact", its), there), here)
    for name in (rule.since, rule.till):
        if name:
            expect(Field("fact", name), Kind.DATE, there)
    if rule.same_period is not None and rule.same_period not in MONTHS_IN:
        here.fault("unknown-word", "same_period 只能写 month、quarter、half 或 year，请改正。")
    if rule.outside and not (rule.same and (rule.since or rule.till)):
        here.fault(
            "missing-part",
            "不予受理（outside）要写 same（属于哪个窗口）和 within（窗口的起止），请补上。",
        )
    elif not rule.same and not rule.since and not rule.till:
        here.fault(
            "missing-part",
            "豁免没有写 same 或 within，一件就会豁免全部；请写明怎样对应。",
        )
