"""A branch: ten thousand facts in workbooks, from opening them to a written result.json."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WANTED = 10_000


def run_branch(times: int) -> int:
    """Measure the whole way in fresh processes, beside the bare reading of the same workbooks."""
    from wenyou_desk.bench.office import write_office  # noqa: PLC0415 -- only for this word

    with tempfile.TemporaryDirectory(prefix="wenyou-bench-") as home:
        folder = Path(home) / "facts"
        count = write_office(folder, WANTED)
        compiled = _with_byte_code(Path(home) / "compiled")
        _assessed(folder, Path(home) / "result.json", compiled)
        runs, bare = [], []
        for turn in range(times):
            runs.append(_assessed(folder, Path(home) / f"result-{turn}.json", compiled))
            bare.append(_read(folder))
    wall, processor, process = (statistics.median(column) for column in zip(*runs, strict=True))
    floor = statistics.median(bare)
    each = "、".join(f"{one[0]:.2f}" for one in runs)
    sys.stdout.write(
        f"一家分行，{count:,} 件事实：从打开事实到写出 result.json 中位 {wall:.2f} 秒（{each}），"
        f"其中处理器 {processor:.2f} 秒；\n"
        f"连同启动、载入程序和方案，整个进程 {process:.2f} 秒。\n"
        f"只读出同样的工作簿 {floor:.2f} 秒，全程为其 {wall / floor:.1f} 倍。\n"
    )
    return 0


def _with_byte_code(folder: Path) -> dict[str, str]:
    """The surroundings of an installed program: its modules are compiled once, not at each start.

    The run before the first counted one fills the folder.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(folder)}


def _assessed(folder: Path, out: Path, surroundings: dict[str, str]) -> tuple[float, float, float]:
    """Seconds of one run by the clock and the processor, and of its whole process."""
    words = [sys.executable, "-m", "wenyou_desk.bench.branch_once", str(folder), str(out)]
    begun = time.monotonic()
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True, env=surroundings)
    whole = time.monotonic() - begun
    wall, processor = map(float, done.stdout.split())
    return wall, processor, whole


def _read(folder: Path) -> float:
    """The floor: every cell of the same files, by the same reader, and nothing else."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- slow import

    begun = time.monotonic()
    for path in sorted(folder.glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    return time.monotonic() - begun
