"""The lines of standings sheets of a large run, streamed from its tables: no table in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wenyou_core.assess.facts import Subject
from wenyou_core.assess.program import Program
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.bulkread import measure_value
from wenyou_desk.runs.lines import Key, Line, Paid, ResultLines, outcome_words, won_word
from wenyou_desk.runs.record import RunRecord

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Row = dict[str, Any]
_BATCH = 20_000
_WHOSE = {SubjectKind.PERSON: "person"}


class TableLines:
    """The lines of a run whose entries lie in tables; what stayed in the result is taken there."""

    def __init__(
        self, program: Program, record: RunRecord, folder: Path, connection: DuckDBPyConnection
    ) -> None:
        """``folder`` is where the tables' paths begin."""
        self._program = program
        self._record = record
        self._connection = connection
        self._paths = {one.name: str(folder / one.file) for one in record.tables}
        self._inside = ResultLines(program, record.result)
        self._words = outcome_words(program, record.result)
        self._listed: set[str] = set()

    def measured(self, population: str) -> frozenset[Key]:
        """See ``Lines``."""
        if "measures" not in self._paths:
            return self._inside.measured(population)
        found = self._asked(self._measures(population, "DISTINCT t.measure, t.period"))
        return frozenset((row["measure"], row["period"]) for row in found)

    def summed(self, population: str) -> frozenset[Key]:
        """See ``Lines``."""
        found = self._asked(self._entries(population, "DISTINCT t.ledger, t.rule"))
        keys = {(row["ledger"], row["rule"]) for row in found}
        return frozenset(keys | {(ledger, "") for ledger, _ in keys})

    def worded(self, population: str) -> frozenset[Key]:
        """See ``Lines``."""
        words = {key for row in self._words.get(population, {}).values() for key in row}
        if "awards" in self._paths:
            found = self._asked(self._awards(population, "DISTINCT t.award, t.period"))
            words |= {(row["award"], row["period"]) for row in found}
        return frozenset(words)

    def paid(self, ledgers: Sequence[str]) -> Iterator[Paid]:
        """Per subject, rule and ledger the sum of these ledgers, in order."""
        path = self._paths["entries"].replace("'", "''")
        query = (
            "SELECT whose = 'person' AS person, subject, rule, ledger,"  # noqa: S608 -- quoted
            f" CAST(SUM(amount) AS BIGINT) AS amount FROM read_parquet('{path}')"
            f" WHERE ledger IN {_among(ledgers)} GROUP BY ALL ORDER BY ALL"
        )
        for row in self._asked(query):
            yield (row["person"], row["subject"], row["rule"], row["ledger"]), row["amount"]

    def noted(self, population: str) -> bool:
        """See ``Lines``."""
        if "measures" not in self._paths:
            return self._inside.noted(population)
        query = self._measures(population, "t.absent") + " AND t.absent IS NOT NULL LIMIT 1"
        return any(True for _ in self._asked(query))

    def of(self, population: str) -> Iterator[Line]:
        """See ``Lines``."""
        members = self._record.result.subjects.get(population, ())
        sums = _Walk(self._by_subject(self._entries(population, _SUMS) + " GROUP BY ALL"))
        measures, awards = _Walk(iter(())), _Walk(iter(()))
        if "measures" in self._paths:
            measures = _Walk(self._by_subject(self._measures(population, "t.*")))
        if "awards" in self._paths:
            awards = _Walk(self._by_subject(self._awards(population, _WON)))
        inside = self._inside.of(population)
        words = self._words.get(population, {})
        for one, held in zip(members, inside, strict=True):
            amounts: dict[Key, int] = {}
            for row in sums.of(one):
                amounts[row["ledger"], row["rule"]] = row["amount"]
                whole = (row["ledger"], "")
                amounts[whole] = amounts.get(whole, 0) + row["amount"]
            found = {
                (row["measure"], row["period"]): measure_value(self._program, row)
                for row in measures.of(one)
            }
            told = {
                (row["award"], row["period"]): won_word(won=row["won"]) for row in awards.of(one)
            }
            yield Line(one, found or held.measures, amounts, words.get(one.id, {}) | told)

    # -- queries ---------------------------------------------------------------------------------

    def _members(self, population: str) -> str:
        """The name of a table of the members' ids, made once."""
        place = list(self._program.plan.populations).index(population)
        name = f"members_{place}"
        if name not in self._listed:
            ids = [one.id for one in self._record.result.subjects.get(population, ())]
            self._connection.execute(
                f"CREATE TABLE {name} AS SELECT UNNEST(CAST(? AS VARCHAR[])) AS id",
                [ids],
            )
            self._listed.add(name)
        return name

    def _entries(self, population: str, wanted: str) -> str:
        kind = self._program.plan.populations[population].of
        whose = _WHOSE.get(kind, "unit")
        return f"{self._from('entries', population, wanted)} AND t.whose = '{whose}'"

    def _measures(self, population: str, wanted: str) -> str:
        names = [name for name, one in self._program.types.items() if one.population == population]
        return f"{self._from('measures', population, wanted)} AND t.measure IN {_among(names)}"

    def _awards(self, population: str, wanted: str) -> str:
        nodes = self._program.nodes.items()
        names = [name for name, one in nodes if getattr(one, "each", "") == population]
        return f"{self._from('awards', population, wanted)} AND t.award IN {_among(names)}"

    def _from(self, table: str, population: str, wanted: str) -> str:
        path = self._paths[table].replace("'", "''")
        members = self._members(population)
        return (
            f"SELECT {wanted} FROM read_parquet('{path}') AS t"  # noqa: S608 -- quoted
            f" JOIN {members} AS m ON m.id = t.subject WHERE TRUE"
        )

    def _by_subject(self, query: str) -> Iterator[Row]:
        return self._asked(f"SELECT * FROM ({query}) ORDER BY subject")  # noqa: S608 -- quoted

    def _asked(self, query: str) -> Iterator[Row]:
        cursor = self._connection.cursor().execute(query)
        names = [column[0] for column in cursor.description or ()]
        while rows := cursor.fetchmany(_BATCH):
            for row in rows:
                yield dict(zip(names, row, strict=True))


_SUMS = "t.subject, t.ledger, t.rule, CAST(SUM(t.amount) AS BIGINT) AS amount"
_WON = "t.subject, t.award, t.period, t.won"


@dataclass(slots=True)
class _Group:
    subject: str
    rows: Sequence[Mapping[str, Any]]


class _Walk:
    """Rows in the order of their subjects, handed out while members pass in the same order."""

    def __init__(self, rows: Iterator[Row]) -> None:
        groups = groupby(rows, key=lambda row: str(row["subject"]))
        self._groups = (_Group(subject, list(held)) for subject, held in groups)
        self._next = next(self._groups, None)

    def of(self, subject: Subject) -> Sequence[Mapping[str, Any]]:
        while self._next is not None and self._next.subject < subject.id:
            self._next = next(self._groups, None)
        if self._next is None or self._next.subject != subject.id:
            return ()
        return self._next.rows


def _among(names: Sequence[str]) -> str:
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in names)
    return f"({listed or 'NULL'})"
