"""A folder of results is written whole, and over nothing of others."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from wenyou_core.errors import InputRefused
from wenyou_desk.outdir import MARKER, left_of_others, writing
from wenyou_desk.tables.newfile import new_file


def write(out: Path, files: dict[str, str], *, force: bool = False) -> None:
    with writing(out, force=force) as stage:
        for name, text in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(text, encoding="utf-8")


def read(out: Path) -> dict[str, str]:
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != MARKER
    }


def refusal(out: Path, files: dict[str, str]) -> str:
    with pytest.raises(InputRefused) as refused:
        write(out, files)
    return str(refused.value)


def break_off(out: Path) -> None:
    with writing(out) as stage:
        (stage / "result.json").write_text("half", encoding="utf-8")
        raise ZeroDivisionError


def test_files_take_their_places_at_the_end(tmp_path: Path) -> None:
    out = tmp_path / "一" / "结果"

    write(out, {"result.json": "1", "告知单/甲.html": "a"})

    assert read(out) == {"result.json": "1", "告知单/甲.html": "a"}


def test_later_run_replaces_and_removes_what_is_ours(tmp_path: Path) -> None:
    write(tmp_path, {"result.json": "1", "告知单/甲.html": "a"})

    write(tmp_path, {"result.json": "2"})

    assert read(tmp_path) == {"result.json": "2"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [MARKER, "result.json"]


def test_later_run_that_only_adds_leaves_what_is_ours_and_replaces_what_it_writes_again(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"result.json": "1", "告知单/甲.html": "a", "告知单/乙.html": "b"})

    with writing(tmp_path, keep=True) as stage:
        (stage / "告知单").mkdir()
        (stage / "告知单/乙.html").write_text("c", encoding="utf-8")
        (stage / "丙.html").write_text("d", encoding="utf-8")

    kept = {"result.json": "1", "告知单/甲.html": "a", "告知单/乙.html": "c", "丙.html": "d"}
    assert read(tmp_path) == kept
    write(tmp_path, {"result.json": "2"})
    assert read(tmp_path) == {"result.json": "2"}


def by(command: str, out: Path, files: dict[str, str], *, force: bool = False) -> None:
    with writing(out, by=command, force=force) as stage:
        for name, text in files.items():
            (stage / name).parent.mkdir(parents=True, exist_ok=True)
            (stage / name).write_text(text, encoding="utf-8")


def test_what_another_command_wrote_is_not_removed_but_refused(tmp_path: Path) -> None:
    by("demo", tmp_path, {"台账/投诉.csv": "a", "故事.md": "b"})

    with pytest.raises(InputRefused) as refused:
        by("assess", tmp_path, {"result.json": "1"})

    folder = tmp_path.name
    assert str(refused.value) == (
        f"文件夹「{folder}」里是 demo 命令写出的「台账」、「故事.md」，没有写入。"
        "请另指一个空文件夹，或确认后加 --force。"
    )
    assert read(tmp_path) == {"台账/投诉.csv": "a", "故事.md": "b"}


def test_forced_run_leaves_what_another_command_wrote_and_is_left_by_it(tmp_path: Path) -> None:
    by("demo", tmp_path, {"台账/投诉.csv": "a"})

    by("assess", tmp_path, {"result.json": "1"}, force=True)
    assert read(tmp_path) == {"result.json": "1", "台账/投诉.csv": "a"}

    by("demo", tmp_path, {"台账/投诉.csv": "c"})
    assert read(tmp_path) == {"result.json": "1", "台账/投诉.csv": "c"}


def added(out: Path, files: dict[str, str], *, force: bool = False) -> None:
    with writing(out, by="statements", keep=True, force=force) as stage:
        for name, text in files.items():
            (stage / name).write_text(text, encoding="utf-8")


def test_later_run_leaves_what_another_command_added_and_tells_it(tmp_path: Path) -> None:
    by("assess", tmp_path, {"result.json": "1", "告知单/甲.html": "a"})
    assert not left_of_others(tmp_path, "assess")
    added(tmp_path, {"s.html": "s"})

    by("assess", tmp_path, {"result.json": "2"})

    assert read(tmp_path) == {"result.json": "2", "s.html": "s"}
    assert left_of_others(tmp_path, "assess") == "statements 命令写出的「s.html」"
    added(tmp_path, {"s.html": "t"})
    assert read(tmp_path) == {"result.json": "2", "s.html": "t"}


def test_file_of_another_command_is_not_replaced_unless_forced(tmp_path: Path) -> None:
    by("assess", tmp_path, {"result.json": "1", "甲.html": "a"})

    added(tmp_path, {"甲.html": "a"})  # the same bytes are no change
    with pytest.raises(InputRefused) as refused:
        added(tmp_path, {"甲.html": "b", "乙.html": "b"})

    assert str(refused.value) == (
        f"文件夹「{tmp_path.name}」里已有 assess 命令写出的「甲.html」，没有覆盖。"
        "请换一个文件夹，或加 --force。"
    )
    assert read(tmp_path) == {"result.json": "1", "甲.html": "a"}
    added(tmp_path, {"甲.html": "b"}, force=True)
    by("assess", tmp_path, {"result.json": "2"})
    assert read(tmp_path) == {"result.json": "2", "甲.html": "b"}


def test_each_file_is_told_with_the_command_that_wrote_it(tmp_path: Path) -> None:
    by("demo", tmp_path, {"故事.md": "a"})
    added(tmp_path, {"x.html": "x"})

    with pytest.raises(
        InputRefused, match=r"里是 demo 命令写出的「故事.md」，statements 命令写出的「x.html」，没"
    ):
        by("assess", tmp_path, {"result.json": "1"})

    by("demo", tmp_path, {"银行.md": "b"})
    assert read(tmp_path) == {"x.html": "x", "银行.md": "b"}


def test_change_of_what_another_command_wrote_is_not_in_the_way(tmp_path: Path) -> None:
    by("assess", tmp_path, {"测算结果.xlsx": "x"})
    (tmp_path / "测算结果.xlsx").write_text("with remarks", encoding="utf-8")

    added(tmp_path, {"s.html": "s"})

    assert read(tmp_path) == {"s.html": "s", "测算结果.xlsx": "with remarks"}


def test_folder_that_was_emptied_but_for_the_marker_is_empty(tmp_path: Path) -> None:
    by("demo", tmp_path, {"台账/投诉.csv": "a"})
    shutil.rmtree(tmp_path / "台账")

    by("assess", tmp_path, {"result.json": "1"})

    assert read(tmp_path) == {"result.json": "1"}
    by("assess", tmp_path, {"result.json": "2"})
    assert read(tmp_path) == {"result.json": "2"}


def test_file_in_an_emptied_folder_belongs_to_others(tmp_path: Path) -> None:
    write(tmp_path, {"result.json": "1"})
    (tmp_path / "result.json").unlink()
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    assert "里有别的文件（「mine.txt」）" in refusal(tmp_path, {"result.json": "2"})


def test_older_marker_names_one_command_for_all_its_files(tmp_path: Path) -> None:
    by("demo", tmp_path, {"故事.md": "a"})
    marker = json.loads((tmp_path / MARKER).read_text(encoding="utf-8"))
    older = {**marker, "by": "demo", "schema": "wenyou-output/1"}
    (tmp_path / MARKER).write_text(json.dumps(older), encoding="utf-8")

    with pytest.raises(InputRefused, match=r"里是 demo 命令写出的「故事.md」，没有写入"):
        by("assess", tmp_path, {"result.json": "1"})
    by("demo", tmp_path, {"银行.md": "b"})

    assert read(tmp_path) == {"银行.md": "b"}


def test_folder_of_a_program_that_did_not_say_which_command_it_was_is_taken_as_ours(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"result.json": "1"})

    by("assess", tmp_path, {"result.json": "2"})

    assert read(tmp_path) == {"result.json": "2"}


def test_folder_with_files_of_others_is_refused(tmp_path: Path) -> None:
    (tmp_path / "年终总结.docx").write_text("mine", encoding="utf-8")

    assert refusal(tmp_path, {"result.json": "1"}).startswith(
        f"文件夹「{tmp_path.name}」里有别的文件（「年终总结.docx」），没有写入。"
    )
    assert read(tmp_path) == {"年终总结.docx": "mine"}


def test_folder_one_stands_in_is_named_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.txt").write_text("mine", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputRefused, match="文件夹「当前文件夹」里有别的文件"), writing(Path()):
        raise AssertionError


def test_force_writes_beside_files_of_others(tmp_path: Path) -> None:
    (tmp_path / "年终总结.docx").write_text("mine", encoding="utf-8")

    write(tmp_path, {"result.json": "1"}, force=True)

    assert read(tmp_path) == {"result.json": "1", "年终总结.docx": "mine"}


def test_files_of_others_added_later_stay(tmp_path: Path) -> None:
    write(tmp_path, {"result.json": "1"})
    (tmp_path / "批示.txt").write_text("同意", encoding="utf-8")

    write(tmp_path, {"result.json": "2"})

    assert read(tmp_path) == {"result.json": "2", "批示.txt": "同意"}


def test_name_that_somebody_else_took_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"result.json": "1"})
    (tmp_path / "告知单.html").write_text("mine", encoding="utf-8")

    assert "已有别人的「告知单.html」" in refusal(tmp_path, {"告知单.html": "ours"})
    assert read(tmp_path) == {"result.json": "1", "告知单.html": "mine"}


def test_file_changed_by_hand_is_not_written_over(tmp_path: Path) -> None:
    write(tmp_path, {"result.json": "1", "测算结果.xlsx": "x"})
    (tmp_path / "测算结果.xlsx").write_text("with remarks", encoding="utf-8")

    assert "「测算结果.xlsx」在上次测算之后被改动过" in refusal(tmp_path, {"result.json": "2"})
    assert read(tmp_path) == {"result.json": "1", "测算结果.xlsx": "with remarks"}


def test_failure_leaves_the_earlier_run_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, {"result.json": "1"})

    with pytest.raises(ZeroDivisionError):
        break_off(tmp_path)

    assert read(tmp_path) == {"result.json": "1"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [MARKER, "result.json"]


def test_failure_leaves_no_folder_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(tmp_path / "结果")

    assert not (tmp_path / "结果").exists()


def test_failure_leaves_none_of_the_folders_it_made_behind(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        break_off(tmp_path / "一" / "二" / "结果")

    assert not list(tmp_path.iterdir())


def test_run_that_broke_off_while_moving_can_be_repeated(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "1", "b.txt": "1"})
    marker = (tmp_path / MARKER).read_text(encoding="utf-8")
    write(tmp_path, {"a.txt": "2", "b.txt": "2"})
    (tmp_path / "b.txt").write_text("1", encoding="utf-8")  # as if the move had stopped at a.txt
    newer = (tmp_path / MARKER).read_text(encoding="utf-8")
    (tmp_path / MARKER).write_text(_both(marker, newer), encoding="utf-8")

    write(tmp_path, {"a.txt": "3", "b.txt": "3"})

    assert read(tmp_path) == {"a.txt": "3", "b.txt": "3"}


def _both(old: str, new: str) -> str:
    before, after = json.loads(old), json.loads(new)
    files = {name: before["files"][name] + after["files"][name] for name in before["files"]}
    return json.dumps({**after, "files": files})


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "结果"
    path.write_text("mine", encoding="utf-8")

    assert "「结果」是文件，不是文件夹" in refusal(path, {"result.json": "1"})


def test_broken_marker_is_refused_unless_forced(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text("[", encoding="utf-8")

    assert "不是完好的标记" in refusal(tmp_path, {"result.json": "1"})
    write(tmp_path, {"result.json": "1"}, force=True)
    assert read(tmp_path) == {"result.json": "1"}


@pytest.mark.parametrize("files", [{"out/../../mine.txt": []}, {"/mine.txt": []}, [], None])
def test_marker_that_names_files_elsewhere_is_refused(tmp_path: Path, files: object) -> None:
    mine, out = tmp_path / "mine.txt", tmp_path / "a" / "out"
    mine.write_text("mine", encoding="utf-8")
    out.mkdir(parents=True)
    marker = {"files": files, "schema": "wenyou-output/1"}
    (out / MARKER).write_text(json.dumps(marker), encoding="utf-8")

    assert "不是完好的标记" in refusal(out, {"result.json": "new"})
    write(out, {"result.json": "new"}, force=True)
    assert mine.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "begun", [{}, 1, {"stage": "x", "files": ["../mine.txt"], "folders": []}, {"stage": "x"}]
)
def test_marker_whose_exchange_is_not_sound_is_refused(tmp_path: Path, begun: object) -> None:
    write(tmp_path, {"result.json": "1"})
    marker = json.loads((tmp_path / MARKER).read_text(encoding="utf-8"))
    (tmp_path / MARKER).write_text(json.dumps({**marker, "exchange": begun}), encoding="utf-8")

    assert "不是完好的标记" in refusal(tmp_path, {"result.json": "2"})
    assert read(tmp_path) == {"result.json": "1"}


NOWHERE = [Path("/proc/x"), Path("/proc/x/y"), Path("/dev/null/x"), Path("x" * 300)]


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="没有 /proc")
@pytest.mark.parametrize("out", NOWHERE)
def test_place_where_nothing_can_be_made_is_refused_with_its_name(out: Path) -> None:
    told = refusal(out, {"a": "1"})
    assert told.startswith(f"不能在「{out.name}」写入（")
    assert told.endswith("）。请换一个能写入的文件夹。")


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="没有 /proc")
@pytest.mark.parametrize("name", ["x.json", "x.xlsx"])
def test_file_where_nothing_can_be_made_is_refused_with_its_name(name: str) -> None:
    refused = pytest.raises(
        InputRefused, match=r"^不能在「proc」写入（.+）。请换一个能写入的文件夹。$"
    )
    with refused, new_file(Path("/proc") / name, overwrite=False):
        raise AssertionError("nothing can be written here")


def test_folder_that_was_taken_away_meanwhile_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputRefused, match=r"^不能在「out」写入（"), writing(out):
        shutil.rmtree(out)
