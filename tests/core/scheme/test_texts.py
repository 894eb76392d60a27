"""Texts with a form of their own, and the values of parameters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.scheme.amounts import Sum
from wenyou_core.scheme.expr import Value
from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.rules import Whom, Window
from wenyou_core.scheme.show import show_number
from wenyou_core.scheme.texts import (
    param_of,
    parse_date,
    parse_number,
    parse_sum,
    parse_whom,
    parse_window,
    show_whom,
    show_window,
    units_of,
)
from wenyou_core.scheme.values import Typed, parse_time, typed_value
from wenyou_core.scheme.words import ValueType

UNITS = units_of({"points": "分", "money": "元", "stars": "星"})
TWICE = units_of({"points": "分", "marks": "分"})
WINDOW_FORMS = "“12 months”“365 days”“year”“period”“all”“cycle person.属性”或“param.参数名”"
WHOM_FORMS = "“unit”“person”“subject”“members”“present 字段名”“field 字段名”“角色名”“角色名 up 1”或“parent up 1”"


def refused(parse: Callable[[], object]) -> str:
    with pytest.raises(ExprError) as caught:
        parse()
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "number", "ledger", "digits"),
    [
        ("-600 元", Fraction(-600), "money", 0),
        ("0.5 分", Fraction(1, 2), "points", 1),
        ("+1.50 元", Fraction(3, 2), "money", 2),
        ("-1 points", Fraction(-1), "points", 0),
        ("2  星", Fraction(2), "stars", 0),
    ],
)
def test_an_amount_is_exact_and_names_its_ledger(
    text: str, number: Fraction, ledger: str, digits: int
) -> None:
    assert parse_sum(text, UNITS) == Sum(number=number, ledger=ledger, digits=digits)


def test_the_ledgers_name_settles_a_unit_that_two_ledgers_share() -> None:
    assert parse_sum("3 marks", TWICE).ledger == "marks"
    assert refused(lambda: parse_sum("3 分", TWICE)) == (
        "单位“分”属于几个台账（points、marks），请改写台账的名称。"
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("600", "“600”后面缺少单位，请补上一个单位（分、元、星、points、money、stars）。"),
        ("-600元", "“-600元”的数和单位之间要空一格，请写成“-600 元”。"),
        ("5 point", "“5 point”的单位“point”不属于任何台账；是否想写“points”？"),
        (
            "5 角",
            "“5 角”的单位“角”不属于任何台账；本方案的单位有分、元、星、points、money、stars。",
        ),
        ("五 元", "“五 元”不是金额或分值，请写成数、空格、单位，例如“-600 元”。"),
        ("1,000 元", "“1,000 元”不是金额或分值，请写成数、空格、单位，例如“-600 元”。"),
        ("\uff16 元", "“\uff16 元”不是金额或分值，请写成数、空格、单位，例如“-600 元”。"),
        ("1 元 整", "“1 元 整”不是金额或分值，请写成数、空格、单位，例如“-600 元”。"),
    ],
)
def test_a_bad_amount_is_told_with_the_right_form(text: str, sentence: str) -> None:
    assert refused(lambda: parse_sum(text, UNITS)) == sentence


@pytest.mark.parametrize(
    ("text", "number", "digits"),
    [
        ("600", Fraction(600), 0),
        ("-1.50", Fraction(-3, 2), 2),
        ("+3", Fraction(3), 0),
        ("20%", Fraction(1, 5), 1),
        ("0.5%", Fraction(1, 200), 3),
        ("-30%", Fraction(-3, 10), 1),
        ("007", Fraction(7), 0),
    ],
)
def test_a_number_is_an_exact_fraction_with_its_decimals(
    text: str, number: Fraction, digits: int
) -> None:
    assert parse_number(text) == (number, digits)


@given(st.decimals(-(10**6), 10**6, allow_nan=False, places=4))
def test_a_shown_number_reads_back_exactly(number: object) -> None:
    exact = Fraction(str(number))
    assert parse_number(show_number(exact))[0] == exact
    assert parse_number(show_number(exact, 6)) == (exact, 6)


@pytest.mark.parametrize(
    "text", ["", "一", "1.", ".5", "1e3", "--1", "1/3", "\uff11", "1 %", "五成"]
)
def test_what_is_no_number_is_refused(text: str) -> None:
    assert refused(lambda: parse_number(text)) == (
        f"“{text}”不是数，请写成“600”“1.5”或“20%”的样子（半角）。"
    )


def test_a_number_with_too_many_decimals_is_refused() -> None:
    assert refused(lambda: parse_number("0.1234567891")) == (
        "“0.1234567891”的小数超过9位，请减少位数。"
    )


@pytest.mark.parametrize("text", ["2025-2-1", "2025/02/01", "2025-02-30", "20250201", "今天"])
def test_what_is_no_date_is_refused(text: str) -> None:
    assert parse_date("2024-02-29") == date(2024, 2, 29)
    assert refused(lambda: parse_date(text)) == (f"“{text}”不是日期，请写成“2025-03-01”的样子。")


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("12 months", Window(kind="months", number=12)),
        ("1 month", Window(kind="months", number=1)),
        ("365 days", Window(kind="days", number=365)),
        ("year", Window(kind="year")),
        ("period", Window(kind="period")),
        ("all", Window(kind="all")),
        ("cycle person.joined_on", Window(kind="cycle", param="person.joined_on")),
        ("param.look_back", Window(kind="param", param="look_back")),
    ],
)
def test_a_window_reads_and_shows(text: str, window: Window) -> None:
    assert parse_window(text) == window
    assert parse_window(show_window(window)) == window
    assert parse_window(f" {text.replace(' ', '  ')} ") == window


@pytest.mark.parametrize("text", ["12", "0 days", "12 weeks", "-1 days", "cycle joined", "param.X"])
def test_what_is_no_window_is_refused(text: str) -> None:
    assert refused(lambda: parse_window(text)) == f"“{text}”不是回看期，请写成{WINDOW_FORMS}。"


@pytest.mark.parametrize(
    ("text", "whom"),
    [
        ("unit", Whom(who="unit")),
        ("members", Whom(who="members")),
        ("present attendees", Whom(who="present", field="attendees")),
        ("field branch", Whom(who="field", field="branch")),
        ("head", Whom(who="head")),
        ("head up 1", Whom(who="head", up=1)),
        ("parent up 2", Whom(who="parent", up=2)),
    ],
)
def test_a_whom_reads_and_shows(text: str, whom: Whom) -> None:
    assert parse_whom(text) == whom
    assert show_whom(whom) == text


@pytest.mark.parametrize(
    "text", ["present", "parent", "head up", "head up 0", "head down 1", "负责人", "present A"]
)
def test_what_is_no_whom_is_refused(text: str) -> None:
    assert refused(lambda: parse_whom(text)) == f"“{text}”不是对象，请写成{WHOM_FORMS}。"


def test_a_parameter_is_told_by_its_dot() -> None:
    assert param_of("param.fine") == "fine"
    assert [param_of(text) for text in ("fine", "param.", "param.A", "params.x")] == [""] * 4


@pytest.mark.parametrize(
    ("kind", "raw", "typed"),
    [
        (ValueType.INT, "4", Typed(Fraction(4))),
        (ValueType.INT, Fraction(4), Typed(Fraction(4))),
        (ValueType.DECIMAL, "0.25", Typed(Fraction(1, 4), 2)),
        (ValueType.DECIMAL, "85%", Typed(Fraction(17, 20), 2)),
        (ValueType.MONEY, "1000.50", Typed(Fraction(2001, 2), 2)),
        (ValueType.BOOL, True, Typed(True)),
        (ValueType.BOOL, "否", Typed(False)),
        (ValueType.DATE, "2025-01-01", Typed(date(2025, 1, 1))),
        (ValueType.TIME, "08:30", Typed(Fraction(510))),
        (ValueType.AMOUNT, "-600 元", Typed(Fraction(-600), 0, "元")),
        (ValueType.AMOUNT, "1.5 points", Typed(Fraction(3, 2), 1, "points")),
        (ValueType.WINDOW, "12 months", Typed("12 months")),
        (ValueType.CHOICE, "乙", Typed("乙")),
        (ValueType.CHOICE, Fraction(3), Typed("3")),
        (ValueType.TEXT, Fraction(7), Typed("7")),
        (ValueType.UNIT, "B001", Typed("B001")),
    ],
)
def test_a_parameters_value_gets_its_declared_type(
    kind: ValueType, raw: Value, typed: Typed
) -> None:
    choices = ("甲", "乙", "3") if kind is ValueType.CHOICE else ()
    assert typed_value(raw, kind, units=UNITS, choices=choices) == typed


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        (ValueType.INT, "1.5", "“1.5”应是整数，请改正。"),
        (ValueType.INT, "许多", "“许多”不是数，请写成“600”“1.5”或“20%”的样子（半角）。"),
        (ValueType.MONEY, "1.005", "“1.005”应是至多2位小数的数，请改正。"),
        (ValueType.BOOL, "yes", "“yes”不是是非值，请写 true 或 false。"),
        (ValueType.BOOL, Fraction(1), "“1”不是是非值，请写 true 或 false。"),
        (ValueType.DATE, "2025-13-01", "“2025-13-01”不是日期，请写成“2025-03-01”的样子。"),
        (ValueType.TIME, "24:01", "“24:01”不是时刻，请写成“08:30”的样子。"),
        (ValueType.WINDOW, "一年", f"“一年”不是回看期，请写成{WINDOW_FORMS}。"),
        (ValueType.CHOICE, "丙", "“丙”不在可选的词里；可选的有甲、乙。"),
        (ValueType.PERSONS, "P1", "参数不能是多人名单（persons），请改用其他类型。"),
        (
            ValueType.AMOUNT,
            "600",
            "“600”后面缺少单位，请补上一个单位（分、元、星、points、money、stars）。",
        ),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(
    kind: ValueType, raw: Value, sentence: str
) -> None:
    choices = ("甲", "乙") if kind is ValueType.CHOICE else ()
    assert refused(lambda: typed_value(raw, kind, units=UNITS, choices=choices)) == sentence


def test_an_amount_takes_the_parameters_own_unit_and_no_other() -> None:
    amount = ValueType.AMOUNT
    assert typed_value("600", amount, units=UNITS, unit="元") == Typed(Fraction(600), 0, "元")
    assert typed_value(Fraction(-5), amount, units=UNITS, unit="分").value == Fraction(-5)
    assert typed_value("600 元", amount, units=UNITS, unit="元").unit == "元"
    assert refused(lambda: typed_value("600 分", amount, units=UNITS, unit="元")) == (
        "“600 分”的单位与参数的单位“元”不一致，请改成同一个。"
    )


@pytest.mark.parametrize(
    ("text", "minutes"), [("00:00", 0), ("8:05", 485), ("23:59", 1439), ("24:00", 1440)]
)
def test_a_time_of_day_is_minutes_since_midnight(text: str, minutes: int) -> None:
    assert parse_time(text) == minutes


def test_a_number_of_thousands_of_digits_is_refused_with_a_sentence() -> None:
    assert "不是数" in refused(lambda: parse_number("9" * 5000))
