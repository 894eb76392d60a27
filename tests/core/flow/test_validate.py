"""The validation finds what it is there for: each planted fault is named."""

from __future__ import annotations

from dataclasses import replace

import pytest

from wenyou_core.flow.machine import (
    NEW,
    Clock,
    Flow,
    Move,
    State,
    closed_state,
    open_state,
    waiting_state,
)
from wenyou_core.flow.roles import Role
from wenyou_core.flow.validate import faults_between, faults_of, reachable, way_out

HEAD, OFFICE = Role.OUTLET_HEAD, Role.SERVICE_OFFICE
STATES = (
    open_state("begun", "待办", HEAD),
    waiting_state("asked", "待复", OFFICE),
    closed_state("ended", "办结"),
)
BEGIN = Move("begin", "登记", (NEW,), "begun", (HEAD,), says="{who}登记。", limits=("work",))
ASK = Move(
    "ask", "请示", ("begun",), "asked", (HEAD,), says="{who}请示：{question}。", needs=("question",)
)
END = Move("end", "办结", ("asked",), "ended", (OFFICE,), says="{who}办结。")
WORK = Clock("work", "办理", ("ask",), since="登记")


def table(
    *moves: Move, states: tuple[State, ...] = STATES, clocks: tuple[Clock, ...] = (WORK,)
) -> Flow:
    return Flow("errand", "差事", states, "begun", moves or (BEGIN, ASK, END), clocks)


def test_sound_table_has_no_fault() -> None:
    assert faults_of(table()) == []


@pytest.mark.parametrize(
    ("flow", "fault"),
    [
        (table(states=(*STATES, closed_state("lost", "遗失"))), "state lost is never reached"),
        (table(BEGIN, ASK), "state asked never ends"),
        (table(BEGIN, replace(ASK, roles=(OFFICE,)), END), "outlet_head has begun in hand"),
        (table(BEGIN, ASK, END, replace(ASK, title="再请示")), "ask twice from begun"),
        (table(BEGIN, ASK, END, replace(ASK, action="ask_more")), "请示 twice from begun"),
        (table(BEGIN, ASK, replace(END, sources=("asked", "ended"))), "leaves the closed state"),
        (
            table(BEGIN, ASK, END, Move("note", "记", ("ended",), None, (HEAD,), says="{who}记。")),
            "note leaves the closed state",
        ),
        (table(BEGIN, ASK, replace(END, target="done")), "end names no state: 'done'"),
        (table(BEGIN, ASK, replace(END, title="")), "no good action or title"),
        (table(BEGIN, ASK, replace(END, roles=())), "end has no roles"),
        (table(BEGIN, ASK, replace(END, roles=(OFFICE, OFFICE))), "end has no roles, or one twice"),
        (table(BEGIN, ASK, replace(END, needs=("wish",))), "end names no need: wish"),
        (table(BEGIN, ASK, replace(END, guards=("luck",))), "end names no guard: luck"),
        (table(BEGIN, ASK, replace(END, limits=("rest",))), "end names no clock: rest"),
        (table(BEGIN, ASK, replace(END, says="{who}{unit}。")), "end names no placeholder: unit"),
        (table(BEGIN, ASK, replace(END, says="办结。")), "does not say who did it"),
        (table(BEGIN, ASK, replace(END, says="{who}办结")), "in a full sentence"),
        (table(BEGIN, replace(ASK, target="begun"), END), "ask leads back to where it starts"),
        (table(ASK, END), "no move begins in 'begun'"),
        (table(replace(BEGIN, target=None), ASK, END), "begin begins or ends nowhere"),
        (table(states=(*STATES, STATES[2])), "state code 'ended' twice"),
        (table(states=(*STATES, closed_state("shut", "办结"))), "state title '办结' twice"),
        (table(states=(*STATES[:2], closed_state("Ended!", "办结"))), "no good code or title"),
        (
            table(states=(*STATES[:2], replace(STATES[2], in_hands_of=HEAD))),
            "ended is in the wrong hands",
        ),
        (table(clocks=(replace(WORK, met_by=("leave",)),)), "work is met by no action: leave"),
        (table(clocks=(replace(WORK, met_by=("end",)),)), ""),
        (table(clocks=(replace(WORK, since=""),)), "moves start it that it does not tell of"),
        (table(clocks=(WORK, Clock("rest", "歇", ("end",), since="歇下"))), "rest has no title"),
        (table(clocks=(replace(WORK, met_by=("begin",)),)), "begin starts and meets it"),
        (table(clocks=(replace(WORK, paused_in=("asked",)),)), "never runs in asked"),
        (table(clocks=(replace(WORK, paused_in=("gone",)),)), "pauses in no state: 'gone'"),
        (
            table(clocks=(replace(WORK, met_by=("ask", "end")),)),
            "work never runs where end would meet it",
        ),
        (table(clocks=(WORK, WORK)), "clock work twice"),
        (
            table(
                BEGIN, replace(ASK, limits=("rest",)), END,
                clocks=(WORK, Clock("rest", "歇", ("end",), since="登记")),
            ),
            "event 登记 starts clocks apart",
        ),
    ],
)  # fmt: skip
def test_planted_fault_is_named(flow: Flow, fault: str) -> None:
    found = faults_of(flow)

    assert any(fault in one for one in found) if fault else found == []


def test_link_to_no_flow_a_wrong_key_and_two_titles_are_named() -> None:
    linking = table(BEGIN, ASK, replace(END, opens="nowhere"))
    other = replace(table(clocks=(replace(WORK, title="干活"),)), name="other")

    assert faults_between({"errand": linking, "stranger": other}) == [
        "errand.end opens nowhere, which is no flow",
        "other stands under stranger",
        "clock work has two titles",
    ]


def test_way_out_is_the_shortest_road_to_an_end() -> None:
    flow = table()

    assert [move.action for move in way_out(flow, "begun")] == ["ask", "end"]
    assert [move.action for move in way_out(flow, NEW)] == ["begin", "ask", "end"]
    assert way_out(flow, "ended") == ()
    assert reachable(flow) == {"begun", "asked", "ended"}
    assert reachable(flow, "asked") == {"asked", "ended"}
