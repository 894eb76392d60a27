"""Kinds of jobs and a worker process for the tests of dying and ending workers.

Run as a module it is a worker in a process of its own; what the jobs say goes to its output.
"""

from __future__ import annotations

import sys
import threading

from wenyou.jobs.kinds import Work, register_kind


def ten_steps(work: Work) -> None:
    """Says each step; waits for ever at the one that it was asked to hang at."""
    for number in range(int(str(work.step.get("done", 0))) + 1, 11):
        work.save_step(done=number)
        print(f"step {number}", flush=True)
        if number == work.arguments.get("hang_at") and work.arguments.get("token") in sys.argv:
            threading.Event().wait()
        work.says(number * 10, f"第 {number} 步。")
    work.result(total=10)
    print("done", flush=True)


def until_told(work: Work) -> None:
    """Goes on until it is stopped."""
    print("started", flush=True)
    while True:
        work.says(50, "还在进行。")


def main() -> None:
    """A worker, as the command runs it."""
    import django  # noqa: PLC0415 -- this module is imported by tests too

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- after the set-up

    register()
    call_command("worker", "--interval", "0.05", "--lease", "1", "--no-ticks")


def register() -> None:
    """Make the kinds known."""
    register_kind("test.ten_steps", ten_steps, "十步")
    register_kind("test.until_told", until_told, "直到停下")


if __name__ == "__main__":
    main()
