"""Under an entry that adjusts or divides: everything it was made of, and sums that add up."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from tests.core.assess.make import fact, post
from tests.core.assess.play import book, program
from tests.core.assess.slices.cutting import everybody, traced
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.explain import Explainer, Node, explain, view_of
from wenyou_core.assess.facts import Fact, PostSpan, Subject
from wenyou_core.assess.joint import spot_of
from wenyou_core.assess.reference import assess
from wenyou_core.assess.telling import Told
from wenyou_core.assess.whom import subjects_hit
from wenyou_core.scheme.sentence import sentence_of
from wenyou_core.scheme.sentence_names import Names
from wenyou_core.scheme.words import SubjectKind

LIMITS = """
measures:
  score: {title: 得分, each: outlets, facts: volume, how: sum, of: number}
rules:
  hall: {title: 环境, on: finding, where: type = 环境, whom: unit, amount: -3 分, limit: {floor: -4 分}, joint: [{whom: head, percent: 50%, instead: true, round: {digits: 2, mode: half_up}}]}
  words: {title: 用语, on: finding, where: type = 用语, whom: unit, amount: -3 分, limit: {floor: -4 分, per: year}}
  late: {title: 纪律, on: finding, where: type = 纪律, whom: unit, amount: -3 分}
  block: {title: 合并, limit: [hall, words], floor: -6 分}
  total: {title: 总扣, limit: [block, late], floor: -8 分, per: year}
"""
SHARES = """
measures:
  score: {title: 得分, each: outlets, facts: volume, how: sum, of: number}
rules:
  shared: {title: 分担, on: finding, whom: unit, amount: -100 元, joint: [{whom: members, percent: 40%, instead: true, round: {digits: 2, mode: half_up}}]}
  split: {title: 分摊, on: complaint, whom: person, amount: -10 元, joint: [{whom: head, percent: 60%, instead: true, round: {digits: 2, mode: half_up}}]}
awards:
  best: {title: 优胜, each: outlets, conditions: [{name: 达标, when: score >= 90}], amount: 1000 元, split: true, round: {digits: 2, mode: half_up}}
"""
CREW = [post("P1", "U1"), post("P2", "U1"), post("P3", "U1")]


def subject(id: str) -> Subject:
    return Subject(SubjectKind.UNIT if id[0] == "U" else SubjectKind.PERSON, id)


def under(rules: str, whose: str, key: str, *facts: Fact, posts: list[PostSpan] = CREW) -> Node:
    """The one tree of a subject whose entry's key begins so."""
    bound, rows = program(rules), book(facts, posts=posts)
    trees = explain(bound, rows, assess(bound, rows), subject(whose))
    (found,) = [node for node in trees if node.key.startswith(key)]
    return found


def shown(node: Node) -> list[tuple[str, str]]:
    return [(one.title, one.value) for one in node.children if one.value]


def finding(id: str, happened: str, type: str) -> Fact:
    return fact("finding", id, happened, unit="U1", type=type)


FINDINGS = (
    finding("f1", "2025-02-01", "用语"),
    finding("f2", "2025-07-01", "用语"),
    finding("f3", "2025-07-02", "环境"),
    finding("f4", "2025-07-03", "环境"),
    finding("f5", "2025-08-01", "纪律"),
)


def test_a_rules_own_bound_shows_what_it_held_without_the_shares_of_others() -> None:
    found = under(LIMITS, "U1", "hall|limit|", *FINDINGS, posts=[post("H1", "U1", "网点负责人")])
    assert shown(found) == [
        ("环境", "-3分"),
        ("环境", "-3分"),
        ("合计", "-6分"),
        ("计入上下限后", "-4分"),
    ]


def test_a_years_bound_shows_the_entries_of_the_years_earlier_periods() -> None:
    found = under(LIMITS, "U1", "words|limit|", *FINDINGS)
    assert shown(found) == [
        ("用语（2025-02-01）", "-3分"),
        ("用语", "-3分"),
        ("当年至今合计", "-6分"),
        ("计入上下限后", "-4分"),
    ]


def test_a_limit_over_limits_shows_the_rules_beneath_and_their_adjustments() -> None:
    found = under(LIMITS, "U1", "total|limit|", *FINDINGS)
    assert shown(found) == [
        ("用语（2025-02-01）", "-3分"),
        ("用语", "-3分"),
        ("环境", "-3分"),
        ("环境", "-3分"),
        ("纪律", "-3分"),
        ("环境", "+2分"),
        ("用语", "+2分"),
        ("当年至今合计", "-11分"),
        ("计入上下限后", "-8分"),
    ]


def test_who_bears_a_divided_amount_sees_by_how_many_it_was_divided() -> None:
    found = under(SHARES, "P2", "shared|joint|", finding("f1", "2025-07-01", "环境"))
    assert shown(found)[0] == ("-100元×0.4÷3个", "-13.33元")


def test_who_is_relieved_sees_what_each_of_the_others_bears() -> None:
    found = under(SHARES, "U1", "shared|joint|", finding("f1", "2025-07-01", "环境"))
    assert shown(found)[:2] == [
        ("-100元×0.4÷3个", "-13.33元"),
        ("由其他3个对象代为承担，各-13.33元，从本对象减去", "+39.99元"),
    ]


@pytest.mark.parametrize(
    ("heads", "told", "left"),
    [
        (["H1"], ("-10元×0.6", "-6元"), ("由其他1个对象代为承担，各-6元，从本对象减去", "+6元")),
        (["H1", "P1"], ("-10元×0.6÷2个", "-3元"), ("由其他1个对象代为承担，各-3元，从本对象减去", "+3元")),
    ],
)  # fmt: skip
def test_who_stands_in_for_himself_counts_among_those_who_bear_it(
    heads: list[str], told: tuple[str, str], left: tuple[str, str]
) -> None:
    posts = [post("P1", "U1"), *(post(one, "U1", "网点负责人") for one in heads)]
    row = fact("complaint", "c1", "2025-07-01", unit="U1", person="P1")
    found = under(SHARES, "P1", "split|joint|", row, posts=posts)
    assert shown(found)[:2] == [told, left]


@pytest.mark.parametrize(
    ("heads", "told"),
    [(["H1"], ("-10元×0.6", "-6元")), (["H1", "P1"], ("-10元×0.6÷2个", "-3元"))],
)
def test_who_bears_a_persons_amount_sees_how_his_part_comes_about(
    heads: list[str], told: tuple[str, str]
) -> None:
    posts = [post("P1", "U1"), *(post(one, "U1", "网点负责人") for one in heads)]
    row = fact("complaint", "c1", "2025-07-01", unit="U1", person="P1")
    found = under(SHARES, "H1", "split|joint|", row, posts=posts)
    assert shown(found) == [told, ("分摊", "-10元")]


@pytest.mark.parametrize("whose", ["P1", "P2"])
def test_who_bears_a_part_is_counted_though_the_rounded_part_fits_another_number(
    whose: str,
) -> None:
    rules = SHARES.replace(
        "whom: head, percent: 60%, instead: true, round: {digits: 2, mode: half_up}",
        "whom: members, percent: 100%, instead: true, round: {digits: 0, mode: down}",
    ).replace("-10 元", "-11 元")
    posts = [post(f"P{n}", "U1") for n in range(1, 6)]
    row = fact("complaint", "c1", "2025-07-01", unit="U1", person="P1")
    found = under(rules, whose, "split|joint|", row, posts=posts)
    assert shown(found)[0] == ("-11元×1÷5个", "-2元")


def test_who_bears_what_a_period_rule_brought_somebody_sees_how_it_comes_about() -> None:
    rules = """
measures:
  seen: {title: 次数, each: staff, facts: complaint}
rules:
  often: {title: 多次, each: staff, when: seen >= 1, amount: -10 元, joint: [{whom: head, percent: 50%, instead: true, round: {digits: 2, mode: half_up}}]}
"""
    posts = [post("P1", "U1"), *(post(one, "U1", "网点负责人") for one in ("H1", "H2"))]
    row = fact("complaint", "c1", "2025-07-01", unit="U1", person="P1")
    for whose in ("P1", "H1", "H2"):
        found = under(rules, whose, "often|joint|", row, posts=posts)
        assert shown(found)[0] == ("-10元×0.5÷2个", "-2.5元")


def test_a_prize_that_is_divided_shows_by_how_many_and_what_is_left() -> None:
    volumes = [
        fact("volume", f"v{one}", "2025-09-30", unit=one, number=Fraction(90))
        for one in ("U1", "U2", "U3")
    ]
    found = under(SHARES, "U1", "best|award|", *volumes)
    assert shown(found) == [("+1000元÷3个获奖者", "+333.33元"), ("平分后的余数", "+0.01元")]


TOLD = """
measures:
  score: {title: 得分, each: outlets, facts: volume, how: sum, of: number}
  last: {title: 上期件数, each: outlets, facts: finding}
  grown: {title: 增减率, change: last, against: previous, how: relative}
  hours: {title: 学时, each: staff, facts: training, how: sum, of: hours, window: cycle person.joined}
  enough: {title: 达标率, members: hours, each: outlets, how: share, where: hours >= 10, empty: apart}
rules:
  light: {title: 轻, on: finding, whom: unit, amount: -5 分, together: one}
  grave: {title: 重, on: finding, whom: unit, amount: -8 分, together: one, limit: {floor: -4 分, per: event}}
  more: {title: 上升, each: outlets, amount: {bands: grown, rows: {"(0, 50%)": -1 分, "[50%, +)": -2 分}}}
  borne: {title: 代担, on: complaint, whom: person, amount: -10 元, joint: [{whom: head, percent: 60%, instead: true, round: {digits: 2, mode: half_up}}, {whom: unit, percent: 10%, instead: true, round: {digits: 2, mode: half_up}}]}
grades:
  level: {title: 等级, each: outlets, steps: [{name: 优, when: score >= 95, share: 20%}, {name: 良, when: score >= 90, share: 50%}], otherwise: 差, by: [score]}
sets:
  one: {title: 同一件, choose: highest}
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("level", "评为优（至多占20%）、得分不低于90的评为良（连同以上各级至多占50%）"),
        ("hours", "看以人员的入行日起算、截至期末最近满期的个人周期内"),
        ("enough", "网点所属成员，学时不低于10的，在有学时的成员中的占比"),
        ("more", "介于0（不含）与50%（不含）之间1分、处于50%（含）以上2分"),
        (
            "borne",
            "负责人代为承担60%（几人的平分）、四舍五入保留2位小数；机构代为承担10%、四舍五入",
        ),
    ],
)
def test_a_sentence_says_what_is_counted_with_what(name: str, said: str) -> None:
    (article,) = program(TOLD).plan.articles
    things = {**article.measures, **article.rules, **article.grades}
    assert said in sentence_of(Names(program(TOLD).plan), things[name])


def test_the_sentence_of_an_adjustment_says_whether_it_holds_a_period_or_a_year() -> None:
    found = under(LIMITS, "U1", "total|limit|", *FINDINGS)
    assert found.text == "依据1「总扣」：「合并」、「纪律」合计每年最多扣8分，调整差额，计+3分。"


def test_the_sentence_of_a_prize_says_what_was_divided_by_how_many() -> None:
    volumes = [
        fact("volume", f"v{one}", "2025-09-30", unit=one, number=Fraction(90))
        for one in ("U1", "U2", "U3")
    ]
    found = under(SHARES, "U1", "best|award|", *volumes)
    assert found.text.endswith("当选，1000元由3个平分，加333.33元。")


def test_what_a_set_takes_back_after_a_bound_is_told_with_the_number_that_stood() -> None:
    found = under(TOLD, "U1", "grave|excluded|", finding("f1", "2025-07-01", "环境"))
    assert found.text.endswith("「重」扣8分（按每件的上下限计-4分），计+4分。")


def test_a_missing_beginning_of_a_cycle_is_asked_for_by_its_title() -> None:
    result = assess(program(TOLD), book([], posts=CREW[:1]))
    assert [one.text for one in result.missing] == ["2025-09-30员工P1没有填写“入行日”，请补填。"]


NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def number(text: str) -> Fraction:
    found = NUMBER.match(text)
    assert found is not None
    return Fraction(found[0])


@pytest.mark.differential
def test_a_random_part_borne_for_somebody_is_divided_by_how_many_the_whole_run_hits() -> None:
    seen = 0
    for seed in range(60):
        scheme = make_scheme(seed)
        rows, moment = make_book(scheme), known_at(scheme)
        trace = traced(scheme.program, rows, moment, shipped_calendar())
        told = Told.of(trace.result, scheme.program.run, rows)
        for entry in trace.result.entries:
            joint = trace.rules[entry.rule].joint[entry.part - 1] if entry.part else None
            if joint is None or not joint.instead:
                continue
            spot = spot_of(trace.by_key[entry.cause], trace.org)
            hit = subjects_hit((joint.whom,), spot, org=trace.org, notes=None, rule=entry.rule)
            divided = f"÷{len(hit)}个" if len(hit) > 1 else ""
            view = view_of(trace, entry.subject, told)
            factor = f"{view.teller.money(entry.base, entry.ledger)}×{view.exact(entry.factor)}"
            (node,) = [one for one in Explainer(view).one(entry.key) if one.key == entry.key]
            assert f"{factor}{divided}" in dict(shown(node)), (seed, entry.key)
            seen += 1
    assert seen > 20


@pytest.mark.differential
def test_what_a_random_bound_held_adds_up_to_the_entry() -> None:
    seen = 0
    for seed in range(60):
        scheme = make_scheme(seed)
        rows, moment = make_book(scheme), known_at(scheme)
        trace = traced(scheme.program, rows, moment, shipped_calendar())
        bounded = {
            (one.subject.kind, one.subject.id)
            for one in trace.result.entries
            if one.kind.value == "limit" and not one.cause
        }
        told = Told.of(trace.result, scheme.program.run, rows)
        for whose in everybody(trace):
            if (whose.kind, whose.id) not in bounded:
                continue
            view = view_of(trace, whose, told)
            for entry in view.result.entries:
                if entry.kind.value != "limit" or entry.cause:
                    continue
                (node,) = [one for one in Explainer(view).one(entry.key) if one.key == entry.key]
                values = shown(node)
                (held,) = [number(value) for title, value in values if title == "计入上下限后"]
                parts = [number(value) for title, value in values if "计" not in title]
                assert sum(parts) + number(node.value) == held, (seed, entry.key)
                seen += 1
    assert seen > 20
