"""Weights that do not make a whole: where they stand, from when on, and what is left in peace."""

from __future__ import annotations

import pytest

from tests.core.scheme.lint_plan import CLEAN, findings

VALUE = "value: score * 60% + other * 40%"
LEAST = "      least: {title: 最少件数, type: int, value: 2}\n"


def said(*edits: tuple[str, str]) -> list[str]:
    text = CLEAN
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return [one.text for one in findings(text, CLEAN) if one.code == "weights"]


def test_weights_are_summed_with_what_each_is() -> None:
    (text,) = said((VALUE, "value: score * 60% + other * 30%"))
    assert "“综合分”的各项权重合计60%＋30%＝90%，不是100%" in text


def test_weights_of_dated_parameters_are_summed_for_every_day_on_which_one_begins() -> None:
    params = (
        "      own: {title: 自评权重, type: decimal, digits: 2, value: 60%}\n"
        "      theirs: {title: 他评权重, type: decimal, digits: 2,"
        " values: [{since: 2024-01-01, value: 40%}, {since: 2025-07-01, value: 50%}]}\n"
    )
    params = params.replace("own:", "own_weight:")
    value = "value: score * param.own_weight + other * param.theirs"
    (text,) = said((LEAST, LEAST + params), (VALUE, value))
    assert "自2025-07-01起" in text
    assert "60%＋50%＝110%" in text


def test_weights_of_a_table_are_summed_for_every_row() -> None:
    tables = (
        "    tables:\n"
        "      own_weight: {title: 自评权重, by: [unit.site], values: {城区: 0.6, 县域: 0.5}}\n"
        "      their_weight: {title: 他评权重, by: [unit.site], values: {城区: 0.4, 县域: 0.4}}\n"
    )
    value = "value: score * table.own_weight + other * table.their_weight"
    (text,) = said((LEAST, LEAST + tables), (VALUE, value))
    assert "“县域”" in text
    assert "50%＋40%＝90%" in text


@pytest.mark.parametrize(
    "value",
    [
        "score * 60% + other * 40% + cases",  # what is on top
        "score * 60% + other * 20% + cases",  # the third part has its own points
        "20 + score * 60% + other * 20%",  # so has the base
        "score * 60% + other * 40% - cases * 50%",  # a deduction has no share in the whole
        "cases * 0.5 + other * 0.2",  # so much per occurrence
        "score * 2 + other * 50%",  # conversion
        "score * 20% + other",
        "(score * 50% + other * 50%) * 80% + other * 20%",
    ],
)
def test_other_sums_are_left_in_peace(value: str) -> None:
    assert said((VALUE, f"value: {value}")) == []


def test_whole_composite_is_one_part_of_a_further_sum() -> None:
    further = "final: {title: 总分, each: outlets, value: weighted + cases * 10% + own_cases * 5%}"
    counted = "own_cases: {title: 自查件数, each: outlets, entries: [late_days], base: 10}"
    line = "weighted: {title: 综合分, each: outlets, " + VALUE + "}"
    assert said((line, f"{line}\n      {counted}\n      {further}")) == []
