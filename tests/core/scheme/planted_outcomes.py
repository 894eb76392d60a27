"""Faults in grades, awards and targets, each planted by one edit of a reviewed plan."""

from __future__ import annotations

from tests.core.scheme.lint_plan import Planted

CLEAN = "clean"
JSB = "jsb_sub_branch"
PSBC = "psbc_double_star"
TOLL = "toll_code"
FHRS = "fhrs"

OUTCOMES = [
    Planted(
        CLEAN,
        "a score above the full one",
        "score between [98, 100]",
        "score between [101, 120]",
        "step-never",
    ),
    Planted(
        CLEAN,
        "a step that takes the next one's people",
        "score between [98, 100]",
        "score between [90, 100]",
        "step-covered",
    ),
    Planted(
        CLEAN,
        "a hole between two steps",
        "score between [90, 98)",
        "score between [90, 95)",
        "step-gap",
    ),
    Planted(
        CLEAN,
        "two steps that share an end",
        "score between [90, 98)",
        "score between [90, 98]",
        "step-overlap",
    ),
    Planted(
        CLEAN, "a hole above the last step", "when: score < 90", "when: score < 80", "step-gap"
    ),
    Planted(CLEAN, "no room for the second step", "share: 60%", "share: 20%", "quota-no-room"),
    Planted(CLEAN, "a share that is not cumulative", "share: 60%", "share: 10%", "quota-no-room"),
    Planted(
        CLEAN,
        "two steps up at once",
        "person.star in [二星, 三星]",
        "person.star = 一星",
        "climb-excludes",
    ),
    Planted(
        CLEAN,
        "conditions that exclude each other",
        "when: cases <= 3",
        "when: score < 90",
        "award-never",
    ),
    Planted(
        CLEAN,
        "a prize that takes",
        "tie: decide}, amount: 1000 元",
        "tie: decide}, amount: -1000 元",
        "award-negative",
    ),
    Planted(
        CLEAN,
        "a prize for everybody",
        "    targets:\n",
        "      prize: {title: 普惠奖, each: outlets, amount: 100 元}\n    targets:\n",
        "award-all",
    ),
    Planted(
        CLEAN,
        "no cases, first place",
        "[cases, volume_sum], empty: apart",
        "[cases, volume_sum], empty: zero",
        "empty-first",
    ),
    Planted(CLEAN, "more than all", "passing >= 85%", "passing >= 110%", "never"),
    Planted(CLEAN, "a goal of nothing", "passing >= 85%", "passing >= 0", "always"),
    Planted(CLEAN, "parts below the whole", "passing >= 85%", "passing >= 95%", "targets-apart"),
    Planted(
        CLEAN, "a whole that hangs on the weights", "rural >= 85%", "rural >= 70%", "targets-weight"
    ),
    Planted(CLEAN, "a whole that says nothing", "passing >= 85%", "passing >= 50%", "idle-target"),
    Planted(
        CLEAN,
        "two goals against each other",
        "when: rural >= 85%",
        "when: passing < 50%",
        "targets-conflict",
    ),
    Planted(CLEAN, "weights of 110 %", "other * 40%", "other * 50%", "weights"),
    Planted(
        CLEAN,
        "weights of 90 % beside a deduction",
        "value: score * 60% + other * 40%",
        "value: score * 60% + other * 30% - cases",
        "weights",
    ),
    Planted(
        CLEAN,
        "weights of 110 % before a common factor",
        "value: score * 60% + other * 40%",
        "value: (score * 60 + other * 50) * 1%",
        "weights",
    ),
    Planted(
        CLEAN,
        "weights of 90 % over two measures",
        "weighted: {title: 综合分, each: outlets, value: score * 60% + other * 40%}",
        "part: {title: 检查折算分, each: outlets, value: other * 30%}\n"
        "      weighted: {title: 综合分, each: outlets, value: score * 60% + part}",
        "weights",
    ),
    Planted(
        CLEAN,
        "weights of 110 % in a condition",
        "{name: 达标, when: score >= param.pass_line}",
        "{name: 达标, when: score * 60% + other * 50% >= param.pass_line}",
        "weights",
    ),
    Planted(
        CLEAN,
        "weights of 120 % above a base",
        "value: score * 60% + other * 40%",
        "value: 10 + score * 60% + other * 60%",
        "weights",
    ),
    Planted(CLEAN, "a bar that no award reads", "bars: [best_bar], ", "", "bar-unread"),
    Planted(
        JSB,
        "no base, best rate",
        "ratio: [complaints, complaint_base], empty: apart",
        "ratio: [complaints, complaint_base], empty: zero",
        "empty-first",
    ),
    Planted(
        PSBC,
        "stars of 165 %",
        "        value: 不低于该星级\n",
        "        value: 恰为该星级\n",
        "shares-over-one",
    ),
    Planted(PSBC, "parts below the whole", "value: 100%", "value: 80%", "targets-apart"),
    Planted(
        PSBC,
        "a whole that says nothing",
        "title: 全部网点达标率目标, type: decimal, digits: 2, value: 90%",
        "title: 全部网点达标率目标, type: decimal, digits: 2, value: 80%",
        "idle-target",
    ),
    Planted(
        PSBC,
        "more than all",
        "title: 农村网点达标率目标, type: decimal, digits: 2, value: 85%",
        "title: 农村网点达标率目标, type: decimal, digits: 2, value: 850%",
        "never",
    ),
    Planted(
        TOLL,
        "nominated less than never",
        "team_nominations >= 1",
        "team_nominations < 0",
        "award-never",
    ),
    Planted(
        FHRS,
        "a rating behind a better one",
        "total <= 20 and worst <= 10",
        "total <= 10 and worst <= 5",
        "step-covered",
    ),
    Planted(
        FHRS,
        "ratings in the wrong order",
        "total <= 15 and worst <= 5",
        "total <= 25 and worst <= 10",
        "step-covered",
    ),
]
