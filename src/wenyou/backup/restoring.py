"""``./wenyou restore FILE``: a bank back into an empty database."""

from __future__ import annotations

import argparse

from wenyou.backup.command import loaded
from wenyou.console import say
from wenyou_desk.parser import path_said

OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou restore``."""
    parser.add_argument("file", type=path_said, metavar="备份文件", help="由 ./wenyou backup 写成")
    parser.add_argument(
        "--keys", type=path_said, metavar="文件夹", help="放着密钥文件的文件夹；不写则用本机的"
    )
    parser.add_argument(
        "--without-keys", action="store_true", help="缺少旧密钥也恢复；用它们加密的内容将打不开"
    )


def run(args: argparse.Namespace) -> int:
    """Check whole, then write."""
    services = loaded()
    from wenyou.lock import only_one  # noqa: PLC0415 -- after the set-up

    with only_one():
        contents = services.restore(args.file, keys=args.keys, say=say, lenient=args.without_keys)
    say(f"已恢复 {contents.rows} 行数据和 {contents.files} 个文件。现在可以运行 ./wenyou up。")
    return OK
