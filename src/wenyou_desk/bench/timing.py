"""Whole-process figures: seconds and peak memory of a command, several runs, medians."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from wenyou_core.errors import InputRefused
from wenyou_desk.bench import alone


@dataclass(frozen=True, slots=True)
class Figure:
    """Seconds of each run, by the clock and of the processors, and the greatest peak memory in
    megabytes (0: not known here). On a machine shared with others the processors tell more."""

    seconds: tuple[float, ...]
    peak_mb: float
    processors: tuple[float, ...] = (0.0,)

    @property
    def processor(self) -> float:
        """The median of the processors' seconds."""
        return statistics.median(self.processors)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)


def measure(words: Sequence[str]) -> Figure:
    """Run ``python -m words`` once, as a process of its own. Raises InputRefused when it fails."""
    begun = time.monotonic()
    command = [sys.executable, "-m", alone.__name__, *words]
    done = subprocess.run(command, stdout=subprocess.PIPE, encoding="utf-8", check=False)
    seconds = time.monotonic() - begun
    if done.returncode != 0:
        said = f"压测的一步没有完成（{words[0]}，退出码 {done.returncode}）。请看上面的说明。"
        raise InputRefused("bench", said)
    processor, peak = map(float, done.stdout.splitlines()[-1].split())
    return Figure((seconds,), peak, (processor,))


def in_turn(commands: Sequence[Sequence[str]], times: int) -> list[Figure]:
    """Run the commands in turn (A B C A B C …), so that a slow minute of the machine hits all."""
    runs: list[list[Figure]] = [[] for _ in commands]
    for _ in range(times):
        for found, words in zip(runs, commands, strict=True):
            found.append(measure(words))
    return [
        Figure(
            tuple(one.seconds[0] for one in found),
            max(one.peak_mb for one in found),
            tuple(one.processors[0] for one in found),
        )
        for found in runs
    ]
