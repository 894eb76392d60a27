"""Run the drill and judge it.

It passes when every answer was right but those cut off by a kill, everything answered as saved
is there exactly once, the database is whole and the chain of audit rows verifies.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from django.conf import settings
from django.db import connection

from wenyou.audit.chain import chain_rows
from wenyou.audit.verify import verify
from wenyou.drill.bank import Actor, fill
from wenyou.drill.load import Worker
from wenyou.matters.models import Matter
from wenyou_core.errors import InputRefused

READY_WITHIN = 300.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it."""

    saved: int
    reads: int
    lost: int
    kills: int
    median_ms: float
    faults: list[str]

    @property
    def passed(self) -> bool:
        """Nothing was lost and nothing went wrong."""
        return not self.faults and self.saved > 0


def drill(*, seconds: float, users: int, kills: int, say: Say) -> Outcome:
    """Fill, load, kill, stop, judge; in the data folder of the settings."""
    say(f"正在建立演练用的机构和 {users} 个账号……")
    actors = fill(users)
    connection.close()
    port = free_port()
    with platform(port) as parent:
        say(f"{users} 个用户同时办理 {seconds:g} 秒，其间强行终止网页进程 {kills} 次……")
        workers, killed = load(actors, port, parent, Span(seconds, kills))
    return judge(workers, killed)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def platform(port: int) -> Iterator[int]:
    """The platform itself as a process, on the data folder of the settings."""
    command = [sys.executable, "-P", "-m", "wenyou", "up", "--port", str(port)]
    environment = {**os.environ, "WENYOU_DATA": str(settings.DATA.root)}
    log = Path(settings.DATA.root / "drill.log")
    with log.open("wb") as file:
        process = subprocess.Popen(command, env=environment, stdout=file, stderr=file)
        try:
            wait_ready(port, process)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()


def wait_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until /healthz answers. Raises InputRefused when the platform does not start."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    ends = time.monotonic() + READY_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        with (
            contextlib.suppress(OSError, urllib.error.URLError),
            opener.open(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer,
        ):
            if answer.status == 200:
                return
        time.sleep(0.1)
    raise InputRefused("drill-start", "平台没有启动，演练没有进行。请先运行 ./wenyou doctor。")


@dataclass(frozen=True, slots=True)
class Span:
    """How long, and how many kills within."""

    seconds: float
    kills: int


def load(actors: list[Actor], port: int, parent: int, span: Span) -> tuple[list[Worker], int]:
    """Let all work at once, and kill the web process evenly in between."""
    stop = threading.Event()
    workers = [Worker(actor, number, port, stop) for number, actor in enumerate(actors)]
    for worker in workers:
        worker.start()
    killed = 0
    pause = span.seconds / (span.kills + 1)
    for _ in range(span.kills):
        time.sleep(pause)
        killed += kill_web(parent)
    time.sleep(pause)
    stop.set()
    for worker in workers:
        worker.join(READY_WITHIN)
    return workers, killed


def kill_web(parent: int) -> int:
    """SIGKILL to the web processes of a supervisor; how many."""
    found = [pid for pid in children_of(parent) if b"wenyou.up.web" in command_of(pid)]
    for pid in found:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def children_of(parent: int) -> list[int]:
    """The children of a process, as Linux tells them."""
    found = []
    for task in Path(f"/proc/{parent}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(pid) for pid in task.read_text(encoding="ascii").split()]
    return found


def command_of(pid: int) -> bytes:
    """The command line of a process; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def judge(workers: list[Worker], killed: int) -> Outcome:
    """Compare what was told with what is there."""
    faults = [text for worker in workers for text in worker.told.errors]
    told = {f"演练 {key}": one for worker in workers for key, one in worker.told.saved.items()}
    there: dict[str, list[str]] = {}
    for title, number in Matter.objects.values_list("title", "number"):
        there.setdefault(title, []).append(number)
    faults += [
        f"答复已保存，却找不到：{one}" for t, one in told.items() if one not in there.get(t, [])
    ]
    faults += [f"重复登记：{'、'.join(n)}" for n in there.values() if len(n) > 1]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            said = cursor.fetchone()[0]
        faults += [] if said == "ok" else [f"数据库文件损坏：{said}"]
    chain_rows()
    faults += verify().faults
    seconds = [one for worker in workers for one in worker.told.seconds]
    return Outcome(
        saved=len(told),
        reads=sum(worker.told.reads for worker in workers),
        lost=sum(worker.told.lost for worker in workers),
        kills=killed,
        median_ms=median(seconds) * 1000 if seconds else 0.0,
        faults=faults,
    )
