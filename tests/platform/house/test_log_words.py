"""The log speaks Chinese of acts whose code no page imports."""

from __future__ import annotations

import os
from collections import Counter
from importlib import import_module

from tests.platform.forked import run_forked
from wenyou.audit.actions import known_actions
from wenyou.house.auditlog import OF_COMMANDS

ASKED = """
import django; django.setup()
import sys, wenyou.urls
from wenyou.audit.actions import action_title
print(",".join(action_title(code) for code in sys.argv[1:]))
"""


def test_the_pages_alone_know_the_acts_of_commands() -> None:
    codes = ["backup.write", "backup.restore", "demo.created"]

    done = run_forked(
        ["-c", ASKED, *codes], {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "备份,从备份恢复,建立演示银行"
    assert list(OF_COMMANDS) == codes


def test_no_two_acts_of_the_log_are_called_alike() -> None:
    import_module("wenyou.urls")
    many = Counter(known_actions().values())

    assert [title for title, count in many.items() if count > 1] == []
