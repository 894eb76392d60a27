"""``worker``: runs jobs and what is periodic until it is told to end."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from datetime import timedelta
from types import FrameType

from django.core.management.base import BaseCommand

from wenyou.jobs.runner import LEASE, STOPPING
from wenyou.jobs.worker import work


class Command(BaseCommand):
    """A worker; several may run at once on PostgreSQL, one on SQLite."""

    help = "运行后台任务和定时事项，直到收到结束信号。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How often to look, and for how long a job is held."""
        parser.add_argument("--interval", type=float, default=1.0, help="空闲时隔几秒看一次")
        parser.add_argument(
            "--lease", type=float, default=LEASE.total_seconds(), help="任务占用多少秒后视为中断"
        )
        parser.add_argument("--no-ticks", action="store_true", help="只做任务，不看定时事项")

    def handle(
        self, *args: object, interval: float, lease: float, no_ticks: bool, **options: object
    ) -> None:
        """Run; SIGTERM and SIGINT end the worker at the job's next step, and the job waits."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
        STOPPING.event.clear()
        work(interval=interval, lease=timedelta(seconds=lease), ticks=not no_ticks)


def _end(number: int, frame: FrameType | None) -> None:
    STOPPING.event.set()
