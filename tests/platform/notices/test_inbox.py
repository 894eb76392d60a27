"""Notices: folded by what they are about, seen by their owner alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.errors import NotFound
from wenyou.notices.models import Notice
from wenyou.notices.queries import notice_for, unread_count
from wenyou.notices.services import mark_read, notify

ClientOf = Callable[[User], Client]


def say(*users: User, text: str = "请办理。", about: str = "", link: str = "/matters/") -> int:
    return notify(users, kind="matter", text=text, link=link, about=about)


def test_everybody_named_is_told_once(cast: Cast) -> None:
    assert say(cast.lin, cast.lin, cast.wu) == 2
    assert unread_count(cast.lin) == 1


def test_disabled_account_is_not_told(cast: Cast) -> None:
    cast.lin.is_active = False
    cast.lin.save()

    assert say(cast.lin) == 0


def test_second_notice_about_the_same_replaces_the_first_and_is_unread_again(cast: Cast) -> None:
    say(cast.lin, text="第一次", about="matter-1")
    mark_read(by=cast.lin)

    say(cast.lin, text="第二次", about="matter-1")

    notice = Notice.objects.get(to=cast.lin)
    assert (notice.text, notice.read_at) == ("第二次", None)


def test_marking_touches_ones_own_alone(cast: Cast) -> None:
    say(cast.lin, cast.wu)
    foreign = Notice.objects.get(to=cast.wu)

    assert mark_read(by=cast.lin, notices=[foreign.pk]) == 0
    assert mark_read(by=cast.lin) == 1
    assert unread_count(cast.wu) == 1


def test_notice_of_another_is_not_to_be_found(cast: Cast) -> None:
    say(cast.wu)

    with pytest.raises(NotFound):
        notice_for(cast.lin, Notice.objects.get().pk)


@pytest.mark.pages
def test_bell_counts_and_a_notice_leads_to_its_matter(cast: Cast, client_of: ClientOf) -> None:
    say(cast.lin)
    client = client_of(cast.lin)
    notice = Notice.objects.get()

    before = client.get("/inbox/").content.decode()
    answer = client.get(f"/inbox/{notice.pk}/")
    after = client.get("/inbox/?unread=1").content.decode()

    assert 'class="head__count">1<' in before
    assert answer["Location"] == "/matters/"
    assert "请办理。" not in after
    assert client_of(cast.wu).get(f"/inbox/{notice.pk}/").status_code == 404


@pytest.mark.pages
def test_link_to_another_host_is_not_followed(cast: Cast, client_of: ClientOf) -> None:
    say(cast.lin, link="https://evil.example/")

    answer = client_of(cast.lin).get(f"/inbox/{Notice.objects.get().pk}/")

    assert answer["Location"] == "/inbox/"


@pytest.mark.pages
def test_inbox_costs_the_same_for_one_notice_and_for_three(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            say(cast.lin)
        client.get("/inbox/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/inbox/")
        counts.append(len(queries))

    assert counts[0] == counts[1]


@pytest.mark.pages
def test_all_are_marked_with_one_press(cast: Cast, client_of: ClientOf) -> None:
    say(cast.lin)

    client_of(cast.lin).post("/inbox/read/")

    assert unread_count(cast.lin) == 0
