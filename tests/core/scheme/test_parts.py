"""Looking through a plan: everything is met once, before its parts, in the order written."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

import pytest

from wenyou_core.errors import Place
from wenyou_core.scheme.expr import Binary, Const, Measure, Op
from wenyou_core.scheme.parts import everything, parts

SUM = Binary(Op.ADD, Measure("a"), Const(Fraction(1)))
PLACE = Place(file="plan.yaml", line=3)


def test_a_thing_comes_before_its_parts_in_the_order_written() -> None:
    found = [one for one in everything((SUM, Measure("b"))) if isinstance(one, Binary | Measure)]

    assert found == [SUM, Measure("a"), Measure("b")]


def test_values_of_a_mapping_are_parts_and_its_keys_are_not() -> None:
    assert list(parts(MappingProxyType({"x": SUM}))) == [SUM]


def test_fields_that_are_left_out_are_not_looked_into() -> None:
    assert list(parts(SUM, but=frozenset({"left", "op"}))) == [Const(Fraction(1))]
    assert list(parts(Measure("a"), but=frozenset({"name"}))) == []


@pytest.mark.parametrize("leaf", ["", "text", 3, None, Op.ADD, PLACE, Binary])
def test_words_numbers_places_and_classes_have_no_parts(leaf: object) -> None:
    assert list(everything(leaf)) == [leaf]
