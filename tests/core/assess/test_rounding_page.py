"""The worked table of the rounding page is true of both the reference and integer SQL."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from wenyou_core.assess.rounding import rounded
from wenyou_core.assess.sql import build as b
from wenyou_core.scheme.amounts import Round
from wenyou_core.scheme.words import Rounding

PAGE = Path(__file__).parents[3] / "docs" / "dev" / "algorithms" / "rounding.md"
ROWS = [
    [cell.strip() for cell in line.strip("|\n ").split("|")]
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("|") and "---" not in line
]
MODES = [Rounding(title.split()[0]) for title in ROWS[0][1:]]
CASES = [
    pytest.param(row[0], mode, cell, id=f"{row[0]}-{mode.value}")
    for row in ROWS[1:]
    for mode, cell in zip(MODES, row[1:], strict=True)
]


@pytest.fixture(scope="module")
def duck() -> Iterator[duckdb.DuckDBPyConnection]:
    """One connection for the whole table."""
    with duckdb.connect() as connection:
        yield connection


def test_the_table_has_every_mode() -> None:
    assert set(MODES) == set(Rounding)
    assert len(CASES) >= 42


@pytest.mark.parametrize(("number", "mode", "wanted"), CASES)
def test_a_number_is_rounded_as_the_page_says(number: str, mode: Rounding, wanted: str) -> None:
    assert rounded(Fraction(number), Round(digits=2, mode=mode)) == Fraction(wanted)


@pytest.mark.parametrize(("number", "mode", "wanted"), CASES)
def test_sql_rounds_integers_as_the_page_says(
    duck: duckdb.DuckDBPyConnection, number: str, mode: Rounding, wanted: str
) -> None:
    scaled = int(Fraction(number) * 10**6)
    tree = b.divided(b.num(scaled), b.num(10**4), mode)

    found = duck.execute("SELECT " + b.printed(tree, "duckdb")).fetchall()

    assert found == [(int(Fraction(wanted) * 100),)]
