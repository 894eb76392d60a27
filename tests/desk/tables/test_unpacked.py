from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.desk.tables.make import GOOD, TICKETS, TITLES, Formula, book, faults_of, tickets
from wenyou_desk.tables import ReadOptions, read_tables
from wenyou_desk.tables.unpacked import unpacked_workbook

ON_DISK = ReadOptions(max_held_bytes=0)
SHEET = "xl/worksheets/sheet1.xml"


Parts = dict[str, bytes]


def parts_of(path: Path) -> Parts:
    with zipfile.ZipFile(path) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def unpacked(parts: Parts, size: int = 1_000_000) -> io.BytesIO:
    """The workbook of parts that were unpacked in pieces of a size."""
    pieces = {
        name: [part[at : at + size] for at in range(0, len(part), size)]
        for name, part in parts.items()
    }
    return unpacked_workbook(pieces, [SHEET])


def merged(path: Path, rows: int = 3) -> Path:
    workbook = Workbook(str(path))
    sheet = workbook.add_worksheet("投诉")
    for row, cells in enumerate([TITLES, *[GOOD] * rows]):
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, str(cell))
    sheet.merge_range(1, 5, 2, 5, "等候太久")
    workbook.close()
    return path


def test_a_workbook_in_memory_is_read_like_one_on_disk(tmp_path: Path) -> None:
    saved = [*GOOD[:3], Formula("=1+1", 2), *GOOD[4:]]
    path = tickets(tmp_path / "a.xlsx", *[[f"GD{n}", *GOOD[1:]] for n in range(300)], saved)

    assert read_tables(path, [TICKETS]) == read_tables(path, [TICKETS], options=ON_DISK)


def test_merged_cells_are_found_in_memory_and_on_disk(tmp_path: Path) -> None:
    path = merged(tmp_path / "a.xlsx")

    assert [fault.code for fault in faults_of(path)] == ["merged_cell"]
    assert faults_of(path) == faults_of(path, options=ON_DISK)


def test_an_unpacked_workbook_is_a_sound_zip_with_all_parts(tmp_path: Path) -> None:
    parts = parts_of(book(tmp_path / "甲.xlsx", {"甲": [["一"]], "乙": [["二"]]}))

    with zipfile.ZipFile(unpacked({**parts, "甲.xml": b"<x/>"})) as opened:
        assert opened.testzip() is None
        assert opened.namelist() == [*parts, "甲.xml"]
        read = {name: opened.read(name) for name in parts}

    assert {name for name in parts if parts[name] != read[name]} == {SHEET}


@pytest.mark.parametrize("size", [5, 9, 1000, 1_000_000])
def test_only_a_sheet_without_merged_cells_is_told_so(tmp_path: Path, size: int) -> None:
    parts = parts_of(merged(tmp_path / "a.xlsx"))

    with zipfile.ZipFile(unpacked(parts, size)) as opened:
        assert opened.read(SHEET) == parts[SHEET]
    book = CalamineWorkbook.from_filelike(unpacked(parts, size))
    assert book.get_sheet_by_index(0).merged_cell_ranges == [((1, 5), (2, 5))]


@pytest.mark.parametrize("inside", [b"<!-- <sheetData> -->", b"<x><sheetData/></x>", b""])
def test_cells_stay_wherever_the_word_for_them_stands(tmp_path: Path, inside: bytes) -> None:
    parts = parts_of(tickets(tmp_path / "a.xlsx", GOOD))
    odd = {**parts, SHEET: parts[SHEET].replace(b"<sheetViews>", inside + b"<sheetViews>", 1)}
    plain = tmp_path / "plain.xlsx"
    with zipfile.ZipFile(plain, "w") as written:
        for name, content in odd.items():
            written.writestr(name, content)

    there = CalamineWorkbook.from_path(plain).get_sheet_by_index(0)
    here = CalamineWorkbook.from_filelike(unpacked(odd)).get_sheet_by_index(0)
    assert here.to_python() == there.to_python()
    assert here.merged_cell_ranges == there.merged_cell_ranges


def test_a_part_whose_ending_has_capitals_is_read_from_memory_too(tmp_path: Path) -> None:
    parts = parts_of(tickets(tmp_path / "a.xlsx", GOOD))
    path = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path, "w") as written:
        for name, content in parts.items():
            shouted = content.replace(b"sharedStrings.xml", b"sharedStrings.XML")
            written.writestr(name.replace("sharedStrings.xml", "sharedStrings.XML"), shouted)

    assert read_tables(path, [TICKETS]) == read_tables(path, [TICKETS], options=ON_DISK)
