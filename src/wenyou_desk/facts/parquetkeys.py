"""Keys of ids that stand in Parquet files: they are numbered by DuckDB and stay there."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, overload

from wenyou_core.assess.program import Program
from wenyou_core.assess.sql.keys import Keys
from wenyou_core.assess.sql.ledger import IdForm, Names
from wenyou_core.scheme.words import ValueType
from wenyou_desk.facts import parquetsql as cells
from wenyou_desk.facts.parquetfile import ROW, ParquetFile

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FACT_IDS = "parquet_fact_ids"
SUBJECT_IDS = "parquet_subject_ids"
_DIGITS = 18
"""With one digit before them they fit 64 bits."""
_LARGEST = 2**31 - 1
"""The greatest key of a fact."""


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


class KeysById(dict[str, int]):
    """Keys by id: ``factor`` × number + ``plus``. Those given are fetched at once, others singly
    when they are asked for; what was fetched is held."""

    def __init__(
        self,
        connection: DuckDBPyConnection,
        table: str,
        *,
        given: Collection[str] = (),
        factor: int = 1,
        plus: int = 0,
    ) -> None:
        self._connection = connection
        self._key = f"SELECT id, {factor} * k + {plus} FROM {table}"  # noqa: S608 -- our name
        super().__init__(self._fetch(sorted(given)) if given else ())

    def _fetch(self, codes: list[str]) -> list[tuple[str, int]]:
        query = f"{self._key} SEMI JOIN (SELECT UNNEST(?::VARCHAR[]) AS code) ON code = id"
        return self._connection.execute(query, [codes]).fetchall()

    def __missing__(self, code: str) -> int:
        self.update(self._fetch([code]))
        if not super().__contains__(code):
            raise KeyError(code)
        return self[code]

    def __contains__(self, code: object) -> bool:
        if not super().__contains__(code) and isinstance(code, str):
            self.update(self._fetch([code]))
        return super().__contains__(code)


@dataclass(frozen=True, slots=True)
class FactKeys:
    """How a kind's keys come from its file without sorting an id.

    ``key`` is SQL over the file's rows. ``form`` is there where the ids are a fixed text and a
    number of fixed length: then the number is the key, and an id is written from its key.
    """

    key: str
    form: IdForm | None = None


class ParquetKeys(Keys):
    """Keys whose facts stay in DuckDB.

    ``rows`` is set where nothing compares ids of different kinds and the ids of every file have
    one form or ascend: then a fact's key comes from its own row.
    """

    def __init__(
        self,
        connection: DuckDBPyConnection,
        given: Collection[str],
        rows: Mapping[str, FactKeys] | None,
    ) -> None:
        ids, facts = Ids(connection, SUBJECT_IDS), Ids(connection, FACT_IDS)
        self.ids, self.facts = ids, facts
        self.unit = KeysById(connection, SUBJECT_IDS, given=given, factor=2)
        self.person = KeysById(connection, SUBJECT_IDS, given=given, factor=2, plus=1)
        self.fact = KeysById(connection, FACT_IDS)
        self.rows = rows

    def ledger_names(self) -> Names:
        """Where the ledger finds the ids behind keys."""
        rows = self.rows or {}
        forms = {kind: one.form for kind, one in rows.items() if one.form is not None}
        return Names(subjects=SUBJECT_IDS, facts=FACT_IDS, forms=forms)


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
    rows = None
    if not facts and not _compared(program, files):
        rows = _keys_of_rows(files, connection)
    if rows is not None:
        parts = [
            f"SELECT {rows[kind].key} AS k, {_id(file)} AS id FROM {file.table}"  # noqa: S608 -- quoted
            for kind, file in files.items()
        ]
        union = " UNION ALL ".join(parts)
        connection.execute(f"CREATE OR REPLACE TEMPORARY VIEW {FACT_IDS} AS {union}")
    else:
        ids_of = [f"SELECT {_id(file)} AS id FROM {file.table}" for file in files.values()]  # noqa: S608 -- quoted
        _number(FACT_IDS, ids_of, facts | words, connection)
    return ParquetKeys(connection, ids, rows)


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


def _keys_of_rows(
    files: Mapping[str, ParquetFile], connection: DuckDBPyConnection
) -> dict[str, FactKeys] | None:
    """Keys from each file's own rows; None where some file's ids neither have a form nor ascend."""
    found: dict[str, FactKeys] = {}
    first = 1
    for kind, file in files.items():
        counted = _counted(file, first, connection)
        if counted is not None:
            found[kind], first = counted
        elif ascending(file, connection):
            found[kind] = FactKeys(f"{first} + {ROW}")
            first += file.rows
        else:
            return None
    return found


def _counted(
    file: ParquetFile, first: int, connection: DuckDBPyConnection
) -> tuple[FactKeys, int] | None:
    """The keys of ids of one form, from ``first`` on, and the first key behind them."""
    if not file.rows or file.columns["id"].type != "VARCHAR":
        return None
    ends = connection.execute(f"SELECT MIN({_id(file)}), MAX({_id(file)}) FROM {file.table}")  # noqa: S608 -- quoted
    low, high = ends.fetchone() or (None, None)
    if not low or not high or len(low) != len(high):
        return None
    # Ids of one length between two others share what those share at their beginning.
    prefix = _shared(low, high).rstrip("0123456789")
    digits = len(low) - len(prefix)
    if not 1 <= digits <= _DIGITS:
        return None
    form = re.escape(prefix) + f"[0-9]{{{digits}}}"
    odd = f"NOT REGEXP_FULL_MATCH({_id(file)}, {cells.quoted(form)})"
    query = f"SELECT COUNT(*) FROM {file.table} WHERE {odd} OR {_id(file)} IS NULL"  # noqa: S608 -- quoted
    (others,) = connection.execute(query).fetchone() or (1,)
    if others:
        return None
    lowest, highest = int(low[len(prefix) :]), int(high[len(prefix) :])
    behind = first + highest - lowest + 1
    if behind > _LARGEST:
        return None
    number = f"CAST(SUBSTR({_id(file)}, {len(prefix) + 1}) AS BIGINT)"
    key = f"CAST({number} - {lowest - first} AS INTEGER)"
    return FactKeys(key, IdForm(prefix, digits, lowest - first)), behind


def _shared(low: str, high: str) -> str:
    """What two texts begin with alike."""
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(low, high, strict=False))
    return "".join(one for one, _ in pairs)


def ascending(file: ParquetFile, connection: DuckDBPyConnection) -> bool:
    """Whether the ids of a file ascend row by row, so that none stands twice."""
    inner = f"SELECT {_id(file)} AS id FROM {file.table}"  # noqa: S608 -- quoted
    pairs = f"SELECT id, LAG(id) OVER () AS before FROM ({inner})"  # noqa: S608 -- quoted
    query = f"SELECT COUNT(*) FROM ({pairs}) WHERE id IS NULL OR id <= before"  # noqa: S608 -- quoted
    (bad,) = connection.execute(query).fetchone() or (1,)
    return not bad


def _id(file: ParquetFile) -> str:
    return cells.text(file.columns["id"]).value
