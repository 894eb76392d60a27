"""Faults that other systems had, each kept here as a test of ours: pauses, hours, recomputing.

Every test is named by the behaviour and cites the thread in which users met the fault
(owner/repository#number). The threads were read for the fault, never for code.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.core.worktime.days import (
    CALENDAR,
    FIFTEEN_DAYS,
    FIVE_WORKING_DAYS,
    OFFICE,
    TWO_HOURS,
    deadline,
    due,
    on,
    received,
    shown,
    waiting,
)
from wenyou_core.errors import InputRefused
from wenyou_core.worktime.calendar import CalendarYear
from wenyou_core.worktime.deadline import (
    DeadlineState,
    Extension,
    ExtensionMode,
    compute_deadline,
)
from wenyou_core.worktime.hours import DayException, office_hours, parse_segments, round_the_clock
from wenyou_core.worktime.left import Urgency, is_overdue, time_left, urgency
from wenyou_core.worktime.limits import (
    CountFrom,
    DayEnd,
    OutsideHours,
    Shift,
    TimeLimit,
    Unit,
)
from wenyou_core.worktime.recompute import Outcome, StoredDeadline, reconcile

# -- pauses -----------------------------------------------------------------------------


def test_a_pause_really_stops_the_clock() -> None:
    # frappe/helpdesk#1554, faveosuite/faveo-helpdesk#91
    pause = waiting(on("2025-07-01", "09:30"), on("2025-07-01", "11:30"))

    assert due(TWO_HOURS, received("2025-07-01", "09:00"), pause) == "2025-07-01 14:30"


def test_the_end_is_computed_anew_when_the_pause_ends() -> None:
    # frappe/helpdesk#1675, osTicket/osTicket#3034
    start = received("2025-07-01", "09:00")
    open_pause = waiting(on("2025-07-01", "10:00"), None)
    resumed = replace(open_pause, end=on("2025-07-03", "10:00"))

    assert deadline(TWO_HOURS, start, open_pause).state is DeadlineState.PAUSED
    assert due(TWO_HOURS, start, resumed) == "2025-07-03 11:00"


def test_a_paused_matter_is_not_overdue_however_long_it_waits() -> None:
    # glpi-project/glpi#24481
    found = deadline(
        TWO_HOURS, received("2025-07-01", "09:00"), waiting(on("2025-07-01", "10:00"), None)
    )

    assert not is_overdue(found, on("2026-07-01"))
    assert urgency(found, on("2026-07-01"), near=timedelta(days=1)) is Urgency.PAUSED
    assert found.steps[-1].text.endswith("时限尚余1小时工作时间，恢复后续算。")


def test_a_pause_after_the_end_does_not_undo_being_late() -> None:
    # glpi-project/glpi#24481
    pause = waiting(on("2025-07-01", "15:00"), None)

    found = deadline(TWO_HOURS, received("2025-07-01", "09:00"), pause)

    assert shown(found.due_at) == "2025-07-01 11:00"
    assert is_overdue(found, on("2025-07-01", "15:30"))


def test_changing_the_limit_keeps_the_pauses() -> None:
    # glpi-project/glpi#15605, glpi-project/glpi#6902
    pause = waiting(on("2025-07-01", "09:30"), on("2025-07-01", "11:30"))
    start = received("2025-07-01", "09:00")

    assert due(TWO_HOURS, start, pause) == "2025-07-01 14:30"
    assert due(replace(TWO_HOURS, amount=3), start, pause) == "2025-07-01 15:30"


def test_a_weekend_inside_a_pause_is_not_taken_out_twice() -> None:
    # glpi-project/glpi#10594
    pause = waiting(on("2025-07-04", "10:00"), on("2025-07-07", "10:00"))

    # Friday is paused at its end, the weekend is no workday anyway: one day longer.
    assert due(FIVE_WORKING_DAYS, received("2025-07-01", "10:00")) == "2025-07-08 24:00"
    assert due(FIVE_WORKING_DAYS, received("2025-07-01", "10:00"), pause) == "2025-07-09 24:00"


def test_overlapping_pauses_are_counted_once() -> None:
    # osTicket/osTicket#6524
    pauses = (
        waiting(on("2025-07-01", "09:30"), on("2025-07-01", "10:30")),
        waiting(on("2025-07-01", "10:00"), on("2025-07-01", "11:00"), reason="police"),
    )

    assert due(TWO_HOURS, received("2025-07-01", "09:00"), *pauses) == "2025-07-01 14:00"


def test_a_pause_outside_working_hours_moves_nothing() -> None:
    # linear/linear#1103
    pause = waiting(on("2025-07-01", "18:00"), on("2025-07-02", "08:00"))

    plain = due(replace(TWO_HOURS, amount=6), received("2025-07-01", "14:30"))

    assert due(replace(TWO_HOURS, amount=6), received("2025-07-01", "14:30"), pause) == plain


# -- working time as people live it -----------------------------------------------------


def test_the_lunch_break_does_not_count() -> None:
    # frappe/helpdesk#2212, frappe/helpdesk#1528
    assert due(TWO_HOURS, received("2025-07-01", "11:00")) == "2025-07-01 14:30"


def test_only_business_hours_count_for_a_limit_in_working_hours() -> None:
    # osTicket/osTicket-1.7#515, osTicket/osTicket#1168, osTicket/osTicket#2131
    assert due(TWO_HOURS, received("2025-07-04", "16:30")) == "2025-07-07 10:00"


def test_a_limit_in_minutes_can_be_told_to_the_minute() -> None:
    # freescout-help-desk/freescout#5135
    limit = TimeLimit(unit=Unit.MINUTES, amount=30, start="received")

    found = deadline(limit, received("2025-07-01", "09:00"))

    left = time_left(found, on("2025-07-01", "09:10"))
    assert left is not None
    assert left.text == "还剩20分钟"


def test_a_start_on_a_day_off_begins_with_the_next_opening() -> None:
    # frappe/helpdesk#2075
    assert due(TWO_HOURS, received("2025-07-05", "10:00")) == "2025-07-07 11:00"


def test_a_limit_that_ends_with_the_day_is_not_carried_to_the_next_morning() -> None:
    # glpi-project/glpi#15357, glpi-project/glpi#15429
    assert due(TWO_HOURS, received("2025-07-01", "15:30")) == "2025-07-01 17:30"


def test_one_can_say_that_it_is_outside_hours_and_when_it_opens() -> None:
    # frappe/helpdesk#2561, frappe/helpdesk#2135
    moment = on("2025-09-30", "18:00")

    assert not OFFICE.is_open(moment, CALENDAR)
    assert shown(OFFICE.next_opening(moment, CALENDAR)) == "2025-10-09 09:00"


def test_each_department_counts_by_its_own_hours() -> None:
    # osTicket/osTicket#4166
    hotline = round_the_clock("客服热线")
    start = received("2025-07-05", "10:00")

    by_hotline = compute_deadline(TWO_HOURS, start, hours=hotline)

    assert shown(by_hotline.due_at) == "2025-07-05 12:00"
    assert due(TWO_HOURS, start) == "2025-07-07 11:00"


def test_a_closed_outlet_is_an_exception_by_date_and_changes_no_working_day() -> None:
    # osTicket/osTicket#4166: hours by unit, but an absence must not stop the clock
    closed = DayException(date(2025, 7, 2), (), "装修停业")
    hours = office_hours("09:00-12:00 13:30-17:30", exceptions=(closed,))
    start = received("2025-07-01", "16:30")

    by_hours = compute_deadline(TWO_HOURS, start, calendar=CALENDAR, hours=hours)
    by_days = compute_deadline(FIVE_WORKING_DAYS, start, calendar=CALENDAR, hours=hours)

    assert shown(by_hours.due_at) == "2025-07-03 10:00"
    assert shown(by_days.due_at) == "2025-07-08 24:00"


def test_schedules_know_holidays_and_opening_later_on_one_day() -> None:
    # osTicket/osTicket#4984
    late = DayException(date(2025, 10, 9), parse_segments("10:30-17:30"), "推迟开门")
    hours = office_hours("09:00-12:00 13:30-17:30", exceptions=(late,))

    found = compute_deadline(
        TWO_HOURS, received("2025-09-30", "16:30"), calendar=CALENDAR, hours=hours
    )

    assert shown(found.due_at) == "2025-10-09 11:30"


def test_a_makeup_saturday_counts_and_the_long_holiday_does_not() -> None:
    # grafana-cold-storage/oncall#558, grafana-cold-storage/oncall#1761
    assert due(FIVE_WORKING_DAYS, received("2025-09-26", "10:00")) == "2025-10-10 24:00"
    assert due(FIVE_WORKING_DAYS, received("2025-09-30", "10:00")) == "2025-10-14 24:00"


def test_reminders_use_the_calendar_like_the_deadline_itself() -> None:
    # glpi-project/glpi#14492
    found = deadline(FIVE_WORKING_DAYS, received("2025-09-30", "10:00"))

    left = time_left(found, on("2025-10-01", "09:00"), calendar=CALENDAR)

    assert left is not None
    assert (left.calendar_days, left.working_days) == (13, 4 + 1)


def test_a_moment_in_another_time_zone_is_the_same_moment() -> None:
    # grafana-cold-storage/oncall#5512
    utc = datetime(2025, 7, 1, 17, 30, tzinfo=UTC)  # 01:30 on the 2nd in Beijing
    limit = TimeLimit(unit=Unit.SAME_DAY, start="received")

    assert due(limit, {"received": utc}) == "2025-07-02 24:00"


def test_a_time_without_a_zone_is_refused_and_not_taken_for_utc() -> None:
    # grafana-cold-storage/oncall#5512
    naive = on("2025-07-01", "09:00").replace(tzinfo=None)

    with pytest.raises(InputRefused) as caught:
        deadline(TWO_HOURS, {"received": naive})

    assert caught.value.code == "time-without-zone"


def test_the_end_of_a_day_belongs_to_that_day() -> None:
    # glpi-project/glpi#22678
    found = deadline(FIFTEEN_DAYS, received("2025-07-01", "10:00"))

    assert found.due_at is not None
    assert found.due_at.date() == date(2025, 7, 16)
    assert urgency(found, on("2025-07-16", "10:00"), near=timedelta(days=2)) is Urgency.TODAY
    assert is_overdue(found, on("2025-07-17", "00:00"))


def test_what_comes_after_hours_may_count_from_the_next_opening() -> None:
    # grafana-cold-storage/oncall#2700
    limit = TimeLimit(
        unit=Unit.HOURS, amount=2, start="received", outside_hours=OutsideHours.NEXT_OPENING
    )

    assert due(limit, received("2025-07-01", "20:00")) == "2025-07-02 11:00"
    assert due(limit, received("2025-07-01", "10:00")) == "2025-07-01 12:00"


def test_a_day_count_never_ends_before_the_event_that_started_it() -> None:
    # frappe/helpdesk#2075
    limit = TimeLimit(unit=Unit.SAME_DAY, start="received", end=DayEnd.CLOSING, shift=Shift.NEXT)

    assert due(limit, received("2025-07-04", "18:00")) == "2025-07-07 17:30"


# -- recomputing ------------------------------------------------------------------------


def _without_makeup_day() -> CalendarYear:
    year = next(one for one in CALENDAR.years if one.year == 2025)
    return replace(year, rows=tuple(r for r in year.rows if r.day != date(2025, 9, 28)))


def test_a_new_calendar_does_not_move_the_deadline_of_a_closed_matter() -> None:
    # OCA/helpdesk#157
    start = received("2025-09-26", "10:00")
    old = deadline(FIVE_WORKING_DAYS, start)
    newer = CALENDAR.replaced(_without_makeup_day(), version="cn-2025.9")
    fresh = compute_deadline(FIVE_WORKING_DAYS, start, calendar=newer)
    stored = StoredDeadline(old.due_at, old.calendar_version, on("2025-10-10", "09:00"))

    result = reconcile(stored, fresh)

    assert (result.outcome, result.stored) == (Outcome.KEPT, stored)
    assert "仍按原时限" in result.text


def test_a_new_calendar_moves_an_open_deadline_and_says_so() -> None:
    # edmozley/freeitsm (design note on computing at reading)
    start = received("2025-09-26", "10:00")
    old = deadline(FIVE_WORKING_DAYS, start)
    newer = CALENDAR.replaced(_without_makeup_day(), version="cn-2025.9")
    fresh = compute_deadline(FIVE_WORKING_DAYS, start, calendar=newer)

    result = reconcile(StoredDeadline(old.due_at, old.calendar_version), fresh)

    assert result.outcome is Outcome.MOVED
    assert result.stored.calendar_version == "cn-2025.9"
    assert result.text == (
        "到期时间由2025年10月10日（周五）24:00改为2025年10月11日（周六）24:00"
        "（工作日历由cn-2026.1改为cn-2025.9）。"
    )


def test_an_extension_by_hand_survives_a_new_calendar() -> None:
    # adempiere/adempiere#956
    longer = Extension(
        mode=ExtensionMode.UNTIL,
        until=date(2025, 10, 20),
        approved_at=on("2025-09-29", "10:00"),
        by="分管行长",
    )
    newer = CALENDAR.replaced(_without_makeup_day(), version="cn-2025.9")

    ends = {
        shown(
            compute_deadline(
                FIVE_WORKING_DAYS,
                received("2025-09-26", "10:00"),
                calendar=calendar,
                extensions=[longer],
            ).due_at
        )
        for calendar in (CALENDAR, newer)
    }

    assert ends == {"2025-10-20 24:00"}


def test_two_readings_of_the_same_facts_are_equal() -> None:
    # linear/linear#1103, edmozley/freeitsm (design note on computing at reading)
    start = received("2025-09-26", "10:00")
    pause = waiting(on("2025-09-29", "09:30"), on("2025-09-29", "11:30"))

    assert deadline(FIVE_WORKING_DAYS, start, pause) == deadline(FIVE_WORKING_DAYS, start, pause)


def test_every_deadline_explains_itself_from_start_to_end() -> None:
    # CatalaLang/catala#243: an explanation for the person concerned, not a developer's log
    limit = TimeLimit(
        unit=Unit.CALENDAR_DAYS,
        amount=3,
        start="received",
        count_from=CountFrom.SAME_DAY,
        end=time(17, 0),
        shift=Shift.NEXT,
    )

    assert deadline(limit, received("2025-09-30", "18:00")).text.splitlines() == [
        "起算：2025年9月30日（周二）18:00收到。",
        "时限：收到后3日（当日起算，至当日17:00止，遇非工作日顺延）。",
        "9月30日截止时间已过，不计。",
        "10月1日至3日计第1至3日。",
        "2025年10月3日（周五）国庆节、中秋节放假，顺延至工作日2025年10月9日（周四）。",
        "到期：2025年10月9日（周四）17:00。",
        "依据工作日历版本cn-2026.1。",
    ]
