"""Pages of periods, lists, holds, exports, requests and keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.assessments.computed import work_off
from tests.platform.people import Cast
from tests.platform.privacy.kept import NAME, OLD, PHONE, complaint, rule
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow, ExportRow
from wenyou.jobs import runner
from wenyou.jobs.services import cancel
from wenyou.matters.models import Matter
from wenyou.notices.services import notify
from wenyou.privacy import cleanup, holds, requests
from wenyou.privacy.models import CleanupList, LegalHold, PersonRequest, RetentionRule

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _not_stopping() -> None:
    runner.STOPPING.event.clear()


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_periods_are_shown_as_unset_until_one_is_set_on_its_page(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.security_admin)
    assert "未设定" in page(client, "/system/retention/")

    said = {"how": "months", "months": "36", "ground": "本行办法第八条"}
    answer = client.post("/system/retention/matter.complaint/", said)

    assert answer.status_code == 302
    shown = page(client, "/system/retention/?count=1")
    assert "3 年" in shown
    assert "本行办法第八条" in shown
    assert cast.security_admin.label in shown


def test_a_period_below_the_law_stays_in_the_form_with_the_sentence(
    cast: Cast, client_of: ClientOf
) -> None:
    said = {"how": "months", "months": "3", "ground": "本行办法第八条"}

    answer = client_of(cast.security_admin).post("/system/retention/audit/", said)

    assert answer.status_code == 422
    assert "《网络安全法》第二十一条" in answer.content.decode()
    assert "本行办法第八条" in answer.content.decode()
    assert not RetentionRule.objects.exists()


def test_months_are_asked_for_unless_it_is_for_good(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.security_admin)
    said = {"how": "months", "months": "", "ground": "本行办法第八条"}

    assert client.post("/system/retention/runs/", said).status_code == 422
    assert client.post("/system/retention/runs/", {**said, "how": "good"}).status_code == 302
    assert RetentionRule.objects.get().months is None


def test_a_list_goes_from_the_proposal_over_the_question_to_the_tombstone(
    cast: Cast, client_of: ClientOf
) -> None:
    matter = complaint(cast)
    rule(cast, "matter.complaint")
    client = client_of(cast.audit_admin)

    answer = client.post("/system/cleanups/propose/")
    address = answer.headers["Location"]
    shown = page(client, address)
    assert "本行档案管理办法第八条" in shown
    assert NAME not in shown
    asked = client.post(f"{address}confirm/")
    assert "不能恢复" in asked.content.decode()
    assert CleanupList.objects.get().state == CleanupList.State.PROPOSED
    assert client.post(f"{address}confirm/", {"confirmed": "1"}).status_code == 302
    work_off()

    assert matter.number in page(client, address)
    assert NAME not in Matter.objects.get(pk=matter.pk).title
    assert "内容已按保存期限清理" in page(client_of(cast.chen), f"/matters/{matter.pk}/")


def test_a_list_that_is_not_to_be_erased_is_told_why(cast: Cast, client_of: ClientOf) -> None:
    complaint(cast)
    rule(cast, "matter.complaint")
    made = cleanup.propose()
    assert made is not None
    client = client_of(cast.audit_admin)

    answer = client.post(f"/system/cleanups/{made.pk}/refuse/", {"reason": "等审计结束"})

    assert answer.status_code == 302
    assert "等审计结束" in page(client, f"/system/cleanups/{made.pk}/")
    client.post("/system/cleanups/propose/")
    assert CleanupList.objects.count() == 2


def test_a_hold_is_placed_and_lifted_on_its_pages(cast: Cast, client_of: ClientOf) -> None:
    matter = complaint(cast)
    client = client_of(cast.chen)

    said = {"number": matter.number, "ground": "监管来函检查"}
    assert client.post("/system/holds/new/", said).status_code == 302
    assert matter.number in page(client, "/system/holds/?on=1")
    hold = LegalHold.objects.get()
    lifted = client.post(f"/system/holds/{hold.pk}/lift/", {"reason": "检查已结束"})

    assert lifted.status_code == 302
    page(client, "/system/holds/")
    assert matter.number not in page(client, "/system/holds/?on=1")


def test_the_log_of_exports_is_found_by_person_kind_and_hash_and_logs_itself(
    cast: Cast, client_of: ClientOf
) -> None:
    b"".join(client_of(cast.chen).get("/units/", {"export": "xlsx"}))
    row = ExportRow.objects.get()
    client = client_of(cast.audit_admin)

    assert cast.chen.label in page(client, f"/system/exports/?hash={row.sha256}")
    assert cast.chen.label not in page(client, "/system/exports/?who=林岚")
    assert cast.chen.label not in page(client, "/system/exports/?kind=person")
    b"".join(client.get("/system/exports/", {"export": "xlsx"}))
    assert AuditRow.objects.get(action="exports.exported").actor == cast.audit_admin


def test_an_auditor_of_a_branch_sees_the_exports_of_his_units_alone(
    cast: Cast, client_of: ClientOf
) -> None:
    for user in (cast.chen, cast.sun):
        b"".join(client_of(user).get("/units/", {"export": "xlsx"}))
    cast.auditor.holdings.update(unit=cast.east)

    shown = page(client_of(cast.auditor), "/system/exports/")

    assert cast.chen.label in shown
    assert cast.sun.label not in shown


def test_a_request_goes_from_the_form_to_the_file(cast: Cast, client_of: ClientOf) -> None:
    matter = complaint(cast)
    client = client_of(cast.protection)
    said = {"kind": "export", "purpose": "phone", "number": PHONE, "ground": "书面申请一号"}

    answer = client.post("/system/persons/new/", said)
    address = answer.headers["Location"]
    shown = page(client, address)
    assert matter.number in shown
    assert PHONE not in shown
    assert client.post(f"{address}start/").status_code == 302
    work_off()

    assert "下载文件" in page(client, address)
    file = client.get(f"{address}file/")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.headers["Cache-Control"] == "no-store"
    assert file.content[:2] == b"PK"
    assert client_of(cast.chen).get(f"{address}file/").status_code == 404


def test_a_wrong_number_stays_in_the_form_with_what_to_do(cast: Cast, client_of: ClientOf) -> None:
    said = {
        "kind": "erasure",
        "purpose": "identity",
        "number": "1101051949",
        "ground": "书面申请一号",
    }

    answer = client_of(cast.protection).post("/system/persons/new/", said)

    assert answer.status_code == 422
    assert "校验不对" in answer.content.decode()
    assert not PersonRequest.objects.exists()


def test_an_erasure_that_must_wait_says_until_when_on_its_page(
    cast: Cast, client_of: ClientOf
) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 120)
    one = requests.ask(
        requests.Asked(kind="erasure", ground="书面申请一号", purpose="phone", number=PHONE),
        by=cast.protection,
    )
    client = client_of(cast.protection)

    client.post(f"/system/persons/{one.pk}/start/")

    shown = page(client, f"/system/persons/{one.pk}/")
    assert "仍须保存至" in shown
    assert "不能删除" in shown


def test_each_passage_with_the_name_is_shown_and_only_ticked_ones_are_hidden(
    cast: Cast, client_of: ClientOf
) -> None:
    matter = complaint(cast, text=f"张三丰陪同张三来电{PHONE}")
    rule(cast, "person.complaints", 36)
    asked = requests.Asked(
        kind="erasure", ground="书面申请一号", purpose="phone", number=PHONE, name="张三"
    )
    one = requests.ask(asked, by=cast.protection)
    client, address = client_of(cast.protection), f"/system/persons/{one.pk}/"

    shown = page(client, address)
    assert "…<strong>张三</strong>丰陪同" in shown
    assert "张三丰陪同<strong>张三</strong>来电" in shown
    assert "不能恢复" in shown
    assert "勾选了姓名的事项，加密原文和查找标记一并删除" in shown
    ticked = [told.key for told in requests.passages_for(one)[matter.pk] if told.before]
    assert all(f'value="{key}"' in shown for key in ticked)
    assert client.post(f"{address}start/", {"pk": [*ticked, "matter-1"]}).status_code == 302
    work_off()

    assert "张三丰陪同张*来电" in Matter.objects.get(pk=matter.pk).data["customer_request"]
    after = page(client, address)
    assert "没有勾选，没有改动" in after
    assert "<strong>张三</strong>" not in after


def test_a_request_whose_job_was_cancelled_offers_to_go_on(cast: Cast, client_of: ClientOf) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 36)
    asked = requests.Asked(kind="erasure", ground="本人书面申请", purpose="phone", number=PHONE)
    one = requests.start(requests.ask(asked, by=cast.protection), by=cast.protection)
    assert one.job is not None
    cancel(job=one.job, by=cast.protection)

    shown = page(client_of(cast.protection), f"/system/persons/{one.pk}/")

    assert "上次没有办成：后台任务已取消。" in shown
    assert "删除可以删除的内容" in shown
    assert "撤回申请" in shown


def test_my_own_data_is_one_press_away_for_everybody(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.zhou)

    answer = client.post("/system/persons/own/", follow=True)
    work_off()

    assert "已受理" in answer.content.decode()
    assert "/system/persons/" in page(client, "/me/")
    assert PersonRequest.objects.get().state == PersonRequest.State.DONE


def test_keys_are_shown_with_what_needs_them(cast: Cast, client_of: ClientOf) -> None:
    complaint(cast)

    shown = page(client_of(cast.security_admin), "/system/keys/")

    assert "事项原文 1 处" in shown
    assert "现用" in shown


LISTS: dict[str, tuple[str, Callable[[Cast], object]]] = {
    "cleanups": ("audit_admin", lambda cast: CleanupList.objects.create(made_at=timezone.now())),
    "holds": (
        "chen",
        lambda cast: holds.place(complaint(cast).number, ground="监管检查", by=cast.chen),
    ),
    "exports": ("audit_admin", lambda cast: exported(cast)),
    "persons": ("zhou", lambda cast: requests.ask_own(by=cast.zhou)),
}


def exported(cast: Cast) -> ExportRow:
    return ExportRow.objects.create(
        at=timezone.now(), actor=cast.chen, actor_name=cast.chen.label, unit=cast.east,
        kind="list", title="机构", sha256="0" * 64, audit_row=1,
    )  # fmt: skip


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_as_much_for_one_row_as_for_three(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    who, make = LISTS[name]
    client = client_of(getattr(cast, who))
    make(cast)
    page(client, f"/system/{name}/")
    with CaptureQueriesContext(connection) as one:
        page(client, f"/system/{name}/")
    make(cast)
    make(cast)
    with CaptureQueriesContext(connection) as three:
        page(client, f"/system/{name}/")

    assert len(one) == len(three)


def test_old_notices_are_counted_in_the_dry_run_and_nothing_is_touched(
    cast: Cast, client_of: ClientOf
) -> None:
    notify([cast.lin], kind="old", text="旧消息。", at=timezone.now() - OLD)
    rule(cast, "notices", 12)

    page(client_of(cast.security_admin), "/system/retention/?count=1")

    assert cast.lin.notices.count() == 1
    assert not CleanupList.objects.exists()
