"""Anchors are trusted by the fingerprint of their key, not by a file that lies beside them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from wenyou.audit.actions import register_actions
from wenyou.audit.anchors import KEY_FILE, anchor
from wenyou.audit.models import AuditAnchor, AuditRow
from wenyou.audit.services import Change, record
from wenyou.audit.verify import verify
from wenyou_core.errors import InputRefused

register_actions({"test.happened": "试验"})
pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 3, 0, 10, tzinfo=timezone(timedelta(hours=8)))
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keys and lines of this test alone, one day signed."""
    data = type(settings.DATA)(tmp_path)
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    monkeypatch.delenv("WENYOU_AUDIT_KEY", raising=False)
    signed_on(NOW)
    return data.anchors


def signed_on(day: datetime) -> None:
    with transaction.atomic():
        record("test.happened", by=None, change=Change(note="记"), at=NOW)
    anchor(day)


def another_key() -> None:
    """As somebody who can write the data folder, or after a restore without the key."""
    (settings.DATA.keys / KEY_FILE).unlink()


def test_key_of_the_first_anchor_is_trusted_and_told() -> None:
    verdict = verify(NOW)

    assert verdict.sound
    assert len(verdict.key) == 64
    assert verify(NOW, keys=[verdict.key]).sound
    assert verify(NOW, keys=[verdict.key[:16].upper()]).sound


def test_changed_key_is_told_loudly_until_both_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    old = verify(NOW).key
    another_key()
    signed_on(NOW + DAY)

    (fault,) = verify(NOW).faults

    assert "从2026-03-04起的锚点由另一把密钥签名" in fault
    assert old in fault
    new = fault.partition("指纹 ")[2][:64]
    assert verify(NOW, keys=[old, new]).sound
    monkeypatch.setenv("WENYOU_AUDIT_KEY", f"{old}，{new}")
    assert verify(NOW).sound


def test_lines_and_key_put_in_place_of_all_are_found_by_the_fingerprint(folder: Path) -> None:
    """Somebody writes the log anew, signs it himself and lays his key beside it."""
    old = verify(NOW).key
    for file in folder.iterdir():
        file.unlink()
    another_key()
    AuditAnchor.objects.all()._raw_delete("default")
    AuditRow.objects.filter(place=1)._raw_delete("default")
    signed_on(NOW)

    assert verify(NOW).sound
    (fault,) = verify(NOW, keys=[old]).faults
    assert "不在信任之列" in fault
    assert verify(NOW).key != old


@pytest.mark.parametrize("said", ["x" * 64, "abc", "0" * 63])
def test_what_is_no_fingerprint_is_refused(said: str) -> None:
    with pytest.raises(InputRefused, match="不是公钥指纹"):
        verify(NOW, keys=[said])
