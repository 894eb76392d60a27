"""The statements keep to the portable subset, in every dialect they are printed in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from tests.core.assess.gen_books import make_book
from tests.core.assess.gen_plans import make_scheme
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.build import DIALECTS
from wenyou_core.assess.sql.compile import Compiled, compile_program

PLANS = 16
_DIVISION = re.compile(r"(?<!/)/(?!/)")


@pytest.fixture(scope="module")
def compiled() -> list[Compiled]:
    """Random programs, compiled."""
    found = []
    for seed in range(PLANS):
        scheme = make_scheme(seed)
        shape = BookSource(make_book(scheme), scheme.program).shape
        found.append(compile_program(scheme.program, shape))
    return found


def _texts(compiled: list[Compiled], dialect: str) -> Iterator[str]:
    for one in compiled:
        yield from one.texts(dialect).statements
        yield from one.texts(dialect).outputs


def _trees(compiled: list[Compiled]) -> Iterator[exp.Expression]:
    for one in compiled:
        yield from one.script.statements()
        yield from (output.query for output in one.script.outputs)


def _without_texts(statement: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", statement)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_statement_divides_or_averages(compiled: list[Compiled], dialect: str) -> None:
    for text in map(_without_texts, _texts(compiled, dialect)):
        assert not _DIVISION.search(text), text
        assert "AVG" not in text.upper(), text
    assert not any(tree.find(exp.Div, exp.Avg) for tree in _trees(compiled))


def test_no_sum_takes_a_condition(compiled: list[Compiled]) -> None:
    sums = [found for tree in _trees(compiled) for found in tree.find_all(exp.Sum)]
    conditions = (exp.Predicate, exp.And, exp.Or, exp.Not, exp.Boolean)
    assert sums
    assert not [one.sql() for one in sums if isinstance(one.this.unnest(), conditions)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_is_read_back_in_its_dialect(
    compiled: list[Compiled], dialect: str
) -> None:
    for text in _texts(compiled[:5], dialect):
        assert sqlglot.parse_one(text, read=dialect) is not None


def test_no_statement_sorts_by_texts_or_uses_floats(compiled: list[Compiled]) -> None:
    kinds = {found.sql() for tree in _trees(compiled) for found in tree.find_all(exp.DataType)}
    assert kinds <= {"BIGINT", "INT", "SMALLINT", "TEXT", "INT128", "DATE"}


def test_wide_numbers_are_decimals_outside_duckdb(compiled: list[Compiled]) -> None:
    texts = "\n".join(_texts(compiled, "postgres"))
    assert "INT128" not in texts
    assert "DECIMAL(38, 0)" in texts
