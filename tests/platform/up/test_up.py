"""``./wenyou up`` as a newcomer meets it: real processes on a data folder of their own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.files, pytest.mark.pages]
SOURCE = Path(__file__).resolve().parents[3] / "src"
READY_WITHIN = 120.0


class House:
    """A running platform, and what it has said so far."""

    def __init__(self, data: Path, port: int) -> None:
        self.data, self.port = data, port
        self.log = data.parent / "up.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command(port), env=environment(data), stdout=log, stderr=log
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def get(self, path: str) -> tuple[int, str]:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def answers(self) -> bool:
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def children(self, word: str) -> list[int]:
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True, text=True, check=False,
        ).stdout  # fmt: skip
        return [int(line.split()[0]) for line in listed.splitlines() if word in line]


def command(port: int) -> list[str]:
    return [sys.executable, "-P", "-m", "wenyou", "up", "--empty", "--port", str(port)]


def environment(data: Path) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "WENYOU_DATA": str(data), "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}


def until(condition: object, seconds: float = READY_WITHIN) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():  # type: ignore[operator]
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    one = House(tmp_path_factory.mktemp("up") / "data", port)
    try:
        assert until(lambda: "文优已启动" in one.said() or one.process.poll() is not None)
        assert one.process.poll() is None, one.said()
        yield one
    finally:
        one.process.kill()
        one.process.wait()


def test_an_empty_house_gives_a_link_that_works_once(house: House) -> None:
    link = re.search(r"/link/\S+", house.said())

    assert link is not None
    status, page = house.get(link[0])
    assert status == 200
    assert "密码" in page


def test_a_second_instance_on_the_same_data_is_refused(house: House) -> None:
    done = subprocess.run(
        command(house.port + 1), env=environment(house.data), capture_output=True, check=False
    )

    assert done.returncode == 2
    assert "正被另一个文优使用" in done.stderr.decode()
    assert house.answers()


def test_a_port_that_is_taken_is_refused_before_anything_is_made(
    house: House, tmp_path: Path
) -> None:
    done = subprocess.run(
        command(house.port), env=environment(tmp_path / "data"), capture_output=True, check=False
    )

    assert done.returncode == 2
    assert f"端口 {house.port} 已被占用" in done.stderr.decode()
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("place", ["file", "file/beneath"])
def test_data_folder_that_cannot_be_made_is_told_in_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("x")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    done = subprocess.run(
        command(port), env=environment(tmp_path / place), capture_output=True, check=False
    )

    assert done.returncode == 2
    assert "不能写入" in done.stderr.decode()


def test_folder_in_which_the_lock_cannot_be_taken_is_told_in_a_sentence(
    house: House, tmp_path: Path
) -> None:
    (tmp_path / "data" / "up.lock").mkdir(parents=True)

    done = subprocess.run(
        command(house.port + 1),
        env=environment(tmp_path / "data"),
        capture_output=True,
        check=False,
    )

    assert done.returncode == 2
    assert "不能写入" in done.stderr.decode()


@pytest.mark.parametrize("word", ["wenyou.up.web", "wenyou.up.work"])
def test_a_process_that_is_killed_is_started_again(house: House, word: str) -> None:
    (before,) = house.children(word)

    os.kill(before, signal.SIGKILL)

    assert until(lambda: house.children(word) not in ([], [before]))
    assert until(house.answers)


def test_children_go_when_the_supervisor_is_killed(house: House) -> None:
    children = [*house.children("wenyou.up.web"), *house.children("wenyou.up.work")]

    house.process.kill()
    house.process.wait()

    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))
    again = House(house.data, house.port)
    try:
        assert until(lambda: "文优已启动" in again.said())
        again.process.terminate()
        assert again.process.wait(READY_WITHIN) == 0
        assert "正在停止" in again.said()
        assert not again.answers()
    finally:
        again.process.kill()
