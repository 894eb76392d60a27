"""Real workers in processes of their own: killed, ended, following each other."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.platform.forked import run_forked

SCRIPT = """
import django; django.setup()
from wenyou.jobs.models import Job
from wenyou.jobs.services import enqueue
from tests.platform.jobs.kinds_of_test import register
register()
{body}
"""


class House:
    """A data folder with a bank in it, and the processes that work on it."""

    def __init__(self, folder: Path, root: Path) -> None:
        self.root = root
        self.environment = {
            **os.environ,
            "WENYOU_DATA": str(folder),
            "WENYOU_SECRET_KEY": "only-for-tests",
            "WENYOU_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "wenyou.settings",
            "PYTHONPATH": os.pathsep.join((str(root / "src"), str(root))),
            "PYTHONUTF8": "1",
        }
        self.processes: list[subprocess.Popen[str]] = []

    def say(self, body: str) -> str:
        """Run a piece of Python in the house; what it prints."""
        done = run_forked(["-c", SCRIPT.format(body=body)], self.environment)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def worker(self, *words: str) -> subprocess.Popen[str]:
        """Start a worker."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.platform.jobs.kinds_of_test", *words],
            cwd=self.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.processes.append(process)
        return process


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, root: Path, migrated: Path) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house"), root)
    shutil.copy(migrated, made.environment["WENYOU_DATA"])
    yield made
    for process in made.processes:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[str], line: str) -> list[str]:
    """What a worker says up to a line; everything if it ends before."""
    assert process.stdout is not None
    lines = []
    for one in process.stdout:
        lines.append(one.strip())
        if lines[-1] == line:
            break
    return lines


def state(house: House, pk: str) -> str:
    return house.say(f"print(Job.objects.get(pk={pk}).state, Job.objects.get(pk={pk}).attempts)")


def test_a_job_whose_worker_was_killed_is_finished_by_the_next_from_its_last_step(
    house: House,
) -> None:
    pk = house.say(
        "print(enqueue(kind='test.ten_steps', title='十步', by=None,"
        " arguments={'hang_at': 4, 'token': 'first'}).pk)"
    )
    first = house.worker("first")
    assert heard(first, "step 4") == ["step 1", "step 2", "step 3", "step 4"]
    first.kill()
    first.wait()
    assert state(house, pk) == "running 1"

    second = house.worker("second")

    assert heard(second, "done") == [f"step {number}" for number in range(5, 11)] + ["done"]
    second.terminate()
    assert second.wait(timeout=30) == 0
    assert state(house, pk) == "done 2"


def test_a_worker_told_to_end_leaves_its_job_waiting_and_ends_in_order(house: House) -> None:
    pk = house.say("print(enqueue(kind='test.until_told', title='长', by=None, arguments={}).pk)")
    worker = house.worker()
    assert heard(worker, "started") == ["started"]

    worker.terminate()

    assert worker.wait(timeout=30) == 0
    assert state(house, pk) == "waiting 0"
