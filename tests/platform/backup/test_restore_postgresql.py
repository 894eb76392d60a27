"""A bank that has outgrown one file moves to PostgreSQL and is quick there from the first page on."""

from __future__ import annotations

import os
from pathlib import Path

import psycopg
import pytest

from tests.platform.backup.test_restore import FILL, run
from tests.platform.test_migrations import database

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif("WENYOU_DATABASE_URL" not in os.environ, reason="这一遍测试用的是 SQLite。"),
]
# The bank that is taken over: what its tables came from is no matter here.
FIRST = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from wenyou.tables import bring_to_today
bring_to_today()
"""
FOUND = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from wenyou.search.queries import matching
print(matching("unit", "总行").count())
"""
# Before anybody has looked a table through, it is said to hold -1 rows.
LOOKED_THROUGH = """
SELECT relname, reltuples FROM pg_class
WHERE relname IN ('wenyou_unit', 'wenyou_employee', 'wenyou_searchdoc', 'wenyou_searchindex_unit')
"""


def test_bank_of_one_file_is_found_and_looked_through_on_postgresql(tmp_path: Path) -> None:
    old, file, fresh = tmp_path / "old", tmp_path / "b.wenyou", tmp_path / "fresh"
    assert run(["-c", FIRST + FILL], old).stderr == ""
    assert run(["-m", "wenyou", "backup", "--out", str(file)], old).returncode == 0
    with database() as address:
        words = ["-m", "wenyou", "restore", str(file), "--keys", str(old / "keys")]
        done = run(words, fresh, database=address)

        assert done.returncode == 0, done.stderr
        assert run(["-c", FOUND], fresh, database=address).stdout == "1\n"
        with psycopg.connect(address) as server:
            rows: dict[str, float] = dict(server.execute(LOOKED_THROUGH).fetchall())
    assert rows == {
        "wenyou_unit": 1,
        "wenyou_employee": 1,
        "wenyou_searchdoc": 2,
        "wenyou_searchindex_unit": 1,
    }
