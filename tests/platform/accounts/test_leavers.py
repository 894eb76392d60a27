"""Whoever has left the house is out: no role, no session, no notice, from the day after the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, User
from wenyou.accounts.queries import holders_of
from wenyou.accounts.scope import scope
from wenyou.org.models import Employee


def leaves(user: User, days_ago: int) -> User:
    """The same account, read anew, of a person whose last day was so many days ago."""
    last = timezone.localdate() - timedelta(days=days_ago)
    assert user.employee is not None
    Employee.objects.filter(pk=user.employee.pk).update(left_on=last)
    return User.objects.get(pk=user.pk)


def test_roles_end_with_the_last_day_in_the_house(cast: Cast) -> None:
    assert scope(leaves(cast.chen, 0)).roles == {RoleCode.SERVICE_OFFICE}
    assert scope(leaves(cast.chen, 1)).roles == frozenset()


def test_who_has_left_is_not_told_instead_of_those_who_are_there(cast: Cast) -> None:
    leaves(cast.lin, 1)

    assert cast.lin not in holders_of(RoleCode.OUTLET_HEAD, cast.jia.path)


def test_account_without_a_person_keeps_its_roles(cast: Cast) -> None:
    User.objects.filter(pk=cast.chen.pk).update(employee=None)

    assert scope(User.objects.get(pk=cast.chen.pk)).roles == {RoleCode.SERVICE_OFFICE}


@pytest.mark.pages
def test_session_ends_and_nobody_comes_in_after_the_last_day(cast: Cast) -> None:
    client, said = Client(), {"number": cast.lin.number, "password": PASSWORD}
    leaves(cast.lin, 0)
    assert client.post("/sign-in/", said).status_code == 302
    assert client.get("/me/").status_code == 200

    leaves(cast.lin, 1)

    assert client.get("/me/").status_code == 302
    assert client.post("/sign-in/", said).status_code == 422
