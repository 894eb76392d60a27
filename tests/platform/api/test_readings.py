"""What programs read of people stands in the log of exports, counted before it is handed over."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.api.test_api import ALL, ticket
from tests.platform.api.test_assessing import finding
from tests.platform.api.working import working_token
from tests.platform.assessments.computed import published
from tests.platform.people import Cast
from wenyou.accounts.models import AccessToken
from wenyou.api.models import ApiReading
from wenyou.api.readings import tell_readings
from wenyou.api.tokens import NewToken
from wenyou.audit.models import AuditRow, ExportRow
from wenyou.schemes.models import Adoption

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


def counted() -> dict[str, tuple[int, int]]:
    return {one.title: (one.calls, one.rows) for one in ApiReading.objects.all()}


def test_the_ranking_of_units_tells_of_nobody_and_is_not_counted(
    client: Client, cast: Cast, adoption: Adoption, token: tuple[AccessToken, str]
) -> None:
    run = published(cast, adoption)
    get(client, token[1], f"/runs/{run.pk}/standings")
    assert not ApiReading.objects.exists()


def test_of_the_subjects_of_a_run_people_alone_are_counted(
    client: Client, cast: Cast, adoption: Adoption, token: tuple[AccessToken, str]
) -> None:
    run = published(cast, adoption)
    unit = run.subjects.filter(key__startswith="unit:").first()
    assert unit is not None
    said = json.loads(get(client, token[1], f"/runs/{run.pk}/subjects?limit=200"))
    people = [one for one in said["items"] if not one["key"].startswith("unit:")]
    assert 0 < len(people) < len(said["items"])
    assert counted() == {"测算对象": (1, len(people))}

    ApiReading.objects.all().delete()
    run.subjects.exclude(pk=unit.pk).delete()
    get(client, token[1], f"/runs/{run.pk}/subjects")
    assert not ApiReading.objects.exists()


def test_what_a_registration_or_a_move_answers_with_is_counted_as_well(
    client: Client, cast: Cast, adoption: Adoption
) -> None:
    new = NewToken(title="排队机", scopes=ALL, days=1)
    _, text = working_token(cast.chen, new, by=cast.system_admin)

    def post(path: str, body: object, key: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {text}"} | ({"Idempotency-Key": key} if key else {})
        answer = client.post(
            f"/api/v1{path}", body, content_type="application/json", headers=headers
        )
        assert answer.status_code in (200, 201), answer.json()
        return dict(answer.json())

    matter = post("/matters", ticket(cast), key="1")
    post("/matters", ticket(cast), key="1")  # the same answer is handed over once more
    assert counted() == {"事项内容": (2, 2)}
    step = matter["actions"][0]
    said = {
        "action": step["action"],
        "turn": matter["turn"],
        "filled": dict.fromkeys(step["needs"], "已核实。"),
    }
    post(f"/matters/{matter['number']}/moves", said)
    assert counted() == {"事项内容": (3, 3)}

    fact = finding(cast, adoption)
    post("/facts", fact)
    post("/facts/batch", {"facts": [fact, fact]}, key="2")
    post("/facts/batch", {"facts": [fact, fact]}, key="2")
    assert counted()["登记簿"] == (3, 5)


def test_refused_registration_tells_of_nobody(client: Client, cast: Cast) -> None:
    new = NewToken(title="排队机", scopes=ALL, days=1)
    _, text = working_token(cast.chen, new, by=cast.system_admin)

    answer = client.post(
        "/api/v1/matters",
        ticket(cast, unit="112001"),
        content_type="application/json",
        headers={"Authorization": f"Bearer {text}"},
    )

    assert answer.status_code == 404
    assert not ApiReading.objects.exists()


def test_many_answers_of_a_list_come_together_in_one_row(
    client: Client, token: tuple[AccessToken, str]
) -> None:
    for _ in range(4):
        get(client, token[1], "/people?limit=1")

    row = ApiReading.objects.get()
    assert (row.calls, row.rows) == (4, 4)
