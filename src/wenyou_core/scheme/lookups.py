"""Tables of numbers, which expressions read as ``table.name``; tables of amounts are for rules."""

from __future__ import annotations

from fractions import Fraction

from wenyou_core.scheme.lex import ExprError
from wenyou_core.scheme.model import Table
from wenyou_core.scheme.texts import parse_number


def numbers_of(table: Table) -> dict[str, tuple[Fraction, int]]:
    """The cells that hold a number without a unit: its exact value and its decimals."""
    found = {}
    for words, text in table.values.items():
        read = number_of_cell(text)
        if read is not None:
            found[words] = read
    return found


def number_of_cell(text: str | None) -> tuple[Fraction, int] | None:
    """The number of a cell; None for an amount, and where it is unset."""
    if text is None:
        return None
    try:
        return parse_number(text)
    except ExprError:
        return None


def digits_of(table: Table) -> int:
    """The most decimals of a table's numbers."""
    return max((digits for _, digits in numbers_of(table).values()), default=0)


def holds_numbers(table: Table) -> bool:
    """Whether a table holds numbers; one without any value may become either."""
    return bool(numbers_of(table)) or not any(table.values.values())
