"""The pages of the register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.people import Cast
from tests.platform.register.filled import confirmed, entry, finding_row, proposed, workbook
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.evidence.models import EvidenceUse
from wenyou.register.models import Coverage, Fact, Upload
from wenyou.register.services import propose, revise
from wenyou.schemes.models import Adoption

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]


def typed(cast: Cast, **changed: str) -> dict[str, str]:
    return {
        "unit": "甲网点",
        "person": "周宁",
        "happened_on": "2025-08-12",
        "known_at": "2025-08-12T17:00",
        "f_type": "服务用语",
        "f_points": "2",
        "f_counted": "1",
        "evidence": "照片",
        **changed,
    }


def test_a_fact_is_typed_with_names_and_found_by_the_server(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    client = client_of(cast.zheng)

    page = client.post(f"/register/{adoption.pk}/new/finding/", typed(cast), follow=True)

    fact = Fact.objects.get()
    assert (fact.unit, fact.employee) == (cast.jia, cast.zhou.employee)
    assert "待确认" in page.content.decode()
    assert fact.data == {"type": "服务用语", "points": {"n": "2"}, "counted": True}


def test_every_kind_of_the_plan_has_a_form(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)
    listed = client.get(f"/register/{adoption.pk}/").content.decode()

    for kind in ("finding", "complaint", "praise", "volume", "meeting", "decision"):
        assert f"/register/{adoption.pk}/new/{kind}/" in listed
        assert client.get(f"/register/{adoption.pk}/new/{kind}/").status_code == 200


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fields = typed(cast, unit="网点", person="某人", f_points="二")

    answer = client_of(cast.zheng).post(f"/register/{adoption.pk}/new/finding/", fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "可能是：甲网点（111001）、乙网点（111002）" in page
    assert "没有找到员工“某人”" in page
    assert 'value="二"' in page
    assert not Fact.objects.exists()


def test_a_deduction_typed_below_zero_is_refused(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fields = typed(cast, f_points="-2")

    answer = client_of(cast.zheng).post(f"/register/{adoption.pk}/new/finding/", fields)

    assert answer.status_code == 422
    assert "这里的数应不小于 0。请核对后重填。" in answer.content.decode()
    assert not Fact.objects.exists()


def test_a_number_beyond_what_can_be_computed_is_refused(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fields = typed(cast, f_number="20000000000000000000")

    answer = client_of(cast.zheng).post(f"/register/{adoption.pk}/new/volume/", fields)

    assert answer.status_code == 422
    assert "这个数超出了能记的范围。请核对后重填。" in answer.content.decode()


def test_a_unit_of_somebody_else_is_not_found_by_its_name(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fields = typed(cast, unit="乙网点")

    page = client_of(cast.lin).post(f"/register/{adoption.pk}/new/finding/", fields)

    assert "没有找到机构“乙网点”" in page.content.decode()


def test_a_fact_is_confirmed_mended_and_withdrawn_by_pages(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact, client = proposed(cast, adoption), client_of(cast.chen)

    assert "确认后" in client.get(f"/facts/{fact.pk}/confirm/").content.decode()
    client.post(f"/facts/{fact.pk}/confirm/")
    fact = Fact.objects.get(latest=True)
    assert 'value="2"' in client.get(f"/facts/{fact.pk}/revise/").content.decode()
    client.post(f"/facts/{fact.pk}/revise/", typed(cast, f_points="1", reason="复核"))
    fact = Fact.objects.get(latest=True)
    client.post(f"/facts/{fact.pk}/withdraw/", {"reason": "重复"})
    fact = Fact.objects.get(latest=True)
    assert (fact.revision, fact.state) == (4, Fact.State.WITHDRAWN)
    assert "第 4 版" in client.get(f"/facts/{fact.pk}/").content.decode()


def test_a_form_to_mend_a_fact_that_was_mended_meanwhile_keeps_what_was_typed_and_leads_on(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact, client = proposed(cast, adoption), client_of(cast.chen)
    first = typed(cast, f_points="1", reason="复核")
    assert client.post(f"/facts/{fact.pk}/revise/", first).status_code == 302
    newest = Fact.objects.get(latest=True)

    answer = client.post(f"/facts/{fact.pk}/revise/", typed(cast, f_points="7", reason="再改"))

    page = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="7"' in page
    assert "陈静" in page
    assert f'href="/facts/{newest.pk}/revise/"' in page
    assert Fact.objects.get(latest=True) == newest
    # Opened by hand it leads to the newest at once.
    opened = client.get(f"/facts/{fact.pk}/revise/")
    assert (opened.status_code, opened["Location"]) == (302, f"/facts/{newest.pk}/revise/")


def test_a_fact_that_was_withdrawn_meanwhile_is_not_offered_to_be_mended(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact, client = proposed(cast, adoption), client_of(cast.chen)
    client.post(f"/facts/{fact.pk}/withdraw/", {"reason": "重复登记"})
    newest = Fact.objects.get(latest=True)

    sent = client.post(f"/facts/{fact.pk}/revise/", typed(cast, f_points="7", reason="再改"))

    page = sent.content.decode()
    assert sent.status_code == 409
    assert "没有保存：这件事项已经撤销" in page
    assert f'href="/facts/{newest.pk}/revise/"' not in page
    assert f'href="/facts/{newest.pk}/"' in page
    opened = client.get(f"/facts/{newest.pk}/revise/")
    assert (opened.status_code, opened["Location"]) == (302, f"/facts/{newest.pk}/")


def test_fact_that_went_to_a_unit_one_does_not_see_says_so_and_leads_to_no_missing_page(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact = proposed(cast, adoption)
    moved = revise(
        fact=fact, entry=entry(cast, unit=cast.yi, employee=None), reason="记错网点", by=cast.chen
    )
    head = client_of(cast.lin)
    assert head.get(f"/facts/{moved.pk}/").status_code == 404

    opened = head.get(f"/facts/{fact.pk}/revise/", follow=True)

    assert (opened.redirect_chain, opened.status_code) == ([(f"/facts/{fact.pk}/", 302)], 200)
    shown = opened.content.decode()
    assert "已改记到您看不到的机构" in shown
    assert "第 1 版" in shown
    assert "记错网点" not in shown  # the reason of a revision that is not his
    assert f"/facts/{moved.pk}/" not in shown
    sent = head.post(f"/facts/{fact.pk}/revise/", typed(cast, f_points="7", reason="再改"))
    page = sent.content.decode()
    assert sent.status_code == 409
    assert "您这次填写的内容没有保存：这件事项已改记到您看不到的机构" in page
    assert 'value="7"' in page
    assert f"/facts/{moved.pk}/" not in page
    assert "陈静" not in page


def test_a_fact_of_another_unit_is_not_found_and_one_may_not_be_confirmed_by_its_head(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact = proposed(cast, adoption)

    assert client_of(cast.wu).get(f"/facts/{fact.pk}/").status_code == 404
    assert client_of(cast.lin).get(f"/facts/{fact.pk}/").status_code == 200
    assert client_of(cast.lin).post(f"/facts/{fact.pk}/confirm/").status_code == 403


def test_a_workbook_goes_from_the_template_to_the_register(
    cast: Cast, adoption: Adoption, client_of: ClientOf, tmp_path: Path
) -> None:
    client = client_of(cast.chen)
    template = client.get(f"/register/{adoption.pk}/template/")
    assert template.status_code == 200
    assert b"".join(template.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    path = workbook(tmp_path / "a.xlsx", adoption, "finding", [finding_row(cast)])
    file = SimpleUploadedFile("台账.xlsx", path.read_bytes())

    page = client.post(f"/register/{adoption.pk}/import/", {"file": file}, follow=True)

    assert "将会改变" in page.content.decode()
    upload = Upload.objects.get()
    client.post(f"/register/uploads/{upload.pk}/apply/")
    assert Fact.objects.count() == 1
    page = client_of(cast.he).get(f"/register/uploads/{upload.pk}/")
    assert "确认这 1 件事项" in page.content.decode()
    client_of(cast.he).post(f"/register/uploads/{upload.pk}/confirm/")
    assert Fact.objects.get(latest=True).state == Fact.State.CONFIRMED


def test_a_bad_workbook_is_shown_row_by_row(
    cast: Cast, adoption: Adoption, client_of: ClientOf, tmp_path: Path
) -> None:
    rows = [finding_row(cast, unit="999999")]
    path = workbook(tmp_path / "a.xlsx", adoption, "finding", rows)
    file = SimpleUploadedFile("台账.xlsx", path.read_bytes())

    page = client_of(cast.chen).post(
        f"/register/{adoption.pk}/import/", {"file": file}, follow=True
    )

    text = page.content.decode()
    assert "没有导入任何内容" in text
    assert "机构号「999999」" in text
    assert f'href="/register/{adoption.pk}/import/">改好后再上传' in text
    history = client_of(cast.chen).get("/register/uploads/").content.decode()
    assert 'href="/register/"' in history
    wrong = SimpleUploadedFile("台账.jpg", b"1")
    answer = client_of(cast.chen).post(f"/register/{adoption.pk}/import/", {"file": wrong})
    assert answer.status_code == 422
    assert "不是可以导入的表格" in answer.content.decode()


def test_completeness_is_declared_and_taken_back_by_pages(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)
    days = {"from_on": "2025-07-01", "until_on": "2025-09-30", "unit": cast.east.code}

    client.post(f"/register/{adoption.pk}/coverage/", {"kinds": ["finding", "praise"], **days})
    assert Coverage.objects.count() == 2
    row = Coverage.objects.order_by("pk")[0]
    client.post(f"/register/{adoption.pk}/coverage/{row.pk}/withdraw/")
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_the_register_is_narrowed_and_exported_with_an_audit_row(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact = confirmed(cast, adoption)
    proposed(cast, adoption, unit=cast.yi, employee=None)
    client = client_of(cast.chen)

    page = client.get(f"/register/{adoption.pk}/?state=confirmed").content.decode()
    assert fact.key in page
    assert "共 1 件" in page
    answer = client.get(f"/register/{adoption.pk}/?export=xlsx&state=confirmed")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert AuditRow.objects.get(action="facts.exported").new["rows"] == 1


def test_the_register_asks_as_many_queries_for_three_facts_as_for_one(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    proposed(cast, adoption)
    client, address = client_of(cast.chen), f"/register/{adoption.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    proposed(cast, adoption)
    proposed(cast, adoption, unit=cast.yi, employee=None)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)


def test_somebody_without_a_register_is_told_how_to_begin(cast: Cast, client_of: ClientOf) -> None:
    assert "还不能登记" in client_of(cast.chen).get("/register/").content.decode()


def test_a_file_is_added_to_a_fact_and_opened_by_those_who_see_the_fact(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact = confirmed(cast, adoption)
    text = SimpleUploadedFile("情况说明.txt", "当日在岗情况说明。".encode())

    page = client_of(cast.zheng).post(f"/facts/{fact.pk}/evidence/", {"file": text}, follow=True)

    assert "情况说明.txt" in page.content.decode()
    use = EvidenceUse.objects.get()
    address = f"/evidence/{use.evidence_id}/"
    for seer in (cast.zhou, cast.lin, cast.chen):
        answer = client_of(seer).get(address)
        assert answer.status_code == 200
        answer.close()
    assert client_of(cast.wu).get(address).status_code == 404
    script = SimpleUploadedFile("照片.jpg", b"<script>alert(1)</script>")
    answer = client_of(cast.zheng).post(f"/facts/{fact.pk}/evidence/", {"file": script})
    assert answer.status_code == 422
    assert EvidenceUse.objects.count() == 1
    more = SimpleUploadedFile("b.txt", b"more")
    assert (
        client_of(cast.zhou).post(f"/facts/{fact.pk}/evidence/", {"file": more}).status_code == 403
    )


def test_who_has_registered_a_fact_is_shown_that_another_confirms_it(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact = propose(adoption=adoption, kind="finding", entry=entry(cast), by=cast.chen)
    own, other = client_of(cast.chen), client_of(cast.he)

    page = own.get(f"/facts/{fact.pk}/").content.decode()
    refused = own.get(f"/facts/{fact.pk}/confirm/")

    assert f"/facts/{fact.pk}/confirm/" not in page
    assert "本人登记的，请另一位服务办公室人员确认" in page
    assert refused.status_code == 403
    assert "这项操作由另一位服务办公室人员办理" in refused.content.decode()
    assert f"/facts/{fact.pk}/confirm/" in other.get(f"/facts/{fact.pk}/").content.decode()


def test_who_looks_on_is_not_told_that_no_plan_is_adopted(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    for user in (cast.auditor, cast.finance, cast.leader):
        client = client_of(user)

        page = client.get("/register/").content.decode()

        assert "您的角色不登记考核事实" in page
        assert "还没有施行考核方案" not in page
        tabs = [one.title for one in client.get("/assessments/").context["sections"]]
        assert "登记簿" not in tabs
