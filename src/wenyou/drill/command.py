"""``./wenyou drill``: fifty users at once, the server killed ten times, nothing lost."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

from wenyou.console import say
from wenyou_core.errors import InputRefused

OK, FAILED = 0, 1
MOST = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou drill``."""
    parser.add_argument("--seconds", type=float, default=60, metavar="秒", help="办理多久，默认 60")
    parser.add_argument("--users", type=int, default=50, metavar="人", help="几个用户，默认 50")
    parser.add_argument("--kills", type=int, default=10, metavar="次", help="终止几次，默认 10")


def run(args: argparse.Namespace) -> int:
    """Run it in a folder of its own, and tell the outcome."""
    if args.seconds <= 0 or args.users < 1 or args.kills < 0:
        raise InputRefused("drill-words", "秒数和人数应为正数，次数不能为负，请改正。")
    if not sys.platform.startswith("linux"):
        raise InputRefused("drill-system", "演练目前只能在 Linux 上进行。")
    with tempfile.TemporaryDirectory(prefix="wenyou-drill-") as folder:
        os.environ |= {"WENYOU_DATA": folder, "DJANGO_SETTINGS_MODULE": "wenyou.settings"}
        os.environ.pop("WENYOU_DATABASE_URL", None)

        import django  # noqa: PLC0415 -- after the folder is named

        django.setup()
        from wenyou.drill.run import drill  # noqa: PLC0415 -- after the set-up

        found = drill(seconds=args.seconds, users=args.users, kills=args.kills, say=say)
    print(
        f"已保存 {found.saved} 件，读取 {found.reads} 次，终止 {found.kills} 次，"
        f"因终止而中断的请求 {found.lost} 个（已用原键重发），"
        f"每个请求的中位时间 {found.median_ms:.0f} 毫秒。"
    )
    for fault in found.faults[:MOST]:
        print(fault)
    if len(found.faults) > MOST:
        print(f"另有 {len(found.faults) - MOST} 处没有列出。")
    print(
        "演练通过：没有丢失，没有重复，操作记录链完整。"
        if found.passed
        else "演练未通过，请把以上内容交给维护人员。"
    )
    return OK if found.passed else FAILED
