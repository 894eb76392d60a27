"""The runner of worked cases: it finds every disagreement and says it in Chinese."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent, indent

import pytest

from tests.core.assess.play import checked
from wenyou_core.assess.cases import run_case
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.cases import Case, load_cases

BODY = """
measures:
  cases: {title: 件数, each: outlets, facts: finding}
  rate: {title: 率, ratio: [cases, cases], empty: apart}
rules:
  fine: {title: 罚, on: finding, whom: unit, amount: -100 元, also: true}
  out: {title: 取消, on: finding, where: points > 3, whom: unit, effects: [{bar: best, until: forever}, {task: 约谈}], also: true}
  judged: {title: 定, on: complaint, whom: unit, amount: -1 元, decide: true, also: true}
awards:
  best: {title: 优胜, each: outlets, bars: [best]}
targets:
  none: {title: 无, each: outlets, when: cases = 0}
"""
CASE = """
cases:
  - name: 一件
    article: "1"
    fires: [fine, out]
    misses: [judged]
    period: 2025Q3
    units: [{id: U1, parent: B, kind: 网点}, {id: U2, parent: B, kind: 网点}]
    facts: [{kind: finding, id: f1, unit: U1, happened: 2025-08-01, points: 4}]
    expect:
"""


def case(expect: str) -> Case:
    (found,) = load_cases(CASE + indent(dedent(expect).strip("\n"), "      "), "c.yaml")
    return found


def said(expect: str) -> str:
    return "\n".join(run_case(checked(BODY), case(expect)))


RIGHT = """
entries: [{rule: fine, subject: U1, amount: -100 元, kind: event, fact: f1, period: 2025Q3, count: 0}]
measures: {U1: {cases: 1, rate: 2/2}, U2: {cases: 0, rate: null}}
bars: [{what: best, subject: U1, rule: out, until: forever}]
tasks: [{task: 约谈, subject: U1, rule: out}]
awards: {best: [U2]}
targets: {none: {U1: false, U2: true}}
waiting: []
missing: []
uncounted: []
"""


def test_case_that_agrees_is_silent() -> None:
    assert said(RIGHT) == ""


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("entries: [{rule: fine, subject: U1, amount: -90 元}]", "-90 元"),
        ("entries: [{rule: fine, subject: U2, amount: -100 元}]", "U2"),
        ("entries: [{rule: fine, subject: U1, amount: -100 元, count: 2}]", "没有得到"),
        (
            "entries: [{rule: fine, subject: U1, amount: -100 元}, {rule: fine, subject: U1, amount: -100 元}]",
            "没有得到",
        ),
        ("entries: []", "多出"),
        ("measures: {U1: {cases: 2}}", "应为2，得到1"),
        ("measures: {U1: {rate: null}}", "应为不适用，得到1/1"),
        ("measures: {U2: {rate: 1/2}}", "分母为零"),
        ("bars: []", "多出"),
        ("bars: [{what: best, subject: U2}]", "U2"),
        ("bars: [{what: best, subject: U1, until: 2025-12-31}]", "没有得到"),
        ("tasks: []", "约谈"),
        ("tasks: [{task: 通报}]", "通报"),
        ("awards: {best: [U1, U2]}", "缺少U1"),
        ("awards: {best: []}", "多出U2"),
        ("targets: {none: true}", "U1"),
        ("waiting: [judged]", "缺少judged"),
        ("missing: [finding]", "缺少finding"),
        ("uncounted: [f1]", "缺少f1"),
    ],
)
def test_disagreement_is_told_with_the_name_of_the_case(wrong: str, word: str) -> None:
    text = said(wrong)
    assert "案例“一件”" in text
    assert word in text
    assert text.endswith("。")


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ("entries: [{rule: fine, subject: U1, amount: -100}]", "数额“-100”"),
        ("entries: [{rule: fine, subject: U1, amount: -100 两}]", "数额“-100 两”"),
        ("entries: [{rule: fine, subject: U1, amount: -100 元, factor: 双倍}]", "系数“双倍”"),
        ("converted: {U1: [-100]}", "数额“-100”"),
        ("measures: {U1: {cases: 一}}", "应为一，得到1"),
        ("measures: {U1: {cases: 1/0}}", "应为1/0，得到1"),
        ("measures: {U1: {cases: 1.00000000001}}", "应为1.00000000001，得到1"),
        ("measures: {U1: {cases: 1/2/3}}", "应为1/2/3，得到1"),
    ],
)
def test_what_cannot_be_read_is_a_disagreement_and_no_crash(wrong: str, word: str) -> None:
    text = said(wrong)
    assert "案例“一件”" in text
    assert word in text
    assert text.endswith("。")


def test_number_of_any_length_agrees_where_it_is_equal() -> None:
    assert said("measures: {U1: {cases: 1.000000000000}, U2: {cases: 0/3}}") == ""


def test_moment_that_is_none_is_told_with_its_place() -> None:
    text = CASE.replace("period: 2025Q3", "period: 2025Q3\n    known_at: 去年")
    (found,) = load_cases(text + "      entries: []", "c.yaml")
    with pytest.raises(SchemeError, match=r"c\.yaml 第\d+行.*known_at“去年”不是时刻"):
        run_case(checked(BODY), found)


def test_part_that_is_left_out_is_not_compared() -> None:
    assert said("measures: {U1: {cases: 1}}") == ""


def test_case_must_make_fire_what_it_says() -> None:
    text = CASE.replace("fires: [fine, out]", "fires: [judged, nothing]") + "      waiting: []"
    (found,) = load_cases(text, "c.yaml")
    assert "\n".join(run_case(checked(BODY), found)).count("judged") == 1
    assert "“nothing”在方案中没有" in "\n".join(run_case(checked(BODY), found))


def test_case_may_be_replayed_as_known_at_a_moment() -> None:
    text = CASE.replace("period: 2025Q3", "period: 2025Q3\n    known_at: 2025-07-31T00:00")
    (found,) = load_cases(text.replace("[fine, out]", "[]") + "      entries: []", "c.yaml")
    assert run_case(checked(BODY), found) == []


def test_a_case_may_expect_that_the_plan_cannot_run() -> None:
    unset = "params:\n  fine: {title: 罚额, type: amount, unit: 元}\n" + BODY.replace(
        "amount: -100 元", "amount: param.fine"
    )
    refused, sound = checked(unset), checked(BODY)
    assert run_case(refused, case("refused: [unset]")) == []
    assert run_case(refused, case("refused: [bad-date]")) == [
        "案例“一件”：不能启用的原因缺少bad-date。",
        "案例“一件”：不能启用的原因多出unset。",
    ]
    assert run_case(sound, case("refused: [unset]")) == ["案例“一件”：不能启用的原因缺少unset。"]


def test_a_case_may_say_what_sums_are_worth_in_another_ledger() -> None:
    plan = checked(BODY)
    rated = {
        **plan.plan.ledgers,
        "money": replace(plan.plan.ledgers["money"], rate={"points": "0.05"}),
    }
    found = replace(plan, plan=replace(plan.plan, ledgers=rated))
    assert run_case(found, case("converted: {U1: [-5 分], U2: []}")) == []
    assert run_case(plan, case("converted: {U1: []}")) == []
    assert run_case(found, case("converted: {U1: [5 分]}")) == [
        "案例“一件”：U1的折算缺少5 分。",
        "案例“一件”：U1的折算多出-5 分。",
    ]
