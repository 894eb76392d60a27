"""Leave, roster, hours, groups, letters."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from tests.platform.factories import WEEK, make_employee, make_hours
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.org.models import Employee, Group, GroupMember, OpeningHours, RosterDuty
from wenyou.org.queries import hours_for
from wenyou.org.services import (
    add_member,
    end_group,
    end_leave,
    end_member,
    form_group,
    issue_letter,
    set_hours,
    set_roster,
    sign_letter,
    take_leave,
)
from wenyou.org.services.duties import NewHours
from wenyou.org.services.groups import NewLetter
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.hours import Segment
from wenyou_core.worktime.texts import BEIJING

DAY = date(2026, 3, 2)
NINE = datetime(2026, 3, 2, 9, tzinfo=BEIJING)
HOUR = timedelta(hours=1)


def person(user: User) -> Employee:
    assert user.employee is not None
    return user.employee


# -- leave ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "stand_in", "text"),
    [
        (0, None, "晚于开始时间"),
        (4, "lin", "请假人自己"),
        (4, "away", "也有请假"),
        (4, "left", "已离职"),
    ],
)
def test_leave_that_cannot_be_is_refused(
    cast: Cast, hours: int, stand_in: str | None, text: str
) -> None:
    away, left = make_employee("也请假", unit=cast.jia), make_employee("走了", left_on=DAY)
    away.absences.create(from_at=NINE, until_at=NINE + HOUR, reason="体检")
    Employee.objects.filter(pk=left.pk).update(left_on=DAY - timedelta(days=1))
    left.refresh_from_db()
    people = {"lin": person(cast.lin), "away": away, "left": left, None: None}

    with pytest.raises(InputRefused, match=text):
        take_leave(
            person(cast.lin), from_at=NINE, until_at=NINE + hours * HOUR, reason="外出",
            stand_in=people[stand_in], by=cast.lin,
        )  # fmt: skip


def test_second_leave_at_the_same_time_is_refused_and_one_right_after_is_not(cast: Cast) -> None:
    take_leave(person(cast.lin), from_at=NINE, until_at=NINE + HOUR, reason="外出", by=cast.lin)

    with pytest.raises(InputRefused, match="已有请假"):
        take_leave(person(cast.lin), from_at=NINE, until_at=NINE + HOUR, reason="再", by=cast.lin)
    take_leave(
        person(cast.lin), from_at=NINE + HOUR, until_at=NINE + 2 * HOUR, reason="再", by=cast.lin
    )


def test_leave_is_noted_by_the_person_the_head_or_the_office_and_nobody_else(cast: Cast) -> None:
    for number, by in enumerate((cast.zhou, cast.lin, cast.chen)):
        start = NINE + number * HOUR
        take_leave(person(cast.zhou), from_at=start, until_at=start + HOUR, reason="外出", by=by)

    with pytest.raises(NotAllowed):
        take_leave(
            person(cast.zhou), from_at=NINE + 9 * HOUR, until_at=NINE + 10 * HOUR,
            reason="外出", by=cast.wu,
        )  # fmt: skip


def test_leave_ends_early_within_its_time_only(cast: Cast) -> None:
    row = take_leave(
        person(cast.lin), from_at=NINE, until_at=NINE + 8 * HOUR, reason="外出", by=cast.lin
    )
    with pytest.raises(InputRefused, match="开始和结束之间"):
        end_leave(row, at=NINE + 9 * HOUR, by=cast.lin)

    assert end_leave(row, at=NINE + HOUR, by=cast.lin).until_at == NINE + HOUR


# -- roster -----------------------------------------------------------------------------


def test_roster_of_a_shift_is_replaced_as_a_whole(cast: Cast) -> None:
    set_roster(cast.jia, on=DAY, shift="带班", people=[person(cast.lin)], by=cast.lin)
    set_roster(cast.jia, on=DAY, shift="带班", people=[person(cast.zhou)], by=cast.lin)

    assert [row.employee for row in RosterDuty.objects.all()] == [cast.zhou.employee]


def test_roster_refuses_somebody_twice_and_somebody_who_left(cast: Cast) -> None:
    left = make_employee("走了", left_on=date(2026, 1, 1))

    with pytest.raises(InputRefused, match="写了两次"):
        set_roster(cast.jia, on=DAY, shift="带班", people=[person(cast.lin)] * 2, by=cast.lin)
    with pytest.raises(InputRefused, match="已离职"):
        set_roster(cast.jia, on=DAY, shift="带班", people=[left], by=cast.lin)
    with pytest.raises(NotAllowed):
        set_roster(cast.jia, on=DAY, shift="带班", people=[], by=cast.wu)


# -- hours ------------------------------------------------------------------------------


def test_unit_without_hours_takes_those_of_the_nearest_unit_above(cast: Cast) -> None:
    make_hours(cast.branch, weekly=["08:00-18:00"] * 7)
    assert hours_for(cast.jia, DAY).weekly[6] == (Segment(480, 1080),)

    make_hours(cast.east)
    assert hours_for(cast.jia, DAY).weekly[6] == ()

    make_hours(cast.jia, weekly=["10:00-16:00"] * 7)
    assert hours_for(cast.jia, DAY).weekly[0] == (Segment(600, 960),)
    assert hours_for(cast.yi, DAY).weekly[6] == ()


def test_hours_of_a_later_day_do_not_count_before_it(cast: Cast) -> None:
    make_hours(cast.jia)
    make_hours(cast.jia, from_on=DAY, weekly=["10:00-16:00"] * 7)

    before = hours_for(cast.jia, DAY - timedelta(days=1))
    assert (before.weekly[6], hours_for(cast.jia, DAY).weekly[6]) == ((), (Segment(600, 960),))


def test_house_without_any_hours_uses_the_standard_of_the_settings(cast: Cast) -> None:
    assert hours_for(cast.jia, DAY).weekly[0] == (Segment(540, 720), Segment(810, 1020))


def test_hours_are_set_by_the_head_and_replaced_on_the_same_day(cast: Cast) -> None:
    set_hours(cast.jia, NewHours(from_on=DAY, weekly=WEEK), by=cast.lin)
    closed = ((date(2026, 3, 5), "", "装修停业"),)
    set_hours(cast.jia, NewHours(from_on=DAY, weekly=WEEK, exceptions=closed), by=cast.lin)

    row = OpeningHours.objects.get(unit=cast.jia)
    assert row.exceptions == [["2026-03-05", "", "装修停业"]]
    assert AuditRow.objects.filter(action="org.hours.set").count() == 2


@pytest.mark.parametrize(
    "weekly",
    [
        ["09:00-12:00"] * 6,
        ["12:00-09:00"] * 7,
        ["09:00-12:00 11:00-13:00"] * 7,
        ["九点"] * 7,
        ["22:00-26:00"] * 7,
    ],
)
def test_hours_nobody_can_count_with_are_refused_and_nothing_is_saved(
    cast: Cast, weekly: list[str]
) -> None:
    with pytest.raises(InputRefused):
        set_hours(cast.jia, NewHours(from_on=DAY, weekly=weekly), by=cast.lin)

    assert not OpeningHours.objects.exists()


# -- groups and letters -----------------------------------------------------------------


def test_group_takes_people_in_once_and_ends_with_all_of_them(cast: Cast) -> None:
    group = form_group(
        cast.east, kind=Group.Kind.LEADING_GROUP, name="领导小组", from_on=DAY, by=cast.chen
    )
    member = add_member(group, person(cast.leader), from_on=DAY, part="组长", by=cast.chen)
    with pytest.raises(InputRefused, match="已在"):
        add_member(group, person(cast.leader), from_on=DAY, by=cast.chen)
    with pytest.raises(InputRefused, match="不存在"):
        add_member(group, person(cast.lin), from_on=date(2025, 1, 1), by=cast.chen)

    end_group(group, on=date(2026, 12, 31), by=cast.chen)

    assert GroupMember.objects.get(pk=member.pk).until_on == date(2026, 12, 31)


def test_groups_are_kept_by_the_office_alone(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        form_group(cast.east, kind="experts", name="专家", from_on=DAY, by=cast.lin)
    with pytest.raises(InputRefused, match="从列表中选择"):
        form_group(cast.east, kind="party", name="专家", from_on=DAY, by=cast.chen)

    group = form_group(cast.east, kind="experts", name="专家", from_on=DAY, by=cast.chen)
    member = add_member(group, person(cast.expert), from_on=DAY, by=cast.chen)
    with pytest.raises(InputRefused, match="不能早于"):
        end_member(member, on=date(2026, 1, 1), by=cast.chen)
    assert end_member(member, on=DAY, by=cast.chen).until_on == DAY


def test_letter_knows_who_has_not_signed_and_is_signed_once(cast: Cast) -> None:
    new = NewLetter(title="优质服务责任书", year=2026, due_on=date(2026, 3, 31))
    people = [person(cast.lin), person(cast.wu)]
    letter = issue_letter(cast.east, new, people=people, by=cast.chen)

    sign_letter(letter, person(cast.lin), on=DAY, by=cast.lin)

    unsigned = letter.signatures.filter(signed_on=None)
    assert [row.employee for row in unsigned] == [cast.wu.employee]
    with pytest.raises(InputRefused, match="已于2026年3月2日签订"):
        sign_letter(letter, person(cast.lin), on=DAY, by=cast.lin)
    with pytest.raises(NotAllowed, match="签订名单里的人"):
        sign_letter(letter, person(cast.zhou), on=DAY, by=cast.zhou)
    with pytest.raises(NotAllowed):
        sign_letter(letter, person(cast.wu), on=DAY, by=cast.lin)


def test_letter_nobody_signs_is_refused(cast: Cast) -> None:
    new = NewLetter(title="优质服务责任书", year=2026, due_on=DAY)

    with pytest.raises(InputRefused, match="至少选择一名"):
        issue_letter(cast.east, new, people=[], by=cast.chen)
