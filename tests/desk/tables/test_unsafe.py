from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from tests.desk.tables.make import (
    GOOD,
    GOOD_ROW,
    SHEET1,
    TICKETS,
    TITLES,
    book,
    change_part,
    remarks,
    said,
    tickets,
)
from wenyou_desk.tables import ReadOptions, read_tables

BROKEN = "压缩结构已损坏，无法读取。请用 Excel 或 WPS 重新保存，或重新取得这个文件。"
ODD = "工作簿内部结构不正常，无法读取。请用 Excel 或 WPS 另存为新的 .xlsx 再试。"
UNSAFE = "工作簿内部结构不正常，无法安全读取。请用 Excel 或 WPS 另存为新的 .xlsx 再试。"
SUSPECT = "这不像正常的工作簿，为安全起见没有打开。请核对文件来源。"
MACROS = "a.xlsx：文件含有宏，不能读入。请另存为不含宏的 .xlsx 工作簿。"


def good(tmp_path: Path) -> Path:
    return tickets(tmp_path / "a.xlsx", GOOD)


def test_a_file_over_the_size_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(312_000_000)

    assert said(path) == [
        "a.xlsx：文件有 312 MB，超过一次读入的上限 200 MB。请按月份或网点拆成几个文件。"
    ]


def test_a_workbook_that_unpacks_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("xl/media/a.bin", bytes(30_000_000))

    limit = ReadOptions(max_unpacked_bytes=20_000_000)
    assert said(path, options=limit) == [
        "a.xlsx：解开后有 30 MB，超过上限 20 MB。请拆成几个文件再读入。"
    ]


def test_a_zip_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as opened:
        opened.writestr("xl/media/a.bin", bytes(30_000_000))

    (line,) = said(path)

    assert line.startswith("a.xlsx：解开后是压缩时的 ")
    assert line.endswith(f" 倍，超过上限 200 倍。{SUSPECT}")


def test_a_part_larger_than_declared_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as opened:
        size = opened.getinfo(SHEET1).file_size
    entry = data.rindex(SHEET1.encode()) - 46
    assert struct.unpack_from("<I", data, entry + 24) == (size,)
    struct.pack_into("<I", data, entry + 24, 10)
    path.write_bytes(data)

    assert said(path) == [f"a.xlsx：内部部件「{SHEET1}」解开后比声明的大。{SUSPECT}"]


@pytest.mark.parametrize("keep", [100, 3000, -40])
def test_a_cut_off_workbook_is_refused(tmp_path: Path, keep: int) -> None:
    path = good(tmp_path)
    path.write_bytes(path.read_bytes()[:keep])

    assert said(path) == [f"a.xlsx：{BROKEN}"]


def test_a_damaged_part_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    data = bytearray(path.read_bytes())
    start = data.index(SHEET1.encode()) + len(SHEET1) + 20
    data[start : start + 20] = bytes(20)
    path.write_bytes(data)

    assert said(path) == [f"a.xlsx：{BROKEN}"]


def test_a_workbook_with_macros_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("xl/vbaProject.bin", b"x")

    assert said(path) == [MACROS]


def test_an_xlsm_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path).rename(tmp_path / "a.xlsm")

    assert said(path) == [MACROS.replace("a.xlsx", "a.xlsm")]


@pytest.mark.parametrize("part", [SHEET1, "xl/sharedStrings.xml", "xl/workbook.xml"])
def test_entities_are_refused(tmp_path: Path, part: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    path = good(tmp_path)
    change_part(path, part, lambda xml: xml.replace("?>", f"?>{laughs}", 1))

    assert said(path) == [
        "a.xlsx：工作簿内部含有实体定义（DTD），为安全起见没有打开。请核对文件来源。"
    ]


def test_a_doctype_cut_by_the_edge_of_a_chunk_is_seen(tmp_path: Path) -> None:
    path = good(tmp_path)
    for filler in range(5, 12):
        padding = "<!--" + "x" * (1024 * 1024 - 55 - 7 - filler) + "-->"
        change_part(path, SHEET1, lambda xml: f"{xml[:55]}{padding}<!DOCTYPE x>{xml[55:]}")  # noqa: B023 -- used at once
        assert said(path) == [
            "a.xlsx：工作簿内部含有实体定义（DTD），为安全起见没有打开。请核对文件来源。"
        ]
        good(tmp_path)


def test_other_encodings_inside_are_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path) as opened:
        parts = {name: opened.read(name) for name in opened.namelist()}
    parts[SHEET1] = parts[SHEET1].decode().encode("utf-16")
    with zipfile.ZipFile(path, "w") as written:
        for name, data in parts.items():
            written.writestr(name, data)

    assert said(path) == [f"a.xlsx：{UNSAFE}"]


@pytest.mark.parametrize(
    "reference", ['r="XFD1048576"', 'r="xfd1048576"', "r='XFD1048576'", 'r = "XFD1048576"']
)
def test_a_cell_far_from_the_data_is_refused(tmp_path: Path, reference: str) -> None:
    path = good(tmp_path)
    far = f"<row r='1048576'><c {reference}><v>1</v></c></row></sheetData>"
    change_part(path, SHEET1, lambda xml: xml.replace("</sheetData>", far))

    assert said(path) == [
        "a.xlsx：工作表「投诉」一直用到 XFD1048576，共 17179869184 格，超过上限 30000000 格。"
        "请删去远处多余的内容，或拆成几个文件。"
    ]


def test_a_far_cell_that_is_empty_does_no_harm(tmp_path: Path) -> None:
    path = good(tmp_path)
    far = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    change_part(path, SHEET1, lambda xml: xml.replace("</sheetData>", far))

    assert list(read_tables(path, [TICKETS]).tables[0].rows()) == [GOOD_ROW]


def test_malformed_xml_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    change_part(path, SHEET1, lambda xml: xml.replace("</sheetData>", "<f></sheetData>"))

    assert said(path) == [f"a.xlsx：{UNSAFE}"]


def test_a_workbook_without_its_parts_is_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    change_part(path, "xl/_rels/workbook.xml.rels", lambda xml: xml.replace("sheet1.xml", "x.xml"))

    assert said(path) == [f"a.xlsx：{ODD}"]


def test_two_parts_of_one_name_are_refused(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("XL/worksheets/Sheet1.xml", b"x")

    assert said(path) == [f"a.xlsx：内部有同名的部件。{SUSPECT}"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            b"<html><table><tr><td>1</td></tr></table></html>",
            "扩展名是 .xlsx，内容却是网页。请用 Excel 或 WPS 打开后另存为 .xlsx。",
        ),
        (
            "工单编号,机构号\n".encode("gb18030"),
            "扩展名是 .xlsx，内容却是别的格式。请用 Excel 或 WPS 打开后另存为 .xlsx。",
        ),
    ],
)
def test_a_workbook_that_is_something_else_is_refused(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(data)

    assert said(path) == [f"a.xlsx：{sentence}"]


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            ["word/document.xml", "[Content_Types].xml"],
            "内容是压缩包或别的文件，不是 Excel 工作簿。请用 Excel 或 WPS 另存为 .xlsx。",
        ),
        (["mimetype", "content.xml"], "内容是 OpenDocument 表格（.ods）。请另存为 .xlsx。"),
        (["xl/workbook.bin"], "内容是 .xlsb 二进制工作簿。请用 Excel 或 WPS 另存为 .xlsx。"),
    ],
)
def test_another_kind_of_zip_is_refused_by_what_it_is(
    tmp_path: Path, parts: list[str], sentence: str
) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as written:
        for part in parts:
            written.writestr(part, "<x/>")

    assert said(path) == [f"a.xlsx：{sentence}"]


def test_links_to_other_workbooks_are_not_followed(tmp_path: Path) -> None:
    path = good(tmp_path)
    with zipfile.ZipFile(path, "a") as opened:
        opened.writestr("xl/externalLinks/externalLink1.xml", "<x/>")

    loaded = read_tables(path, [TICKETS])

    assert remarks(loaded) == ["a.xlsx：工作簿引用了别的文件，引用没有更新，按保存的值读取。"]


def test_the_first_bad_part_leaves_nothing_loaded(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"投诉": [TITLES, GOOD], "投诉(2)": [TITLES, ["x"]]})

    assert len(said(path)) == 2
