"""What ``./wenyou doctor`` finds."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.platform.forked import run_forked
from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.audit.chain import chain_rows
from wenyou.audit.models import AuditRow
from wenyou.doctor import findings
from wenyou.doctor.findings import Grade, Verdict, examine
from wenyou.environment import DataFolder
from wenyou.matters.models import Matter
from wenyou.org.models import CalendarIssue
from wenyou.search.queries import matching
from wenyou.search.services import put
from wenyou.search.setup import INDEX, remove_index
from wenyou.vault.keyring import KeyMissing


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.ensure()
    monkeypatch.setattr(settings, "DATA", made)
    return made


def grades(verdicts: Iterator[Verdict]) -> dict[str, Grade]:
    return {one.subject: one.grade for one in verdicts}


def test_a_sound_folder_is_found_sound(folder: DataFolder) -> None:
    assert grades(findings.folder_verdicts()) == {"数据文件夹": Grade.GOOD, "密钥": Grade.GOOD}


def test_a_key_that_others_can_read_is_named(folder: DataFolder) -> None:
    (folder.keys / "key-00000000.key").write_text("x", encoding="ascii")
    (folder.keys / "key-00000000.key").chmod(0o644)

    verdict = next(one for one in findings.folder_verdicts() if one.subject == "密钥")

    assert verdict.grade is Grade.BAD
    assert "key-00000000.key" in verdict.text


def test_a_full_disk_is_told(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "LEAST_FREE_BYTES", 1 << 62)

    assert grades(findings.folder_verdicts())["数据文件夹"] is Grade.BAD


def test_without_any_backup_there_is_a_hint(folder: DataFolder) -> None:
    assert grades(findings.backup_verdicts()) == {"备份": Grade.HINT}


def test_with_a_backup_of_today_all_is_well(folder: DataFolder) -> None:
    (folder.backups / "a.wenyou").write_bytes(b"")

    assert grades(findings.backup_verdicts()) == {"备份": Grade.GOOD}


@pytest.mark.django_db
def test_a_year_without_holidays_is_found() -> None:
    CalendarIssue.objects.all().delete()

    assert grades(findings.calendar_verdicts()) == {"工作日历": Grade.BAD}


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL 自己维护索引。")
@pytest.mark.parametrize(
    "harm",
    [
        f"INSERT INTO {INDEX}({INDEX}) VALUES ('delete-all')",
        f"DROP TABLE {INDEX}",
        f"DROP TRIGGER {INDEX}_change",
    ],
)
def test_index_of_search_that_lacks_texts_is_built_anew(harm: str) -> None:
    put("unit", 1, "城东支行营业部")
    assert grades(findings.search_verdicts()) == {"搜索": Grade.GOOD}
    with connection.cursor() as cursor:
        cursor.execute(harm)

    assert grades(findings.search_verdicts()) == {"搜索": Grade.HINT}

    assert grades(findings.search_verdicts()) == {"搜索": Grade.GOOD}
    put("unit", 1, "城西支行营业部")
    assert matching("unit", "城西").count() == 1


COMPARE = "import django; django.setup(); from wenyou.search.setup import mended_index as look; {}"


@pytest.mark.files
def test_comparing_the_index_of_search_waits_for_no_writer_and_none_for_it(
    migrated: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated, tmp_path / migrated.name)

    def look(word: str) -> str:
        kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
        said = {"DJANGO_SETTINGS_MODULE": "wenyou.settings", "WENYOU_DATA": str(tmp_path)}
        done = run_forked(["-c", COMPARE.format(word)], {**kept, **said})
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    with closing(sqlite3.connect(tmp_path / migrated.name, isolation_level=None)) as writer:
        writer.execute(
            "INSERT INTO wenyou_searchdoc (object_kind, object_id, text, grams, flow)"
            " VALUES ('unit', 1, '城东', '城东', '')"
        )
        writer.execute("BEGIN IMMEDIATE")
        assert look("print(look())") == "False"
        writer.execute("COMMIT")
        writer.execute(f"INSERT INTO {INDEX}({INDEX}) VALUES ('delete-all')")
    assert look("print(look(), look())") == "True False"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith("comparing")] == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "postgresql", reason="这一遍测试用的是 SQLite。")
def test_missing_index_of_search_is_made() -> None:
    remove_index()

    assert grades(findings.search_verdicts()) == {"搜索": Grade.HINT}
    assert grades(findings.search_verdicts()) == {"搜索": Grade.GOOD}


def test_packages_are_as_pinned() -> None:
    assert [one for one in findings.package_verdicts() if one.grade is Grade.BAD] == []


def test_an_examination_that_breaks_is_a_finding_and_hides_no_other() -> None:
    def broken_verdicts() -> Iterator[Verdict]:
        raise RuntimeError("x")
        yield

    def fine_verdicts() -> Iterator[Verdict]:
        yield findings.good("a", "b")

    assert grades(examine((broken_verdicts, fine_verdicts))) == {
        "检查": Grade.BAD,
        "a": Grade.GOOD,
    }


def test_what_stops_several_examinations_is_told_once_and_in_chinese() -> None:
    def audit_verdicts() -> Iterator[Verdict]:
        raise KeyMissing("0badbeef")
        yield

    def deadline_verdicts() -> Iterator[Verdict]:
        raise KeyMissing("0badbeef")
        yield

    (verdict,) = examine((deadline_verdicts, audit_verdicts))

    assert str(verdict).startswith("有问题　到期时间：缺少编号为 0badbeef 的密钥")
    assert {one.__name__ for one in findings.EXAMINATIONS} == set(findings.SUBJECTS)


def test_changed_due_date_and_changed_log_are_found(cast: Cast, folder: DataFolder) -> None:
    begin("complaint", cast)
    chain_rows()
    assert grades(findings.deadline_verdicts()) == {"到期时间": Grade.GOOD}
    assert grades(findings.audit_verdicts()) == {"操作记录": Grade.GOOD}

    Matter.objects.update(due_at=None)
    AuditRow.objects.update(note="别的")

    assert grades(findings.deadline_verdicts()) == {"到期时间": Grade.BAD}
    assert grades(findings.audit_verdicts()) == {"操作记录": Grade.BAD}
