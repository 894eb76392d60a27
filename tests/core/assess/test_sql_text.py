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

pytestmark = pytest.mark.differential
PLANS = 12
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


@pytest.fixture(scope="module")
def parts(compiled: list[Compiled]) -> list[exp.Expr]:
    """Every part of every statement and query."""
    trees = [tree for one in compiled for tree in one.script.statements()]
    trees += [output.query for one in compiled for output in one.script.outputs]
    return [part for tree in trees for part in tree.walk()]


def _texts(compiled: list[Compiled], dialect: str) -> Iterator[str]:
    for one in compiled:
        yield from one.texts(dialect).statements
        yield from one.texts(dialect).outputs


def _without_texts(statement: str) -> str:
    return re.sub(r"'(?:[^']|'')*'", "''", statement)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_statement_divides_or_averages(compiled: list[Compiled], dialect: str) -> None:
    for text in map(_without_texts, _texts(compiled, dialect)):
        assert not _DIVISION.search(text), text
        assert "AVG" not in text.upper(), text


def test_no_part_of_a_statement_is_a_division_or_an_average(parts: list[exp.Expr]) -> None:
    assert not [one for one in parts if isinstance(one, exp.Div | exp.Avg)]


def test_no_sum_takes_a_condition(parts: list[exp.Expr]) -> None:
    sums = [one for one in parts if isinstance(one, exp.Sum)]
    conditions = (exp.Predicate, exp.And, exp.Or, exp.Not, exp.Boolean)
    assert sums
    assert not [one.sql() for one in sums if isinstance(one.this.unnest(), conditions)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_short_way_of_printing_gives_what_sqlglot_prints(
    compiled: list[Compiled], dialect: str
) -> None:
    for one in compiled[:4]:
        trees = [*one.script.statements(), *(output.query for output in one.script.outputs)]
        wide = "INT128" if dialect == "duckdb" else "DECIMAL(38, 0)"
        theirs = [tree.sql(dialect).replace("INT128", wide) for tree in trees]
        assert [*one.texts(dialect).statements, *one.texts(dialect).outputs] == theirs


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_is_read_back_in_its_dialect(
    compiled: list[Compiled], dialect: str
) -> None:
    for text in _texts(compiled[:4], dialect):
        assert sqlglot.parse_one(text, read=dialect) is not None


def test_no_statement_sorts_by_texts_or_uses_floats(parts: list[exp.Expr]) -> None:
    kinds = {one.sql() for one in parts if isinstance(one, exp.DataType)}
    assert kinds <= {"BIGINT", "INT", "SMALLINT", "TEXT", "INT128", "DATE"}


def test_wide_numbers_are_decimals_outside_duckdb(compiled: list[Compiled]) -> None:
    texts = "\n".join(_texts(compiled, "postgres"))
    assert "INT128" not in texts
    assert "DECIMAL(38, 0)" in texts
