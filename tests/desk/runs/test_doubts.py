"""What is wrong with a plan as it was adopted is said where it is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.bank import ADOPTION, facts_folder
from wenyou_desk.cli import main


def told(tmp_path: Path, adoption: str, capsys: pytest.CaptureFixture[str]) -> str:
    facts = facts_folder(tmp_path / "facts")
    (facts / "采用.yaml").write_text(adoption, encoding="utf-8")
    words = ["--facts", str(facts), "--out", str(tmp_path / "out")]
    assert main(["assess", "--scheme", "jsb_sub_branch", *words]) == 0
    return capsys.readouterr().out


def test_deductions_that_an_adoption_fills_in_as_rewards_are_doubted_in_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ": -" in ADOPTION
    out = told(tmp_path, ADOPTION.replace(": -", ": "), capsys)

    assert "  方案按采用文件填写后有 3 处错误，请先改正，不要使用这次的结果：\n" in out
    assert "表“检查扣分对应的单次扣罚额（原文未给出）”的标题说扣罚，数额却是加" in out
    assert "./wenyou scheme lint jsb_sub_branch --adoption" in out


def test_one_cell_of_an_adopted_table_with_the_other_sign_is_doubted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, cell, after = ADOPTION.partition("环境卫生: -")
    assert cell

    out = told(tmp_path, f"{before}环境卫生: {after}", capsys)

    assert "  采用文件填写的表里有正有负，请核对后再使用这次的结果：\n" in out
    assert "有的数额是扣、有的是加" in out
    assert "处错误" not in out


def test_sound_adoption_is_not_doubted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = told(tmp_path, ADOPTION, capsys)

    assert "处错误" not in out
    assert "有正有负" not in out
