"""``./wenyou keys status|rotate|reseal|retire|rotate-index|reindex``."""

from __future__ import annotations

import argparse
import time

from wenyou.console import say, set_up

OK, OPEN = 0, 1
WATCH = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou keys``."""
    parser.add_argument(
        "what",
        choices=("status", "rotate", "reseal", "retire", "rotate-index", "reindex"),
        help="status 查看；rotate 更换密钥；reseal 用新密钥重新加密；retire 停用旧密钥；"
        "rotate-index 更换查找密钥并重做查找标记；reindex 只重做查找标记",
    )
    parser.add_argument("key", nargs="?", default="", metavar="密钥编号", help="retire 停用哪一个")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    set_up()
    from wenyou.privacy import sealed  # noqa: PLC0415 -- after the set-up

    match args.what:
        case "rotate":
            key = sealed.rotate(by=None)
            print(
                f"已更换密钥，今后用 {key} 加密。请运行 ./wenyou keys reseal，并另存新的密钥文件。"
            )
        case "reseal":
            return _reseal()
        case "retire":
            sealed.retire(args.key, by=None)
            print(
                f"密钥 {args.key} 已停用，文件移到 keys/retired。"
                "用它加密的旧备份仍需要它，请与备份一样长久保存。"
            )
        case "rotate-index":
            return _followed(sealed.rotate_index(by=None).pk)
        case "reindex":
            return _followed(sealed.ask_reindex(by=None).pk)
        case _:
            return _status()
    return OK


def _followed(pk: int) -> int:
    """Run a job here, or watch the worker that has it; broken off, any worker goes on with it."""
    from wenyou.jobs import runner  # noqa: PLC0415 -- after the set-up
    from wenyou.jobs.models import Job  # noqa: PLC0415 -- after the set-up

    over = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)
    while True:
        runner.run(pk)
        job = Job.objects.get(pk=pk)
        if job.state in over:
            break
        say(f"{job.progress}%　{job.says}")
        time.sleep(WATCH)
    print(job.result.get("told") or job.error or "任务已取消，查找标记没有重做完。")
    return OK if job.state == Job.State.DONE and not job.result.get("broken") else OPEN


def _reseal() -> int:
    from wenyou.privacy import sealed  # noqa: PLC0415 -- after the set-up

    done = sealed.reseal(lambda _, text: say(text), lambda **_: None, step={}, by=None)
    print(sealed.told(done))
    return OPEN if done.broken else OK


def _status() -> int:
    from wenyou.privacy.marks import amiss  # noqa: PLC0415 -- after the set-up
    from wenyou.privacy.sealed import keys_needed  # noqa: PLC0415 -- after the set-up
    from wenyou.vault.house import house_ring  # noqa: PLC0415 -- after the set-up

    ring = house_ring()
    current, needed = ring.current().id, keys_needed()
    for key in sorted({*ring.ids(), *(one for found in needed.values() for one in found)}):
        uses = "、".join(
            f"{title} {found[key]} 处" for title, found in needed.items() if found[key]
        )
        kind = "现用" if key == current else "旧" if key in ring.ids() else "缺失"
        print(f"{key}（{kind}）：{uses or '没有内容需要它'}。")
    print(f"查找密钥 {ring.index_id()}（现用）。")
    if ring.index_changing():
        print("查找密钥正在更换：查找标记还没有全部重做，请运行 ./wenyou keys reindex。")
        return OPEN
    if told := str(amiss()):
        print(told)
        return OPEN
    return OK
