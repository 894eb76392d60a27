"""Keep the web and worker processes alive, and end them together.

The parent binds the port once and hands it down, so that a restarted web process loses no
address. A child reads its standard input: when the parent is gone, however it went, the pipe
ends and the child goes too.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket as sockets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from types import FrameType

from wenyou_core.errors import InputRefused

SLOW_AFTER = 60.0
ASK_FOR = 5.0
STOP_WITHIN = 15.0
BACKLOG = 512
LOOK_EVERY = 0.2
# A child that dies young is started again later and later, so that a broken one makes no storm.
FIRST_WAIT, LONGEST_WAIT, HEALTHY_AFTER = 0.5, 30.0, 4.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be served, where, and by how many processes."""

    socket: sockets.socket
    host: str
    port: int
    web: int
    workers: int


@dataclass(slots=True)
class Child:
    """A process that has to live; ``module`` is started with ``-m``."""

    name: str
    command: list[str]
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = FIRST_WAIT
    again_at: float = field(default=0.0)

    def start(self) -> None:
        """Start it; its standard input ends when we do."""
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.PIPE, pass_fds=self.pass_fds, env=dict(os.environ)
        )
        self.started = time.monotonic()


@contextmanager
def bind(host: str, port: int) -> Iterator[sockets.socket]:
    """The listening socket; a port that is taken is refused in a sentence."""
    family = sockets.AF_INET6 if ":" in host else sockets.AF_INET
    with sockets.socket(family, sockets.SOCK_STREAM) as listening:
        if os.name != "nt":
            listening.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
        except sockets.gaierror:
            raise InputRefused("up-host", f"“{host}”不是本机的地址，请改正 --host。") from None
        except OSError as error:
            raise InputRefused("up-port", refused(host, port, error)) from None
        listening.listen(BACKLOG)
        yield listening


def refused(host: str, port: int, error: OSError) -> str:
    """Why the port cannot be had, and what to do."""
    if error.errno == errno.EADDRINUSE:
        return f"端口 {port} 已被占用（也许平台已经在运行）。请换一个，例如 --port {port + 1}。"
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"没有权限使用端口 {port}。请换 1024 以上的端口，例如 --port 8000。"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"“{host}”不是本机的地址，请改正 --host。"
    return f"端口 {port} 打不开（{error.strerror}）。请换一个端口再试。"


def children_of(plan: Plan) -> list[Child]:
    """All processes of a plan."""
    python = [sys.executable, "-P", "-m"]
    if os.name == "nt":
        plan.socket.close()
        web = [Child("网页", [*python, "wenyou.up.web", "--listen", f"{plan.host}:{plan.port}"])]
    else:
        handle = plan.socket.fileno()
        words = [*python, "wenyou.up.web", "--fd", str(handle)]
        web = [Child("网页", words, (handle,)) for _ in range(plan.web)]
    worker = [*python, "wenyou.up.work"]
    return [*web, *(Child("后台任务", list(worker)) for _ in range(plan.workers))]


def serve(plan: Plan, greeting: str, say: Say) -> int:
    """Start all, say when they answer, restart what dies, stop all at SIGINT or SIGTERM."""
    stopping = [False]

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping[0] = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    children = children_of(plan)
    for child in children:
        child.start()
    greeted, remind_at = False, time.monotonic() + SLOW_AFTER
    try:
        while not stopping[0]:
            time.sleep(LOOK_EVERY)
            revive(children, say)
            if not greeted and answers(plan):
                greeted = True
                say(greeting)
            elif not greeted and time.monotonic() > remind_at:
                remind_at = time.monotonic() + SLOW_AFTER
                say("还在启动，比平常慢。若一直如此，请另开一个窗口运行 ./wenyou doctor。")
        say("正在停止……")
        return 0
    finally:
        end(children)


def answers(plan: Plan) -> bool:
    """Whether /healthz answers."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(plan.host, plan.host)  # noqa: S104 -- compared only
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{host}:{plan.port}/healthz", timeout=ASK_FOR) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except OSError:
        return False


def revive(children: list[Child], say: Say) -> None:
    """Start again what has died, later each time while it dies young."""
    now = time.monotonic()
    for child in children:
        if child.process is None:
            if now >= child.again_at:
                child.start()
            continue
        code = child.process.poll()
        if code is None:
            continue
        if now - child.started > HEALTHY_AFTER:
            child.wait = FIRST_WAIT
        say(f"{child.name}进程意外结束（代码 {code}），{child.wait:g} 秒后重新启动。")
        child.process, child.again_at = None, now + child.wait
        child.wait = min(child.wait * 2, LONGEST_WAIT)


def end(children: list[Child]) -> None:
    """Ask all to stop, wait, then stop them."""
    alive = [child.process for child in children if child.process is not None]
    for process in alive:
        process.terminate()
    ends = time.monotonic() + STOP_WITHIN
    for process in alive:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, ends - time.monotonic()))
        if process.poll() is None:
            process.kill()
            process.wait()
