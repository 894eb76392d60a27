"""The migration that gives older adoptions their text and older figures their places."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[3] / "src"
# Up to where the rows are laid the tables are made at once, as for an older backup; the migrations
# behind it are what is tested. Sweeping models drawn up anew at each step is a quarter of their time.
FILL = """
import gc
from datetime import date
import django
gc.disable()
django.setup()
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from wenyou.tables import made_at_once
then = [("wenyou", "0006_stored_plan_and_contests")]
assert made_at_once(then)
apps = MigrationExecutor(connection).loader.project_state(then).apps
make = lambda model, **said: apps.get_model("wenyou", model).objects.create(**said)
unit = make("Unit", code="1", name="总行", kind="bank", level="head_office", opened_on=date(2020, 1, 1), path="/1/", depth=0)
user = make("User", number="1", name="陈", password="x")
said = dict(unit=unit, version="2025.1", title="一", from_on=date(2025, 1, 1), adopted_by=user, adopted_at=timezone.now())
known = make("Adoption", plan="jsb_sub_branch", **said)
gone = make("Adoption", plan="shipped_no_more", **said)
run = make("Run", adoption=known, unit=unit, period="2025Q3", known_at=timezone.now(), started_by=user, started_at=timezone.now())
for number, text in enumerate(("\\u2212" "2", "+10.50", "9", "—", "达成")):
    make("RunSubject", run=run, key=f"unit:{number}", title="甲", figures={"a": text})
call_command("migrate", verbosity=0)
from wenyou.schemes.models import Adoption
from wenyou.assessments.models import RunSubject
from wenyou.schemes.plans import plan_file
kept, none = Adoption.objects.select_related("source").order_by("pk")
print(kept.source.text == plan_file("jsb_sub_branch").text, kept.source.version, none.source)
print(*RunSubject.objects.order_by("key").values_list("orders__a", flat=True))
"""


@pytest.mark.files
def test_older_adoptions_get_the_text_that_is_shipped_and_older_figures_their_places(
    tmp_path: Path,
) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    said = {"DJANGO_SETTINGS_MODULE": "wenyou.settings", "WENYOU_DATA": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", FILL],
        env={**kept, **said, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip

    assert done.stderr == ""
    assert done.stdout.splitlines() == ["True 2025.1 None", "0 2 1 None 3"]
