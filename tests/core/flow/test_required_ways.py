"""Ways that the plans ask for: each can be gone, and cannot be cut short."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from wenyou_core.flow.guards import OTHER_PERSON
from wenyou_core.flow.machine import NEW, Flow, Given, Move, after
from wenyou_core.flow.registry import FLOWS
from wenyou_core.flow.roles import HEADS, OFFICE, UNIT, Role

COMPLAINT, FINDING, RECTIFICATION = (
    FLOWS[name] for name in ("complaint", "finding", "rectification")
)
HEAD, CLERK, BUREAU = Role.OUTLET_HEAD, Role.STAFF, Role.SERVICE_OFFICE


def move_of(flow: Flow, state: str, action: str) -> Move:
    (found,) = (one for one in flow.moves_from(state) if one.action == action)
    return found


def walked(flow: Flow, steps: Iterable[tuple[str, Role]], state: str = NEW) -> str:
    """Where the steps lead, each made by its role with just what the table asks for."""
    for action, role in steps:
        move = move_of(flow, state, action)
        enough = Given(filled=frozenset(move.needs), answers=dict.fromkeys(move.guards, ""))
        state = after(flow, state, action, {role}, enough)
    return state


def reached(flow: Flow, *, avoiding: str) -> set[str]:
    """The states that can be reached without ever making a move of that name."""
    found, waiting = set[str](), [NEW]
    while waiting:
        for move in flow.moves_from(waiting.pop()):
            if move.action != avoiding and move.target and move.target not in found:
                found.add(move.target)
                waiting.append(move.target)
    return found


@pytest.mark.proves("S000-14")
def test_hardware_fault_becomes_a_job_with_a_unit_a_date_and_a_second_look() -> None:
    issue = move_of(RECTIFICATION, NEW, "issue")

    assert set(issue.needs) == {"finding", "unit"}
    assert issue.limits == ("rectify",)
    assert "closed" not in reached(RECTIFICATION, avoiding="submit")
    for action in ("pass", "pass_and_close"):
        assert OTHER_PERSON in move_of(RECTIFICATION, "submitted", action).guards
    steps = [("issue", BUREAU), ("submit", HEAD), ("return", BUREAU), ("submit", HEAD)]
    assert walked(RECTIFICATION, [*steps, ("pass", BUREAU), ("close", BUREAU)]) == "closed"


@pytest.mark.proves("S000-06")
def test_problem_beyond_ones_authority_is_handed_over_with_grounds_and_followed_to_its_end() -> (
    None
):
    over = move_of(RECTIFICATION, "issued", "hand_over")
    steps = [("issue", BUREAU), ("hand_over", HEAD), ("department_reports", Role.DEPARTMENT)]
    back = walked(RECTIFICATION, steps)

    assert {"department", "grounds"} <= set(over.needs)
    assert over.limits == ("rectify_assist",)
    assert back == "issued"
    assert walked(RECTIFICATION, [("submit", HEAD), ("pass_and_close", BUREAU)], back) == "closed"
    assert not RECTIFICATION.state("with_department").closed


@pytest.mark.proves("S000-39")
def test_outlet_that_may_not_decide_brings_the_competent_department_in() -> None:
    steps = [("register", CLERK), ("take_up", CLERK), ("ask_department", HEAD)]
    waiting = walked(COMPLAINT, steps)

    assert waiting == "with_department"
    assert move_of(COMPLAINT, "handling", "ask_department").limits == ("complaint_assist",)
    assert walked(COMPLAINT, [("department_answers", Role.DEPARTMENT)], waiting) == "handling"


@pytest.mark.proves("S000-40")
def test_no_answer_leaves_before_the_office_has_gone_over_its_wording() -> None:
    assert "replied" not in reached(COMPLAINT, avoiding="approve_reply")
    approve = move_of(COMPLAINT, "reply_review", "approve_reply")
    assert set(approve.roles) == set(OFFICE)
    assert OTHER_PERSON in approve.guards
    assert walked(COMPLAINT, [("return_reply", BUREAU)], "reply_review") == "handling"


@pytest.mark.proves("S000-42")
def test_office_calls_back_after_the_answer_and_a_bad_answer_is_done_again() -> None:
    tell = move_of(COMPLAINT, "approved", "tell_customer")
    call = move_of(COMPLAINT, "replied", "follow_up")

    assert tell.limits == ("complaint_follow_up",)
    assert call.needs == ("follow_up",)
    assert not set(call.roles) & set(UNIT)
    assert walked(COMPLAINT, [("reopen", BUREAU)], "replied") == "handling"


@pytest.mark.proves("S000-44", "S002-120")
def test_complaint_by_any_route_goes_one_way_and_one_that_comes_back_is_linked() -> None:
    register = move_of(COMPLAINT, NEW, "register")

    assert [one.action for one in COMPLAINT.moves_from(NEW)] == ["register"]
    assert "channel" in register.needs
    assert set(register.roles) > set(UNIT)
    assert walked(COMPLAINT, [("register", CLERK), ("take_up", CLERK)]) == "handling"
    for state in ("approved", "replied", "ruling", "closed"):
        assert move_of(COMPLAINT, state, "link_repeat").target is None


@pytest.mark.proves("S000-55")
def test_story_that_was_accepted_goes_up_with_its_channel_and_stays_in_the_archive() -> None:
    praise = FLOWS["commendation"]
    steps = [("register", CLERK), ("return", BUREAU), ("resubmit", CLERK), ("accept", BUREAU)]
    accepted = walked(praise, steps)
    up = move_of(praise, accepted, "report_up")

    assert (up.needs, up.target) == (("channel",), None)
    assert set(up.roles) == set(OFFICE)
    assert "整理后报送上级" in up.says
    assert walked(praise, [("report_up", BUREAU), ("archive", BUREAU)], accepted) == "closed"
    assert "report_up" not in {one.action for one in praise.moves_from("registered")}


@pytest.mark.proves("S001-13")
def test_what_supervision_notes_is_followed_until_it_is_corrected() -> None:
    steps = [("note", Role.INSPECTOR), ("confirm", HEAD), ("answer", CLERK)]
    again = walked(FINDING, [*steps, ("return", Role.INSPECTOR)])

    assert again == "confirmed"
    assert walked(FINDING, [("answer", CLERK), ("settle", Role.INSPECTOR)], again) == "settled"
    assert "settled" not in reached(FINDING, avoiding="answer")


@pytest.mark.proves("S001-24")
def test_temporary_closure_is_told_before_and_its_notice_is_kept_with_proof() -> None:
    notice = FLOWS["notice_filing"]

    assert {"schedule", "grounds"} <= set(move_of(notice, NEW, "file").needs)
    assert move_of(notice, "filed", "confirm").limits == ("notice_publish",)
    assert set(move_of(notice, "noted", "publish").needs) == {"notice", "evidence"}
    assert walked(notice, [("file", HEAD), ("confirm", BUREAU), ("publish", HEAD)]) == "closed"


@pytest.mark.proves("S002-216")
def test_training_is_announced_ahead_with_time_audience_and_content() -> None:
    training = FLOWS["training"]

    assert {"agenda", "audience", "schedule"} <= set(move_of(training, NEW, "plan").needs)
    steps = [("plan", Role.TRAINER), ("report_plan", Role.TRAINER)]
    assert walked(training, steps) == "planned"
    assert "held" not in reached(training, avoiding="plan")


@pytest.mark.proves("S003-28")
def test_extra_time_is_asked_for_and_a_second_person_confirms_it() -> None:
    extension = FLOWS["extension"]

    assert move_of(FLOWS["coaching_stay"], "running", "ask_extension").needs == ("due", "grounds")
    assert OTHER_PERSON in move_of(extension, "asked", "grant").guards
    assert walked(extension, [("ask", Role.TRAINER), ("grant", BUREAU)]) == "granted"


@pytest.mark.proves("S004-11")
def test_order_is_given_at_once_and_followed_until_it_is_put_right() -> None:
    order = FLOWS["supervision_order"]
    given = walked(order, [("draft", BUREAU), ("issue", BUREAU)])

    assert move_of(order, "draft", "issue").limits == ("supervision_do",)
    assert walked(order, [("feed_back", HEAD), ("return", BUREAU)], given) == "issued"
    assert "closed" not in reached(order, avoiding="feed_back")
    assert OTHER_PERSON in move_of(order, "answered", "close").guards
    assert set(move_of(order, "issued", "feed_back").roles) >= set(HEADS)
