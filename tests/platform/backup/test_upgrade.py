"""A bank of an older program is backed up as it is, then brought up to date."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.platform.backup.test_restore import run
from tests.platform.test_migrations import tables_of

pytestmark = pytest.mark.files

UPGRADE = """
import gc, os, django
gc.disable()  # a process of one errand; models drawn up anew are a quarter of its time to sweep
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
executor = MigrationExecutor(connection)
newest = [one for one in executor.loader.graph.leaf_nodes() if one[0] != "wenyou"]
executor.migrate([("wenyou", "0003_passwords_used"), *newest])
emit_post_migrate_signal(verbosity=0, interactive=False, db="default")
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
    # Tables made at once as the older program had them come to the same as those it made itself.
    upgraded = tables_of(tmp_path / "data" / "wenyou.sqlite3")
    assert len(upgraded) > 100
    assert tables_of(tmp_path / "fresh" / "wenyou.sqlite3") == upgraded


OLDER = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from pathlib import Path
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from wenyou.backup.services import write_file
from wenyou.house.first import first_administrator_link
from wenyou.org.services import add_employee
from wenyou.org.services.people import NewEmployee
first_administrator_link()
add_employee(NewEmployee(number="N1", name="李小四", phone="13812345671"), by=None)
loader = MigrationLoader(connection)
(newest,) = loader.graph.leaf_nodes("wenyou")
(before,) = [one for one in loader.graph.node_map[newest].parents if one.key[0] == "wenyou"]
call_command("migrate", *before.key, verbosity=0)
write_file(reason="升级前", target=Path(sys.argv[1]))
"""

SEARCHED = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from wenyou.org.models import Employee
from wenyou.org.services import change_employee
from wenyou.search.queries import matching
print(matching("person", "小四").count())
change_employee(Employee.objects.get(number="N1"), by=None, name="李小五")
print(matching("person", "小四").count(), matching("person", "小五").count())
"""


def test_people_of_an_older_backup_are_found_and_can_be_changed(
    tmp_path: Path, migrated: Path
) -> None:
    old, file = tmp_path / "old", tmp_path / "old.wenyou"
    old.mkdir()
    shutil.copy(migrated, old)
    written = run(["-c", OLDER, str(file)], old)
    assert written.returncode == 0, written.stderr
    words = ["-m", "wenyou", "restore", str(file), "--keys", str(old / "keys")]
    restored = run(words, tmp_path / "fresh")
    assert restored.returncode == 0, restored.stderr

    done = run(["-c", SEARCHED], tmp_path / "fresh")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "1\n0 1\n"
    assert tables_of(tmp_path / "fresh" / migrated.name) == tables_of(migrated)
