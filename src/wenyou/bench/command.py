"""``./wenyou bench``: the words of the desk, and ``web``, the pages of a large bank."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from wenyou.bench.cluster import NoPostgres, large_cluster
from wenyou.console import say, set_up
from wenyou_core.errors import InputRefused
from wenyou_desk.bench import command as desk

OK = 0
LEAST_OUTLETS, LEAST_MATTERS = 10, 100
MOST = 10_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou bench``."""
    words = desk.add_words(parser)
    web = words.add_parser("web", help="网页：一万六千个网点、一百万件事项，各页的服务器用时")
    web.add_argument("--outlets", type=int, default=16_000, metavar="个", help="网点数")
    web.add_argument("--people", type=int, default=400_000, metavar="人", help="人员数")
    web.add_argument("--matters", type=int, default=1_000_000, metavar="件", help="事项数")
    web.add_argument("--times", type=int, default=3, metavar="次", help="每个地址打开几次")
    web.add_argument("--seed", type=int, default=1, metavar="数", help="随机种子")
    web.add_argument(
        "--keep", type=Path, metavar="DIR", help="数据库留在这个文件夹，下次同样规模不再造数"
    )


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    if args.what != "web":
        return desk.run(args)
    enough = args.outlets >= LEAST_OUTLETS and args.matters >= LEAST_MATTERS and args.times > 0
    if not enough or max(args.outlets, args.people, args.matters) > MOST:
        raise InputRefused(
            "bench-size", "网点至少 10 个，事项至少 100 件，次数至少 1，都不超过一千万，请改正。"
        )
    with tempfile.TemporaryDirectory(prefix="wenyou-bench-") as folder:
        home = args.keep or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        try:
            with large_cluster(home / "postgres") as address:
                return measured(args, address, Path(folder))
        except NoPostgres as error:
            raise InputRefused(
                "bench-postgres", f"这台机器启动不了随附的 PostgreSQL（{error}），不能测。"
            ) from None


def measured(args: argparse.Namespace, address: str, data: Path) -> int:
    """Fill what is empty, ask, tell."""
    os.environ |= {"WENYOU_DATA": str(data / "data"), "WENYOU_DATABASE_URL": address}
    set_up()

    from django.db import connection  # noqa: PLC0415 -- after the set-up
    from django.utils import timezone  # noqa: PLC0415 -- after the set-up

    from wenyou.bench.fill import Bank, fill, filled, upgrade  # noqa: PLC0415 -- after the set-up
    from wenyou.bench.measure import measure, ticks, told  # noqa: PLC0415 -- after the set-up

    bank = Bank(args.outlets, args.people, args.matters, args.seed)
    if bank.first_staff > bank.people:
        raise InputRefused(
            "bench-people", f"人员太少，这样的机构至少要 {bank.first_staff} 人，请改正。"
        )
    begun = time.monotonic()
    if filled(bank):
        upgrade(say)
    else:
        fill(bank, timezone.now(), say)
    spent = time.monotonic() - begun
    print(
        f"一家 {bank.outlets:,} 个网点、{bank.people:,} 人、{bank.matters:,} 件事项的银行，"
        f"PostgreSQL，造数 {spent:.0f} 秒，{os.cpu_count()} 个处理器。"
    )
    found, floor = measure(bank, args.times, say)
    for line in told(found, floor):
        print(line, flush=True)
    say("正在测：定时事务……")
    for line in ticks():
        print(line, flush=True)
    connection.close()
    return OK
