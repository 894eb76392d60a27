"""The chain finds what was changed, removed or cut off, and never passes over a late row."""

from __future__ import annotations

import argparse
import os
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from tests.platform.forked import run_forked
from wenyou.audit import command
from wenyou.audit.actions import register_actions
from wenyou.audit.anchors import anchor, read_lines
from wenyou.audit.chain import GENESIS, chain_rows, end_of_chain, linked
from wenyou.audit.models import AppendOnly, AuditAnchor, AuditRow
from wenyou.audit.services import Change, digest_of, record
from wenyou.audit.verify import verify

register_actions({"test.happened": "试验"})
NOW = datetime(2026, 3, 3, 0, 10, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys and lines of this test alone."""
    data = type(settings.DATA)(tmp_path)
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    return data.anchors


def happen(times: int, note: str = "记") -> list[AuditRow]:
    with transaction.atomic():
        return [
            record("test.happened", by=None, change=Change(note=f"{note}{n}"), at=NOW)
            for n in range(times)
        ]


def faults() -> list[str]:
    return verify(NOW).faults


@pytest.mark.django_db
def test_rows_are_chained_in_order_and_verify() -> None:
    rows = happen(3)

    assert chain_rows() == 3
    assert chain_rows() == 0

    chain = GENESIS
    for place, row in enumerate(rows, 1):
        row.refresh_from_db()
        chain = linked(chain, place, row.digest)
        assert (row.place, row.chain) == (place, chain)
    verdict = verify(NOW)
    assert (verdict.sound, verdict.rows, verdict.waiting) == (True, 3, 0)


@pytest.mark.django_db
def test_row_with_a_lower_key_that_is_seen_late_gets_the_next_place() -> None:
    early, late = happen(2)
    AuditRow.objects.filter(pk=early.pk).update(place=999)  # Not to be seen yet.
    chain_rows_without(early)
    AuditRow.objects.filter(pk=early.pk).update(place=None)

    chain_rows()

    early.refresh_from_db()
    late.refresh_from_db()
    assert (late.place, early.place) == (1, 2)
    assert verify(NOW).sound


def chain_rows_without(hidden: AuditRow) -> None:
    """As the tick does while the other transaction is still open."""
    row = AuditRow.objects.get(place__isnull=True)
    assert row.pk > hidden.pk
    AuditRow.objects.filter(pk=row.pk).update(place=1, chain=linked(GENESIS, 1, row.digest))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "place"),
    [({"note": "别的"}, 2), ({"actor_name": "别人"}, 3), ({"new": {"a": 1}}, 1),
     ({"at": NOW - timedelta(seconds=1)}, 2)],
    ids=["note", "actor", "values", "time"],
)  # fmt: skip
def test_changed_row_is_named(changed: dict[str, object], place: int) -> None:
    happen(3)
    chain_rows()

    AuditRow.objects.filter(place=place).update(**changed)

    assert len(faults()) == 1
    assert faults()[0].startswith(f"第{place}条操作记录被改动：2026年3月3日（周二）")


@pytest.mark.django_db
def test_changed_row_with_a_fresh_digest_breaks_the_chain() -> None:
    happen(3)
    chain_rows()
    row = AuditRow.objects.get(place=2)
    row.note = "别的"

    AuditRow.objects.filter(pk=row.pk).update(note=row.note, digest=digest_of(row))

    assert faults()[0].startswith("第2条操作记录与前面的记录接不上")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("removed", "sentence"), [((2,), "第2条操作记录被删除"), ((2, 3), "第2至3条操作记录被删除")]
)
def test_removed_rows_are_named(removed: tuple[int, ...], sentence: str) -> None:
    happen(5)
    chain_rows()

    AuditRow.objects.filter(place__in=removed)._raw_delete("default")

    assert faults()[0].startswith(sentence)


@pytest.mark.django_db
def test_cut_off_end_is_found_by_the_anchor() -> None:
    happen(5)
    anchor(NOW)

    AuditRow.objects.filter(place__gt=3)._raw_delete("default")

    assert faults() == ["2026-03-03的锚点记到第5条，现在只到第3条：从第4条起被截断。"]


@pytest.mark.django_db
def test_chain_written_anew_from_the_beginning_is_found_by_the_anchor() -> None:
    happen(3)
    anchor(NOW)
    happen(2)
    anchor(NOW + timedelta(days=1))
    AuditRow.objects.filter(place=4).update(note="别的")
    rechain()

    assert faults() == ["第4至5条之间的操作记录在2026-03-04之后被整体改写，与当日签名的锚点不符。"]


def rechain() -> None:
    """As somebody would who can write the database but not sign."""
    chain = GENESIS
    for row in AuditRow.objects.order_by("place"):
        digest = digest_of(row)
        chain = linked(chain, row.place or 0, digest)
        AuditRow.objects.filter(pk=row.pk).update(digest=digest, chain=chain)


@pytest.mark.django_db
def test_forged_line_and_missing_line_are_found(folder: Path) -> None:
    happen(3)
    anchor(NOW)
    happen(1)
    anchor(NOW + timedelta(days=1))
    file = folder / "2026.txt"
    first, second = file.read_text().splitlines()

    file.write_text(first.replace("\t3\t", "\t2\t") + "\n")

    assert faults() == [
        "2026-03-03的锚点签名不对：这一行被改动，或缺少签名的公钥文件。",
        "锚点文件里缺少2026-03-04的一行，这一行被删去。",
    ]
    assert second.startswith("2026-03-04\t4\t")


@pytest.mark.django_db
def test_anchor_is_signed_once_a_day_with_the_same_line_outside(folder: Path) -> None:
    assert anchor(NOW) is None
    happen(2)

    made = anchor(NOW)

    assert made is not None
    assert anchor(NOW) is None
    (line,) = read_lines(folder)
    assert (line.day, line.place, line.chain) == (made.day, 2, end_of_chain()[1])
    assert (line.signature, line.key_id) == (made.signature, made.key_id)
    assert "PRIVATE" not in "".join(one.read_text() for one in folder.iterdir())


@pytest.mark.django_db
def test_line_without_its_row_is_taken_up_after_a_crash(folder: Path) -> None:
    happen(2)
    anchor(NOW)
    AuditAnchor.objects.all()._raw_delete("default")

    anchor(NOW)

    assert len(read_lines(folder)) == 1
    assert verify(NOW).sound


@pytest.mark.django_db
def test_rows_that_wait_too_long_are_remarked() -> None:
    happen(2)

    assert verify(NOW).remarks == []
    assert "有2条操作记录还没有入链" in verify(NOW + timedelta(minutes=6)).remarks[0]


@pytest.mark.django_db
def test_changed_row_that_waits_is_found_too() -> None:
    happen(1)
    AuditRow.objects.update(note="别的")

    assert faults()[0].startswith("还没有入链的一条操作记录被改动")


@pytest.mark.django_db
def test_row_is_neither_saved_twice_nor_deleted() -> None:
    (row,) = happen(1)

    with pytest.raises(AppendOnly, match="只增不改"):
        row.save()
    with pytest.raises(AppendOnly, match="只增不改"):
        row.delete()


@pytest.mark.django_db
def test_command_says_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    happen(2)
    said = argparse.Namespace(what="anchor", anchors=None, key=[])
    assert command.run(said) == 0
    said.what = "verify"

    assert command.run(said) == 0
    out = capsys.readouterr().out
    assert "核对无误：2条操作记录前后相接，1个锚点签名有效" in out
    assert f"锚点的公钥指纹 {verify(NOW).key}，请与" in out
    assert "每日签名" not in out
    happen(3)
    chain_rows()
    assert command.run(said) == 0
    assert "最近一个锚点之后的3条要等下一次每日签名" in capsys.readouterr().out
    AuditRow.objects.filter(place=1).update(place=F("place") + 10)
    assert command.run(said) == 1
    assert "第1条操作记录被删除" in capsys.readouterr().out


@pytest.mark.files
def test_actions_of_every_slice_are_told_by_their_names(tmp_path: Path) -> None:
    words = (
        "import django; django.setup(); from wenyou.audit.models import AuditRow;"
        "from wenyou.audit.verify import told; from django.utils.timezone import now;"
        "print(told(AuditRow(at=now(), action='matter.moved')))"
    )
    kept = {key: value for key, value in os.environ.items() if not key.startswith("WENYOU_")}
    said = {"DJANGO_SETTINGS_MODULE": "wenyou.settings", "WENYOU_DATA": str(tmp_path)}
    done = run_forked(["-c", words], {**kept, **said})

    assert done.returncode == 0, done.stderr
    assert "办理事项" in done.stdout


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_lose_no_row_and_break_no_chain() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("内存里的数据库没有第二个连接；这一项在 PostgreSQL 那一遍里测。")

    def write() -> None:
        try:
            for _ in range(5):
                happen(1)
                chain_rows()
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    chain_rows()

    verdict = verify(NOW)
    assert (verdict.sound, verdict.rows, verdict.waiting) == (True, 20, 0)
