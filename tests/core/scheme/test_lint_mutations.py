"""The lint is measured: faults planted in reviewed plans, and silence on the plans themselves."""

from __future__ import annotations

import pytest

from tests.core.scheme.lint_plan import CLEAN, SCHEMES, Planted, findings, text_of, with_fault
from tests.core.scheme.planted import PLANTED
from wenyou_core.scheme.lint import Severity

LEAST_PLANTED = 60
LEAST_FOUND = 54

# Faults that the lint does not see, each with the reason.
UNSEEN = {
    "a praise with less proof": "asking for no evidence is a choice",
    "the same condition twice": "both rules say that they stand on top of others",
}

# What the lint says of the shipped plans, reviewed one by one: each is true of the source.
OPEN = {"unset-param", "unset-cell", "unset-appeal"}  # the source gives no number
REVIEWED: dict[str, set[str]] = {
    "cib_coaching": OPEN | {"not-counted"},  # four posts a day are not registered
    "efficiency_storm": OPEN | {"unused-list"},
    "fhrs": set(),
    "icbc_measures": OPEN,
    "icbc_season": OPEN | {"unused-list"},
    "jsb_sub_branch": OPEN
    | {
        "unused-param",  # full_score: the source names 100 and never computes with it
        "no-length",  # "at once"
        "lonely-set",  # several notices of one matter compete with each other
    },
    "psbc_double_star": OPEN
    | {
        "unused-list",
        "targets-weight",  # 100 % and 85 % make 90 % from a third of town outlets on
        "shares-over-one",  # 85 + 50 + 30 %, under the reading that is not chosen
    },
    "rural_coop": OPEN,
    "sf_food": set(),
    "toll_code": OPEN | {"person-fine"},  # 200 and 200-500 yuan on persons
    "toll_window": OPEN,
}


def found(planted: Planted) -> bool:
    """Whether the fault shows as a finding that the plan itself does not have."""
    base = text_of(planted.plan)
    before = {(one.code, one.text, one.severity) for one in findings(base)}
    after = {(one.code, one.text, one.severity) for one in findings(with_fault(planted), base)}
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


@pytest.mark.parametrize("plan", sorted(path.parent.name for path in SCHEMES.glob("*/scheme.yaml")))
def test_shipped_plan_has_only_reviewed_findings(plan: str) -> None:
    found = findings((SCHEMES / plan / "scheme.yaml").read_text(encoding="utf-8"))

    assert [str(one) for one in found if one.code not in REVIEWED[plan]] == []
    assert [str(one) for one in found if one.severity is Severity.ERROR] == []


@pytest.mark.proves("S002-203", "S002-204")
def test_targets_of_the_double_star_plan_say_which_share_of_towns_they_need() -> None:
    texts = [
        one.text for one in findings(text_of("psbc_double_star")) if one.code == "targets-weight"
    ]

    assert len(texts) == 1
    assert "占到全部的1/3以上时才相配" in texts[0]


@pytest.mark.proves("S002-207")
def test_exclusive_reading_of_the_star_shares_is_told_to_be_impossible() -> None:
    found = [one for one in findings(text_of("psbc_double_star")) if one.code == "shares-over-one"]

    assert [one.severity for one in found] == [Severity.HINT]
    assert "85%＋50%＋30%＝165%" in found[0].text
    assert "恰为该星级" in found[0].text
