"""What leaves the house: by file, after the quiet hours, again and again, and never twice."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.notices.conftest import NOON, PHONE, Sets, say
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.jobs.models import Job
from wenyou.jobs.runner import run as run_job
from wenyou.notices import administering, delivering
from wenyou.notices.delivering import ask, deliver
from wenyou.notices.models import Delivery, Notice
from wenyou.notices.outgoing import after_quiet
from wenyou.notices.services import mark_read
from wenyou_core.errors import InputRefused

WORDS = "【文优】投诉 TS2026-000001 等待您办理，请登录文优查看。"


def lines(folder: Path) -> list[list[str]]:
    return [
        row
        for file in sorted(folder.glob("sms-*.csv"))
        for row in csv.reader(file.read_text("utf-8").splitlines())
    ]


def broken(folder: Path) -> Path:
    """A file where the folder of the outbox should be."""
    folder.mkdir(exist_ok=True)
    folder.rmdir()
    folder.write_text("", encoding="utf-8")
    return folder


def test_nothing_is_prepared_while_every_way_is_closed(lin: User) -> None:
    say(lin)

    assert not Delivery.objects.exists()
    assert deliver(NOON) == 0


def test_message_is_written_once_and_names_no_customer(outbox: Path, lin: User) -> None:
    say(lin)

    assert [deliver(NOON), deliver(NOON)] == [1, 0]

    assert [row[:2] for row in lines(outbox)] == [[PHONE, WORDS]]
    assert Delivery.objects.get().state == "sent"


def test_message_of_the_night_waits_for_the_morning(outbox: Path, lin: User) -> None:
    night = NOON.replace(hour=22)
    say(lin, at=night)

    assert deliver(night) == 0
    assert Delivery.objects.get().state == "held"
    assert deliver(NOON.replace(day=3, hour=8)) == 1


def test_kind_that_cannot_wait_leaves_at_night(outbox: Path, lin: User, sets: Sets) -> None:
    night = NOON.replace(hour=22)
    sets(quiet_exempt=["urge"])
    say(lin, at=night)
    say(lin, at=night, kind="urge")

    assert deliver(night) == 1
    assert Delivery.objects.get(state="sent").notice.kind == "urge"


def test_kind_that_stays_inside_is_not_prepared(outbox: Path, lin: User) -> None:
    say(lin, kind="delivery", outside="")

    assert not Delivery.objects.exists()


def test_what_was_read_meanwhile_is_not_sent(outbox: Path, lin: User) -> None:
    say(lin)
    mark_read(by=lin)

    deliver(NOON)

    assert lines(outbox) == []
    assert Delivery.objects.get().error == "已在系统中阅读，没有另发。"


def test_person_without_a_number_is_seen_by_the_administrator_at_once(
    outbox: Path, cast: Cast
) -> None:
    say(cast.wu)

    deliver(NOON)

    row = Delivery.objects.get()
    assert (row.state, row.error, row.tries) == ("failed", "没有登记手机号。", 1)
    told = Notice.objects.get(to=cast.system_admin)
    assert "1 条通知没有发出去" in told.text
    assert not Delivery.objects.filter(notice=told).exists()


def test_repeated_notice_is_sent_in_its_last_words(outbox: Path, lin: User) -> None:
    say(lin, about="matter-1")
    say(lin, about="matter-1")

    assert deliver(NOON) == 1


def test_failed_message_is_tried_again_later_each_time_and_then_given_up(
    outbox: Path, lin: User, sets: Sets
) -> None:
    sets(retry_tries=3, retry_minutes=10)
    say(lin)
    broken(outbox)
    waits, now = [], NOON

    for _ in range(3):
        assert deliver(now) == 0
        row = Delivery.objects.get()
        waits.append((row.state, row.tries, int((row.not_before - now).total_seconds() // 60)))
        assert deliver(now) == 0
        now = max(now, row.not_before)

    outbox.unlink()
    assert waits[:2] == [("waiting", 1, 10), ("waiting", 2, 20)]
    assert waits[2][:2] == ("failed", 3)
    assert "写不出短信文件" in Delivery.objects.get().error


def test_second_try_that_falls_into_the_night_waits_for_the_morning(
    outbox: Path, lin: User
) -> None:
    evening, night = NOON.replace(hour=19, minute=58), NOON.replace(hour=20, minute=4)
    say(lin, at=evening)
    broken(outbox)
    deliver(evening)
    outbox.unlink()

    assert deliver(night) == 0

    row = Delivery.objects.get()
    assert (row.state, row.not_before) == ("held", NOON.replace(day=3, hour=8))
    assert deliver(row.not_before) == 1


def test_message_a_worker_is_late_with_does_not_leave_at_night(
    outbox: Path, lin: User, sets: Sets
) -> None:
    sets(quiet_exempt=["urge"])
    say(lin)
    say(lin, kind="urge")

    assert deliver(NOON.replace(hour=23)) == 1

    assert Delivery.objects.get(state="held").notice.kind == "matter"


def test_round_ends_in_time_and_another_follows(
    outbox: Path, lin: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "LONGEST_ROUND", 0.0)
    for about in ("one", "two"):
        say(lin, about=about)

    assert deliver(NOON) == 1
    assert ask(NOON) == 1
    assert deliver(NOON) == 1


def test_message_of_a_dead_worker_is_sent_by_another(outbox: Path, lin: User) -> None:
    say(lin)
    Delivery.objects.update(state="sending", claimed_at=NOON, tries=1)

    assert deliver(NOON + timedelta(minutes=5)) == 0
    assert deliver(NOON + timedelta(minutes=11)) == 1


def test_way_that_was_closed_meanwhile_is_told(outbox: Path, lin: User, sets: Sets) -> None:
    say(lin)
    sets(sms_channel="off")

    deliver(NOON)

    assert "渠道已停用" in Delivery.objects.get().error


def test_job_is_asked_for_once_while_something_is_due(outbox: Path, lin: User, sets: Sets) -> None:
    sets(quiet_from=0, quiet_until=0)
    assert ask(NOON) == 0
    say(lin)

    assert [ask(NOON), ask(NOON)] == [1, 0]
    run_job(Job.objects.get().pk)

    assert Job.objects.get().state == "done"
    assert Delivery.objects.get().state == "sent"
    assert ask(NOON + timedelta(days=9)) == 0


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


def test_administrator_sends_again_what_failed(outbox: Path, cast: Cast, lin: User) -> None:
    say(cast.wu)
    deliver(NOON)
    row = Delivery.objects.get()

    assert administering.send_again([row.pk], by=cast.system_admin) == 1

    row.refresh_from_db()
    assert (row.tries, row.error) == (0, "")
    assert row.state in {"waiting", "held"}
    assert AuditRow.objects.filter(action="notices.again", actor=cast.system_admin).exists()


def test_sending_again_is_refused_to_others_and_for_what_did_not_fail(
    outbox: Path, cast: Cast, lin: User
) -> None:
    say(lin)
    row = Delivery.objects.get()

    with pytest.raises(NotAllowed):
        administering.send_again([row.pk], by=cast.security_admin)
    with pytest.raises(InputRefused, match="没有选中"):
        administering.send_again([row.pk], by=cast.system_admin)


def test_test_message_goes_to_oneself_and_only_by_an_open_way(cast: Cast, sets: Sets) -> None:
    with pytest.raises(InputRefused, match="都没有打开"):
        administering.send_test(by=cast.system_admin)
    sets(sms_channel="file")

    administering.send_test(by=cast.system_admin)

    assert Delivery.objects.get().notice.to == cast.system_admin


@pytest.mark.pages
def test_list_shows_what_could_not_be_sent_and_sends_it_again(
    outbox: Path, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    say(cast.wu)
    deliver(NOON)
    client = client_of(cast.system_admin)
    page = client.get("/system/deliveries/?state=failed").content.decode()
    assert "没有登记手机号" in page
    assert WORDS in page
    assert "13900001111" not in page

    none = client.post("/system/deliveries/again/", {"pk": ["x", "9" * 5000, "9" * 30]})
    done = client.post("/system/deliveries/again/", {"pk": Delivery.objects.get().pk})

    assert (none.status_code, done.status_code) == (400, 302)
    assert client_of(cast.lin).get("/system/deliveries/").status_code == 403


@pytest.mark.pages
def test_list_costs_the_same_for_one_message_and_for_three(
    outbox: Path, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    client, counts = client_of(cast.system_admin), []
    for more in ([cast.wu], [cast.sun, cast.zhou]):
        say(*more)
        client.get("/system/deliveries/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/system/deliveries/")
        counts.append(len(queries))

    assert counts[0] == counts[1]
