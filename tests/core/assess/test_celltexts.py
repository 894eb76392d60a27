"""Fields of facts told once each."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.assess.celltexts import CellTexts
from wenyou_core.assess.facts import Cell


def test_fields_are_told_in_the_order_of_their_names() -> None:
    texts = CellTexts(lambda name, cell: f"{name}={cell}")

    assert texts.of({"b": "2", "a": "1"}) == ["a=1", "b=2"]
    assert texts.of({"a": "1"}) == ["a=1"]


def test_equal_values_of_different_types_are_told_apart() -> None:
    texts = CellTexts(lambda _, cell: type(cell).__name__)
    told = [texts.of({"a": cell}) for cell in (Fraction(1), True, Fraction(1))]

    assert told == [["Fraction"], ["bool"], ["Fraction"]]


def test_the_same_value_is_told_once() -> None:
    asked: list[str] = []

    def tell(name: str, cell: Cell) -> str:
        asked.append(name)
        return str(cell)

    texts = CellTexts(tell)
    reason = "发型不合规定"
    rows = [texts.of({"why": reason}) for _ in range(3)]

    assert rows == [[reason]] * 3
    assert asked == ["why"]


def test_value_that_is_gone_is_not_taken_for_another() -> None:
    texts = CellTexts(lambda name, cell: f"{name}={cell}")

    told = [texts.of({"why": f"原因{number}"}) for number in range(500)]

    assert told == [[f"why=原因{number}"] for number in range(500)]
