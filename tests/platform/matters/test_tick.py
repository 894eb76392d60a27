"""What happens by itself: the ladder, a new calendar, the end of a day, the check of the cache."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.platform.factories import make_employee, make_holding, make_user
from tests.platform.matters.made import BEIJING, MONDAY, begin, set_limit
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode
from wenyou.audit.models import AuditRow
from wenyou.matters.ladder import climb_all
from wenyou.matters.models import ClockRun, Matter, Urge
from wenyou.matters.services import move
from wenyou.matters.tick import due_differences, lapse_drafts, new_calendar, recompute_all
from wenyou.notices.models import Notice
from wenyou.org.models import Absence, CalendarIssue

DAY = timedelta(days=1)


@pytest.fixture
def late(cast: Cast) -> Matter:
    """With 林 since Monday 10:00; to be contacted by 15:30."""
    matter = begin("complaint", cast, by=cast.chen)
    at = MONDAY + timedelta(minutes=30)
    return move(matter, "assign", by=cast.chen, turn=1, filled={"unit": cast.jia}, at=at)


def told(matter: Matter) -> list[tuple[int, str]]:
    rows = Urge.objects.filter(matter=matter, to__isnull=False).order_by("rung", "pk")
    return [(row.rung % 10, row.to.name) for row in rows if row.to]


def on(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=BEIJING)


def away(user: object, **fields: object) -> None:
    Absence.objects.create(
        **{"employee": getattr(user, "employee", None), "from_at": on(1, 0), "until_at": on(9, 0),
           "reason": "年假", **fields}
    )  # fmt: skip


# -- the ladder -------------------------------------------------------------------------


def test_nobody_is_told_before_the_time_is_up(late: Matter) -> None:
    assert climb_all(on(2, 15)) == 0
    assert told(late) == []


def test_overdue_climbs_in_working_time_and_ends_at_the_service_office(
    late: Matter, cast: Cast
) -> None:
    steps = []
    for at in (on(2, 16), on(3, 8), on(3, 12), on(4, 17), on(9, 12)):
        climb_all(at)
        steps.append(told(late))

    # 林 is the handler and the head: told once. Four working hours, then eight.
    assert steps[0] == [(1, "林岚")]
    assert steps[2] == [(1, "林岚")]
    assert steps[3] == steps[4] == [(1, "林岚"), (3, "陈静")]
    assert {row.name for row in (cast.lin, cast.chen)} == {
        one.to.name for one in Notice.objects.filter(kind="urge")
    }


def test_asking_twice_tells_nobody_twice(late: Matter) -> None:
    climb_all(on(3, 12))
    rows = Urge.objects.count()

    assert climb_all(on(3, 12)) == 0
    assert Urge.objects.count() == rows
    assert AuditRow.objects.filter(action="matter.reminded").count() == 1


def test_what_still_waits_for_its_next_step_costs_no_query_of_its_own(
    late: Matter, cast: Cast
) -> None:
    counts = []
    for _ in range(2):
        climb_all(on(2, 16))
        with CaptureQueriesContext(connection) as asked:
            assert climb_all(on(2, 16)) == 0
        counts.append(len(asked))
        move(begin("complaint", cast, by=cast.chen), "assign", by=cast.chen, turn=1,
             filled={"unit": cast.yi}, at=MONDAY + timedelta(minutes=30))  # fmt: skip

    assert counts[0] == counts[1] < 12


def test_stand_in_is_told_instead_of_somebody_on_leave(late: Matter, cast: Cast) -> None:
    away(cast.lin, stand_in=cast.zhou.employee)

    climb_all(on(2, 16))

    assert told(late) == [(1, "周宁")]


def test_step_without_anybody_is_stepped_over_at_once(late: Matter, cast: Cast) -> None:
    away(cast.lin)

    climb_all(on(2, 16))

    assert told(late) == [(3, "陈静")]


def test_unit_may_set_its_own_ladder(late: Matter, cast: Cast) -> None:
    ladder = [{"role": "leader", "wait_minutes": 0, "in_working_time": False}]
    set_limit(cast.east, "ladder", ladder)

    climb_all(on(2, 18))

    assert told(late) == [(1, "沈安")]


def test_next_stage_climbs_a_ladder_of_its_own(late: Matter, cast: Cast) -> None:
    climb_all(on(9, 12))
    first = len(told(late))
    matter = move(late, "contact", by=cast.lin, turn=2, filled={"contact": "已致电"}, at=on(9, 13))
    assert matter.due_at is not None

    climb_all(matter.due_at + 10 * DAY)

    assert len(told(late)) > first


# -- a new calendar ---------------------------------------------------------------------


def test_new_calendar_moves_what_is_open_and_tells_from_when_to_when(
    late: Matter, cast: Cast
) -> None:
    matter = move(late, "contact", by=cast.lin, turn=2, filled={"contact": "已致电"}, at=on(2, 14))
    before = matter.clocks.get(name="complaint_handle").due_at
    issue_with_holiday("2026-03-04")

    assert new_calendar(on(3, 9)) == 1

    after = matter.clocks.get(name="complaint_handle")
    assert before is not None
    assert after.due_at == before + DAY
    text = Notice.objects.get(kind="clock", to=cast.lin).text
    assert "到期时间由2026年3月5日（周四）24:00改为2026年3月6日（周五）24:00" in text
    assert AuditRow.objects.get(action="clock.moved").object_id == str(matter.pk)
    assert new_calendar(on(3, 9)) == 0


def test_new_calendar_leaves_what_was_met_as_it_was_told(late: Matter, cast: Cast) -> None:
    move(late, "contact", by=cast.lin, turn=2, filled={"contact": "已致电"}, at=on(2, 14))
    before = late.clocks.get(name="complaint_contact")
    issue_with_holiday("2026-03-02")

    new_calendar(on(3, 9))

    after = late.clocks.get(name="complaint_contact")
    assert (after.due_at, after.state, after.calendar_version) == (
        before.due_at, "met", before.calendar_version,
    )  # fmt: skip


def issue_with_holiday(day: str) -> None:
    held = CalendarIssue.objects.filter(year=2026).order_by("-version")[0]
    CalendarIssue.objects.create(
        year=2026,
        version=held.version + 1,
        notice="补发通知",
        days=[*held.days, [day, "holiday", "临时放假"]],
        entered_at=MONDAY,
        reason="补发通知",
    )


# -- days that are over -----------------------------------------------------------------


def test_drafts_that_stay_keep_no_other_from_lapsing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wenyou.matters.tick.AT_ONCE", 1)
    for _ in range(3):
        begin("appeal", cast)
    for _ in range(2):
        begin("exemption_filing", cast)
    window = {"closes_at": "2026-03-03T17:00:00+08:00"}
    set_limit(cast.east, "window.exemption_filing", window, article="七.9")

    assert [lapse_drafts(on(3, 18)) for _ in range(3)] == [1, 1, 0]


def test_draft_lapses_only_when_its_window_is_shut(cast: Cast) -> None:
    kept, gone = begin("appeal", cast), begin("exemption_filing", cast)
    set_limit(
        cast.east, "window.exemption_filing", {"closes_at": "2026-03-03T17:00:00+08:00"},
        article="七.9",
    )  # fmt: skip

    assert lapse_drafts(on(3, 16)) == 0
    assert lapse_drafts(on(3, 18)) == 1

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, gone.state) == ("draft", "lapsed")


# -- the cache --------------------------------------------------------------------------


def test_stored_dates_agree_with_a_computation(late: Matter, cast: Cast) -> None:
    begin("rectification", cast)
    begin("incident", cast)

    assert list(due_differences(on(5, 9))) == []


def test_changed_cache_is_found_and_mended(late: Matter) -> None:
    Matter.objects.update(due_at=on(9, 9))
    ClockRun.objects.filter(name="complaint_handle").update(due_at=on(8, 9))

    found = list(due_differences(on(3, 9)))

    assert found == [
        f"{late.number}的时限“承办处理”与重新计算的不一致，请重新计算。",
        f"{late.number}的到期时间与它的时限不一致，请重新计算。",
    ]
    recompute_all(on(3, 9))
    assert list(due_differences(on(3, 9))) == []


def test_limit_set_later_does_not_move_what_people_were_told(late: Matter, cast: Cast) -> None:
    limit = {"unit": "working_hours", "amount": 1}
    set_limit(cast.east, "complaint_contact", limit, from_on=date(2026, 3, 3))

    assert list(due_differences(on(3, 9))) == []


def test_reminders_go_to_the_nearest_service_office(late: Matter, cast: Cast) -> None:
    own = make_user(employee=make_employee("秦安", unit=cast.jia))
    make_holding(own, RoleCode.SERVICE_OFFICE, cast.jia)

    climb_all(on(9, 12))

    assert told(late)[-1] == (3, "秦安")
