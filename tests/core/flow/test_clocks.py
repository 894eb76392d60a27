"""From a table and a history to clocks: what runs where, what pauses, what a restart means."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from wenyou_core.flow.clocks import (
    ENDED,
    ClockMode,
    clock_rules,
    clocks,
    events,
    pauses,
    running_in,
    starters,
)
from wenyou_core.flow.machine import NEW, Flow, Side, UnknownState
from wenyou_core.flow.registry import FLOWS, flow_named
from wenyou_core.flow.telling import Transition
from wenyou_core.worktime.clocks import ClockReading, ClockState, read_clocks
from wenyou_core.worktime.limits import Occurrence, TimeLimit, Unit

BEIJING = timezone(timedelta(hours=8))
COMPLAINT = flow_named("complaint")
TICKET = flow_named("complaint_ticket")
RECTIFICATION = flow_named("rectification")
LIMITS = {
    "complaint_answer": TimeLimit(unit=Unit.CALENDAR_DAYS, amount=15, start="received"),
    "complaint_handle": TimeLimit(unit=Unit.HOURS, amount=48),
    "complaint_reply_check": TimeLimit(unit=Unit.HOURS, amount=4),
}
RUNS, PAUSED = ClockMode.RUNS, ClockMode.PAUSED


def on(day: int, hour: int) -> datetime:
    return datetime(2025, 9, day, hour, tzinfo=BEIJING)


def walked(flow: Flow, *steps: tuple[str, datetime]) -> list[Transition]:
    """The history of these actions, each from where the one before has led."""
    history, state = [], NEW
    for action, at in steps:
        move = next(one for one in flow.moves_from(state) if one.action == action)
        target = state if move.target is None else move.target
        history.append(Transition(action=action, source=state, target=target, by="王芳", at=at))
        state = target
    return history


def readings(history: list[Transition], now: datetime) -> dict[str, ClockReading]:
    found = read_clocks(
        clock_rules(COMPLAINT, LIMITS),
        events(COMPLAINT, history, {"received": on(1, 9)}),
        now,
        pauses=pauses(COMPLAINT, history),
    )
    return {reading.rule.name: reading for reading in found}


def modes(flow: Flow, state: str) -> dict[str, ClockMode]:
    return {name: mode for name, mode in clocks(flow, state).items() if mode is not ClockMode.OFF}


def test_unit_stands_still_while_a_department_has_the_case_but_the_customer_does_not() -> None:
    assert modes(COMPLAINT, "with_department") == {
        "complaint_answer": RUNS,
        "complaint_handle": PAUSED,
        "complaint_assist": RUNS,
        "complaint_video": RUNS,
    }


def test_customers_clock_is_over_with_the_answer_and_the_ruling_runs_alone() -> None:
    assert set(modes(COMPLAINT, "replied")) == {"complaint_follow_up", "complaint_video"}
    assert set(modes(COMPLAINT, "ruling")) == {"complaint_ruling", "complaint_video"}


def test_tickets_own_clock_runs_until_head_office_has_the_answer() -> None:
    runs = {state.code for state in TICKET.states if "ticket_reply" in modes(TICKET, state.code)}

    assert runs == {
        "registered",
        "assigned",
        "handling",
        "with_department",
        "with_customer",
        "reply_review",
        "to_answer",
        "return_asked",
    }
    assert next(one for one in TICKET.clocks).side is Side.UPSTREAM


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_nothing_runs_in_a_closed_state(flow: Flow) -> None:
    assert [state.code for state in flow.states if state.closed and modes(flow, state.code)] == []


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_clock_that_a_move_starts_runs_where_the_move_leads(flow: Flow) -> None:
    for clock in flow.clocks:
        for move in starters(flow, clock):
            led = set(move.sources) if move.target is None else {move.target}
            assert led <= running_in(flow, clock)


def test_clocks_of_an_unknown_state_are_refused() -> None:
    with pytest.raises(UnknownState):
        clocks(COMPLAINT, "lost")


def test_only_clocks_with_a_limit_become_rules_and_keep_their_names() -> None:
    rules = clock_rules(COMPLAINT, LIMITS)

    assert [rule.name for rule in rules] == list(LIMITS)
    handle = next(rule for rule in rules if rule.name == "complaint_handle")
    assert handle.label == "承办处理"
    assert (handle.limit.start, handle.limit.occurrence) == ("交办", Occurrence.LAST)
    assert set(handle.met_by) == {"submit_reply", "return_order", ENDED}
    assert handle.paused_by == frozenset({"with_department", "with_customer"})
    assert rules[0].limit == LIMITS["complaint_answer"]
    assert clock_rules(COMPLAINT, {}) == ()


def test_history_gives_actions_starts_facts_and_the_end_as_events() -> None:
    history = walked(
        RECTIFICATION,
        ("issue", on(1, 9)),
        ("submit", on(3, 9)),
        ("return", on(4, 9)),
        ("submit", on(5, 9)),
        ("pass_and_close", on(6, 9)),
    )

    assert events(RECTIFICATION, history, {"known": date(2025, 9, 1), "told": [on(2, 9)]}) == {
        "known": [date(2025, 9, 1)],
        "told": [on(2, 9)],
        "issue": [on(1, 9)],
        "下达或退回整改": [on(1, 9), on(4, 9)],
        "submit": [on(3, 9), on(5, 9)],
        "提交整改报告": [on(3, 9), on(5, 9)],
        "return": [on(4, 9)],
        "pass_and_close": [on(6, 9)],
        ENDED: [on(6, 9)],
    }


def test_action_that_starts_a_clock_from_one_state_only_starts_it_there() -> None:
    history = walked(
        COMPLAINT, ("register", on(1, 9)), ("assign", on(1, 10)), ("contact", on(1, 11))
    )

    assert events(COMPLAINT, history)["派单"] == [on(1, 10)]


def test_pauses_are_the_stretches_in_states_that_pause_and_carry_their_names() -> None:
    history = walked(
        COMPLAINT,
        ("register", on(1, 9)),
        ("take_up", on(1, 10)),
        ("ask_department", on(2, 9)),
        ("urge", on(2, 12)),
        ("department_answers", on(3, 9)),
        ("ask_customer", on(4, 9)),
    )

    found = pauses(COMPLAINT, history)

    assert [(one.reason, one.start, one.end, one.label) for one in found] == [
        ("with_department", on(2, 9), on(3, 9), "待部门协办"),
        ("with_customer", on(4, 9), None, "待客户补充"),
    ]


def test_pause_takes_its_hours_out_of_the_units_time_and_not_out_of_the_customers() -> None:
    history = walked(
        COMPLAINT,
        ("register", on(1, 9)),
        ("assign", on(1, 10)),
        ("contact", on(1, 11)),
        ("ask_department", on(1, 12)),
        ("department_answers", on(3, 12)),
    )

    found = readings(history, on(4, 12))

    assert found["complaint_handle"].deadline.due_at == on(5, 10)
    assert found["complaint_handle"].state is ClockState.RUNNING
    due = found["complaint_answer"].deadline.due_at
    assert due is not None
    assert due.date() == date(2025, 9, 16)
    assert found["complaint_reply_check"].state is ClockState.NOT_STARTED


def test_reply_sent_back_has_its_whole_time_again() -> None:
    steps = [
        ("register", on(1, 9)),
        ("take_up", on(1, 10)),
        ("submit_reply", on(2, 10)),
        ("return_reply", on(2, 12)),
    ]

    back = readings(walked(COMPLAINT, *steps), on(4, 11))
    again = readings(walked(COMPLAINT, *steps, ("submit_reply", on(4, 13))), on(4, 14))

    assert back["complaint_handle"].deadline.due_at == on(4, 12)
    assert back["complaint_handle"].state is ClockState.RUNNING
    assert back["complaint_reply_check"].state is ClockState.MET
    assert again["complaint_handle"].state is ClockState.MET_LATE
    assert again["complaint_reply_check"].state is ClockState.RUNNING


def test_withdrawal_ends_every_clock_on_its_day() -> None:
    history = walked(
        COMPLAINT, ("register", on(1, 9)), ("take_up", on(1, 10)), ("withdraw", on(2, 9))
    )

    found = readings(history, on(28, 9))

    assert found["complaint_handle"].state is ClockState.MET
    assert found["complaint_answer"].state is ClockState.MET
    assert found["complaint_answer"].met_at == on(2, 9)


def test_explanation_of_a_deadline_names_the_event_in_chinese() -> None:
    history = walked(COMPLAINT, ("register", on(1, 9)), ("take_up", on(1, 10)))

    assert "交办" in readings(history, on(1, 11))["complaint_handle"].deadline.text
