"""The entries of a large run as a Parquet file: written from the engine, read back by subject.

Entries that the engine computed never become Python objects; those of nodes that the reference
computed on the reduced rows are few and are added. ``wenyou_core.assess.sql.ledger`` tells the
columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.assess.result import Entry
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.engine import Column, Row
from wenyou_core.assess.sql.ledger import ENTRIES, Names, ledger_query
from wenyou_core.assess.sql.terms import day_number

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from wenyou_core.assess.sql.run import SqlRun

__all__ = ["ENTRIES", "write_ledger"]

_TEXTS = ("rule", "kind", "whose", "subject", "period", "ledger", "fact", "earlier")
_CLOSING = (
    *(Column(name, "TEXT") for name in _TEXTS),
    *(Column(name, "TEXT") for name in ("after", "after_whose", "after_subject", "decision")),
    Column("day", "INTEGER"),
    *(Column(name, "BIGINT") for name in ("base", "amount", "times", "part", "bound")),
    *(Column(name, "BIGINT") for name in ("quantity", "quantity_den")),
)


def write_ledger(
    run: SqlRun,
    closing: Sequence[Entry],
    names: Names,
    connection: DuckDBPyConnection,
    path: Path,
) -> None:
    """Write every entry of a run to a Parquet file, in no particular order.

    ``closing`` are the entries that became Python objects, because the reference computed their
    nodes.
    """
    query = ledger_query(run.compiled.script, names)
    parts = [] if query is None else [b.printed(query, "duckdb")]
    if closing or query is None:
        run.engine.load("closing", _CLOSING, list(_rows(closing)))
        listed = ", ".join(_shown(column) for column in _CLOSING if _is_used(column, closing))
        parts.append(f"SELECT {listed} FROM closing")  # noqa: S608 -- our names
    union = " UNION ALL BY NAME ".join(parts)
    copy_to(connection, union, path)


def copy_to(connection: DuckDBPyConnection, query: str, path: Path) -> None:
    """Write the rows of a query to a Parquet file."""
    target = str(path).replace("'", "''")
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")


def _shown(column: Column) -> str:
    if column.name == "day":
        return "DATE '1970-01-01' + day AS day"
    return column.name


def _is_used(column: Column, closing: Sequence[Entry]) -> bool:
    """Columns that only some plans have are left out where they would be empty."""
    name = column.name
    if name.startswith("after"):
        return any(entry.cause for entry in closing)
    if name.startswith("quantity"):
        return any(entry.quantity is not None for entry in closing)
    if name in ("part", "decision", "bound"):
        return any(getattr(entry, name) for entry in closing)
    return True


def _rows(closing: Iterable[Entry]) -> Iterator[Row]:
    entries = list(closing)
    by_key = {entry.key: entry for entry in entries}
    for entry in entries:
        cells = _cells(entry, by_key.get(entry.cause) if entry.kind.value == "joint" else None)
        yield tuple(cells.get(column.name) for column in _CLOSING)


def _cells(entry: Entry, after: Entry | None) -> Mapping[str, object]:
    quantity = entry.quantity
    cells = {
        "rule": entry.rule,
        "kind": entry.kind.value,
        "whose": _whose(entry),
        "subject": entry.subject.id,
        "period": entry.period,
        "day": day_number(entry.day),
        "ledger": entry.ledger,
        "fact": entry.fact or None,
        "base": entry.base,
        "amount": entry.amount,
        "times": entry.factor.denominator if entry.kind.value == "award" else entry.count or None,
        "earlier": entry.earlier or None,
        "part": entry.part or None,
        "bound": int(entry.bound),
        "decision": entry.decision or None,
        "quantity": None if quantity is None else quantity.numerator,
        "quantity_den": None if quantity is None else quantity.denominator,
    }
    if after is not None:
        total = after.kind.value == "limit" and not after.cause
        cells |= {
            "after": "total" if total else after.kind.value,
            "after_whose": _whose(after),
            "after_subject": after.subject.id,
        }
    return cells


def _whose(entry: Entry) -> str:
    return "person" if entry.subject.person else "unit"
