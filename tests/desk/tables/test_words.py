from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.desk.tables.make import Cell, book, one, refusal_of, remarks, rows_of, value_of
from wenyou_desk.tables import Choice, Kind, ReadOptions, read_tables

KINDS = (Choice("complaint", "投诉", ("客户投诉",)), Choice("opinion", "意见"))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (" \u3000等候太久 ", "等候太久"),
        ("\uff11\uff12\uff13", "\uff11\uff12\uff13"),
        ("10²平米", "10²平米"),
        ("第一行\r\n第二行", "第一行\n第二行"),
        ("=1+1", "=1+1"),
        (600.5, "600.5"),
        (True, "TRUE"),
        ("   ", None),
    ],
)
def test_free_text_is_kept_but_for_outer_blanks(
    tmp_path: Path, cell: Cell, text: str | None
) -> None:
    assert value_of(tmp_path, cell, Kind.TEXT) == text


def test_unseen_signs_are_taken_out_with_a_remark(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "值"], ["1", "等\u200b候\x01太久\u202e"]]})

    loaded = read_tables(path, [one(Kind.TEXT)])

    assert loaded.tables[0].columns["value"] == ["等候太久"]
    assert remarks(loaded) == [
        "a.xlsx 工作表「表」 第2行 「值」列：有 1 格含看不见的控制字符，已去掉。（第2行）"
    ]


def test_text_longer_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text(f"序号,值\n1,{'长' * 32768}\n", encoding="utf-8")

    with pytest.raises(Exception, match="文字有 32768 个字符，超过一格的上限 32767") as caught:
        read_tables(path, [one(Kind.TEXT)])

    assert str(caught.value).startswith("表.csv 第2行 「值」列：")


def test_a_date_made_of_text_by_the_sheet_gets_a_remark(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "值"], ["1", date(2025, 3, 1)]]})

    loaded = read_tables(path, [one(Kind.TEXT)])

    assert loaded.tables[0].columns["value"] == ["2025-03-01"]
    assert [remark.code for remark in loaded.remarks] == ["date_as_text"]


def test_a_code_stored_as_number_is_text_with_a_remark(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["序号", "值"], ["1", 12.0], ["2", "0012"], ["3", 13.0]]
    path = book(tmp_path / "a.xlsx", {"表": rows})

    loaded = read_tables(path, [one(Kind.CODE)])

    assert loaded.tables[0].columns["value"] == ["12", "0012", "13"]
    assert remarks(loaded) == [
        "a.xlsx 工作表「表」 第2行 「值」列：有 2 格编号存成了数字，开头的零可能已丢失。"
        "请核对，并把该列设为文本。（第2行、第4行）"
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("\uff10\uff10\uff11\uff12", "0012"), ("\u3000A\uff0d01 ", "A-01"), ("A  01", "A 01")],
)
def test_a_code_is_folded_to_plain_signs(tmp_path: Path, cell: str, code: str) -> None:
    assert value_of(tmp_path, cell, Kind.CODE) == code


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        (
            6222021234567890123.0,
            "编号「6222021234567890000」存成了数，超过 15 位，末几位已丢失。请以文本重填完整编号。",
        ),
        (
            "6.22202E+18",
            "编号变成了科学记数法「6.22202E+18」，末几位已丢失。请以文本重填完整编号。",
        ),
        (
            date(2025, 3, 1),
            "这里应填编号，单元格却是「2025-03-01」。请把单元格设为文本，再填编号。",
        ),
    ],
)
def test_a_code_that_lost_its_digits_is_refused(tmp_path: Path, cell: Cell, sentence: str) -> None:
    assert refusal_of(tmp_path, cell, Kind.CODE) == sentence


@pytest.mark.parametrize(
    ("cell", "truth"),
    [
        ("是", True),
        ("√", True),
        ("TRUE", True),
        (True, True),
        (1, True),
        ("Y", True),
        ("否", False),
        ("×", False),
        (False, False),
        (0.0, False),
        ("", None),
        ("/", None),
    ],
)
def test_yes_and_no_are_read_however_written(
    tmp_path: Path, cell: Cell, truth: bool | None
) -> None:
    assert value_of(tmp_path, cell, Kind.BOOL) is truth


def test_neither_yes_nor_no_is_refused(tmp_path: Path) -> None:
    sentence = refusal_of(tmp_path, "大概", Kind.BOOL)

    assert sentence == "这里应填「是」或「否」，现在是「大概」。请改正。"


def test_a_true_cell_and_the_number_one_do_not_share_a_meaning(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["序号", "值"], ["1", True], ["2", 1], ["3", False], ["4", 0]]
    path = book(tmp_path / "a.xlsx", {"表": rows})

    table = read_tables(path, [one(Kind.TEXT)]).tables[0]

    assert table.columns["value"] == ["TRUE", "1", "FALSE", "0"]


@pytest.mark.parametrize(
    "cell", ["投诉", "\u3000投 诉 ", "客户投诉", "complaint", "\uff23omplaint"]
)
def test_a_choice_is_found_by_title_alias_or_code(tmp_path: Path, cell: str) -> None:
    assert value_of(tmp_path, cell, Kind.CHOICE, choices=KINDS) == "complaint"


def test_an_unlisted_choice_is_refused_with_the_nearest_named(tmp_path: Path) -> None:
    sentence = refusal_of(tmp_path, "意件", Kind.CHOICE, choices=KINDS)

    assert sentence == "「意件」不在可填的词里。是否指「意见」？可填：投诉、意见。"


def test_a_blank_mark_counts_as_blank_with_a_remark(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "值"], ["1", "—"], ["2", "投诉"]]})

    loaded = read_tables(path, [one(Kind.CHOICE, choices=KINDS)])

    assert loaded.tables[0].columns["value"] == [None, "complaint"]
    assert remarks(loaded) == [
        "a.xlsx 工作表「表」 第2行 「值」列：有 1 格只写了「/」或横线，已按空白处理。（第2行）"
    ]


def test_blank_marks_can_be_switched_off(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "值"], ["1", "—"]]})

    with pytest.raises(Exception, match="「—」不是日期"):
        read_tables(path, [one(Kind.DATE)], options=ReadOptions(blank_marks=()))


@pytest.mark.parametrize(
    ("cell", "name"), [("照片/012.jpg", "照片/012.jpg"), ("照片\\.\\012.jpg", "照片/012.jpg")]
)
def test_a_file_name_has_forward_slashes(tmp_path: Path, cell: str, name: str) -> None:
    assert value_of(tmp_path, cell, Kind.FILE) == name


@pytest.mark.parametrize("cell", ["/etc/passwd", "C:\\a.jpg", "../a.jpg", "a/../../b"])
def test_a_file_name_may_not_lead_outside(tmp_path: Path, cell: str) -> None:
    sentence = refusal_of(tmp_path, cell, Kind.FILE)

    assert sentence == f"「{cell}」不是可用的文件名。请只写相对的文件名，例如 照片/012.jpg。"


@pytest.mark.parametrize("kind", [Kind.INT, Kind.DECIMAL, Kind.MONEY, Kind.BOOL])
def test_unseen_signs_about_a_number_or_yes_do_no_harm(tmp_path: Path, kind: Kind) -> None:
    assert value_of(tmp_path, "\u200b1\ufeff", kind) == value_of(tmp_path, "1", kind)


def test_unseen_signs_in_a_title_do_no_harm(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", {"表": [["序号", "\ufeff值\u200b"], ["1", "甲"]]})
    assert rows_of(path, one(Kind.TEXT)) == [("1", "甲")]
