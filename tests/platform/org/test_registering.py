"""The form that registers a person: with a first post or without, and who sees him then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.factories import make_holding
from tests.platform.org.test_pages import DAY, page, sent
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, User
from wenyou.org.models import Employee
from wenyou.org.services.posts import refresh_people

pytestmark = pytest.mark.pages

ClientOf = Callable[[User], Client]


def test_person_is_registered_with_the_first_post_in_one_form_and_shown_next(
    cast: Cast, client_of: ClientOf
) -> None:
    office = client_of(cast.chen)
    asked = {"number": "N1", "name": "新人", "unit": "111001", "post": "柜员"}

    assert sent(office, "/people/new/", **asked) == 422  # without a day
    assert sent(office, "/people/new/", **asked, head="on", from_on=DAY) == 422  # a second head
    assert not Employee.objects.filter(number="N1").exists()
    answer = office.post("/people/new/", {**asked, "from_on": DAY})

    new = Employee.objects.get(number="N1")
    assert answer["Location"] == f"/people/{new.pk}/"
    assert (new.unit, new.post, new.entered_for) == (cast.jia, "柜员", None)
    assert "新人" in page(client_of(cast.lin), f"/people/{new.pk}/")


def test_person_whose_first_post_begins_later_is_seen_by_who_registered_him_meanwhile(
    cast: Cast, client_of: ClientOf
) -> None:
    office = client_of(cast.chen)
    asked = {"number": "N1", "name": "新人", "unit": "111001", "post": "柜员"}
    day = timezone.localdate() + timedelta(days=7)
    assert sent(office, "/people/new/", **asked, from_on=day) == 302

    assert "新人" in page(office, "/people/?q=N1")
    assert "新人" in page(client_of(cast.lin), "/people/?q=N1")  # who expects him
    assert "新人" not in page(client_of(cast.sun), "/people/?q=N1")
    assert "新人" not in page(client_of(cast.wu), "/people/?q=N1")
    refresh_people(day)
    assert Employee.objects.get(number="N1").unit == cast.jia
    assert "新人" in page(client_of(cast.lin), "/people/?q=N1")


def test_keeper_of_several_units_says_for_which_a_person_is_registered(
    cast: Cast, client_of: ClientOf
) -> None:
    make_holding(cast.chen, RoleCode.SERVICE_OFFICE, cast.west)
    office, one = client_of(cast.chen), client_of(cast.he)

    assert "先归哪个机构管理" in page(office, "/people/new/")
    assert "先归哪个机构管理" not in page(one, "/people/new/")
    refused = office.post("/people/new/", {"number": "N1", "name": "新人"})
    assert refused.status_code == 422
    assert "请选先归哪个机构管理" in refused.content.decode()
    assert sent(office, "/people/new/", number="N1", name="新人", place="112001") == 422
    assert not Employee.objects.filter(number="N1").exists()
    assert sent(office, "/people/new/", number="N1", name="新人", place="112000") == 302

    assert Employee.objects.get(number="N1").entered_for == cast.west
    assert "新人" in page(office, "/people/?q=N1")
    asked = {"number": "N2", "name": "新人", "unit": "111001", "post": "柜员"}
    assert sent(office, "/people/new/", **asked, from_on=DAY) == 302  # a post says it as well
