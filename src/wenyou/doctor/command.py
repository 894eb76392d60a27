"""``./wenyou doctor``: what is wrong, and what to do."""

from __future__ import annotations

import argparse

from wenyou.console import set_up

FOUND = 1
OK = 0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No words of its own."""


def run(args: argparse.Namespace) -> int:
    """Print every verdict; exit code 1 when something is wrong."""
    set_up()
    from wenyou.doctor.findings import Grade, examine  # noqa: PLC0415 -- after the set-up

    grades = []
    for verdict in examine():
        grades.append(verdict.grade)
        print(verdict, flush=True)
    bad, hints = grades.count(Grade.BAD), grades.count(Grade.HINT)
    if bad:
        print(f"共 {bad} 处有问题，{hints} 处提醒。请按上面的说明处理后再检查一次。")
    else:
        print(f"没有发现问题，{hints} 处提醒。" if hints else "一切正常。")
    return FOUND if bad else OK
