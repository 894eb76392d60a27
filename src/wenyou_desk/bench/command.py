"""``./wenyou bench``: speeds with their ratio to a floor or peer measured in the same run."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from wenyou_core.errors import InputRefused
from wenyou_desk.bench.timing import Figure, in_turn, measure

Words: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words of ``./wenyou bench``."""
    add_words(parser)


def add_words(parser: argparse.ArgumentParser) -> Words:
    """The same, for whoever has more words to add."""
    words = parser.add_subparsers(dest="what", required=True, metavar="哪一项")
    whole = words.add_parser(
        "assess", help="全行：一千万件事实，完整分录，与手写 SQL 和 pandas 对照"
    )
    whole.add_argument("--rows", type=int, default=10_000_000, metavar="件数", help="事实件数")
    whole.add_argument(
        "--times", type=int, default=3, metavar="次数", help="轮流各跑几次，取中位数"
    )
    whole.add_argument("--no-pandas", action="store_true", help="不跑 pandas")
    branch = words.add_parser("branch", help="一家分行：一万件事实，从打开文件到写出结果")
    branch.add_argument("--times", type=int, default=5, metavar="次数", help="跑几次，取中位数")
    return words


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    if args.what == "branch":
        from wenyou_desk.bench.branch import run_branch  # noqa: PLC0415 -- only for this word

        return run_branch(args.times)
    if args.rows < 1000 or args.times < 1:
        raise InputRefused("bench_size", "件数至少 1000，次数至少 1。请改正后再跑。")
    with tempfile.TemporaryDirectory(prefix="wenyou-bench-") as folder:
        return _whole(args, Path(folder))


def _whole(args: argparse.Namespace, home: Path) -> int:
    smaller = max(args.rows // 10, 1000)
    lines = []
    figures: dict[int, list[Figure]] = {}
    for rows in (smaller, args.rows):
        _say(f"造数据：{rows:,} 件…")
        facts = _facts(home, rows)
        modules = MODULES if rows == args.rows and not args.no_pandas else MODULES[:2]
        commands = _commands(facts, home, modules)
        figures[rows] = in_turn(commands, args.times)
        lines += _told(rows, figures[rows])
        lines.append(_agreement(home, modules))
    ours = {rows: found[0].median for rows, found in figures.items()}
    each = {rows: seconds / rows * 1e6 for rows, seconds in ours.items()}
    lines.append(
        f"每百万件：{smaller:,} 件时 {each[smaller]:.2f} 秒，{args.rows:,} 件时 {each[args.rows]:.2f} 秒，"
        f"比 {each[args.rows] / each[smaller]:.2f}。"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _facts(home: Path, rows: int) -> Path:
    folder = home / f"facts-{rows}"
    folder.mkdir()
    measure(["wenyou_desk.bench.data", str(rows), str(folder)])
    return folder


NAMES = ("文优（编译后）", "手写 SQL", "pandas")
MODULES = ("ours", "bare", "pandas_peer")


def _commands(facts: Path, home: Path, modules: Sequence[str]) -> list[list[str]]:
    commands = []
    for module in modules:
        out = home / module
        out.mkdir(exist_ok=True)
        commands.append([f"wenyou_desk.bench.{module}", str(facts), str(out)])
    return commands


def _told(rows: int, figures: list[Figure]) -> list[str]:
    lines = [f"{rows:,} 件事实，写出完整分录："]
    ours = figures[0]
    for name, found in zip(NAMES, figures, strict=False):
        runs = "、".join(f"{one:.2f}" for one in found.seconds)
        speed = rows / found.median / 1e6
        told = (
            f"  {name}：中位 {found.median:.2f} 秒（{runs}），处理器 {found.processor:.2f} 秒，"
            f"每秒 {speed:.2f} 百万件，内存峰值 {found.peak_mb:,.0f} MB"
        )
        if found is not ours:
            told += f"，文优为其 {ours.median / found.median:.2f} 倍"
            if found.processor:
                told += f"（按处理器时间 {ours.processor / found.processor:.2f} 倍）"
        lines.append(told)
    return lines


ALIKE = """kind, whose, subject, period, CAST(day AS DATE), ledger, fact, CAST(base AS BIGINT),
           CAST(amount AS BIGINT), earlier"""
"""The columns in which all ledgers hold the same; ours also has the n of the n-th time."""


def _agreement(home: Path, modules: Sequence[str]) -> str:
    """Whether all ledgers hold the same entries: a speed of another result is no speed.

    Per rule their number, the sum of their amounts, and the sum of a hash of each whole row.
    """
    import duckdb  # noqa: PLC0415 -- slow import

    query = (
        f"SELECT rule, COUNT(*), SUM(amount), SUM(CAST(HASH({ALIKE}) AS HUGEINT))"  # noqa: S608 -- our names
        " FROM read_parquet(?) GROUP BY ALL ORDER BY ALL"
    )
    with duckdb.connect() as connection:
        ours, *others = (
            connection.execute(query, [str(home / module / "entries.parquet")]).fetchall()
            for module in modules
        )
    for module, found in zip(modules[1:], others, strict=True):
        if found != ours:
            apart = [(a, b) for a, b in zip(ours, found, strict=False) if a != b]
            said = f"文优与 {module} 的账不一致：{apart[:3] or found}。请先查明，速度不作数。"
            raise InputRefused("bench_apart", said)
    entries = sum(int(row[1]) for row in ours)
    return f"  {len(modules)} 本账逐条一致（各列的校验和相同），共 {entries:,} 条分录。"


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
