"""Hours, limits or the place of a unit change: open deadlines follow, and say so; nothing silent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.platform.factories import WEEK, make_hours
from tests.platform.matters.made import MONDAY, begin, set_limit
from tests.platform.people import Cast
from wenyou.accounts.services import change_setting
from wenyou.audit.models import AuditRow
from wenyou.jobs.models import Job
from wenyou.matters import anew, setting
from wenyou.matters.models import Matter
from wenyou.matters.services import move
from wenyou.matters.tick import due_differences
from wenyou.notices.models import Notice
from wenyou.org.models import Unit
from wenyou.org.services import move_unit, set_hours
from wenyou.org.services.duties import NewHours

DAY = timedelta(days=1)
LATER = MONDAY + timedelta(hours=1)
SHORT = {"unit": "working_hours", "amount": 1}


@pytest.fixture
def open_one(cast: Cast) -> Matter:
    """With 林 since Monday 10:00, under the office hours of the house."""
    make_hours(cast.head_office)
    matter = begin("complaint", cast, by=cast.chen)
    at = MONDAY + timedelta(minutes=30)
    return move(matter, "assign", by=cast.chen, turn=1, filled={"unit": cast.jia}, at=at)


def followed(matter: Matter, job: Job) -> int:
    """What the job does; how many matters have moved."""
    unit = Unit.objects.get(pk=job.arguments["unit"])
    said = job.arguments["since"]
    since = date.fromisoformat(said) if said else None
    return anew.compute_beneath(unit, since, LATER, lambda percent, text: None)


def short(cast: Cast, unit: Unit, **said: object) -> None:
    """Contact within one working hour, as 总行 or a unit sets it."""
    set_limit(unit, "complaint_contact", SHORT, **said)


def test_limit_set_for_days_gone_by_moves_what_began_since_and_tells(
    open_one: Matter, cast: Cast
) -> None:
    before = open_one.clocks.get(name="complaint_contact").due_at
    said = {"article": "二.1", "from_on": MONDAY.date(), "by": cast.chen}

    setting.set_limit(cast.east, "complaint_contact", SHORT, **said)  # type: ignore[arg-type]
    job = Job.objects.get(kind=anew.KIND)
    assert followed(open_one, job) == 1

    after = open_one.clocks.get(name="complaint_contact").due_at
    assert before is not None
    assert after is not None
    assert after < before
    assert list(due_differences(LATER)) == []
    row = AuditRow.objects.get(action="clock.moved")
    assert (row.object_id, row.unit) == (str(open_one.pk), cast.jia)
    notice = Notice.objects.get(kind="clock")
    assert notice.to == cast.lin
    assert "改为" in notice.text
    assert "时限、营业时间、每周休息日或隶属关系有变" in notice.text
    assert followed(open_one, job) == 0


def test_limit_for_days_to_come_concerns_nothing_that_is_open(open_one: Matter, cast: Cast) -> None:
    ahead = date.today() + DAY  # noqa: DTZ011 -- any day to come
    said = {"article": "二.1", "from_on": ahead + DAY, "by": cast.chen}

    setting.set_limit(cast.east, "complaint_contact", SHORT, **said)  # type: ignore[arg-type]

    assert not Job.objects.exists()


def test_hours_set_for_days_gone_by_are_followed_as_well(open_one: Matter, cast: Cast) -> None:
    week = ["10:00-11:00"] * 5 + ["", ""]
    set_hours(cast.jia, NewHours(from_on=MONDAY.date(), weekly=week), by=cast.chen)
    assert list(due_differences(LATER)) != []

    assert followed(open_one, Job.objects.get(kind=anew.KIND)) == 1

    assert list(due_differences(LATER)) == []


def test_unit_that_moves_takes_over_the_limits_above_it(open_one: Matter, cast: Cast) -> None:
    short(cast, cast.west)

    move_unit(cast.jia, parent=cast.west, on=MONDAY.date(), by=cast.he)

    assert followed(open_one, Job.objects.get(kind=anew.KIND)) == 1
    assert list(due_differences(LATER)) == []


def test_matter_that_was_closed_meanwhile_gets_no_date_again(open_one: Matter, cast: Cast) -> None:
    Matter.objects.filter(pk=open_one.pk).update(closed=True, due_at=None, due_clock="")
    short(cast, cast.jia)

    assert not anew.compute_anew(open_one, LATER)

    assert Matter.objects.get(pk=open_one.pk).due_at is None


def test_nothing_open_nothing_asked(cast: Cast) -> None:
    set_hours(cast.jia, NewHours(from_on=MONDAY.date(), weekly=WEEK), by=cast.chen)

    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("calendar.rest_weekdays", [1, 2, 3, 6, 7]), ("hours.standard", "10:00-11:00")],
)
def test_hours_and_days_of_rest_of_the_house_are_followed_as_well(
    cast: Cast, name: str, value: object
) -> None:
    matter = begin("complaint", cast, by=cast.chen)
    matter = move(matter, "assign", by=cast.chen, turn=1, filled={"unit": cast.jia}, at=MONDAY)
    decided = matter.clocks.exclude(due_at=None).order_by("pk")[0]
    matter.clocks.filter(pk=decided.pk).update(decided=True)

    change_setting(name, value, by=cast.system_admin)
    assert list(due_differences(LATER)) != []
    assert followed(matter, Job.objects.get(kind=anew.KIND)) == 1

    assert list(due_differences(LATER)) == []
    assert matter.clocks.get(pk=decided.pk).due_at == decided.due_at
    assert AuditRow.objects.filter(action="clock.moved", object_id=str(matter.pk)).exists()


def test_other_settings_have_nothing_computed_again(cast: Cast) -> None:
    begin("complaint", cast, by=cast.chen)

    change_setting("session.idle_minutes", 45, by=cast.security_admin)

    assert not Job.objects.exists()
