"""The floor: the bench plan's rules as hand-written DuckDB SQL (``python -m … FACTS OUT``)."""

from __future__ import annotations

import sys
from fractions import Fraction
from importlib.resources import files
from pathlib import Path

from wenyou_desk.bench.scheme import plan
from wenyou_desk.facts.bankengine import bank_connection


def prices() -> dict[tuple[str, str], int]:
    """Type and severity → points in 1/10,000, as the plan's table says."""
    table = plan().articles[0].tables["points_of"]
    found = {}
    for words, text in table.values.items():
        kind, severity = words.split("/")
        found[kind, severity] = int(Fraction(str(text).split()[0]) * 10_000)
    return found


def run_bare(folder: Path, out: Path) -> None:
    """Read the facts, write entries, standings and the best to ``out``."""
    connection = bank_connection(out / "spill")
    connection.execute("CREATE TABLE prices (type VARCHAR, severity VARCHAR, amount BIGINT)")
    rows = [(*words, amount) for words, amount in prices().items()]
    connection.executemany("INSERT INTO prices VALUES (?, ?, ?)", rows)
    text = files("wenyou_desk.bench").joinpath("bare.sql").read_text("utf-8")
    connection.execute(text.replace("{folder}", str(folder)).replace("{out}", str(out)))


if __name__ == "__main__":
    run_bare(Path(sys.argv[1]), Path(sys.argv[2]))
