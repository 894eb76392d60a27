"""The page of the log: who reads it, and that reading it is logged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.models import RoleHolding as Holding
from wenyou.audit.actions import register_actions
from wenyou.audit.models import AuditRow
from wenyou.audit.services import Change, record

pytestmark = pytest.mark.pages
register_actions({"test.happened": "试验"})


def happen(cast: Cast, note: str = "说明") -> AuditRow:
    with transaction.atomic():
        return record(
            "test.happened",
            by=cast.lin,
            change=Change(subject=cast.jia, unit=cast.jia, old={"电话": "旧"}, new={"电话": "新"},
                          note=note),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 200), ("audit_admin", 200), ("chen", 403), ("system_admin", 403), ("lin", 403)],
)
def test_log_is_for_auditors(
    who: str, status: int, cast: Cast, client_of: Callable[[User], Client]
) -> None:
    row = happen(cast)
    client = client_of(cast.people()[who])

    assert client.get("/system/log/").status_code == status
    assert client.get(f"/system/log/{row.pk}/").status_code == status


def test_reading_is_logged_and_old_and_new_are_shown(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    row = happen(cast)
    client = client_of(cast.auditor)

    listed = client.get("/system/log/?action=test.happened").content.decode()
    text = client.get(f"/system/log/{row.pk}/").content.decode()

    assert "甲网点" in listed
    assert row.digest in text
    read = AuditRow.objects.filter(action="audit.read", actor=cast.auditor)
    assert sorted(read.values_list("note", flat=True)) == [
        "action=test.happened",
        f"第{row.pk}条",
    ]


def test_auditor_of_a_branch_sees_its_units_alone(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    row = happen(cast)
    Holding.objects.filter(user=cast.auditor, role=RoleCode.AUDITOR).update(unit=cast.west)
    client = client_of(cast.auditor)

    assert client.get(f"/system/log/{row.pk}/").status_code == 404
    answer = client.get("/system/log/?export=xlsx")
    assert answer.status_code == 200
    answer.close()


def test_log_costs_the_same_for_one_row_and_for_three(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    client = client_of(cast.auditor)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            happen(cast)
        client.get("/system/log/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/system/log/?action=test.happened")
        counts.append(len(queries))

    assert counts[0] == counts[1]
