"""Expressions are typed when the plan loads; what cannot be compared is refused."""

from __future__ import annotations

import pytest

from tests.core.scheme.plans import assert_refused, checked, faults

WHERE = "where: serious = true, whom"
WHEN = "when: rate > mean_rate and cases >= param.least"

SOUND_IN_A_RULE = [
    "serious",
    "not serious or level in levels",
    "level = 分行级 and level in [支行级, 总行级]",
    "param.basis = 客户数",
    "happened >= 2025-01-01 and known between [2025-01-01, 2025-12-31]",
    "days(happened, closed_on) > 3 or workdays(known, closed_on) >= 2",
    "minutes(opens, at) > 0 and at >= 540 and opens < at",
    "month(happened) = 12 and year(known) = 2025",
    "loss * 20% + late_days - rate > min(1, 2.5)",
    "abs(loss) < 10 and floor(loss, 0.5) = 3 and ceil(late_days, 7) < 2",
    "exists around and exists person",
    'handler = person and to_unit = unit and unit = "U1" and id = source',
    "note = level",
    "unit.kind = 网点 and person.star in [一星]",
    "evidence_count >= 2",
]

REFUSED_IN_A_RULE = {
    "level = 3": "文字与数字不能比较",
    "late_days = 有责": "数字与文字不能比较",
    "happened > 3": "日期与数字不能比较",
    "happened > opens": "日期与时刻不能比较",
    "serious = 有责": "是非与文字不能比较",
    "unit = person": "机构号与员工号不能比较",
    "level = 分行": "“分行”不在词表里；是不是“分行级”",
    "有责任 = ruling": "“有责任”不在词表里",
    "level in [支行级, 省行级]": "“省行级”不在词表里",
    "level = ruling": "可取的词没有一个相同",
    "level > 支行级": "文字没有大小之分",
    "unit.kind < 部门": "文字没有大小之分",
    "serious < true": "是非没有大小之分",
    "late_days between [2025-01-01, +)": "数字与日期不能比较",
    "late_days in [1, 甲]": "数字与文字不能比较",
    "around = person": "多名人员、窗口和金额不能比较",
    "around in [甲]": "多名人员、窗口和金额不能比较",
    "late_days": "这里要是非，写的却是数字",
    "not level": "这里要是非，写的却是文字",
    "serious and late_days": "这里要是非，写的却是数字",
    "late_days + 甲 > 1": "这里要数字，写的却是文字",
    "-happened = 1": "这里要数字，写的却是日期",
    "late_days * happened > 1": "这里要数字，写的却是日期",
    "days(happened, late_days) > 1": "这里要日期，写的却是数字",
    "minutes(happened, at) > 1": "这里要时刻，写的却是日期",
    "min(late_days, level) > 1": "这里要数字，写的却是文字",
    "month(level) = 1": "这里要日期，写的却是文字",
    "floor(loss, late_days) > 1": "第二个参数是步长",
    "ceil(loss, 0) > 1": "第二个参数是步长",
    "param.fine > 1": "带账本的金额，不能放在表达式里",
    "param.window = 甲": "回看窗口，不能放在表达式里",
    "param.quarter_by = 办结日期": "“办结日期”不在词表里",
}


@pytest.mark.parametrize("text", SOUND_IN_A_RULE)
def test_an_expression_over_a_fact_that_fits_loads(text: str) -> None:
    assert faults(WHERE, f"where: '{text}', whom") == ()


@pytest.mark.parametrize("text", REFUSED_IN_A_RULE)
def test_an_expression_over_a_fact_that_does_not_fit_is_refused(text: str) -> None:
    found = faults(WHERE, f"where: '{text}', whom")
    assert len(found) == 1, "\n".join(map(str, found))
    assert REFUSED_IN_A_RULE[text] in found[0].text
    assert found[0].text.startswith("规则“酌定”（judged）：")


SOUND_IN_A_PERIOD = [
    "rate > mean_rate and cases >= param.least",
    "rate >= 0.5% and passing < rate and grown_rate > plain_rate",
    "rate between [0, 1)",
    "unit.staff * 2 + score > whole_cases",
    "exists grown and not exists rate",
    "unit.opened_on < 2025-01-01 and unit.region = 城区",
]

REFUSED_IN_A_PERIOD = {
    "rate + 1 > 2": "未取整的比率或平均数不能参加运算",
    "mean_rate * 2 > rate": "未取整的比率或平均数不能参加运算",
    "-passing < 0": "未取整的比率或平均数不能参加运算",
    "max(rate, 1) > 2": "未取整的比率或平均数不能参加运算",
    "rate = 网点": "数字与文字不能比较",
    "person.star = 一星": "这里的对象不是人员",
    "person_cases > 1": "跨对象请用 across 或 members 指标",
    "month_cases > 1": "按月计算，这里按季度",
    "ruling = 有责": "指标“ruling”没有声明",
    "repeated > 1": "“repeated”不是指标",
    "outlet_grade = 优": "“outlet_grade”不是指标",
}


@pytest.mark.parametrize("text", SOUND_IN_A_PERIOD)
def test_an_expression_over_subjects_that_fits_loads(text: str) -> None:
    assert faults(WHEN, f"when: '{text}'") == ()


@pytest.mark.parametrize("text", REFUSED_IN_A_PERIOD)
def test_an_expression_over_subjects_that_does_not_fit_is_refused(text: str) -> None:
    found = faults(WHEN, f"when: '{text}'")
    assert len(found) == 1, "\n".join(map(str, found))
    assert REFUSED_IN_A_PERIOD[text] in found[0].text
    assert found[0].text.startswith("规则“最后一名”（last）：")


def test_a_person_reads_the_measures_of_the_whole_but_not_of_the_unit() -> None:
    def when(text: str) -> tuple[str, str]:
        return "{name: 二星, when: person_cases <= 2}", f"{{name: 二星, when: '{text}'}}"

    assert faults(*when("person_cases <= whole_cases and person.star = 一星")) == ()
    assert_refused(
        "star: {title: 星级", "other-population", "属于对象“outlets”", *when("cases <= 2")
    )


def test_a_population_looks_at_attributes_alone() -> None:
    where = "of: unit, where: unit.kind = 网点"
    assert faults(where, "of: unit, where: unit.kind = 网点 and param.basis = 笔数") == ()
    assert_refused(
        "outlets:", "no-measure", "这里只能用属性和参数", where, "of: unit, where: cases = 0"
    )
    assert_refused(
        "outlets:", "no-person", "这里的对象不是人员", where, "of: unit, where: person.star = 一星"
    )


def test_an_unknown_field_gives_one_fault_and_no_others_from_it() -> None:
    found = faults(WHERE, "where: (losses + 1) * 2 > 3 and losses = 甲, whom")
    assert [fault.code for fault in found] == ["unknown-name"]


def test_a_measure_that_does_not_resolve_gives_no_further_faults() -> None:
    ratio = "rate: {title: 投诉率, ratio: [cases, volume_sum]"
    found = faults(ratio, ratio.replace("volume_sum", "volumes"))
    assert [fault.code for fault in found] == ["unknown-name"]
    assert "指标“投诉率”（rate）：指标“volumes”没有声明" in found[0].text


def test_the_types_of_measures_are_known_after_the_check() -> None:
    types = checked().types
    digits = {name: one.digits for name, one in types.items()}
    assert digits == {
        "cases": 0,
        "volume_sum": 0,
        "rate": None,
        "rounded_rate": 4,
        "mean_rate": None,
        "plain_rate": 6,
        "score": 1,
        "money_sum": 2,
        "weighted": 2,
        "place": 0,
        "grown": 0,
        "grown_rate": None,
        "clean": 0,
        "month_cases": 0,
        "rolled": 1,
        "person_cases": 0,
        "of_members": 2,
        "passing": None,
        "whole_cases": 0,
        "month_score": 1,
        "joint_money": 2,
    }
    assert types["rolled"].period.value == "quarter"
    assert types["month_score"].period.value == "month"
    assert (types["place"].population, types["of_members"].population) == ("outlets", "outlets")
    assert types["person_cases"].population == "staff"
