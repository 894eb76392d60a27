"""Rules hit those that a fact or a period has, once, and take back what they may."""

from __future__ import annotations

import pytest

from tests.core.scheme.plans import assert_refused, faults

JUDGED = "judged: {title: 酌定, on: complaint, where: serious = true, whom: head up 1, amount: {range: [-200 元, -500 元]}}"
LAST = "amount: -600 元, joint: [{whom: head, percent: 20%}]}"
DEEM = "with: {ruling: 有责, late_days: 0}"
FILED = "same: {unit: unit}, within: {from: begins, to: ends}}"
AGAIN = "again: {window: param.window, same: [unit, level], factors: [1, 1.5]}, also: true}"

JUDGED_SOUND = [
    "on: complaint, whom: [unit, person, head, members, parent up 1], amount: -1 分",
    "on: complaint, whom: present around, amount: -1 分",
    "on: complaint, whom: [field to_unit, field handler], amount: -1 分",
    "on: visit, whom: parent up 2, amount: -1 分, date: known",
    "on: complaint, whom: unit, amount: -1 分, date: param.quarter_by",
    "on: complaint, whom: unit, amount: -1 分, since: 2025-01-01, till: 2025-01-01",
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 分, ceiling: 0 分, per: event}",
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -param.least 分, ceiling: param.least 分}",
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 分, running: true}",
    "on: complaint, whom: [unit, head], amount: -1 分, limit: {floor: -5 分, per: year, running: true}",
    "on: complaint, whom: field to_unit, amount: 1 分, limit: {ceiling: 5 分, running: true, same: [unit, level]}",
    "on: complaint, whom: unit, effects: [{task: 约谈}]",
    "on: complaint, whom: unit, amount: -1 分, again: {window: cycle unit.opened_on, from_count: 3}",
    "on: complaint, whom: unit, amount: -1 分, again: {window: all, same: [person, note], factor: 2}",
]

JUDGED_REFUSED = {
    "on: visit, whom: person, amount: -1 分": ("wrong-subject", "不登记人员，不能记给 person"),
    "on: complaint, whom: present handler, amount: -1 分": ("wrong-subject", "“handler”不是；"),
    "on: complaint, whom: field around, amount: -1 分": ("wrong-subject", "“around”不是；"),
    "on: complaint, whom: field nobody, amount: -1 分": ("wrong-subject", "“nobody”不是；"),
    "on: complaint, whom: subject, amount: -1 分": ("wrong-subject", "subject 只用于期末规则"),
    "on: complaint, whom: unit up 1, amount: -1 分": ("bad-number", "上级机构请写 parent up 1"),
    "on: complaint, amount: -1 分": ("missing-part", "没有写 whom"),
    "on: complaint, whom: unit": ("missing-part", "既没有 amount 也没有 effects"),
    "on: complaint, whom: unit, amount: -1 分, since: 2025-02-01, till: 2025-01-01": ("bad-date", "止日早于起日"),
    "on: complaint, whom: unit, amount: -1 分, evidence: -1": ("bad-number", "最少佐证件数"),
    "on: complaint, whom: unit, amount: -1 分, date: level": ("bad-date", "没有日期字段“level”"),
    "on: complaint, whom: unit, amount: -1 分, date: param.basis": ("bad-date", "可取“客户数、笔数”"),
    "on: complaint, whom: unit, amount: -1 分, date: param.least": ("wrong-type", "类型须是 choice"),
    "on: complaint, whom: unit, amount: -1 分, date: param.lost": ("unknown-name", "参数“lost”没有声明"),
    "on: complaint, whom: unit, amount: -1 分, period: half": ("bad-period", "periods 里没有“half”"),
    "on: complaint, whom: unit, amount: -1 分, also: true, together: once": ("superfluous", "请删去 also 或 together"),
    "on: complaint, whom: unit, effects: [{task: 约谈}], together: once": ("missing-part", "没有 amount 的规则不用参加"),
    "on: complaint, whom: unit, amount: -1 分, together: once, period: month": ("other-period", "与同组的“blamed”期间不同"),
    "on: visit, whom: unit, amount: -1 分, together: once": ("unknown-name", "择一组的 per的字段“source”没有声明"),
    "on: complaint, whom: unit, effects: [{task: 约谈}], limit: {floor: -1 分}": ("missing-part", "有 limit 却没有 amount"),
    "on: complaint, whom: unit, effects: [{task: 约谈}], joint: [{whom: head, amount: -1 分}]": ("missing-part", "有连带承担（joint）却没有 amount"),
    "on: complaint, whom: unit, amount: -1 分, joint: [{whom: head}]": ("missing-part", "写 percent 或 amount 其中一个"),
    "on: complaint, whom: unit, amount: -1 分, joint: [{whom: heads, percent: 100%}]": ("unknown-name", "是不是“head”"),
    "on: complaint, whom: unit, amount: -1 分, limit: {per: period}": ("missing-part", "至少要写 floor 或 ceiling"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: 0 分, ceiling: -5 分}": ("bad-number", "高于 ceiling"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: param.least 分, ceiling: 1 分}": ("bad-number", "自2025-07-01起，floor（下限）高于 ceiling"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -param.least 元}": ("two-ledgers", "limit记的是账本“money”"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -param.fine 分}": ("wrong-type", "参数“fine”不是数字，后面不能写单位"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -param.nobody 分}": ("unknown-name", "参数“nobody”没有声明"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 分, same: [unit]}": ("superfluous", "请补上 running 或删去 same"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 分, per: event, running: true}": ("wrong-limit", "per: event 只看当件"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 分, running: true, same: [nobody]}": ("unknown-name", "limit 的 same的字段“nobody”没有声明"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 分, running: true, same: [around]}": ("wrong-type", "limit 的 same：字段“around”是多名人员"),
    "on: visit, whom: unit, amount: -1 分, limit: {floor: -5 分, running: true, same: [person]}": ("wrong-subject", "limit 的 same：事实“检查”不登记“person”"),
    "on: complaint, whom: members, amount: -1 分, limit: {floor: -5 分, running: true, same: [unit]}": ("wrong-subject", "同一件的几笔分不出先后"),
    "on: complaint, whom: head, amount: -1 分, limit: {floor: -5 分, running: true, same: [level]}": ("wrong-subject", "同一件的几笔分不出先后"),
    "on: complaint, whom: [unit, person], amount: -1 分, limit: {floor: -5 分, running: true, same: [unit]}": ("wrong-subject", "同一件的几笔分不出先后"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: -5 元}": ("two-ledgers", "limit记的是账本“money”"),
    "on: complaint, whom: unit, amount: -1 分, limit: {floor: param.nobody}": ("unknown-name", "参数“nobody”没有声明"),
    "on: complaint, whom: unit, amount: -1 分, effects: [{task: 约谈, bar: x}]": ("missing-part", "bar、cap、task 中的一个"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: all}": ("missing-part", "again 没有写系数"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: all, factors: [1], factor: 2}": ("superfluous", "factors 与 factor 只写一个"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: all, factors: [1, -1]}": ("bad-number", "次数系数须大于零"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: all, from_count: 0}": ("bad-number", "从第几次起算"),
    "on: visit, whom: unit, amount: -1 分, again: {window: all, same: [person], factor: 2}": ("wrong-subject", "不登记“person”"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: all, same: [around], factor: 2}": ("wrong-type", "多名人员，不能用来比对"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: param.basis, factor: 2}": ("wrong-type", "不是回看窗口"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: cycle unit.region, factor: 2}": ("bad-date", "不是日期属性"),
    "on: complaint, whom: unit, amount: -1 分, again: {window: all, factor: 2, ceiling: 5 元}": ("two-ledgers", "again 的 ceiling记的是账本“money”"),
    "on: complaint, whom: unit, amount: param.least": ("wrong-type", "参数“least”不是金额"),
    "on: complaint, whom: unit, amount: {range: [-1 分, -5 元]}": ("two-ledgers", "记入不同的账本（money、points）"),
    "on: complaint, whom: unit, amount: {per: level, each: -1 分}": ("wrong-type", "这里要数字"),
    "on: complaint, whom: unit, amount: {per: late_days, each: -1 分, step: 0}": ("bad-number", "step 须大于零"),
    "on: complaint, whom: unit, amount: {per: late_days, each: -1 分, part: half_up}": ("unknown-word", "part 只能写 up"),
    "on: complaint, whom: unit, amount: {bands: level, rows: {\"[1, 3)\": -1 分}}": ("wrong-type", "文字与数字不能比较"),
    "on: complaint, whom: unit, amount: {linear: late_days, from: [3, 0], to: [1, 2], ledger: points, round: {digits: 0, mode: up}}": ("bad-number", "起点须小于终点"),
}  # fmt: skip


@pytest.mark.parametrize("text", JUDGED_SOUND)
def test_an_event_rule_that_fits_its_facts_loads(text: str) -> None:
    assert faults(JUDGED, f"judged: {{title: 酌定, {text}}}") == ()


@pytest.mark.parametrize("text", JUDGED_REFUSED)
def test_an_event_rule_that_does_not_fit_is_refused(text: str) -> None:
    code, said = JUDGED_REFUSED[text]
    assert_refused("judged:", code, said, JUDGED, f"judged: {{title: 酌定, {text}}}")


LAST_SOUND = [
    "amount: -1 分, whom: [subject, unit, head, members, parent up 1]}",
    "amount: {value: -score, ledger: points}}",
    "effects: [{task: 约谈}, {bar: star_bar, until: forever}]}",
    "amount: -1 分, limit: {floor: -5 分, per: year}}",
]
LAST_REFUSED = {
    "amount: -600 元, limit: {floor: -900 元, running: true}}": (
        "wrong-limit",
        "期末规则不是逐件计算的",
    ),
    "amount: -1 分, whom: present around}": ("wrong-subject", "期末规则没有具体的事实"),
    "amount: -1 分, whom: field handler}": ("wrong-subject", "期末规则没有具体的事实"),
    "amount: -1 分, whom: person}": ("wrong-subject", "这里的对象不是人员"),
    "amount: -1 分, whom: chief}": ("unknown-name", "whom 的角色“chief”没有声明"),
    "amount: {table: fines}}": ("no-fact", "读不到字段“level”"),
    "amount: -1 分, together: once}": ("wrong-set", "择一组只收逐件计算的规则"),
    "amount: {value: late_days, ledger: points}}": ("unknown-name", "指标“late_days”没有声明"),
}


@pytest.mark.parametrize("text", LAST_SOUND)
def test_a_period_rule_that_fits_its_subjects_loads(text: str) -> None:
    assert faults(LAST, text) == ()


@pytest.mark.parametrize("text", LAST_REFUSED)
def test_a_period_rule_that_does_not_fit_is_refused(text: str) -> None:
    assert_refused("last:", *LAST_REFUSED[text], LAST, text)


PICK = "pick: {by: [rate], from: highest, take: 1, tie: param.ties}"
PICK_REFUSED = {
    "pick: {by: [rate], from: highest, tie: all}": ("missing-part", "写 take（取几名）或 share"),
    "pick: {by: [rate], from: highest, take: 1, share: 10%, tie: all}": ("missing-part", "其中一个"),
    "pick: {by: [rate], from: highest, share: 120%, tie: all}": ("bad-number", "不超过100%"),
    "pick: {by: [rate], from: highest, take: param.gone, tie: all}": ("unknown-name", "take 的参数“gone”没有声明"),
    "pick: {by: [rate], from: highest, take: param.weight, tie: all}": ("wrong-type", "take 的参数“weight”不是整数"),
    "pick: {by: [rate], from: highest, take: param.least, share: 10%, tie: all}": ("missing-part", "其中一个"),
    "pick: {by: [], from: highest, take: 1, tie: all}": ("missing-part", "pick 没有写 by"),
    "pick: {by: [rate], from: highest, take: 1, base: some, tie: all}": ("unknown-word", "eligible（合格者）"),
    "pick: {by: [rate], from: highest, take: 1, tie: param.choice}": ("unknown-word", "参数“choice”的“就高、累加”不能用来定并列办法"),
    "pick: {by: [rate], from: highest, take: 1, tie: param.least}": ("wrong-type", "类型须是 choice"),
    "pick: {by: [month_cases], from: highest, take: 1, tie: all}": ("other-period", "按月计算，这里按季度"),
}  # fmt: skip


@pytest.mark.parametrize("text", PICK_REFUSED)
def test_a_selection_that_is_not_settled_is_refused(text: str) -> None:
    code, said = PICK_REFUSED[text]
    found = [fault for fault in faults(PICK, text) if fault.code == code]
    assert (
        faults(PICK, "pick: {by: [rate, score], from: lowest, share: 10%, base: all, tie: none}")
        == ()
    )
    assert any(said in fault.text for fault in found)


def test_a_set_chooses_by_words_that_choose() -> None:
    choose = "choose: param.choice"
    assert faults(choose, "choose: highest") == ()
    found = faults(choose, "choose: param.ties")
    assert {fault.code for fault in found} == {"unknown-word"}
    assert "不能用来定取舍" in found[0].text


# -- deemed facts and exemptions --------------------------------------------------------

DEEM_REFUSED = {
    "with: {late_days: 0}": ("missing-part", "必填字段“责任认定”（ruling）"),
    "with: {ruling: 有错}": ("unknown-word", "“有错”不在词表里"),
    "with: {ruling: 3}": ("wrong-type", "文字与数字不能比较"),
    "with: {ruling: 有责, late_days: 0.5}": ("too-many-digits", "with 的“late_days”有1位小数，字段只有0位"),
    "with: {ruling: 有责, late_days: 1 + 2}": ("wrong-type", "只能是一个值、本事实的字段或参数"),
}  # fmt: skip


@pytest.mark.parametrize("text", DEEM_REFUSED)
def test_a_deemed_fact_that_is_not_filled_rightly_is_refused(text: str) -> None:
    assert faults(DEEM, "with: {ruling: 有责, late_days: param.least, closed_on: happened}") == ()
    assert_refused("deemed:", *DEEM_REFUSED[text], DEEM, text)


def test_a_deeming_that_changes_nothing_is_refused() -> None:
    pair = (
        "deem: complaint, where: serious = true, with: {level: 总行级}",
        "deem: complaint, where: serious = true",
    )
    assert_refused("raised:", "missing-part", "不起作用", *pair)


FILED_REFUSED = {
    "same: {unit: begins}, within: {from: begins}}": ("wrong-type", "机构号与日期不能比较"),
    "same: {unit: unit}, within: {from: target}}": ("wrong-type", "这里要日期，写的却是事实编号"),
    "same: {}}": ("missing-part", "没有写 same 或 within"),
    "same: {unit: unit}, same_period: campaign}": (
        "unknown-word",
        "只能写 month、quarter、half 或 year",
    ),
}


@pytest.mark.parametrize("text", FILED_REFUSED)
def test_an_exemption_that_matches_nothing_or_all_is_refused(text: str) -> None:
    assert faults(FILED, "same: {id: target, ruling: result}}") == ()
    assert_refused("filed:", *FILED_REFUSED[text], FILED, text)


def test_an_exemption_looks_at_the_fields_of_the_exempting_fact() -> None:
    pair = ("by: filing, where: result = 无责", "by: filing, where: serious = true")
    assert_refused("filed:", "unknown-name", "事实“报备”的字段“serious”没有声明", *pair)


# -- limits -----------------------------------------------------------------------------

OUTER = "limit: [capped], floor: -30 分, per: year}"
OUTER_REFUSED = {
    "limit: [repeated], floor: -30 分}": ("overlap", "“repeated”已在上下限“capped”里"),
    "limit: [capped, repeated], floor: -30 分}": ("overlap", "请在这里改写为“capped”"),
    "limit: [capped], floor: -30 元}": ("two-ledgers", "上下限记的是账本“money”"),
    "limit: [capped]}": ("missing-part", "至少要写 floor 或 ceiling"),
    "limit: [capped], floor: 0 分, ceiling: -1 分}": ("bad-number", "高于 ceiling"),
    "limit: [capped], floor: -30 分, per: event}": (
        "wrong-limit",
        "逐件的上下限写在规则自己的 limit 里",
    ),
    "limit: [capped, monthly], floor: -30 分}": ("other-period", "期间不同（季度、月）"),
    "limit: [capped, deemed], floor: -30 分}": ("unknown-name", "上下限里的规则“deemed”没有声明"),
}


@pytest.mark.parametrize("text", OUTER_REFUSED)
def test_a_limit_that_does_not_nest_is_refused(text: str) -> None:
    assert faults(OUTER, "limit: [capped, late], floor: -30 分, ceiling: 0 分}") == ()
    assert_refused("outer:", *OUTER_REFUSED[text], OUTER, text)


def test_a_limit_over_a_rule_without_an_amount_is_refused() -> None:
    task = (JUDGED, "judged: {title: 酌定, on: complaint, whom: unit, effects: [{task: 约谈}]}")
    pairs = (*task, OUTER, "limit: [capped, judged], floor: -30 分}")
    assert_refused("outer:", "missing-part", "“judged”没有 amount，不用封顶", *pairs)


def test_a_campaign_has_no_limit_over_the_year() -> None:
    periods = ("periods: [quarter, month, year]", "periods: [quarter, month, year, campaign]")
    text = "judged: {title: 酌定, on: complaint, whom: unit, amount: -1 分, period: campaign, limit: {floor: -5 分}}"
    assert faults(*periods, JUDGED, text) == ()
    yearly = text.replace("-5 分}", "-5 分, per: year}")
    assert_refused("judged:", "bad-period", "不能按年封顶", *periods, JUDGED, yearly)


# -- caps and bars ----------------------------------------------------------------------


def test_a_cap_holds_down_a_grade_of_its_own_sort_and_length() -> None:
    capped = "amount: -600 元, effects: [{cap: star, at_most: 二星}]}"
    assert faults(LAST, capped.replace("star", "outlet_grade").replace("二星", "良")) == ()
    assert_refused("last:", "wrong-subject", "“last”不记给人员，对等级“star”不起作用", LAST, capped)
    monthly = (
        "climb: 1}",
        "climb: 1, period: month}",
        "person_cases: {title: 个人件数, each: staff,",
        "person_cases: {title: 个人件数, each: staff, period: month,",
        "members: person_cases, each: outlets",
        "members: person_cases, each: outlets",
    )
    people = capped.replace("amount", "whom: head, amount")
    assert faults(LAST, people) == ()
    assert_refused("last:", "other-period", "压不住按月评的等级“star”", *monthly, LAST, people)


def test_a_bar_that_never_reaches_an_award_is_refused() -> None:
    whom = ("whom: [unit, present around]", "whom: present around")
    assert_refused("best:", "wrong-subject", "“late”不记给机构，对奖项“best”不起作用", *whom)


def test_a_ledger_is_not_summed_over_less_than_its_rules() -> None:
    award = ("amount: 1000 元, split: true", "amount: 1000 元, period: year, split: true")
    found = [fault for fault in faults(*award) if "账本" in fault.text]
    assert len(found) == 1
    assert "账本“money”里有期间更长的“best”" in found[0].text
