"""Plan files: typed and complete, or every fault with file, line, article and what to do."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scheme.loading import (
    FILE,
    HEAD,
    PLACE,
    article,
    fault,
    faults,
    faults_of,
    param,
)
from wenyou_core.errors import Place, SchemeError
from wenyou_core.scheme.expr import Binary, Const, Field, Op
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.model import Dated, Plan, Table
from wenyou_core.scheme.words import (
    ArticleKind,
    PeriodKind,
    SubjectKind,
    ValueType,
)


def test_a_small_plan_loads_with_its_defaults() -> None:
    plan = load_plan(HEAD, FILE)
    assert (plan.id, plan.version, plan.deciding) == ("p", "1", "happened")
    assert plan.valid_from == date(2024, 1, 1)
    assert plan.periods == (PeriodKind.QUARTER,)
    assert plan.lists == {"levels": ("甲级", "乙级")}
    assert plan.ledgers["money"].unit == "元"
    assert plan.ledgers["money"].place == Place(file=FILE, line=5)
    only = plan.articles[0]
    assert (only.no, only.kinds) == ("三.2(4)", (ArticleKind.RULE,))
    assert only.place == Place(file=FILE, line=7, article="三.2(4)")


def test_every_part_of_a_plan_is_typed() -> None:
    plan = load_plan(
        """plan:
  id: p
  version: 2025
  title: 方案
  issuer: 支行
  parents: 上级方案
  valid_to: 2025-12-31
  periods: [month, year]
  deciding: param.by
ledgers:
  points: {title: 积分, unit: 分, rate: {money: 50}}
roles:
  head: {title: 负责人, posts: 网点负责人, acting: also}
unit_fields:
  class: {title: 类别, type: choice, choices: classes}
facts:
  finding:
    title: 检查
    subjects: [unit, person]
    person_required: true
    fields:
      points: {title: 扣分, type: decimal, digits: 1, required: true}
populations:
  staff: {title: 员工, of: person, where: 'person.kind = 柜员 and unit.class in [甲]', peers: [class]}
""",
        FILE,
    )
    assert (plan.version, plan.parents, plan.deciding) == ("2025", ("上级方案",), "param.by")
    assert plan.valid_to == date(2025, 12, 31)
    assert plan.periods == (PeriodKind.MONTH, PeriodKind.YEAR)
    assert plan.ledgers["points"].rate == {"money": "50"}
    assert (plan.roles["head"].name, plan.roles["head"].posts) == ("head", ("网点负责人",))
    assert plan.unit_fields["class"].type is ValueType.CHOICE
    finding = plan.facts["finding"]
    assert finding.subjects == (SubjectKind.UNIT, SubjectKind.PERSON)
    assert finding.fields["points"].digits == 1
    assert finding.fields["points"].place.line == 22
    staff = plan.populations["staff"]
    assert staff.of is SubjectKind.PERSON
    assert isinstance(staff.where, Binary)
    assert staff.where.left == Binary(Op.EQ, Field("person", "kind"), Const("柜员"))


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("- a\n", 1, "“”应是以“plan:”开头的映射，现在是列表，请改正。"),
        ("lists: {}\n", 1, "缺少“plan:”一节，请写上 id、version、title。"),
        ("adoption: {}\n", 1, "这是采用文件，不是方案；这里请指明方案，采用文件另外给出。"),
        ("plan: {id: p, version: 1, title: x}\n", 1, "缺少“issuer”，请补上。"),
        (
            HEAD + "fact: {}\n",
            10,
            "“fact”不是这里能写的键；是否想写“facts”？",
        ),
        (
            HEAD.replace("issuer", "isuer"),
            1,
            "“isuer”不是这里能写的键；是否想写“issuer”？",
        ),
        (HEAD.replace("{levels:", "{Levels:"), 2, "列表名“Levels”只能用小写字母、数字和下划线，并以字母开头，请改名。"),
        (HEAD.replace("  points:", "  积分:"), 4, "名称“积分”只能用小写字母、数字和下划线，并以字母开头，请改名。"),
        (HEAD.replace("  points:", "  not:"), 4, "“not”是表达式用的词，不能作名称，请换一个。"),
        (HEAD.replace("2024-01-01", "2024-1-1"), 1, "“valid_from”：“2024-1-1”不是日期，请写成“2025-03-01”的样子。"),
        (HEAD.replace("digits: 2}", "digits: 二}", 1), 4, "“digits”应是整数，现在是“二”，请改正。"),
        (HEAD.replace("[甲级, 乙级]", "[甲级, {x: 1}]"), 2, "“levels”应是一段文字，现在是映射，请改正。"),
    ],
)  # fmt: skip
def test_a_fault_outside_the_articles_names_its_line(text: str, line: int, sentence: str) -> None:
    assert (line, sentence) in [(one.place.line, one.text) for one in faults_of(text)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kinds: [rule]", "kinds: [rules]", "“kinds”不能写“rules”；是否想写“rule”？"),
        (
            "kinds: [rule]",
            "kinds: 规则",
            "“kinds”不能写“规则”；可用的有rule、time_limit、frequency、duty、register、checklist、"
            "principle。",
        ),
        ("title: 第一条", "tittle: 第一条", "缺少“title”，请补上。"),
        ("title: 第一条", "title:", "“title”不能空着，请填写或删去这个键。"),
        ("title: 第一条", "title: true", "“title”应是文字；要写文字“true”时请加引号。"),
        ("title: 第一条", "title: [第一条]", "“title”应是一段文字，现在是列表，请改正。"),
    ],
)
def test_a_fault_of_an_article_names_the_article(old: str, new: str, sentence: str) -> None:
    found = faults_of(HEAD.replace(old, new))
    assert sentence in [one.text for one in found]
    assert {one.place.article for one in found} == {"三.2(4)"}


def test_an_article_without_number_is_refused() -> None:
    assert "缺少“no”，请补上。" in [one.text for one in faults_of(HEAD.replace("no:", "nr:"))]


def test_all_faults_of_a_file_are_told_together_in_order() -> None:
    found = faults(
        "rules",
        "a: {on: x, amount: 600}",
        "b: {on: x, where: y = }",
        "c: {on: x, wen: y}",
        "d: {each: x, period: monthly, decide: 1}",
    )
    assert [line for line, _ in found] == [0, 1, 2, 3, 3]


def test_a_single_value_holds_since_the_plans_first_day() -> None:
    found = param("{title: 罚额, type: amount, value: 600 元}")
    assert found.values == (Dated(since=date(2024, 1, 1), value=Fraction(600), place=PLACE),)
    assert (found.unit, found.digits) == ("元", 0)


def test_dated_values_stand_in_order_and_may_end() -> None:
    found = param(
        "{title: x, values: [{since: 2025-07-01, value: null},"
        " {since: 2025-01-01, value: 0.5}, {since: 2025-03-01, value: 12.25}]}"
    )
    assert [(one.since.month, one.value) for one in found.values] == [
        (1, Fraction(1, 2)),
        (3, Fraction(49, 4)),
        (7, None),
    ]
    assert found.digits == 2


@pytest.mark.parametrize("text", ["{title: x}", "{title: x, value: }", "{title: x, value: null}"])
def test_a_parameter_without_value_is_unset(text: str) -> None:
    assert param(text).values == ()


def test_a_reading_takes_one_of_its_words() -> None:
    found = param("{title: x, type: choice, choices: [就高, 累加], question: 怎样取?, value: 就高}")
    assert [one.value for one in found.values] == ["就高"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{title: x, value: 多}", "参数“one”：“多”不是数，请写成“600”“1.5”或“20%”的样子（半角）。"),
        ("{title: x, type: choice, choices: [甲, 乙], value: 丙}", "参数“one”：“丙”不在可选的词里；可选的有甲、乙。"),
        ("{title: x, type: amount, value: 600}", "参数“one”：“600”后面缺少单位，请补上一个单位（分、元、points、money）。"),
        ("{title: x, digits: 1, value: 0.25}", "参数“one”的值有2位小数，多于 digits 的1位，请改成一致。"),
        ("{title: x, value: 1, values: []}", "“value”和“values”只能写一个，请删去一个。"),
        ("{title: x, values: [{since: 2025-01-01, value: 1}, {since: 2025-01-01, value: 2}]}", "2025-01-01起的值写了两次，请删去一个。"),
        ("{title: x, values: [{value: 1}]}", "缺少“since”，请补上。"),
        ("{title: x, type: dezimal, value: 1}", "“type”不能写“dezimal”；是否想写“decimal”？"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_told_with_line_article_and_what_to_do(text: str, sentence: str) -> None:
    assert fault("params", f"one: {text}") == sentence


def test_a_table_keeps_the_text_of_its_cells() -> None:
    found = article(
        "tables",
        "one: {title: x, by: [level, kind], values: {甲级/一: -300 元, 甲级/二: null, 乙: 3}}",
    ).tables["one"]
    assert isinstance(found, Table)
    assert found.by == ("level", "kind")
    assert found.values == {"甲级/一": "-300 元", "甲级/二": None, "乙": "3"}


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("-300元", "表“one”的“甲”：“-300元”不是数，请写成“600”“1.5”或“20%”的样子（半角）。"),
        ("-300 圆", "表“one”的“甲”：“-300 圆”的单位“圆”不属于任何台账；本方案的单位有分、元、points、money。"),
    ],
)  # fmt: skip
def test_a_bad_cell_of_a_table_is_told(cell: str, sentence: str) -> None:
    assert fault("tables", f"one: {{title: x, by: level, values: {{甲: {cell}}}}}") == sentence


@given(st.integers(0, 10**6), st.text(st.sampled_from("a1-: \n{}[],=元\"'"), max_size=6))
def test_no_damage_to_a_file_gives_anything_but_a_plan_or_told_faults(at: int, put: str) -> None:
    text = HEAD + "    rules:\n      one: {on: x, where: level in levels, amount: -6 元}\n"
    at %= len(text)
    try:
        assert isinstance(load_plan(text[:at] + put + text[at + len(put) :], FILE), Plan)
    except SchemeError as error:
        told = error.faults
    else:
        return
    assert all(one.text and one.place.file == FILE for one in told)
