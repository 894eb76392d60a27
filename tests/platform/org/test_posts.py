"""Posts by date, and who leads a unit at a moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from tests.platform.factories import make_employee, make_posting, make_unit
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.errors import NotAllowed
from wenyou.org.models import Employee, Posting
from wenyou.org.queries import head_of, heads_of
from wenyou.org.services import appoint, close_unit, end_posting, refresh_people, transfer
from wenyou.org.services.duties import take_leave
from wenyou.org.services.posts import NewPosting
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.texts import BEIJING

DAY = date(2026, 3, 2)
ONE = timedelta(days=1)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=BEIJING)


def person(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


def teller(**fields: object) -> NewPosting:
    said = {"post": "柜员", "from_on": DAY, **fields}
    return NewPosting(**said)  # type: ignore[arg-type]


def head(**fields: object) -> NewPosting:
    return teller(post="网点负责人", head=True, **fields)


def test_second_main_post_on_the_same_day_is_refused_with_the_first_named(cast: Cast) -> None:
    with pytest.raises(InputRefused, match=r"“甲网点”任柜员.*不能有两个主岗"):
        appoint(person(cast.zhou), cast.yi, teller(), by=cast.chen)

    assert Posting.objects.filter(employee=cast.zhou.employee).count() == 1


def test_side_post_may_stand_beside_the_main_one(cast: Cast) -> None:
    row = appoint(person(cast.zhou), cast.yi, teller(main=False), by=cast.chen)

    assert row.main is False
    assert Employee.objects.get(pk=row.employee_id).unit == cast.jia


def test_transfer_ends_the_old_post_the_day_before(cast: Cast) -> None:
    transfer(person(cast.zhou), cast.yi, teller(post="大堂经理"), by=cast.chen)

    rows = Posting.objects.filter(employee=cast.zhou.employee).order_by("from_on")
    assert [(row.unit, row.until_on) for row in rows] == [(cast.jia, DAY - ONE), (cast.yi, None)]
    employee = Employee.objects.get(pk=person(cast.zhou).pk)
    assert (employee.unit, employee.post) == (cast.yi, "大堂经理")


def test_future_appointment_becomes_current_by_the_tick(cast: Cast) -> None:
    tomorrow = timezone.localdate() + ONE
    transfer(person(cast.zhou), cast.yi, teller(from_on=tomorrow), by=cast.chen)
    assert Employee.objects.get(pk=person(cast.zhou).pk).unit == cast.jia

    assert refresh_people(tomorrow) == 1
    assert Employee.objects.get(pk=person(cast.zhou).pk).unit == cast.yi


def test_second_head_is_refused_but_the_day_of_handing_over_counts_for_both(cast: Cast) -> None:
    new = make_employee("接任", unit=None)
    with pytest.raises(InputRefused, match="已有负责人林岚"):
        appoint(new, cast.jia, head(), by=cast.chen)

    old = Posting.objects.get(unit=cast.jia, head=True)
    end_posting(old, on=DAY, by=cast.chen)
    appoint(new, cast.jia, head(from_on=DAY), by=cast.chen)

    assert head_of(cast.jia, at(DAY + ONE)) is not None


def test_acting_head_may_be_appointed_beside_the_head(cast: Cast) -> None:
    new = make_employee("代理", unit=None)

    appoint(new, cast.jia, head(acting=True), by=cast.chen)

    found = head_of(cast.jia, at(DAY))
    assert found is not None
    assert found.employee == cast.lin.employee


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"until_on": DAY - ONE}, "不能早于第一天"),
        ({"from_on": date(2019, 1, 1)}, "没有营业"),
        ({"post": ""}, "岗位没有填写"),
        ({"post": "柜\x00员"}, "控制字符"),
    ],
)
def test_posting_that_cannot_be_is_refused(
    cast: Cast, fields: dict[str, object], text: str
) -> None:
    new = make_employee("新人", joined_on=None)

    with pytest.raises(InputRefused, match=text):
        appoint(new, cast.jia, teller(**fields), by=cast.chen)


def test_nobody_is_appointed_before_joining_after_leaving_or_beyond_a_closing(cast: Cast) -> None:
    late = make_employee("晚到", joined_on=DAY + ONE)
    gone = make_employee("已走", left_on=DAY - ONE)
    empty = make_unit("空网点", parent=cast.east)
    close_unit(empty, on=DAY + 9 * ONE, by=cast.chen)

    with pytest.raises(InputRefused, match="才入职"):
        appoint(late, cast.jia, teller(), by=cast.chen)
    with pytest.raises(InputRefused, match="离职"):
        appoint(gone, cast.jia, teller(), by=cast.chen)
    with pytest.raises(InputRefused, match="停业"):
        appoint(make_employee("来人"), empty, teller(), by=cast.chen)


def test_head_of_an_outlet_appoints_nobody(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        appoint(make_employee("新人"), cast.jia, teller(), by=cast.lin)


def test_posting_ends_once_and_not_before_it_began(cast: Cast) -> None:
    row = Posting.objects.get(employee=cast.zhou.employee)
    with pytest.raises(InputRefused, match="不能更早"):
        end_posting(row, on=date(2019, 12, 31), by=cast.chen)

    end_posting(row, on=DAY, by=cast.chen)
    with pytest.raises(InputRefused, match="不用再免"):
        end_posting(row, on=DAY, by=cast.chen)


# -- who leads --------------------------------------------------------------------------


def test_stand_in_leads_while_the_head_is_away_and_says_for_whom(cast: Cast) -> None:
    take_leave(
        person(cast.lin), from_at=at(DAY, 9), until_at=at(DAY, 17), reason="外出开会",
        stand_in=person(cast.zhou), by=cast.lin,
    )  # fmt: skip

    during, after = head_of(cast.jia, at(DAY, 10)), head_of(cast.jia, at(DAY, 17))
    assert during is not None
    assert (during.employee, during.stands_for) == (cast.zhou.employee, cast.lin.employee)
    assert after is not None
    assert (after.employee, after.stands_for) == (cast.lin.employee, None)


def test_acting_head_leads_while_the_head_is_away_without_a_stand_in(cast: Cast) -> None:
    acting = make_employee("代理", unit=None)
    make_posting(acting, cast.jia, head=True, acting=True, main=False)
    take_leave(
        person(cast.lin), from_at=at(DAY), until_at=at(DAY + ONE), reason="年休假", by=cast.lin
    )

    found = head_of(cast.jia, at(DAY))
    assert found is not None
    assert (found.employee, found.acting) == (acting, True)


def test_nobody_leads_a_unit_whose_head_is_away_without_a_stand_in(cast: Cast) -> None:
    take_leave(
        person(cast.lin), from_at=at(DAY), until_at=at(DAY + ONE), reason="年休假", by=cast.lin
    )

    assert head_of(cast.jia, at(DAY)) is None


def test_stand_ins_that_point_at_each_other_lead_to_nobody(cast: Cast) -> None:
    one, two = person(cast.lin), person(cast.zhou)
    for who, other in ((one, two), (two, one)):
        who.absences.create(
            from_at=at(DAY), until_at=at(DAY + ONE), reason="年休假", stand_in=other
        )

    assert head_of(cast.jia, at(DAY)) is None


def test_heads_of_many_units_take_the_same_number_of_queries(
    cast: Cast, django_assert_num_queries: object
) -> None:
    units = [cast.jia.pk, cast.yi.pk, cast.bing.pk]

    for asked in (units[:1], units):
        with django_assert_num_queries(2):  # type: ignore[operator]
            assert set(heads_of(asked, at(DAY))) == set(asked)
