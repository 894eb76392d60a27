"""待办: heaps by time, what waits for me, in whose hands, and what a normal day costs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.matters.made import BEIJING, begin
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.house.first import first_administrator_link
from wenyou.matters.models import Matter
from wenyou.matters.plaintext import todo_text
from wenyou.matters.todo import Todo, first_keys, todo_of
from wenyou.org.models import Unit

NOW = datetime(2026, 3, 4, 10, 0, tzinfo=BEIJING)
BEFORE = NOW - timedelta(days=2)
CASES = {
    "over": NOW - timedelta(hours=3),
    "today": NOW + timedelta(hours=5),
    "near": NOW + timedelta(days=2),
    "later": NOW + timedelta(days=20),
}


@pytest.fixture
def dated(cast: Cast) -> dict[str, Matter]:
    """A ticket at 甲 for each heap, with the outlet's head."""
    made = {}
    for name, due in CASES.items():
        matter = begin("complaint_ticket", cast, by=cast.chen, at=BEFORE, source="regulator",
                       ticket=f"W-{name}", filled={"customer_request": f"诉求{name}"})  # fmt: skip
        Matter.objects.filter(pk=matter.pk).update(
            state="handling", in_hands_of="outlet_head", due_at=due
        )
        made[name] = matter
    return made


def heaps(todo: Todo) -> dict[str, list[str]]:
    return {one.key: [row.number for row in one.rows] for one in todo.heaps if one.rows}


def test_heaps_go_by_time_and_the_rest_waits_for_the_one_in_charge(
    dated: dict[str, Matter], cast: Cast
) -> None:
    todo = todo_of(cast.lin, NOW)

    assert heaps(todo) == {
        "overdue": ["W-over"], "today": ["W-today"], "near": ["W-near"], "mine": ["W-later"],
    }  # fmt: skip


def test_office_sees_what_is_late_with_others_but_only_its_own_waits_for_it(
    dated: dict[str, Matter], cast: Cast
) -> None:
    todo = todo_of(cast.chen, NOW)

    assert heaps(todo) == {"overdue": ["W-over"], "today": ["W-today"], "near": ["W-near"]}
    row = todo.heaps[0].rows[0]
    assert (row.hands, row.regulator, row.may_urge) == ("网点负责人", True, True)
    near = todo.heaps[2].rows[0].due
    assert near is not None
    assert near.left == "还剩 2 个工作日"


def test_nobody_is_asked_to_urge_himself(dated: dict[str, Matter], cast: Cast) -> None:
    mine, *others = dated.values()
    Matter.objects.filter(pk=mine.pk).update(holder=cast.chen.employee)

    todo = todo_of(cast.chen, NOW)

    assert not todo.heaps[0].rows[0].may_urge
    assert todo.heaps[1].rows[0].may_urge
    Matter.objects.filter(pk__in=[one.pk for one in others]).update(in_hands_of="service_office")
    waiting = next(one for one in todo_of(cast.chen, NOW).heaps if one.key == "mine")
    assert [row.may_urge for row in waiting.rows] == [False]


@pytest.mark.pages
def test_home_of_a_phone_shows_the_first_of_each_heap_and_leads_to_all(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    for number in range(10):
        matter = begin("complaint", cast, by=cast.chen, at=BEFORE)
        Matter.objects.filter(pk=matter.pk).update(due_at=timezone.now() - timedelta(hours=number))

    client = client_of(cast.chen)
    desk = client.get("/").content.decode()
    phone = client.get("/", headers={"User-Agent": "Chrome/89 Mobile"}).content.decode()

    assert (desk.count('<th scope="row">'), phone.count('<th scope="row">')) == (10, 8)
    assert "查看全部 10 件" in phone
    assert "查看全部" not in desk


@pytest.mark.parametrize("who", ["wu", "sun", "nobody", "system_admin", "trainer"])
def test_others_are_not_bothered(who: str, dated: dict[str, Matter], cast: Cast) -> None:
    todo = todo_of(cast.people()[who], NOW)

    assert todo.quiet


@pytest.mark.parametrize("late", [0, 1, 25])
@pytest.mark.parametrize("near", [0, 3])
def test_heaps_read_at_once_are_those_read_one_by_one(cast: Cast, late: int, near: int) -> None:
    made = [begin("complaint", cast, by=cast.chen, at=BEFORE) for _ in range(late + near + 2)]
    edges = (NOW, NOW + timedelta(hours=14))
    due = [NOW - timedelta(hours=1)] * late + [NOW + timedelta(hours=1)] * 2
    for matter, at in zip(made, [*due, *[NOW + timedelta(days=1)] * near], strict=True):
        Matter.objects.filter(pk=matter.pk).update(due_at=at)

    rows, many = Matter.objects.all(), (late, 2, near)

    at_once = first_keys(rows, many, edges)
    assert at_once == first_keys(rows, many, edges, at_once=-1)
    assert [len(one) for one in at_once] == [min(late, 20), 2, near]


def test_what_waits_for_the_role_and_what_one_holds_stand_in_one_order(cast: Cast) -> None:
    made = [begin("complaint", cast, by=cast.chen, at=BEFORE) for _ in range(5)]
    days = (20, None, 10, 15, None)
    for matter, day in zip(made, days, strict=True):
        due = NOW + timedelta(days=day) if day else None
        Matter.objects.filter(pk=matter.pk).update(
            state="handling", in_hands_of="outlet_head", due_at=due
        )
    Matter.objects.filter(pk=made[3].pk).update(holder=cast.lin.employee)
    # Held by him, but in the hands of another side.
    Matter.objects.filter(pk__in=[made[2].pk, made[4].pk]).update(
        holder=cast.lin.employee, in_hands_of="service_office"
    )

    heap = todo_of(cast.lin, NOW).heaps[-1]

    assert [row.pk for row in heap.rows] == [made[place].pk for place in (2, 3, 0, 1, 4)]
    assert heap.count == "5"


def test_duty_without_exception_asks_for_nothing(cast: Cast) -> None:
    begin("duty", cast, by=cast.chen, at=BEFORE)

    assert todo_of(cast.lin, NOW).quiet


def test_number_of_queries_does_not_grow_with_the_rows(cast: Cast) -> None:
    counts = []
    for more in (1, 2):
        for _ in range(more):
            for due in CASES.values():
                matter = begin("complaint", cast, by=cast.chen, at=BEFORE)
                Matter.objects.filter(pk=matter.pk).update(
                    state="handling", in_hands_of="outlet_head", due_at=due
                )
        lin = User.objects.get(pk=cast.lin.pk)
        with CaptureQueriesContext(connection) as queries:
            todo_of(lin, NOW)
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.pages
def test_home_shows_heaps_and_one_press_urges(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    now = timezone.now()
    matter = begin("complaint", cast, by=cast.chen, at=now - timedelta(minutes=5))
    Matter.objects.update(due_at=now - timedelta(minutes=1))
    client = client_of(cast.chen)

    text = client.get("/").content.decode()
    answer = client.post(f"/matters/{matter.pk}/urge/", {"home": "1"})

    assert "逾期（1 件）" in text
    assert matter.number in text
    assert answer["Location"] == "/"
    assert f"已催办{matter.number}，通知了钱敏。" in client.get("/").content.decode()


@pytest.mark.pages
def test_home_gives_a_long_name_of_a_unit_two_lines_and_tells_all_of_it(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    begin("complaint", cast, by=cast.chen, at=timezone.now() - timedelta(hours=1))
    Matter.objects.update(due_at=timezone.now() - timedelta(minutes=1))
    name = "江州分行城东支行人民路步行街文化广场储蓄所（旗舰网点）"

    short = client_of(cast.chen).get("/").content.decode()
    Unit.objects.filter(pk=cast.jia.pk).update(name=name)
    long = client_of(cast.chen).get("/").content.decode()

    assert 'data-label="机构">甲网点</td>' in short
    assert f'data-label="机构"><span class="two-lines" title="{name}">{name}</span></td>' in long


@pytest.mark.pages
def test_home_escapes_what_was_typed_and_each_button_urges_its_own_matter(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    now = timezone.now()
    made = [begin("complaint", cast, by=cast.chen, at=now - timedelta(hours=1)) for _ in range(2)]
    Matter.objects.update(due_at=now - timedelta(minutes=1), title='<b onclick="x">排队</b>')

    text = client_of(cast.chen).get("/").content.decode()

    assert "<b onclick" not in text
    assert "&lt;b onclick=&quot;x&quot;&gt;" in text
    assert text.count('<form method="post" id="urge">') == 1
    for one in made:
        assert f'form="urge" formaction="/matters/{one.pk}/urge/"' in text


@pytest.mark.pages
def test_quiet_home_says_so(cast: Cast, client_of: Callable[[User], Client]) -> None:
    assert "今天没有到期的事" in client_of(cast.lin).get("/").content.decode()


def test_text_for_a_group_lists_what_presses_and_nothing_of_a_customer(
    dated: dict[str, Matter], cast: Cast
) -> None:
    Matter.objects.update(title="客户王小明 13900001111 投诉排队")

    text = todo_text(todo_of(cast.chen, NOW), NOW)

    assert [name for name in CASES if f"W-{name}" in text] == ["over", "today", "near"]
    assert "甲网点" in text
    assert not [one for one in ("王小明", "13900001111", "诉求") if one in text]


def test_text_for_a_group_is_empty_while_nothing_presses(cast: Cast) -> None:
    assert todo_text(todo_of(cast.chen, NOW), NOW) == ""


@pytest.mark.pages
def test_home_offers_the_text_only_when_something_presses(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    begin("complaint", cast, by=cast.chen, at=timezone.now() - timedelta(days=30))

    assert "data-copy" in client_of(cast.chen).get("/").content.decode()
    assert "data-copy" not in client_of(cast.sun).get("/").content.decode()


@pytest.mark.pages
@pytest.mark.parametrize(
    ("who", "page"),
    [
        ("system_admin", "/system/users/"),
        ("security_admin", "/system/locks/"),
        ("audit_admin", "/system/log/"),
    ],
)
def test_home_of_an_administrator_leads_to_his_pages_instead_of_counting_noughts(
    cast: Cast, client_of: Callable[[User], Client], who: str, page: str
) -> None:
    shown = client_of(cast.people()[who]).get("/").content.decode()

    assert f'<a href="{page}">' in shown
    assert "没有到期的事" not in shown
    assert "从这里开始" not in shown  # this house has units, people and accounts already


@pytest.mark.pages
def test_first_administrator_of_a_new_house_is_told_how_to_begin(client: Client, db: None) -> None:
    first_administrator_link()
    user = User.objects.get(number="admin")
    client.force_login(user)

    shown = client.get("/").content.decode()

    assert "从这里开始" in shown
    assert shown.count("待办理") == 3
    top = Unit.objects.get()
    assert f'href="/units/{top.pk}/">改机构名称' in shown
    Unit.objects.filter(pk=top.pk).update(name="江州分行")
    assert client.get("/").content.decode().count("待办理") == 2


@pytest.mark.pages
def test_lists_of_a_new_house_lead_to_the_first_step(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    office, staff = client_of(cast.chen), client_of(cast.zhou)

    assert 'href="/plans/">选一份考核方案采用' in office.get("/assessments/").content.decode()
    assert "选一份考核方案采用" not in staff.get("/assessments/").content.decode()
    begun = office.get("/assessments/start/", follow=True)
    assert begun.redirect_chain == [("/plans/", 302)]
    assert "还没有采用考核方案" in begun.content.decode()
    assert staff.get("/assessments/start/").status_code == 403
    assert 'href="/plans/">查看考核方案' in office.get("/register/").content.decode()


@pytest.mark.pages
def test_nobody_is_led_to_an_import_that_refuses_him(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    assert "导入总行工单" in client_of(cast.handler).get("/complaints/").content.decode()
    for who in (cast.zhou, cast.lin, cast.leader, cast.auditor):
        assert "导入总行工单" not in client_of(who).get("/complaints/").content.decode()


@pytest.mark.pages
def test_nobody_is_led_to_a_page_where_he_may_register_nothing(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    nothing = "没有您可以登记的事项"
    for name, user in cast.people().items():
        client = client_of(user)
        offered = 'href="/matters/register/"' in client.get("/").content.decode()
        if offered:
            assert nothing not in client.get("/matters/register/").content.decode(), name
        if name in ("auditor", "finance", "expert"):
            assert not offered, name
            shown = client.get("/matters/").content.decode()
            assert 'href="/matters/register/"' not in shown, name
