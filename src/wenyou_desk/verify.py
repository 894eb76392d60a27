"""``./wenyou verify FILE…``: compute statements again from what they carry, and compare."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said
from wenyou_desk.runs.files import result_path

if TYPE_CHECKING:
    from wenyou_desk.runs.record import RunRecord
    from wenyou_desk.statements.gather import Gatherer

OK, BAD = 0, 2
_MOST_BYTES = 20_000_000
_MOST_NAMED = 5
ARITHMETIC = "证明的是算术：用页内的事实、方案文本和他人的不具名数字按条款重算，与页面逐字节相同。"
NOT_SOURCE = "没有证明的是来源：页内的事实和他人的数字是否属实、是否就是那次测算的，要加 --run result.json 核对。"
SOURCE = "还证明页内的事实和他人的数字就是这次测算的，页上的结果与这次测算一致。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou verify``."""
    parser.add_argument(
        "files", type=path_said, nargs="+", metavar="告知单", help="告知单文件，或它们所在的文件夹"
    )
    parser.add_argument(
        "--run",
        dest="against",
        type=path_said,
        metavar="结果",
        help="同时核对事实和他人的数字：result.json 或其文件夹",
    )


def run(args: argparse.Namespace) -> int:
    """Verify every file; the last line counts."""
    from wenyou_desk.progress import Progress  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.foreign import told_as_foreign  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.recheck import Refuted, verify  # noqa: PLC0415 -- slow import

    files = list(_files(args.files))
    record = None if args.against is None else _record(args.against)
    refuted: dict[str, list[str]] = {}
    guarded = nullcontext() if record is None else told_as_foreign((args.against.name, record))
    with guarded, Progress("复核") as progress:
        gatherer = None if record is None else _gatherer(record)
        for number, path in enumerate(files):
            progress.step(number, len(files), path.name)
            try:
                verify(_bytes(path), gatherer)
            except Refuted as reason:
                refuted.setdefault(str(reason), []).append(path.name)
    bad = sum(map(len, refuted.values()))
    held = len(files) - bad
    lines = [f"{_shown(names)}：不成立。{reason}" for reason, names in refuted.items()]
    lines = lines if len(files) > 1 or bad else [f"{files[0].name}：成立。"]
    if held:
        lines.append(f"{ARITHMETIC}{NOT_SOURCE if record is None else SOURCE}")
    lines.append(f"成立 {held} 份，不成立 {bad} 份。")
    sys.stdout.write("\n".join(lines) + "\n")
    return BAD if refuted else OK


def _shown(names: list[str]) -> str:
    """The pages that one reason refutes: the first by name, many by their number."""
    more = f"等 {len(names)} 份" if len(names) > _MOST_NAMED else ""
    return "、".join(names[:_MOST_NAMED]) + more


def _record(path: Path) -> RunRecord:
    from wenyou_desk.runs.resultfile import read_result  # noqa: PLC0415 -- slow import

    record = read_result(result_path(path))
    if not record.whole:
        text = "这份 result.json 没有保存全部事实，不能用来核对告知单。请用保存了全部事实的测算。"
        raise InputRefused("run_not_whole", text)
    return record


def _gatherer(record: RunRecord) -> Gatherer:
    from wenyou_desk.runs.rebind import program_of_record  # noqa: PLC0415 -- slow import
    from wenyou_desk.statements.gather import Gatherer  # noqa: PLC0415 -- slow import

    return Gatherer(program_of_record(record), record)


def _files(paths: list[Path]) -> Iterator[Path]:
    """The files named, and all pages in the folders named."""
    for path in paths:
        found = sorted(path.rglob("*.html")) if path.is_dir() else [path]
        if not found:
            raise InputRefused("no_statement", f"文件夹「{path.name}」里没有告知单（.html）。")
        for one in found:
            if not one.is_file():
                raise InputRefused("no_statement", f"找不到告知单「{one.name}」。请核对路径。")
            yield one


def _bytes(path: Path) -> bytes:
    """What stands in a file, unless it is far larger than any statement."""
    from wenyou_desk.statements.recheck import Refuted  # noqa: PLC0415 -- slow import

    with path.open("rb") as file:
        data = file.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise Refuted(f"文件超过 {_MOST_BYTES // 1_000_000} MB，不是告知单。请核对路径。")
    return data
