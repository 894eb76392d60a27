"""The value of an expression: exact, and with absent values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.assess.evaluate import compiled, condition, names_read, number
from wenyou_core.assess.facts import Cell
from wenyou_core.scheme.expr import Const
from wenyou_core.scheme.parse import FACT, parse_expr
from wenyou_core.scheme.show import show


@dataclass
class Given:
    """A context that knows some fields and no more."""

    fields: Mapping[str, Cell] = field(default_factory=dict)

    def field(self, of: str, name: str) -> Cell | None:
        return self.fields.get(name if of == "fact" else f"{of}.{name}")

    def param(self, name: str) -> Cell | None:
        return self.fields.get(f"param.{name}")

    def measure(self, name: str) -> Fraction | None:
        return None

    def workdays(self, first: date, last: date) -> Fraction | None:
        return Fraction((last - first).days * 5, 7)


def value(text: str, **fields: Cell) -> Cell | None:
    return compiled(parse_expr(text, FACT, {}))(Given(fields))


@pytest.mark.parametrize("op", ["=", "!=", "<", "<=", ">", ">="])
def test_absent_side_makes_every_comparison_false(op: str) -> None:
    assert value(f"a {op} 1") is False
    assert value(f"1 {op} a") is False


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 or 1 = 1", True),
        ("a = 1 and 1 = 1", False),
        ("not a = 1", True),
        ("exists a", False),
        ("not exists a", True),
        ("a in [1, 2]", False),
        ("a between (-, +)", False),
        ("a + 1", None),
        ("-a", None),
        ("max(a, 1)", None),
        ("days(a, b)", None),
        ("workdays(a, b)", None),
        ("first(a, 7)", 7),
        ("first(a, b)", None),
    ],
)
def test_absent_value_by_itself(text: str, expected: object) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20% * 3", Fraction(3, 5)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("floor(7, 2)", 3),
        ("ceil(7, 2)", 4),
        ("floor(-7, 2)", -4),
        ("ceil(-7, 2)", -3),
        ("abs(-2)", 2),
        ("min(3, 1, 2)", 1),
        ("days(2025-03-01, 2025-02-28)", -1),
        ("month(2025-03-01)", 3),
        ("year(2025-03-01)", 2025),
        ("minutes(t, u)", 90),
        ("first(1, a)", 1),
    ],
)
def test_arithmetic_is_exact(text: str, expected: object) -> None:
    assert value(text, t=Fraction(540), u=Fraction(630)) == expected


@pytest.mark.parametrize(
    ("interval", "inside"),
    [
        ("[1, 3]", "123"),
        ("[1, 3)", "12"),
        ("(1, 3]", "23"),
        ("(1, 3)", "2"),
        ("(1, +)", "234"),
        ("(-, 3)", "012"),
    ],
)
def test_ends_of_a_range_are_open_or_closed_as_written(interval: str, inside: str) -> None:
    found = [n for n in range(5) if value(f"x between {interval}", x=Fraction(n)) is True]
    assert "".join(map(str, found)) == inside


NUMBERS = st.fractions(min_value=-5, max_value=5, max_denominator=7)


@given(NUMBERS, NUMBERS)
def test_comparison_of_fractions_is_cross_multiplication(a: Fraction, b: Fraction) -> None:
    crossed = a.numerator * b.denominator < b.numerator * a.denominator
    assert value("x < y", x=a, y=b) is crossed


@given(st.booleans() | st.none(), st.booleans() | st.none())
def test_and_or_know_only_true_and_false(a: bool | None, b: bool | None) -> None:
    fields: dict[str, Cell] = {name: one for name, one in (("x", a), ("y", b)) if one is not None}
    assert value("x = true and y = true", **fields) is (a is True and b is True)
    assert value("x = true or y = true", **fields) is (a is True or b is True)


def test_condition_that_is_left_out_holds() -> None:
    assert condition(None)(Given())


def test_number_of_a_text_is_absent() -> None:
    assert number(parse_expr("a", FACT, {}))(Given({"a": "文字"})) is None


def test_names_whose_absence_leaves_a_statement_open() -> None:
    expr = parse_expr("a > 1 and exists b and unit.c = param.d and first(e, 1) > 0", FACT, {})
    assert [show(one) for one in names_read(expr)] == ["a", "unit.c", "param.d", "first(e, 1)"]


def test_equal_constants_of_different_types_keep_their_values() -> None:
    one, yes = Const(Fraction(1)), Const(True)
    assert one == yes
    assert compiled(one)(Given()) == 1
    assert compiled(yes)(Given()) is True
    assert compiled(one)(Given()) is not True
