"""The SMS file: what is written, what waits for the morning, what an administrator sees."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.knobs.models import Setting
from wenyou.notices.gateway import after_quiet, deliver
from wenyou.notices.models import Delivery
from wenyou.notices.services import mark_read, notify
from wenyou.org.private import put

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def outbox(cast: Cast) -> Path:
    """SMS on, and 林 has a number."""
    Setting.objects.create(name="sms.channel", value="file", set_at=NOON)
    employee = cast.lin.employee
    assert employee is not None
    put(employee, "phone", "13812345678")
    employee.save()
    folder = Path(settings.DATA.root) / "outbox"
    for file in folder.glob("*"):
        file.unlink()
    return folder


def say(*users: User, at: datetime = NOON, about: str = "") -> None:
    notify(users, kind="matter", text="投诉 TS2026-000001：派单，请办理。", about=about, at=at)


def lines(folder: Path) -> list[list[str]]:
    return [
        row
        for file in sorted(folder.glob("sms-*.csv"))
        for row in csv.reader(file.read_text("utf-8").splitlines())
    ]


def test_nothing_is_prepared_while_sms_is_off(cast: Cast) -> None:
    say(cast.lin)

    assert not Delivery.objects.exists()
    assert deliver(NOON) == 0


def test_message_is_written_once(outbox: Path, cast: Cast) -> None:
    say(cast.lin)

    assert [deliver(NOON), deliver(NOON)] == [1, 0]

    assert lines(outbox) == [
        ["13812345678", "投诉 TS2026-000001：派单，请办理。", "2026-03-02 12:00:00"]
    ]
    assert Delivery.objects.get().state == "sent"


def test_message_of_the_night_waits_for_the_morning(outbox: Path, cast: Cast) -> None:
    night = NOON.replace(hour=22)
    say(cast.lin, at=night)

    assert deliver(night) == 0
    assert Delivery.objects.get().state == "held"
    assert deliver(NOON.replace(day=3, hour=8)) == 1


def test_what_was_read_meanwhile_is_not_sent(outbox: Path, cast: Cast) -> None:
    say(cast.lin)
    mark_read(by=cast.lin)

    deliver(NOON)

    assert lines(outbox) == []
    assert Delivery.objects.get().error == "已在系统中阅读，没有另发。"


def test_person_without_a_number_is_seen_by_the_administrator(outbox: Path, cast: Cast) -> None:
    say(cast.wu)

    deliver(NOON)

    row = Delivery.objects.get()
    assert (row.state, row.error) == ("failed", "没有登记手机号。")


def test_file_that_cannot_be_written_is_tried_three_times(outbox: Path, cast: Cast) -> None:
    say(cast.lin)
    outbox.mkdir(exist_ok=True)
    (outbox / "sms-20260302.csv").mkdir()

    for minutes in (0, 10, 20):
        assert deliver(NOON + timedelta(minutes=minutes)) == 0

    (outbox / "sms-20260302.csv").rmdir()
    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("failed", 3)


def test_repeated_notice_is_sent_in_its_last_words(outbox: Path, cast: Cast) -> None:
    say(cast.lin, about="matter-1")
    say(cast.lin, about="matter-1")

    assert deliver(NOON) == 1


@pytest.mark.parametrize(
    ("hour", "quiet_from", "quiet_until", "day", "then"),
    [(12, 20, 8, 2, 12), (21, 20, 8, 3, 8), (3, 20, 8, 2, 8), (13, 12, 14, 2, 14), (3, 0, 0, 2, 3)],
)
def test_quiet_hours_end_in_the_morning(
    hour: int, quiet_from: int, quiet_until: int, day: int, then: int
) -> None:
    found = after_quiet(NOON.replace(hour=hour), quiet_from, quiet_until)

    local = found.astimezone(NOON.tzinfo)
    assert (local.day, local.hour) == (day, then)


@pytest.mark.pages
def test_administrator_sees_what_could_not_be_sent(
    outbox: Path, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    say(cast.wu)
    deliver(NOON)

    assert (
        "没有登记手机号" in client_of(cast.system_admin).get("/system/deliveries/").content.decode()
    )
    assert client_of(cast.lin).get("/system/deliveries/").status_code == 403
