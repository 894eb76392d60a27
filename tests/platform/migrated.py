"""An empty bank brought to today by the migrations, once for a whole run of the tests."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src"
MIGRATE = """
import gc, django
gc.disable()  # models drawn up anew at each step are a quarter of its time to sweep
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""


def migrated_file(factory: pytest.TempPathFactory) -> Path:
    """The SQLite file; whichever process of the run asks first makes it."""
    above = factory.getbasetemp()
    folder = (above.parent if "PYTEST_XDIST_WORKER" in os.environ else above) / "migrated"
    folder.mkdir(exist_ok=True)
    file = folder / "wenyou.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            _migrate(folder / "making")
            (folder / "making" / file.name).replace(file)
    return file


def _migrate(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    said = {"DJANGO_SETTINGS_MODULE": "wenyou.settings", "WENYOU_DATA": str(folder)}
    done = subprocess.run(
        [sys.executable, "-P", "-c", MIGRATE],
        env={**kept, **said, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
