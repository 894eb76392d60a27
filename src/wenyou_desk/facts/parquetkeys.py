"""Keys of ids that stand in Parquet files: units and people in memory, facts in DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, overload

from wenyou_core.assess.program import Program
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts import parquetsql as cells
from wenyou_desk.facts.parquetfile import ROW, ParquetFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FACT_IDS = "parquet_fact_ids"
UNIT_KEYS = "parquet_unit_keys"
PERSON_KEYS = "parquet_person_keys"
_CHUNK = 100_000


class FactIds(Sequence[str]):
    """The ids of facts in the order of their keys; fetched when the first one is asked for."""

    def __init__(self, connection: DuckDBPyConnection) -> None:
        self._connection = connection
        self._ids: list[str] | None = None

    def _all(self) -> list[str]:
        if self._ids is None:
            query = f"SELECT id FROM {FACT_IDS} ORDER BY k"  # noqa: S608 -- our name
            rows = self._connection.execute(query).fetchall()
            self._ids = [row[0] for row in rows]
        return self._ids

    def __len__(self) -> int:
        return len(self._all())

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...

    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        return self._all()[index]


class FactKeys(Mapping[str, int]):
    """The keys of facts by id, looked up one by one: only decisions ask for them."""

    def __init__(self, connection: DuckDBPyConnection, ids: FactIds) -> None:
        self._connection = connection
        self._ids = ids
        self._known: dict[str, int | None] = {}

    def __getitem__(self, code: str) -> int:
        if code not in self._known:
            query = f"SELECT MIN(k) FROM {FACT_IDS} WHERE id = ?"  # noqa: S608 -- our name
            row = self._connection.execute(query, [code]).fetchone()
            self._known[code] = row[0] if row else None
        found = self._known[code]
        if found is None:
            raise KeyError(code)
        return found

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
        ids: Iterable[str],
        connection: DuckDBPyConnection,
        offsets: Mapping[str, int] | None,
    ) -> None:
        self.ids = sorted(set(ids) - {""})
        self.unit = {name: 2 * at for at, name in enumerate(self.ids, 1)}
        self.person = {name: key + 1 for name, key in self.unit.items()}
        facts = FactIds(connection)
        self.facts = facts
        self.fact = FactKeys(connection, facts)
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
    Leaves the tables ``UNIT_KEYS``, ``PERSON_KEYS`` and ``FACT_IDS`` in the connection.
    """
    for file in files.values():
        ids = ids | _codes(file, program, connection)
    offsets = None
    if not facts and not _compared(program, files) and _ascending(files, connection):
        offsets = _offsets(files)
        parts = [
            f"SELECT {offsets[kind]} + {ROW} + 1 AS k, {_id(file)} AS id FROM {file.table}"  # noqa: S608 -- quoted
            for kind, file in files.items()
        ]
        connection.execute(
            f"CREATE OR REPLACE TEMPORARY VIEW {FACT_IDS} AS {' UNION ALL '.join(parts)}"
        )
    else:
        _number_facts(facts | words, files, connection)
    keys = ParquetKeys(ids, connection, offsets)
    for table, held in ((UNIT_KEYS, keys.unit), (PERSON_KEYS, keys.person)):
        _load(table, held, connection)
    return keys


def _codes(file: ParquetFile, program: Program, connection: DuckDBPyConnection) -> set[str]:
    """Every 机构号 and 员工号 in a file."""
    fields = program.plan.facts[file.kind].fields
    found: set[str] = set()
    for name, column in file.columns.items():
        kind = fields[name].type if name in fields else None
        if name in ("unit", "person") or kind in (ValueType.UNIT, ValueType.PERSON):
            values = f"SELECT DISTINCT {cells.text(column).value} FROM {file.table}"  # noqa: S608 -- quoted
        elif kind is ValueType.PERSONS:
            values = f"SELECT DISTINCT UNNEST({cells.people(column)}) FROM {file.table}"  # noqa: S608 -- quoted
        else:
            continue
        found |= {row[0] for row in connection.execute(values).fetchall() if row[0]}
    return found


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


def _number_facts(
    facts: set[str], files: Mapping[str, ParquetFile], connection: DuckDBPyConnection
) -> None:
    """Number all ids together in the order of their code points."""
    parts = [f"SELECT {_id(file)} AS id FROM {file.table}" for file in files.values()]  # noqa: S608 -- quoted
    parts.append("SELECT UNNEST(?::VARCHAR[]) AS id")
    union = f"SELECT DISTINCT id FROM ({' UNION ALL '.join(parts)}) WHERE id <> ''"  # noqa: S608 -- quoted
    query = f"SELECT CAST(ROW_NUMBER() OVER (ORDER BY id) AS INTEGER) AS k, id FROM ({union})"  # noqa: S608 -- quoted
    connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE {FACT_IDS} AS {query}", [sorted(facts)])


def _id(file: ParquetFile) -> str:
    return cells.text(file.columns["id"]).value


def _load(table: str, keys: Mapping[str, int], connection: DuckDBPyConnection) -> None:
    connection.execute(f"CREATE OR REPLACE TEMPORARY TABLE {table} (id VARCHAR, k INTEGER)")
    names = list(keys)
    for first in range(0, len(names), _CHUNK):
        part = names[first : first + _CHUNK]
        connection.execute(
            f"INSERT INTO {table} SELECT UNNEST(?::VARCHAR[]), UNNEST(?::INTEGER[])",
            [part, [keys[name] for name in part]],
        )
