"""An edited plan that is read again in part is the plan that its whole text gives."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.core.assess.play import HEAD
from tests.core.scheme.edits import reread, under
from tests.core.scheme.lint_plan import text_of, with_fault
from tests.core.scheme.plans import BASE, FILE, edited
from tests.core.scheme.planted import PLANTED
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.load import load_plan

EDITS = [
    (),
    ("rate: {title: 投诉率, ratio", "rate: {title: 率, ratio"),
    ("value: -100 元}", "value: -100.5 元}"),
    ('{no: "2", text: 有引导}', '{no: "2", text: 有引导员}'),
    ("[客户数, 笔数]", "[客户数, 件数]", "floor: -30 分, per: year", "floor: -40 分, per: year"),
    (
        "late_days: {title: 逾期天数, type: int}",
        "late_days: {title: 逾期天数, type: int, least: 0}",
    ),
    ("peers: [region]}", "peers: [kind]}"),
    # Not within a thing, or under another name: these are read as a whole.
    ("title: 示范方案", "title: 方案"),
    ("stars: [一星, 二星, 三星]", "stars: [一星, 二星, 三星, 四星]"),
    ("points: {title: 积分, unit: 分, digits: 1}", "points: {title: 积分, unit: 分, digits: 2}"),
    ("clean: {title: 连续", "cleaner: {title: 连续"),
    ("tells: 提高服务质量。", "tells: 提高质量。"),
    ("      month_score:", "      # a line more\n      month_score:"),
    # Refused.
    ("how: sum, of: number}", "how: add, of: number}"),
    ("value: -100 元}", "value: -100 斤}"),
    ("each: outlets, facts: visit, times: 1", "each: outlets, fact: visit, times: 1"),
    ("of: adopter}", "of: bank}"),
    ("weight: {title: 比重", "fine: {title: 比重"),
]


def outcome(read: Callable[[], object]) -> object:
    """What came of reading: the plan, or its faults."""
    try:
        return read()
    except SchemeError as error:
        return error.faults


@pytest.mark.parametrize("pairs", EDITS, ids=lambda pairs: pairs[1] if pairs else "nothing")
def test_plan_read_where_it_was_edited_is_that_of_the_whole_text(pairs: tuple[str, ...]) -> None:
    text = edited(*pairs)

    assert outcome(lambda: reread(BASE, text, FILE)) == outcome(lambda: load_plan(text, FILE))


@pytest.mark.parametrize("plan", ["clean", "psbc_double_star"])
def test_shipped_plan_read_where_it_was_edited_is_that_of_the_whole_text(plan: str) -> None:
    planted = [one for one in PLANTED if one.plan == plan][:2]
    for one in planted:
        text = with_fault(one)

        assert reread(text_of(plan), text, FILE) == load_plan(text, FILE)
    assert planted


@pytest.mark.parametrize(
    "body",
    [
        "",
        "    measures:\n      cases: {title: 件数, each: outlets, facts: finding}\n",
        "    rules:\n      fine: {title: 罚, on: finding, whom: unit, amount: -5 斤}\n",
        "    nothing: {}\n",
    ],
)
def test_articles_under_a_head_read_once_are_those_of_the_whole_text(body: str) -> None:
    head = HEAD.replace("DECIDING", "happened")

    read = outcome(lambda: under(head, body, FILE))

    assert read == outcome(lambda: load_plan(head + body, FILE))
