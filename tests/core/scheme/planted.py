"""Faults that authors of plans make, each planted by one edit of a reviewed plan."""

from __future__ import annotations

from tests.core.scheme.lint_plan import Planted
from tests.core.scheme.planted_outcomes import OUTCOMES

CLEAN = "clean"
JSB = "jsb_sub_branch"
LIST = 'where: param.reading = 按小时, whom: unit, amount: {bands: late_hours, rows: {"[24, 72)": -1 分, "[72, +)": -5 分}}'

AMOUNTS = [
    Planted(CLEAN, "a level without a row", ", 总行级: -1200 元", "", "table-gap"),
    Planted(
        CLEAN,
        "one fine typed without its minus",
        "分行级: -600 元",
        "分行级: 600 元",
        "mixed-signs",
    ),
    Planted(CLEAN, "a fine that pays", "value: -100 元", "value: 100 元", "sign-title"),
    Planted(
        CLEAN,
        "a reward that takes",
        "{支行级: 200 元, 分行级: 500 元, 总行级: 1000 元}",
        "{支行级: -200 元, 分行级: -500 元, 总行级: -1000 元}",
        "sign-title",
    ),
    Planted(CLEAN, "a day between two bands", "[4, 10]", "[5, 10]", "band-gap"),
    Planted(CLEAN, "a day in two bands", "[4, 10]", "[3, 10]", "band-overlap"),
    Planted(CLEAN, "two bands that share an end", '"[24, 72)"', '"[24, 72]"', "band-overlap"),
    Planted(CLEAN, "an end in no band", '"[72, +)"', '"(72, +)"', "band-gap"),
    Planted(CLEAN, "nothing above the last band", '"[11, +)"', '"[11, 20]"', "band-end"),
    Planted(CLEAN, "a zero too many in a band", "-2 分", "-20 分", "band-order"),
    Planted(CLEAN, "doubling without end", ", ceiling: 1000 元", "", "unbounded"),
    Planted(
        CLEAN, "a ceiling below the first", "ceiling: 1000 元", "ceiling: 10 元", "low-ceiling"
    ),
    Planted(
        CLEAN, "repeats by number", "same: [unit], factor", "same: [id], factor", "never-again"
    ),
    Planted(
        CLEAN, "factors all one", "factor: 2, ceiling: 1000 元", "factors: [1, 1]", "idle-factors"
    ),
    Planted(
        CLEAN,
        "factors that fall",
        "factor: 2, ceiling: 1000 元",
        "factors: [2, 1]",
        "falling-factors",
    ),
    Planted(CLEAN, "a floor without its minus", "floor: -20 分", "floor: 20 分", "limit-sign"),
    Planted(
        CLEAN, "a ceiling in place of a floor", "floor: -20 分", "ceiling: 20 分", "idle-limit"
    ),
    Planted(
        CLEAN,
        "a ceiling over gains that is the parameter of a fine",
        "{table: rewards}, evidence",
        "{table: rewards}, limit: {ceiling: param.fine}, evidence",
        "limit-sign",
    ),
    Planted(
        CLEAN,
        "the unit shares with itself",
        "{whom: head, percent: 50%}",
        "{whom: unit, percent: 50%}",
        "joint-self",
    ),
    Planted(CLEAN, "a share ten times too large", "percent: 50%", "percent: 500%", "joint-over"),
    Planted(
        CLEAN,
        "a range with one minus",
        "amount: -400 元",
        "amount: {range: [-400 元, 400 元]}",
        "odd-range",
    ),
    Planted(
        CLEAN,
        "a bound never met",
        "{table: rewards}, evidence",
        "{table: rewards}, limit: {ceiling: 5000 元, per: event}, evidence",
        "idle-limit",
    ),
    Planted(
        CLEAN,
        "a share of a cut for the head of the last day",
        "joint: [{whom: head, percent: 50%}]",
        "limit: {floor: -5000 元}, joint: [{whom: head, percent: 50%}]",
        "share-of-cut",
    ),
    Planted(
        CLEAN,
        "a limit left out of the sum",
        "[late_days, late_hours, floor], base",
        "[late_days, late_hours], base",
        "limit-left-out",
    ),
    Planted(
        CLEAN,
        "a third of a month's pay",
        "      last: {title",
        '      docked: {title: 工资扣减, each: staff, when: own > 3, amount: {value: "-30% * person.pay", ledger: money, round: {digits: 2, mode: down}}}\n      last: {title',
        "over-lawful-share",
    ),
    Planted(
        CLEAN,
        "a fine on a person",
        "media = true, whom: unit",
        "media = true, whom: person",
        "person-fine",
    ),
    Planted(JSB, "a level without a row", ", 总行级: -1200 元", "", "table-gap"),
    Planted(JSB, "praise without a row", ", 媒体: 500 元", "", "table-gap"),
    Planted(JSB, "one notice that pays", "支行级: -300 元", "支行级: 300 元", "mixed-signs"),
    Planted(
        JSB,
        "shirking that pays",
        "title: 推诿扣罚额, type: amount, value: -200 元",
        "title: 推诿扣罚额, type: amount, value: 200 元",
        "sign-title",
    ),
    Planted(
        JSB, "a month's floor without its minus", "floor: -100 分", "floor: 100 分", "limit-sign"
    ),
    Planted(
        JSB, "a month's floor left out", "[deduction, month_floor]", "[deduction]", "limit-left-out"
    ),
    Planted(
        JSB,
        "later repeats cost less",
        "same: [unit, type], factors: [1, 1.5]",
        "same: [unit, type], factors: [1.5, 1]",
        "falling-factors",
    ),
    Planted(JSB, "repeats by number", "same: [person, type]", "same: [id]", "never-again"),
]

RULES = [
    Planted(
        CLEAN, "two fines on one complaint", "-400 元, together: once", "-400 元", "double-hit"
    ),
    Planted(CLEAN, "an accident that is a complaint as well", ", also: true", "", "double-hit"),
    Planted(
        CLEAN,
        "a condition copied from another rule",
        "ruling = 无责, whom",
        "ruling = 有责, whom",
        "double-hit",
    ),
    Planted(CLEAN, "both readings at once", LIST, LIST.replace("按小时", "按天"), "double-hit"),
    Planted(
        CLEAN,
        "a set of one",
        "amount: param.fine, together: once",
        "amount: param.fine",
        "lonely-set",
    ),
    Planted(
        CLEAN,
        "facts without a number that are one event",
        "type: text, required: true",
        "type: text",
        "blank-alike",
    ),
    Planted(
        CLEAN,
        "facts without a number that are one and the same again",
        "same: [unit], factor: 2",
        "same: [unit, ticket], factor: 2",
        "blank-alike",
    ),
    Planted(
        CLEAN,
        "two rulings at once",
        "ruling = 有责 and media",
        "ruling = 有责 and ruling = 无责 and media",
        "never",
    ),
    Planted(
        CLEAN,
        "closed and not closed",
        "closed = false",
        "closed = false and closed = true",
        "never",
    ),
    Planted(
        CLEAN, "a loss between nothing", "loss >= 10000", "loss >= 10000 and loss < 10000", "never"
    ),
    Planted(CLEAN, "above the highest of all", "rate > mean_rate", "rate > worst_rate", "never"),
    Planted(
        CLEAN,
        "fewer cases than none",
        "cases >= param.least",
        "cases < 0 and cases < param.least",
        "never",
    ),
    Planted(
        CLEAN,
        "a count of nothing",
        "facts: complaint, where: ruling = 有责}",
        "facts: complaint, where: late_days < 1 and late_days > 0}",
        "never",
    ),
    Planted(
        CLEAN,
        "a condition that says nothing",
        "ruling = 有责 and media = true",
        "ruling = 有责 and ruling != 无责 and media = true",
        "idle-condition",
    ),
    Planted(
        CLEAN, "a filing without an end", ", within: {from: begins, to: ends}", "", "exempt-open"
    ),
    Planted(CLEAN, "a filing for everybody", "same: {unit: unit}, ", "", "exempt-all"),
    Planted(
        CLEAN,
        "deemed what it is",
        "where: serious = true, with: {level: 总行级}",
        "where: level = 总行级, with: {level: 总行级}",
        "idle-deem",
    ),
    Planted(CLEAN, "a task without words", "task: 督办", 'task: "　"', "empty-task"),
    Planted(CLEAN, "a cap at the top", "at_most: 合格", "at_most: 优", "idle-cap"),
    Planted(
        CLEAN,
        "a rule of another year",
        "ruling = 无责, whom: unit",
        "ruling = 无责, since: 2030-01-01, whom: unit",
        "outside-validity",
    ),
    Planted(
        CLEAN,
        "a value of another year",
        "type: decimal, value: 95",
        "type: decimal, values: [{since: 2024-01-01, value: 95}, {since: 2030-01-01, value: 96}]",
        "late-value",
    ),
    Planted(
        CLEAN,
        "a value forgotten",
        "title: 达标线, type: decimal, value: 95",
        "title: 达标线, type: decimal",
        "unset-param",
    ),
    Planted(CLEAN, "a cell forgotten", "支行级: 200 元", "支行级: null", "unset-cell"),
    Planted(
        CLEAN, "a parameter that nobody reads", " and cases >= param.least", "", "unused-param"
    ),
    Planted(
        CLEAN,
        "a table that nobody reads",
        "amount: {table: rewards}",
        "amount: 200 元",
        "unused-table",
    ),
    Planted(CLEAN, "a time limit without a length", "limit: 3, ", "", "no-length"),
    Planted(
        JSB,
        "both fines on one complaint",
        "amount: param.media_fine, together: complaint_fine",
        "amount: param.media_fine",
        "double-hit",
    ),
    Planted(
        JSB,
        "doubling that nobody set beside",
        "amount: param.perfunctory_fine, also: true",
        "amount: param.perfunctory_fine",
        "double-hit",
    ),
    Planted(
        JSB,
        "an appeal against everything",
        "exempt: finding, by: appeal, where: result = 支持, same: {id: target}",
        "exempt: finding, by: appeal, where: result = 支持, same: {unit: unit}",
        "exempt-open",
    ),
    Planted(
        JSB,
        "important and not",
        "important = true and by_fault = true",
        "important = true and important = false",
        "never",
    ),
    Planted(
        JSB,
        "an exact rate against the rounded mean of it",
        "rounded_rate > plain_rate",
        "complaint_rate > plain_rate",
        "rounded-apart",
    ),
    Planted(JSB, "a praise with less proof", "evidence: 1}", "evidence: 0}", "no-evidence"),
    Planted(
        JSB,
        "a choice not made",
        "        question: 四百元是代替一百元，还是在一百元之外另扣？\n        value: 就高\n",
        "        question: 四百元是代替一百元，还是在一百元之外另扣？\n",
        "unset-param",
    ),
    Planted(
        JSB,
        "the same condition twice",
        'media = true and ruling in [有责, 视同有责]"',
        'media = false and ruling in [有责, 视同有责]"',
        "same-rule",
    ),
]

PLANTED = [*AMOUNTS, *RULES, *OUTCOMES]
