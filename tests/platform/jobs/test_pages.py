"""The pages of my jobs."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.jobs.kinds_of_test import register
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.jobs import services
from wenyou.jobs.models import Job

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]
register()


def ask(cast: Cast) -> Job:
    return services.enqueue(
        kind="test.ten_steps", title="第三季度测算", arguments={}, by=cast.chen, unit=cast.east
    )


def test_the_list_shows_my_jobs_and_nobody_elses(cast: Cast, client_of: ClientOf) -> None:
    ask(cast)

    assert "第三季度测算" in client_of(cast.chen).get("/jobs/").content.decode()
    assert "第三季度测算" not in client_of(cast.lin).get("/jobs/").content.decode()


def test_a_job_page_polls_while_the_job_runs_and_stops_when_it_is_over(
    cast: Cast, client_of: ClientOf
) -> None:
    job = ask(cast)
    client = client_of(cast.chen)

    assert "every 2s" in client.get(f"/jobs/{job.pk}/").content.decode()
    Job.objects.filter(pk=job.pk).update(
        state=Job.State.DONE, result={"address": "/there/", "label": "查看测算表"}
    )
    fragment = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "every 2s" not in fragment
    assert 'href="/there/"' in fragment


def test_a_job_of_somebody_else_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    job = ask(cast)

    assert client_of(cast.lin).get(f"/jobs/{job.pk}/").status_code == 404
    assert client_of(cast.lin).post(f"/jobs/{job.pk}/cancel/").status_code == 404


def test_a_job_is_cancelled_by_a_press(cast: Cast, client_of: ClientOf) -> None:
    job = ask(cast)

    answer = client_of(cast.chen).post(f"/jobs/{job.pk}/cancel/", follow=True)

    assert "已取消" in answer.content.decode()


def test_a_job_that_finishes_an_act_cannot_be_cancelled(cast: Cast, client_of: ClientOf) -> None:
    job = services.enqueue(
        kind="matters.anew", title="重算", arguments={}, by=cast.chen, unit=cast.east
    )
    client = client_of(cast.chen)

    assert "取消这个任务" not in client.get(f"/jobs/{job.pk}/").content.decode()
    answer = client.post(f"/jobs/{job.pk}/cancel/")

    assert answer.status_code == 400
    assert "把已经生效的改动做完" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == Job.State.WAITING


def test_the_list_asks_as_many_queries_for_three_jobs_as_for_one(
    cast: Cast, client_of: ClientOf
) -> None:
    ask(cast)
    client = client_of(cast.chen)
    client.get("/jobs/")
    with CaptureQueriesContext(connection) as one:
        client.get("/jobs/")
    ask(cast)
    ask(cast)
    with CaptureQueriesContext(connection) as three:
        client.get("/jobs/")
    assert len(three) == len(one)
