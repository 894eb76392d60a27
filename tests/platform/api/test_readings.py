"""What programs read of people stands in the log of exports, counted before it is handed over."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.api.working import working_token
from tests.platform.people import Cast
from wenyou.accounts.models import AccessToken
from wenyou.api.models import ApiReading
from wenyou.api.readings import tell_readings
from wenyou.api.tokens import NewToken
from wenyou.audit.models import AuditRow, ExportRow

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


@pytest.fixture
def token(cast: Cast) -> tuple[AccessToken, str]:
    new = NewToken(title="数据仓库", scopes=("read",), days=30)
    return working_token(cast.chen, new, by=cast.system_admin)


def get(client: Client, text: str, path: str) -> bytes:
    answer = client.get(f"/api/v1{path}", headers={"Authorization": f"Bearer {text}"})
    assert answer.status_code == 200
    return answer.content


def test_pages_of_people_read_by_a_token_become_one_row_of_the_log_of_exports(
    client: Client, cast: Cast, token: tuple[AccessToken, str]
) -> None:
    pages = [get(client, token[1], f"/people?limit=2&after={after}") for after in (0, 3, 6)]

    assert tell_readings(timezone.now()) == 0  # what has just been read is still coming together
    later = timezone.now() + timedelta(minutes=6)
    assert tell_readings(later) == 1

    row = ExportRow.objects.get()
    assert (row.kind, row.title, row.rows) == (ExportRow.Kind.API, "接口读取：人员", 6)
    assert row.actor == cast.chen
    assert "令牌“数据仓库”读取 3 次" in row.narrowed
    assert row.size == sum(len(one) for one in pages)
    digest = ""
    for one in pages:
        digest = hashlib.sha256((digest + hashlib.sha256(one).hexdigest()).encode()).hexdigest()
    assert row.sha256 == digest
    chained = AuditRow.objects.get(action="api.read")
    assert (chained.pk, chained.new["sha256"], chained.via) == (row.audit_row, digest, "api")
    assert tell_readings(later) == 0
    assert not ApiReading.objects.exists()


def test_units_and_empty_pages_tell_of_nobody_and_leave_no_row(
    client: Client, token: tuple[AccessToken, str]
) -> None:
    get(client, token[1], "/units")
    get(client, token[1], "/people?q=没有这个人")
    client.get("/api/v1/people", headers={"Authorization": "Bearer wrong"})

    assert not ApiReading.objects.exists()


def test_lists_of_facts_and_matters_are_counted_apart(
    client: Client, cast: Cast, token: tuple[AccessToken, str]
) -> None:
    for title in ("事项", "登记簿"):
        now = timezone.now() - timedelta(minutes=9)
        ApiReading.objects.create(token=token[0], title=title, calls=1, rows=5, since=now, last=now)

    assert tell_readings(timezone.now()) == 2
    assert set(ExportRow.objects.values_list("title", flat=True)) == {
        "接口读取：事项",
        "接口读取：登记簿",
    }


def test_many_answers_of_a_list_come_together_in_one_row(
    client: Client, token: tuple[AccessToken, str]
) -> None:
    for _ in range(4):
        get(client, token[1], "/people?limit=1")

    row = ApiReading.objects.get()
    assert (row.calls, row.rows) == (4, 4)
