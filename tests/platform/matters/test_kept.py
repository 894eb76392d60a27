"""What a bank that is laid reads once: the same people are told as where everything is asked anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.platform.factories import make_absence
from tests.platform.matters.made import begin
from tests.platform.people import Cast
from wenyou.accounts.models import RoleHolding
from wenyou.matters.models import Matter
from wenyou.matters.people import holders_kept, holders_of, in_hands
from wenyou.org.heads import absences_kept, deputy_of
from wenyou.org.models import Employee

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_whoever_has_it_in_hand_is_the_same_and_asked_for_once(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    now = timezone.now()
    matter = begin("complaint", cast)
    Matter.objects.filter(pk=matter.pk).update(in_hands_of="outlet_head")
    matter.refresh_from_db()
    told = in_hands(matter, now)
    assert told == [cast.lin]

    with holders_kept(), absences_kept():
        assert in_hands(matter, now) == told
        # Nothing but the accounts of stand-ins, of whom there is none here.
        with django_assert_num_queries(0):
            assert in_hands(matter, now) == told
    cast.lin.is_active = False
    cast.lin.save(update_fields=["is_active"])
    assert in_hands(matter, now) != told


@pytest.mark.parametrize("begins", [-2, -1, 0, 1])
def test_absent_is_who_is_absent_at_that_moment(begins: int, cast: Cast) -> None:
    now = timezone.now()
    assert cast.lin.employee is not None
    assert cast.zhou.employee is not None
    make_absence(
        cast.lin.employee,
        from_at=now + begins * HOUR,
        until_at=now + (begins + 1) * HOUR,
        stand_in=cast.zhou.employee,
    )

    asked = deputy_of(cast.lin.employee, now)
    with absences_kept():
        assert deputy_of(cast.lin.employee, now) == asked
    assert (asked == cast.zhou.employee) == (begins == 0)


@pytest.mark.parametrize(
    ("held", "left_on", "there"),
    [
        ({}, None, True),
        ({"from_on": 0}, None, True),
        ({"from_on": 1}, None, False),
        ({"until_on": 0}, None, True),
        ({"until_on": -1}, None, False),
        ({}, 0, True),
        ({}, -1, False),
    ],
)
def test_holder_is_who_holds_it_on_that_day(
    held: dict[str, int], left_on: int | None, there: bool, cast: Cast
) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    RoleHolding.objects.filter(user=cast.lin, role="outlet_head").update(
        **{name: today + timedelta(days=days) for name, days in held.items()}
    )
    if left_on is not None:
        assert cast.lin.employee is not None
        last = today + timedelta(days=left_on)
        Employee.objects.filter(pk=cast.lin.employee.pk).update(left_on=last)

    asked = holders_of("outlet_head", cast.jia, now)
    with holders_kept():
        assert holders_of("outlet_head", cast.jia, now) == asked
    assert (cast.lin in asked) == there
