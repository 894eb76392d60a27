"""Failed sign-ins stand in the audit log, and an attack does not fill it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessFailureLog
from django.test import Client
from django.utils import timezone

from tests.platform.people import Cast
from wenyou.accounts.services.failures import MOST_ROWS, note_failures
from wenyou.audit.models import AuditRow
from wenyou.jobs.tick import periodics

SIGN_IN = "/sign-in/"
pytestmark = pytest.mark.django_db


def failed(number: str, times: int = 1, address: str = "10.0.0.9") -> None:
    for _ in range(times):
        Client(REMOTE_ADDR=address).post(SIGN_IN, {"number": number, "password": "wrong"})


def noted() -> list[AuditRow]:
    note_failures(timezone.now() + timedelta(minutes=1))
    rows = AuditRow.objects.filter(action__startswith="accounts.sign_in.")
    return list(rows.order_by("pk"))


def test_failures_of_an_account_are_one_row_with_their_number_and_address(cast: Cast) -> None:
    failed(cast.lin.number.lower(), 2)
    failed(cast.lin.number, 1)
    failed(cast.lin.number, 1, "10.0.0.8")

    here, there = noted()

    assert (here.action, here.address, here.new) == (
        "accounts.sign_in.failed", "10.0.0.9", {"次数": 3},
    )  # fmt: skip
    assert (here.object_id, here.unit) == (str(cast.lin.pk), cast.jia)
    assert (there.address, there.new["次数"]) == ("10.0.0.8", 1)
    assert len(noted()) == 2


def test_lock_out_is_told_as_such(cast: Cast) -> None:
    failed(cast.lin.number, 9)

    (row,) = noted()

    assert (row.action, row.note) == ("accounts.sign_in.locked", "已锁定")
    assert row.new["次数"] == 5


def test_number_that_nobody_has_is_masked_and_told_once_for_an_address(cast: Cast) -> None:
    for number in ("Geheim-2026", "13812345678", "Geheim-2026"):
        failed(number)

    (row,) = noted()

    assert row.new == {"次数": 3, "登录号": "G***", "登录号个数": 2}
    assert row.object_title == ""
    assert "没有这个登录号" in row.note


def test_many_addresses_are_few_rows_and_nothing_is_lost(cast: Cast) -> None:
    now = timezone.now()
    AccessFailureLog.objects.bulk_create(
        AccessFailureLog(
            username=f"NO{number}", ip_address=f"10.1.{number // 250}.{number % 250}",
            user_agent="", path_info=SIGN_IN, attempt_time=now,
        )
        for number in range(300)
    )  # fmt: skip

    rows = noted()

    assert len(rows) == MOST_ROWS + 1
    assert sum(row.new["次数"] for row in rows) == 300
    assert not AccessFailureLog.objects.exists()


def test_what_is_being_saved_is_told_the_next_time(cast: Cast) -> None:
    failed(cast.lin.number)

    assert note_failures(timezone.now()) == 0
    assert AccessFailureLog.objects.count() == 1


def test_the_tick_tells_of_failures() -> None:
    assert note_failures in [one.function for one in periodics()]
