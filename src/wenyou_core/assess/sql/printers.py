"""SQL trees as text, in each dialect; callers take ``printed`` through ``build``.

A program is some hundred statements of ten thousand nodes, most of them names of columns. They
are printed by a shorter way than SQLGlot's own, which asks of every name anew whether it must be
quoted, and of every query whether it holds what our trees never hold (QUALIFY, semi joins,
UNNEST in FROM).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from sqlglot import exp
from sqlglot.generator import Generator
from sqlglot.generators.duckdb import DuckDBGenerator
from sqlglot.generators.postgres import PostgresGenerator
from sqlglot.generators.spark import SparkGenerator

from wenyou_core.assess.sql.trees import Sql

DIALECTS = ("duckdb", "postgres", "spark")
NAMES = 10_000
"""Names whose printed form is kept."""


@lru_cache(maxsize=NAMES)
def _name(printer: Generator, text: str) -> str:
    return printer.identifier_sql(exp.Identifier(this=text))


def _identifier(printer: Generator, node: exp.Identifier) -> str:
    if node.args.get("quoted"):
        return printer.identifier_sql(node)
    return _name(printer, node.args["this"])


def _column(printer: Generator, node: exp.Column) -> str:
    """A column as ``trees.col`` makes it: a name, perhaps of a table."""
    of, table = node.args["this"], node.args.get("table")
    name = _identifier(printer, of) if type(of) is exp.Identifier else printer.sql(of)
    return f"{_identifier(printer, table)}.{name}" if table else name


def _select(printer: Generator, node: exp.Select) -> str:
    return printer.select_sql(node)


_QUICK: dict[type[exp.Expr], Callable[..., str]] = {
    exp.Column: _column,
    exp.Identifier: _identifier,
    exp.Select: _select,
}
_WIDE: dict[Any, str] = {exp.DataType.Type.INT128: "DECIMAL(38, 0)"}


class _DuckDB(DuckDBGenerator):
    """DuckDB as it is."""

    TRANSFORMS = {**DuckDBGenerator.TRANSFORMS, **_QUICK}  # noqa: RUF012 -- as its base has it


class _Postgres(PostgresGenerator):
    """PostgreSQL, where a number of 38 digits is a decimal."""

    TRANSFORMS = {**PostgresGenerator.TRANSFORMS, **_QUICK}  # noqa: RUF012 -- as its base has it
    TYPE_MAPPING = {**PostgresGenerator.TYPE_MAPPING, **_WIDE}  # noqa: RUF012 -- likewise


class _Spark(SparkGenerator):
    """Spark SQL, likewise."""

    TRANSFORMS = {**SparkGenerator.TRANSFORMS, **_QUICK}  # noqa: RUF012 -- as its base has it
    TYPE_MAPPING = {**SparkGenerator.TYPE_MAPPING, **_WIDE}  # noqa: RUF012 -- likewise


_PRINTERS = {"duckdb": _DuckDB, "postgres": _Postgres, "spark": _Spark}


def printed(tree: Sql, dialect: str) -> str:
    """The statement in a dialect; the tree is only read."""
    return _printer(dialect).generate(tree, copy=False)


@cache
def _printer(dialect: str) -> Generator:
    return _PRINTERS[dialect](dialect=dialect, comments=False)
