"""How much time is left reads alike wherever a matter is shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.matters.made import BEIJING, begin
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.matters.dueness import Dueness
from wenyou.matters.models import Matter

FRIDAY = datetime(2026, 3, 6, 10, 0, tzinfo=BEIJING)


@pytest.mark.parametrize(
    ("at", "urgency", "left"),
    [
        (datetime(2026, 3, 5, 18, 0, tzinfo=BEIJING), "", "逾期 1 天"),
        (datetime(2026, 3, 6, 9, 0, tzinfo=BEIJING), "", "超时 1 小时"),
        (datetime(2026, 3, 6, 17, 0, tzinfo=BEIJING), "", "还剩 7 小时"),
        (datetime(2026, 3, 9, 17, 0, tzinfo=BEIJING), "near", "还剩 1 个工作日"),
        (datetime(2026, 3, 10, 17, 0, tzinfo=BEIJING), "", "还剩 2 个工作日"),
    ],
)
@pytest.mark.usefixtures("db")
def test_what_is_left_is_told_in_working_days_and_the_near_ones_are_marked(
    at: datetime, urgency: str, left: str
) -> None:
    due = Dueness(FRIDAY).due(at)

    assert due is not None
    assert (due.urgency, due.left) == (urgency, left)


@pytest.mark.usefixtures("db")
def test_day_of_a_year_that_is_not_announced_is_told_in_days_of_the_calendar() -> None:
    due = Dueness(FRIDAY).due(datetime(2031, 3, 6, 17, 0, tzinfo=BEIJING))

    assert due is not None
    assert due.left == "还剩 1826 天"


@pytest.mark.pages
def test_home_list_and_the_page_of_a_matter_tell_the_same(
    cast: Cast, client_of: Callable[[User], Client]
) -> None:
    matter = begin("complaint", cast, by=cast.chen, at=timezone.now() - timedelta(minutes=5))
    Matter.objects.update(due_at=timezone.now() + timedelta(days=2))
    client = client_of(cast.chen)

    said = set()
    for address in ("/", "/complaints/", f"/matters/{matter.pk}/"):
        html = client.get(address).content.decode()
        found = re.search(r'<span class="due (due--\w+)">.*?</svg>(.*?)</span>', html, re.DOTALL)
        assert found is not None, address
        said.add(found.groups())

    assert len(said) == 1
    assert said.pop()[0] == "due--near"
