"""What is open, what comes next, and how a refusal reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from wenyou_core.errors import WenyouError
from wenyou_core.flow.guards import OTHER_PERSON, other_person
from wenyou_core.flow.machine import (
    NEW,
    Given,
    MoveRefused,
    StaleMatter,
    UnknownState,
    Why,
    after,
    open_actions,
    refusal,
)
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import Role

RECTIFICATION = flow_named("rectification")
COMPLAINT = flow_named("complaint")
HEAD, OFFICE = {Role.OUTLET_HEAD}, {Role.SERVICE_OFFICE}
BEIJING = timezone(timedelta(hours=8))


def given(*filled: str, **answers: str) -> Given:
    return Given(filled=frozenset(filled), answers=answers)


def refused(state: str, action: str, roles: set[Role], what: Given) -> MoveRefused:
    with pytest.raises(MoveRefused) as caught:
        after(RECTIFICATION, state, action, roles, what)
    return caught.value


def test_open_actions_are_those_of_the_state_and_the_role_in_the_order_of_the_table() -> None:
    titles = [move.title for move in open_actions(RECTIFICATION, "issued", HEAD)]

    assert titles == ["报送整改计划", "转业务部门整改", "提交整改报告", "申请延期"]
    assert open_actions(RECTIFICATION, "submitted", HEAD) == ()
    assert open_actions(RECTIFICATION, "issued", set()) == ()


def test_several_roles_open_what_each_of_them_opens_once() -> None:
    both = open_actions(RECTIFICATION, "issued", HEAD | OFFICE)

    assert [move.action for move in both].count("hand_over") == 1
    assert set(both) == {
        *open_actions(RECTIFICATION, "issued", HEAD),
        *open_actions(RECTIFICATION, "issued", OFFICE),
    }


def test_move_leads_to_its_target_and_a_staying_move_nowhere() -> None:
    assert after(RECTIFICATION, "issued", "submit", HEAD, given("measure", "photos")) == "submitted"
    assert after(RECTIFICATION, "submitted", "urge", OFFICE) == "submitted"


def test_registering_is_a_move_from_nothing() -> None:
    filled = given("channel", "customer_request")

    assert after(COMPLAINT, NEW, "register", {Role.STAFF}, filled) == "registered"
    assert [move.action for move in open_actions(COMPLAINT, NEW, OFFICE)] == ["register"]


def test_same_action_leads_elsewhere_from_elsewhere() -> None:
    note = given("contact")

    assert after(COMPLAINT, "assigned", "contact", HEAD, note) == "handling"
    assert after(COMPLAINT, "handling", "contact", HEAD, note) == "handling"


def test_move_not_open_here_names_the_state_where_it_is_and_what_is_open() -> None:
    error = refused("issued", "pass", HEAD, given("recheck"))

    assert error.why is Why.NOT_OPEN
    assert error.code == "move-not-open"
    assert str(error) == (
        "这件“整改”现为“待整改”，不能复查通过，须在“待复查”时办理；"
        "您现在可以：报送整改计划、转业务部门整改、提交整改报告、申请延期。"
    )
    assert [move.action for move in error.instead][-1] == "ask_extension"


def test_move_on_a_closed_matter_names_no_place_for_it() -> None:
    error = refused("closed", "submit", HEAD, given())

    assert str(error) == (
        "这件“整改”现为“已销号”，不能提交整改报告；"
        "您现在没有可办的操作，请刷新页面查看进展，或联系现在的经办人。"
    )


def test_move_of_another_role_names_whose_it_is() -> None:
    error = refused("submitted", "pass_and_close", HEAD, given("recheck"))

    assert error.why is Why.NOT_YOURS
    assert str(error).startswith(
        "按“整改”流程，复查通过并销号由服务办公室、消保部门办理，您没有这项职责；"
    )


def test_everything_missing_is_named_at_once_with_the_plans_own_wish() -> None:
    wish = Given(filled=frozenset({"photos"}), also_needed=("整改验收单", "recheck", "measure"))

    error = refused("issued", "submit", HEAD, wish)

    assert error.why is Why.MISSING
    assert str(error) == "提交整改报告还缺：整改措施、整改验收单、复查情况，请补齐后再提交。"


def test_guard_that_does_not_hold_says_why_and_joins_what_is_missing() -> None:
    barred = given("recheck", other_person=other_person("E01", "E01"))

    error = refused("submitted", "pass", OFFICE, barred)
    both = refused("submitted", "pass", OFFICE, given(other_person=other_person("E01", "E01")))

    assert error.why is Why.BARRED
    assert str(error) == "这一步不能由前一步的经办人自己办理，请换一人办理。"
    assert both.why is Why.MISSING
    assert str(both) == f"复查通过还缺：复查情况，请补齐后再提交。{error}"


def test_guard_that_nobody_answered_refuses() -> None:
    error = refused("submitted", "pass", OFFICE, given("recheck"))

    assert error.why is Why.BARRED
    assert str(error) == "还没有核对是否由另一人办理，请换经办人以外的人办理。"


def test_guard_that_holds_lets_pass() -> None:
    held = given("recheck", **{OTHER_PERSON: other_person("E02", "E01")})

    assert after(RECTIFICATION, "submitted", "pass", OFFICE, held) == "rechecked"
    assert refusal(RECTIFICATION, "submitted", "pass", OFFICE, held) is None


def test_unknown_action_is_refused_by_name() -> None:
    error = refused("issued", "explode", HEAD, given())

    assert error.why is Why.NO_SUCH_ACTION
    assert str(error).startswith("“整改”流程里没有“explode”这一项操作；您现在可以：")


def test_registering_twice_and_moving_before_registering_are_refused() -> None:
    twice = refused("issued", "issue", OFFICE, given())
    early = refused(NEW, "submit", HEAD, given())

    assert str(twice).startswith("这件“整改”已经登记，现为“待整改”，不用再下达整改；")
    assert str(early).startswith("这件“整改”还没有登记，不能提交整改报告；")


def test_stored_state_that_the_table_does_not_have_is_told() -> None:
    with pytest.raises(UnknownState, match="“整改”流程里没有“lost”这个状态"):
        after(RECTIFICATION, "lost", "submit", HEAD)
    with pytest.raises(UnknownState):
        open_actions(RECTIFICATION, "lost", HEAD)


def test_refusal_carries_data_for_the_log() -> None:
    error: WenyouError = refused("issued", "pass", HEAD, given())

    assert error.data == {"flow": "rectification", "state": "issued", "action": "pass"}


def test_stale_matter_says_who_moved_it_when_and_where_to() -> None:
    when = datetime(2025, 9, 26, 8, 40, tzinfo=UTC)

    moved = StaleMatter(RECTIFICATION, expected="issued", actual="submitted", who="王芳", when=when)
    same = StaleMatter(RECTIFICATION, expected="issued", actual="issued", who="王芳", when=when)

    assert str(moved) == (
        "这件事已由王芳于2025年9月26日（周五）16:40改为“待复查”，"
        "您打开页面时是“待整改”。请刷新页面，看清进展后再办。"
    )
    assert "16:40办理过，" in str(same)
    assert moved.data["actual"] == "submitted"
