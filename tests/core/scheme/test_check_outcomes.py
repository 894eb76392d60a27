"""Grades, awards, targets, obligations, articles, checklists and values are well formed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tests.core.scheme.plans import BASE, FILE, assert_refused, faults
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.check import check
from wenyou_core.scheme.declared import fits
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Dated, Parameter, Plan
from wenyou_core.scheme.words import ValueType

GRADE = "steps: [{name: 优, when: score >= 95, share: 20%}, {name: 良, when: score >= 90}, {name: 合格, when: score >= 60}], otherwise: 差, by: [score], tie: none}"
STEPS = "steps: [{name: 三星, when: person_cases = 0}, {name: 二星, when: person_cases <= 2}], otherwise: 一星, kept: star, climb: 1}"
AWARD = "conditions: [{name: 达标, when: score >= 95}], bars: [star_bar], pick: {by: [score], from: highest, share: 10%, tie: decide}, amount: 1000 元, split: true, round: {digits: 2, mode: down}}"
VISITS = "who: 办公室, each: outlets, facts: visit, times: 1, every: month, period: month}"
ANSWER = "facts: complaint, start: known, limit: 3, unit: working_days}"
ITEMS = (
    '{no: "1", text: 地面清洁, points: 2 分, floor: 0 分, ceiling: 2 分}, {no: "2", text: 有引导}'
)

REFUSED = {
    "a step that is no condition": ("outlet_grade:", "wrong-type", "这里要是非", GRADE, GRADE.replace("score >= 90", "score")),
    "two steps of one name": ("outlet_grade:", "double-name", "各级的名称有重复", GRADE, GRADE.replace("name: 良", "name: 优")),
    "a quota above all": ("outlet_grade:", "bad-number", "“优”的 share 须大于0", GRADE, GRADE.replace("20%", "120%")),
    "a quota without a ranking": ("outlet_grade:", "missing-part", "有名额（share）就要写 by", GRADE, GRADE.replace(", by: [score]", "")),
    "ties of a grade by another reading": ("outlet_grade:", "unknown-word", "不能用来定并列办法", GRADE, GRADE.replace("tie: none", "tie: param.choice")),
    "a climb from nothing": ("star: {title: 星级", "missing-part", "要同时写", STEPS, STEPS.replace("kept: star, ", "")),
    "a kept step of no list": ("star: {title: 星级", "wrong-type", "类型须是 choice", STEPS, STEPS.replace("kept: star", "kept: pay")),
    "a step that the attribute does not know": ("star: {title: 星级", "unknown-word", "等级“四星”不在属性“现有星级”的词表里", STEPS, STEPS.replace("otherwise: 一星", "otherwise: 四星")),
    "a condition that is none": ("best:", "wrong-type", "这里要是非", AWARD, AWARD.replace("when: score >= 95", "when: score")),
    "a share of an award without rounding": ("best:", "missing-part", "均分（split）要写 round", AWARD, AWARD.replace(", round: {digits: 2, mode: down}", "")),
    "an award finer than its ledger": ("best:", "too-many-digits", "round 保留3位", AWARD, AWARD.replace("digits: 2", "digits: 3")),
    "a split of nothing": ("best:", "missing-part", "没有 amount，无从均分", AWARD, AWARD.replace("amount: 1000 元, ", "")),
    "a prize that is a reading": ("best:", "wrong-type", "参数“basis”不是金额", AWARD, AWARD.replace("1000 元", "param.basis")),
    "a prize of no parameter": ("best:", "unknown-name", "参数“prize”没有声明", AWARD, AWARD.replace("1000 元", "param.prize")),
    "a target that is no condition": ("goal:", "wrong-type", "这里要是非", "when: whole_cases <= 10", "when: whole_cases"),
    "a target of an unknown population": ("goal:", "unknown-name", "对象“all”没有声明", "each: whole, when: whole_cases <= 10", "each: all, when: whole_cases <= 10"),
    "a target by a parameter of words": ("goal:", "wrong-type", "数字与文字不能比较", "when: whole_cases <= 10", "when: whole_cases <= param.basis"),
    "an obligation of unknown facts": ("visits:", "unknown-name", "是不是“visit”", VISITS, VISITS.replace("facts: visit", "facts: visits")),
    "an obligation counted over another period": ("visits:", "bad-period", "every 须与考核期间相同", VISITS, VISITS.replace("every: month", "every: quarter")),
    "an obligation never owed": ("visits:", "bad-number", "times 须是大于零", VISITS, VISITS.replace("times: 1", "times: 0")),
    "an obligation owed an unknown number of times": ("visits:", "unknown-name", "times 的参数“many”没有声明", VISITS, VISITS.replace("times: 1", "times: param.many")),
    "an obligation owed a word": ("visits:", "wrong-type", "参数“basis”不是数字", VISITS, VISITS.replace("times: 1", "times: param.basis")),
    "an obligation every now and then": ("answer:", "unknown-word", "every 没有“sometimes”", ANSWER, ANSWER.replace("start", "every: sometimes, start")),
    "an obligation with a filter of nothing": ("answer:", "missing-part", "不知道看哪类事实", ANSWER, "where: serious = true, start: known, limit: 3, unit: working_days}"),
    "an obligation linked by a word": ("visits:", "wrong-subject", "link 的“ruling”不是", VISITS, VISITS.replace("facts: visit", "facts: complaint, link: ruling")),
    "a time limit in moons": ("answer:", "unknown-word", "时限单位没有“moons”", ANSWER, ANSWER.replace("working_days", "moons")),
    "a time limit of no unit": ("answer:", "missing-part", "还要写单位 unit", ANSWER, ANSWER.replace(", unit: working_days", "")),
    "a day by a parameter of words": ("answer:", "wrong-type", "limit 的参数“basis”不是日期", ANSWER, ANSWER.replace("limit: 3, unit: working_days", "limit: param.basis, unit: date")),
    "a day in place of a length": ("answer:", "wrong-type", "limit 是日期的，unit 要写 date", ANSWER, ANSWER.replace("limit: 3", "limit: 2025-12-31")),
    "a length in place of a day": ("answer:", "wrong-type", "unit 是 date 的，limit 要写日期", ANSWER, ANSWER.replace("unit: working_days", "unit: date")),
    "a time limit below zero": ("answer:", "bad-number", "时限不得小于零", ANSWER, ANSWER.replace("limit: 3", "limit: -3")),
    "a time limit of an unknown parameter": ("answer:", "unknown-name", "limit 的参数“days_left”没有声明", ANSWER, ANSWER.replace("limit: 3", "limit: param.days_left")),
    "two items of one number": ("hall:", "double-name", "项号“1”重复", ITEMS, ITEMS.replace('"2"', '"1"')),
    "points in no unit": ("hall:", "bad-cell", "不属于任何台账", ITEMS, ITEMS.replace("points: 2 分", "points: 2 块")),
    "a floor above its ceiling": ("hall:", "bad-number", "下限高于上限", ITEMS, ITEMS.replace("floor: 0 分", "floor: 3 分")),
    "a module without items": ("hall:", "missing-part", "没有检查项", ITEMS, ""),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_not_well_formed_is_refused(what: str) -> None:
    assert_refused(*REFUSED[what])


SOUND = [
    (GRADE, GRADE.replace("tie: none", "tie: param.ties")),
    (AWARD, "conditions: [{name: 达标, when: score >= 95}]}"),
    (VISITS, VISITS.replace("times: 1", "times: param.least").replace(", period: month", "")),
    (VISITS, VISITS.replace("facts: visit", "facts: complaint, link: to_unit, where: serious = true")),
    (ANSWER, "start: known, limit: param.least, unit: days}"),
    (ANSWER, "start: known, limit: 0, unit: same_day}"),
    (ITEMS, ITEMS.replace("points: 2 分", 'points: "2"')),
]  # fmt: skip


@pytest.mark.parametrize("pair", SOUND)
def test_what_is_well_formed_loads(pair: tuple[str, str]) -> None:
    assert faults(*pair) == ()


# -- articles ---------------------------------------------------------------------------

CHECKLIST = '  - no: "5"\n    title: 检查表\n    kinds: [checklist]'
PRINCIPLE = '  - no: "6"\n    title: 目的\n    kinds: [principle]\n    tells: 提高服务质量。'

ARTICLES = {
    "a number twice": ("double-name", "条款“5”：编号与前面的条款重复", PRINCIPLE, PRINCIPLE.replace('"6"', '"5"')),
    "no title": ("missing-part", "条款要有编号和标题", PRINCIPLE, PRINCIPLE.replace("title: 目的", 'title: ""')),
    "no kind": ("missing-part", "条款“6”：没有写 kinds", PRINCIPLE, PRINCIPLE.replace("[principle]", "[]")),
    "a checklist that is none": ("wrong-kind", "kinds 写了 checklist，条款里却没有检查表", PRINCIPLE, PRINCIPLE.replace("[principle]", "[checklist]")),
    "a rule that is none": ("wrong-kind", "kinds 写了 rule，条款里却没有任何规则", PRINCIPLE, PRINCIPLE.replace("[principle]", "[rule]")),
    "a time limit that is none": ("wrong-kind", "kinds 写了 time_limit", PRINCIPLE, PRINCIPLE.replace("[principle]", "[time_limit]")),
    "a frequency that is none": ("wrong-kind", "kinds 写了 frequency", PRINCIPLE, PRINCIPLE.replace("[principle]", "[frequency]")),
    "a principle that says nothing": ("missing-part", "kinds 写了 principle，请用 tells", PRINCIPLE, PRINCIPLE.replace("\n    tells: 提高服务质量。", "")),
    "a checklist under another kind": ("wrong-kind", "kinds 里要有 checklist", CHECKLIST, CHECKLIST.replace("[checklist]", "[duty]")),
    "rules under another kind": ("wrong-kind", "kinds 里要有 rule", "title: 指标\n    kinds: [rule]", "title: 指标\n    tells: 如下。\n    kinds: [duty]"),
}  # fmt: skip


@pytest.mark.parametrize("what", ARTICLES)
def test_an_article_that_does_not_hold_what_it_is_is_refused(what: str) -> None:
    code, said, *pair = ARTICLES[what]
    found = faults(*pair)
    assert faults() == ()
    assert [fault.code for fault in found] == [code]
    assert said in found[0].text
    assert found[0].place.line > 0


# -- what a plan declares ---------------------------------------------------------------

LEAST = "least: {title: 最少件数, type: int, values: [{since: 2024-01-01, value: 1}, {since: 2025-07-01, value: 2}]}"
DECLARED = {
    "a choice without words": ("basis:", "missing-part", "请写 choices", "type: choice, choices: [客户数, 笔数], question", "type: choice, question"),
    "a word twice": ("basis:", "bad-list", "choices 里有重复的词", "choices: [客户数, 笔数]", "choices: [客户数, 客户数]"),
    "decimals without end": ("weight:", "bad-number", "小数位须在0至9之间", "type: decimal, value: 20%", "type: decimal, digits: 12, value: 20%"),
    "a ledger with too many decimals": ("points: {title", "bad-number", "小数位须在0至9之间", "unit: 分, digits: 1", "unit: 分, digits: 10"),
    "a role that acts strangely": ("deputy:", "unknown-word", "acting 只有 instead", "{title: 副职}", "{title: 副职, acting: never}"),
    "a field of amounts": ("note:", "wrong-type", "类型只用于参数", "{title: 备注, type: text}", "{title: 备注, type: amount}"),
    "a list on a text": ("note:", "superfluous", "类型却不是 choice", "{title: 备注, type: text}", "{title: 备注, type: text, choices: levels}"),
    "an attribute of many persons": ("region:", "wrong-type", "不能是多名人员", "{title: 片区, type: text}", "{title: 片区, type: persons}"),
    "a field with too many decimals": ("note:", "bad-number", "小数位须在0至9之间", "{title: 备注, type: text}", "{title: 备注, type: decimal, digits: 11}"),
    "facts of the adopting unit": ("visit:", "wrong-subject", "subjects 只能写 unit、person", "title: 检查\n    subjects: [unit]", "title: 检查\n    subjects: [adopter, unit]"),
    "a person required and not told": ("visit:", "wrong-subject", "person_required 无从谈起", "title: 检查\n    subjects: [unit]", "title: 检查\n    subjects: [unit]\n    person_required: true"),
    "peers of the one adopting unit": ("whole:", "superfluous", "不用写 where 和 peers", "of: adopter}", "of: adopter, peers: [region]}"),
    "a table by three fields": ("gap:", "bad-table", "by 写一个或两个字段", "待填标准, by: [level]", "待填标准, by: [level, ruling, note]"),
    "a table of two ledgers": ("gap:", "two-ledgers", "记入不同的账本（money、points）", "values: {支行级: null}", "values: {支行级: -1 元, 分行级: -1 分}"),
    "a table of numbers and amounts": ("gap:", "bad-cell", "请分成两张表", "values: {支行级: null}", "values: {支行级: 300, 分行级: -1 元}"),
    "numbers for an amount": ("levelled:", "wrong-type", "不能直接作数额", "支行级: -300 元, 分行级: -600 元, 总行级: -1200 元", "支行级: -300, 分行级: -600, 总行级: -1200"),
    "a table by a number": ("levelled:", "wrong-type", "不是取自词表的字段", "标准, by: [level], values: {支行级: -300", "标准, by: [late_days], values: {支行级: -300"),
    "a table with a strange word": ("levelled:", "unknown-word", "表“标准”的“省行级”不在词表里", "支行级: -300 元", "省行级: -300 元"),
    "a table by two fields with one word": ("levelled:", "bad-cell", "应是用 / 连接的2个词", "标准, by: [level], values: {支行级: -300 元, 分行级: -600 元, 总行级: -1200 元}", "标准, by: [level, ruling], values: {支行级/有责: -300 元, 分行级: -600 元}"),
    "a validity that ends before it begins": ("plan:", "bad-date", "方案的止日早于起日", "valid_from: 2024-01-01", "valid_from: 2024-01-01\n  valid_to: 2023-01-01"),
    "a list with a word twice": ("plan:", "bad-list", "词表“stars”", "stars: [一星, 二星, 三星]", "stars: [一星, 二星, 三星, 三星]"),
}  # fmt: skip


@pytest.mark.parametrize("what", DECLARED)
def test_a_declaration_that_does_not_hold_is_refused(what: str) -> None:
    assert_refused(*DECLARED[what])


def test_a_deciding_date_must_exist_for_every_kind_it_decides() -> None:
    assert faults("deciding: param.quarter_by", "deciding: known") == ()
    found = faults("deciding: param.quarter_by", "deciding: closed_on")
    assert [fault.code for fault in found] == ["bad-date"]
    assert "事实“业务量”没有日期字段“closed_on”" in found[0].text


def test_a_reading_of_the_date_may_name_a_date_field_by_its_title() -> None:
    reading = "choices: [发生日期, 登记日期], value: 发生日期"
    rule = ("酌定, on: complaint,", "酌定, on: complaint, date: param.quarter_by,")
    found = faults(*rule, reading, "choices: [发生日期, 办结日期], value: 发生日期")
    assert {fault.place.article for fault in found} == {""}  # of the plan's deciding alone
    assert "事实“业务量”却没有这个日期" in found[0].text
    closed = faults(
        *rule,
        reading,
        "choices: [办结日期], value: 办结日期",
        "deciding: param.quarter_by",
        "deciding: known",
    )
    assert closed == ()


def test_a_plan_speaks_of_a_period() -> None:
    found = faults("periods: [quarter, month, year]", "periods: []")
    assert "方案没有写 periods" in found[0].text


# -- values that a file cannot say, but a program can make -------------------------------

PLAN = load_plan(BASE, FILE)

WRONG_VALUES: dict[str, tuple[str, Value]] = {
    "a word that is no choice": ("basis", "员工数"),
    "a number for a word": ("basis", Fraction(1)),
    "half a piece": ("least", Fraction(1, 2)),
    "a word for a number": ("weight", "甲"),
    "a window that is none": ("window", "1 century"),
    "a window by a parameter": ("window", "param.window"),
    "a truth for an amount": ("fine", True),
}


def with_values(name: str, *values: Dated) -> Plan:
    first, *rest = PLAN.articles
    params = {**first.params, name: replace(first.params[name], values=values)}
    return replace(PLAN, articles=(replace(first, params=params), *rest))


@pytest.mark.parametrize("what", WRONG_VALUES)
def test_a_value_of_another_type_is_refused(what: str) -> None:
    name, value = WRONG_VALUES[what]
    with pytest.raises(SchemeError) as refused:
        check(with_values(name, Dated(since=date(2024, 1, 1), value=value)))
    assert "bad-value" in {fault.code for fault in refused.value.faults}
    assert f"（{name}）：取值“" in str(refused.value)


RIGHT_VALUES: dict[ValueType, tuple[Value, Value]] = {
    ValueType.BOOL: (True, Fraction(1)),
    ValueType.DATE: (date(2025, 1, 1), "2025-01-01"),
    ValueType.TIME: (Fraction(540), Fraction(1, 2)),
    ValueType.TEXT: ("甲", Fraction(1)),
    ValueType.UNIT: ("U1", False),
    ValueType.MONEY: (Fraction(1, 4), Fraction(1, 8)),
    ValueType.INT: (Fraction(3), "三"),
}


@pytest.mark.parametrize("kind", RIGHT_VALUES)
def test_a_value_fits_its_type_and_no_other(kind: ValueType) -> None:
    right, wrong = RIGHT_VALUES[kind]
    param = Parameter(name="x", title="x", type=kind)
    assert fits(param, right)
    assert not fits(param, wrong)


def test_values_stand_in_order_of_their_days() -> None:
    one = Dated(since=date(2024, 1, 1), value=Fraction(1))
    two = Dated(since=date(2024, 6, 1), value=Fraction(2))
    check(with_values("least", one, two))
    with pytest.raises(SchemeError, match="不晚于前一个"):
        check(with_values("least", two, one))


def test_an_amount_in_an_ambiguous_unit_is_refused() -> None:
    fines = replace(PLAN.ledgers["points"], name="fines", title="违规分")
    first, *rest = PLAN.articles
    fine = replace(first.params["fine"], unit="分")
    articles = (replace(first, params={**first.params, "fine": fine}), *rest)
    plan = replace(PLAN, ledgers={**PLAN.ledgers, "fines": fines}, articles=articles)
    with pytest.raises(SchemeError, match="单位“分”属于几个账本"):
        check(plan)
