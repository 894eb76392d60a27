"""The table of periodic things."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from wenyou.jobs import tick as ticking
from wenyou.jobs.models import Due
from wenyou.jobs.tick import register_periodic, tick

NOON = datetime.fromisoformat("2025-10-12T12:00:00+08:00")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, db: None) -> list[datetime]:
    monkeypatch.setattr(ticking, "_PERIODIC", {})
    called: list[datetime] = []
    register_periodic("test.hourly", timedelta(hours=1), called.append)
    return called


def test_what_is_due_is_done_once_and_again_when_its_time_has_come(calls: list[datetime]) -> None:
    assert tick(NOON) == ["test.hourly"]
    assert tick(NOON + timedelta(minutes=59)) == []
    assert tick(NOON + timedelta(minutes=60)) == ["test.hourly"]
    assert calls == [NOON, NOON + timedelta(hours=1)]


def test_what_was_missed_is_done_once(calls: list[datetime]) -> None:
    tick(NOON)
    tick(NOON + timedelta(hours=9))
    tick(NOON + timedelta(hours=9, minutes=1))

    assert len(calls) == 2


def test_what_another_worker_has_claimed_is_left_to_it_until_the_claim_runs_out(
    calls: list[datetime],
) -> None:
    tick(NOON)
    Due.objects.update(next_at=NOON, claimed_until=NOON + timedelta(minutes=10))

    assert tick(NOON + timedelta(minutes=5)) == []
    assert tick(NOON + timedelta(minutes=11)) == ["test.hourly"]


def test_one_that_fails_keeps_nobody_waiting_and_says_so(calls: list[datetime]) -> None:
    def breaks(now: datetime) -> None:
        raise ZeroDivisionError

    register_periodic("test.breaks", timedelta(minutes=1), breaks)

    assert sorted(tick(NOON)) == ["test.breaks", "test.hourly"]
    assert "出错" in Due.objects.get(name="test.breaks").last_error
    assert Due.objects.get(name="test.breaks").next_at == NOON + timedelta(minutes=1)


def test_a_daily_thing_is_due_at_its_time_of_beijing(calls: list[datetime]) -> None:
    register_periodic("test.daily", timedelta(days=1), calls.append, at=time(2, 30))

    tick(NOON)

    expected = datetime(2025, 10, 12, 18, 30, tzinfo=UTC)
    assert Due.objects.get(name="test.daily").next_at == expected


def test_a_name_belongs_to_one_function(calls: list[datetime]) -> None:
    with pytest.raises(ValueError, match="two functions"):
        register_periodic("test.hourly", timedelta(hours=1), print)


@pytest.mark.django_db
def test_the_shipped_table_runs_through() -> None:
    tick(timezone.now())

    assert not Due.objects.exclude(last_error="").exists()
