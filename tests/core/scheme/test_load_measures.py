"""Measures, grades, awards, obligations, sets and sheets: typed, or told with their place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.core.scheme.loading import (
    FILE,
    LINE,
    PLACE,
    article,
    fault,
    measure,
)
from wenyou_core.errors import Place
from wenyou_core.scheme import amounts as a
from wenyou_core.scheme import measures as m
from wenyou_core.scheme import outcomes as o
from wenyou_core.scheme.expr import Binary, Const, Field, Measure, Op
from wenyou_core.scheme.words import (
    Against,
    Choose,
    Empty,
    From,
    PeriodKind,
    Stat,
    Tie,
)


@pytest.mark.parametrize(
    ("text", "cls", "values"),
    [
        (
            "{each: o, facts: f, how: sum, of: points}",
            m.FactMeasure,
            {"of": Field("fact", "points")},
        ),
        ("{each: o, facts: f, window: 12 months, beneath: true}", m.FactMeasure, {"beneath": True}),
        ("{each: o, entries: [late, rude], base: 100}", m.EntryMeasure, {"base": Fraction(100)}),
        ("{each: o, ledger: points, opening: true}", m.EntryMeasure, {"opening": True}),
        ("{ratio: [a, b], empty: apart}", m.Ratio, {"ratio": ("a", "b"), "empty": Empty.APART}),
        ("{each: o, value: a}", m.Formula, {"value": Measure("a")}),
        ("{across: a, how: pooled, whole: true}", m.Across, {"how": Stat.POOLED}),
        ("{share: a >= 95, each: o, empty: zero}", m.ShareOf, {"empty": Empty.ZERO}),
        ("{rank: a, from: lowest}", m.RankOf, {"start": From.LOWEST}),
        ("{change: a, against: last_year}", m.Change, {"against": Against.LAST_YEAR}),
        ("{streak: a = 0, each: o, most: 12}", m.Streak, {"most": 12}),
        ("{roll: a, to: year, how: mean}", m.Roll, {"to": PeriodKind.YEAR}),
        ("{members: a, each: o, how: median}", m.Members, {"how": Stat.MEDIAN}),
    ],
)
def test_a_measure_is_told_apart_by_its_key(
    text: str, cls: type, values: dict[str, object]
) -> None:
    found = measure(text)
    assert type(found) is cls
    assert (found.name, found.article, found.place) == ("one", "三.2(4)", PLACE)
    assert {key: getattr(found, key) for key in values} == values


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{each: o, fact: f}", "看不出是哪一种指标；是否想写“facts”？"),
        ("{ratio: [a, b]}", "缺少“empty”，请补上。"),
        ("{ratio: [a, b, c], empty: zero}", "“ratio”应是2项的列表，例如“[甲, 乙]”。"),
        ("{across: a, how: average}", "“how”不能写“average”；可用的有sum、mean、pooled、min、max、median、count、last、share。"),
        ("{rank: a}", "缺少“from”，请补上。"),
        ("{each: o, value: a / b}", "“value”：第3个字符“/”：表达式里没有除法，请另立一个比率指标（ratio）。"),
        ("{each: o, value: a, round: 2}", "“round”应是“键: 值”的映射（可以写digits、mode），现在是“2”，请改正。"),
        ("{each: o, value: a, round: {digits: 2, mode: 四舍五入}}", "“mode”不能写“四舍五入”；可用的有half_up、half_even、up、down、floor、ceil。"),
    ],
)  # fmt: skip
def test_a_bad_measure_is_told_with_line_article_and_what_to_do(text: str, sentence: str) -> None:
    assert fault("measures", f"one: {text}") == sentence


def test_a_grade_keeps_its_steps_in_order() -> None:
    grade = article(
        "grades",
        "one:",
        "  each: outlets",
        "  steps: [{name: 优, when: score >= 95, share: 30%}, {name: 良, when: score >= 85}]",
        "  otherwise: 差",
        "  by: score",
        "  from: lowest",
        "  tie: all",
    ).grades["one"]
    assert [step.name for step in grade.steps] == ["优", "良"]
    assert grade.steps[0] == o.Step(
        name="优",
        when=Binary(Op.GE, Measure("score"), Const(Fraction(95))),
        share=Fraction(3, 10),
        place=Place(file=FILE, line=LINE + 2, article="三.2(4)"),
    )
    assert (grade.by, grade.start, grade.tie) == (("score",), From.LOWEST, Tie.ALL)


def test_an_award_names_its_conditions() -> None:
    award = article(
        "awards",
        "one: {each: o, conditions: [{name: 无投诉, when: complaints = 0}], bars: [annual_awards],"
        " pick: {by: score, from: highest, take: 3, tie: decide}, amount: 500 元, split: true}",
    ).awards["one"]
    assert award.conditions[0].title == "无投诉"
    assert award.amount == a.Fixed(sum=a.Sum(number=Fraction(500), ledger="money"))
    assert award.pick is not None
    assert (award.pick.take, award.split) == (3, True)


@pytest.mark.parametrize(
    ("text", "limit", "times"),
    [
        ("{title: x, who: 甲, limit: 15, unit: days, start: known}", Const(Fraction(15)), 1),
        ("{title: x, who: 甲, limit: 0.5, unit: hours}", Const(Fraction(1, 2), 1), 1),
        ("{title: x, who: 甲, limit: 2025-12-31, unit: date}", Const(date(2025, 12, 31)), 1),
        ("{title: x, who: 甲, limit: param.days, times: param.n}", "param.days", "param.n"),
        ("{title: x, who: 甲, facts: f, where: kind = 甲, times: 4, every: month}", None, 4),
    ],
)
def test_an_obligation_holds_a_limit_or_a_frequency(
    text: str, limit: object, times: object
) -> None:
    found = article("obligations", f"one: {text}").obligations["one"]
    assert (found.limit, found.times) == (limit, times)
    if found.where is not None:
        assert found.where == Binary(Op.EQ, Field("fact", "kind"), Const("甲"))


def test_an_obligation_counts_in_whole_times() -> None:
    assert fault("obligations", "one: {title: x, who: 甲, times: 两次}") == (
        "“times”应是整数或“param.参数名”，现在是“两次”，请改正。"
    )


def test_a_set_says_how_to_choose() -> None:
    found = article("sets", "one: {title: x, choose: highest}", "two: {title: y, choose: param.c}")
    assert found.sets["one"].choose is Choose.HIGHEST
    assert found.sets["two"].choose == "param.c"
    assert fault("sets", "one: {title: x, choose: 就高}") == (
        "“choose”不能写“就高”；可用的有all、highest、lowest、first。"
    )


def test_a_sheet_keeps_numbers_as_they_are_written() -> None:
    sheet = article(
        "sheets",
        "one:",
        "  title: 检查表",
        "  version: 2",
        "  modules:",
        "    - title: 甲",
        "      items: [{no: 1.10, text: 某项, points: 0.5}, {no: 2, text: 又一项}]",
    ).sheets["one"]
    assert sheet.version == "2"
    assert [(item.no, item.points) for item in sheet.modules[0].items] == [
        ("1.10", "0.5"),
        ("2", ""),
    ]
