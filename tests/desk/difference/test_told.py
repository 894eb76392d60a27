"""``./wenyou diff`` as a person types it, and what it says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.assess.make import moment
from tests.desk.difference.histories import (
    DEARER,
    MILDER,
    adoption_with,
    appeal,
    complaint,
    finding,
    plan_with,
    run_with,
)
from wenyou_desk.cli import main
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.resultfile import write_result

ONE = complaint("TS-1", "U1", "2025-07-08")
TWO = complaint("TS-2", "U2", "2025-08-08")
FOUND = [finding("JC-1", "U1", "2025-07-01"), finding("JC-2", "U1", "2025-08-01")]


def folder(path: Path, record: RunRecord) -> str:
    path.mkdir()
    write_result(record, path / "result.json")
    return str(path)


@pytest.fixture
def two(tmp_path: Path) -> list[str]:
    """A late complaint, an appeal, a dearer fine, and a milder repeat."""
    new = run_with(
        [ONE, TWO, *FOUND, appeal("SS-1", "TS-1")],
        plan=plan_with(MILDER),
        adoption=adoption_with(DEARER),
    )
    return [folder(tmp_path / "a", run_with([ONE, *FOUND])), folder(tmp_path / "b", new)]


def test_difference_is_told_by_subject_and_cause(
    two: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *two]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "旧：支行文明优质服务考核方案（jsb_sub_branch 2025.1），2025年第三季度，数据截止时点不限。"
    )
    start = lines.index("U1网点（U1）")
    block = lines[start : lines.index("", start)]
    assert block[1] == "  绩效金额：-825元 → -110元，差 +715元"
    assert "  后到事实：绩效金额 +600元" in block
    assert "  申诉和免计：绩效金额 +100元" in block
    assert (
        "    因申诉结果「SS-1」（2025年9月20日，U1）：新增，登记于2025-09-20 18:00，已确认" in block
    )
    assert "  条款：绩效金额 +15元" in block
    assert not [line for line in block if line.startswith("  参数")]
    assert any(line.startswith("    因条款三.1「同类问题扣罚（按机构）」：由“") for line in block)
    assert "    责任性投诉件数：1 → 0" in block
    assert lines[-1].startswith("共有差别的考核对象 ")
    assert lines[-1].endswith(" 个，各原因相加等于总差别。")


def test_sums_over_all_subjects_add_up(two: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The late complaint makes a tie for last, which waits; the appeal leaves U2 alone there."""
    main(["diff", *two])

    out = capsys.readouterr().out
    sums = out[out.index("\n合计\n") :].splitlines()[2:-1]
    assert sums == [
        "  绩效金额：-825元 → -860元，差 -35元",
        "  其中后到事实：绩效金额 +500元",
        "  其中申诉和免计：绩效金额 -500元",
        "  其中参数：绩效金额 -50元",
        "  其中条款：绩效金额 +15元",
    ]


def test_subject_limits_the_text_and_an_unknown_one_is_refused(
    two: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *two, "--subject", "U2"]) == 0
    out = capsys.readouterr().out
    assert "U2网点（U2）" in out
    assert "U1网点" not in out
    assert "\n合计\n" not in out

    assert main(["diff", *two, "--subject", "U9"]) == 2
    assert "两次测算里都没有「U9」。请核对机构号或员工号。" in capsys.readouterr().err


def test_subject_may_be_given_by_a_name_that_nobody_else_has(
    two: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *two, "--subject", "U2"]) == 0
    by_number = capsys.readouterr().out

    assert main(["diff", *two, "--subject", "U2网点"]) == 0
    assert capsys.readouterr().out == by_number.replace("「U2」", "「U2网点」")


def test_name_of_several_is_refused_with_their_numbers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = replace(run_with([]), person_names={"TU1": "李伟", "TU2": "李伟"})
    runs = [folder(tmp_path / "a", named), folder(tmp_path / "b", run_with([TWO]))]

    assert main(["diff", *runs, "--subject", "李伟"]) == 2
    assert capsys.readouterr().err.endswith(
        "「李伟」有几个：李伟（TU1）、李伟（TU2）。请改用编号。\n"
    )


def test_subject_without_a_difference_is_said_to_have_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [folder(tmp_path / "a", run_with([])), folder(tmp_path / "b", run_with([TWO]))]

    assert main(["diff", *runs, "--subject", "TU1"]) == 0
    assert "员工TU1（TU1）\n  两次测算没有差别。" in capsys.readouterr().out


def test_equal_runs_are_said_to_be_equal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [folder(tmp_path / name, run_with([ONE])) for name in "ab"]

    assert main(["diff", *runs]) == 0
    assert capsys.readouterr().out.endswith("两次测算没有差别。\n")


def test_data_says_the_same_as_the_text(two: list[str], tmp_path: Path) -> None:
    assert main(["diff", *two, "--json", str(tmp_path / "d.json")]) == 0

    data = json.loads((tmp_path / "d.json").read_text(encoding="utf-8"))
    assert [part["causes"] for part in data["parts"]] == [
        ["late"],
        ["appeal"],
        ["parameter"],
        ["rule"],
    ]
    one = next(one for one in data["subjects"] if one["subject"] == "unit:U1")
    assert (one["before"]["money"], one["after"]["money"]) == ("-825", "-110")
    shares = {share["part"]: share["amounts"].get("money", "0") for share in one["shares"]}
    assert shares == {0: "600", 1: "100", 3: "15"}
    assert main(["diff", *two, "--json", str(tmp_path / "d.json")]) == 2


def test_files_that_cannot_be_compared_are_refused(
    two: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", two[0], str(tmp_path / "c")]) == 2
    assert "找不到结果文件" in capsys.readouterr().err

    (tmp_path / "odd.json").write_text("{}", encoding="utf-8")
    assert main(["diff", two[0], str(tmp_path / "odd.json")]) == 2
    assert "不是完好的测算结果" in capsys.readouterr().err


def test_facts_outside_the_period_are_not_told_as_the_reason_of_a_moved_mean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = [complaint("TS-0", "U1", "2024-03-01")]
    runs = [
        folder(tmp_path / "a", run_with([ONE])),
        folder(tmp_path / "b", run_with([ONE, TWO, *old])),
    ]

    main(["diff", *runs, "--subject", "U3"])

    out = capsys.readouterr().out
    assert "    因他人的事实有变动：投诉「TS-2」\n" in out
    assert "TS-0" not in out


def test_fact_that_an_earlier_moment_does_not_know_yet_is_not_told_as_gone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    late = replace(TWO, recorded=moment("2025-10-09T09:00"))
    earlier = run_with([ONE, late], known_at=moment("2025-10-08T18:00"))
    runs = [folder(tmp_path / "a", run_with([ONE, late])), folder(tmp_path / "b", earlier)]

    assert main(["diff", *runs]) == 0

    said = capsys.readouterr().out
    assert "2025-10-09 09:00才登记，在数据截止时点2025-10-08 18:00之后" in said
    assert "已不在事实表里" not in said
