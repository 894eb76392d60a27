"""Pages of units, people, groups, lists from Excel and calendars."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.factories import (
    make_employee,
    make_group,
    make_hours,
    make_letter,
    make_unit,
)
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.org.models import (
    CalendarIssue,
    Employee,
    Group,
    LetterSignature,
    OpeningHours,
    Posting,
    RosterDuty,
    Unit,
)
from wenyou.org.services import change_employee

pytestmark = pytest.mark.pages

ClientOf = Callable[[User], Client]
DAY = "2026-03-02"
PHONE = "13812345678"


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def sent(client: Client, goal: str, /, **fields: object) -> int:
    return client.post(goal, fields).status_code


def person(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


# -- lists and details ------------------------------------------------------------------


def test_list_of_units_shows_what_one_sees_and_finds_by_name(
    cast: Cast, client_of: ClientOf
) -> None:
    assert "丙网点" not in page(client_of(cast.chen), "/units/")
    found = page(client_of(cast.he), "/units/?q=丙")
    assert "丙网点" in found
    assert "乙网点" not in found


@pytest.mark.parametrize("address", ["/units/", "/people/", "unit", "group", "letter"])
def test_pages_take_the_same_number_of_queries_for_one_and_three_rows(
    cast: Cast, client_of: ClientOf, address: str
) -> None:
    group, letter = make_group(cast.jia), make_letter(cast.jia)
    address = {
        "unit": f"/units/{cast.jia.pk}/",
        "group": f"/groups/{group.pk}/",
        "letter": f"/letters/{letter.pk}/",
    }.get(address, address)
    client = client_of(cast.chen)

    def rows() -> None:
        unit = make_unit(parent=cast.jia)
        employee = make_employee(unit=cast.jia)
        make_group(cast.jia)
        LetterSignature.objects.create(letter=make_letter(cast.jia), employee=employee)
        LetterSignature.objects.create(letter=letter, employee=employee)
        group.members.create(employee=employee, from_on=unit.opened_on)

    rows()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        page(client, address)
    rows()
    rows()
    with CaptureQueriesContext(connection) as three:
        page(client, address)

    assert len(one) == len(three)


def test_unit_tells_who_led_it_on_a_day_and_how_it_was_called(
    cast: Cast, client_of: ClientOf
) -> None:
    make_hours(cast.east)
    client = client_of(cast.chen)

    assert sent(client, f"/units/{cast.jia.pk}/rename/", name="甲一网点", on=DAY) == 302
    shown = page(client, f"/units/{cast.jia.pk}/?on={DAY}")

    assert "林岚负责" in shown
    assert "开业：甲网点" in shown
    assert "更名：甲一网点" in shown
    assert "沿用城东支行的时间" in shown
    assert "没有在岗的负责人" in page(client, f"/units/{cast.jia.pk}/?on=2019-01-01")
    assert "林岚负责" in page(client, f"/units/{cast.jia.pk}/?on=nonsense")


def test_unit_of_another_is_not_found_and_ones_own_not_to_be_changed_is_forbidden(
    cast: Cast, client_of: ClientOf
) -> None:
    head = client_of(cast.wu)

    assert page(head, f"/units/{cast.yi.pk}/")
    assert page(head, f"/units/{cast.jia.pk}/", 404)
    assert "服务办公室" in page(head, f"/units/{cast.yi.pk}/rename/", 403)
    assert page(head, f"/units/{cast.jia.pk}/rename/", 404)
    assert page(head, f"/people/{person(cast.lin).pk}/", 404)


# -- what is done to units --------------------------------------------------------------


def test_unit_is_opened_moved_classed_merged_and_closed_by_forms(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.he)
    assert sent(
        client, "/units/new/", code="113000", name="城南支行", parent="江州分行",
        level="sub_branch", kind="bank", opened_on=DAY,
    ) == 302  # fmt: skip
    south = Unit.objects.get(code="113000")
    assert south.parent == cast.branch

    at = f"/units/{cast.bing.pk}"
    assert sent(client, f"{at}/move/", unit="113000", on=DAY) == 302
    assert sent(client, f"{at}/reclass/", level="outlet", kind="bank", area="city", on=DAY) == 302
    assert sent(client, f"{at}/contact/", phone="0571-1", address="南路 1 号") == 302
    bing = Unit.objects.get(pk=cast.bing.pk)
    assert (bing.parent, bing.area, bing.phone) == (south, "city", "0571-1")

    assert sent(client, f"{at}/merge/", unit=cast.yi.code, on="2026-03-09") == 302
    assert Unit.objects.get(pk=cast.bing.pk).merged_into == cast.yi
    assert sent(client, f"/units/{south.pk}/close/", on="2026-12-31") == 302
    assert str(Unit.objects.get(pk=south.pk).closed_on) == "2026-12-31"


def test_refused_form_keeps_what_was_typed_and_says_why(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.he)
    said = {
        "code": "111001", "name": "重号网点", "parent": "111000", "level": "outlet",
        "kind": "bank", "opened_on": DAY,
    }  # fmt: skip

    answer = client.post("/units/new/", said)

    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "机构号 111001 已经有了" in shown
    assert "重号网点" in shown
    assert "没有找到机构" in client.post("/units/new/", {**said, "parent": "999"}).content.decode()


def test_hours_and_roster_are_set_by_the_head(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    days = {f"day{number}": "09:00-17:00" for number in range(5)}

    assert sent(client, f"/units/{cast.jia.pk}/hours/", from_on=DAY, **days) == 302
    assert OpeningHours.objects.get(unit=cast.jia).weekly[5:] == ["", ""]
    wrong = {**days, "day0": "17:00-09:00"}
    assert sent(client, f"/units/{cast.jia.pk}/hours/", from_on=DAY, **wrong) == 422

    people = f"{person(cast.lin).number}、周宁"
    assert sent(
        client, f"/units/{cast.jia.pk}/roster/", on=DAY, shift="带班", people=people
    ) == 302  # fmt: skip
    assert RosterDuty.objects.count() == 2
    assert sent(
        client, f"/units/{cast.jia.pk}/roster/", on=DAY, shift="带班", people="吴迪"
    ) == 422  # fmt: skip


def test_group_and_letter_go_from_the_form_to_the_last_signature(
    cast: Cast, client_of: ClientOf
) -> None:
    office, head = client_of(cast.chen), client_of(cast.lin)
    at = f"/units/{cast.east.pk}"

    assert sent(
        office, f"{at}/groups/new/", kind="leading_group", name="领导小组", from_on=DAY
    ) == 302  # fmt: skip
    group = Group.objects.get()
    assert sent(
        office, f"/groups/{group.pk}/add/", employee="沈安", part="组长", from_on=DAY
    ) == 302  # fmt: skip
    member = group.members.get()
    assert sent(head, f"/groups/members/{member.pk}/end/") == 404
    assert sent(office, f"/groups/members/{member.pk}/end/") == 302

    people = f"林岚\n{person(cast.wu).number}"
    assert sent(
        office, f"{at}/letters/new/", title="责任书", year=2026, due_on=DAY, people=people
    ) == 302  # fmt: skip
    letter = cast.east.letters.get()
    assert "签订责任书" in page(head, f"/letters/{letter.pk}/")
    assert "吴迪" not in page(head, f"/letters/{letter.pk}/")
    assert page(client_of(cast.zhou), f"/letters/{letter.pk}/", 404)
    assert sent(head, f"/letters/{letter.pk}/sign/") == 302
    assert sent(head, f"/letters/{letter.pk}/sign/") == 400
    assert sent(office, f"/letters/{letter.pk}/note/", employee="吴迪", on=DAY) == 302
    assert "还有 0 人未签" in page(office, f"/letters/{letter.pk}/")


# -- people -----------------------------------------------------------------------------


def test_person_is_registered_appointed_away_back_and_gone_by_forms(
    cast: Cast, client_of: ClientOf
) -> None:
    office = client_of(cast.chen)
    assert sent(office, "/people/new/", number="N1", name="新人", phone=PHONE) == 302
    new = Employee.objects.get(number="N1")
    # Until the first post those see the person who keep the unit that registered him.
    assert "未定岗" in page(office, f"/people/{new.pk}/")
    assert page(client_of(cast.lin), f"/people/{new.pk}/", 404)
    boss = client_of(cast.system_admin)
    assert sent(
        office, f"/people/{new.pk}/appoint/", unit="111001", post="柜员", from_on=DAY
    ) == 302  # fmt: skip

    at = f"/people/{new.pk}"
    assert sent(office, f"{at}/change/", name="新名") == 302
    assert "138****5678" in page(office, f"{at}/")
    now = timezone.localtime()
    assert sent(
        office, f"{at}/absence/", reason="年休假",
        from_at=f"{now.date()}T00:00", until_at=f"{now.year + 1}-01-01T00:00", stand_in="周宁",
    ) == 302  # fmt: skip
    absence = new.absences.get()
    assert sent(client_of(cast.wu), f"/absences/{absence.pk}/end/") == 404
    assert sent(office, f"/absences/{absence.pk}/end/") == 302
    posting = Posting.objects.get(employee=new)
    assert sent(client_of(cast.lin), f"/postings/{posting.pk}/end/", on=DAY) == 403
    assert sent(office, f"/postings/{posting.pk}/end/", on="2026-06-30") == 302
    assert sent(boss, f"{at}/leave/", on="2026-07-31") == 302
    assert Employee.objects.get(pk=new.pk).left_on is not None


def test_people_are_found_by_the_whole_number_only(cast: Cast, client_of: ClientOf) -> None:
    change_employee(person(cast.zhou), phone=PHONE, by=cast.chen)
    client = client_of(cast.chen)

    assert "周宁" in page(client, f"/people/?phone={PHONE}")
    assert "周宁" not in page(client, "/people/?phone=1381234")


def test_hidden_number_is_shown_once_for_a_reason_and_logged(
    cast: Cast, client_of: ClientOf
) -> None:
    employee = change_employee(person(cast.zhou), phone=PHONE, by=cast.chen)
    address = f"/people/{employee.pk}/unmask/phone/"
    head = client_of(cast.lin)
    assert PHONE not in page(head, f"/people/{employee.pk}/")
    assert page(client_of(cast.wu), address, 404)
    assert page(client_of(cast.zheng), address, 403)

    assert sent(head, address, reason="") == 422
    answer = head.post(address, {"reason": "通知返岗事宜"})

    assert PHONE in answer.content.decode()
    assert PHONE not in page(head, address)
    assert AuditRow.objects.get(action="org.person.unmask").note == "通知返岗事宜"


# -- lists from Excel -------------------------------------------------------------------


def upload(client: Client, name: str, content: str) -> str:
    file = SimpleUploadedFile(name, content.encode())
    answer = client.post("/org/import/", {"file": file, "effective": DAY})
    return answer.content.decode()


def field(shown: str, name: str) -> str:
    return shown.split(f'name="{name}" value="')[1].split('"')[0]


HEAD = "机构号,名称,上级机构号,层级,开业日期\n"


def test_list_is_uploaded_shown_and_applied_once(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.he)
    shown = upload(client, "机构.csv", f"{HEAD}113000,城南支行,110000,一级支行,2026-03-01\n")
    assert "城南支行" in shown
    assert not Unit.objects.filter(code="113000").exists()
    said = {name: field(shown, name) for name in ("token", "shown", "effective")}

    assert client_of(cast.chen).post("/org/import/apply/", said).status_code == 400
    assert sent(client, "/org/import/apply/", **{**said, "shown": "0" * 64}) == 200
    assert not Unit.objects.filter(code="113000").exists()
    assert sent(client, "/org/import/apply/", **said) == 302

    assert Unit.objects.filter(code="113000").exists()
    assert sent(client, "/org/import/apply/", **said) == 400


def test_list_with_a_wrong_row_offers_no_button_and_names_the_cell(
    cast: Cast, client_of: ClientOf
) -> None:
    shown = upload(client_of(cast.he), "机构.csv", f"{HEAD}113000,城南支行,999,一级支行,\n")

    assert "请填写开业日期" in shown
    assert 'name="shown"' not in shown


def test_script_called_a_workbook_is_refused(cast: Cast, client_of: ClientOf) -> None:
    assert "有误" in upload(client_of(cast.he), "机构.xlsx", "<script>alert(1)</script>")
    assert page(client_of(cast.lin), "/org/import/", 403)


def test_template_is_a_workbook(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.he).get("/org/import/template/")

    assert b"".join(answer.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]


# -- calendars --------------------------------------------------------------------------


def test_calendar_shows_years_and_takes_a_new_one_from_a_table(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.system_admin)
    assert "未公布" in page(client, "/calendars/")
    said = {"year": 2027, "notice": "国办发明电〔2026〕9号", "reason": "通知已发布"}

    def enter(content: str) -> int:
        file = SimpleUploadedFile("日历.csv", content.encode())
        return client.post("/calendars/new/", {**said, "file": file}).status_code

    assert enter("日期,类型,名称\n2027-01-01,放大假,元旦\n") == 422
    assert enter("日期,类型,名称\n2027-01-01,放假,元旦\n") == 302
    assert CalendarIssue.objects.filter(year=2027, announced=True).exists()
    assert "国办发明电〔2026〕9号" in page(client, "/calendars/2027/")
    assert page(client, "/calendars/1999/", 404)
    assert page(client_of(cast.chen), "/calendars/new/", 403)


def test_change_dated_ahead_by_mistake_is_taken_back_on_the_page_of_the_unit(
    cast: Cast, client_of: ClientOf
) -> None:
    client, goal = client_of(cast.he), f"/units/{cast.jia.pk}/take-back/"
    assert goal not in page(client, f"/units/{cast.jia.pk}/")
    sent(client, f"/units/{cast.jia.pk}/rename/", name="甲一网点", on="2099-03-02")
    shown = page(client, f"/units/{cast.jia.pk}/")
    assert goal in shown
    assert goal not in page(client_of(cast.lin), f"/units/{cast.jia.pk}/")

    ahead = cast.jia.spells.get(name="甲一网点")
    assert sent(client, goal, change="x") == 400
    assert sent(client, goal, change="9" * 5000) == 400
    assert sent(client, goal, change=str(ahead.pk)) == 302

    assert "甲一网点" not in page(client, f"/units/{cast.jia.pk}/")
    assert sent(client, goal, change=str(ahead.pk)) == 400


def test_move_is_offered_to_be_taken_back_only_to_who_keeps_both_units_above(
    cast: Cast, client_of: ClientOf
) -> None:
    goal = f"/units/{cast.jia.pk}/take-back/"
    sent(client_of(cast.he), f"/units/{cast.jia.pk}/move/", unit=cast.west.code, on="2099-03-02")
    ahead = cast.jia.spells.get(parent=cast.west)

    assert goal in page(client_of(cast.he), f"/units/{cast.jia.pk}/")
    assert goal not in page(client_of(cast.chen), f"/units/{cast.jia.pk}/")
    assert sent(client_of(cast.chen), goal, change=str(ahead.pk)) == 403
