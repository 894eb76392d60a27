"""How far long work has come: one line on standard error, only where a person watches."""

from __future__ import annotations

import os
import sys
import time
import unicodedata
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

_PAUSE = 0.1  # seconds between two drawings
_PATIENCE = 0.5  # nothing is shown of what ends sooner
_BAR = 24
_COLUMNS = 80  # where the terminal does not say how wide it is


class Progress:
    """A line that is drawn over itself: what is done, how far, how long it may still take.

    ``with Progress("计算") as progress: progress.step(3, 10)``. Silent when standard error is
    not a terminal; the line is wiped at the end, so that only results stay on the screen.
    """

    def __init__(
        self,
        title: str,
        *,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title = title
        self._clock = clock
        self._stream = sys.stderr if stream is None else stream
        self._shown = self._stream.isatty()
        self._begun = self._drawn = clock()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._wipe()

    def step(self, done: int, total: int, what: str = "") -> None:
        """Tell that ``done`` of ``total`` is behind us."""
        if not self._due():
            return
        share = min(max(done / total, 0.0), 1.0) if total else 0.0
        filled = int(share * _BAR)
        bar = "█" * filled + "░" * (_BAR - filled)
        left = self._left(share)
        self._draw(f"{self._title} {bar} {share:4.0%}{left} {what}")

    def rows(self, file: str, count: int) -> None:
        """Tell how many rows of a file were read, when the total is not known."""
        if self._due():
            self._draw(f"{self._title} {file}：{count} 行")

    def note(self, text: str) -> None:
        """Say at once what is being done, where nobody can tell how far it is."""
        if self._shown:
            self._draw(f"{self._title} {text}")

    def _due(self) -> bool:
        if not self._shown:
            return False
        now = self._clock()
        if now - self._begun < _PATIENCE or now - self._drawn < _PAUSE:
            return False
        self._drawn = now
        return True

    def _left(self, share: float) -> str:
        if share <= 0:
            return ""
        seconds = int((self._clock() - self._begun) / share * (1 - share)) + 1
        minutes, seconds = divmod(seconds, 60)
        return f"，约剩 {minutes} 分 {seconds} 秒" if minutes else f"，约剩 {seconds} 秒"

    def _draw(self, text: str) -> None:
        line, width = _cut(text.replace("\n", " "), self._columns() - 1)
        self._stream.write(f"\r{line}{' ' * max(self._width - width, 0)}")
        self._stream.flush()
        self._width = width

    def _wipe(self) -> None:
        if self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()
            self._width = 0

    def _columns(self) -> int:
        """How wide the terminal is now: a longer line would go on below and never be wiped."""
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _COLUMNS
        except (OSError, ValueError):
            return _COLUMNS


def _cut(text: str, columns: int) -> tuple[str, int]:
    """As much of a text as so many columns hold, and how many it takes."""
    width = 0
    for at, char in enumerate(text):
        wide = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if width + wide > columns:
            return text[:at], width
        width += wide
    return text, width
