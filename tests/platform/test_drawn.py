"""What is drawn up once answers as the query it was drawn up from."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.platform.people import Cast
from wenyou.accounts.models import RoleHolding, User
from wenyou.drawn import Drawn
from wenyou.knobs.models import Setting

DAY, NOW = date(1900, 1, 7), datetime.fromisoformat("1900-01-07T00:00:00+00:00")


def held_by(user_id: int, day: date) -> QuerySet[RoleHolding, tuple[Any, ...]]:
    mine = RoleHolding.objects.filter(user_id=user_id, from_on__lte=day)
    return mine.values_list("role", "from_on", "unit__path")


def made_before(moment: datetime, number: str) -> QuerySet[User]:
    return User.objects.filter(created_at__lt=moment, number__gt=number, is_active=True)


@pytest.mark.django_db
def test_rows_are_those_of_the_query_for_each_of_the_values(cast: Cast) -> None:
    drawn = Drawn(RoleHolding, held_by, -7, DAY)
    today = timezone.localdate()

    for user in (cast.lin, cast.chen, cast.nobody):
        for day in (today, date(1999, 12, 31)):
            assert drawn.rows(user.pk, day) == list(held_by(user.pk, day))


@pytest.mark.django_db
def test_objects_are_those_of_the_query_with_moments_and_truths(cast: Cast) -> None:
    drawn = Drawn(User, made_before, NOW, "(number)")
    later = timezone.now() + timedelta(days=1)

    found = drawn.objects(later, cast.chen.number)

    wanted = list(made_before(later, cast.chen.number))
    assert len(wanted) > 1
    assert [kept(one) for one in found] == [kept(one) for one in wanted]
    assert drawn.objects(NOW, "") == []


def kept(user: User) -> dict[str, Any]:
    return {name: one for name, one in vars(user).items() if name != "_state"}


@pytest.mark.django_db
@pytest.mark.parametrize("value", [True, 0, "字", ["a", {"b": None}]])
def test_values_of_json_are_read(value: object) -> None:
    Setting.objects.create(name="x", value=value, set_at=timezone.now())

    drawn = Drawn(Setting, lambda: Setting.objects.values_list("name", "value"))

    assert drawn.rows() == list(Setting.objects.values_list("name", "value"))


@pytest.mark.django_db
def test_a_text_with_signs_of_sql_stays_a_value(cast: Cast) -> None:
    drawn = Drawn(User, lambda name: User.objects.filter(name=name), "(name)")

    assert drawn.objects("%s' OR 1=1 --") == []
    assert drawn.objects(cast.lin.name) == [cast.lin]


@pytest.mark.django_db
def test_the_query_is_drawn_once_and_asked_each_time(cast: Cast) -> None:
    ran = []

    def draw(pk: int) -> QuerySet[User]:
        ran.append(pk)
        return User.objects.filter(pk=pk)

    drawn = Drawn(User, draw, -7)
    with CaptureQueriesContext(connection) as asked:
        assert drawn.objects(cast.lin.pk) == [cast.lin]
        assert drawn.objects(cast.wu.pk) == [cast.wu]

    assert ran == [-7]
    assert len(asked) == 2


@pytest.mark.django_db
def test_a_value_that_the_query_leaves_out_is_told() -> None:
    drawn = Drawn(User, lambda pk, _: User.objects.filter(pk=pk), -7, DAY)

    with pytest.raises(ValueError, match="missing"):
        drawn.rows(1, DAY)
