"""``./wenyou explain`` tells every figure with article, facts and arithmetic, and names nobody else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wenyou_desk import cli
from wenyou_desk.demo.folder import write_folder
from wenyou_desk.demo.generate import generate
from wenyou_desk.runs.resultfile import read_result


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("explain")
    write_folder(generate(date(2025, 10, 10), 1), home / "facts")
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(home / "facts")]
    assert cli.main([*words, "--period", "2025Q3", "--out", str(home / "out")]) == 0
    return home / "out"


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert cli.main(["explain", *words]) == 0
    return capsys.readouterr().out


def repeated(result: Path, capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """An outlet with an entry of a second time, and the number of that entry."""

    entries = read_result(result / "result.json").result.entries
    subject = next(one.subject.id for one in entries if one.count > 1)
    page = told(capsys, str(result), subject)
    line = next(line for line in page.splitlines() if "上一次是" in line)
    return subject, line.strip().partition(".")[0]


def test_a_repeat_is_told_with_its_article_its_facts_and_its_arithmetic(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject, number = repeated(result, capsys)

    page = told(capsys, str(result), subject, number)

    assert "条款三.1" in page
    assert "乘1.5" in page
    assert "上一次：" in page
    assert "规则：检查扣分中" in page


def test_a_page_adds_up_and_shows_a_place_among_numbers_without_names(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject, _ = repeated(result, capsys)

    page = told(capsys, str(result), subject)

    assert "条分录相加" in page
    others = [line for line in page.splitlines() if "同一采用单位的数" in line]
    assert others
    assert not any("网点" in line or "储蓄所" in line for line in others)


@pytest.mark.parametrize(
    ("words", "said"),
    [(("没有这个单位",), "没有「没有这个单位」"), (("10001001", "999"), "没有第「999」条")],
)
def test_what_is_not_there_is_refused_in_a_sentence(
    result: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert cli.main(["explain", str(result), *words]) == 2
    assert said in capsys.readouterr().err
