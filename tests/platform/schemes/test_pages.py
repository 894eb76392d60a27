"""The pages of plans and adoptions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.people import Cast
from tests.platform.schemes.adopted import FINES, PLAN, adopted, drafted
from wenyou.accounts.models import User
from wenyou.schemes.models import Adoption
from wenyou_desk.plans import shipped

pytestmark = pytest.mark.pages
ClientOf = Callable[[User], Client]


def typed(cast: Cast, **changed: str) -> dict[str, str]:
    cells = {f"t_inspection_fine_{at}": text for at, text in enumerate(FINES.values())}
    fields = {"unit": str(cast.east.pk), "from_on": "2025-01-01", "p_complaint_basis": "客户数"}
    return {**fields, **cells, **changed}


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_plan_reads_in_sentences(cast: Cast, client_of: ClientOf, name: str) -> None:
    page = client_of(cast.zhou).get(f"/plans/{name}/").content.decode()

    assert "条款目录" in page
    assert "采用这份方案" not in page


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_plan_has_a_form_to_take_it_up(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    answer = client_of(cast.chen).get(f"/plans/{name}/adopt/")

    assert answer.status_code == 200
    assert "通过程序" in answer.content.decode()


def test_a_plan_that_is_not_shipped_is_not_found(cast: Cast, client_of: ClientOf) -> None:
    assert client_of(cast.chen).get("/plans/no_such/").status_code == 404


def test_a_plan_is_taken_up_and_put_in_force(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)

    page = client.post(f"/plans/{PLAN}/adopt/", typed(cast), follow=True).content.decode()
    assert "已保存为草稿" in page
    saved = Adoption.objects.get()
    asked = client.get(f"/adoptions/{saved.pk}/in-force/").content.decode()
    assert "通过程序还没有记全" in asked
    client.post(f"/adoptions/{saved.pk}/in-force/")
    saved.refresh_from_db()
    assert saved.state == Adoption.State.IN_FORCE
    assert "plan: jsb_sub_branch" in client.get(f"/adoptions/{saved.pk}/file/").content.decode()


def test_a_wrong_value_is_told_beside_its_field_and_what_was_typed_is_kept(
    cast: Cast, client_of: ClientOf
) -> None:
    fields = typed(cast, p_least_count="两件", p_absence_points="7", until_on="2024-01-01")

    page = client_of(cast.chen).post(f"/plans/{PLAN}/adopt/", fields).content.decode()

    assert "还不能提交" in page
    assert 'value="两件"' in page
    assert 'value="7"' in page
    assert "施行止日" in page
    assert not Adoption.objects.exists()


def test_an_outlet_head_is_told_who_takes_up_plans(cast: Cast, client_of: ClientOf) -> None:
    answer = client_of(cast.lin).get(f"/plans/{PLAN}/adopt/")

    assert answer.status_code == 403
    assert "服务办公室" in answer.content.decode()


def test_a_unit_out_of_reach_cannot_be_chosen(cast: Cast, client_of: ClientOf) -> None:
    fields = typed(cast, unit=str(cast.west.pk))

    page = client_of(cast.chen).post(f"/plans/{PLAN}/adopt/", fields).content.decode()

    assert "请从列表里选一个您负责的单位" in page


def test_a_branch_ranks_its_sub_branches_apart(cast: Cast, client_of: ClientOf) -> None:
    fields = typed(cast, unit=str(cast.branch.pk), apart="on")

    client_of(cast.he).post(f"/plans/{PLAN}/adopt/", fields)

    taken = Adoption.objects.get()
    assert taken.values["units"] == [cast.east.code, cast.west.code]
    page = client_of(cast.he).get(f"/adoptions/{taken.pk}/").content.decode()
    assert f"{cast.east.name}、{cast.west.name}" in page


def test_a_draft_is_changed_with_what_was_typed_before(cast: Cast, client_of: ClientOf) -> None:
    saved, client = drafted(cast), client_of(cast.chen)

    page = client.get(f"/adoptions/{saved.pk}/edit/").content.decode()
    assert 'value="-200 元"' in page
    client.post(f"/adoptions/{saved.pk}/edit/", typed(cast, p_least_count="3"))
    saved.refresh_from_db()
    assert saved.values["params"]["least_count"] == "3"


def test_an_adoption_page_and_its_comparison_open(cast: Cast, client_of: ClientOf) -> None:
    first, client = adopted(cast), client_of(cast.chen)
    second = drafted(cast, params={"complaint_basis": "员工数"})

    assert "未经通过程序" in client.get(f"/adoptions/{first.pk}/").content.decode()
    page = client.get(f"/adoptions/{first.pk}/compare/{second.pk}/").content.decode()
    assert "员工数" in page


def test_steps_are_entered_and_an_adoption_is_ended_by_pages(
    cast: Cast, client_of: ClientOf
) -> None:
    found, client = adopted(cast), client_of(cast.chen)

    client.post(f"/adoptions/{found.pk}/record/", {"consulted_on": "2025-01-02"})
    wrong = {"consulted_on": "2025-01-02", "published_on": "2025-01-01"}
    assert "早于" in client.post(f"/adoptions/{found.pk}/record/", wrong).content.decode()
    client.post(f"/adoptions/{found.pk}/end/", {"until_on": "2025-03-31"})
    found.refresh_from_db()
    assert (found.record, found.state) == ({"consulted_on": "2025-01-02"}, Adoption.State.ENDED)


def test_the_list_asks_as_many_queries_for_three_adoptions_as_for_one(
    cast: Cast, client_of: ClientOf
) -> None:
    drafted(cast)
    client = client_of(cast.chen)
    client.get("/plans/")
    with CaptureQueriesContext(connection) as one:
        client.get("/plans/")
    drafted(cast)
    drafted(cast)
    with CaptureQueriesContext(connection) as three:
        client.get("/plans/")
    assert len(three) == len(one)
