"""``./wenyou diff``: what differs between two runs, and why."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said
from wenyou_desk.runs.files import RESULT_FILE, result_path

OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou diff``."""
    parser.add_argument(
        "old", type=path_said, metavar="旧结果", help="result.json 或它所在的文件夹"
    )
    parser.add_argument(
        "new", type=path_said, metavar="新结果", help="result.json 或它所在的文件夹"
    )
    parser.add_argument(
        "--subject", default="", metavar="对象", help="只看一个机构号、员工号，或唯一的名称"
    )
    parser.add_argument("--json", type=path_said, metavar="文件", help="另把差别写成 JSON 数据")


def run(args: argparse.Namespace) -> int:
    """Read both runs, take their difference apart, and tell it."""
    from wenyou_desk.difference.compute import difference  # noqa: PLC0415 -- slow import
    from wenyou_desk.difference.data import write_data  # noqa: PLC0415 -- slow import
    from wenyou_desk.difference.text import Told, page  # noqa: PLC0415 -- slow import
    from wenyou_desk.progress import Progress  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.foreign import told_as_foreign  # noqa: PLC0415 -- slow import
    from wenyou_desk.runs.resultfile import LARGE, read_result  # noqa: PLC0415 -- slow import

    old, new = (read_result(result_path(path), large=True) for path in (args.old, args.new))
    guarded = told_as_foreign((_named(args.old), old), (_named(args.new), new))
    if old.tables or new.tables:
        from wenyou_desk.runs.bulktext import difference_of_large  # noqa: PLC0415 -- slow import

        if args.subject or args.json is not None:
            raise InputRefused("large_result", LARGE)
        with guarded:
            text = difference_of_large(old, new)
        sys.stdout.write(text)
        return OK
    with guarded, Progress("比较") as progress:
        progress.note("逐项重算……")
        told = Told(difference(old, new))
        text = page(told, args.subject)
    if args.json is not None:
        write_data(told, args.json, args.subject)
    sys.stdout.write(text)
    return OK


def _named(path: Path) -> str:
    return f"{path.name}/{RESULT_FILE}" if path.is_dir() else path.name
