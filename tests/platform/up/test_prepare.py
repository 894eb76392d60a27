"""What is made before anything is served, also after a start that was cut off."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.platform.test_migrations import said_by

# Cut off after the tables were made and before what belongs into every database was.
CUT_OFF = """
import django
django.setup()
from django.db import connection
from wenyou.org.models import CalendarIssue
from wenyou.search.queries import matching
from wenyou.search.services import put
from wenyou.search.setup import remove_index
from wenyou.up.prepare import migrate
CalendarIssue.objects.all().delete()
remove_index()
for name in ("城东支行营业部", "城西支行营业部"):
    put("unit", 1, name)
    migrate(print)
    print(CalendarIssue.objects.count() >= 4, matching("unit", "支行营业").count())
"""


@pytest.mark.files
def test_next_start_makes_what_a_start_that_was_cut_off_had_not(
    tmp_path: Path, migrated: Path
) -> None:
    shutil.copy(migrated, tmp_path)

    assert said_by(CUT_OFF, tmp_path) == "True 1\nTrue 1"
