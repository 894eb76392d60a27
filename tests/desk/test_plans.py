"""Plans are found by name or file, and judged once for each text."""

from __future__ import annotations

from pathlib import Path

import pytest

from wenyou_core.errors import InputRefused, SchemeError
from wenyou_desk.plans import find_plan, open_plan, shipped, title_of


def test_title_that_stands_in_refusals_is_that_of_each_shipped_plan() -> None:
    for name in shipped():
        assert title_of(name) == open_plan(name).plan.title


@pytest.mark.parametrize("word", ["jsb", "支行文明", "jsb_subbranch"])
def test_part_of_the_name_or_title_of_a_plan_leads_to_it(word: str) -> None:
    with pytest.raises(InputRefused) as refused:
        find_plan(word)

    assert "是否指 jsb_sub_branch？随附的方案有：" in str(refused.value)
    assert "jsb_sub_branch（支行文明优质服务考核方案）" in str(refused.value)


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("没有.yaml", "找不到方案文件「没有.yaml」。请核对路径。"),
        ("某处/没有.yml", "找不到方案文件「没有.yml」。请核对路径。"),
        (".", "文件夹「当前文件夹」里没有 scheme.yaml。请指明方案文件。"),
    ],
)
def test_file_of_a_plan_that_is_not_there_is_told_as_a_file(
    word: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputRefused) as refused:
        find_plan(word)
    assert str(refused.value) == said


def test_plan_is_judged_anew_when_its_text_has_changed_and_only_then(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    text = find_plan("cib_coaching").read_text("utf-8")
    file.write_text(text, "utf-8")
    first = open_plan(str(file))

    assert open_plan(str(file)).checked is first.checked

    title = first.plan.title
    file.write_text(text.replace(title, f"{title}（试行）"), "utf-8")
    assert open_plan(str(file)).plan.title == f"{title}（试行）"

    file.write_text("plan: 甲\n", "utf-8")
    for _ in range(2):
        with pytest.raises(SchemeError):
            open_plan(str(file))
