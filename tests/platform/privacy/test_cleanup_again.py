"""A list of what has fallen due whose job did not get to its end, or whose ground has moved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.platform.assessments.computed import work_off
from tests.platform.people import Cast
from tests.platform.privacy.kept import NAME, complaint, rule
from wenyou.accounts.models import User
from wenyou.jobs import runner
from wenyou.jobs.services import cancel
from wenyou.matters.models import Matter
from wenyou.notices.models import Notice
from wenyou.privacy import cleanup, holds
from wenyou.privacy.models import CleanupList, Tombstone
from wenyou_core.errors import InputRefused

State = CleanupList.State


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = type(settings.DATA)(tmp_path)
    data.ensure()
    monkeypatch.setattr(settings, "DATA", data)
    runner.STOPPING.event.clear()


def stuck(cast: Cast) -> CleanupList:
    """A list that was confirmed, and whose job was cancelled before it began."""
    made = cleanup.propose()
    assert made is not None
    made = cleanup.confirm(made, by=cast.audit_admin)
    assert made.job is not None
    cancel(job=made.job, by=cast.audit_admin)
    work_off()
    return CleanupList.objects.get()


def test_a_list_whose_job_was_cancelled_can_be_confirmed_again(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")
    made = stuck(cast)
    assert made.state == State.CONFIRMED
    assert NAME in Matter.objects.get().title

    cleanup.confirm(made, by=cast.audit_admin)
    with pytest.raises(InputRefused, match="决定过"):
        cleanup.confirm(made, by=cast.audit_admin)
    work_off()

    made.refresh_from_db()
    assert made.state == State.DONE
    assert NAME not in Matter.objects.get(pk=matter.pk).title
    assert Tombstone.objects.count() == 1


def test_a_list_whose_job_was_cancelled_can_be_refused_and_the_next_is_proposed(
    cast: Cast,
) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")
    made = stuck(cast)

    cleanup.refuse(made, reason="等审计结束", by=cast.audit_admin)

    again = cleanup.propose()
    assert again is not None
    assert again.pk != made.pk


def test_whoever_confirms_is_told_every_day_of_a_list_that_was_not_finished(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")
    made = stuck(cast)

    assert cleanup.propose() == made

    told = Notice.objects.filter(to=cast.audit_admin, about="cleanup").order_by("-pk")[0]
    assert f"清理清单 {made.pk} 确认后没有清理完" in told.text


def test_what_is_held_between_the_look_and_the_lock_stays(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")
    made = cleanup.propose()
    assert made is not None
    cleanup.confirm(made, by=cast.audit_admin)
    placed: list[bool] = []

    def between(execute: Callable[..., object], sql: str, *rest: object) -> object:
        found = execute(sql, *rest)
        if not placed and "wenyou_matter" in sql and "LIMIT 200" in sql:
            placed.append(True)
            holds.place(matter.number, ground="诉讼，案号一", by=cast.chen)
        return found

    with connection.execute_wrapper(between):
        work_off()

    assert placed
    assert NAME in Matter.objects.get(pk=matter.pk).title


@pytest.mark.pages
def test_the_page_of_a_list_that_was_not_finished_offers_to_decide(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")
    made = stuck(cast)

    shown = client_of(cast.audit_admin).get(f"/system/cleanups/{made.pk}/").content.decode()

    assert "上次没有清理完：后台任务已取消。" in shown
    assert "确认清理" in shown
