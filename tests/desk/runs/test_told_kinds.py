"""Sentences of the kinds of entries that the first plan does not make."""

from __future__ import annotations

import pytest

from tests.desk.bank import Rows, good_rows, happening, write_xlsx
from tests.desk.made import sentences
from wenyou_desk.plans import open_plan
from wenyou_desk.runs.command import assess_files

PLAN = """\
plan: {id: small, version: "1", title: 小方案, issuer: 示范支行, periods: [quarter]}
ledgers:
  points: {title: 积分, unit: 分, digits: 1}
  money: {title: 奖金, unit: 元, digits: 2}
roles:
  head: {title: 负责人, posts: [网点负责人], acting: instead}
unit_fields:
  kind: {title: 类型, type: text}
facts:
  late:
    title: 迟报
    subjects: [unit, person]
    fields:
      days: {title: 迟报天数, type: int, required: true}
populations:
  outlets: {title: 网点, of: unit, where: unit.kind = 营业网点}
articles:
  - no: "1"
    title: 迟报
    kinds: [rule]
    rules:
      slow:
        title: 迟报扣分
        on: late
        whom: unit
        amount: {per: days, each: -2 分, free: 1}
        limit: {floor: -10 分, per: event}
        joint: [{whom: head, percent: 50%}]
        also: true
      judged:
        title: 迟报扣款
        on: late
        where: days > 5
        whom: person
        amount: {range: [-200 元, -500 元]}
        also: true
  - no: "2"
    title: 评选
    kinds: [rule]
    measures:
      score: {title: 得分, each: outlets, entries: [slow], base: 100}
    rules:
      low_head:
        title: 低分问责
        each: outlets
        when: score < 95
        whom: head
        amount: -50 元
    awards:
      best:
        title: 优胜网点
        each: outlets
        pick: {by: [score], from: highest, take: 1, tie: all}
        amount: 300 元
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("small")
    scheme = folder / "小方案.yaml"
    scheme.write_text(PLAN, encoding="utf-8")
    names = ("org_units", "org_persons", "org_posts", "coverage")
    rows: Rows = {name: held for name, held in good_rows().items() if name in names}
    rows["late"] = [
        {**happening("CB-1", "2025-07-08"), "unit": "U1", "person": "0003", "days": "9"},
        {**happening("CB-2", "2025-07-09"), "unit": "U2", "person": "0004", "days": "2"},
    ]
    rows["decision"] = [
        {
            **happening("JD-1", "2025-10-08"),
            "rule": "迟报扣款",
            "target": "CB-1",
            "value": "-250",
            "by": "0001",
            "grounds": "初犯",
        }
    ]
    (folder / "facts").mkdir()
    write_xlsx(folder / "facts" / "台账.xlsx", rows, open_plan(str(scheme)).plan)
    made = assess_files(str(scheme), folder / "facts", period="2025Q3")
    return sentences(made)


def test_amount_per_unit_names_the_quantity(told: dict[str, str]) -> None:
    assert told["slow event U1"] == (
        "依据1「迟报扣分」：2025年7月8日迟报「CB-1」（甲网点周丙），数量9，扣16分。"
    )


def test_bound_of_one_entry_names_what_it_adjusts(told: dict[str, str]) -> None:
    assert told["slow limit U1"] == (
        "依据1「迟报扣分」：2025年7月8日迟报「CB-1」（甲网点周丙），每件最多扣10分，"
        "对甲网点（U1）「迟报扣分」扣16分调整差额，计+6分。"
    )


def test_joint_entry_names_the_entry_it_follows_and_the_share(told: dict[str, str]) -> None:
    assert told["slow joint 0002"] == (
        "依据1「迟报扣分」：2025年7月9日迟报「CB-2」（乙网点吴丁），"
        "随乙网点（U2）「迟报扣分」扣2分，负责人连带50%，扣1分。"
    )


def test_chosen_amount_names_the_decision_and_the_person(told: dict[str, str]) -> None:
    assert told["judged event 0003"] == (
        "依据1「迟报扣款」：2025年7月8日迟报「CB-1」（甲网点周丙，迟报天数9），"
        "在幅度内确定，按决定「JD-1」（陈甲：初犯），扣250元。"
    )


def test_period_entry_for_somebody_else_names_whose_measure_it_was(told: dict[str, str]) -> None:
    assert told["low_head period 0001"] == (
        "依据2「低分问责」：2025年第三季度期末，因甲网点（U1），得分90，扣50元。"
    )


def test_award_is_told(told: dict[str, str]) -> None:
    assert told["best award U2"] == "依据2「优胜网点」：2025年第三季度当选，加300元。"
