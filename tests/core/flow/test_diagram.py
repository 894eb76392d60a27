"""Pictures and tables show what the machine does."""

from __future__ import annotations

import re

import pytest

from wenyou_core.flow.diagram import markdown, mermaid, page
from wenyou_core.flow.machine import Flow
from wenyou_core.flow.registry import FLOWS, flow_named

ALL = pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)


def test_picture_of_an_extension_is_this() -> None:
    assert mermaid(flow_named("extension")) == (
        "stateDiagram-v2\n"
        '    state "待审批延期" as asked\n'
        '    state "已同意延期" as granted\n'
        '    state "不同意延期" as refused\n'
        '    state "已撤回" as withdrawn\n'
        "    [*] --> asked : 申请延期\n"
        "    asked --> granted : 同意延期\n"
        "    asked --> refused : 不同意延期\n"
        "    asked --> withdrawn : 撤回延期申请\n"
        "    granted --> [*]\n"
        "    refused --> [*]\n"
        "    withdrawn --> [*]\n"
    )


@ALL
def test_picture_names_every_state_once_and_draws_only_named_ones(flow: Flow) -> None:
    drawn = mermaid(flow)
    named = re.findall(r'state "(.+)" as (\w+)', drawn)

    assert [(title, code) for title, code in named if code != "several_states"] == [
        (state.title, state.code) for state in flow.states
    ]
    ends = set(re.findall(r"^ {4}(\w+) -->|--> (\w+)", drawn, re.MULTILINE))
    assert {one or other for one, other in ends} <= {code for _, code in named}


@ALL
def test_picture_uses_no_word_that_mermaid_keeps_for_itself(flow: Flow) -> None:
    kept = {"state", "note", "end", "class", "direction", "fork", "join", "choice", "style"}

    assert {state.code for state in flow.states} & kept == set()


@ALL
def test_tables_have_a_row_for_each_state_move_and_clock(flow: Flow) -> None:
    rows = [line for line in markdown(flow).splitlines() if line.startswith("| ")]
    heads = 2 * (3 if flow.clocks else 2)

    assert len(rows) == heads + len(flow.states) + len(flow.moves) + len(flow.clocks)
    assert len({line.count(" | ") for line in rows}) <= 3


def test_page_holds_every_flow_in_order() -> None:
    titles = re.findall(r"^## .+ `(\w+)`$", page(FLOWS.values()), re.MULTILINE)

    assert titles == list(FLOWS)
