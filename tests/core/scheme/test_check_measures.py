"""Measures read facts, entries and each other only where that has a meaning."""

from __future__ import annotations

import pytest

from tests.core.scheme.plans import assert_refused, checked, faults, line_of
from wenyou_core.scheme.depends import Look, Read, order_of

CASES = "cases: {title: 件数, each: outlets, facts: complaint, where: ruling = 有责}"
PERSONS = "facts: complaint, link: handler, window: cycle person.joined_on"
SCORE = "each: outlets, entries: [repeated, capped], base: 100}"

MEAN = "how: mean, round: {digits: 2, mode: half_up}}"
CLEAN = "each: outlets, streak: cases = 0, most: 4}"

REFUSED = {
    "an unknown way of counting": ("volume_sum:", "unknown-word", "how 没有“total”", "how: sum, of: number", "how: total, of: number"),
    "a sum of nothing": ("volume_sum:", "missing-part", "how: sum 要写 of", "how: sum, of: number", "how: sum"),
    "a count of something": ("volume_sum:", "superfluous", "请删去 of", "how: sum, of: number", "how: count, of: number"),
    "a sum of words": ("cases:", "wrong-type", "这里要数字", CASES, CASES.replace("where", "how: sum, of: level, where")),
    "a condition that is none": ("cases:", "wrong-type", "这里要是非", "facts: complaint, where: ruling = 有责", "facts: complaint, where: late_days"),
    "facts linked by a field of another sort": ("person_cases:", "wrong-subject", "不是员工号字段", "link: handler", "link: to_unit"),
    "facts linked by an unknown field": ("person_cases:", "unknown-name", "是不是“handler”", "link: handler", "link: handlers"),
    "facts linked by the other subject": ("person_cases:", "wrong-subject", "请改成“person”", "link: handler", "link: unit"),
    "persons of facts without persons": ("person_cases:", "wrong-subject", "不登记人员", PERSONS, "facts: visit"),
    "units beneath a person": ("person_cases:", "wrong-subject", "删去 beneath", "link: handler", "link: handler, beneath: true"),
    "a cycle from no date": ("person_cases:", "bad-date", "是不是“person.joined_on”", "cycle person.joined_on", "cycle person.joined"),
    "a cycle of persons for units": ("cases:", "no-person", "周期不能从 person 属性起算", CASES, CASES.replace("where", "window: cycle person.joined_on, where")),
    "a personal cycle as a period": ("cases:", "bad-period", "个人周期不能作考核期间", CASES, CASES.replace("where", "period: cycle, where")),
    "a period the plan does not speak of": ("month_cases:", "bad-period", "periods 里没有“half”", "facts: complaint, period: month}\n      rolled: {title: 月均件数, roll: month_cases", "facts: complaint, period: half}\n      rolled: {title: 月均件数, roll: month_score"),
    "entries and a ledger at once": ("score:", "missing-part", "写其中一个", SCORE, SCORE.replace("base", "ledger: points, base")),
    "entries of two ledgers": ("score:", "two-ledgers", "money、points", "entries: [repeated, capped]", "entries: [repeated, capped, blamed]"),
    "entries of a longer period": ("month_score:", "other-period", "规则“levelled”按季度计算", "entries: [monthly], period: month", "entries: [levelled], period: month"),
    "entries that never hit such subjects": ("joint_money:", "wrong-subject", "规则“blamed”不记给人员", "entries: [blamed+joint]", "entries: [blamed]"),
    "joint entries of a rule without any": ("joint_money:", "unknown-name", "规则“levelled+joint”没有声明", "entries: [blamed+joint]", "entries: [levelled+joint]"),
    "entries of a deeming": ("joint_money:", "unknown-name", "规则“deemed”没有声明", "entries: [blamed+joint]", "entries: [deemed]"),
    "a ratio of two periods": ("rate: {title: 投诉率, ratio", "other-period", "比率的两项不是同一种期间", "rate: {title: 投诉率, ratio: [cases, volume_sum]", "rate: {title: 投诉率, ratio: [month_cases, volume_sum]"),
    "a ratio of two populations": ("rounded_rate:", "other-population", "不是同一类对象的指标", "ratio: [cases, volume_sum], empty: zero", "ratio: [person_cases, volume_sum], empty: zero"),
    "a roll to a shorter period": ("rolled:", "other-period", "不能汇总到月", "to: quarter", "to: month"),
    "members that are the whole": ("of_members:", "wrong-subject", "采用单位的指标", "members: person_cases", "members: whole_cases"),
    "a share of members without a condition": ("of_members:", "missing-part", "要写 where", MEAN, "how: share, empty: apart}"),
    "a share of members that is rounded": ("of_members:", "superfluous", "占比不取整", MEAN, "how: share, where: person_cases = 0, empty: apart, round: {digits: 2, mode: half_up}}"),
    "a mean of members with a word for none": ("of_members:", "superfluous", "empty 只用于", MEAN, MEAN.replace("mean,", "mean, empty: zero,")),
    "members linked by no attribute": ("of_members:", "unknown-name", "link 的属性“home”", MEAN, MEAN.replace("mean,", "mean, link: home,")),
    "members linked by a date": ("of_members:", "wrong-type", "不是机构号", MEAN, MEAN.replace("mean,", "mean, link: joined_on,")),
    "a share over a group": ("plain_rate:", "unknown-word", "share 只用于 members", "how: mean, round: {digits: 6, mode: half_up}}", "how: share}"),
    "a step of no grade": ("clean:", "unknown-name", "等级“outlet_grades”没有声明", CLEAN, "step: outlet_grades}"),
    "members of persons": ("of_members:", "wrong-subject", "each 须是机构或采用单位", "members: person_cases, each: outlets", "members: person_cases, each: staff"),
    "the last of a group": ("plain_rate:", "unknown-word", "last 只用于 roll", "how: mean, round: {digits: 6, mode: half_up}}", "how: last}"),
    "an unknown kind of change": ("grown_rate:", "unknown-word", "difference（差额）", "how: relative", "how: relativ"),
    "a streak of none": ("clean:", "bad-number", "most 是最多回看的期数", "most: 4", "most: 0"),
    "a streak of a number": ("clean:", "wrong-type", "这里要是非", "streak: cases = 0", "streak: cases"),
    "a share of a number": ("passing:", "wrong-type", "这里要是非", "share: score >= 95", "share: score"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_measure_that_means_nothing_is_refused(what: str) -> None:
    name, code, said, *pairs = REFUSED[what]
    found = faults(*pairs)
    here = [fault for fault in found if fault.code == code and said in fault.text]
    assert faults() == ()
    assert len(here) == 1, "\n".join(map(str, found))
    assert here[0].place.line == line_of(name, *pairs)
    # what reads the measure may be of another period, or in a circle, because of it
    assert {fault.code for fault in found} <= {code, "other-period", "circle", "bad-period"}


SOUND = [
    (CASES, CASES.replace("where", "how: distinct, of: level, where")),
    (CASES, CASES.replace("where", "how: latest, of: loss, beneath: true, where")),
    (CASES, CASES.replace("where", "window: 12 months, date: closed_on, where")),
    (CASES, CASES.replace("where", "link: to_unit, window: cycle unit.opened_on, where")),
    ("entries: [monthly], period: month", "entries: [monthly]"),
    ("ledger: money}\n      weighted", "ledger: points, opening: true}\n      weighted"),
    ("ratio: [cases, volume_sum], empty: zero", "ratio: [cases, whole_cases], empty: zero"),
    ("to: quarter", "to: year"),
    (MEAN, "how: share, where: person_cases = 0 and person.pay > 0, empty: apart}"),
    ("members: person_cases, each: outlets", "members: cases, beneath: true, each: outlets"),
    (CLEAN, "step: outlet_grade}"),
    ("members: person_cases, each: outlets", "members: person_cases, each: whole"),
    ("plain_rate: {title: 简单平均, across: rate", "plain_rate: {title: 简单平均, across: rate, where: cases > 0"),
]  # fmt: skip


@pytest.mark.parametrize("pair", SOUND)
def test_a_measure_beside_it_loads(pair: tuple[str, str]) -> None:
    found = [fault for fault in faults(*pair) if fault.code != "other-period"]
    assert found == []


# -- circles ----------------------------------------------------------------------------


def test_measures_that_read_each_other_are_refused_with_the_circle_named() -> None:
    found = faults(
        "ratio: [cases, volume_sum], empty: zero, round",
        "ratio: [cases, looped], empty: zero, round",
        "place: {title: 名次",
        "looped: {title: 绕圈, each: outlets, value: rounded_rate + 1}\n      place: {title: 名次",
    )
    circles = [fault for fault in found if fault.code == "circle"]
    assert len(circles) == 1
    assert "“rounded_rate”→“looped”→“rounded_rate”" in circles[0].text


def test_a_rule_that_reads_the_ledger_it_writes_is_refused() -> None:
    assert faults("when: rate > mean_rate and", "when: score < 90 and") == ()
    pair = ("when: rate > mean_rate and", "when: money_sum < 0 and")
    assert_refused("money_sum:", "circle", "“money_sum”→“last”→“money_sum”", *pair)


def test_limits_that_hold_each_other_are_refused() -> None:
    found = faults("limit: [repeated], floor", "limit: [repeated, outer], floor")
    assert [fault.code for fault in found] == ["circle"]
    assert "“capped”→“outer”→“capped”" in found[0].text


def test_a_measure_of_itself_is_refused() -> None:
    pair = ("value: score * param.weight + unit.staff", "value: weighted + 1")
    assert_refused("weighted:", "circle", "“weighted”→“weighted”", *pair)


def test_a_streak_may_read_what_reads_it_in_no_circle() -> None:
    assert faults("streak: cases = 0", "streak: cases = 0 and rate < mean_rate") == ()


def test_everything_stands_after_what_it_reads() -> None:
    found = checked()
    place = {name: at for at, name in enumerate(found.order)}
    assert set(place) == set(found.reads)
    for name, reads in found.reads.items():
        for read in reads:
            assert read.name == name or place[read.name] < place[name]


def test_the_reads_say_which_periods_are_looked_at() -> None:
    reads = checked().reads
    assert reads["rolled"] == (Read("month_cases"),)
    assert reads["grown"] == (Read("cases"), Read("cases", Look.LAST_YEAR))
    assert reads["clean"] == (Read("cases", Look.STREAK, 4),)
    assert reads["outer"] == (Read("capped", Look.YEAR), Read("outer", Look.YEAR))
    assert reads["levelled"] == (Read("levelled", Look.YEAR),)
    assert Read("late", Look.YEAR) in reads["best"]
    assert Read("sliding") in reads["outlet_grade"]
    assert {read.name for read in reads["money_sum"]} == {
        "blamed",
        "levelled",
        "judged",
        "shared",
        "last",
        "best",
    }


def test_every_circle_is_found_once() -> None:
    reads = {"a": (Read("b"),), "b": (Read("a"), Read("c")), "c": (Read("c"), Read("d")), "d": ()}
    order, circles = order_of(reads)
    assert order == ("d", "c", "b", "a")
    assert circles == [["a", "b", "a"]]
