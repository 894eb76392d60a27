"""``./wenyou pack``: a folder for a machine without network."""

from __future__ import annotations

import argparse
import platform
import re
from pathlib import Path

from wenyou.console import say
from wenyou_core.errors import InputRefused
from wenyou_desk.parser import path_said

OK = 0
OUT = Path("文优离线包")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou pack``."""
    from wenyou.pack.build import MACHINES  # noqa: PLC0415 -- only when the word is said

    here = ".".join(platform.python_version_tuple()[:2])
    parser.add_argument(
        "--out", type=path_said, default=OUT, metavar="文件夹", help=f"写到哪里，默认“{OUT}”"
    )
    parser.add_argument(
        "--for",
        dest="machines",
        action="append",
        choices=sorted(MACHINES),
        help="给哪种机器，可写多次；不写则给与本机相同的机器",
    )
    parser.add_argument(
        "--python", default=here, metavar="版本", help=f"那台机器的 Python 版本，默认 {here}"
    )


def run(args: argparse.Namespace) -> int:
    """Gather, and say how to install."""
    from wenyou.pack.build import MACHINES, pack, pip  # noqa: PLC0415 -- only when needed

    if not re.fullmatch(r"3\.(1[1-9]|[2-9]\d)", args.python):
        raise InputRefused(
            "pack-python", "Python 版本应形如 3.11，且不低于 3.11，请改正 --python。"
        )
    machines = [MACHINES[name] for name in args.machines or ()]
    count = pack(args.out, machines, args.python, say, pip)
    print(args.out)
    say(f"已写好 {count} 个安装包和校验清单。把整个文件夹拷到目标机器，")
    say(
        "先核对：sha256sum -c SHA256SUMS，再运行：./wenyou up（Windows：py wenyou up），全程不用网络。"
    )
    return OK
