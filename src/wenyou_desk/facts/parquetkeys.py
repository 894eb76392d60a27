"""Keys of ids that stand in Parquet files: they are numbered by DuckDB and stay there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from wenyou_core.assess.program import Program
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts import parquetsql as cells
from wenyou_desk.facts.parquetfile import ROW, ParquetFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FACT_IDS = "parquet_fact_ids"
SUBJECT_IDS = "parquet_subject_ids"


class Ids(Sequence[str]):
    """Ids in the order of their keys; fetched when the first one is asked for."""

    def __init__(self, connection: DuckDBPyConnection, table: str) -> None:
        self._connection = connection
        self._table = table
        self._ids: list[str] | None = None

    def _all(self) -> list[str]:
        if self._ids is None:
            query = f"SELECT id FROM {self._table} ORDER BY k"  # noqa: S608 -- our name
            self._ids = [row[0] for row in self._connection.execute(query).fetchall()]
        return self._ids

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self._all()[index]


class KeysById(Mapping[str, int]):
    """Keys by id: ``factor`` × number + ``plus``. Those given are fetched at once, others singly."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        ids: Ids,
        table: str,
        *,
        given: Collection[str] = (),
        factor: int = 1,
        plus: int = 0,
    ) -> None:
        self._connection = connection
        self._ids = ids
        self._key = f"SELECT id, {factor} * k + {plus} FROM {table}"  # noqa: S608 -- our name
        self._known: dict[str, int] = dict(self._fetch(sorted(given))) if given else {}

    def _fetch(self, codes: list[str]) -> list[tuple[str, int]]:
        query = f"{self._key} SEMI JOIN (SELECT UNNEST(?::VARCHAR[]) AS code) ON code = id"
        return self._connection.execute(query, [codes]).fetchall()

    def __getitem__(self, code: str) -> int:
        if code not in self._known:
            self._known.update(self._fetch([code]))
        return self._known[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class ParquetKeys(Keys):
    """Keys whose facts stay in DuckDB.

    ``offsets`` is set where the ids of every file ascend and nothing compares ids of different
    kinds: then a fact's key is its kind's offset and its row, and no id is ever sorted.
    """

    def __init__(
        self,
        connection: DuckDBPyConnection,
        given: Collection[str],
        offsets: Mapping[str, int] | None,
    ) -> None:
        ids, facts = Ids(connection, SUBJECT_IDS), Ids(connection, FACT_IDS)
        self.ids, self.facts = ids, facts
        self.unit = KeysById(connection, ids, SUBJECT_IDS, given=given, factor=2)
        self.person = KeysById(connection, ids, SUBJECT_IDS, given=given, factor=2, plus=1)
        self.fact = KeysById(connection, facts, FACT_IDS)
        self.offsets = offsets


def parquet_keys(
    ids: set[str],
    facts: set[str],
    words: set[str],
    *,
    program: Program,
    files: Mapping[str, ParquetFile],
    connection: DuckDBPyConnection,
) -> ParquetKeys:
    """Keys of everything named in files, with ``ids`` and ``facts`` that stand elsewhere.

    ``words`` of the plan may be ids too; they count where all ids are numbered together.
    Leaves the tables ``SUBJECT_IDS`` and ``FACT_IDS`` in the connection.
    """
    _number_subjects(ids, program, files, connection)
    offsets = None
    if not facts and not _compared(program, files) and _ascending(files, connection):
        offsets = _offsets(files)
        parts = [
            f"SELECT {offsets[kind]} + {ROW} + 1 AS k, {_id(file)} AS id FROM {file.table}"  # noqa: S608 -- quoted
            for kind, file in files.items()
        ]
        union = " UNION ALL ".join(parts)
        connection.execute(f"CREATE OR REPLACE TEMPORARY VIEW {FACT_IDS} AS {union}")
    else:
        ids_of = [f"SELECT {_id(file)} AS id FROM {file.table}" for file in files.values()]  # noqa: S608 -- quoted
        _number(FACT_IDS, ids_of, facts | words, connection)
    return ParquetKeys(connection, ids, offsets)


def _number_subjects(
    ids: set[str],
    program: Program,
    files: Mapping[str, ParquetFile],
    connection: DuckDBPyConnection,
) -> None:
    """Number every 机构号 and 员工号, in the files or given."""
    parts: list[str] = []
    for file in files.values():
        fields = program.plan.facts[file.kind].fields
        for name, column in file.columns.items():
            kind = fields[name].type if name in fields else None
            if name in ("unit", "person") or kind in (ValueType.UNIT, ValueType.PERSON):
                code = cells.text(column).value
            elif kind is ValueType.PERSONS:
                code = f"UNNEST({cells.people(column)})"
            else:
                continue
            parts.append(f"SELECT DISTINCT {code} AS id FROM {file.table}")  # noqa: S608 -- quoted
    _number(SUBJECT_IDS, parts, ids, connection)


def _number(
    table: str, parts: Sequence[str], given: set[str], connection: DuckDBPyConnection
) -> None:
    """Number ids from 1 in the order of their code points; the empty id is none."""
    union = " UNION ALL ".join([*parts, "SELECT UNNEST(?::VARCHAR[]) AS id"])
    distinct = f"SELECT DISTINCT id FROM ({union}) WHERE id <> ''"  # noqa: S608 -- quoted
    numbered = f"SELECT CAST(ROW_NUMBER() OVER (ORDER BY id) AS INTEGER) AS k, id FROM ({distinct})"  # noqa: S608 -- quoted
    connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE {table} AS {numbered}", [sorted(given)])


def _compared(program: Program, files: Mapping[str, ParquetFile]) -> bool:
    """Whether ids of one kind may meet those of another: references, and deemed facts."""
    kinds = [kind for kind in program.plan.facts if kind in files]
    fields = (one for kind in kinds for one in program.plan.facts[kind].fields.values())
    if any(one.type is ValueType.FACT for one in fields):
        return True
    if any("id" in (*one.same, *one.same.values()) for one in program.exempts):
        return True
    return any(one.becomes not in ("", one.deem) for one in program.deems)


def _ascending(files: Mapping[str, ParquetFile], connection: DuckDBPyConnection) -> bool:
    """Whether the ids of every file ascend row by row, so that none stands twice."""
    for file in files.values():
        inner = f"SELECT {_id(file)} AS id, LAG({_id(file)}) OVER () AS before FROM {file.table}"  # noqa: S608 -- quoted
        query = f"SELECT COUNT(*) FROM ({inner}) WHERE id IS NULL OR id <= before"  # noqa: S608 -- quoted
        (bad,) = connection.execute(query).fetchone() or (1,)
        if bad:
            return False
    return True


def _offsets(files: Mapping[str, ParquetFile]) -> dict[str, int]:
    offsets, total = {}, 0
    for kind, file in files.items():
        offsets[kind] = total
        total += file.rows
    return offsets


def _id(file: ParquetFile) -> str:
    return cells.text(file.columns["id"]).value
