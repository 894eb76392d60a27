"""Rules and amounts: every form is typed, every bad one told with its place."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.core.scheme.loading import (
    PLACE,
    fault,
    faults,
    rule,
)
from wenyou_core.scheme import amounts as a
from wenyou_core.scheme import rules as r
from wenyou_core.scheme.expr import Binary, Const, Field, InList, Interval, Measure, Op, Param
from wenyou_core.scheme.words import (
    From,
    LimitPer,
    PeriodKind,
    Rounding,
    Until,
)

END = (
    "“floor”：“{}”不是金额或分值。参数是金额的，请只写“param.base”；"
    "参数是数的，请写参数、空格、单位，例如“param.base 分”，取负数写“-param.base 分”。"
)


def test_the_commonest_rule_takes_one_line() -> None:
    assert rule(
        "{on: complaint, where: ruling = 有责, whom: unit, amount: -100 元}"
    ) == r.EventRule(
        name="one",
        on="complaint",
        where=Binary(Op.EQ, Field("fact", "ruling"), Const("有责")),
        whom=(r.Whom(who="unit"),),
        amount=a.Fixed(sum=a.Sum(number=Fraction(-100), ledger="money")),
        article="三.2(4)",
        place=PLACE,
    )


def test_an_event_rule_holds_every_part() -> None:
    found = rule(
        "{title: 重复, on: finding, where: level in levels, whom: [person, head up 1],"
        " amount: param.fine, again: {window: 12 months, same: [unit, type], factors: [1, 1.5],"
        " ceiling: 1000 元, from_count: 2}, together: one_event, limit: {floor: -20 分, per: year},"
        " joint: [{whom: head, percent: 50%}, {whom: head up 1, amount: -100 元}],"
        " effects: [{bar: annual_awards, until: forever}, {task: 约谈},"
        " {cap: outlet_grade, at_most: 合格}], decide: true, evidence: 2, date: ruled_on,"
        " period: month, since: 2025-01-01, till: 2025-12-31}"
    )
    assert isinstance(found, r.EventRule)
    assert found.where == InList(Field("fact", "level"), (Const("甲级"), Const("乙级")))
    assert found.whom == (r.Whom(who="person"), r.Whom(who="head", up=1))
    assert found.amount == a.Fixed(param="fine")
    assert found.again == r.Again(
        window=r.Window(kind="months", number=12),
        same=("unit", "type"),
        factors=(Fraction(1), Fraction(3, 2)),
        ceiling=a.Fixed(sum=a.Sum(number=Fraction(1000), ledger="money")),
        from_count=2,
    )
    assert found.limit == r.Bounds(
        floor=a.Fixed(sum=a.Sum(number=Fraction(-20), ledger="points")), per=LimitPer.YEAR
    )
    assert found.joint == (
        r.Joint(whom=r.Whom(who="head"), percent=Fraction(1, 2)),
        r.Joint(whom=r.Whom(who="head", up=1), amount=a.Sum(number=Fraction(-100), ledger="money")),
    )
    assert found.effects == (
        r.Effect(bar=r.Bar(what="annual_awards", until=Until.FOREVER)),
        r.Effect(task="约谈"),
        r.Effect(cap=r.Cap(grade="outlet_grade", at_most="合格")),
    )
    assert (found.decide, found.evidence, found.date) == (True, 2, "ruled_on")
    assert (found.period, found.since) == (PeriodKind.MONTH, date(2025, 1, 1))
    assert found.till == date(2025, 12, 31)


def test_a_period_rule_reads_names_as_measures() -> None:
    found = rule(
        "{each: outlets, when: rate > mean_rate, amount: -600 元,"
        " pick: {by: [rate, count], from: highest, share: 10%, part: up, tie: param.tie}}"
    )
    assert isinstance(found, r.PeriodRule)
    assert found.when == Binary(Op.GT, Measure("rate"), Measure("mean_rate"))
    assert found.pick == r.Pick(
        by=("rate", "count"),
        start=From.HIGHEST,
        share=Fraction(1, 10),
        part=Rounding.UP,
        tie="param.tie",
    )


def test_a_deemed_fact_takes_constants_and_fields() -> None:
    found = rule(
        "{deem: loss, where: big = true, becomes: complaint,"
        " with: {ruling: 视同有责, points: 3, counted: true, owner: person, share: param.s}}"
    )
    assert isinstance(found, r.Deem)
    assert (found.deem, found.becomes) == ("loss", "complaint")
    assert found.with_fields == {
        "ruling": Const("视同有责"),
        "points": Const(Fraction(3)),
        "counted": Const(True),
        "owner": Field("fact", "person"),
        "share": Param("s"),
    }


def test_an_exemption_reads_its_days_and_equal_fields() -> None:
    found = rule(
        "{exempt: finding, by: filing, where: approved = true, same: {unit: unit, id: target},"
        " within: {from: starts, to: ends}}"
    )
    assert isinstance(found, r.Exempt)
    assert (found.exempt, found.by, found.since, found.till) == (
        "finding", "filing", "starts", "ends",
    )  # fmt: skip
    assert found.same == {"unit": "unit", "id": "target"}
    assert found.where == Binary(Op.EQ, Field("fact", "approved"), Const(True))
    assert found.place == PLACE


def test_a_bound_of_a_rule_may_run_by_a_key() -> None:
    found = rule("{on: x, limit: {ceiling: 5 分, running: true, same: [unit, level]}}")
    assert isinstance(found, r.EventRule)
    assert found.limit == r.Bounds(
        ceiling=a.Fixed(sum=a.Sum(number=Fraction(5), ledger="points")),
        running=True,
        same=("unit", "level"),
    )


def test_an_end_may_be_a_number_parameter_in_the_unit_of_a_ledger() -> None:
    found = rule("{on: x, limit: {floor: -param.base 分, ceiling: param.base points}}")
    assert isinstance(found, r.EventRule)
    assert found.limit == r.Bounds(
        floor=a.Scaled(param="base", ledger="points", turned=True),
        ceiling=a.Scaled(param="base", ledger="points"),
    )


def test_a_limit_over_rules_is_told_from_the_limit_of_a_rule() -> None:
    assert rule("{limit: [late, rude], floor: -20 分, per: year}") == r.Limit(
        name="one",
        limit=("late", "rude"),
        floor=a.Fixed(sum=a.Sum(number=Fraction(-20), ledger="points")),
        per=LimitPer.YEAR,
        article="三.2(4)",
        place=PLACE,
    )
    assert isinstance(rule("{on: x, limit: {floor: -20 分}}"), r.EventRule)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("{table: fines}", a.FromTable(table="fines")),
        (
            '{value: "20% * points", ledger: points, round: {digits: 1, mode: half_up}}',
            a.FromExpr(
                value=Binary(Op.MUL, Const(Fraction(1, 5), 1), Field("fact", "points")),
                ledger="points",
                round=a.Round(digits=1, mode=Rounding.HALF_UP),
            ),
        ),
        (
            "{range: [-200 元, -500 元]}",
            a.FromRange(
                range=(
                    a.Sum(number=Fraction(-200), ledger="money"),
                    a.Sum(number=Fraction(-500), ledger="money"),
                )
            ),
        ),
        (
            "{per: late_days, each: -2 分, free: 1, step: 0.5, part: up}",
            a.PerUnit(
                per=Field("fact", "late_days"),
                each=a.Sum(number=Fraction(-2), ledger="points"),
                free=Fraction(1),
                step=Fraction(1, 2),
                part=Rounding.UP,
            ),
        ),
        (
            '{bands: late_days, rows: {"[1, 3)": -1 分, "[3, +)": -5 分}}',
            a.Bands(
                bands=Field("fact", "late_days"),
                rows=(
                    a.Band(
                        interval=Interval(Const(Fraction(1)), True, Const(Fraction(3)), False),
                        sum=a.Sum(number=Fraction(-1), ledger="points"),
                    ),
                    a.Band(
                        interval=Interval(Const(Fraction(3)), True, None, False),
                        sum=a.Sum(number=Fraction(-5), ledger="points"),
                    ),
                ),
            ),
        ),
        (
            "{linear: x, from: [85%, 0], to: [90%, 15], ledger: points,"
            " round: {digits: 2, mode: down}}",
            a.Linear(
                linear=Field("fact", "x"),
                start=(Fraction(17, 20), Fraction(0)),
                end=(Fraction(9, 10), Fraction(15)),
                ledger="points",
                round=a.Round(digits=2, mode=Rounding.DOWN),
            ),
        ),
    ],
)
def test_an_amount_takes_every_form(text: str, amount: a.Amount) -> None:
    found = rule(f"{{on: x, amount: {text}}}")
    assert isinstance(found, r.EventRule)
    assert found.amount == amount


def test_an_amount_of_a_period_rule_reads_measures() -> None:
    found = rule("{each: outlets, amount: {value: score, ledger: points}}")
    assert isinstance(found, r.PeriodRule)
    assert found.amount == a.FromExpr(value=Measure("score"), ledger="points")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{onn: x}", "看不出是哪一种规则；是否想写“on”？"),
        ("{title: x}", "看不出是哪一种规则；请补上on、each、deem、exempt、limit之一。"),
        ("甲", "“one”应是“键: 值”的映射，现在是“甲”，请改正。"),
        ("", "“one”应是“键: 值”的映射，现在是空的，请改正。"),
        ("{on: x, amuont: -6 元}", "“amuont”不是这里能写的键；是否想写“amount”？"),
        ("{on: x, title: 写明原因,日期}", "“日期”像是前面文字的一部分：文字里有半角逗号时，请把整段加上引号。"),
        ("{on: x, where: }", "“where”不能空着，请填写或删去这个键。"),
        ("{on: x, where: a ==1}", "“where”：第3个字符“==”认不出来，请写成半角的“=”。"),
        ("{on: x, where: a in lvls}", "“where”：第6个字符“lvls”处，没有名为“lvls”的列表；是否想写“levels”？"),
        ("{on: x, amount: -600}", "“amount”：“-600”后面缺少单位，请补上一个单位（分、元、points、money）。"),
        ("{on: x, amount: -600元}", "“amount”：“-600元”的数和单位之间要空一格，请写成“-600 元”。"),
        ("{on: x, amount: {tabel: t}}", "看不出是哪一种金额；是否想写“table”？"),
        ("{on: x, amount: {table: t, round: 1}}", "“round”不是这里能写的键；这里可以写table。"),
        ("{on: x, amount: {value: a}}", "缺少“ledger”，请补上。"),
        ("{on: x, amount: [1]}", "“amount”应是一段文字，现在是列表，请改正。"),
        ("{on: x, amount: {range: -1 元}}", "“range”应是2项的列表，例如“[甲, 乙]”。"),
        ("{on: x, amount: {range: [-1 元]}}", "“range”应是2项的列表，例如“[甲, 乙]”。"),
        ("{on: x, amount: {bands: a, rows: [1]}}", "“rows”应是“区间: 金额”的映射，现在是列表，请改正。"),
        (
            '{on: x, amount: {bands: a, rows: {"[3, 2)": 1 分}}}',
            "“rows”：第1个字符“[”处，区间里没有任何值，请核对两端的大小。",
        ),
        ("{on: x, period: quater}", "“period”不能写“quater”；是否想写“quarter”？"),
        ("{on: x, evidence: 一}", "“evidence”应是整数，现在是“一”，请改正。"),
        ("{on: x, evidence: true}", "“evidence”应是整数，现在是“true”，请改正。"),
        ("{on: x, decide: yes}", "“decide”应是 true 或 false，现在是“yes”，请改正。"),
        ("{on: x, since: 2025-02-30}", "“since”：“2025-02-30”不是日期，请写成“2025-03-01”的样子。"),
        (
            "{on: x, limit: -20 分}",
            "“limit”应是“键: 值”的映射（可以写floor、ceiling、per、running、same），现在是“-20 分”，请改正。",
        ),
        (
            "{on: x, limit: {floor: -param.base 斤}}",
            "“floor”：“-param.base 斤”的单位“斤”不属于任何台账；本方案的单位有分、元、points、money。",
        ),
        *((f"{{on: x, limit: {{floor: {text}}}}}", END.format(text)) for text in (
            "-param.base", "-param.base分", "+param.base 分", "2 param.base 分",
        )),
        ("{on: x, again: {same: a}}", "缺少“window”，请补上。"),
        ("{on: x, again: {window: year, factor: 2x}}", "“factor”：“2x”不是数，请写成“600”“1.5”或“20%”的样子（半角）。"),
        ("{on: x, effects: [{bar: b, untill: y}]}", "“untill”不是这里能写的键；是否想写“until”？"),
        ("{on: x, effects: [{until: year_end}]}", "“until”要和“bar”同写，“at_most”要和“cap”同写，请补上。"),
        ("{on: x, effects: [{cap: g}]}", "缺少“at_most”，请补上。"),
        ("{on: x, effects: {}}", "缺少“bar”“cap”或“task”，请补上。"),
        ("{on: x, effects: 约谈}", "“effects”应是“{task: 事项}”这样的映射，现在是“约谈”，请改正。"),
        ("{each: x, pick: {by: m, from: high, tie: decide}}", "“from”不能写“high”；是否想写“highest”？"),
        ("{each: x, pick: {by: m, from: highest, tie: 都取}}", "“tie”不能写“都取”；可用的有decide、all、none。"),
        ("{deem: x, where: a, with: 3}", "“with”应是“键: 值”的映射，现在是“3”，请改正。"),
        ("{exempt: x, by: y, within: z}", "“within”应是“{from: 字段, to: 字段}”的映射，现在是“z”，请改正。"),
        ("{exempt: x, by: y, within: {till: z}}", "“till”不是这里能写的键；这里可以写from、to。"),
    ],
)  # fmt: skip
def test_a_bad_rule_is_told_with_line_article_and_what_to_do(text: str, sentence: str) -> None:
    assert fault("rules", f"one: {text}") == sentence


def test_a_key_that_is_called_otherwise_in_a_file_is_named() -> None:
    found = faults("rules", "one: {each: x, pick: {by: m, start: highest, tie: decide}}")
    assert (0, "“start”不是这里能写的键；请写“from”。") in found


AMOUNT = "“{}”不是金额或分值。参数是金额的，负号和单位写在参数的取值里，这里只写“param.fine”；"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-param.fine 分", "{value: -param.fine, ledger: points}"),
        ("-param.fine", "{value: -param.fine, ledger: points}"),
        ("param.fine 元", "{value: param.fine, ledger: money}"),
        ("2 * param.fine 分", "{value: 2 * param.fine, ledger: points}"),
    ],
)
def test_an_amount_computed_from_a_parameter_is_told_with_both_ways_to_write_it(
    typed: str, meant: str
) -> None:
    said = fault("rules", f"one: {{on: complaint, whom: unit, amount: {typed}}}")

    assert said == f"“amount”：{AMOUNT.format(typed)}参数是数的，请写成“{meant}”。"


def test_a_computed_parameter_is_told_where_only_a_plain_amount_may_stand() -> None:
    again = "{window: 12 months, same: [unit], ceiling: -param.fine 元}"
    joint = "[{whom: head, amount: param.fine}]"
    head = "on: complaint, whom: unit, amount: -1 分"

    capped = fault("rules", f"one: {{{head}, again: {again}}}")
    shared = fault("rules", f"one: {{{head}, joint: {joint}}}")

    assert capped == (
        f"“ceiling”：{AMOUNT.format('-param.fine 元')}定数请写成数、空格、单位，例如“-600 元”。"
    )
    assert shared == (
        "“amount”：“param.fine”里有参数，这里只能写定数：数、空格、单位，例如“-600 元”。"
    )
