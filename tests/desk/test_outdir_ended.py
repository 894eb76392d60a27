"""What a run that is ended, killed or crossed by another leaves in its folder."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.test_outdir import read, refusal, write
from wenyou_core.errors import InputRefused
from wenyou_desk.outdir import MARKER, writing

WRITER = """
import sys, time
from pathlib import Path
from wenyou_desk.outdir import writing
with writing(Path(sys.argv[1])) as stage:
    (stage / "result.json").write_text("half", encoding="utf-8")
    print("began", flush=True)
    time.sleep(30)
"""


def _begun(out: Path) -> subprocess.Popen[str]:
    """A process of its own that has begun to write into ``out``."""
    command = [sys.executable, "-c", WRITER, str(out)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert writer.stdout is not None
    assert writer.stdout.readline() == "began\n"
    return writer


def _end(writer: subprocess.Popen[str], number: signal.Signals) -> None:
    writer.send_signal(number)
    writer.communicate(timeout=10)


@pytest.mark.skipif(os.name != "posix", reason="没有这些信号")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_run_that_is_ended_by_a_signal_leaves_nothing_behind(tmp_path: Path, name: str) -> None:
    _end(_begun(tmp_path / "结果"), signal.Signals[name])

    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_what_a_killed_run_left_is_taken_away_by_the_next(tmp_path: Path) -> None:
    _end(_begun(tmp_path), signal.SIGKILL)
    assert [path.name.startswith(".wenyou-") for path in tmp_path.iterdir()] == [True]

    write(tmp_path, {"result.json": "1"})

    assert sorted(path.name for path in tmp_path.iterdir()) == [MARKER, "result.json"]


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_second_run_into_a_folder_that_one_is_writing_to_is_refused(tmp_path: Path) -> None:
    writer = _begun(tmp_path / "结果")

    told = refusal(tmp_path / "结果", {"result.json": "1"})

    assert told == (
        "文件夹「结果」正由另一个命令写入，没有写入。请等它结束再运行一次，或另指一个文件夹。"
    )
    _end(writer, signal.SIGTERM)
    write(tmp_path / "结果", {"result.json": "1"})
    assert read(tmp_path / "结果") == {"result.json": "1"}


def test_folder_where_a_file_must_go_is_told_and_leaves_all_others_as_they_were(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"a.txt": "1", "c.txt": "1"})
    marker = (tmp_path / MARKER).read_bytes()
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "b.txt" / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(InputRefused) as refused:
        write(tmp_path, {"a.txt": "2", "b.txt": "2"}, force=True)

    assert str(refused.value) == (
        f"「{tmp_path.name}/b.txt」是文件夹，不是文件，没有写入。"
        "请把它移走或改名，或另指一个文件夹。"
    )
    assert read(tmp_path) == {"a.txt": "1", "b.txt/mine.txt": "mine", "c.txt": "1"}
    assert (tmp_path / MARKER).read_bytes() == marker
    assert not list(tmp_path.glob(".*.tmp"))


MOVER = """
import signal, sys
from pathlib import Path
from wenyou_desk.outdir import writing
signal.signal(signal.SIGINT, signal.default_int_handler)
place = Path.replace
def interrupted(self, target):
    signal.raise_signal(signal.SIGINT)
    return place(self, target)
with writing(Path(sys.argv[1])) as stage:
    for name in ("a.txt", "b.txt"):
        (stage / name).write_text("2", encoding="utf-8")
    Path.replace = interrupted
"""


def test_interruption_waits_while_the_files_take_their_places(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "1", "b.txt": "1"})

    subprocess.run([sys.executable, "-c", MOVER, str(tmp_path)], check=True)

    assert read(tmp_path) == {"a.txt": "2", "b.txt": "2"}


KILLED = """
import os, signal, sys
from pathlib import Path
from wenyou_desk.outdir import writing
place, left = Path.replace, int(sys.argv[2])
def killed(self, target):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    return place(self, target)
with writing(Path(sys.argv[1])) as stage:
    for name in ("a.txt", "b.txt", "新/d.txt"):
        (stage / name).parent.mkdir(exist_ok=True)
        (stage / name).write_text("2", encoding="utf-8")
    Path.replace = killed
"""
MOVES = 6  # more than the steps of that exchange
BEFORE = {"a.txt": "1", "b.txt": "1", "c.txt": "1"}
AFTER = {"a.txt": "2", "b.txt": "2", "新/d.txt": "2"}


def _killed(out: Path, step: int) -> None:
    """A run of a process of its own that is killed at a step of its exchange."""
    subprocess.run([sys.executable, "-c", KILLED, str(out), str(step)], check=False)


def _outside_stages(out: Path) -> dict[str, str]:
    return {name: text for name, text in read(out).items() if not name.startswith(".wenyou-")}


def _fail_to_write(out: Path) -> None:
    with writing(out):
        raise ZeroDivisionError


@pytest.mark.skipif(os.name != "posix", reason="没有这些信号")
@pytest.mark.parametrize("step", range(1, MOVES))
def test_run_killed_while_files_are_exchanged_leaves_each_file_old_or_new_and_whole(
    tmp_path: Path, step: int
) -> None:
    write(tmp_path, BEFORE)

    _killed(tmp_path, step)

    there = _outside_stages(tmp_path)
    assert there.keys() >= {"a.txt", "b.txt"}
    assert set(there.items()) <= {*BEFORE.items(), *AFTER.items()}


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
@pytest.mark.parametrize("step", range(1, MOVES))
def test_exchange_that_was_killed_is_undone_by_the_next_run_even_if_that_fails(
    tmp_path: Path, step: int
) -> None:
    write(tmp_path, BEFORE)
    marker = (tmp_path / MARKER).read_bytes()
    _killed(tmp_path, step)

    with pytest.raises(ZeroDivisionError):
        _fail_to_write(tmp_path)

    assert read(tmp_path) == BEFORE
    assert (tmp_path / MARKER).read_bytes() == marker
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left == [MARKER, "a.txt", "b.txt", "c.txt"]


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_exchange_that_was_finished_before_the_kill_is_not_undone(tmp_path: Path) -> None:
    write(tmp_path, BEFORE)
    _killed(tmp_path, MOVES)  # ended well
    assert read(tmp_path) == AFTER

    with pytest.raises(ZeroDivisionError):
        _fail_to_write(tmp_path)

    assert read(tmp_path) == AFTER


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_file_that_somebody_changed_after_a_kill_is_not_put_back(tmp_path: Path) -> None:
    write(tmp_path, BEFORE)
    _killed(tmp_path, MOVES - 1)
    (tmp_path / "a.txt").unlink()
    (tmp_path / "a.txt").write_text("mine", encoding="utf-8")

    assert "「a.txt」在上次测算之后被改动过" in refusal(tmp_path, AFTER)
    assert read(tmp_path) == {**BEFORE, "a.txt": "mine"}


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_stage_of_a_killed_run_stays_where_the_marker_is_broken(tmp_path: Path) -> None:
    write(tmp_path, BEFORE)
    _killed(tmp_path, MOVES - 1)
    (tmp_path / MARKER).write_text("[", encoding="utf-8")

    assert "不是完好的标记" in refusal(tmp_path, AFTER)

    (stage,) = tmp_path.glob(".wenyou-*.tmp")
    kept = {path.name for path in stage.rglob("*.txt")}
    assert kept == {"a.txt", "b.txt", "c.txt"}


class Device:
    """Moves of files that fail from one step on, at most so many times."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, first: int, times: int = 1000) -> None:
        self.moves, self.bad = 0, range(first, first + times)
        move = Path.replace

        def moved(path: Path, target: Path) -> Path:
            self.moves += 1
            if self.moves in self.bad:
                raise OSError(errno.EIO, "broken")
            return move(path, target)

        monkeypatch.setattr(Path, "replace", moved)


def _write_with(out: Path, first: int, times: int) -> str:
    with pytest.MonkeyPatch.context() as patched:
        Device(patched, first, times)
        return refusal(out, AFTER)


@pytest.mark.parametrize("step", range(2, MOVES))
def test_exchange_that_fails_leaves_all_as_it_was(tmp_path: Path, step: int) -> None:
    write(tmp_path, BEFORE)
    marker = (tmp_path / MARKER).read_bytes()

    told = _write_with(tmp_path, step, 1)

    assert "不能替换（读写设备出错，或正被别的程序打开），原来的结果没有动。" in told
    assert read(tmp_path) == BEFORE
    assert (tmp_path / MARKER).read_bytes() == marker
    assert sorted(path.name for path in tmp_path.iterdir()) == [MARKER, *BEFORE]


def test_exchange_that_fails_is_undone_on_a_file_system_without_second_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def link(*_names: object, **_how: object) -> None:
        raise OSError(errno.EPERM, "no links")

    write(tmp_path, BEFORE)
    monkeypatch.setattr(os, "link", link)

    assert "原来的结果没有动" in _write_with(tmp_path, MOVES - 1, 1)
    assert read(tmp_path) == BEFORE
    write(tmp_path, AFTER)
    assert read(tmp_path) == AFTER


@pytest.mark.skipif(os.name != "posix", reason="没有这种链接")
def test_link_in_the_place_of_a_file_is_put_back_as_a_link(tmp_path: Path) -> None:
    mine, out = tmp_path / "mine", tmp_path / "out"
    mine.mkdir()
    write(out, BEFORE)
    (out / "b.txt").unlink()
    (out / "b.txt").symlink_to(mine)

    with pytest.MonkeyPatch.context() as patched:
        Device(patched, MOVES - 1, 1)
        with pytest.raises(InputRefused, match="原来的结果没有动"):
            write(out, AFTER, force=True)

    assert (out / "b.txt").readlink() == mine
    assert mine.is_dir()


def test_what_cannot_be_put_back_stays_aside_and_its_place_is_told(tmp_path: Path) -> None:
    write(tmp_path, BEFORE)

    told = _write_with(tmp_path, 3, 2)  # b.txt and, in the undoing, a.txt

    (stage,) = tmp_path.glob(".wenyou-*.tmp")
    (aside,) = stage.glob("*.aside")
    assert told.startswith(f"「{tmp_path.name}/b.txt」不能替换（读写设备出错，")
    assert "「a.txt」没能恢复原样" in told
    assert f"「{tmp_path.name}/{stage.name}/{aside.name}」" in told
    assert (aside / "a.txt").read_text(encoding="utf-8") == "1"
    assert _outside_stages(tmp_path) == {**BEFORE, "a.txt": "2"}


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_what_could_not_be_put_back_is_put_back_by_the_next_run(tmp_path: Path) -> None:
    write(tmp_path, BEFORE)
    _write_with(tmp_path, 3, 1000)

    told = _write_with(tmp_path, 1, 1000)
    assert told.startswith(f"文件夹「{tmp_path.name}」里上次没有换完的「a.txt」")
    with pytest.raises(ZeroDivisionError):
        _fail_to_write(tmp_path)

    assert read(tmp_path) == BEFORE
    assert not list(tmp_path.glob(".*.tmp"))


def test_file_where_a_folder_must_go_is_told(tmp_path: Path) -> None:
    write(tmp_path, BEFORE)
    (tmp_path / "新").write_text("mine", encoding="utf-8")

    with pytest.raises(InputRefused) as refused:
        write(tmp_path, AFTER, force=True)

    assert str(refused.value) == (
        f"「{tmp_path.name}/新」是文件，不是文件夹，没有写入。请把它移走或改名，或另指一个文件夹。"
    )
    assert read(tmp_path) == {**BEFORE, "新": "mine"}


@pytest.mark.skipif(os.name != "posix", reason="没有这种锁")
def test_run_that_comes_second_leaves_the_folder_to_the_first(tmp_path: Path) -> None:
    out = tmp_path / "结果"
    with writing(out) as stage:
        refusal(out, {"result.json": "1"})
        (stage / "result.json").write_text("2", encoding="utf-8")

    assert read(out) == {"result.json": "2"}
