"""The tables of a run that is too large for result.json, as Parquet files beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wenyou_core.assess.notes import EXEMPTED, NO_DAY, NOT_CONFIRMED, OUTSIDE, REFUSED
from wenyou_core.assess.notes import too_little_evidence as too_little
from wenyou_core.assess.sql import build as b
from wenyou_core.assess.sql.keys import STATES
from wenyou_core.assess.sql.ledger import ENTRIES, LISTED, STANDINGS, Names, standings_query
from wenyou_core.assess.sql.script import Output
from wenyou_desk.facts.parquetsql import quoted
from wenyou_desk.runs.ledgerfile import copy_to, write_ledger
from wenyou_desk.runs.record import TableFile, Total

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from wenyou_core.assess.result import Result
    from wenyou_core.assess.sql.run import SqlRun
    from wenyou_core.scheme.outcomes import Award

FOLDER = "明细"
TITLES = {"entries": "分录", "measures": "指标", "awards": "评优", "uncounted": "未计入"}


def apart_of(run: SqlRun) -> frozenset[str]:
    """The outputs that stay in the engine: figures only where no node is left to the reference,
    which would be computed from them."""
    left = bool(run.compiled.nodes.left)
    return ENTRIES | LISTED | (frozenset() if left else STANDINGS)


def write_tables(
    run: SqlRun, result: Result, names: Names, connection: DuckDBPyConnection, stage: Path
) -> tuple[TableFile, ...]:
    """Write what stayed apart, in ``stage``/明细; the tables in the order of their names."""
    folder = stage / FOLDER
    folder.mkdir()
    paths = {name: folder / f"{title}.parquet" for name, title in TITLES.items()}
    write_ledger(run, result.entries, names, connection, paths["entries"])
    queries = {"uncounted": _uncounted(run, names)}
    if not run.compiled.nodes.left:
        queries["measures"] = _measures(run, names)
        queries["awards"] = " UNION ALL ".join(_awards(run, names))
    for name, query in queries.items():
        if query:
            copy_to(connection, query, paths[name])
    made = {name: path for name, path in sorted(paths.items()) if path.exists()}
    return tuple(_table(name, path, connection) for name, path in made.items())


def totals_of(connection: DuckDBPyConnection, stage: Path) -> tuple[Total, ...]:
    """Per rule, ledger and period how many entries there are and their sum."""
    path = stage / FOLDER / f"{TITLES['entries']}.parquet"
    query = (
        "SELECT rule, ledger, period, COUNT(*), CAST(SUM(amount) AS BIGINT) FROM read_parquet(?)"
        " GROUP BY ALL ORDER BY ALL"
    )
    rows = connection.execute(query, [str(path)]).fetchall()
    return tuple(Total(*row) for row in rows)


def _table(name: str, path: Path, connection: DuckDBPyConnection) -> TableFile:
    count = "SELECT COUNT(*) FROM read_parquet(?)"
    (rows,) = connection.execute(count, [str(path)]).fetchone() or (0,)
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return TableFile(name, f"{FOLDER}/{path.name}", rows, digest)


# -- figures -----------------------------------------------------------------------------------


def _measures(run: SqlRun, names: Names) -> str:
    query = standings_query(run.compiled.script, names)
    return "" if query is None else b.printed(query, "duckdb")


def _awards(run: SqlRun, names: Names) -> Iterator[str]:
    for output in run.compiled.script.outputs:
        if output.tag != "award":
            continue
        node: Award = output.about
        columns = ["p", "subject", "won", "eligible", "place"]
        failed = {f"c_{at}": one.title for at, one in enumerate(node.conditions)}
        barred = {f"b_{at}": what for at, what in enumerate(node.bars)}
        columns += [*failed, *barred]
        missed = [f"CASE WHEN {name} = 0 THEN {quoted(text)} END" for name, text in failed.items()]
        bars = [f"CASE WHEN {name} = 1 THEN {quoted(text)} END" for name, text in barred.items()]
        rows = b.printed(output.query, "duckdb")
        yield (
            f"SELECT {quoted(node.name)} AS award, {_whose('o.subject')} AS whose, s.id AS subject,"  # noqa: S608 -- quoted
            f" {_period(run, 'o.p')} AS period, won = 1 AS won, eligible = 1 AS eligible,"
            f" place AS rank, {_there(missed)} AS failed, {_there(bars)} AS bars"
            f" FROM ({rows}) AS o({', '.join(columns)})"
            f" LEFT JOIN {names.subjects} AS s ON s.k = o.subject // 2"
        )


def _there(cases: list[str]) -> str:
    """The texts that are there, as a list."""
    listed = ", ".join(cases)
    whole = f"CAST([{listed}] AS VARCHAR[])"
    return f"LIST_FILTER({whole}, lambda one: one IS NOT NULL)"


# -- facts that did not count --------------------------------------------------------------------


def _uncounted(run: SqlRun, names: Names) -> str:
    parts = [_listed(run, one, names) for one in run.compiled.script.outputs if one.tag in LISTED]
    if not parts:
        return ""
    return f"SELECT DISTINCT * FROM ({' UNION ALL '.join(parts)})"  # noqa: S608 -- quoted


def _listed(run: SqlRun, output: Output, names: Names) -> str:
    """One sort of facts that did not count, as rows of ``Uncounted``."""
    about: Any = output.about
    kind, reason, rule, by = about, "", "''", "NULL"
    columns = ["fact"]
    if output.tag == "unconfirmed":
        columns.append("state")
        told = [(STATES.index(one), text) for one, text in NOT_CONFIRMED.items()]
        reason = _cases("o.state", told)
    elif output.tag == "exempted":
        columns += ["by_fact", "rule"]
        exempts = list(enumerate(run.program.exempts))
        reason = _cases(
            "o.rule", [(at, REFUSED if one.outside else EXEMPTED) for at, one in exempts]
        )
        rule = _cases("o.rule", [(at, one.name) for at, one in exempts])
        by = _fact_id(kind, "o.by_fact", names)
    elif output.tag == "lost":
        columns.append("undated")
        kind, asker = about
        reason, rule = _cases("o.undated", [(1, NO_DAY), (0, OUTSIDE)]), quoted(asker)
    else:
        columns.append("found")
        kind, rule, needed = about.on, quoted(about.name), about.evidence
        reason = _cases("o.found", [(found, too_little(needed, found)) for found in range(needed)])
    rows = b.printed(output.query, "duckdb")
    return (
        f"SELECT {quoted(kind)} AS fact_kind, {_fact_id(kind, 'o.fact', names)} AS fact,"  # noqa: S608 -- quoted
        f" {reason} AS reason, {rule} AS by_rule, {by} AS by_fact"
        f" FROM ({rows}) AS o({', '.join(columns)})"
    )


def _fact_id(kind: str, key: str, names: Names) -> str:
    form = names.forms.get(kind)
    if form is None:
        return f"(SELECT ANY_VALUE(id) FROM {names.facts} WHERE k = {key})"  # noqa: S608 -- our names
    alias, _, name = key.rpartition(".")
    return b.printed(form.told(b.col(name, alias)), "duckdb")


# -- words -------------------------------------------------------------------------------------


def _cases(of: str, told: list[tuple[int, str]]) -> str:
    branches = " ".join(f"WHEN {at} THEN {quoted(text)}" for at, text in told)
    return f"CASE {of} {branches} END" if branches else "''"


def _period(run: SqlRun, p: str) -> str:
    return _cases(p, [(at, one.code) for at, one in enumerate(run.compiled.script.periods)])


def _whose(key: str) -> str:
    return f"CASE WHEN {key} % 2 = 1 THEN 'person' ELSE 'unit' END"
