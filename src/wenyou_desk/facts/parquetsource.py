"""Facts in Parquet files as the tables of a compiled program, without Python objects per row.

Units, people, posts, coverage, decisions and small kinds of facts come as a book; the large
kinds stay in their files until DuckDB turns them into the tables of
``wenyou_core.assess.sql.layout``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from wenyou_core.assess.digest import facts_digest
from wenyou_core.assess.facts import DECISION, FactBook
from wenyou_core.assess.known import as_known
from wenyou_core.assess.program import Program
from wenyou_core.assess.sql.book import BookSource
from wenyou_core.assess.sql.engine import Column, DuckEngine
from wenyou_core.assess.sql.layout import HEAD, column_of, digits_of, words_of
from wenyou_core.assess.sql.terms import day_of
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts import parquetsql as cells
from wenyou_desk.facts.parquetfile import ROW, ParquetFile
from wenyou_desk.facts.parquetkeys import (
    FACT_IDS,
    SUBJECT_IDS,
    ParquetKeys,
    ascending,
    parquet_keys,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from wenyou_core.assess.sql.compile import Compiled
    from wenyou_core.assess.sql.engine import Engine
    from wenyou_core.assess.sql.keys import Keys
    from wenyou_core.assess.sql.ledger import Names
    from wenyou_core.assess.sql.script import Shape
    from wenyou_core.worktime.calendar import Calendar

_KEYED = {
    ValueType.UNIT: (SUBJECT_IDS, "2 * {}.k"),
    ValueType.PERSON: (SUBJECT_IDS, "2 * {}.k + 1"),
    ValueType.FACT: (FACT_IDS, "{}.k"),
}
"""Per type the table that numbers its ids, and the key of a numbered id."""

_NEVER_LACKING = frozenset({"recorded", "evidence"})
_MADE_FROM = {"fact": "id", "minute": "at", "known_day": "known", "ord": "id"}


class ParquetSource(BookSource):
    """A book without its large kinds of facts, and those kinds as files.

    The connection must be that of the engine on which the program is run.
    """

    def __init__(
        self,
        book: FactBook,
        program: Program,
        files: Mapping[str, ParquetFile],
        connection: DuckDBPyConnection,
        *,
        known_at: datetime | None = None,
        calendar: Calendar | None = None,
    ) -> None:
        self.files = files
        self.connection = connection
        self.views: set[str] = set()
        super().__init__(book, program, known_at, calendar)

    @property
    def shape(self) -> Shape:
        """What the compiler asks beforehand."""
        shape = super().shape
        held = {kind: file for kind, file in self.files.items() if file.rows}
        return replace(
            shape,
            kinds=shape.kinds | held.keys(),
            versioned=shape.versioned
            | {kind for kind, file in held.items() if self._doubles(file)},
            unitless=shape.unitless
            | {kind for kind, file in held.items() if self._without_unit(file)},
            lacking={kind: _lacking(file) for kind, file in held.items()},
        )

    def digest(self) -> str:
        """The fingerprint: of the book by its rows, of each file by its bytes."""
        whole = hashlib.sha256()
        whole.update(facts_digest(self.program, as_known(self.book, self.known_at)).encode())
        for kind, file in sorted(self.files.items()):
            whole.update(f"\n{kind} {file.source().sha256} {self.known_at}".encode())
        return whole.hexdigest()

    def ledger_names(self) -> Names:
        """Where the ledger finds the ids behind keys."""
        assert isinstance(self.keys, ParquetKeys)  # noqa: S101 -- made so below
        names = self.keys.ledger_names()
        ids = [one.id for one in self.known.facts.get(DECISION, ())]
        if not ids:
            return names
        table = "decision_ids"
        rows = [(self.keys.fact[one], one) for one in ids]
        columns = (Column("k", "INTEGER"), Column("id", "TEXT"))
        DuckEngine(self.connection).load(table, columns, rows)
        return replace(names, decisions=table)

    # -- keys ------------------------------------------------------------------------------------

    def _keys(self) -> Keys:
        named = super()._keys()
        facts = {fact.id for rows in self.book.facts.values() for fact in rows}
        return parquet_keys(
            set(named.ids),
            facts,
            set(named.facts),
            program=self.program,
            files=self.files,
            connection=self.connection,
        )

    def _dictionaries(self, engine: Engine, compiled: Compiled) -> None:
        tables = {
            "unit_ids": _KEYED[ValueType.UNIT],
            "person_ids": _KEYED[ValueType.PERSON],
            "fact_ids": _KEYED[ValueType.FACT],
        }
        for table, (numbered, key) in tables.items():
            if compiled.reads(table, engine.dialect):
                made = f"CAST({key.format('n')} AS INTEGER)"
                query = f"SELECT {made} AS k, id FROM {numbered} AS n"  # noqa: S608 -- our names
                self.connection.execute(f"CREATE TEMPORARY TABLE {table} AS {query}")

    # -- tables ----------------------------------------------------------------------------------

    def _facts(self, engine: Engine, kind: str, names: Sequence[str], compiled: Compiled) -> None:
        """Read once, the file is read by that statement itself; else it becomes a table."""
        file = self.files.get(kind)
        if file is None:
            super()._facts(engine, kind, names, compiled)
            return
        made = _Made(self, file)
        columns = made.head()
        fields = self.plan.facts[kind].fields
        for name in names:
            columns[f"f_{name}"] = (made.field(name), column_of(fields[name]))
        listed = ", ".join(
            f"CAST({sql} AS {kind_}) AS {name}" for name, (sql, kind_) in columns.items()
        )
        query = f"SELECT {listed} FROM {file.table} {made.joins}"  # noqa: S608 -- quoted
        table = f"fact_{kind}"
        form = "VIEW" if compiled.readers(engine.dialect)[table] <= 1 else "TABLE"
        if form == "VIEW":
            self.views.add(table)
        self.connection.execute(f"CREATE TEMPORARY {form} {table} AS {query}")

    def _people(self, engine: Engine, kind: str, name: str) -> None:
        file = self.files.get(kind)
        if file is None:
            super()._people(engine, kind, name)
            return
        made = _Made(self, file)
        column = file.columns.get(name)
        people = "CAST([] AS VARCHAR[])" if column is None else cells.people(column)
        fact = made.fact()
        told = f"SELECT {fact} AS fact, {ROW} AS ord, {people} AS people FROM {file.table} {made.joins}"  # noqa: S608 -- quoted
        each = "SELECT fact, ord, UNNEST(people) AS id, GENERATE_SUBSCRIPTS(people, 1) AS spot"
        once = f"SELECT fact, ord, id, MIN(spot) AS spot FROM ({each} FROM ({told})) GROUP BY fact, ord, id"  # noqa: S608 -- quoted
        spot = "ROW_NUMBER() OVER (PARTITION BY fact, ord ORDER BY spot) - 1"
        listed = f"CAST(fact AS INTEGER) AS fact, CAST(ord AS INTEGER) AS ord, 2 * k + 1 AS person, CAST({spot} AS INTEGER) AS spot"
        query = f"SELECT {listed} FROM ({once}) AS o JOIN {SUBJECT_IDS} AS p ON p.id = o.id"  # noqa: S608 -- quoted
        self.connection.execute(f"CREATE TEMPORARY TABLE many_{kind}_{name} AS {query}")

    # -- what the base asks ----------------------------------------------------------------------

    def _fact_dates(self) -> Iterator[date]:
        yield from super()._fact_dates()
        for file in self.files.values():
            fields = self.plan.facts[file.kind].fields
            dated = [name for name in file.columns if name in ("happened", "known")]
            dated += [
                name for name in file.columns
                if name in fields and fields[name].type is ValueType.DATE
            ]  # fmt: skip
            for name in dated:
                value = cells.day(file.columns[name]).value
                query = f"SELECT MIN({value}), MAX({value}) FROM {file.table}"  # noqa: S608 -- quoted
                for ends in self.connection.execute(query).fetchall():
                    yield from (day_of(end) for end in ends if end is not None)

    def _doubles(self, file: ParquetFile) -> bool:
        if ascending(file, self.connection):
            return False
        value = cells.text(file.columns["id"]).value
        query = f"SELECT COUNT(DISTINCT {value}) FROM {file.table}"  # noqa: S608 -- quoted
        (different,) = self.connection.execute(query).fetchone() or (0,)
        return bool(different != file.rows)

    def _without_unit(self, file: ParquetFile) -> bool:
        column = file.columns.get("unit")
        if column is None:
            return True
        query = f"SELECT COUNT(*) FROM {file.table} WHERE NOT ({cells.text(column).filled})"  # noqa: S608 -- quoted
        (bare,) = self.connection.execute(query).fetchone() or (0,)
        return bool(bare)


class _Made:
    """The columns of one fact table as SQL over its file, with the joins that give keys."""

    def __init__(self, source: ParquetSource, file: ParquetFile) -> None:
        self._source = source
        self._file = file
        self._joins: dict[str, str] = {}

    @property
    def joins(self) -> str:
        """The joins that the columns so far ask for."""
        return " ".join(self._joins.values())

    def fact(self) -> str:
        """The key of the fact."""
        keys = self._source.keys
        if isinstance(keys, ParquetKeys) and keys.rows is not None:
            return keys.rows[self._file.kind].key
        return self._keyed("id", ValueType.FACT)

    def head(self) -> dict[str, tuple[str, str]]:
        """Per head column its expression and type; NULL where the file has no such column."""
        given = self._file.columns
        made = {
            "fact": self.fact(),
            "ord": ROW,
            "state": cells.state(given["state"]).value,
            "happened": cells.day(given["happened"]).value,
            "known": cells.moment(given["known"]).value,
            "known_day": cells.day(given["known"]).value,
            "recorded": cells.moment(given["known"]).value,
            "evidence": "0",
        }
        if "recorded" in given:
            made["recorded"] = f"COALESCE({cells.moment(given['recorded']).value}, {made['known']})"
        if "evidence" in given:
            made["evidence"] = f"COALESCE({cells.pieces(given['evidence']).value}, 0)"
        if "at" in given:
            made["minute"] = cells.minutes(given["at"]).value
        for name, kind in (("unit", ValueType.UNIT), ("person", ValueType.PERSON)):
            if name in given:
                made[name] = self._keyed(name, kind)
        return {column.name: (made.get(column.name, "NULL"), column.type) for column in HEAD}

    def field(self, name: str) -> str:
        """A field of the plan."""
        plan = self._source.plan
        one = plan.facts[self._file.kind].fields[name]
        column = self._file.columns.get(name)
        if column is None:
            return "NULL"
        if one.type in _KEYED:
            return self._keyed(name, one.type)
        if one.type is ValueType.PERSONS:
            return f"CASE WHEN LEN({cells.people(column)}) > 0 THEN 1 END"
        return cells.field(column, one, words_of(plan, one), digits_of(one)).value

    def _keyed(self, name: str, kind: ValueType) -> str:
        table, key = _KEYED[kind]
        alias = f"k_{name}"
        value = cells.text(self._file.columns[name]).value
        self._joins[alias] = f"LEFT JOIN {table} AS {alias} ON {alias}.id = {value}"
        return key.format(alias)


def _lacking(file: ParquetFile) -> frozenset[str]:
    """Head columns that no row of a file has."""
    return frozenset(
        column.name
        for column in HEAD
        if column.name not in _NEVER_LACKING
        and _MADE_FROM.get(column.name, column.name) not in file.columns
    )
