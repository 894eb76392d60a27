"""A run that does not hold the periods of its rules whole says that they were not computed."""

from __future__ import annotations

import pytest

from tests.core.assess.play import program
from wenyou_core.assess.leftout import left_out
from wenyou_core.scheme.words import PeriodKind

RULES = """
rules:
  fined: {on: complaint, whom: unit, amount: -100 元}
  noted: {on: finding, whom: unit, amount: -1 分}
  monthly: {on: finding, whom: unit, amount: -1 分, period: month, also: true}
"""
CAMPAIGN = "rules:\n  fined: {on: complaint, whom: unit, amount: -100 元, period: campaign}\n"
NONE = "本次考核期间不满一个完整的季度，方案里按季度计算的2条规则没有计算。"


@pytest.mark.parametrize(
    ("run", "texts"),
    [
        ("2025Q3", []),
        ("2025H1", []),
        ("2025", []),
        ("2025-09", [NONE]),
        ("2025-08-01..2025-10-31", [NONE]),
        (
            "2025-07-02..2025-09-30",
            [NONE, "2025年7月2日至31日不在完整的月之内，按月计算的1条规则没有计算这些天。"],
        ),
        (
            "2025-06-01..2025-10-31",
            [
                "2025年6月1日至30日、2025年10月1日至31日不在完整的季度之内，"
                "按季度计算的2条规则没有计算这些天。"
            ],
        ),
    ],
)
def test_rules_of_periods_that_the_run_does_not_hold_are_told(run: str, texts: list[str]) -> None:
    assert [one.text for one in left_out(program(RULES, run))] == texts


def test_campaign_is_the_run_itself_and_leaves_nothing_out() -> None:
    assert left_out(program(CAMPAIGN, "2025-07-02..2025-09-29")) == ()


def test_the_plans_own_kind_of_period_comes_first_and_says_so() -> None:
    rule = "yearly: {on: complaint, whom: unit, amount: -1 元, period: year, also: true}"
    yearly = f"{RULES}  {rule}\n"

    assert [(one.kind, one.first) for one in left_out(program(yearly, "2025-09"))] == [
        (PeriodKind.QUARTER, True),
        (PeriodKind.YEAR, False),
    ]


OUTCOMES = """
measures:
  bad: {each: outlets, facts: complaint, period: year}
targets:
  clean: {each: outlets, when: bad = 0, period: year}
  few: {each: outlets, when: bad <= 2, period: year}
awards:
  best: {each: outlets, conditions: [{name: 没有投诉, when: bad = 0}], period: year}
grades:
  level: {each: outlets, steps: [{name: 优, when: bad = 0}], otherwise: 良, period: year}
obligations:
  drill: {title: 演练, who: 网点, each: outlets, facts: finding, times: 1, every: year}
  told: {title: 报告, who: 网点, times: 1, every: year}
rules:
  yearly: {each: outlets, when: bad > 3, amount: -1 分, period: year}
"""


def test_awards_grades_targets_and_counted_duties_of_longer_periods_are_told_with_the_rules() -> (
    None
):
    assert [one.text for one in left_out(program(OUTCOMES, "2025Q3"))] == [
        "本次考核期间不满一个完整的年度，方案里按年度计算的"
        "1条规则、1项评优、1项等级、2项目标、1项频次要求没有计算。"
    ]


def test_plan_of_targets_alone_is_told_without_rules() -> None:
    body = OUTCOMES[: OUTCOMES.index("awards:")]
    assert [one.text for one in left_out(program(body, "2025Q3"))] == [
        "本次考核期间不满一个完整的年度，方案里按年度计算的2项目标没有计算。"
    ]
    assert left_out(program(body, "2025")) == ()
