"""People get what is held about them, and have erased what no duty keeps."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from tests.platform.assessments.computed import work_off
from tests.platform.factories import make_absence
from tests.platform.people import Cast
from tests.platform.privacy.kept import (
    GROUND,
    IDENTITY,
    NAME,
    OLD,
    PHONE,
    complaint,
    evidence,
    rule,
)
from wenyou.audit.models import AuditRow, ExportRow
from wenyou.errors import NotAllowed, NotFound
from wenyou.jobs import runner
from wenyou.matters.fields import SEALED
from wenyou.matters.models import Matter
from wenyou.org.models import Employee
from wenyou.org.services import change_employee
from wenyou.privacy import gathering, holds, requests
from wenyou.privacy.models import PersonRequest, Tombstone
from wenyou.search.models import PersonTrace
from wenyou_core.errors import InputRefused

WHY = "本人书面申请，二月三日"


@pytest.fixture(autouse=True)
def _not_stopping() -> None:
    runner.STOPPING.event.clear()


def ask(cast: Cast, by: Any = None, **said: Any) -> PersonRequest:
    fields = {"kind": "erasure", "ground": WHY, "purpose": "phone", "number": PHONE, **said}
    return requests.ask(requests.Asked(**fields), by=by or cast.protection)


def done(one: PersonRequest, by: Any, chosen: tuple[str, ...] = ()) -> PersonRequest:
    requests.start(one, by=by, chosen=chosen)
    work_off()
    one.refresh_from_db()
    return one


def ticks(one: PersonRequest, *matters: Matter) -> tuple[str, ...]:
    """All passages of a request, or those of some matters."""
    there = requests.passages_for(one)
    ids = {matter.pk for matter in matters} or set(there)
    return tuple(told.key for pk in there if pk in ids for told in there[pk])


def everything(matter: Matter) -> str:
    after = Matter.objects.get(pk=matter.pk)
    return f"{after.title}{after.data}{list(after.transitions.values())}"


def files(content: bytes) -> tuple[Any, dict[str, Any]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = openpyxl.load_workbook(io.BytesIO(archive.read(gathering.WORKBOOK)))
        return book, json.loads(archive.read(gathering.PLAIN))


# -- finding ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purpose", "number"),
    [
        ("phone", PHONE),
        ("phone", "138 1234-5678"),
        ("phone", "+8613812345678"),
        ("identity", IDENTITY),
        ("identity", IDENTITY.lower()),
    ],
)
def test_a_customer_is_found_by_the_whole_number_however_it_was_typed(
    cast: Cast, purpose: str, number: str
) -> None:
    matter = complaint(cast)
    complaint(cast, text="客户13912345678来电")

    one = ask(cast, purpose=purpose, number=number)

    assert [row["title"] for row in one.found] == [matter.number]
    assert PHONE not in f"{one.number_sealed}{one.masked}{one.found}{PersonTrace.objects.values()}"
    assert one.masked in ("138****5678", "1101**********002X")


def test_only_matters_of_ones_own_units_are_looked_at(cast: Cast) -> None:
    complaint(cast)

    assert ask(cast, by=cast.he).found != []
    assert ask(cast, by=cast.chen).found != []
    Matter.objects.update(unit=cast.bing)
    assert ask(cast, by=cast.chen).found == []


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"ground": " "}, "申请依据"),
        ({"number": "12"}, "不完整"),
        ({"purpose": "identity", "number": "110105194912310021"}, "校验"),
        ({"purpose": "name", "number": "", "name": "王"}, "两个字以上"),
        ({"purpose": "name", "number": "", "name": ""}, "两个字以上"),
        ({"name": "王"}, "两个字以上"),
        ({"name": "王*"}, "两个字以上"),
    ],
)
def test_a_request_without_ground_or_without_a_whole_number_is_refused(
    cast: Cast, said: dict[str, str], text: str
) -> None:
    with pytest.raises(InputRefused, match=text):
        ask(cast, **said)

    assert not PersonRequest.objects.exists()


@pytest.mark.parametrize("who", ["lin", "zhou", "handler", "auditor", "system_admin", "nobody"])
def test_requests_of_customers_are_for_consumer_protection_and_the_office(
    cast: Cast, who: str
) -> None:
    with pytest.raises(NotAllowed):
        ask(cast, by=getattr(cast, who))


# -- erasure ----------------------------------------------------------------------------


def test_what_no_duty_keeps_is_erased_and_the_rest_is_told_until_when(cast: Cast) -> None:
    old = complaint(cast)
    young = complaint(cast, ago=timedelta(days=100))
    going_on = complaint(cast, closed=False)
    rule(cast, "person.complaints", 36)

    one = ask(cast, name=NAME)
    verdicts = {row["title"]: row["verdict"] for row in one.found}
    assert verdicts[old.number] == "保存期限已满，可以删除。"
    assert verdicts[young.number].startswith("仍须保存至")
    assert GROUND in verdicts[young.number]
    assert "尚未办结" in verdicts[going_on.number]

    one = done(one, cast.protection, chosen=ticks(one))

    assert one.state == PersonRequest.State.DONE
    assert SEALED not in Matter.objects.get(pk=old.pk).data
    assert NAME not in everything(old)
    assert "王**" in everything(old)
    assert NAME in everything(young)
    assert SEALED in Matter.objects.get(pk=young.pk).data
    assert {row["title"] for row in one.found if row.get("erased")} == {old.number}
    stone = Tombstone.objects.get()
    assert (stone.object_id, stone.request) == (old.pk, one)
    row = AuditRow.objects.get(action="person.erased")
    assert row.new["erased"] == 1
    assert len(row.new["kept"]) == 2
    assert PHONE not in str(row.new)


def test_what_was_looked_for_is_forgotten_once_it_is_done(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 36)

    one = done(ask(cast, name=NAME), cast.protection)

    assert (one.number_sealed, one.name_sealed) == ("", "")


@pytest.mark.parametrize(
    ("months", "text"), [(-1, "未设定"), (None, "长期保存"), (600, "仍须保存至")]
)
def test_where_nothing_may_go_the_request_is_refused_with_the_ground(
    cast: Cast, months: int | None, text: str
) -> None:
    matter = complaint(cast)
    if months != -1:
        rule(cast, "person.complaints", months)

    one = requests.start(ask(cast), by=cast.protection)

    assert one.state == PersonRequest.State.REFUSED
    assert text in one.found[0]["verdict"]
    assert PHONE[-4:] in everything(matter)
    assert AuditRow.objects.get(action="person.erased").new["erased"] == 0


def test_a_matter_on_hold_is_not_erased_on_request(cast: Cast) -> None:
    matter = complaint(cast)
    rule(cast, "person.complaints", 12)
    holds.place(matter.number, ground="诉讼，案号一", by=cast.chen)

    one = requests.start(ask(cast), by=cast.protection)

    assert one.state == PersonRequest.State.REFUSED
    assert "暂缓" in one.found[0]["verdict"]


def test_where_only_the_name_occurs_somebody_has_to_look(cast: Cast) -> None:
    mine, other = complaint(cast, text=f"{NAME}反映排队"), complaint(cast, text=f"{NAME}要求退费")
    rule(cast, "person.complaints", 36)
    one = ask(cast, purpose="name", number="", name=NAME)
    assert [row["sure"] for row in one.found] == [False, False]

    one = done(one, cast.protection, chosen=ticks(one, mine))

    assert one.state == PersonRequest.State.DONE
    assert NAME not in everything(mine)
    assert NAME in everything(other)


def test_numbers_of_a_leaver_go_on_request_once_their_period_is_over(cast: Cast) -> None:
    assert cast.zhou.employee is not None
    person = change_employee(cast.zhou.employee, by=cast.chen, phone=PHONE)
    rule(cast, "person.employees", 24)
    in_post = requests.start(ask(cast, by=cast.chen, employee=person, number=""), by=cast.chen)
    assert in_post.state == PersonRequest.State.REFUSED
    assert "在职期间" in in_post.found[0]["verdict"]
    now = timezone.now()
    make_absence(person, from_at=now, until_at=now)
    Employee.objects.filter(pk=person.pk).update(left_on=timezone.localdate() - OLD)
    person.refresh_from_db()

    one = done(ask(cast, by=cast.chen, employee=person, number=""), cast.chen)

    person.refresh_from_db()
    assert (person.phone_sealed, person.phone_index, person.name) == ("", "", cast.zhou.name)
    assert person.absences.count() == 1
    assert any("未设定" in row["verdict"] for row in one.found)


def test_a_request_is_begun_once_and_by_whoever_has_asked(cast: Cast) -> None:
    complaint(cast)
    rule(cast, "person.complaints", 36)
    one = ask(cast)
    with pytest.raises(NotFound):
        requests.start(one, by=cast.chen)

    requests.start(one, by=cast.protection)

    with pytest.raises(InputRefused, match="已经办理"):
        requests.start(one, by=cast.protection)
    with pytest.raises(InputRefused, match="不能撤回"):
        requests.drop(one, by=cast.protection)


def test_a_request_that_is_withdrawn_forgets_the_number(cast: Cast) -> None:
    one = requests.drop(ask(cast), by=cast.protection)

    assert (one.state, one.number_sealed) == (PersonRequest.State.DROPPED, "")


# -- the copy ---------------------------------------------------------------------------


def test_one_gets_what_is_held_about_oneself_as_workbook_and_json(cast: Cast) -> None:
    assert cast.zhou.employee is not None
    change_employee(cast.zhou.employee, by=cast.chen, phone=PHONE)

    one = requests.ask_own(by=cast.zhou)
    work_off()
    one.refresh_from_db()
    content = requests.download(one, by=cast.zhou)

    book, said = files(content)
    assert said["sections"][0]["rows"][6] == {"项目": "手机号", "内容": PHONE}
    top = f"导出人：{cast.zhou.label}"
    assert all(sheet["A1"].value.startswith(top) for sheet in book)
    assert all(top in sheet.oddHeader.right.text for sheet in book)
    assert said["watermark"].startswith(top)
    row = ExportRow.objects.get(kind="person")
    assert (row.actor, row.sha256) == (cast.zhou, hashlib.sha256(content).hexdigest())
    assert PHONE not in one.file_sealed
    assert PHONE not in str(list(AuditRow.objects.values()))


def test_a_customer_gets_the_words_as_they_were_typed(cast: Cast) -> None:
    matter = complaint(cast)

    one = done(ask(cast, kind="export"), cast.protection)
    _, said = files(requests.download(one, by=cast.protection))

    words = said["sections"][1]["rows"]
    assert {row["编号"] for row in words} == {matter.number}
    assert any(PHONE in row["原文"] for row in words)


def test_the_file_is_for_whoever_has_asked_and_for_as_long_as_it_is_kept(cast: Cast) -> None:
    one = requests.ask_own(by=cast.zhou)
    with pytest.raises(InputRefused, match="还没有生成"):
        requests.download(one, by=cast.zhou)
    work_off()
    one.refresh_from_db()
    with pytest.raises(NotFound):
        requests.download(one, by=cast.lin)

    assert one.file_until is not None
    assert requests.forget_files(one.file_until - timedelta(minutes=1)) == 0
    assert requests.forget_files(one.file_until + timedelta(minutes=1)) == 1

    one.refresh_from_db()
    assert one.file_sealed == ""
    with pytest.raises(InputRefused, match="到期销毁"):
        requests.download(one, by=cast.zhou)
    assert ExportRow.objects.count() == 0


def test_an_account_without_a_person_has_no_data_to_copy(cast: Cast) -> None:
    cast.chen.employee = None

    with pytest.raises(NotAllowed):
        requests.ask_own(by=cast.chen)


def test_a_request_that_is_over_names_nobody_any_more(cast: Cast) -> None:
    matter = complaint(cast)
    evidence(cast, matter)
    dropped, refused = ask(cast, name=NAME), ask(cast, name=NAME)
    assert NAME in str(dropped.found)

    requests.drop(dropped, by=cast.protection)
    refused = requests.start(refused, by=cast.protection)

    dropped.refresh_from_db()
    assert (dropped.found, dropped.name_sealed, dropped.number_sealed) == ([], "", "")
    refused.refresh_from_db()
    assert refused.state == PersonRequest.State.REFUSED
    assert NAME not in str(refused.found)
    assert "未设定" in str(refused.found)
    assert (refused.name_sealed, refused.number_sealed) == ("", "")


def test_a_copy_holds_matters_of_the_name_alone_that_somebody_has_ticked(cast: Cast) -> None:
    mine, other = complaint(cast), complaint(cast, text=f"{NAME}的邻居来电")
    said = {"kind": "export", "purpose": "name", "number": "", "name": NAME}

    with pytest.raises(InputRefused, match="没有勾选"):
        requests.start(ask(cast, **said), by=cast.protection)
    one = done(ask(cast, **said), cast.protection, chosen=(f"matter-{mine.pk}",))

    _, plain = files(requests.download(one, by=cast.protection))
    told = str(plain["sections"])
    assert mine.number in told
    assert other.number not in told


def test_a_copy_by_number_needs_no_tick(cast: Cast) -> None:
    mine, other = complaint(cast), complaint(cast, text=f"{NAME}的邻居来电")

    one = done(ask(cast, kind="export", name=NAME), cast.protection)

    _, plain = files(requests.download(one, by=cast.protection))
    assert mine.number in str(plain["sections"])
    assert other.number not in str(plain["sections"])
