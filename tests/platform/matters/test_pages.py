"""Pages of matters: what each person gets, what is kept, how many queries a list costs."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.evidence.models import Evidence
from wenyou.matters.models import Matter, Urge
from wenyou.matters.services import move

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]
WANTED = "排队一小时无人解释。"


@pytest.fixture
def now() -> datetime:
    return timezone.now() - timedelta(minutes=5)


@pytest.fixture
def complaint(cast: Cast, now: datetime) -> Matter:
    return begin("complaint", cast, by=cast.chen, at=now, filled={"customer_request": WANTED})


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


# -- one matter -------------------------------------------------------------------------


def test_page_shows_state_hands_clocks_with_their_reasons_and_the_time_line(
    complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    text = page(client_of(cast.chen), f"/matters/{complaint.pk}/")

    for said in (WANTED, "待派单", "投诉处理岗", "为什么是这一分钟", "时限出处：建议值", "陈静"):
        assert said in text
    assert f'href="/matters/{complaint.pk}/do/assign/"' in text
    assert "没有填" not in text


@pytest.mark.parametrize(
    ("who", "status"),
    [("chen", 200), ("lin", 200), ("auditor", 200), ("wu", 404), ("sun", 404), ("trainer", 404),
     ("zhou", 404), ("system_admin", 404), ("nobody", 404)],
)  # fmt: skip
def test_matter_is_seen_by_those_who_have_a_part_in_it(
    who: str, status: int, complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    answer = client_of(cast.people()[who]).get(f"/matters/{complaint.pk}/")

    assert answer.status_code == status


@pytest.mark.proves("S003-31")
def test_result_of_a_head_office_inspection_is_looked_up_by_the_unit_it_is_about(
    cast: Cast, client_of: ClientOf
) -> None:
    said = {"score_sheet": "总行检查：大堂引导缺位扣2分"}
    visit = begin("visit", cast, action="import", by=cast.zheng, filled=said)

    assert "大堂引导缺位扣2分" in page(client_of(cast.lin), f"/matters/{visit.pk}/")
    assert visit.number in page(client_of(cast.lin), "/inspections/")
    assert client_of(cast.wu).get(f"/matters/{visit.pk}/").status_code == 404


def test_text_for_a_group_names_nobody(complaint: Matter, cast: Cast, client_of: ClientOf) -> None:
    moved = move(complaint, "take_up", by=cast.lin, turn=1)
    text = page(client_of(cast.chen), f"/matters/{moved.pk}/")

    said = text.split("data-copy>")[1].split("</textarea>")[0]
    assert said.startswith("【投诉】甲网点，编号 TS")
    for name in (cast.lin.name, cast.chen.name, WANTED):
        assert name not in said


def test_barred_move_says_why_instead_of_a_button(
    complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    Matter.objects.update(state="ruling", in_hands_of="service_office", about=cast.chen.employee)

    text = page(client_of(cast.chen), f"/matters/{complaint.pk}/")

    assert "陈静与本案有利害关系（当事人），应当回避" in text
    assert f"/matters/{complaint.pk}/do/rule/" not in text


# -- the form of a move -----------------------------------------------------------------


def test_move_is_made_through_its_form(complaint: Matter, cast: Cast, client_of: ClientOf) -> None:
    address = f"/matters/{complaint.pk}/do/assign/"
    client = client_of(cast.chen)

    assert "承办单位" in page(client, address)
    answer = client.post(address, {"turn": 1, "unit": cast.yi.pk, "note": "请今天联系。"})

    assert answer.status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.unit) == ("assigned", cast.yi)


def test_what_was_typed_and_uploaded_stays_when_the_form_is_wrong(
    cast: Cast, client_of: ClientOf, now: datetime
) -> None:
    duty = begin("duty", cast, by=cast.chen, at=now)
    address = f"/matters/{duty.pk}/do/find_missed/"
    photo = SimpleUploadedFile("说明.pdf", b"%PDF-1.7")

    client = client_of(cast.zheng)
    answer = client.post(address, {"turn": 1, "finding": "", "note": "现场无人", "evidence": photo})
    kept = Evidence.objects.get()
    text = answer.content.decode()

    assert answer.status_code == 422
    for said in ("请填写问题描述。", "现场无人", f'name="evidence_kept" value="{kept.pk}"'):
        assert said in text
    again = client.post(address, {"turn": 1, "finding": "无人", "evidence_kept": kept.pk})
    assert again.status_code == 302
    assert Evidence.objects.count() == 1
    assert kept.uses.get().object_id == str(duty.pk)


def test_stale_form_is_answered_with_who_moved_it_and_keeps_what_was_typed(
    complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    move(complaint, "escalate", by=cast.chen, turn=1, filled={"level": "上级行"})

    answer = client_of(cast.handler).post(
        f"/matters/{complaint.pk}/do/assign/", {"turn": 1, "unit": cast.jia.pk, "note": "尽快"}
    )

    assert answer.status_code == 409
    assert "这件事已由陈静于" in answer.content.decode()
    assert "尽快" in answer.content.decode()


@pytest.mark.parametrize(
    ("action", "status"), [("assign", 403), ("approve_reply", 422), ("no_such", 422)]
)
def test_move_that_is_not_ones_own_or_not_open_has_no_form(
    action: str, status: int, complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    answer = client_of(cast.lin).get(f"/matters/{complaint.pk}/do/{action}/")

    assert answer.status_code == status


# -- registration -----------------------------------------------------------------------


def test_only_kinds_one_may_register_are_offered(cast: Cast, client_of: ClientOf) -> None:
    text = page(client_of(cast.zhou), "/matters/register/")

    assert "登记投诉" in text
    assert "导入工单" not in text
    assert client_of(cast.zhou).get("/matters/register/visit/").status_code == 404


def test_complaint_is_registered_through_its_form(cast: Cast, client_of: ClientOf) -> None:
    said = {
        "at_unit": cast.jia.pk,
        "channel": "网点电话",
        "customer_request": WANTED,
        "about": "周宁",
        "known_at": "2026-03-02T09:30",
        "source": "regulator",
        "ticket": "W-77",
    }

    answer = client_of(cast.lin).post("/matters/register/complaint/", said)

    matter = Matter.objects.get()
    assert answer["Location"] == f"/matters/{matter.pk}/"
    assert (matter.about, matter.source, matter.ticket) == (cast.zhou.employee, "regulator", "W-77")
    assert f"{matter.known_at:%m-%d %H:%M}" == "03-02 01:30"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"customer_request": ""}, "请填写客户诉求。"),
        ({"about": "无此人"}, "没有找到员工“无此人”"),
        ({"known_at": "2099-01-01T00:00"}, "知悉时间晚于现在"),
        ({"happened_at": "2026-03-03T00:00"}, "发生时间晚于知悉时间"),
        ({"customer_request": "控制\x07字符"}, "看不见的控制字符"),
    ],
    ids=["missing", "nobody", "ahead", "reversed", "control"],
)
def test_wrong_registration_keeps_what_was_typed_and_saves_nothing(
    changed: dict[str, str], sentence: str, cast: Cast, client_of: ClientOf
) -> None:
    said = {
        "at_unit": str(cast.jia.pk),
        "channel": "网点电话",
        "customer_request": WANTED,
        "known_at": "2026-03-02T09:30",
        "ticket": "W-78",
        **changed,
    }

    answer = client_of(cast.lin).post("/matters/register/complaint/", said)

    assert answer.status_code in (400, 422)
    assert sentence in answer.content.decode()
    assert "W-78" in answer.content.decode()
    assert not Matter.objects.exists()


def test_same_ticket_twice_is_refused_in_a_sentence(cast: Cast, client_of: ClientOf) -> None:
    said = {"at_unit": cast.jia.pk, "channel": "来信", "customer_request": WANTED, "ticket": "W-1"}
    client = client_of(cast.lin)

    client.post("/matters/register/complaint/", said)
    answer = client.post("/matters/register/complaint/", said)

    assert answer.status_code == 400
    assert "工单W-1已经登记" in answer.content.decode()
    assert Matter.objects.count() == 1


def test_form_pressed_twice_registers_one_matter_and_leads_to_it(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.lin)
    form = page(client, "/matters/register/complaint/")
    found = re.search(r'name="once" value="([^"]{20,})"', form)
    assert found is not None
    said = {"at_unit": cast.jia.pk, "channel": "来信", "customer_request": WANTED, "once": found[1]}

    first = client.post("/matters/register/complaint/", said)
    again = client.post("/matters/register/complaint/", said)

    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert Matter.objects.count() == 1
    other = re.search(r'name="once" value="([^"]+)"', page(client, "/matters/register/complaint/"))
    assert other is not None
    assert other[1] != found[1]


def test_form_that_was_refused_can_be_sent_again(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    said = {"at_unit": cast.jia.pk, "channel": "来信", "customer_request": WANTED, "once": "k" * 22}
    client.post("/matters/register/complaint/", {**said, "ticket": "W-1", "once": "o" * 22})

    refused = client.post("/matters/register/complaint/", {**said, "ticket": "W-1"})
    mended = client.post("/matters/register/complaint/", {**said, "ticket": "W-2"})

    assert refused.status_code == 400
    assert mended.status_code == 302
    assert Matter.objects.count() == 2


# -- urging -----------------------------------------------------------------------------


def test_one_press_tells_the_handler_and_a_second_within_half_an_hour_is_refused(
    complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)

    client.post(f"/matters/{complaint.pk}/urge/")
    client.post(f"/matters/{complaint.pk}/urge/")

    assert Urge.objects.get().to == cast.handler
    assert Matter.objects.get().turn == 1
    assert "刚催办过" in page(client, f"/matters/{complaint.pk}/")


def test_staff_do_not_urge(cast: Cast, client_of: ClientOf, now: datetime) -> None:
    matter = begin("complaint", cast, by=cast.zhou, at=now)

    answer = client_of(cast.zhou).post(f"/matters/{matter.pk}/urge/")

    assert answer.status_code == 403


# -- lists ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/complaints/", "/inspections/", "/matters/"])
def test_list_costs_the_same_for_one_row_and_for_three(
    address: str, cast: Cast, client_of: ClientOf, now: datetime
) -> None:
    client = client_of(cast.chen)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            begin("complaint", cast, by=cast.chen, at=now)
            begin("rectification", cast, by=cast.chen, at=now)
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(client, address)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_lists_are_narrowed_by_the_address(
    complaint: Matter, cast: Cast, client_of: ClientOf, now: datetime
) -> None:
    begin("commendation", cast, by=cast.chen, at=now)
    client = client_of(cast.chen)

    by_kind = page(client, "/complaints/?kind=commendation")
    by_number = page(client, f"/complaints/?q={complaint.number.lower()}")
    by_unit = page(client, "/complaints/?unit=111002")

    assert complaint.number not in by_kind
    assert complaint.number in by_number
    assert "没有符合条件的内容" in by_unit


@pytest.mark.parametrize("who", ["lin", "handler", "he"])
def test_lists_are_sorted_by_number_for_whoever_sees_a_part_or_all(
    who: str, cast: Cast, client_of: ClientOf, now: datetime
) -> None:
    flows = ("complaint", "commendation", "complaint")
    numbers = sorted(begin(flow, cast, by=cast.chen, at=now).number for flow in flows)
    client = client_of(cast.people()[who])

    for sort, expected in (("number", numbers), ("-number", numbers[::-1])):
        text = page(client, f"/matters/?sort={sort}")
        places = [text.index(f">{number}<") for number in expected]
        assert places == sorted(places)


def test_export_is_recorded(complaint: Matter, cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.chen).get("/complaints/?export=xlsx")

    assert answer["Content-Disposition"].startswith("attachment")
    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]
    assert AuditRow.objects.get(action="matter.exported").new["rows"] == 1
    answer.close()


def test_neighbours_list_is_empty(complaint: Matter, cast: Cast, client_of: ClientOf) -> None:
    assert complaint.number not in page(client_of(cast.wu), "/complaints/")


def test_page_of_a_matter_costs_no_more_with_a_longer_history(
    complaint: Matter, cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)
    address = f"/matters/{complaint.pk}/"
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    matter = complaint
    for level in ("上级行", "12345", "司法"):
        matter = move(matter, "escalate", by=cast.chen, turn=matter.turn, filled={"level": level})
    with CaptureQueriesContext(connection) as after:
        client.get(address)

    assert len(after) == len(before)


def test_starred_text_is_shown_whole_after_a_reason(
    cast: Cast, client_of: ClientOf, now: datetime
) -> None:
    typed = {"customer_request": "请回电13812345678。"}
    matter = begin("complaint", cast, by=cast.chen, at=now, filled=typed)
    client = client_of(cast.chen)
    address = f"/matters/{matter.pk}/unmask/"

    assert f'href="{address}"' in page(client, f"/matters/{matter.pk}/")
    assert client.post(address, {"reason": "看"}).status_code == 422
    answer = client.post(address, {"reason": "核对客户来电"})

    assert "13812345678" in answer.content.decode()
    assert client_of(cast.wu).get(address).status_code == 404
