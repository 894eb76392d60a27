"""Nothing is registered for or given to a unit that is not open on the day."""

from __future__ import annotations

from datetime import date

import pytest

from tests.platform.matters.made import MONDAY, begin, filled_for, made_named
from tests.platform.people import Cast
from wenyou.matters.models import Matter
from wenyou.matters.services import move
from wenyou.org.models import Unit
from wenyou_core.errors import InputRefused

ASSIGN = made_named("complaint", "assign", "registered")


def test_matter_is_not_registered_before_the_outlet_opens(cast: Cast) -> None:
    Unit.objects.filter(pk=cast.jia.pk).update(opened_on=date(2026, 3, 3))
    cast.jia.refresh_from_db()

    with pytest.raises(InputRefused, match="未开业或已停业"):
        begin("complaint", cast, by=cast.chen)
    assert not Matter.objects.exists()


def test_matter_is_given_to_an_outlet_on_its_last_day_and_no_later(cast: Cast) -> None:
    matter = begin("complaint", cast, by=cast.chen)
    filled = {**filled_for(ASSIGN, cast), "unit": cast.yi}
    for day, taken in ((date(2026, 3, 1), False), (date(2026, 3, 2), True)):
        Unit.objects.filter(pk=cast.yi.pk).update(closed_on=day)
        if taken:
            moved = move(matter, "assign", by=cast.chen, turn=1, filled=filled, at=MONDAY)
            assert moved.unit == cast.yi
            continue
        with pytest.raises(InputRefused, match="乙网点"):
            move(matter, "assign", by=cast.chen, turn=1, filled=filled, at=MONDAY)
