"""The time line reads as Chinese sentences, also for what an earlier version has written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from wenyou_core.flow.machine import NEW, Flow
from wenyou_core.flow.needs import NEEDS
from wenyou_core.flow.registry import FLOWS, flow_named
from wenyou_core.flow.telling import Transition, sentence, timeline

BEIJING = timezone(timedelta(hours=8))
RECTIFICATION = flow_named("rectification")
AT = datetime(2025, 9, 26, 16, 40, tzinfo=BEIJING)
RETURNED = Transition(
    action="return",
    source="submitted",
    target="returned",
    by="李强",
    at=AT,
    told={"grounds": "照片看不清\n请重拍。"},
    due_at=datetime(2025, 9, 30, 17, 30, tzinfo=BEIJING),
)


def test_transition_is_told_with_time_person_grounds_and_limit() -> None:
    assert sentence(RECTIFICATION, RETURNED) == (
        "2025年9月26日（周五）16:40，李强复查不通过，退回重新整改。"
        "理由：照片看不清 请重拍。时限到2025年9月30日（周二）17:30。"
    )


def test_moment_from_the_database_is_told_in_the_time_of_beijing() -> None:
    stored = replace(RETURNED, at=AT.astimezone(UTC))

    assert sentence(RECTIFICATION, stored) == sentence(RECTIFICATION, RETURNED)


def test_time_line_keeps_the_order_it_is_given() -> None:
    issued = Transition(
        action="issue",
        source=NEW,
        target="issued",
        by="",
        at=AT,
        told={"unit": "城东支行", "finding": "大堂无人引导"},
    )

    told = timeline(RECTIFICATION, [issued, RETURNED])

    assert told[0] == "2025年9月26日（周五）16:40，系统向城东支行下达整改：大堂无人引导。"
    assert told[1] == sentence(RECTIFICATION, RETURNED)
    assert timeline(RECTIFICATION, []) == []


def test_what_was_not_filled_in_is_named_and_braces_typed_by_people_stay() -> None:
    issued = Transition(
        action="issue", source=NEW, target="issued", by="{who}", at=AT, told={"finding": "{unit}"}
    )

    assert sentence(RECTIFICATION, issued).endswith("，{who}向（未填承办单位）下达整改：{unit}。")


def test_name_typed_into_the_form_does_not_stand_in_for_the_person() -> None:
    forged = replace(RETURNED, told={"who": "行长"}, due_at=None)

    assert "李强复查不通过" in sentence(RECTIFICATION, forged)


def test_same_action_is_told_by_the_state_it_was_made_in() -> None:
    complaint = flow_named("complaint")
    noted = Transition(
        action="contact",
        source="handling",
        target="handling",
        by="王芳",
        at=AT,
        told={"contact": "电话已通"},
    )

    assert sentence(complaint, noted).endswith("，王芳联系了客户：电话已通。")


def test_action_or_state_that_is_gone_is_told_all_the_same() -> None:
    gone = replace(RETURNED, action="stamp", due_at=None)
    moved = replace(RETURNED, source="long_gone", target="gone_too", due_at=None)

    assert sentence(RECTIFICATION, gone) == (
        "2025年9月26日（周五）16:40，李强办理了“stamp”。理由：照片看不清 请重拍。"
    )
    assert "李强复查不通过" in sentence(RECTIFICATION, moved)


@pytest.mark.parametrize("flow", FLOWS.values(), ids=FLOWS)
def test_every_move_of_every_matter_is_told_in_full(flow: Flow) -> None:
    told = {name: f"【{need.title}】" for name, need in NEEDS.items()}
    for move in flow.moves:
        for source in move.sources:
            target = source if move.target is None else move.target
            line = sentence(
                flow,
                Transition(
                    action=move.action, source=source, target=target, by="王芳", at=AT, told=told
                ),
            )
            assert line.startswith("2025年9月26日（周五）16:40，王芳")
            assert line.endswith("。")
            assert not {"{", "}", "未填"} & set(line)
            assert "。。" not in line
