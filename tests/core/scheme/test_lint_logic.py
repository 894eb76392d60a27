"""The solver of the lint against trying every value."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.scheme.lint_plan import CLEAN
from wenyou_core.scheme.check import check
from wenyou_core.scheme.expr import (
    Between,
    Binary,
    Const,
    Exists,
    Expr,
    Field,
    InList,
    Interval,
    Not,
    Op,
    Value,
)
from wenyou_core.scheme.lint_desk import Desk
from wenyou_core.scheme.lint_logic import Reasoner, Verdict
from wenyou_core.scheme.lint_sets import Span, Values, numbers
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.parse import FACT, SUBJECT, parse_expr
from wenyou_core.scheme.scope import read_names
from wenyou_core.scheme.sentence_names import Names

DAYS, HOURS, LEVEL, MEDIA, NOTE = (
    Field("fact", name) for name in ("late_days", "late_hours", "level", "media", "case")
)
LEVELS = ("支行级", "分行级", "总行级")
MAY: dict[Expr, list[Value | None]] = {
    DAYS: [Fraction(n) for n in range(-2, 7)],
    HOURS: [Fraction(n, 2) for n in range(-3, 12)],
    LEVEL: list(LEVELS),
    MEDIA: [True, False],
    NOTE: [None, "甲", "乙"],
}


def desk() -> Desk:
    """The clean plan on the desk."""
    checked = check(load_plan(CLEAN, "plan.yaml"))
    plan = checked.plan
    return Desk(
        plan=plan, scope=read_names(plan), types=checked.types, names=Names(plan), params={}
    )


REASONER: Reasoner = desk().over_facts("complaint")


def random_condition(rng: random.Random, depth: int) -> Expr:
    """A condition on the fields above."""
    if depth and rng.random() < 0.6:
        one, two = (random_condition(rng, depth - 1) for _ in range(2))
        joined: list[Expr] = [Not(one), Binary(Op.AND, one, two), Binary(Op.OR, one, two)]
        return rng.choice(joined)
    number = rng.choice([DAYS, HOURS])
    ends = sorted(Fraction(rng.randint(-1, 4)) for _ in range(2))
    interval = Interval(
        rng.choice([None, Const(ends[0])]),
        False,
        rng.choice([None, Const(ends[1] + 1)]),
        False,
    )
    order = rng.choice([Op.LT, Op.LE, Op.GT, Op.GE, Op.EQ, Op.NE])
    plain: list[Expr] = [
        Binary(order, number, Const(ends[0])),
        Binary(order, Const(ends[0]), number),
        Between(number, interval),
        InList(LEVEL, tuple(Const(word) for word in rng.sample(LEVELS, 2))),
        Binary(rng.choice([Op.EQ, Op.NE]), LEVEL, Const(rng.choice(LEVELS))),
        Binary(rng.choice([Op.EQ, Op.NE]), MEDIA, Const(rng.random() < 0.5)),
        MEDIA,
        Exists(NOTE),
        Binary(rng.choice([Op.EQ, Op.NE]), NOTE, Const("甲")),
    ]
    return rng.choice(plain)


def holds(expr: Expr, row: Mapping[Expr, Value | None]) -> bool:
    """The meaning of a condition, as docs/dev/scheme-language.md section 2 says."""
    match expr:
        case Not(of):
            return not holds(of, row)
        case Exists(of):
            return row[of] is not None
        case Binary(Op.AND, left, right):
            return holds(left, row) and holds(right, row)
        case Binary(Op.OR, left, right):
            return holds(left, row) or holds(right, row)
        case Binary(op, left, right):
            one, two = value(left, row), value(right, row)
            return one is not None and two is not None and compared(op, one, two)
        case InList(of, consts):
            return row[of] in [one.value for one in consts]
        case Between(of, interval):
            ends = [(Op.GE if interval.low_closed else Op.GT, interval.low)]
            ends.append((Op.LE if interval.high_closed else Op.LT, interval.high))
            held = value(of, row)
            return held is not None and all(
                compared(op, held, end.value) for op, end in ends if end
            )
    return row[expr] is True


def value(expr: Expr, row: Mapping[Expr, Value | None]) -> Value | None:
    return expr.value if isinstance(expr, Const) else row[expr]


def compared(op: Op, one: Value, two: Value) -> bool:
    if op in (Op.EQ, Op.NE):
        return (one == two) is (op is Op.EQ)
    assert isinstance(one, Fraction)
    assert isinstance(two, Fraction)
    return {Op.LT: one < two, Op.LE: one <= two, Op.GT: one > two, Op.GE: one >= two}[op]


def mentioned(expr: Expr) -> set[Expr]:
    """The fields that a condition speaks of: what the others hold makes no difference to it."""
    match expr:
        case Not(of) | Exists(of) | InList(of, _) | Between(of, _):
            return mentioned(of)
        case Binary(_, left, right):
            return mentioned(left) | mentioned(right)
    return {expr} if expr in MAY else set()


def telling_rows(
    condition: Expr, days: Sequence[Value | None] = MAY[DAYS]
) -> Iterator[dict[Expr, Value | None]]:
    """Every row with these days, but for rows that only differ in what the condition leaves out."""
    said = mentioned(condition)
    may = {of: values if of in said else values[:1] for of, values in MAY.items()}
    yield from (
        dict(zip(MAY, values, strict=True)) for values in product(*{**may, DAYS: days}.values())
    )


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_verdict_agrees_with_trying_every_value(seed: int) -> None:
    condition = random_condition(random.Random(seed), 3)

    possible = any(holds(condition, row) for row in telling_rows(condition))
    assert REASONER.verdict(condition) is (Verdict.CAN if possible else Verdict.NEVER)


@settings(max_examples=60)
@given(seed=st.integers(0, 10**9))
def test_values_of_a_field_hold_all_that_a_condition_allows(seed: int) -> None:
    condition = random_condition(random.Random(seed), 3)
    allowed = REASONER.values(DAYS, condition)

    for number in MAY[DAYS]:
        if not any(holds(condition, row) for row in telling_rows(condition, [number])):
            continue
        assert isinstance(number, Fraction)
        at = numbers(Span(number, True, number, True))
        assert not allowed.meet(at).no_value


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("late_days > 1 and late_days < 2", Verdict.NEVER),
        ("late_hours > 1 and late_hours < 2", Verdict.CAN),
        ("late_hours > 1 and late_hours < 1.1", Verdict.NEVER),
        ("late_days > late_hours and late_days <= late_hours", Verdict.NEVER),
        ("late_days > late_hours and late_hours < late_days", Verdict.MAYBE),
        ("late_days * 2 > 5 and late_days * 2 < 4", Verdict.NEVER),
        ("late_days * 2 > 5", Verdict.MAYBE),
        ("month(happened) > 12", Verdict.NEVER),
        ("evidence_count < 0", Verdict.NEVER),
        ("not exists happened", Verdict.NEVER),
        ("not exists case", Verdict.CAN),
        ("happened > 2025-03-01 and happened < 2025-03-02", Verdict.NEVER),
        ("param.reading = 按天 and param.reading = 按小时", Verdict.NEVER),
        ("unit.site = 城区 and unit.site != 城区", Verdict.NEVER),
        ("case = level and case != level", Verdict.NEVER),
        ("case = level", Verdict.MAYBE),
    ],
)
def test_verdict_on_a_condition_of_facts(text: str, verdict: Verdict) -> None:
    assert REASONER.verdict(parse_expr(text, FACT)) is verdict


def test_condition_with_too_many_alternatives_is_left_undecided() -> None:
    text = " and ".join(f"(late_days = {n} or late_hours = {n})" for n in range(12))

    assert REASONER.verdict(parse_expr(text, FACT)) is Verdict.MAYBE


def test_measures_keep_within_what_the_plan_says_of_them() -> None:
    one = desk()
    one.spans["score"] = Span(Fraction(80), True, Fraction(100), True)
    reasoner = one.over_subjects()

    assert reasoner.never(parse_expr("score > 100", SUBJECT))
    assert reasoner.never(parse_expr("score < 80", SUBJECT))
    assert not reasoner.never(parse_expr("score >= 100", SUBJECT))
    assert reasoner.never(parse_expr("cases > 1 and cases < 2", SUBJECT))


def test_words_and_numbers_have_nothing_in_common() -> None:
    assert numbers(Span()).meet(Values(words=frozenset({"甲"}))).empty
    assert not numbers(Span()).meet(Values(other=True)).empty
