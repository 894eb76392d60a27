"""Every table is sound: roads, duties, words, clocks; and the house's own rules hold in all."""

from __future__ import annotations

import pytest

from wenyou_core.errors import InputRefused
from wenyou_core.flow.guards import GUARDS, NO_INTEREST, WINDOW_OPEN
from wenyou_core.flow.machine import NEW, Flow, Move
from wenyou_core.flow.needs import NEEDS, NeedKind
from wenyou_core.flow.registry import FLOWS, flow_named, limit_titles
from wenyou_core.flow.roles import ROLE_TITLES, Role
from wenyou_core.flow.validate import faults_between, faults_of

ALL = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
# Words at the start of an action that takes something away from somebody.
TAKING = ("return", "refuse", "reject", "decline", "skip", "drop", "cancel", "abandon", "excuse")
# Actions whose outcome may cost somebody points or money.
RULINGS = {
    "complaint": {"rule"},
    "complaint_ticket": {"rule"},
    "complaint_review": {"accept", "decide"},
    "exclusion": {"exclude"},
    "ruling_batch": {"record"},
    "finding": {"uphold"},
    "appeal": {"uphold", "uphold_partly", "reject"},
    "incident": {"look_back"},
}


def every_move() -> list[tuple[Flow, Move]]:
    return [(flow, move) for flow in FLOWS.values() for move in flow.moves]


@ALL
def test_table_has_no_fault(flow: Flow) -> None:
    assert faults_of(flow) == []


def test_tables_fit_together() -> None:
    assert faults_between(FLOWS) == []


def test_every_role_need_and_guard_is_used() -> None:
    moves = [move for _, move in every_move()]

    assert {role for move in moves for role in move.roles} == set(Role) == set(ROLE_TITLES)
    assert {name for move in moves for name in move.needs} == set(NEEDS)
    assert {name for move in moves for name in move.guards} == set(GUARDS)


@ALL
def test_whatever_is_taken_from_somebody_needs_grounds(flow: Flow) -> None:
    taking = [
        move
        for move in flow.moves
        if move.action.startswith(TAKING)
        and move.target is not None
        and not {"settle", "upstream_result"} & set(move.needs)
    ]

    assert [move.action for move in taking if "grounds" not in move.needs] == []


@ALL
def test_recusal_binds_rulings_and_nothing_else(flow: Flow) -> None:
    bound = {move.action for move in flow.moves if NO_INTEREST in move.guards}

    assert bound == RULINGS.get(flow.name, set())


def test_outlet_head_handles_a_complaint_against_his_own_outlet() -> None:
    for name in ("complaint", "complaint_ticket"):
        his = [move for move in FLOWS[name].moves if Role.OUTLET_HEAD in move.roles]
        assert {move.action for move in his} >= {"take_up", "contact", "submit_reply"}
        assert [move.action for move in his if NO_INTEREST in move.guards] == []


def test_only_a_signed_result_is_published() -> None:
    flow = flow_named("period_result")
    publishing = [move for move in flow.moves if move.target == "published"]
    signing = [move for move in flow.moves if move.target == "signed"]

    assert [(move.action, move.sources) for move in publishing] == [("publish", ("signed",))]
    assert all({"document_number", "signer", "signature"} <= set(move.needs) for move in signing)


def test_pay_out_needs_the_record_of_the_plan_or_a_leaders_override() -> None:
    paying = [move for move in flow_named("period_result").moves if move.target == "paid"]

    for move in paying:
        overridden = move.roles == (Role.LEADER,) and "grounds" in move.needs
        assert "adoption_recorded" in move.guards or overridden


def test_unsigned_deduction_becomes_one_only_by_signature_or_ruling() -> None:
    confirming = [move for move in flow_named("finding").moves if move.target == "confirmed"]

    by_source = {source: move for move in confirming for source in move.sources}
    assert set(by_source["noted"].needs) == {"signature"}
    assert {"minutes", "evidence"} <= set(by_source["refused"].needs)


@pytest.mark.parametrize("name", ["exemption_filing", "appeal"])
def test_what_has_a_window_is_handed_in_through_it(name: str) -> None:
    submits = [move for move in flow_named(name).moves if move.target == "submitted"]

    assert submits != []
    assert all(WINDOW_OPEN in move.guards for move in submits)


def test_normal_day_of_a_duty_asks_nothing_of_the_outlet() -> None:
    quiet = [move for move in flow_named("duty").moves if move.roles == (Role.SYSTEM,)]

    assert [(move.sources, move.target, move.needs) for move in quiet] == [
        (("expected",), "kept", ())
    ]


def test_nothing_climbs_to_the_leaders_unless_a_person_sends_it() -> None:
    for flow in FLOWS.values():
        to_leaders = {state.code for state in flow.states if state.in_hands_of is Role.LEADER}
        sent = [move for move in flow.moves if move.target in to_leaders]
        assert [move.action for move in sent if Role.SYSTEM in move.roles] == []


def test_ticket_is_imported_and_never_registered_by_hand() -> None:
    moves = flow_named("complaint_ticket").moves_from(NEW)

    assert [(move.action, move.needs) for move in moves] == [("import", ("external_number",))]


def test_own_case_is_answered_reviewed_and_followed_up_but_a_ticket_is_not() -> None:
    own = {move.action for move in flow_named("complaint").moves}
    ticket = {move.action for move in flow_named("complaint_ticket").moves}

    assert {"tell_customer", "follow_up", "reopen"} <= own - ticket
    assert {"import", "sync", "answer_upstream", "upstream_closes"} <= ticket - own


def test_urging_leaves_every_matter_where_it_is() -> None:
    assert {move.target for _, move in every_move() if move.action == "urge"} == {None}


def test_evidence_and_grounds_are_told_from_fields() -> None:
    assert NEEDS["photos"].kind is NeedKind.EVIDENCE
    assert NEEDS["grounds"].kind is NeedKind.GROUNDS
    assert NEEDS["unit"].kind is NeedKind.FIELD


def test_every_limit_has_a_name_for_the_settings_page() -> None:
    titles = limit_titles()

    assert titles["ticket_reply"] == "工单要求回复"
    assert all(titles.values())
    used = {name for _, move in every_move() for name in move.limits}
    assert used <= set(titles)


def test_unknown_matter_is_refused_by_name() -> None:
    with pytest.raises(InputRefused, match="没有“complaints”这种事项"):
        flow_named("complaints")
