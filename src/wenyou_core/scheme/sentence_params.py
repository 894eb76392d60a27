"""Parameters, tables and exclusion sets in Chinese (grammar, part 8)."""

from __future__ import annotations

from wenyou_core.scheme.model import ExclusionSet, Parameter, Table
from wenyou_core.scheme.sentence_clauses import choice_text, sentence
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.sentence_words import (
    free_text,
    listed_text,
    plain,
    quoted,
    since_text,
)
from wenyou_core.scheme.words import ValueType

_TYPE_WORDS = {
    ValueType.TEXT: "文字",
    ValueType.CHOICE: "选择",
    ValueType.INT: "整数",
    ValueType.DECIMAL: "数",
    ValueType.MONEY: "金额",
    ValueType.BOOL: "是非",
    ValueType.DATE: "日期",
    ValueType.TIME: "时刻",
    ValueType.UNIT: "机构号",
    ValueType.PERSON: "员工号",
    ValueType.PERSONS: "多名人员",
    ValueType.FACT: "事实编号",
    ValueType.WINDOW: "回看期",
    ValueType.AMOUNT: "带单位的数额",
}


def parameter_sentence(names: Names, one: Parameter) -> str:
    """``2023年1月1日起取发生日期，类型为选择（发生日期、登记日期）；须答：“…？”。``"""
    shown = names.param_value
    dated = "、".join(f"{since_text(each.since)}取{shown(one, each.value)}" for each in one.values)
    kind = _TYPE_WORDS[one.type]
    if one.choices:
        kind += f"（{'、'.join(listed_text(word) for word in one.choices)}）"
    if one.digits:
        kind += f"，{one.digits}位小数"
    if one.unit:
        kind += f"，单位{free_text(one.unit)}"
    asks = f"须答：{quoted(one.question)}" if one.question else ""
    return sentence([dated or "未定，由采用单位填写", f"类型为{kind}"], [asks])


def table_sentence(names: Names, one: Table) -> str:
    """``按通报级别：支行级为-300元、分行级为-600元。``"""
    by = "、".join(_by(names, field) for field in one.by)
    cells = "、".join(_cell(word, text) for word, text in one.values.items())
    return sentence([f"按{by or '不分类'}：{cells or '没有数值'}"])


def _by(names: Names, field: str) -> str:
    """A field of whichever kind the table is used with: its title where nothing else has it."""
    pairs = {
        (key, one.title) for kind in names.plan.facts.values() for key, one in kind.fields.items()
    }
    own = [title for key, title in pairs if key == field]
    alone = len(own) == 1 and sum(title == own[0] for _, title in pairs) == 1
    return own[0] if alone and plain(own[0]) else f"「{field}」"


def _cell(word: str, text: str | None) -> str:
    shown = "/".join(free_text(part) for part in word.split("/"))
    if text is None:
        return f"{shown}为未定"
    return f"{shown}为{text.replace(' ', '')}" if " " in text else f"{shown}为数{text}"


def set_sentence(names: Names, one: ExclusionSet) -> str:
    """``同一件事在责任性投诉、媒体升级各条中就高。``"""
    per = "、".join(_by(names, field) for field in one.per)
    what = f"{per}相同的算同一件事" if per else ""
    members = "、".join(members_of(names, one.name))
    held = f"同一件事在{members or '各条'}中{choice_text(names, one.choose)}"
    return sentence([held, what])


def members_of(names: Names, name: str) -> list[str]:
    """The rules that stand in a set, in the order of the plan."""
    return [
        names.named(rule.name)
        for article in names.plan.articles
        for rule in article.rules.values()
        if name in getattr(rule, "together", ())
    ]
