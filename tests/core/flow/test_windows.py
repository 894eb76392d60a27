"""A window has both its ends inside, and a refusal names it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.errors import InputRefused
from wenyou_core.flow.guards import WINDOW_CLOSED, WINDOW_OPEN
from wenyou_core.flow.machine import Given, MoveRefused, after
from wenyou_core.flow.registry import flow_named
from wenyou_core.flow.roles import Role
from wenyou_core.flow.windows import Window, window_closed, window_open

BEIJING = timezone(timedelta(hours=8))
OPENS = datetime(2025, 9, 22, 9, tzinfo=BEIJING)
CLOSES = datetime(2025, 9, 30, 17, tzinfo=BEIJING)
WINDOW = Window(title="报备", opens_at=OPENS, closes_at=CLOSES, article="方案七.9")
SECOND = timedelta(seconds=1)


def test_too_late_names_the_window_its_article_and_whom_to_ask() -> None:
    assert window_open(WINDOW, CLOSES + SECOND) == (
        "报备窗口（方案七.9）已于2025年9月30日（周二）17:00关闭，不再受理；"
        "如属突发情况，请联系服务办公室。"
    )


def test_too_early_names_the_opening() -> None:
    assert window_open(WINDOW, OPENS - SECOND) == (
        "报备窗口（方案七.9）要到2025年9月22日（周一）09:00才开放，请届时再提交，已填的可以先存草稿。"
    )


def test_both_ends_are_inside() -> None:
    assert window_open(WINDOW, OPENS) == window_open(WINDOW, CLOSES) == ""


def test_window_nobody_announced_refuses_and_an_open_one_never_closes() -> None:
    always = Window(title="报备")

    assert window_open(None, OPENS).startswith("还没有公布办理窗口")
    assert window_open(always, OPENS) == ""
    assert window_closed(always, OPENS).startswith("这个窗口没有关闭时间")
    assert window_closed(None, OPENS) != ""


def test_window_that_closes_before_it_opens_is_refused() -> None:
    with pytest.raises(InputRefused, match="报备窗口的关闭时间早于开放时间"):
        Window(title="报备", opens_at=CLOSES, closes_at=OPENS)


@given(st.integers(-20_000, 20_000))
def test_draft_lapses_exactly_when_it_can_no_longer_be_handed_in(minutes: int) -> None:
    now = CLOSES + timedelta(minutes=minutes)

    late = window_open(WINDOW, now) != "" and now > OPENS
    assert (window_closed(WINDOW, now) == "") == late


def test_filing_outside_its_window_is_refused_and_its_draft_lapses() -> None:
    flow = flow_named("exemption_filing")
    filled = frozenset({"article", "grounds", "evidence"})
    late = CLOSES + SECOND

    def handed_in(now: datetime) -> str:
        what = Given(filled=filled, answers={WINDOW_OPEN: window_open(WINDOW, now)})
        return after(flow, "draft", "submit", {Role.OUTLET_HEAD}, what)

    assert handed_in(CLOSES) == "submitted"
    with pytest.raises(MoveRefused, match=r"报备窗口（方案七.9）已于"):
        handed_in(late)
    over = Given(answers={WINDOW_CLOSED: window_closed(WINDOW, late)})
    assert after(flow, "draft", "lapse", {Role.SYSTEM}, over) == "lapsed"
