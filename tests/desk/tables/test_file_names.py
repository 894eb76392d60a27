"""Names in a folder that lead to nothing, or were written in an old encoding."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tests.desk.tables.make import GOOD, TICKETS, said, tickets
from wenyou_desk.tables import ReadOptions, read_tables


def test_link_to_nothing_is_refused_with_its_name(tmp_path: Path) -> None:
    tickets(tmp_path / "投诉-1月.xlsx", GOOD)
    (tmp_path / "投诉-2月.xlsx").symlink_to(tmp_path / "没有.xlsx")

    assert said(tmp_path) == [
        "投诉-2月.xlsx：文件已经不在，或是断开的链接，没有读到内容。请核对，或移走这个名字。"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="名称在这里总是 UTF-8")
def test_name_in_the_old_encoding_is_refused_and_shown_as_it_was_meant(tmp_path: Path) -> None:
    name = os.fsdecode("投诉.csv".encode("gb18030"))
    (tmp_path / name).write_text("工单编号\n", encoding="utf-8")

    assert said(tmp_path) == [
        "投诉.csv：文件名用的是旧的编码，多半是解压时没有转换。请把文件改名再读入。"
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="名称在这里总是 UTF-8")
@pytest.mark.parametrize("name", ["~$投诉.xlsx", "说明.txt"])
def test_name_in_the_old_encoding_that_is_passed_over_is_shown_as_it_was_meant(
    tmp_path: Path, name: str
) -> None:
    tickets(tmp_path / "投诉.xlsx", GOOD)
    (tmp_path / os.fsdecode(name.encode("gb18030"))).write_bytes(b"x")

    loaded = read_tables(
        tmp_path, [TICKETS], options=ReadOptions(ignored_endings=frozenset({".txt"}))
    )

    assert [remark.place.file for remark in loaded.remarks] == [name]
