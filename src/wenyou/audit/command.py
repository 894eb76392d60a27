"""``./wenyou audit verify``."""

from __future__ import annotations

import argparse

from wenyou.console import say, set_up
from wenyou_desk.parser import path_said

OK, TOUCHED = 0, 1
MOST = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou audit``."""
    parser.add_argument("what", choices=("verify", "anchor"), help="verify 核对；anchor 立即签名")
    parser.add_argument(
        "--anchors", type=path_said, metavar="文件夹", help="用另外保存的锚点文件核对"
    )
    parser.add_argument(
        "--key", action="append", default=[], metavar="指纹",
        help="只信任这个公钥指纹签的锚点，可以写几次；不写时用环境变量 WENYOU_AUDIT_KEY，"
        "都没有时只信任第一个锚点的公钥",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Check the chain, or sign its end now."""
    set_up()
    if args.what == "anchor":
        return _anchor()
    from wenyou.audit.verify import verify  # noqa: PLC0415 -- after the set-up

    verdict = verify(folder=args.anchors, keys=args.key)
    for line in [*verdict.faults[:MOST], *verdict.remarks]:
        print(line)
    if len(verdict.faults) > MOST:
        print(f"另有{len(verdict.faults) - MOST}处没有列出。")
    if verdict.sound:
        print(
            f"核对无误：{verdict.rows}条操作记录前后相接，{verdict.anchors}个锚点签名有效，"
            f"{verdict.waiting}条等待入链。"
        )
        if verdict.unsigned:
            print(
                f"最近一个锚点之后的{verdict.unsigned}条要等下一次每日签名；"
                "在那之前，末尾少了几条还看不出来。"
            )
        if verdict.key:
            print(f"锚点的公钥指纹 {verdict.key}，请与启用时另外留存的核对。")
        return OK
    say("操作记录不完整：请立即报告审计人员，保留现场，不要继续写入。")
    return TOUCHED


def _anchor() -> int:
    from wenyou.audit.anchors import anchor  # noqa: PLC0415 -- after the set-up

    found = anchor()
    say("今天已经签过名，或者还没有操作记录。" if found is None else f"已签名：第{found.place}条。")
    return OK
