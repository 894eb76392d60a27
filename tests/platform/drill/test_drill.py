"""The drill in its short form: ten seconds, two kills, nothing lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.files, pytest.mark.pages]
SOURCE = Path(__file__).resolve().parents[3] / "src"


def drill(*words: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return subprocess.run(
        [sys.executable, "-P", "-m", "wenyou", "drill", *words],
        env={**kept, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="演练目前只能在 Linux 上进行。")
def test_nothing_that_was_answered_as_saved_is_lost_in_two_kills() -> None:
    done = drill("--seconds", "10", "--users", "6", "--kills", "2")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "演练通过" in done.stdout
    saved = re.search(r"已保存 (\d+) 件，.*终止 2 次", done.stdout)
    assert saved is not None
    assert int(saved[1]) > 0


def test_a_drill_without_users_is_refused() -> None:
    done = drill("--users", "0")

    assert done.returncode == 2
    assert "人数" in done.stderr
