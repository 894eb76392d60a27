"""The settings of the tests, where they differ from the product's."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wenyou.accounts.models import User
from wenyou.environment import DataFolder


def test_log_can_be_written_after_the_last_test() -> None:
    # pytest adds handlers of its own, which are of kinds of its own.
    streams = [
        one.stream for one in logging.getLogger().handlers if type(one) is logging.StreamHandler
    ]

    assert streams == [sys.__stderr__]


def test_what_asks_for_no_database_is_marked_so(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("bare") is not None


def test_what_reads_the_database_is_not_marked_so(db: None, request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("bare") is None
    assert not User.objects.filter(number="").exists()


@pytest.mark.files
def test_set_up_leaves_the_language_of_plans_for_when_it_is_asked() -> None:
    words = "import sys, django; django.setup(); print(*sys.modules)"
    variables = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    }
    done = subprocess.run(
        [sys.executable, "-c", words], capture_output=True, text=True, check=True, env=variables
    )
    loaded = set(done.stdout.split())

    assert {"wenyou.models", "wenyou_core.flow.registry"} <= loaded
    assert not {"wenyou_core.scheme.model", "wenyou_desk.tables", "duckdb", "sqlglot"} & loaded


@pytest.mark.skipif(os.name == "nt", reason="Windows 没有这种权限位。")
def test_what_is_about_people_is_for_the_owner_of_the_data_folder_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.ensure()
    files = [folder.database.with_name(folder.database.name + end) for end in ("", "-wal", "-shm")]
    for file in files:
        file.write_bytes(b"")
        file.chmod(0o644)
    for kept in (folder.evidence, folder.runs, folder.uploads):  # as an older program made them
        kept.chmod(0o755)

    folder.ensure()

    private = (folder.keys, folder.evidence, folder.runs, folder.uploads, *files)
    assert [path.name for path in private if path.stat().st_mode & 0o077] == []
