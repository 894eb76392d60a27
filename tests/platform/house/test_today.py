"""What the first minutes of a day bring about by themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from tests.platform.people import Cast
from wenyou.house.ticks import refresh_house
from wenyou.org.imports import keep, kept
from wenyou.org.models import Employee, Unit
from wenyou.org.services import rename_unit, transfer
from wenyou.org.services.posts import NewPosting
from wenyou_core.errors import InputRefused


def test_day_makes_changes_current_and_clears_what_has_had_its_time(cast: Cast) -> None:
    now = timezone.now()
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert cast.zhou.employee is not None
    rename_unit(cast.jia, name="甲一网点", on=tomorrow, by=cast.chen)
    new = NewPosting(post="大堂经理", from_on=tomorrow)
    transfer(cast.zhou.employee, cast.yi, new, by=cast.chen)
    Session.objects.create(session_key="a" * 32, session_data="", expire_date=now)
    token = keep("机构.csv", [b"x"], by=cast.chen)

    refresh_house(now + timedelta(days=1, hours=1))

    assert Unit.objects.get(pk=cast.jia.pk).name == "甲一网点"
    assert Employee.objects.get(pk=cast.zhou.employee.pk).unit == cast.yi
    assert not Session.objects.exists()
    with pytest.raises(InputRefused):
        kept(token, by=cast.chen)
