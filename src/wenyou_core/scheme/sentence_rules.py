"""Rules in Chinese: one sentence each (grammar, part 5)."""

from __future__ import annotations

from wenyou_core.scheme.rules import Bounds, Deem, EventRule, Exempt, Limit, PeriodRule, Rule
from wenyou_core.scheme.sentence_amounts import Paid
from wenyou_core.scheme.sentence_clauses import (
    again_text,
    bounds_text,
    date_text,
    effect_texts,
    joint_texts,
    period_text,
    pick_text,
    sentence,
    tie_text,
    together_text,
)
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    PERIOD_WORDS,
    day_text,
)


def rule_sentence(names: Names, rule: Rule) -> str:
    """The sentence of any rule."""
    match rule:
        case EventRule():
            return event_sentence(names, rule)
        case PeriodRule():
            return period_sentence(names, rule)
        case Deem():
            return deem_sentence(names, rule)
        case Exempt():
            return exempt_sentence(names, rule)
        case Limit():
            return limit_sentence(names, rule)


def event_sentence(names: Names, rule: EventRule) -> str:
    """``投诉中责任认定为有责或视同有责的，每发生一件，扣机构100元。``"""
    speaker = Speaker(names, rule.on)
    paid = Paid(names, speaker, rule.whom)
    kind = names.kind(rule.on)
    clauses = [
        kind if rule.where is None else f"{kind}中{speaker.condition(rule.where)}的",
        f"附佐证至少{rule.evidence}件的" if rule.evidence else "",
        "经认定成立的" if rule.decide else "",
        f"自{day_text(rule.since)}起" if rule.since else "",
        f"到{day_text(rule.till)}止" if rule.till else "",
        date_text(names, rule.on, rule.date),
        period_text(rule.period),
        "每发生一件",
        *_consequences(names, rule, paid),
    ]
    tails = [
        again_text(speaker, rule.again),
        together_text(names, rule.together),
        "另计，不与其他条款相抵" if rule.also else "",
        bounds_text(names, rule.limit, rule.on),
        *joint_texts(names, speaker, rule.joint),
    ]
    return sentence(clauses, tails)


def period_sentence(names: Names, rule: PeriodRule) -> str:
    """``投诉率高于全行投诉率的营业网点中，投诉率最高的1个，扣600元；并列时由考核小组决定。``"""
    speaker = Speaker(names)
    paid = Paid(names, speaker, rule.whom)
    who = names.population(rule.each)
    if rule.when is not None:
        who = f"{speaker.condition(rule.when)}的{who}"
    if rule.pick is not None:
        who = f"{who}中，{pick_text(names, rule.pick)}"
    clauses = [
        who,
        "经认定成立的" if rule.decide else "",
        period_text(rule.period),
        *_consequences(names, rule, paid),
    ]
    tails = [
        tie_text(names, rule.pick.tie) if rule.pick else "",
        together_text(names, rule.together),
        bounds_text(names, rule.limit),
        *joint_texts(names, speaker, rule.joint),
    ]
    return sentence(clauses, tails)


def _consequences(names: Names, rule: EventRule | PeriodRule, paid: Paid) -> list[str]:
    """The amount and the effects; whom they hit stands with the first of them."""
    effects = effect_texts(names, rule.effects)
    if rule.amount is not None:
        return [paid.amount(rule.amount), *(f"并{one}" for one in effects)]
    if not effects:
        return [f"对{paid.whom}只作记录" if paid.whom else "只作记录"]
    first = f"对{paid.whom}{effects[0]}" if paid.whom else effects[0]
    return [first, *(f"并{one}" for one in effects[1:])]


def deem_sentence(names: Names, rule: Deem) -> str:
    """``大户流失中重要大户为是的，视同投诉，责任认定记为视同有责。``"""
    speaker = Speaker(names, rule.deem)
    kind = names.kind(rule.deem)
    target = rule.becomes or rule.deem
    settled = "、".join(
        f"{names.field(target, field)}记为{speaker.value(value)}"
        for field, value in rule.with_fields.items()
    )
    clauses = [
        kind if rule.where is None else f"{kind}中{speaker.condition(rule.where)}的",
        f"视同{names.kind(rule.becomes)}" if rule.becomes else "",
        settled,
    ]
    if not rule.becomes and not settled:
        clauses.append("照旧")
    return sentence(clauses)


def exempt_sentence(names: Names, rule: Exempt) -> str:
    """``检查扣分，有申诉结果（申诉结论为支持），且其原编号与本件编号相同的，不计入考核。``"""
    other = Speaker(names, rule.by)
    by = names.kind(rule.by)
    same = [
        f"且其{names.field(rule.by, its)}与本件{names.field(rule.exempt, own)}相同"
        for own, its in rule.same.items()
    ]
    since = names.field(rule.by, rule.since) if rule.since else ""
    till = names.field(rule.by, rule.till) if rule.till else ""
    period = rule.same_period
    matched = [
        f"有{by}" if rule.where is None else f"有{by}（{other.condition(rule.where)}）",
        *same,
        "归期日却不在任何一件的下列期间之内" if rule.outside else "",
        f"且归期日不早于其{since}" if since else "",
        f"且归期日不晚于其{till}" if till else "",
        f"且归期日与其{since or '发生日期'}在同一{PERIOD_WORDS[period]}" if period else "",
    ]
    told = "，".join(one for one in matched if one)
    then = "不予受理" if rule.outside else "不计入考核"
    return sentence([names.kind(rule.exempt), f"{told}的", then])


def limit_sentence(names: Names, rule: Limit) -> str:
    """``检查扣分、迟到合计每期最多扣100分。``"""
    held = "、".join(names.named(one) for one in rule.limit)
    bounds = Bounds(floor=rule.floor, ceiling=rule.ceiling, per=rule.per)
    return sentence([f"{held or '没有规则'}合计{bounds_text(names, bounds)}"])
