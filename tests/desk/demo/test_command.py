"""``./wenyou demo`` from the words typed to the files and what a person reads."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.desk.demo.test_folder import FILES, digests
from wenyou_desk.cli import main


def demo(out: Path, *words: str) -> int:
    return main(["demo", "--out", str(out), *words])


@pytest.fixture
def whole(whole_demo: Path) -> Path:
    """One full demo; writing hundreds of statements is worth doing once."""
    return whole_demo


def test_the_demo_writes_ledgers_results_stories_and_leaves(whole: Path) -> None:
    assert {path.name for path in (whole / "台账").iterdir()} == FILES
    assert {"故事.md", "休假与代理.xlsx", "台账", "测算结果", "双星"} <= {
        path.name for path in whole.iterdir()
    }
    for folder in (whole / "测算结果", whole / "双星" / "测算结果"):
        assert (folder / "测算结果.xlsx").is_file()
        result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
        assert result["schema"].startswith("wenyou-")


def test_whatever_the_stories_name_is_in_the_result(whole: Path) -> None:
    text = (whole / "故事.md").read_text(encoding="utf-8")
    result = (whole / "测算结果" / "result.json").read_text(encoding="utf-8")
    result += (whole / "双星" / "测算结果" / "result.json").read_text(encoding="utf-8")
    numbers = set(re.findall(r"\b[A-Z]{2}\d{4}-\d{4,}", text))
    assert len(numbers) > 15
    for number in numbers | set(re.findall(r"（(\d{5,8})）", text)):
        assert f'"{number}"' in result, number


def test_every_file_that_the_stories_name_is_there(whole: Path) -> None:
    text = (whole / "故事.md").read_text(encoding="utf-8")
    named = set(re.findall(r"[^\s：；、/（]+\.(?:xlsx|csv|md|json|html)", text))
    present = {path.name for path in whole.rglob("*")}
    assert named
    assert named <= present


def test_every_story_names_statements_and_they_hold(
    whole: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (whole / "故事.md").read_text(encoding="utf-8")
    stories = re.findall(r"^### ", text, re.MULTILINE)
    named = re.findall(r"^- 告知单：(\S+?)/ 里的 (.+)。$", text, re.MULTILINE)
    assert len(named) == len(stories) > 10
    monkeypatch.chdir(whole.parent)
    for folder in {folder for folder, _ in named}:
        files = {one for other, names in named if other == folder for one in names.split("、")}
        pages = [f"{folder}/{name}" for name in sorted(files)]
        assert main(["verify", *pages, "--run", str(Path(folder).parent)]) == 0
        assert f"成立 {len(pages)} 份，不成立 0 份。" in capsys.readouterr().out


def test_the_commands_in_the_stories_run(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (whole / "故事.md").read_text(encoding="utf-8")
    commands = re.findall(r"\./wenyou (assess [^\n`]+)", text)
    assert len(commands) == 5
    late = next(command for command in commands if "--known-at 2025-09-30" in command)
    star = next(command for command in commands if "--period 2025Q2" in command)
    monkeypatch.chdir(whole.parent)
    for number, command in enumerate((late, star)):
        words = command.split()
        words[-1] = str(tmp_path / str(number))
        assert main(words) == 0


def test_a_second_demo_gives_the_bytes_of_the_first(whole: Path, tmp_path: Path) -> None:
    assert demo(tmp_path / "again") == 0
    assert digests(tmp_path / "again") == digests(whole)


def test_without_a_folder_it_writes_beside_the_person_and_says_where(
    whole: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["demo", "--facts-only"]) == 0
    said = capsys.readouterr().out
    assert "6 个支行、60 个网点、900 人" in said
    for place in ("演示/台账", "演示/休假与代理.xlsx", "演示/双星", "演示/故事.md"):
        assert f"「{place}」" in said
    assert "测算" not in said
    written, all_written = digests(tmp_path / "演示"), digests(whole)
    for marker in (written, all_written):
        del marker[".wenyou-output.json"]
    assert written == {
        name: digest for name, digest in all_written.items() if "测算结果/" not in name
    }


def test_a_folder_with_files_of_others_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "报告.docx").write_bytes(b"mine")
    assert demo(tmp_path, "--facts-only") == 2
    assert "没有写入" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["报告.docx"]


def test_a_demo_is_written_over_an_untouched_demo_only(
    whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "演示"
    shutil.copytree(whole, out)
    assert demo(out, "--facts-only", "--seed", "2") == 0
    assert not (out / "测算结果").exists()  # it was of another bank
    assert digests(out)["故事.md"] != digests(whole)["故事.md"]
    (out / "台账" / "采用.yaml").write_text("改过", encoding="utf-8")
    assert demo(out, "--facts-only") == 2
    assert "采用.yaml" in capsys.readouterr().err
    assert (out / "台账" / "采用.yaml").read_text(encoding="utf-8") == "改过"


@pytest.mark.parametrize("day", ["昨天", "2025-13-01", "2025/10/10", "2022-01-01"])
def test_a_day_that_cannot_be_is_refused_in_a_sentence(
    day: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert demo(tmp_path / "out", "--as-of", day) == 2
    assert "截止日" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
