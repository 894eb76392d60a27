"""A form pressed twice makes one, whatever it makes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.platform.people import Cast, make_cast
from tests.platform.register.test_pages import typed
from tests.platform.schemes.adopted import PLAN
from tests.platform.schemes.test_pages import typed as adopting
from tests.platform.together import at_once
from wenyou.accounts.models import AccessToken, User
from wenyou.house.once import forget_sent
from wenyou.jobs.tick import periodics
from wenyou.matters.models import FormSent
from wenyou.org.models import Employee, Unit
from wenyou.register.models import Coverage, Fact
from wenyou.schemes.models import Adoption

ClientOf = Callable[[User], Client]
KEY = "one-and-the-same-form"


def key_in(page: str) -> str:
    found = re.findall(r'name="once" value="([^"]+)"', page)
    assert found
    return str(found[-1])


@pytest.mark.pages
def test_every_form_that_makes_something_makes_it_once(
    cast: Cast, adoption: Adoption, client_of: ClientOf
) -> None:
    fact = f"/register/{adoption.pk}/new/finding/"
    days = {"from_on": "2025-01-01", "until_on": "2025-03-31"}
    coverage = {"kinds": "finding", "unit": cast.east.code, **days}
    unit = {"code": "111009", "name": "新网点", "parent": cast.east.code, "level": "outlet",
            "kind": "bank", "opened_on": "2026-01-05"}  # fmt: skip
    token = {"number": cast.system_admin.number, "title": "排队机", "scopes": "read", "days": "30"}
    cases = [
        (cast.zheng, fact, typed(cast), Fact),
        (cast.chen, f"/register/{adoption.pk}/coverage/", coverage, Coverage),
        (cast.chen, "/people/new/", {"number": "E900", "name": "新人"}, Employee),
        (cast.chen, "/units/new/", unit, Unit),
        (cast.chen, f"/plans/{PLAN}/adopt/", adopting(cast), Adoption),
        (cast.system_admin, "/system/tokens/new/", token, AccessToken),
    ]
    for user, address, fields, model in cases:
        client = client_of(user)
        before = model._default_manager.count()
        once = {"once": key_in(client.get(address).content.decode())}

        first = client.post(address, {**fields, **once})
        second = client.post(address, {**fields, **once})

        assert first.status_code in (200, 302), address
        assert model._default_manager.count() == before + 1, address
        if first.status_code == 302:
            assert (second.status_code, second["Location"]) == (302, first["Location"]), address
        else:
            assert second.status_code == 409
            assert "已经提交过" in second.content.decode()


@pytest.mark.pages
def test_refused_form_may_be_sent_again_with_its_key(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.chen)

    assert client.post("/people/new/", {"number": "", "once": KEY}).status_code == 422
    fields = {"number": "E900", "name": "新人", "once": KEY}
    assert client.post("/people/new/", fields).status_code == 302

    assert Employee.objects.filter(number="E900").count() == 1


@pytest.mark.pages
def test_form_that_asks_once_more_goes_on_with_the_same_key(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)
    address = f"/units/{cast.yi.pk}/close/"
    asked = client.post(address, {"on": "2026-03-31", "once": KEY})
    agreed = re.search(r'name="agreed" value="(\w+)"', asked.content.decode())
    assert agreed is not None

    done = client.post(address, {"on": "2026-03-31", "agreed": agreed[1], "once": KEY})

    assert done.status_code == 302
    assert Unit.objects.get(pk=cast.yi.pk).closed_on == date(2026, 3, 31)


@pytest.mark.pages
def test_form_that_was_changed_after_it_was_sent_is_told_so(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.chen)
    fields = {"number": "E901", "name": "新人", "once": KEY}
    assert client.post("/people/new/", fields).status_code == 302

    changed = client.post("/people/new/", {**fields, "number": "E902"})

    assert changed.status_code == 409
    assert "改动的内容没有保存" in changed.content.decode()
    assert client.post("/people/new/", fields).status_code == 302
    assert Employee.objects.filter(number__in=["E901", "E902"]).count() == 1


@pytest.mark.pages
def test_key_of_another_is_a_key_of_ones_own(cast: Cast, client_of: ClientOf) -> None:
    for user, number in ((cast.chen, "E901"), (cast.he, "E902")):
        fields = {"number": number, "name": "新人", "once": KEY}
        assert client_of(user).post("/people/new/", fields).status_code == 302

    assert Employee.objects.filter(number__in=["E901", "E902"]).count() == 2


@pytest.mark.pages
def test_form_that_was_cut_off_says_where_to_look(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wenyou.house.once.PATIENCE", 0.0)
    FormSent.objects.create(by=cast.chen, key=KEY, at=timezone.now())

    answer = client_of(cast.chen).post("/people/new/", {"number": "E900", "once": KEY})

    assert answer.status_code == 409
    assert "请先查看是否已经办好" in answer.content.decode()
    # One click to where it would stand, one to the form.
    assert '<a class="button button--main" href="/people/">' in answer.content.decode()
    assert '<a class="button" href="/people/new/">' in answer.content.decode()
    assert not Employee.objects.filter(number="E900").exists()


@pytest.mark.pages
@pytest.mark.parametrize(
    ("flow", "where"),
    [("complaint", "/complaints/"), ("visit", "/inspections/"), ("task", "/matters/")],
)
def test_registration_that_was_cut_off_leads_to_the_list_in_which_it_would_stand(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, flow: str, where: str
) -> None:
    monkeypatch.setattr("wenyou.house.once.PATIENCE", 0.0)
    FormSent.objects.create(by=cast.chen, key=KEY, at=timezone.now())
    client, form = client_of(cast.chen), f"/matters/register/{flow}/"

    answer = client.post(form, {"once": KEY})

    assert answer.status_code == 409
    assert f'<a class="button button--main" href="{where}">' in answer.content.decode()
    assert f'<a class="button" href="{form}">' in answer.content.decode()
    assert client.get(where).status_code == 200


@pytest.mark.pages
@pytest.mark.parametrize(
    ("referer", "where"),
    [
        ("http://testserver/people/?q=1", "/people/?q=1"),
        ("http://testserver//evil.example/people/", "/people/new/"),
        ("http://testserver/\\evil.example/people/", "/people/new/"),
        ("http://evil.example/people/", "/people/new/"),
        ("http://[broken/people/", "/people/new/"),
    ],
)
def test_way_back_to_a_form_never_leads_to_another_host(
    cast: Cast, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch, referer: str, where: str
) -> None:
    monkeypatch.setattr("wenyou.house.once.PATIENCE", 0.0)
    FormSent.objects.create(by=cast.chen, key=KEY, at=timezone.now())

    fields = {"number": "E900", "once": KEY}
    answer = client_of(cast.chen).post("/people/new/", fields, headers={"referer": referer})

    assert answer.status_code == 409
    assert f'<a class="button" href="{where}">' in answer.content.decode()


@pytest.mark.pages
def test_stranger_has_no_key(cast: Cast) -> None:
    assert 'name="once"' not in Client().get("/sign-in/").content.decode()


def test_keys_that_are_old_are_forgotten_by_the_tick(cast: Cast) -> None:
    now = timezone.now()
    FormSent.objects.create(by=cast.chen, key="old", at=now - timedelta(days=8))
    FormSent.objects.create(by=cast.chen, key="new", at=now)

    assert forget_sent(now) == 1

    assert FormSent.objects.get().key == "new"
    names = {one.name for one in periodics()}
    assert {"house.once", "api.calls"} <= names


def test_form_pressed_several_times_at_once_makes_one(transactional_db: None) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("内存里的数据库没有第二个连接；这一项在 PostgreSQL 那一遍里测。")
    people = make_cast()
    got: list[int] = []

    def press(_: int) -> None:
        client = Client()
        client.force_login(people.chen)
        fields = {"number": "E900", "name": "新人", "once": KEY}
        got.append(client.post("/people/new/", fields).status_code)

    at_once(press, 4)

    assert got == [302] * 4
    assert Employee.objects.filter(number="E900").count() == 1
