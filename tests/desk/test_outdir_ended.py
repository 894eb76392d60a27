"""What a run that is ended, killed or crossed by another leaves in its folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.desk.test_outdir import read, refusal, write
from wenyou_core.errors import InputRefused
from wenyou_desk.outdir import MARKER

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


def test_file_that_cannot_be_replaced_leaves_all_others_as_they_were(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "1", "c.txt": "1"})
    marker = (tmp_path / MARKER).read_bytes()
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "b.txt" / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(InputRefused) as refused:
        write(tmp_path, {"a.txt": "2", "b.txt": "2"}, force=True)

    assert str(refused.value).startswith(f"「{tmp_path.name}/b.txt」不能替换（")
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
