"""Grades, awards, targets and obligations in Chinese (grammar, part 7)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from wenyou_core.scheme.expr import Const
from wenyou_core.scheme.model import Plan
from wenyou_core.scheme.outcomes import Appeal, Award, Grade, Obligation, Step, Target
from wenyou_core.scheme.sentence_amounts import Paid
from wenyou_core.scheme.sentence_clauses import (
    date_text,
    look_text,
    order_text,
    period_text,
    pick_text,
    sentence,
    share_text,
    tie_text,
)
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    day_text,
    free_text,
    quoted,
    round_text,
)
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import param_of
from wenyou_core.scheme.words import From, SubjectKind, Tie

_UNIT_WORDS = {
    "days": "天内",
    "working_days": "个工作日内",
    "hours": "小时内",
    "minutes": "分钟内",
    "same_day": "当日",
    "day_of_next_month": "日前（次月）",
    "date": "前",
}
APPEAL_STARTS = {"told": "告知", "published": "结果公布", "period_end": "考核期末"}
_EVERY_WORDS = {
    "day": "每天",
    "week": "每周",
    "month": "每月",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "two_months": "每两个月",
    "campaign": "每个活动期",
    "cycle": "每个个人周期",
}


def grade_sentence(names: Names, one: Grade) -> str:
    """``营业网点：得分不低于95的评为一星、其余评为无星。``"""
    speaker = Speaker(names)
    steps = [_step(speaker, step, first=step is one.steps[0]) for step in one.steps]
    if one.otherwise:
        steps.append(f"其余评为{free_text(one.otherwise)}")
    plain_order = not one.by and one.start is From.HIGHEST and one.tie is Tie.DECIDE
    tails = [
        "" if plain_order else f"名额按{order_text(names, one.by, one.start)}在先",
        "" if plain_order else tie_text(names, one.tie),
        _climb(names, one),
        period_text(one.period),
    ]
    return sentence([f"{names.population(one.each)}：{'、'.join(steps) or '没有等级'}"], tails)


def _step(speaker: Speaker, step: Step, *, first: bool) -> str:
    above = "" if first else "连同以上各级"
    share = f"（{above}{share_text(step.share)}）" if step.share is not None else ""
    return f"{speaker.condition(step.when)}的评为{free_text(step.name)}{share}"


def _climb(names: Names, one: Grade) -> str:
    parts = []
    if one.kept:
        parts.append(f"以{names.attribute(_owner(names.plan, one.each), one.kept)}为现有等级")
    if one.climb:
        parts.append(f"每期至多升{one.climb}级")
    return "，".join(parts)


def _owner(plan: Plan, each: str) -> str:
    population = plan.populations.get(each)
    return "person" if population and population.of is SubjectKind.PERSON else "unit"


def award_sentence(names: Names, one: Award) -> str:
    """``全体员工，未被取消「个人年度评优资格」，都可评。``"""
    speaker = Speaker(names)
    paid = Paid(names, speaker, ())
    conditions = [
        f"须{free_text(each.title)}（{speaker.condition(each.when)}）" for each in one.conditions
    ]
    bars = "、".join(names.bar(bar) for bar in one.bars)
    chosen = f"取{pick_text(names, one.pick)}" if one.pick else "都可评"
    pays = paid.amount(one.amount) if one.amount else ""
    clauses = [
        names.population(one.each),
        *conditions,
        f"未被取消{bars}" if bars else "",
        "经认定成立的" if one.decide else "",
        chosen,
        f"每个{pays}" if pays and not one.split else "",
        f"合计{pays or '未写明'}由获奖者平分" if one.split else "",
        round_text(one.round) if one.round else "",
    ]
    tails = [tie_text(names, one.pick.tie) if one.pick else "", period_text(one.period)]
    return sentence(clauses, tails)


def target_sentence(names: Names, one: Target) -> str:
    """``支行全辖应达到：达标率不低于90%。``"""
    when = Speaker(names).condition(one.when)
    return sentence([f"{names.population(one.each)}应达到：{when}"], [period_text(one.period)])


def obligation_sentence(names: Names, one: Obligation) -> str:
    """``领导小组办公室应做到「每月一次服务例会」，按支行全辖统计，每月1次，佐证：会议纪要。``"""
    speaker = Speaker(names, one.facts)
    kind = names.kind(one.facts) if one.facts else ""
    if one.where is not None:
        kind += f"中{speaker.condition(one.where)}的"
    clauses = [
        f"{free_text(one.who)}应做到「{one.title or one.name}」",
        f"对{names.population(one.each)}逐个统计" if one.each else "",
        f"以{kind}为准" if kind else "",
        f"归到{names.field(one.facts, one.link)}" if one.link else "",
        _often(names, one),
        f"看{look_text(names, one.window)}" if one.window else "",
        _due(names, one),
        f"佐证：{free_text(one.evidence)}" if one.evidence else "",
    ]
    return sentence(clauses, [period_text(one.period)])


def appeal_sentence(names: Names, one: Appeal) -> str:
    """``对事实检查扣分有异议的，可以向总行提出申诉，限自告知之日起5个工作日内。``"""
    kinds = "、".join(names.kind(kind) for kind in one.against)
    window = one.opens is not None or one.closes is not None
    ends = [_length(names, end) or "不限" for end in (one.opens, one.closes)]
    clauses = [
        f"对事实{kinds}有异议的" if kinds else "对考核结果有异议的",
        f"可以向{free_text(one.to)}提出申诉",
        _appeal_limit(names, one),
        f"申诉窗口自{ends[0]}至{ends[1]}" if window else "",
        f"附{free_text(one.evidence)}" if one.evidence else "",
    ]
    return sentence(clauses, [])


def _appeal_limit(names: Names, one: Appeal) -> str:
    if one.limit is None and not one.unit and not one.start:
        return ""
    start = APPEAL_STARTS.get(one.start) or (quoted(one.start) if one.start else "")
    length = str(one.limit) if isinstance(one.limit, int) else _length(names, one.limit)
    unit = {"days": "天内", "working_days": "个工作日内"}.get(one.unit)
    unit = unit or (quoted(one.unit) if one.unit else "")
    return f"限{f'自{start}之日起' if start else ''}{length or '（未定）'}{unit}"


def _often(names: Names, one: Obligation) -> str:
    if not one.every and one.times == 1:
        return ""
    every = _EVERY_WORDS.get(one.every) or (quoted(one.every) if one.every else "不限期")
    if isinstance(one.times, int):
        return f"{every}{one.times}次"
    param = param_of(one.times)
    return f"{every}{names.param(param) if param else quoted(one.times)}次"


def _due(names: Names, one: Obligation) -> str:
    if one.limit is None and not one.unit and not one.start:
        return ""
    unit = _UNIT_WORDS.get(one.unit) or (quoted(one.unit) if one.unit else "")
    start = ""
    if one.start:
        name = date_text(names, one.facts, one.start).removeprefix("按").removesuffix("归期")
        if one.unit == "date" and one.limit is None:
            return f"时限到{name}为止"
        start = f"自{name}起"
    length = _length(names, one.limit)
    # "same_day" with a plain 0 says nothing more than the unit does
    shown = "" if one.unit == "same_day" and length == "0" else length
    shown = "（未定）" if one.limit is None else shown
    same_day = one.unit == "days" and _number(names, one.limit) == 0
    return f"时限{start}{shown}{unit}{'（即当天）' if same_day else ''}"


def _number(names: Names, limit: Const | str | None) -> Fraction | None:
    """The one number of a limit; None where it is unset, or differs from day to day."""
    if isinstance(limit, str):
        return names.sole_value(param_of(limit))
    return limit.value if limit is not None and isinstance(limit.value, Fraction) else None


def _length(names: Names, limit: Const | str | None) -> str:
    if limit is None:
        return ""
    if isinstance(limit, str):
        param = param_of(limit)
        return names.param(param) if param else quoted(limit)
    if isinstance(limit.value, date):
        return day_text(limit.value)
    if isinstance(limit.value, Fraction):
        return show_number(limit.value, limit.digits)
    return quoted(str(limit.value))
