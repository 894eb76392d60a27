"""The log speaks Chinese of acts whose code no page imports."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

from wenyou.audit.actions import known_actions
from wenyou.house.auditlog import OF_COMMANDS

ROOT = Path(__file__).parents[3]
ASKED = """
import django; django.setup()
import sys, wenyou.urls
from wenyou.audit.actions import action_title
print(",".join(action_title(code) for code in sys.argv[1:]))
"""


def test_the_pages_alone_know_the_acts_of_commands() -> None:
    codes = ["backup.write", "backup.restore", "demo.created"]

    told = subprocess.run(
        [sys.executable, "-c", ASKED, *codes],
        capture_output=True, check=True, encoding="utf-8", cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "src",
             "PYTHONUTF8": "1"},
    ).stdout  # fmt: skip

    assert told.strip() == "备份,从备份恢复,建立演示银行"
    assert list(OF_COMMANDS) == codes


def test_no_two_acts_of_the_log_are_called_alike() -> None:
    import_module("wenyou.urls")
    many = Counter(known_actions().values())

    assert [title for title, count in many.items() if count > 1] == []
