"""What is settled before a row is read makes no SQL: readings, and kinds without facts."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import fact
from tests.core.assess.play import book, program
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.build import Sql
from wenyou_core.assess.sql.compile import compile_program
from wenyou_core.assess.sql.script import filled
from wenyou_core.scheme.rules import Deem

BODY = """
params:
  by: {title: 口径, type: choice, choices: [环境, 用语], value: 用语}
measures:
  bad: {title: 检查次数, each: outlets, facts: finding}
  lost: {title: 检查扣分, each: outlets, facts: finding, how: sum, of: points}
  worst: {title: 最多一次, each: outlets, facts: finding, how: max, of: points}
  done: {title: 投诉次数, each: outlets, facts: complaint}
rules:
  late: {title: 扣, on: finding, where: param.by = 环境 and points > 3, whom: unit, amount: -1 分, also: true}
  soft: {title: 再扣, on: finding, where: not param.by = 环境 and type = 用语, whom: unit, amount: -2 分}
  clean: {title: 奖, each: outlets, when: bad = 0, amount: 5 分}
"""
ROW = b.gt(b.col("points"), b.num(3))
FINDING = fact("finding", "f1", "2025-08-01", unit="U1", points=Fraction(4), type="用语")


@pytest.mark.parametrize(
    ("test", "left"),
    [
        (b.all_of([b.eq(b.text("甲"), b.text("甲")), ROW]), ROW),
        (b.all_of([b.eq(b.text("甲"), b.text("乙")), ROW]), b.false()),
        (b.ne(b.text("甲"), b.text("甲")), b.false()),
        (b.ne(b.num(1), b.num(2)), b.true()),
        (b.no(b.false()), b.true()),
        (b.all_of([b.true(), ROW]), ROW),
        (b.all_of([ROW, b.false()]), b.false()),
        (b.any_of([ROW, b.false()]), ROW),
        (b.any_of([b.false(), b.true(), ROW]), b.true()),
        (b.all_of([]), b.true()),
        (b.any_of([]), b.false()),
    ],
)
def test_condition_is_settled_as_far_as_it_can_be(test: Sql, left: Sql) -> None:
    assert b.printed(test, "duckdb").strip("()") == b.printed(left, "duckdb").strip("()")


@pytest.mark.parametrize(
    "test", [ROW, b.eq(b.col("x"), b.num(1)), b.eq(b.text("1"), b.num(1)), b.is_null(b.num(1))]
)
def test_condition_that_a_row_decides_is_not_settled(test: Sql) -> None:
    assert b.known(test) is None


def test_kinds_are_filled_by_rows_and_by_what_is_derived_from_them() -> None:
    chain = [
        Deem(name="two", title="", deem="b", becomes="c"),
        Deem(name="one", title="", deem="a", becomes="b"),
        Deem(name="set", title="", deem="x"),
    ]
    assert filled(frozenset({"a"}), chain) == {"a", "b", "c"}
    assert filled(frozenset({"x"}), chain) == {"x"}


def test_rule_without_facts_makes_no_statement_and_a_measure_asks_only_its_members() -> None:
    made = program(BODY)
    source = BookSource(book([fact("complaint", "c", "2025-08-01", unit="U1")]), made)
    statements = compile_program(made, source.shape).texts("duckdb").statements
    assert not [one for one in statements if "finding" in one]


@pytest.mark.parametrize("facts", [(), (FINDING,)], ids=["no fact", "one fact"])
def test_both_back_ends_agree_with_and_without_facts(bench: Bench, facts: tuple[Fact]) -> None:
    assert bench.difference(program(BODY), book(facts), None) == ""


def test_reading_that_is_not_chosen_leaves_no_trace_in_the_statements() -> None:
    made = program(BODY)
    compiled = compile_program(made, BookSource(book([FINDING]), made).shape)
    (hit,) = (one for one in compiled.texts("duckdb").statements if "TABLE hit_late " in one)
    assert "f_points" not in hit.split("WHERE")[1]
    assert "0 = 1" in hit
