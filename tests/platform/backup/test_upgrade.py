"""A bank of an older program is backed up as it is, then brought up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.platform.backup.test_restore import run

pytestmark = pytest.mark.files

UPGRADE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
call_command("migrate", "wenyou", "0003", verbosity=0)
others = {app for app, _ in MigrationExecutor(connection).loader.graph.nodes} - {"wenyou"}
for app in sorted(others):
    call_command("migrate", app, verbosity=0)
with connection.cursor() as cursor:
    cursor.execute(
        "INSERT INTO wenyou_user (password, number, name, is_active, must_change, loopback_only,"
        " session_epoch, created_at) VALUES ('!', '0012', '陈一', 1, 0, 0, 0, '2026-01-01 00:00:00')"
    )
from wenyou.up.prepare import migrate
migrate(print)
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.backup.services import check
(file,) = settings.DATA.backups.glob("*.wenyou")
found = check(file, keys=None)
assert ("wenyou", "0003_passwords_used") in found.migrations, found.migrations
assert not any(app == "wenyou" and name > "0004" for app, name in found.migrations)
assert User.objects.get().name == "陈一"
assert AuditRow.objects.get(action="backup.write").new["file"] == file.name
print("好")
"""


def test_bank_of_an_older_program_is_backed_up_before_it_is_upgraded(tmp_path: Path) -> None:
    done = run(["-c", UPGRADE], tmp_path / "data")

    assert done.returncode == 0, done.stderr
    assert "先备份" in done.stdout
    assert done.stdout.endswith("好\n")

    (file,) = (tmp_path / "data" / "backups").glob("*.wenyou")
    keys = str(tmp_path / "data" / "keys")
    restored = run(["-m", "wenyou", "restore", str(file), "--keys", keys], tmp_path / "fresh")
    assert restored.returncode == 0, restored.stderr
