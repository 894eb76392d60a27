"""The ceiling of a repeat count as a parameter: dated, unset, or set by the adopting unit."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact
from tests.core.assess.play import book, checked, play, program
from wenyou_core.assess.explain import explain
from wenyou_core.assess.facts import Fact, Subject
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.lint import lint
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.words import SubjectKind

BODY = """
params:
  most: {title: 每件最多, type: amount, unit: 元, values: VALUES}
rules:
  fine: {title: 扣罚, on: finding, whom: unit, amount: AMOUNT, again: {window: all, same: [unit], factor: FACTOR, ceiling: param.most}, also: true}
"""
ONE = "[{since: 2025-01-01, value: 300}]"
TWO = "[{since: 2025-01-01, value: 300}, {since: 2025-08-01, value: 500}]"
FROM_JULY = "[{since: 2025-07-01, value: 300}]"


def body(values: str, amount: str = "-100 元", factor: str = "2") -> str:
    return BODY.replace("VALUES", values).replace("AMOUNT", amount).replace("FACTOR", factor)


def findings(*days: str) -> list[Fact]:
    return [fact("finding", f"f{at}", day, unit="U1") for at, day in enumerate(days, 1)]


def both_engines(bench: Bench, text: str, *facts: Fact, **given: Any) -> list[tuple[int, bool]]:
    """Amounts in yuan, and whether the ceiling bound; of the reference, which DuckDB repeats."""
    assert bench.difference(program(text, **given), book(facts), None) == ""
    result = play(text, *facts, **given)
    return [(one.amount // 100, one.bound) for one in result.entries]


THREE_DAYS = findings("2025-07-01", "2025-07-02", "2025-07-31", "2025-08-01")


def test_ceiling_of_a_repeat_is_read_on_the_day_of_each_fact(bench: Bench) -> None:
    found = both_engines(bench, body(TWO), *THREE_DAYS)
    assert found == [(-100, False), (-200, False), (-300, True), (-500, True)]


def test_ceiling_of_a_repeat_that_falls_binds_the_later_fact_lower(bench: Bench) -> None:
    falling = "[{since: 2025-01-01, value: 1000000}, {since: 2025-08-01, value: 150.5}]"
    found = both_engines(bench, body(falling), *THREE_DAYS)
    assert found == [(-100, False), (-200, False), (-400, False), (-151, True)]


def test_ceiling_of_a_repeat_written_with_a_minus_is_the_same_size(bench: Bench) -> None:
    found = both_engines(bench, body("[{since: 2025-01-01, value: -300}]"), *THREE_DAYS)
    assert found[2:] == [(-300, True), (-300, True)]


def test_adopting_unit_sets_the_ceiling_of_a_repeat(bench: Bench) -> None:
    found = both_engines(bench, body("[]"), *THREE_DAYS, values={"most": Fraction(250)})
    assert found == [(-100, False), (-200, False), (-250, True), (-250, True)]


def test_ceiling_of_a_repeat_without_a_value_keeps_the_run_from_starting() -> None:
    with pytest.raises(SchemeError, match="“每件最多”（most）没有取值，“扣罚”（fine）要用到它"):
        program(body("[]"))


def test_ceiling_of_a_repeat_unset_before_the_run_holds_nothing_there(bench: Bench) -> None:
    text = body(FROM_JULY).replace("also: true", "also: true, limit: {floor: -2000 元, per: year}")
    facts = findings("2025-05-01", "2025-05-02", "2025-05-03", "2025-05-04", "2025-07-01")
    amounts = [one for one, _ in both_engines(bench, text, *facts)]
    # 100 + 200 + 400 + 800 of May are within the year's 2000, and 300 of July too: all stands
    assert amounts == [-300]
    held = both_engines(bench, text.replace("-2000", "-1600"), *facts)
    assert [one for one, _ in held] == [-300, 200]


@pytest.mark.parametrize(
    ("values", "amount", "factor", "said"),
    [
        ("[{since: 2025-01-01, value: 300 分}]", "-100 元", "2", "请改成同一个账本"),
        ("[{since: 2025-01-01, value: 300}, {since: 2025-08-01, value: -5}]", "100 元", "2", "ceiling（每件上限）却小于零"),
        ("[{since: 2025-01-01, value: 300.125}]", "-100 元", "2", "小数多于账本“金额”的2位"),
        (ONE, "-100 元", "1.5", "上限“每件最多”没有数的日子里"),
        ("[{since: 0001-01-01, value: 20000}]", "-100 元", "1.5", "乘以次数系数后"),
    ],
)  # fmt: skip
def test_ceiling_of_a_repeat_that_does_not_fit_its_amount_is_refused(
    values: str, amount: str, factor: str, said: str
) -> None:
    text = body(values, amount, factor)
    if "分" in values:
        text = text.replace("unit: 元, values", "values")
    with pytest.raises(SchemeError, match=said):
        program(text)


def test_half_more_each_time_goes_up_to_the_ceiling_that_the_adopting_unit_sets(
    bench: Bench,
) -> None:
    text = body("[]", factor="1.5")
    found = both_engines(bench, text, *THREE_DAYS, values={"most": Fraction(300)})
    assert found == [(-100, False), (-150, False), (-225, False), (-300, True)]
    with pytest.raises(SchemeError, match="乘以次数系数后，数额的小数多于"):
        program(text, values={"most": Fraction(20000)})


def test_negative_ceiling_hides_no_decimals_that_the_ledger_lacks() -> None:
    text = body("[]", factor="1.5").replace("param.most", "-20000 元")
    with pytest.raises(SchemeError, match="乘以次数系数后，数额的小数多于"):
        program(text)


def test_sentence_tells_the_parameter_of_the_ceiling_and_its_values() -> None:
    literal = body(ONE).replace("param.most", "300 元")
    said = [
        sentence_of(Names(plan), plan.articles[0].rules["fine"])
        for plan in (program(one).plan for one in (literal, body(ONE), body(TWO)))
    ]
    assert "每多1件再乘2，每件至多300元" in said[0]
    assert "，每件至多300元（每件最多）" in said[1]
    assert "，每件至多每件最多（2025年1月1日起300元、2025年8月1日起500元）" in said[2]


def test_explanation_tells_the_ceiling_of_the_day_of_the_fact() -> None:
    bound, held = program(body(TWO)), book(THREE_DAYS)
    trees = explain(
        bound, held, play(body(TWO), *THREE_DAYS), Subject(SubjectKind.UNIT, "U1"), "fine"
    )
    assert [node.value for tree in trees for node in tree.children if node.title == "单次上限"] == [
        "300元",
        "500元",
    ]


def test_lint_tells_a_ceiling_whose_least_value_is_below_the_first_amount() -> None:
    low = "[{since: 2025-01-01, value: 300}, {since: 2025-08-01, value: 50}]"
    codes = {text: {one.code for one in lint(checked(text))} for text in (body(TWO), body(low))}
    assert "low-ceiling" not in codes[body(TWO)]
    assert "low-ceiling" in codes[body(low)]
    assert "unbounded" not in codes[body(TWO)]
