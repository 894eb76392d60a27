"""The migrations themselves, on the database the tests run on; all other tests go without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
LOOK = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.db import connection
from wenyou.org.models import CalendarIssue
from wenyou.search.queries import matching
from wenyou.search.services import put
put("unit", 1, "城东支行营业部")
print(connection.vendor, CalendarIssue.objects.count() >= 4, matching("unit", "营业").count())
call_command("migrate", verbosity=0)
"""


def brought_to_today(folder: Path, **variables: str) -> str:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    environment = {
        **kept,
        **variables,
        "DJANGO_SETTINGS_MODULE": "wenyou.settings",
        "WENYOU_DATA": str(folder),
        "PYTHONPATH": str(SOURCE),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        [sys.executable, "-P", "-c", LOOK],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


@pytest.mark.files
def test_an_empty_sqlite_file_is_brought_to_today(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path)
    assert brought_to_today(tmp_path) == "sqlite True 1"


@pytest.mark.skipif("WENYOU_DATABASE_URL" not in os.environ, reason="这一遍测试用的是 SQLite。")
def test_an_empty_postgresql_database_is_brought_to_today(tmp_path: Path) -> None:
    import psycopg  # noqa: PLC0415 -- only where it is asked for

    parts = urlsplit(os.environ["WENYOU_DATABASE_URL"])
    name = f"migrated_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(urlunsplit(parts), autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}".encode())
        try:
            fresh = urlunsplit(parts._replace(path=f"/{name}"))
            assert brought_to_today(tmp_path, WENYOU_DATABASE_URL=fresh) == "postgresql True 1"
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
