"""``./wenyou explain`` tells every figure with article, facts and arithmetic, and names nobody else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from wenyou_desk import cli
from wenyou_desk.runs.resultfile import read_result, write_result


@pytest.fixture
def result(whole_demo: Path) -> Path:
    """The run of the demo's last quarter."""
    return whole_demo / "测算结果"


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
    others = [line for line in page.splitlines() if "个对象（不具名）" in line]
    assert others
    assert not any("网点" in line or "储蓄所" in line for line in others)


def depth(line: str) -> int:
    return (len(line) - len(line.lstrip(" "))) // 2


def test_a_rank_is_a_tree_down_to_facts_and_evidence(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subject, _ = repeated(result, capsys)

    lines = told(capsys, str(result), subject, "管理类名次").splitlines()

    assert re.fullmatch(r"管理类名次：\d+　条款三《.+》", lines[0])
    assert re.search(r"算式：排在前面的有\d+个.*，所以是第\d+名（共\d+个）。$", lines[1])
    at = {
        title: next(depth(line) for line in lines if line.lstrip().startswith(title))
        for title in (
            "管理类得分（折算后）：",
            "季度检查得分：",
            "各月得分平均：",
            "月度检查得分（",
        )
    }
    assert list(at.values()) == sorted(set(at.values()))
    assert any("算式：100－" in line for line in lines)
    assert any("依据三「检查扣分」：" in line and "佐证" in line for line in lines)
    assert any(
        re.search(r"算式：（[0-9.]+＋.+）÷3＝[0-9.]+（四舍五入保留2位小数）。", one)
        for one in lines
    )


def test_a_bar_is_told_with_its_days_its_rule_and_its_fact(
    result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bar = read_result(result / "result.json").result.bars[0]

    lines = told(capsys, str(result), bar.subject.id, bar.what).splitlines()

    assert lines[0].startswith("取消「")
    title = lines[0].removeprefix("取消「").partition("」")[0]
    assert told(capsys, str(result), bar.subject.id, title).splitlines() == lines
    assert f"条款{bar.article}《" in lines[0]
    assert any(bar.fact in line for line in lines)
    assert depth(next(line for line in lines if bar.fact in line)) == 1


def test_run_too_large_to_keep_its_facts_lists_figures_without_trees(
    result: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    subject, number = repeated(result, capsys)
    record = replace(read_result(result / "result.json"), whole=False)
    write_result(record, tmp_path / "result.json")

    page, entry = told(capsys, str(tmp_path), subject), told(capsys, str(tmp_path), subject, number)

    assert "没有全部留存" in page
    assert "管理类名次（2025Q3）：" in page
    assert "条款三.1" in entry


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("没有这个单位",), "没有「没有这个单位」"),
        (("10001001", "９９９"), "没有第「999」条"),
        (("10001001", "没有的"), "没有一条或一项数字叫「没有的」"),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(
    result: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert cli.main(["explain", str(result), *words]) == 2
    assert said in capsys.readouterr().err
