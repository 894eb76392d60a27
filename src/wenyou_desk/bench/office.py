"""A branch's ledgers with a wanted number of facts, as workbooks: the demo bank, made larger."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from wenyou_desk.demo.folder import write_folder
from wenyou_desk.demo.generate import generate
from wenyou_desk.demo.model import Size

AS_OF = date(2025, 10, 10)
SEED = 1


def write_office(folder: Path, wanted: int) -> int:
    """Write a branch with at least ``wanted`` facts; gives how many there are."""
    outlets = 60
    while True:
        size = Size(outlets=outlets, people=15 * outlets)
        bank = generate(AS_OF, SEED, size)
        count = sum(len(facts) for facts in bank.book.facts.values())
        if count >= wanted:
            write_folder(bank, folder)
            return count
        outlets += max(1, outlets * (wanted - count) // max(count, 1))
