"""Whatever is taken out stands in the log of exports with its hash; the log learns no numbers."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.test import Client

from tests.platform.matters.made import begin
from tests.platform.people import Cast
from tests.platform.register.filled import proposed
from tests.platform.schemes.adopted import adopted
from wenyou.accounts.models import User
from wenyou.audit.actions import register_actions
from wenyou.audit.models import AppendOnly, AuditRow, ExportRow
from wenyou.audit.services import Change, record
from wenyou.matters.services import move
from wenyou.org.services import change_contact

register_actions({"test.happened": "试验"})
ClientOf = Callable[[User], Client]
PHONE, IDENTITY = "13812345678", "11010519491231002X"


def content(answer: Any) -> bytes:
    return b"".join(answer)


LISTS = {
    "org.export": ("chen", "/units/", "机构"),
    "org.export ": ("chen", "/people/", "员工"),
    "matter.exported": ("chen", "/complaints/", "投诉与表扬"),
    "facts.exported": ("chen", "/register/{adoption}/", ""),
    "audit.exported": ("auditor", "/system/log/", "操作记录"),
}


@pytest.mark.pages
@pytest.mark.parametrize("action", LISTS)
def test_every_list_leaves_a_row_with_who_when_what_and_the_hash_of_the_file(
    cast: Cast, client_of: ClientOf, action: str
) -> None:
    who, address, title = LISTS[action]
    adoption = adopted(cast)
    proposed(cast, adoption)
    user: User = getattr(cast, who)

    answer = client_of(user).get(address.format(adoption=adoption.pk), {"export": "xlsx"})

    file = content(answer)
    row = ExportRow.objects.get()
    sheet = openpyxl.load_workbook(io.BytesIO(file)).active
    assert sheet is not None
    assert row.sha256 == hashlib.sha256(file).hexdigest()
    assert (row.actor, row.size, row.rows) == (user, len(file), sheet.max_row - 3)
    assert title in row.title
    assert user.label in str(sheet["A2"].value)
    said = AuditRow.objects.get(action=action.strip())
    assert (said.pk, said.new["sha256"]) == (row.audit_row, row.sha256)


@pytest.mark.pages
def test_number_typed_as_a_filter_is_starred_in_the_log(cast: Cast, client_of: ClientOf) -> None:
    content(client_of(cast.chen).get("/complaints/", {"q": PHONE, "export": "xlsx"}))

    assert ExportRow.objects.get().narrowed == "编号：138****5678"
    assert PHONE not in AuditRow.objects.get(action="matter.exported").note


@pytest.mark.pages
def test_too_large_an_export_or_none_leaves_no_row(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.chen).get("/units/").status_code == 200
    assert not ExportRow.objects.exists()


@pytest.mark.pages
def test_rows_of_the_log_of_exports_are_never_changed(cast: Cast, client_of: ClientOf) -> None:
    content(client_of(cast.chen).get("/units/", {"export": "xlsx"}))
    row = ExportRow.objects.get()
    row.rows = 0

    with pytest.raises(AppendOnly):
        row.save()
    with pytest.raises(AppendOnly):
        row.delete()


@pytest.mark.django_db
def test_no_row_of_the_log_keeps_a_number_of_a_person() -> None:
    with transaction.atomic():
        row = record(
            "test.happened",
            by=None,
            change=Change(
                note=f"电话{PHONE}",
                old={"data": [{"b": f"证件{IDENTITY}"}]},
                new={"sha256": "1" * 64, "days": 3, "at": "2026-03-02T16:00:00"},
            ),
        )

    assert row.note == "电话138****5678"
    assert row.old == {"data": [{"b": "证件1101**********002X"}]}
    assert row.new == {"sha256": "1" * 64, "days": 3, "at": "2026-03-02T16:00:00"}


def test_published_telephone_of_an_outlet_is_no_persons_and_stays(cast: Cast) -> None:
    change_contact(cast.jia, phone="0512-67891234", address="", by=cast.chen)

    assert AuditRow.objects.get(action="org.unit.contact").new["phone"] == "0512-67891234"


def test_what_a_customer_said_never_reaches_the_log(cast: Cast) -> None:
    matter = begin(
        "complaint",
        cast,
        by=cast.chen,
        filled={"customer_request": f"客户赵六，电话{PHONE}，要求道歉"},
    )
    move(matter, "assign", by=cast.handler, turn=matter.turn, note="已致电赵六",
         filled={"unit": cast.jia}, at=matter.opened_at)  # fmt: skip

    for row in AuditRow.objects.all():
        said = f"{row.object_title}{row.note}{row.old}{row.new}"
        assert "赵六" not in said
        assert PHONE not in said
    assert AuditRow.objects.filter(object_title=matter.number).count() == 2
