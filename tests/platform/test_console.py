"""What commands say when the database fails: what to do, for it is no fault of the program."""

from __future__ import annotations

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from django.db import DatabaseError

from tests.platform.forked import run_forked
from wenyou.console import sentence_of


def run(folder: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    return run_forked(["-m", "wenyou", *words], {**kept, "WENYOU_DATA": str(folder), **more})


def test_full_disk_is_told_of_the_database_too() -> None:
    with closing(sqlite3.connect(":memory:")) as small:
        small.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as caught:
            small.execute("CREATE TABLE t AS SELECT zeroblob(100000)")
    wrapped = DatabaseError("database or disk is full")
    wrapped.__cause__ = caught.value

    assert sentence_of(caught.value).startswith("磁盘已满")
    assert sentence_of(wrapped).startswith("磁盘已满")


def test_fault_of_the_program_has_no_sentence() -> None:
    with (
        closing(sqlite3.connect(":memory:")) as one,
        pytest.raises(sqlite3.OperationalError) as caught,
    ):
        one.execute("SELECT * FROM nothing")

    assert sentence_of(caught.value) == ""
    assert sentence_of(KeyError("x")) == ""


@pytest.mark.files
@pytest.mark.parametrize(
    "words", [("up", "--empty", "--port", "8319"), ("audit", "verify"), ("backup",)]
)
def test_damaged_file_is_told_with_what_to_do(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "wenyou.sqlite3").write_bytes(b"x" * 5000)

    done = run(tmp_path, *words)

    assert (done.returncode, "数据库文件已损坏" in done.stderr) == (2, True), done.stderr


@pytest.mark.files
def test_doctor_tells_of_a_damaged_file_once(tmp_path: Path) -> None:
    (tmp_path / "wenyou.sqlite3").write_bytes(b"x" * 5000)

    done = run(tmp_path, "doctor")

    assert done.returncode == 1
    assert done.stdout.count("数据库文件已损坏") == 1
    assert "维护人员" not in done.stdout


@pytest.mark.files
def test_database_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nowhere = "postgres://nobody:x@127.0.0.1:1/nothing"

    done = run(tmp_path, "audit", "verify", WENYOU_DATABASE_URL=nowhere)

    assert done.returncode == 2
    assert done.stderr.startswith("连不上数据库（")
