"""Damaged files of every kind are read or refused; nothing else ever comes out."""

from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest

from tests.desk.tables.make import GOOD, GOOD_ROW, TICKETS, Formula, tickets
from tests.desk.tables.test_old_xls import old_book
from tests.desk.tables.test_parquet import SELECT, parquet
from wenyou_core.errors import WenyouError
from wenyou_desk.tables import read_tables, write_csv

XML_SIGNS = b'0123456789<>"=/ rctsef'
NUMBERS = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff")


def damaged(data: bytes, draw: random.Random, *, text: bool) -> bytes:
    """A few bytes changed, taken out, put in, or a count made absurd."""
    changed = bytearray(data)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(changed))
        match draw.randrange(4):
            case 0:
                changed[at] = draw.randrange(256)
            case 1:
                del changed[at : at + draw.randint(1, 30)]
            case 2 if text:
                changed[at:at] = bytes(draw.choice(XML_SIGNS) for _ in range(5))
            case 2:
                changed[at : at + 4] = draw.choice(NUMBERS)
            case _:
                start = draw.randrange(len(changed))
                changed[at : at + 20] = changed[start : start + 20]
        if not changed:
            return b"x"
    return bytes(changed)


def damaged_inside(data: bytes, draw: random.Random) -> bytes:
    """A sound zip with one damaged part."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    victim = draw.choice([name for name in parts if name.startswith(("xl/w", "xl/s", "xl/_"))])
    parts[victim] = damaged(parts[victim], draw, text=True)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in parts.items():
            written.writestr(name, part)
    return packed.getvalue()


def originals(folder: Path) -> list[Path]:
    formula = [*GOOD[:3], Formula("=1+1", 2), *GOOD[4:]]
    write_csv(folder / "投诉.csv", TICKETS, [GOOD_ROW] * 3)
    return [
        tickets(folder / "a.xlsx", GOOD, formula),
        old_book(folder / "b.xls", GOOD, [*GOOD[:3], 5.0, *GOOD[4:]]),
        parquet(folder / "投诉.parquet", SELECT),
        folder / "投诉.csv",
    ]


def check(folder: Path, seed: int, count: int) -> dict[str, set[bool]]:
    """Read ``count`` damaged copies of each file; say whether some were read, some refused."""
    draw = random.Random(seed)
    outcomes: dict[str, set[bool]] = {}
    for path in originals(folder):
        data = path.read_bytes()
        for number in range(count):
            if path.suffix == ".xlsx" and number % 3:
                path.write_bytes(damaged_inside(data, draw))
            else:
                path.write_bytes(damaged(data, draw, text=path.suffix == ".csv"))
            try:
                read_tables(path, [TICKETS])
            except WenyouError:
                outcomes.setdefault(path.suffix, set()).add(False)
            else:
                outcomes.setdefault(path.suffix, set()).add(True)
    return outcomes


def test_damaged_files_are_read_or_refused_with_a_sentence(tmp_path: Path) -> None:
    outcomes = check(tmp_path, seed=20250301, count=40)

    assert all(False in outcome for outcome in outcomes.values())
    assert set(outcomes) == {".xlsx", ".xls", ".parquet", ".csv"}


@pytest.mark.long
def test_many_damaged_files_are_read_or_refused_with_a_sentence(tmp_path: Path) -> None:
    outcomes = check(tmp_path, seed=random.randrange(10**9), count=3000)

    assert set(map(frozenset, outcomes.values())) == {frozenset((True, False))}
