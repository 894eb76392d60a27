"""Unknown, double and ill-formed names are refused, with the nearest name and the place."""

from __future__ import annotations

import pytest

from tests.core.scheme.plans import assert_refused, checked, faults, line_of
from wenyou_core.scheme.scope import hint

UNKNOWN = {
    "field of a fact": (
        "judged:",
        "是不是“serious”",
        "where: serious = true, whom",
        "where: seriou = true, whom",
    ),
    "attribute of a unit": ("weighted:", "是不是“unit.staff”", "+ unit.staff", "+ unit.staf"),
    "parameter in an expression": (
        "weighted:",
        "是不是“weight”",
        "param.weight +",
        "param.wieght +",
    ),
    "parameter of an amount": (
        "blamed:",
        "是不是“fine”",
        "amount: param.fine",
        "amount: param.fines",
    ),
    "parameter of a window": (
        "repeated:",
        "是不是“window”",
        "window: param.window",
        "window: param.windo",
    ),
    "parameter of a tie": ("last:", "param.ties", "tie: param.ties", "tie: param.tie_word"),
    "measure in a condition": (
        "last:",
        "是不是“mean_rate”",
        "when: rate > mean_rate",
        "when: rate > mean_rat",
    ),
    "measure of a ratio": (
        "rounded_rate:",
        "是不是“volume_sum”",
        "ratio: [cases, volume_sum], empty: zero",
        "ratio: [cases, volume_sun], empty: zero",
    ),
    "measure of a ranking": (
        "best:",
        "是不是“score”",
        "pick: {by: [score], from: highest, share",
        "pick: {by: [scores], from: highest, share",
    ),
    "list of a choice": (
        "ruling: {title: 责任",
        "是不是“rulings”",
        "choices: rulings, required: true",
        "choices: ruling, required: true",
    ),
    "table": ("levelled:", "是不是“fines”", "{table: fines}", "{table: fine}"),
    "field that a table is looked up by": (
        "levelled:",
        "是不是“level”",
        "标准, by: [level], values: {支行级: -300",
        "标准, by: [levl], values: {支行级: -300",
    ),
    "exclusion set": (
        "levelled:",
        "是不是“once”",
        "{table: fines}, together: once",
        "{table: fines}, together: onc",
    ),
    "field of an exclusion set": ("blamed:", "是不是“source”", "per: [source]", "per: [sourse]"),
    "role": ("judged:", "是不是“head”", "whom: head up 1", "whom: haed up 1"),
    "population": (
        "score:",
        "是不是“outlets”",
        "{title: 得分, each: outlets",
        "{title: 得分, each: outlet",
    ),
    "rule of a sum": (
        "score:",
        "是不是“repeated”",
        "entries: [repeated, capped]",
        "entries: [repeatd, capped]",
    ),
    "rule of a limit": ("outer:", "是不是“capped”", "limit: [capped]", "limit: [caped]"),
    "ledger of a sum": (
        "money_sum:",
        "是不是“money”",
        "ledger: money}\n      weighted",
        "ledger: mony}\n      weighted",
    ),
    "ledger of an amount": (
        "shared:",
        "是不是“money”",
        "loss, ledger: money",
        "loss, ledger: moneys",
    ),
    "fact kind of a rule": (
        "judged:",
        "是不是“complaint”",
        "酌定, on: complaint",
        "酌定, on: complant",
    ),
    "fact kind of a measure": (
        "volume_sum:",
        "是不是“volume”",
        "facts: volume, how",
        "facts: volumes, how",
    ),
    "fact kind of a deemed fact": ("deemed:", "是不是“visit”", "deem: visit", "deem: visits"),
    "fact kind of an exemption": ("filed:", "是不是“filing”", "by: filing", "by: filling"),
    "field set by a deemed fact": (
        "raised:",
        "是不是“level”",
        "with: {level: 总行级}",
        "with: {levels: 总行级}",
    ),
    "field of a repeat count": (
        "repeated:",
        "是不是“level”",
        "same: [unit, level]",
        "same: [unit, levels]",
    ),
    "field of an exempting fact": ("filed:", "是不是“begins”", "from: begins", "from: begin"),
    "grade of a cap": ("sliding:", "是不是“outlet_grade”", "cap: outlet_grade", "cap: outlet_grad"),
    "step of a cap": ("sliding:", "优、合格、差、良", "at_most: 合格", "at_most: 及格"),
    "bar of an award": ("best:", "是不是“star_bar”", "bars: [star_bar]", "bars: [starbar]"),
    "attribute of a kept grade": ("star: {title: 星级", "“star”", "kept: star", "kept: stars"),
    "attribute of peer groups": (
        "outlets:",
        "是不是“region”",
        "peers: [region]",
        "peers: [regions]",
    ),
    "date of a rule": (
        "judged:",
        "closed_on",
        "酌定, on: complaint,",
        "酌定, on: complaint, date: closed,",
    ),
}


@pytest.mark.parametrize("what", UNKNOWN)
def test_an_unknown_name_is_refused_with_the_nearest_one(what: str) -> None:
    marker, said, *pairs = UNKNOWN[what]
    found = faults(*pairs)
    at = [fault for fault in found if fault.place.line == line_of(marker, *pairs)]
    assert faults() == ()
    assert at, "\n".join(map(str, found))
    assert said in at[0].text
    assert at[0].code in ("unknown-name", "bad-date")
    assert at[0].text.endswith("。")


def test_all_faults_of_a_plan_are_told_at_once() -> None:
    found = faults("whom: head up 1", "whom: haed up 1", "deem: visit", "deem: visits")
    assert {fault.place.line for fault in found} == {
        line_of("judged:"),
        line_of("deemed:"),
    }


def test_a_fault_names_file_line_and_article() -> None:
    (fault,) = faults("whom: head up 1", "whom: haed up 1")
    assert str(fault).startswith(
        f"demo.yaml 第{line_of('judged:')}行 条款2：规则“酌定”（judged）："
    )


def test_a_name_stands_once_over_measures_and_rules() -> None:
    pairs = ("judged: {title: 酌定", "cases: {title: 酌定")
    found = faults(*pairs)
    assert [fault.code for fault in found] == ["double-name"]
    assert "“cases”与前面的规则重名" in found[0].text
    assert found[0].place.line == line_of("cases: {title: 件数", *pairs)


def test_a_parameter_may_have_the_name_of_a_measure() -> None:
    found = checked("weight: {title", "score: {title", "param.weight", "param.score")
    assert {"score"} == set(found.types) & set(found.scope.params)


def test_a_parameter_stands_in_one_article() -> None:
    pairs = (
        "    tables:\n      fines:",
        "    params:\n      fine: {title: 又一个, type: int, value: 1}\n    tables:\n      fines:",
    )
    assert_refused("fine: {title: 又一个", "double-name", "参数“fine”", *pairs)


@pytest.mark.parametrize("name", ["param", "unit", "person"])
def test_a_word_of_the_language_is_no_name(name: str) -> None:
    assert_refused(
        f"{name}: {{title: 酌定",
        "reserved-name",
        "方案语言自己的词",
        "judged: {title",
        f"{name}: {{title",
    )


def test_a_role_may_not_be_called_like_a_word_of_whom() -> None:
    assert_refused(
        "members: {title: 副职", "reserved-name", "换一个名称", "deputy: {title", "members: {title"
    )


def test_a_fact_declares_no_built_in_field() -> None:
    assert_refused(
        "known: {title: 备注",
        "reserved-name",
        "每件事实自带",
        "note: {title: 备注",
        "known: {title: 备注",
    )


def test_a_fact_declares_no_field_for_the_moment_of_its_record() -> None:
    assert_refused(
        "recorded: {title: 备注",
        "reserved-name",
        "每件事实自带",
        "note: {title: 备注",
        "recorded: {title: 备注",
    )


@pytest.mark.parametrize("name", ["id", "parent", "since", "till", "recorded"])
def test_an_attribute_of_a_unit_is_nothing_that_every_unit_has(name: str) -> None:
    assert_refused(
        f"{name}: {{title: 备用",
        "reserved-name",
        f"机构属性“备用”的名称“{name}”每个机构自带",
        "region: {title: 片区, type: text}",
        f"region: {{title: 片区, type: text}}\n  {name}: {{title: 备用, type: text}}",
    )


@pytest.mark.parametrize("name", ["id", "since", "till", "recorded"])
def test_an_attribute_of_a_person_is_nothing_that_every_person_has(name: str) -> None:
    assert_refused(
        f"{name}: {{title: 备用",
        "reserved-name",
        f"人员属性“备用”的名称“{name}”每名人员自带",
        "pay: {title: 绩效工资, type: money}",
        f"pay: {{title: 绩效工资, type: money}}\n  {name}: {{title: 备用, type: text}}",
    )


def test_a_name_may_be_declared_as_an_attribute_and_is_a_text() -> None:
    held = "region: {title: 片区, type: text}"
    assert not faults(held, held + "\n  name: {title: 名称}")
    assert_refused(
        "name: {title: 名称",
        "wrong-type",
        "只能是 text",
        held,
        held + "\n  name: {title: 名称, type: int}",
    )


def test_decisions_are_not_declared() -> None:
    pairs = (
        "visit:\n    title: 检查",
        "decision:\n    title: 检查",
        "deem: visit",
        "deem: decision",
        "facts: visit",
        "facts: decision",
    )
    assert_refused("decision:", "reserved-name", "系统自带", *pairs)


def test_a_unit_word_that_is_another_ledgers_name_is_ambiguous() -> None:
    pairs = (
        "money: {title: 绩效金额, unit: 元, digits: 2}",
        "money: {title: 绩效金额, unit: 元, digits: 2}\n  stars: {title: 星数, unit: money}",
    )
    assert_refused("stars: {title: 星数", "ambiguous-unit", "分不清", *pairs)


def test_a_rate_names_another_ledger_and_a_number() -> None:
    good = ("unit: 分, digits: 1}", 'unit: 分, digits: 1, rate: {money: "20"}}')
    assert faults(*good) == ()
    assert_refused(
        "points: {title",
        "unknown-name",
        "折算到的账本“cash”",
        good[0],
        good[1].replace("money", "cash"),
    )
    assert_refused(
        "points: {title", "bad-number", "折算比例", good[0], good[1].replace("20", "-20")
    )


BOUNDS = {
    "bound of a word": (
        "serious: {title: 严重, type: bool",
        "superfluous",
        "不是数，不能写 least",
        "least: 0",
    ),
    "bound that is no number": (
        "late_days: {title: 逾期天数, type: int",
        "bad-number",
        "greatest“很大”不是数",
        "greatest: 很大",
    ),
    "bounds the wrong way round": (
        "rate: {title: 比例, type: decimal, digits: 3",
        "bad-number",
        "least 大于 greatest",
        "least: 0.5, greatest: -1",
    ),
}


@pytest.mark.parametrize("case", BOUNDS)
def test_bounds_of_a_field_are_numbers_in_order(case: str) -> None:
    field, code, said, bounds = BOUNDS[case]
    assert_refused(field, code, said, f"{field}}}", f"{field}, {bounds}}}")


def test_bounds_of_a_field_may_be_open_at_one_end_or_meet() -> None:
    late = "late_days: {title: 逾期天数, type: int"
    for bounds in ("least: 0", "greatest: 31", "least: 0, greatest: 31", "least: 5, greatest: 5"):
        assert faults(f"{late}}}", f"{late}, {bounds}}}") == ()


def test_the_hint_is_the_nearest_name_or_the_first_ones() -> None:
    assert hint("complant", ["complaint", "visit"]) == "是不是“complaint”？请改正。"
    assert hint("x", [f"name{n}" for n in range(9)]).endswith("name7等。请改用其中之一，或先声明。")
    assert hint("x", []) == "方案里还没有这类名称，请先声明。"
