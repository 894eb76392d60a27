"""The worked tables of docs/dev/algorithms/deadlines.md are true."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from tests.core.worktime.days import deadline, on, shown
from wenyou_core.worktime.limits import (
    CountFrom,
    DayEnd,
    OutsideHours,
    Shift,
    TimeLimit,
    Unit,
)
from wenyou_core.worktime.pauses import Pause

PAGE = Path(__file__).resolve().parents[3] / "docs" / "dev" / "algorithms" / "deadlines.md"
START = "2025-07-01 10:00"


def rows_under(heading: str) -> list[list[str]]:
    text = PAGE.read_text("utf-8").split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _end(text: str) -> DayEnd | time:
    return DayEnd(text) if text in set(DayEnd) else time.fromisoformat(text)


def limit_in(unit: str, amount: str, options: str = "") -> TimeLimit:
    named = dict(pair.split("=") for pair in options.split())
    return TimeLimit(
        unit=Unit(unit),
        amount=int(amount),
        count_from=CountFrom(named.get("count_from", "next_day")),
        end=_end(named.get("end", "24:00")),
        shift=Shift(named.get("shift", "none")),
        outside_hours=OutsideHours(named.get("outside_hours", "as_is")),
    )


@pytest.mark.parametrize("row", rows_under("Worked cases"), ids=" ".join)
def test_worked_case_of_the_page(row: list[str]) -> None:
    unit, amount, options, start, due = row

    found = deadline(limit_in(unit, amount, options), {"known": on(*start.split())})

    assert shown(found.due_at) == due


@pytest.mark.parametrize("row", rows_under("Pauses"), ids=" ".join)
def test_pause_of_the_page(row: list[str]) -> None:
    unit, amount, since, to, due, _ = row
    pauses = [Pause("w", on(*since.split()), on(*to.split()))] if since else []

    found = deadline(limit_in(unit, amount), {"known": on(*START.split())}, *pauses)

    assert shown(found.due_at) == due


def test_the_explanation_of_the_page_is_what_the_engine_says() -> None:
    shown_text = PAGE.read_text("utf-8").split("## An explanation")[1].split("```")[1].strip()

    found = deadline(limit_in("working_days", "5"), {"known": on("2025-09-26", "16:40")})

    assert found.text == shown_text


def test_the_page_has_its_tables() -> None:
    assert len(rows_under("Worked cases")) == 23
    assert len(rows_under("Pauses")) == 7
