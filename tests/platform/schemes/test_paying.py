"""A result is paid out only where its plan went through its procedure."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.platform.matters.made import MONDAY, begin, filled_for, made_named, roads, take
from tests.platform.people import Cast
from tests.platform.schemes.adopted import adopted
from wenyou.matters.models import Matter
from wenyou.matters.services import move
from wenyou_core.flow.guards import ADOPTION_RECORDED
from wenyou_core.flow.machine import MoveRefused
from wenyou_core.flow.registry import FLOWS

WHOLE = {
    "consulted_on": date.fromisoformat("2024-11-20"),
    "published_on": date.fromisoformat("2024-12-02"),
    "acknowledged_on": date.fromisoformat("2024-12-20"),
}


def published(cast: Cast) -> Matter:
    """A result of 城东支行 that was signed and published."""
    road = roads(FLOWS["period_result"], frozenset({ADOPTION_RECORDED}))["published"]
    matter = begin("period_result", cast, unit=cast.east, action=road[0].action)
    for step, made in enumerate(road[1:], 1):
        matter = take(matter, made, cast, MONDAY + timedelta(hours=step))
    return matter


def pay(matter: Matter, cast: Cast) -> Matter:
    """登记兑现, by the first of those who may."""
    made = made_named("period_result", "pay", "published")
    return take(matter, made, cast, MONDAY + timedelta(days=1))


@pytest.mark.django_db
def test_result_of_a_plan_with_its_whole_record_is_paid(cast: Cast) -> None:
    adopted(cast, **WHOLE)

    assert pay(published(cast), cast).state == "paid"


@pytest.mark.django_db
def test_result_of_a_plan_without_signatures_is_not_paid(cast: Cast) -> None:
    adopted(cast, **WHOLE | {"acknowledged_on": None})
    matter = published(cast)

    with pytest.raises(MoveRefused, match=r"还缺告知签收的日期.*补记"):
        pay(matter, cast)

    matter.refresh_from_db()
    assert matter.state == "published"


@pytest.mark.django_db
def test_result_without_a_plan_in_force_is_paid_by_a_leader_alone(cast: Cast) -> None:
    matter = published(cast)

    with pytest.raises(MoveRefused, match=r"没有施行中的方案.*特批兑现"):
        pay(matter, cast)

    made = made_named("period_result", "pay_by_override", "published")
    filled = filled_for(made, cast)
    at = MONDAY + timedelta(days=1)
    paid = move(matter, made.action, by=cast.leader, turn=matter.turn, filled=filled, at=at)
    assert paid.state == "paid"
