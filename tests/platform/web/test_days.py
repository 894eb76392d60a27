"""Days that nobody can mean are refused where they are typed, before they break anything."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.test import Client

from tests.platform.people import Cast
from tests.platform.schemes.adopted import PLAN, drafted
from wenyou.accounts.models import User
from wenyou.matters.forms import day_field, moment_field
from wenyou.org.fields import DayField, MomentField
from wenyou.schemes.models import Adoption

SAID = "年份应在 1900 至 2200 之间"


@pytest.mark.parametrize("field", [DayField(), day_field()])
@pytest.mark.parametrize("typed", ["0001-01-01", "1899-12-31", "2201-01-01", "9999-12-31"])
def test_day_outside_three_centuries_is_refused(field: forms.DateField, typed: str) -> None:
    with pytest.raises(ValidationError, match=SAID):
        field.clean(typed)
    assert field.clean("2026-10-12") == date(2026, 10, 12)


@pytest.mark.parametrize("field", [MomentField(), moment_field()])
@pytest.mark.parametrize("typed", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_moment_outside_three_centuries_is_refused(field: forms.DateTimeField, typed: str) -> None:
    with pytest.raises(ValidationError, match=SAID):
        field.clean(typed)
    assert isinstance(field.clean("2026-10-12T09:30"), datetime)


# -- on the pages -------------------------------------------------------------------------------

ODD = ["0001-01-01", "9999-12-31", "2026-02-29"]


def days_of_forms(cast: Cast, adoption: Adoption) -> dict[str, tuple[User, str, dict[str, str]]]:
    """By form: who, its address, and what is typed besides the odd day, for which {} stands."""
    draft = drafted(cast)
    moment = {"known_at": "{}T10:00"}
    fact = {"unit": "甲网点", "person": "周宁", "f_type": "服务用语", "f_points": "2"}
    fact |= {"happened_on": "2025-08-12", "known_at": "2025-08-12T17:00", "f_counted": "1"}
    new, jia = f"/register/{adoption.pk}/new/finding/", f"/units/{cast.jia.pk}"
    return {
        "fact": (cast.zheng, new, {**fact, "happened_on": "{}"}),
        "fact known": (cast.zheng, new, {**fact, **moment}),
        "coverage": (cast.chen, f"/register/{adoption.pk}/coverage/",
                     {"kinds": "finding", "unit": cast.east.code, "from_on": "{}",
                      "until_on": "2025-01-01"}),
        "adoption": (cast.chen, f"/plans/{PLAN}/adopt/", {"unit": str(cast.east.pk), "from_on": "{}"}),
        "draft": (cast.chen, f"/adoptions/{draft.pk}/edit/", {"until_on": "{}"}),
        "record": (cast.chen, f"/adoptions/{adoption.pk}/record/", {"published_on": "{}"}),
        "end": (cast.chen, f"/adoptions/{adoption.pk}/end/", {"until_on": "{}"}),
        "run": (cast.chen, "/assessments/start/",
                {"adoption": str(adoption.pk), "period": "2025Q3", **moment}),
        "period": (cast.chen, "/assessments/start/",
                   {"adoption": str(adoption.pk), "period": "{}..{}"}),
        "unit": (cast.chen, "/units/new/", {"opened_on": "{}"}),
        "person": (cast.chen, "/people/new/", {"joined_on": "{}"}),
        "move": (cast.chen, f"{jia}/move/", {"on": "{}"}),
    }  # fmt: skip


@pytest.mark.pages
@pytest.mark.parametrize("day", ODD)
def test_odd_day_is_refused_by_each_form_and_stays_in_it(
    cast: Cast, adoption: Adoption, client_of: Callable[[User], Client], day: str
) -> None:
    for name, (user, address, fields) in days_of_forms(cast, adoption).items():
        typed = {key: text.replace("{}", day) for key, text in fields.items()}

        answer = client_of(user).post(address, typed)

        page = answer.content.decode()
        assert answer.status_code == 422, name
        assert SAID in page or "例如" in page, name
        assert f'value="{day}' in page, name


@pytest.mark.pages
def test_day_of_a_unit_that_does_not_exist_is_today(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    for day in [*ODD, "2026-13-01", "x"]:
        assert client_of(cast.chen).get(f"/units/{cast.jia.pk}/?on={day}").status_code == 200
