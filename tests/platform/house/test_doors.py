"""Who sees which door."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, User
from wenyou.house import doors

pytestmark = [pytest.mark.django_db, pytest.mark.pages]


def titles(client: Client) -> list[str]:
    return [one.title for one in client.get("/").context["doors"]]


def test_the_eight_doors_stand_in_their_order() -> None:
    assert [one.title for one in doors.DOORS] == [
        "待办", "投诉与表扬", "检查与整改", "考核", "网点", "队伍", "报告", "系统",
    ]  # fmt: skip


def test_every_role_of_a_door_exists() -> None:
    for door in doors.DOORS:
        assert set(door.roles) <= set(RoleCode.values), door.key


def test_letters_of_doors_are_told_apart() -> None:
    letters = [one.letter for one in doors.DOORS]

    assert len(set(letters)) == len(letters)


def test_a_door_whose_slice_is_not_there_has_no_address() -> None:
    assert doors.address(("nothing:here",)) == ""
    assert doors.address(("nothing:here", "house:home")) == "/"
    assert doors.address(("house:home",), "flow=complaint") == "/?flow=complaint"


def test_home_is_open_to_everybody_and_marked(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    for user in cast.people().values():
        shown = client_of(user).get("/").context["doors"]
        assert (shown[0].title, shown[0].here) == ("待办", True)


def test_rail_marks_the_door_of_each_page_and_shows_each_person_his_own(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    for user in (cast.lin, cast.system_admin):
        client = client_of(user)
        for address, marked in (("/", "待办"), ("/units/", "网点"), ("/", "待办")):
            answer = client.get(address)
            rail = re.search(r'<nav class="rail".*?</nav>', answer.content.decode(), re.DOTALL)
            assert rail is not None
            assert re.findall(r"<span>(.+?)</span>", rail[0]) == titles(client)
            (here,) = re.findall(r'aria-current="page".*?<span>(.+?)<', rail[0], re.DOTALL)
            assert here == marked


def test_administrators_see_no_business(cast: Cast, client_of: Callable[[User], Client]) -> None:
    business = {"投诉与表扬", "检查与整改", "考核"}

    assert not business & set(titles(client_of(cast.system_admin)))
    assert not business & set(titles(client_of(cast.nobody)))


def test_only_those_who_run_the_house_see_the_system_door(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    assert "系统" in titles(client_of(cast.system_admin))
    assert "系统" not in titles(client_of(cast.zhou))


def test_nobody_is_shown_a_door_or_page_that_refuses_him(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    refused: list[str] = []
    for name, user in cast.people().items():
        client = client_of(user)
        first = client.get("/")
        shown = {
            one.address
            for key in ("doors", "phone_doors", "own_pages")
            for one in first.context[key]
        }
        asked = {"/": first}  # the pages of a door all name each other: each is asked for once
        for address in sorted(shown):
            answer = once(asked, client, address)
            if answer.status_code == 200 and address != "/":
                for one in answer.context["sections"]:
                    once(asked, client, one.address)
        refused += [
            f"{name} {address} {answer.status_code}"
            for address, answer in asked.items()
            if answer.status_code != 200
        ]

    assert refused == []


def once(asked: dict[str, Any], client: Client, address: str) -> Any:
    """The answer of a page, asked for at most once."""
    if address not in asked:
        asked[address] = client.get(address)
    return asked[address]
