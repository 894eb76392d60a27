"""Where the files of a run lie, and how they come and go whole."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from django.conf import settings

RESULT, WORKBOOK, STATEMENTS = "result.json", "测算结果.xlsx", "告知单"


def folder_of(run_id: int) -> Path:
    """The folder of a run; it may not be there yet."""
    runs: Path = settings.DATA.runs
    return runs / str(run_id)


def fresh_folder(run_id: int) -> Path:
    """An empty folder beside the run's own, for writing; an unfinished one goes."""
    stage = folder_of(run_id).with_name(f"{run_id}.new")
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(parents=True)
    return stage


def settle(run_id: int, stage: Path) -> None:
    """Put what was written in the run's place."""
    place = folder_of(run_id)
    shutil.rmtree(place, ignore_errors=True)
    stage.replace(place)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
