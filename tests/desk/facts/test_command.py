"""``./wenyou facts`` as a person types it."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.desk.bank import ADOPTION, Rows, good_rows, write_csvs, write_xlsx
from wenyou_desk.cli import main


def test_template_is_a_workbook_with_every_sheet_and_a_page_that_explains(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "空表.xlsx"

    assert main(["facts", "template", "jsb_sub_branch", "--out", str(out)]) == 0

    names = openpyxl.load_workbook(out).sheetnames
    assert names[:3] == ["填表说明", "机构", "人员"]
    assert "投诉" in names
    assert capsys.readouterr().out == f"已生成「{out}」：21 张表，先看「填表说明」。\n"


def test_template_passes_the_check_before_anything_is_filled_in(tmp_path: Path) -> None:
    out = tmp_path / "空表.xlsx"
    main(["facts", "template", "jsb_sub_branch", "--out", str(out)])

    assert main(["facts", "check", str(out), "--scheme", "jsb_sub_branch"]) == 0


def test_template_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        main(["facts", "template", "jsb_sub_branch", "--out", str(tmp_path / name)])

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_template_writes_over_nothing_unless_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "空表.xlsx"
    out.write_bytes(b"mine")

    assert main(["facts", "template", "jsb_sub_branch", "--out", str(out)]) == 2
    assert "「空表.xlsx」已经存在" in capsys.readouterr().err
    assert out.read_bytes() == b"mine"
    assert main(["facts", "template", "jsb_sub_branch", "--out", str(out), "--force"]) == 0


def test_template_of_an_unknown_plan_names_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "template", "jsb_subbranch"]) == 2
    assert "没有方案「jsb_subbranch」。是否指 jsb_sub_branch？" in capsys.readouterr().err


def test_check_counts_the_rows_of_good_facts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_xlsx(tmp_path / "台账.xlsx", good_rows())

    assert main(["facts", "check", str(path), "--scheme", "jsb_sub_branch"]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "按方案「支行文明优质服务考核方案」（jsb_sub_branch 2025.1）检查。"
    assert "  投诉：1 行" in lines
    assert lines[-1] == "检查通过：共 16 行，提示 0 条，没有问题。"


def test_check_prints_every_bad_row_and_the_count_and_exits_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = good_rows()
    rows["complaint"][0] |= {"ruling": "大概有责", "happened": "2025-02-30"}
    rows["praise"][0] |= {"id": ""}

    assert main(["facts", "check", str(write_xlsx(tmp_path / "台账.xlsx", rows))]) == 2

    out = capsys.readouterr().out
    assert "台账.xlsx 工作表「投诉」 第2行 「责任认定」列" in out
    assert "台账.xlsx 工作表「投诉」 第2行 「发生日期」列" in out
    assert "台账.xlsx 工作表「表扬」 第2行 「编号」列" in out
    assert out.splitlines()[-1] == "共 3 处问题，涉及 2 行。请改正后再检查一次。"


def test_check_finds_the_plan_by_the_names_of_the_sheets(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: Rows = {name: good_rows()[name] for name in ("complaint", "volume", "praise")}
    folder = write_csvs(tmp_path / "facts", rows, "gb18030")
    (folder / "大户流失.csv").write_text(
        "编号,机构号,发生日期,登记时间,状态,重要大户,主观工作不力\n", "gb18030"
    )

    assert main(["facts", "check", str(folder)]) == 0
    assert "（jsb_sub_branch 2025.1）" in capsys.readouterr().out


def test_check_takes_the_plan_that_the_adoption_names(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows: Rows = {"complaint": good_rows()["complaint"]}
    path = write_xlsx(tmp_path / "台账.xlsx", rows)
    (tmp_path / "采用.yaml").write_text(ADOPTION, encoding="utf-8")

    assert main(["facts", "check", str(path)]) == 0
    assert "（jsb_sub_branch 2025.1）" in capsys.readouterr().out


def test_check_of_a_file_that_cannot_be_read_speaks_of_no_rows(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(b"PK\x03\x04")

    assert main(["facts", "check", str(path), "--scheme", "jsb_sub_branch"]) == 2
    assert capsys.readouterr().out.splitlines()[-1] == "共 1 处问题。请改正后再检查一次。"


def test_check_says_first_that_a_file_is_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["facts", "check", str(tmp_path / "没有.xlsx")]) == 2
    assert capsys.readouterr().err == "找不到文件或文件夹「没有.xlsx」。请核对路径。\n"


def test_check_asks_for_the_plan_where_nothing_tells_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "流水.csv"
    path.write_text("甲,乙\n1,2\n", encoding="utf-8")

    assert main(["facts", "check", str(path)]) == 2
    assert "看不出这些文件是按哪个方案填的。请用 --scheme 指明" in capsys.readouterr().err
