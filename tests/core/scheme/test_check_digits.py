"""A ledger holds every amount exactly, or the plan does not load."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scheme.plans import BASE, FILE, assert_refused, faults
from wenyou_core.errors import Place
from wenyou_core.scheme.charges import common_grain, holds
from wenyou_core.scheme.expr import Binary, Call, Const, Expr, Field, Func, Neg, Op
from wenyou_core.scheme.infer import Context, type_of
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.scope import read_names
from wenyou_core.scheme.types import decimals

AMOUNT = "amount: {range: [-200 元, -500 元]}"
MORE = "too-many-digits"

SOUND = [
    "amount: -0.25 元",
    "amount: -0.5 points",
    "amount: {value: -loss, ledger: money}",
    "amount: {value: -rate, ledger: points, round: {digits: 1, mode: half_up}}",
    "amount: {value: late_days * 0.5, ledger: points}",
    "amount: {value: 'min(loss, 100) - abs(late_days)', ledger: money}",
    'amount: {bands: loss, rows: {"(-, 10)": -0.1 分, "[10, +)": -2 分}}',
    "amount: {per: loss, each: -0.5 分, step: 1000, part: up}",
    "amount: {linear: late_days, from: [0, 0], to: [3, -1], ledger: money, round: {digits: 2, mode: down}}",
    "amount: -2 分, again: {window: year, factors: [1, 1.5, 0]}",
    "amount: -2 分, again: {window: year, factor: 2}",
    "amount: -16 分, again: {window: year, factor: 1.5, ceiling: 81 分}",
    "amount: -600 元, joint: [{whom: head, percent: 50%}]",
    "amount: -3 分, joint: [{whom: head, percent: 33.3%, round: {digits: 1, mode: half_up}}]",
    "amount: -2 分, limit: {floor: -8 分}, joint: [{whom: head, percent: 5%}]",
]

REFUSED = {
    "amount: -0.25 分": "小数多于账本“积分”的1位",
    "amount: -0.125 元": "小数多于账本“绩效金额”的2位",
    "amount: {value: -rate, ledger: money}": "可能有3位小数，账本“绩效金额”只记2位",
    "amount: {value: 20% * loss, ledger: money}": "可能有3位小数",
    "amount: {value: 25% * late_days, ledger: points}": "可能有2位小数，账本“积分”只记1位",
    "amount: {value: -rate, ledger: points, round: {digits: 2, mode: down}}": "可能有2位小数",
    "amount: {range: [-0.25 分, -1 分]}": "小数多于账本“积分”",
    "amount: {per: late_days, each: -0.25 分}": "小数多于账本“积分”",
    'amount: {bands: loss, rows: {"(-, 10)": -0.15 分, "[10, +)": -2 分}}': "小数多于账本“积分”",
    "amount: {linear: late_days, from: [0, 0], to: [3, -1], ledger: points, round: {digits: 2, mode: down}}": "round 保留2位，账本“积分”只记1位",
    "amount: -0.5 分, again: {window: year, factors: [1, 1.5]}": "乘以次数系数后，数额的小数多于账本“积分”的1位",
    "amount: -1 分, again: {window: year, factor: 1.5}": "小数位没有止境",
    "amount: -1 分, again: {window: year, factor: 1.5, ceiling: 3 分}": "乘以次数系数后",
    "amount: -1 分, again: {window: year, factor: 0.5, ceiling: 3 分}": "小数位没有止境",
    "amount: -0.5 分, joint: [{whom: head, percent: 50%}]": "连带承担的数额可能多于账本“积分”的1位小数",
    "amount: -2 分, limit: {floor: -8.5 分}, joint: [{whom: head, percent: 5%}]": "连带承担的数额可能多于",
    "amount: {value: -late_days, ledger: points}, joint: [{whom: head, percent: 12%}]": "连带承担的数额可能多于",
    "amount: -2 分, joint: [{whom: head, percent: 5%, round: {digits: 2, mode: down}}]": "joint 的 round 保留2位",
    "amount: -2 分, joint: [{whom: head, amount: -0.25 分}]": "小数多于账本“积分”",
    "amount: -2 分, limit: {floor: -8.25 分}": "小数多于账本“积分”",
}


@pytest.mark.parametrize("text", SOUND)
def test_an_amount_that_its_ledger_holds_exactly_loads(text: str) -> None:
    assert faults(AMOUNT, text) == ()


@pytest.mark.parametrize("text", REFUSED)
def test_an_amount_that_its_ledger_does_not_hold_is_refused(text: str) -> None:
    assert_refused("judged:", MORE, REFUSED[text], AMOUNT, text)


def test_a_parameter_with_finer_values_is_refused_where_it_is_charged() -> None:
    fine = "fine: {title: 扣罚额, type: amount, value: -100 元}"
    assert faults(fine, fine.replace("-100 元", "-0.5 元")) == ()
    half = fine.replace("-100 元", "-0.25 元")
    assert_refused("blamed:", MORE, "连带承担的数额可能多于", fine, half)


def test_a_table_with_finer_cells_is_refused_where_it_is_charged() -> None:
    assert_refused("levelled:", MORE, "小数多于账本", "支行级: -300 元", "支行级: -0.125 元")


def test_a_measure_charged_has_the_digits_of_its_parts() -> None:
    amount = "take: 1, tie: param.ties}, amount: -600 元"

    def charged(value: str) -> tuple[str, str]:
        return amount, f"take: 1, tie: param.ties}}, amount: {{value: {value}, ledger: money}}"

    whole = (
        "joint: [{whom: head, percent: 20%}]}\n      sliding",
        "effects: [{task: 约谈}]}\n      sliding",
    )
    assert faults(*charged("-score * param.weight"), *whole) == ()
    assert_refused("last:", MORE, "可能有4位小数", *charged("-rounded_rate"), *whole)
    assert_refused(
        "last:", "ratio-unrounded", "未取整的比率不能直接作数额", *charged("rate"), *whole
    )


UNROUNDED = {
    "mean of ratios": ("plain_rate:", "求平均数必须写 round", "how: mean, round: {digits: 6, mode: half_up}}", "how: mean}"),
    "median of ratios": ("plain_rate:", "求中位数必须写 round", "how: mean, round: {digits: 6, mode: half_up}}", "how: median}"),
    "sum of ratios": ("plain_rate:", "求合计必须写 round", "how: mean, round: {digits: 6, mode: half_up}}", "how: sum}"),
    "ratio of a ratio": ("rounded_rate:", "一项“rate”本身是未取整的比率", "ratio: [cases, volume_sum], empty: zero", "ratio: [rate, volume_sum], empty: zero"),
    "change of a ratio": ("grown:", "不能求增减", "change: cases, against: last_year", "change: rate, against: last_year"),
    "formula of a ratio": ("weighted:", "不能参加运算", "score * param.weight + unit.staff", "rate * param.weight + unit.staff"),
    "units of a ratio": ("sliding:", "按未取整的比率折算须先取整", "{linear: score", "{linear: rate"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNROUNDED)
def test_a_ratio_that_needs_rounding_without_a_round_is_refused(what: str) -> None:
    name, said, old, new = UNROUNDED[what]
    assert_refused(name, "ratio-unrounded", said, old, new)


@pytest.mark.parametrize("how", ["min", "max", "count", "pooled"])
def test_a_statistic_of_ratios_that_needs_no_rounding_loads(how: str) -> None:
    assert faults("how: mean, round: {digits: 6, mode: half_up}}", f"how: {how}}}") == ()


def test_a_formula_may_round_one_ratio_alone() -> None:
    value = "value: score * param.weight + unit.staff"
    assert faults(value, "value: passing, round: {digits: 4, mode: half_up}") == ()


def test_pooled_is_of_unrounded_ratios() -> None:
    old = "across: rate, how: pooled"
    (fault,) = faults(old, "across: rounded_rate, how: pooled")
    assert fault.code == "not-a-ratio"
    assert (
        "（mean_rate）：pooled 是分子之和除以分母之和，“rounded_rate”不是未取整的比率" in fault.text
    )


# -- the arithmetic behind it -----------------------------------------------------------

_NUMBERS = st.builds(Fraction, st.integers(-9999, 9999), st.integers(1, 200))


@given(st.lists(_NUMBERS, min_size=1, max_size=6), st.integers(0, 4))
def test_the_grain_is_held_when_every_number_is(numbers: list[Fraction], digits: int) -> None:
    every = all((number * 10**digits).denominator == 1 for number in numbers)
    assert holds(common_grain(numbers), digits) is every


@given(st.lists(_NUMBERS.filter(bool), min_size=1, max_size=6), st.integers(2, 5))
def test_the_grain_is_the_greatest_common_part(numbers: list[Fraction], more: int) -> None:
    grain = common_grain(numbers)
    assert grain is not None
    assert all((number / grain).denominator == 1 for number in numbers)
    assert any((number / (grain * more)).denominator != 1 for number in numbers)


def test_zeros_have_no_grain() -> None:
    assert common_grain([Fraction(0)]) is None
    assert holds(None, 0)


@pytest.mark.parametrize(
    ("number", "digits"),
    [("0", 0), ("3/2", 1), ("1/8", 3), ("7/40", 3), ("1/3", None), ("5/6", None), ("100", 0)],
)
def test_decimals_are_counted_exactly(number: str, digits: int | None) -> None:
    assert decimals(Fraction(number)) == digits


FIELDS = {"late_days": 0, "loss": 2, "rate": 3}
_LEAVES = st.one_of(
    st.sampled_from([Field("fact", name) for name in FIELDS]),
    st.tuples(st.integers(-999, 999), st.integers(0, 3)).map(
        lambda pair: Const(Fraction(pair[0], 10 ** pair[1]), pair[1])
    ),
)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.one_of(
        st.builds(Binary, st.sampled_from([Op.ADD, Op.SUB, Op.MUL]), inner, inner),
        st.builds(Neg, inner),
        st.builds(lambda one: Call(Func.ABS, (one,)), inner),
        st.builds(
            lambda func, one, two: Call(func, (one, two)),
            st.sampled_from([Func.MIN, Func.MAX]),
            inner,
            inner,
        ),
    )


_EXPRS: st.SearchStrategy[Expr] = st.recursive(_LEAVES, _larger, max_leaves=8)


def _value(expr: Expr, row: dict[str, Fraction]) -> Fraction:
    if isinstance(expr, Const):
        assert isinstance(expr.value, Fraction)
        return expr.value
    if isinstance(expr, Field):
        return row[expr.name]
    if isinstance(expr, Neg):
        return -_value(expr.of, row)
    if isinstance(expr, Call):
        args = [_value(arg, row) for arg in expr.args]
        return {Func.ABS: abs(args[0]), Func.MIN: min(args), Func.MAX: max(args)}[expr.func]
    assert isinstance(expr, Binary)
    left, right = _value(expr.left, row), _value(expr.right, row)
    return {Op.ADD: left + right, Op.SUB: left - right, Op.MUL: left * right}[expr.op]


PLAN = load_plan(BASE, FILE)


@given(_EXPRS, st.lists(st.integers(-9999, 9999), min_size=3, max_size=3))
def test_no_value_has_more_digits_than_its_type_says(expr: Expr, whole: list[int]) -> None:
    here = Context(scope=read_names(PLAN), place=Place(), label="", fact=PLAN.facts["complaint"])
    digits = type_of(expr, here).digits
    row = {
        name: Fraction(number, 10**places)
        for (name, places), number in zip(FIELDS.items(), whole, strict=True)
    }
    assert digits is not None
    assert (_value(expr, row) * 10**digits).denominator == 1
