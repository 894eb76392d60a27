"""Expressions: text to tree and back, what binds how, and where a fault stands."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Call,
    Const,
    Exists,
    Expr,
    Field,
    Func,
    InList,
    Interval,
    Measure,
    Neg,
    Not,
    Op,
    Param,
)
from wenyou_core.scheme.parse import FACT, SUBJECT, ExprError, parse_expr, parse_interval
from wenyou_core.scheme.show import show, show_interval

LISTS = {"levels": ("支行级", "分行级")}
RESERVED = {"and", "or", "not", "in", "between", "exists", "true", "false"}
A, B, C = (Field("fact", name) for name in "abc")
ONE = Const(Fraction(1))

NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,6}", fullmatch=True).filter(lambda n: n not in RESERVED)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


@st.composite
def numbers(draw: st.DrawFn) -> Const:
    digits = draw(st.integers(0, 4))
    return Const(Fraction(draw(st.integers(-(10**9), 10**9)), 10**digits), digits)


DATES = st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(Const)
CONSTS = numbers() | DATES | TEXTS.map(Const) | st.booleans().map(Const)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    low, high = sorted(draw(st.tuples(numbers(), numbers())), key=lambda c: c.value)
    if draw(st.booleans()):
        low_end, closed = None, False
    else:
        low_end, closed = low, low.value == high.value or draw(st.booleans())
    if draw(st.booleans()):
        return Interval(low_end, closed, None, False)
    return Interval(low_end, closed, high, low.value == high.value or draw(st.booleans()))


def leaves(bare: type[Measure] | None) -> st.SearchStrategy[Expr]:
    named: st.SearchStrategy[Expr] = NAMES.map(lambda name: Field("fact", name))
    if bare:
        named = NAMES.map(bare)
    owned = st.builds(Field, st.sampled_from(["unit", "person"]), NAMES)
    return CONSTS | named | owned | NAMES.map(Param)


def above(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    two = st.sampled_from([Func.DAYS, Func.WORKDAYS, Func.MINUTES, Func.FLOOR, Func.CEIL])
    one = st.sampled_from([Func.MONTH, Func.YEAR, Func.ABS])
    many = st.sampled_from([Func.MIN, Func.MAX])
    return (
        st.builds(Binary, st.sampled_from(Op), inner, inner)
        | st.builds(Not, inner)
        | st.builds(Neg, inner)
        | st.builds(Exists, inner)
        | st.builds(InList, inner, st.lists(CONSTS, min_size=1, max_size=3).map(tuple))
        | st.builds(Between, inner, intervals())
        | st.builds(Call, two, st.tuples(inner, inner))
        | st.builds(Call, one, st.tuples(inner))
        | st.builds(Call, many, st.tuples(inner, inner, inner))
    )


@given(st.recursive(leaves(None), above, max_leaves=12))
def test_a_printed_expression_over_facts_parses_back_to_the_same_tree(expr: Expr) -> None:
    assert parse_expr(show(expr), FACT) == expr


@given(st.recursive(leaves(Measure), above, max_leaves=12))
def test_a_printed_expression_over_subjects_parses_back_to_the_same_tree(expr: Expr) -> None:
    assert parse_expr(show(expr), SUBJECT) == expr


@given(intervals())
def test_a_printed_interval_parses_back_to_the_same(interval: Interval) -> None:
    assert parse_interval(show_interval(interval)) == interval


@given(st.text(st.sampled_from("ab1.,-+*=<>!()[]%'\" \n有\uff08\u3000/"), max_size=30))
def test_no_text_gives_anything_but_a_tree_or_a_sentence(text: str) -> None:
    try:
        told = show(parse_expr(text, FACT, LISTS))
    except ExprError as error:
        told = str(error)
        if not told.endswith(("。", "？")):
            raise
    assert told


@pytest.mark.parametrize(
    ("text", "expr"),
    [
        ("a", A),
        ("unit.region", Field("unit", "region")),
        ("person.post_class", Field("person", "post_class")),
        ("param.base", Param("base")),
        ("支行级", Const("支行级")),
        ("A类", Const("A类")),
        ("4级", Const("4级")),
        ('"head up"', Const("head up")),
        ("'说“好”'", Const("说“好”")),
        ('"a""b"', Const('a"b')),
        ("95", Const(Fraction(95))),
        ("0.50", Const(Fraction(1, 2), 2)),
        ("20%", Const(Fraction(1, 5), 1)),
        ("12.5%", Const(Fraction(1, 8), 3)),
        ("100%", Const(Fraction(1))),
        ("-5", Const(Fraction(-5))),
        ("- 5", Const(Fraction(-5))),
        ("-(5)", Neg(Const(Fraction(5)))),
        ("-a", Neg(A)),
        ("2025-03-01", Const(date(2025, 3, 1))),
        ("true", Const(True)),
        ("false", Const(False)),
        ("month", Field("fact", "month")),
    ],
)
def test_a_simple_text_means_one_thing(text: str, expr: Expr) -> None:
    assert parse_expr(text) == expr


def test_a_bare_name_is_a_measure_in_a_subject_context() -> None:
    assert parse_expr("rate > param.x", SUBJECT) == Binary(Op.GT, Measure("rate"), Param("x"))


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a or b and c", "a or (b and c)"),
        ("a and b or c", "(a and b) or c"),
        ("not a and b", "(not a) and b"),
        ("not a = b", "not (a = b)"),
        ("a = b and c", "(a = b) and c"),
        ("a + b * c", "a + (b * c)"),
        ("a - b - c", "(a - b) - c"),
        ("a - b + c = 1", "((a - b) + c) = 1"),
        ("-a * b", "(-a) * b"),
        ("exists a and b", "(exists a) and b"),
        ("a in [1] or b between [1, 2]", "(a in [1]) or (b between [1, 2])"),
        ("a\u3000=\u00a01", "a = 1"),
        ("a\n  and b", "a and b"),
    ],
)
def test_operators_bind_as_the_language_says(text: str, same: str) -> None:
    assert parse_expr(text) == parse_expr(same)


def test_a_subtraction_keeps_its_right_bracket() -> None:
    assert show(parse_expr("a - (b - c)")) == "a - (b - c)"
    assert show(parse_expr("(a - b) - c")) == "a - b - c"


def test_a_named_list_becomes_its_words() -> None:
    words = (Const("支行级"), Const("分行级"))
    assert parse_expr("a in levels", FACT, LISTS) == InList(A, words)
    assert parse_expr("a in [支行级, 分行级]", FACT, LISTS) == InList(A, words)


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("[90, 95)", Interval(Const(Fraction(90)), True, Const(Fraction(95)), False)),
        ("(10, +)", Interval(Const(Fraction(10)), False, None, False)),
        ("(-, 5]", Interval(None, False, Const(Fraction(5)), True)),
        ("[-2, -1]", Interval(Const(Fraction(-2)), True, Const(Fraction(-1)), True)),
        ("[3, 3]", Interval(Const(Fraction(3)), True, Const(Fraction(3)), True)),
        ("[85%, +)", Interval(Const(Fraction(17, 20), 2), True, None, False)),
        (
            "[2025-01-01, 2025-02-01)",
            Interval(Const(date(2025, 1, 1)), True, Const(date(2025, 2, 1)), False),
        ),
    ],
)
def test_an_interval_says_which_ends_it_holds(text: str, interval: Interval) -> None:
    assert parse_interval(text) == interval


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "表达式末尾，这里应是名称、数或文字，请补上。"),
        ("a =", "表达式末尾，这里应是名称、数或文字，请补上。"),
        ("a b", "第3个字符“b”处，前面缺少运算符，请补上 and、or 或比较符号。"),
        ("a 且 b", "第3个字符“且”处，请写成“and”。"),
        ("(a", "表达式末尾，括号没有成对，这里应是“)”。"),
        ("a)", "第2个字符“)”处，前面没有对应的括号，请删去或补上。"),
        ("a < b < c", "第7个字符“<”处，比较不能连写，请用 and 连接，或用 between [低, 高]。"),
        ("not a = b = c", "第11个字符“=”处，比较不能连写，请用 and 连接，或用 between [低, 高]。"),
        ("a and b = c = 1", "第13个字符“=”处，比较不能连写，请用 and 连接，或用 between [低, 高]。"),
        ("a not in [1]", "第3个字符“not”处，否定请写在最前面，例如“not x in [甲, 乙]”。"),
        ("a / b", "第3个字符“/”：表达式里没有除法，请另立一个比率指标（ratio）。"),
        ("a == 1", "第3个字符“==”认不出来，请写成半角的“=”。"),
        ("a <> 1", "第3个字符“<>”认不出来，请写成半角的“!=”。"),
        ("a && b", "第3个字符“&&”认不出来，请写成半角的“and”。"),
        ("a \u2265 1", "第3个字符“\u2265”认不出来，请写成半角的“>=”。"),
        ("a = \uff08b\uff09", "第5个字符“\uff08”是全角字符，请用半角“(”。"),
        ("a \uff1d 1", "第3个字符“\uff1d”是全角字符，请用半角“=”。"),
        ("a in [甲\uff0c乙]", "第8个字符“\uff0c”是全角字符，请用半角“,”。"),
        ("a in [甲\u3001乙]", "第8个字符“\u3001”认不出来，请写成半角的“,”。"),
        ("a = \uff11", "第5个字符“\uff11”是全角字符，请用半角“1”。"),
        ("a = \u201c甲\u201d", "第5个字符“\u201c”认不出来，请写成半角的“\"”。"),
        ('a = "甲', "第5个字符的引号没有成对，请在文字末尾补上引号。"),
        ("a # b", "第3个字符“#”认不出来，请删去；是文字请加引号。"),
        ("1st", "第1个字符起的“1st”既不是数也不是名称；是文字请加引号，名称以小写字母开头。"),
        ("a = 2025-3-1", "第5个字符起的“2025-3-1”不是日期，请写成“2025-03-01”的样子。"),
        ("a = 2025-02-30", "第5个字符起的“2025-02-30”不是日期，请写成“2025-03-01”的样子。"),
        ("level = AA", "第9个字符“AA”处，名称只用小写字母、数字和下划线；如果是文字，请加引号。"),
        ("a in [AA]", "第7个字符“AA”处，列表里只能写数、日期和文字；是文字请加引号。"),
        ("a in [b + 1]", "第7个字符“b”处，列表里只能写数、日期和文字；是文字请加引号。"),
        ("a in []", "第7个字符“]”处，这里应是数、日期或文字。"),
        ("a in [1", "表达式末尾，列表之后应是“]”。"),
        ("a in 3", "第6个字符“3”处，in 之后应是“[甲, 乙]”或列表的名称。"),
        ("a in level", "第6个字符“level”处，没有名为“level”的列表；是否想写“levels”？"),
        ("a in zzz", "第6个字符“zzz”处，没有名为“zzz”的列表；请先在 lists 里写出。"),
        ("[1, 2]", "第1个字符“[”处，列表和区间只能写在 in 或 between 之后。"),
        ("a between 3", "第11个字符“3”处，区间请写成“[90, 95)”“(10, +)”或“(-, 5]”。"),
        ("a between [5, 3]", "第11个字符“[”处，区间里没有任何值，请核对两端的大小。"),
        ("a between [3, 3)", "第11个字符“[”处，区间里没有任何值，请核对两端的大小。"),
        ("a between [3, +]", "第11个字符“[”处，没有尽头的一端请用圆括号，例如“(10, +)”。"),
        ("a between [甲, 3]", "第12个字符“甲”处，区间的两端只能是数或日期。"),
        ("a between [1, 2025-01-01]", "第11个字符“[”处，区间的两端要同为数或同为日期。"),
        ("a between [1 2]", "第14个字符“2”处，区间的两端之间应是“,”。"),
        ("a between [1, 2", "表达式末尾，区间应以“]”（含）或“)”（不含）结束。"),
        ("dais(a, b)", "第1个字符“dais”处，没有这个函数；是否想写“days”？"),
        ("days(a)", "第1个字符“days”处，函数 days 要2个参数，现有1个。"),
        ("month(a, b)", "第1个字符“month”处，函数 month 要1个参数，现有2个。"),
        ("min(a)", "第1个字符“min”处，函数 min 要至少2个参数，现有1个。"),
        ("days(a, b", "表达式末尾，参数之后应是“)”。"),
        ("fact.a", "第1个字符“fact.a”处，点号前面只能是 unit、person、period、table 或 param。"),
        ("unit.a.b", "第1个字符“unit.a.b”处，名称只用小写字母、数字和下划线；如果是文字，请加引号。"),
        ("a and in", "第7个字符“in”处，这里应是名称、数或文字，请补上。"),
        ("(" * 50, "第41个字符“(”处，嵌套超过40层，请拆成几个指标。"),
        ("a" * 2001, "表达式有2001个字符，太长了；请拆成几个指标。"),
    ],
)  # fmt: skip
def test_a_fault_names_the_character_and_what_to_write(text: str, sentence: str) -> None:
    with pytest.raises(ExprError) as caught:
        parse_expr(text, FACT, LISTS)
    assert str(caught.value) == sentence


def test_an_endless_decimal_is_shown_for_people_as_a_fraction() -> None:
    assert show(Const(Fraction(1, 3))) == "1/3"
    assert show(Const(Fraction(-1, 8))) == "-0.125"
    assert show(Const(Fraction(5), 2)) == "5.00"
