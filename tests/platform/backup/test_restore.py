"""A whole bank out and in again, through the command line, on SQLite files of its own."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from tests.platform.forked import run_forked

pytestmark = pytest.mark.files

FILL = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "wenyou.settings"
django.setup()
from datetime import date
from django.conf import settings
from wenyou.accounts.models import User
from wenyou.org.models import Employee, Unit
from wenyou.vault.keyring import KeyRing
from wenyou.vault.seal import seal
top = Unit.objects.create(code="001", name="演示总行", opened_on=date(2024, 2, 29), path="/1/")
ring = KeyRing(settings.DATA.keys)
sealed = seal("13800000000", bound_to="x", ring=ring)
ring.index_key()
ring.rotate()
one = Employee.objects.create(number="0012", name="陈一", unit=top, phone_sealed=sealed)
User.objects.create(number="0012", name="陈一", employee=one)
(settings.DATA.evidence / "ab").mkdir()
(settings.DATA.evidence / "ab" / "abc").write_bytes(bytes(range(256)) * 40)
"""


def run(
    words: list[str], data: Path, *, database: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "WENYOU_DATA": str(data), "PYTHONUTF8": "1"}
    environment.pop("WENYOU_DATABASE_URL", None)
    if database is not None:
        environment["WENYOU_DATABASE_URL"] = database
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[3] / "src")
    return run_forked(words, environment)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The data folder of a small bank, and beside it its backup."""
    data = tmp_path_factory.mktemp("bank") / "data"
    data.mkdir()
    shutil.copy(migrated, data)
    assert run(["-c", FILL], data).stderr == ""
    written = run(["-m", "wenyou", "backup", "--out", str(data.parent / "b.wenyou")], data)
    assert written.returncode == 0, written.stderr
    return data


@pytest.fixture(scope="module")
def backup(bank: Path) -> Path:
    return bank.parent / "b.wenyou"


def table(data: Path, name: str) -> list[dict[str, object]]:
    with sqlite3.connect(data / "wenyou.sqlite3") as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f"SELECT * FROM {name} ORDER BY id")]


def test_a_bank_comes_back_on_another_machine_with_its_keys(
    bank: Path, backup: Path, tmp_path: Path
) -> None:
    fresh = tmp_path / "data"

    done = run(["-m", "wenyou", "restore", str(backup), "--keys", str(bank / "keys")], fresh)

    assert done.returncode == 0, done.stderr
    for name in ("wenyou_unit", "wenyou_employee", "wenyou_user"):
        assert table(fresh, name) == table(bank, name)
    assert (fresh / "evidence/ab/abc").read_bytes() == (bank / "evidence/ab/abc").read_bytes()


def test_no_key_is_inside_and_the_missing_one_is_named(
    bank: Path, backup: Path, tmp_path: Path
) -> None:
    current = (bank / "keys/current").read_text()
    key = bank / f"keys/key-{current}.key"

    done = run(["-m", "wenyou", "restore", str(backup)], tmp_path / "data")

    assert done.returncode == 2
    assert key.name in done.stderr
    assert not (tmp_path / "data/wenyou.sqlite3").exists()


def test_another_key_under_the_same_name_is_suspected_before_the_backup(
    bank: Path, backup: Path, tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    shutil.copytree(bank / "keys", keys)
    current = (keys / "current").read_text()
    (keys / f"key-{current}.key").write_text("cd" * 32)

    done = run(["-m", "wenyou", "restore", str(backup), "--keys", str(keys)], tmp_path / "data")

    assert done.returncode == 2
    assert f"用这里的 key-{current}.key 打不开" in done.stderr
    assert not (tmp_path / "data/wenyou.sqlite3").exists()


@pytest.mark.parametrize("lost", ["older", "index", "foreign"])
def test_every_other_key_is_asked_for_before_anything_is_written(
    bank: Path, backup: Path, tmp_path: Path, lost: str, migrated: Path
) -> None:
    keys, fresh = tmp_path / "keys", tmp_path / "data"
    shutil.copytree(bank / "keys", keys)
    current = (keys / "current").read_text()
    older = next(one for one in keys.glob("key-*.key") if current not in one.name)
    gone = older if lost == "older" else keys / "index.key"
    gone.unlink()
    if lost == "foreign":
        gone.write_text("ab" * 32)
    words = ["-m", "wenyou", "restore", str(backup), "--keys", str(keys)]

    done = run(words, fresh)

    assert done.returncode == 2
    assert gone.name in done.stderr
    assert not (fresh / "wenyou.sqlite3").exists()
    shutil.copy(migrated, fresh)  # an empty house does as well as none
    assert run([*words, "--without-keys"], fresh).returncode == 0
    assert table(fresh, "wenyou_employee") == table(bank, "wenyou_employee")


def test_index_key_of_an_empty_house_gives_way_to_that_of_the_bank(
    bank: Path, backup: Path, tmp_path: Path
) -> None:
    fresh = tmp_path / "data"
    (fresh / "keys").mkdir(parents=True)
    (fresh / "keys/index.key").write_text("cd" * 32)

    done = run(["-m", "wenyou", "restore", str(backup), "--keys", str(bank / "keys")], fresh)

    assert done.returncode == 0, done.stderr
    assert (fresh / "keys/index.key").read_text() == (bank / "keys/index.key").read_text()


def test_a_bank_that_is_there_is_not_written_over(bank: Path, backup: Path) -> None:
    before = table(bank, "wenyou_unit")

    done = run(["-m", "wenyou", "restore", str(backup)], bank)

    assert done.returncode == 2
    assert "已有一家机构的数据" in done.stderr
    assert table(bank, "wenyou_unit") == before


def test_a_damaged_backup_restores_nothing(bank: Path, backup: Path, tmp_path: Path) -> None:
    data = bytearray(backup.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "bad.wenyou").write_bytes(data)

    done = run(
        ["-m", "wenyou", "restore", str(tmp_path / "bad.wenyou"), "--keys", str(bank / "keys")],
        tmp_path / "data",
    )

    assert done.returncode == 2
    assert "没有恢复任何内容" in done.stderr


def test_a_backup_can_be_checked_without_restoring(bank: Path, backup: Path) -> None:
    done = run(["-m", "wenyou", "backup", "--check", str(backup)], bank)

    assert done.returncode == 0
    assert "核对无误" in done.stderr


def test_a_file_that_is_there_is_not_written_over(bank: Path, backup: Path) -> None:
    before = backup.read_bytes()

    done = run(["-m", "wenyou", "backup", "--out", str(backup)], bank)

    assert done.returncode == 2
    assert backup.read_bytes() == before
