"""One line on a terminal, nothing anywhere else."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator

import pytest

from wenyou_desk.progress import Progress
from wenyou_desk.tables.workbook import text_width


class Terminal(io.StringIO):
    """A stream that says it is watched."""

    def isatty(self) -> bool:
        return True


def ticking(*seconds: float) -> Iterator[float]:
    yield from seconds


def drawn(stream: io.StringIO) -> list[str]:
    return [line.rstrip() for line in stream.getvalue().split("\r") if line.strip()]


def test_nothing_is_drawn_where_nobody_watches() -> None:
    stream = io.StringIO()
    clock = ticking(0, 9, 9)

    with Progress("测算", stream=stream, clock=lambda: next(clock)) as progress:
        progress.note("开始")
        progress.step(1, 2)
        progress.rows("台账.xlsx", 5)

    assert stream.getvalue() == ""


def test_bar_shows_share_and_time_left_and_is_wiped_at_the_end() -> None:
    stream = Terminal()
    clock = ticking(0, 10, 10)

    with Progress("写出告知单", stream=stream, clock=lambda: next(clock)) as progress:
        progress.step(1, 4, "甲网点")

    assert drawn(stream) == ["写出告知单 ██████░░░░░░░░░░░░░░░░░░  25%，约剩 31 秒 甲网点"]
    assert stream.getvalue().endswith("\r")


@pytest.mark.skipif(os.name != "posix", reason="没有这种终端")
def test_line_never_passes_the_width_of_the_terminal() -> None:
    import fcntl  # noqa: PLC0415 -- not on every system
    import pty  # noqa: PLC0415 -- not on every system
    import termios  # noqa: PLC0415 -- not on every system

    reader, writer = pty.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 30, 0, 0))
    clock = ticking(0, 10, 10)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        with Progress("写出告知单", stream=stream, clock=lambda: next(clock)) as progress:
            progress.step(1, 4, "甲网点")
        written = os.read(reader, 10_000).decode()
    os.close(reader)

    lines = [line for line in written.split("\r") if line]
    assert len(lines) == 2
    assert all(text_width(line) < 30 for line in lines)


def test_minutes_are_told_when_it_takes_long() -> None:
    stream = Terminal()
    clock = ticking(0, 60, 60)

    with Progress("测算", stream=stream, clock=lambda: next(clock)) as progress:
        progress.step(1, 4)

    assert "约剩 3 分 1 秒" in drawn(stream)[0]


def test_work_that_ends_soon_is_not_drawn() -> None:
    stream = Terminal()
    clock = ticking(0, 0.2, 0.4)

    with Progress("测算", stream=stream, clock=lambda: next(clock)) as progress:
        progress.step(1, 4)
        progress.step(2, 4)

    assert stream.getvalue() == ""


def test_rows_are_counted_where_the_total_is_not_known() -> None:
    stream = Terminal()
    clock = ticking(0, 1)

    with Progress("读取事实", stream=stream, clock=lambda: next(clock)) as progress:
        progress.rows("台账.xlsx", 20000)

    assert drawn(stream) == ["读取事实 台账.xlsx：20000 行"]


def test_note_is_drawn_at_once() -> None:
    stream = Terminal()

    with Progress("测算", stream=stream) as progress:
        progress.note("2025年第三季度……")

    assert drawn(stream) == ["测算 2025年第三季度……"]
