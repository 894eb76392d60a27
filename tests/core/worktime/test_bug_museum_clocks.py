"""Faults that other systems had, each kept here as a test of ours: clocks and ladders.

Every test is named by the behaviour and cites the thread in which users met the fault
(owner/repository#number). The threads were read for the fault, never for code.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.core.worktime.days import (
    CALENDAR,
    FIFTEEN_DAYS,
    OFFICE,
    TWO_HOURS,
    deadline,
    due,
    on,
    received,
    shown,
    waiting,
)
from wenyou_core.worktime.clocks import ClockReading, ClockRule, ClockState, read_clocks
from wenyou_core.worktime.deadline import (
    DeadlineState,
    Events,
)
from wenyou_core.worktime.ladder import Call, Rung, climb
from wenyou_core.worktime.limits import (
    Occurrence,
    TimeLimit,
    Unit,
)
from wenyou_core.worktime.pauses import Pause

# -- several clocks ---------------------------------------------------------------------

CUSTOMER = ClockRule(
    name="customer",
    label="答复客户",
    limit=FIFTEEN_DAYS,
    met_by=frozenset({"resolved"}),
    paused_by=frozenset({"customer"}),
)
FIRST_REPLY = ClockRule(
    name="first_reply", label="首次回复", limit=TWO_HOURS, met_by=frozenset({"replied"})
)
INTERNAL = ClockRule(
    name="internal",
    label="经办处理",
    limit=replace(TWO_HOURS, start="assigned", occurrence=Occurrence.LAST),
    met_by=frozenset({"resolved"}),
)


def readings(events: Events, now: datetime, *pauses: Pause) -> dict[str, ClockReading]:
    rules = (CUSTOMER, FIRST_REPLY, INTERNAL)
    found = read_clocks(rules, events, now, calendar=CALENDAR, hours=OFFICE, pauses=pauses)
    return {reading.rule.name: reading for reading in found}


def test_a_later_clock_does_not_hide_that_the_first_reply_is_late() -> None:
    # zammad/zammad#5177
    events: Events = {
        "received": on("2025-07-01", "09:00"),
        "assigned": on("2025-07-01", "16:00"),
    }

    clocks = readings(events, on("2025-07-01", "16:30"))

    assert clocks["first_reply"].state is ClockState.EXCEEDED
    assert clocks["internal"].state is ClockState.RUNNING


def test_minutes_used_are_still_known_after_closing() -> None:
    # zammad/zammad#4777
    events = {
        "received": on("2025-07-01", "09:00"),
        "replied": on("2025-07-01", "10:15"),
        "resolved": on("2025-07-02", "10:00"),
    }

    clock = readings(events, on("2025-08-01", "09:00"))["first_reply"]

    assert (clock.state, clock.used, clock.allowed) == (ClockState.MET, 75, 120)


def test_a_new_message_of_the_customer_restarts_a_clock_that_counts_from_the_last() -> None:
    # zammad/zammad#1322, osTicket/osTicket#419
    limit = replace(TWO_HOURS, start="message", occurrence=Occurrence.LAST)
    events = {"message": [on("2025-07-01", "09:00"), on("2025-07-01", "15:00")]}

    assert due(limit, events) == "2025-07-01 17:00"
    assert due(replace(limit, occurrence=Occurrence.FIRST), events) == "2025-07-01 11:00"


def test_the_order_in_which_events_were_entered_does_not_matter() -> None:
    # osTicket/osTicket#419
    limit = replace(TWO_HOURS, start="message", occurrence=Occurrence.LAST)
    events = {"message": [on("2025-07-01", "15:00"), on("2025-07-01", "09:00")]}

    assert due(limit, events) == "2025-07-01 17:00"


def test_a_reply_meets_the_reply_clock_and_leaves_the_other_running() -> None:
    # frappe/helpdesk#1542
    events = {"received": on("2025-07-01", "09:00"), "replied": on("2025-07-01", "09:30")}

    clocks = readings(events, on("2025-07-02", "09:00"))

    assert clocks["first_reply"].state is ClockState.MET
    assert clocks["customer"].state is ClockState.RUNNING


def test_an_answered_matter_is_not_overdue_ever_after() -> None:
    # osTicket/osTicket#1684
    events = {"received": on("2025-07-01", "09:00"), "replied": on("2025-07-01", "10:00")}

    assert readings(events, on("2025-12-01"))["first_reply"].state is ClockState.MET


def test_handing_over_gives_the_next_group_its_own_time_and_keeps_the_customers() -> None:
    # glpi-project/glpi#1911
    events: Events = {
        "received": on("2025-07-01", "09:00"),
        "assigned": [on("2025-07-01", "09:00"), on("2025-07-01", "15:00")],
    }

    clocks = readings(events, on("2025-07-01", "15:30"))

    assert shown(clocks["internal"].deadline.due_at) == "2025-07-01 17:00"
    assert shown(clocks["customer"].deadline.due_at) == "2025-07-16 24:00"


def test_a_clock_says_running_paused_or_exceeded_and_how_much_is_used() -> None:
    # glpi-project/glpi#1002
    events = {"received": on("2025-07-01", "09:00")}
    pause = waiting(on("2025-07-01", "10:00"), on("2025-07-01", "11:00"))

    running = readings(events, on("2025-07-01", "09:45"), pause)["first_reply"]
    paused = readings(events, on("2025-07-01", "10:30"), pause)["first_reply"]
    exceeded = readings(events, on("2025-07-02", "09:00"), pause)["first_reply"]

    assert (running.state, running.used) == (ClockState.RUNNING, 45)
    assert (paused.state, paused.used) == (ClockState.PAUSED, 60)
    assert (exceeded.state, exceeded.used) == (ClockState.EXCEEDED, 360)


def test_a_clock_heeds_only_its_own_reasons_to_pause() -> None:
    # OCA/helpdesk#837
    events = {"received": on("2025-07-01", "09:00"), "assigned": on("2025-07-01", "09:00")}
    pause = waiting(on("2025-07-01", "09:30"), None, reason="other_department")

    clocks = readings(events, on("2025-07-01", "10:00"), pause)

    assert clocks["customer"].state is ClockState.RUNNING
    assert clocks["internal"].state is ClockState.PAUSED


def test_a_clock_without_its_starting_event_says_so_and_does_not_guess() -> None:
    # znuny/Znuny#514
    found = deadline(TWO_HOURS, {"registered": on("2025-07-01", "09:00")})

    assert (found.state, found.due_at) == (DeadlineState.NOT_STARTED, None)
    assert found.steps[0].text == "尚未登记收到的时间，时限未起算；登记后自动计算。"


def test_the_clock_starts_when_it_became_known_not_when_it_was_entered() -> None:
    # Netflix/dispatch#877
    limit = TimeLimit(unit=Unit.MINUTES, amount=30, start="known")
    events = {
        "happened": on("2025-07-01", "08:00"),
        "known": on("2025-07-01", "08:20"),
        "entered": on("2025-07-01", "11:00"),
    }

    assert due(limit, events) == "2025-07-01 08:50"


def test_a_reply_during_a_pause_is_in_time() -> None:
    # frappe/helpdesk#1675
    events = {"received": on("2025-07-01", "09:00"), "replied": on("2025-07-03", "09:00")}
    pause = waiting(on("2025-07-01", "10:00"), None)

    clock = readings(events, on("2025-07-04"), pause)["first_reply"]

    assert (clock.state, clock.used) == (ClockState.MET, 60)


def test_a_pause_entered_after_closing_moves_nothing() -> None:
    # OCA/helpdesk#157
    events = {"received": on("2025-07-01", "09:00"), "resolved": on("2025-07-10", "09:00")}
    pause = waiting(on("2025-07-12", "09:00"), on("2025-07-30", "09:00"))

    clock = readings(events, on("2025-08-01"), pause)["customer"]

    assert shown(clock.deadline.due_at) == "2025-07-16 24:00"
    assert clock.state is ClockState.MET


# -- climbing the ladder ----------------------------------------------------------------

LADDER = (Rung("handler", 240), Rung("head", 480), Rung("office", 480))


def everyone(role: str, moment: datetime) -> str | None:
    return f"{role}@{moment:%d}"


def calls(due_at: datetime, now: datetime, **more: object) -> tuple[Call, ...]:
    options: dict[str, object] = {"reach": everyone, "calendar": CALENDAR, "hours": OFFICE}
    return climb(LADDER, due_at, now, **{**options, **more})  # type: ignore[arg-type]


def test_nobody_is_called_at_midnight_or_on_a_day_off() -> None:
    # glpi-project/glpi#22678, grafana-cold-storage/oncall#4752
    found = deadline(FIFTEEN_DAYS, received("2025-09-18", "10:00"))  # due in the holiday

    assert found.due_at is not None
    first = calls(found.due_at, on("2025-10-09", "12:00"))[0]
    assert shown(found.due_at) == "2025-10-03 24:00"
    assert shown(first.at) == "2025-10-09 09:00"


def test_waits_between_rungs_run_in_working_hours() -> None:
    # grafana-cold-storage/oncall#558
    found = calls(on("2025-07-04", "16:00"), on("2025-07-31"))

    assert [(one.role, shown(one.at)) for one in found] == [
        ("handler", "2025-07-04 16:00"),
        ("head", "2025-07-07 11:30"),
        ("office", "2025-07-08 14:00"),
    ]


def test_a_rung_without_anybody_does_not_burn_its_wait() -> None:
    # target/goalert#4548
    def no_handler(role: str, moment: datetime) -> str | None:
        return None if role == "handler" else f"{role}@{moment:%d}"

    found = calls(on("2025-07-01", "10:00"), on("2025-07-01", "10:00"), reach=no_handler)

    assert [(one.role, one.person) for one in found] == [("handler", None), ("head", "head@01")]


def test_a_person_on_leave_is_reached_through_the_stand_in_or_not_at_all() -> None:
    # grafana-cold-storage/oncall#4846
    def on_leave(role: str, moment: datetime) -> str | None:
        away = on("2025-07-01") <= moment < on("2025-07-03")
        return {"handler": "李" if away else "张", "head": None}.get(role, "王")

    found = calls(on("2025-07-01", "10:00"), on("2025-07-31"), reach=on_leave)

    assert [one.person for one in found] == ["李", None, "王"]


def test_an_answer_stops_the_climb() -> None:
    # target/goalert#3230
    found = calls(
        on("2025-07-01", "10:00"), on("2025-07-31"), answered_at=on("2025-07-01", "11:00")
    )

    assert [one.role for one in found] == ["handler"]


def test_asking_later_adds_calls_and_changes_none() -> None:
    # edmozley/freeitsm (design note on computing at reading)
    early = calls(on("2025-07-01", "10:00"), on("2025-07-01", "15:30"))
    late = calls(on("2025-07-01", "10:00"), on("2025-07-31"))

    assert late[: len(early)] == early
    assert len(late) > len(early)
