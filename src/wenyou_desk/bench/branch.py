"""A branch: ten thousand facts in workbooks, from opening them to a written result.json."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

WANTED = 10_000


def run_branch(times: int) -> int:
    """Measure the whole way in this process, beside the bare reading of the same workbooks."""
    from wenyou_desk.bench.office import write_office  # noqa: PLC0415 -- only for this word

    with tempfile.TemporaryDirectory(prefix="wenyou-bench-") as home:
        folder = Path(home) / "facts"
        count = write_office(folder, WANTED)
        whole, bare = [], []
        for turn in range(times):
            whole.append(_assessed(folder, Path(home) / f"result-{turn}.json"))
            bare.append(_read(folder))
    seconds, floor = statistics.median(whole), statistics.median(bare)
    runs = "、".join(f"{one:.2f}" for one in whole)
    sys.stdout.write(
        f"一家分行，{count:,} 件事实：从打开到写出 result.json 中位 {seconds:.2f} 秒（{runs}）；\n"
        f"只读出同样的工作簿 {floor:.2f} 秒，全程为其 {seconds / floor:.1f} 倍。\n"
    )
    return 0


def _assessed(folder: Path, out: Path) -> float:
    from wenyou_desk.runs.command import assess_files  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.resultfile import write_result  # noqa: PLC0415 -- slow import

    begun = time.monotonic()
    _, record = assess_files("jsb_sub_branch", folder, period="2025Q3")
    write_result(record, out)
    return time.monotonic() - begun


def _read(folder: Path) -> float:
    """The floor: every cell of the same files, by the same reader, and nothing else."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 -- slow import

    begun = time.monotonic()
    for path in sorted(folder.glob("*.xlsx")):
        book = CalamineWorkbook.from_path(str(path))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
    return time.monotonic() - begun
