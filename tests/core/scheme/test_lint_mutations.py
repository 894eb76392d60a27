"""The lint is measured: faults planted in reviewed plans, and silence on the plans themselves."""

from __future__ import annotations

import pytest

from tests.core.scheme.lint_plan import CLEAN, SCHEMES, Planted, findings, text_of, with_fault
from tests.core.scheme.planted import PLANTED

LEAST_PLANTED = 60
LEAST_FOUND = 54

# Faults that the lint does not see, each with the reason.
UNSEEN = {
    "a month's floor without its minus": "a field may hold numbers below zero",
    "a praise with less proof": "asking for no evidence is a choice",
    "the same condition twice": "both rules say that they stand on top of others",
}

# What the lint says of the shipped plans, reviewed one by one: each is true of the source.
REVIEWED = {
    "jsb_sub_branch": {
        "unused-param",  # full_score: the source names 100 and never computes with it
        "unset-cell",  # inspection_fine: the source gives no yuan
        "unset-param",  # complaint_basis: open in the source
        "no-length",  # "at once"
    },
    "psbc_double_star": {
        "unused-list",
        "targets-weight",  # 100 % and 85 % make 90 % from a third of town outlets on
        "shares-over-one",  # 85 + 50 + 30 %, under the reading that is not chosen
    },
    "toll_code": {
        "person-fine",  # 200 and 200-500 yuan on persons
        "unused-param",  # team_reward: the source names no winner's sum
    },
    "fhrs": set(),
}


def found(planted: Planted) -> bool:
    """Whether the fault shows as a finding that the plan itself does not have."""
    before = {(one.code, one.text, one.severity) for one in findings(text_of(planted.plan))}
    after = {(one.code, one.text, one.severity) for one in findings(with_fault(planted))}
    return planted.code in {code for code, _, _ in after - before}


@pytest.mark.parametrize("planted", PLANTED, ids=lambda one: f"{one.plan}: {one.fault}")
def test_planted_fault_is_found_unless_listed_as_unseen(planted: Planted) -> None:
    assert found(planted) is (planted.fault not in UNSEEN)


def test_enough_faults_are_planted_and_found() -> None:
    assert len(PLANTED) >= LEAST_PLANTED
    assert len(PLANTED) - len(UNSEEN) >= LEAST_FOUND
    assert set(UNSEEN) <= {one.fault for one in PLANTED}


def test_clean_plan_has_no_findings() -> None:
    assert findings(CLEAN) == ()


@pytest.mark.parametrize("plan", sorted(REVIEWED))
def test_shipped_plan_has_only_reviewed_findings(plan: str) -> None:
    text = (SCHEMES / plan / "scheme.yaml").read_text(encoding="utf-8")

    assert {one.code for one in findings(text)} == REVIEWED[plan]
