"""Files of cases: typed where no plan is needed, the rest kept as it stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from wenyou_core.errors import SchemeError
from wenyou_core.scheme.cases import (
    CaseCoverage,
    CaseOpening,
    CasePost,
    Defaults,
    ExpectedEntry,
    load_case_file,
    load_cases,
)
from wenyou_core.scheme.yamlread import Scalar, Seq
from wenyou_core.worktime.periods import parse_period

FILE = "cases.yaml"
HEAD = """cases:
  - name: 一次扣六百
    article: 三.2(4)
    period: 2025Q3
    expect: {entries: []}
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(SchemeError) as caught:
        load_cases(text, FILE)
    return [(one.place.line, one.text) for one in caught.value.faults]


def test_the_least_case_expects_nothing_but_what_it_says() -> None:
    (case,) = load_cases(HEAD, FILE)
    assert (case.name, case.article) == ("一次扣六百", "三.2(4)")
    assert case.period == parse_period("2025Q3")
    assert (case.place.line, case.place.article) == (2, "三.2(4)")
    assert case.expect.entries == ()
    assert case.expect.bars is None
    assert case.coverage is None


def test_a_case_keeps_rows_that_only_a_plan_can_type() -> None:
    (case,) = load_cases(
        HEAD
        + """    units: [{id: U1, name: 甲网点, parent: B, kind: 网点}]
    posts: [{person: P1, unit: U1, post: 负责人, since: 2025-01-01, acting: true}]
    facts:
      - {kind: finding, id: f1, unit: U1, happened: 2025-08-01, points: 0.5, people: [P1, P2]}
    coverage: [{kind: finding, since: 2025-07-01, till: 2025-09-30}]
    openings: [{unit: U1, amount: 12 分, on: 2025-01-01}]
""",
        FILE,
    )
    fact = case.facts[0]
    assert fact.cells["points"] == Scalar("0.5", "0.5", 9)
    assert isinstance(fact.cells["people"], Seq)
    assert fact.place.line == 9
    assert case.units[0].cells["kind"] == Scalar("网点", "网点", 6)
    assert case.posts == (
        CasePost(
            person="P1",
            unit="U1",
            post="负责人",
            since=date(2025, 1, 1),
            acting=True,
            place=case.posts[0].place,
        ),
    )
    assert case.coverage is not None
    assert case.coverage[0] == CaseCoverage(
        kind="finding",
        since=date(2025, 7, 1),
        till=date(2025, 9, 30),
        place=case.coverage[0].place,
    )
    assert case.openings == (
        CaseOpening(unit="U1", amount="12 分", on=date(2025, 1, 1), place=case.openings[0].place),
    )


def test_expectations_of_every_kind_are_kept() -> None:
    (case,) = load_cases(
        HEAD.replace("    expect: {entries: []}\n", "")
        + """    expect:
      entries: [{rule: r, subject: U1, amount: -600 元, kind: event, fact: f1, count: 2}]
      measures: {U1: {rate: 3/1000, none: null, score: 95}}
      bars: [{what: annual_awards, subject: P1}]
      tasks: [{task: 约谈, subject: P1}]
      grades: {U1: {outlet_grade: 优}}
      awards: {star: [U1, U2], cup: U3}
      targets: {goal: true, other: null, each: {U1: false}}
      waiting: [tie]
      missing: []
""",
        FILE,
    )
    expect = case.expect
    assert expect.entries is not None
    assert expect.entries[0] == ExpectedEntry(
        rule="r",
        subject="U1",
        amount="-600 元",
        kind="event",
        fact="f1",
        count=2,
        place=expect.entries[0].place,
    )
    assert expect.measures == {"U1": {"rate": "3/1000", "none": None, "score": "95"}}
    assert expect.awards == {"star": ("U1", "U2"), "cup": ("U3",)}
    assert expect.targets == {"goal": True, "other": None, "each": {"U1": False}}
    assert (expect.waiting, expect.missing) == (("tie",), ())
    assert expect.grades == {"U1": {"outlet_grade": "优"}}
    assert expect.tasks is not None
    assert expect.tasks[0].task == "约谈"


def test_shared_values_fill_what_a_case_leaves_open() -> None:
    text = HEAD + "    values: {base: 客户数}\n    tables: {fine: {甲: -1 元}}\n"
    text += "defaults: {values: {base: 笔数, cap: 500}}\n"
    shared = load_case_file(
        "defaults: {values: {cap: 1, tie: 均计}, tables: {fine: {甲: -9 元, 乙: -2 元}}}\n", FILE
    )
    assert shared.cases == ()
    (case,) = load_cases(text, FILE, shared.defaults)
    assert {name: dated[0].value for name, dated in case.values.items()} == {
        "base": "客户数",
        "cap": Fraction(500),
        "tie": "均计",
    }
    assert case.tables == {"fine": {"甲": "-1 元", "乙": "-2 元"}}


def test_a_case_with_an_adoption_of_its_own_takes_no_defaults() -> None:
    adoption = "{id: a, plan: p, version: 1, units: [B1, B2], in_force_from: 2025-01-01}"
    (case,) = load_cases(
        HEAD + f"    adoption: {adoption}\n",
        FILE,
        Defaults(tables={"fine": {"甲": "-1 元"}}),
    )
    assert case.adoption is not None
    assert case.adoption.units == ("B1", "B2")
    assert case.tables == {}
    assert faults(HEAD + f"    adoption: {adoption}\n    values: {{a: 1}}\n") == [
        (2, "“adoption”不能与“values”“tables”同写，请把值写进“adoption”里。")
    ]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("case: []\n", 1, "缺少“cases:”一节，请补上。"),
        ("- a\n", 1, "缺少“cases:”一节，请补上。"),
        (HEAD + "case: []\n", 6, "“case”不是这里能写的键；是否想写“cases”？"),
        (HEAD.replace("name:", "title:"), 2, "缺少“name”，请补上。"),
        (HEAD.replace("2025Q3", "2025Q5"), 4, "一年里没有第5个季度，应为1至4。"),
        (HEAD + "    fact: []\n", 6, "“fact”不是这里能写的键；是否想写“facts”？"),
        (HEAD + "    facts:\n      - {id: f1, x: {y: 1}}\n", 7, "“x”应是一个值或列表，现在是映射，请改正。"),
        (HEAD + "    facts: [f1]\n", 6, "“facts”应是“列: 值”的映射，现在是“f1”，请改正。"),
        (HEAD + "    posts: [{person: P1, unit: U1}]\n", 6, "缺少“post”，请补上。"),
        (HEAD.replace("{entries: []}", "{entry: []}"), 5, "“entry”不是这里能写的键；是否想写“entries”？"),
        (HEAD.replace("{entries: []}", "{targets: {goal: 是}}"), 5, "“goal”应是 true、false 或空，现在是“是”，请改正。"),
        (HEAD.replace("{entries: []}", "{entries: [{rule: r, subject: U1}]}"), 5, "缺少“amount”，请补上。"),
    ],
)  # fmt: skip
def test_a_bad_case_is_told_with_its_line(text: str, line: int, sentence: str) -> None:
    assert (line, sentence) in faults(text)
