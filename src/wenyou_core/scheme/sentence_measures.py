"""Measures in Chinese: how each number is got (grammar, part 6)."""

from __future__ import annotations

from wenyou_core.scheme.amounts import Round
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
from wenyou_core.scheme.sentence_clauses import date_text, look_text, period_text, sentence
from wenyou_core.scheme.sentence_expr import Speaker
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    PERIOD_WORDS,
    quoted,
    round_text,
)
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.words import Against, Empty, From, Stat

STAT_WORDS = {
    Stat.SUM: "合计",
    Stat.MEAN: "平均数",
    Stat.POOLED: "合并平均数",
    Stat.MIN: "最小数",
    Stat.MAX: "最大数",
    Stat.MEDIAN: "中位数",
    Stat.COUNT: "个数",
    Stat.LAST: "最后一期的数",
    Stat.SHARE: "占比",
}
_HOW_WORDS = {
    "sum": "合计",
    "min": "最小数",
    "max": "最大数",
    "median": "中位数",
    "latest": "最近一次的数",
    "distinct": "不同值的个数",
}
_EMPTY_WORDS = {
    Empty.APART: "分母为零的不适用、另列",
    Empty.ZERO: "分母为零的按0计",
    Empty.FULL: "分母为零的按100%计",
}


def measure_sentence(names: Names, one: MeasureDef) -> str:
    """The sentence of any measure; its own title is not in it."""
    match one:
        case FactMeasure():
            return _facts(names, one)
        case EntryMeasure():
            return _entries(names, one)
        case Ratio():
            first, second = (names.measure(part) for part in one.ratio)
            return sentence([f"{first}÷{second}", _EMPTY_WORDS[one.empty], _round(one.round)])
        case Formula():
            return _formula(names, one)
        case ShareOf():
            return _share(names, one)
        case Streak():
            return _streak(names, one)
        case StepOf():
            return sentence([f"{names.named(one.step)}自下而上数是第几级（其余为0）"])
    return _from_another(names, one)


def _from_another(names: Names, one: Across | RankOf | Change | Roll | Members) -> str:
    match one:
        case Across():
            return _across(names, one)
        case RankOf():
            end = "从高到低" if one.start is From.HIGHEST else "从低到高"
            return sentence([f"{names.measure(one.rank)}在{_group(one.whole)}中{end}的名次"])
        case Change():
            return _change(names, one)
        case Roll():
            what = f"{names.measure(one.roll)}各期的{STAT_WORDS[one.how]}"
            return sentence([f"每{PERIOD_WORDS[one.to]}内", what, _round(one.round)])
        case Members():
            return _members(names, one)


def _formula(names: Names, one: Formula) -> str:
    speaker, each = Speaker(names), names.population(one.each)
    if one.when is not None:
        each = f"{speaker.condition(one.when)}的{each}"
    clauses = [
        f"{each}的〔{speaker.value(one.value)}〕",
        _round(one.round),
        period_text(one.period),
    ]
    return sentence(clauses)


def _members(names: Names, one: Members) -> str:
    who = f"{names.population(one.each)}所属成员"
    who += "（含下级机构的）" if one.beneath else ""
    which = f"{Speaker(names).condition(one.where)}的" if one.where is not None else ""
    clauses = [
        who,
        f"按成员的「{one.link}」归属" if one.link else "",
        which,
        _members_what(names, one),
        _EMPTY_WORDS[one.empty] if one.empty else "",
        _round(one.round),
    ]
    return sentence(clauses)


def _members_what(names: Names, one: Members) -> str:
    """``学时的平均数``; of a share who is counted below the line: ``在有学时的成员中的占比``."""
    measure = names.measure(one.members)
    if one.how is Stat.SHARE:
        return f"在有{measure}的成员中的{STAT_WORDS[one.how]}"
    return f"{measure}的{STAT_WORDS[one.how]}"


def _facts(names: Names, one: FactMeasure) -> str:
    speaker = Speaker(names, one.facts)
    kind = names.kind(one.facts)
    which = kind if one.where is None else f"{kind}中{speaker.condition(one.where)}的"
    if one.how == "count" and one.of is None:
        what = f"{which}件数"
    else:
        of = f"〔{speaker.value(one.of)}〕" if one.of is not None else "〔〕"
        how = "件数" if one.how == "count" else _HOW_WORDS.get(one.how) or quoted(one.how)
        what = f"{which}{of}{how}"
    clauses = [
        f"{names.population(one.each)}的{what}",
        f"归到{names.field(one.facts, one.link)}" if one.link else "",
        "含下级机构" if one.beneath else "",
        date_text(names, one.facts, one.date),
        f"看{look_text(names, one.window)}" if one.window else "",
        period_text(one.period),
    ]
    return sentence(clauses)


def _entries(names: Names, one: EntryMeasure) -> str:
    parts = [f"以{show_number(one.base)}起算"] if one.base else []
    if one.opening:
        parts.append("期初余额")
    if one.entries:
        parts.append(f"{'、'.join(names.named(entry) for entry in one.entries)}所记")
    if one.ledger:
        parts.append(f"{names.ledger(one.ledger)}台账所记")
    each = names.population(one.each)
    look = f"看{look_text(names, one.window)}" if one.window else ""
    return sentence([f"{each}的合计：{'加'.join(parts) or '无'}", look, period_text(one.period)])


def _across(names: Names, one: Across) -> str:
    speaker = Speaker(names)
    group = _group(one.whole)
    if one.where is not None:
        group += f"（{speaker.condition(one.where)}的）"
    what = f"{names.measure(one.across)}在{group}中的{STAT_WORDS[one.how]}"
    return sentence([what, _round(one.round)])


def _share(names: Names, one: ShareOf) -> str:
    speaker = Speaker(names)
    each = names.population(one.each)
    base = f"{speaker.condition(one.base)}的" if one.base is not None else ""
    clauses = [
        f"{base}{each}（{_group(one.whole)}）",
        f"{speaker.condition(one.share)}的所占比例",
        _EMPTY_WORDS[one.empty],
        period_text(one.period),
    ]
    return sentence(clauses)


def _streak(names: Names, one: Streak) -> str:
    condition = Speaker(names).condition(one.streak)
    clauses = [
        names.population(one.each),
        f"截至当期连续{condition}的期数",
        f"最多回看{one.most}期",
        period_text(one.period),
    ]
    return sentence(clauses)


def _change(names: Names, one: Change) -> str:
    then = "上年同期" if one.against is Against.LAST_YEAR else "上期"
    words = {"difference": "增减数", "relative": "增减率"}
    how = words.get(one.how) or quoted(one.how)
    # the default says nothing about a difference, which has no denominator
    silent = one.how == "difference" and one.empty is Empty.APART
    empty = "" if silent else _EMPTY_WORDS[one.empty]
    return sentence([f"{names.measure(one.change)}比{then}的{how}", empty])


def _group(whole: bool) -> str:
    return "全体" if whole else "同组"


def _round(rounding: Round | None) -> str:
    return round_text(rounding) if rounding else ""
