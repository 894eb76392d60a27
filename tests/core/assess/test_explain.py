"""The tree behind any figure: what stands in it, and that it names nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

import pytest

from tests.core.assess.gen_books import known_at, make_book
from tests.core.assess.gen_plans import make_scheme
from tests.core.assess.make import fact, post
from tests.core.assess.play import book, program
from tests.core.assess.slices.cutting import everybody, traced
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.explain import Explainer, Node, explain, view_of
from wenyou_core.assess.facts import DECISION, Fact, Subject
from wenyou_core.assess.reference import assess
from wenyou_core.assess.telling import Told
from wenyou_core.scheme.words import SubjectKind

RULES = """
measures:
  score: {title: 得分, each: outlets, entries: [fine, least], base: 100}
  worth: {title: 折算, each: outlets, value: score * 20%}
  count: {title: 件数, each: outlets, facts: finding}
  place: {title: 名次, rank: count, from: lowest}
  share: {title: 达标率, share: score >= 90, each: outlets, empty: apart}
rules:
  fine: {title: 扣分, on: finding, whom: unit, amount: {value: -points, ledger: points}, also: true}
  again: {title: 再犯, on: finding, where: exists type, whom: unit, amount: -50 元, again: {window: 12 months, same: [unit, type], factors: [1, 1.5]}, also: true}
  least: {title: 扣完为止, limit: [fine], floor: -10 分}
  bars: {title: 取消资格, on: finding, where: type = 纪律, whom: unit, effects: [{bar: prizes, until: year_end}], also: true}
  chosen: {title: 酌情扣款, on: complaint, whom: unit, amount: {range: [-50 元, -500 元]}}
  worst: {title: 最多的一家, each: outlets, when: count >= 1, pick: {by: [count], from: highest, take: 1, tie: decide}, amount: -600 元, joint: [{whom: head, percent: 50%}]}
grades:
  level: {title: 等级, each: outlets, steps: [{name: 优, when: score >= 99}, {name: 良, when: score >= 80}], otherwise: 差}
awards:
  best: {title: 优胜, each: outlets, conditions: [{name: 分高, when: score >= 90}], bars: [prizes], pick: {by: [score], from: highest, take: 1, tie: decide}}
targets:
  goal: {title: 目标, each: outlets, when: count <= 1}
obligations:
  check: {title: 检查, who: 网点, each: outlets, facts: volume, times: 1, every: quarter, period: quarter, evidence: 表}
"""
FACTS = (
    fact("finding", "f1", "2025-02-01", unit="U1", type="环境", points=Fraction(1)),
    fact("finding", "f2", "2025-08-01", unit="U1", type="环境", points=Fraction(8), evidence=("照片",)),
    fact("finding", "f3", "2025-08-02", unit="U1", type="纪律", points=Fraction(9)),
    fact("finding", "f4", "2025-08-03", unit="U2", type="用语", points=Fraction(2)),
    fact("complaint", "c1", "2025-08-04", unit="U1", type="用语"),
    fact(DECISION, "d1", "2025-09-01", rule="chosen", target="c1", value=Fraction(-200), by="组长", grounds="情节较轻"),
    fact("volume", "v1", "2025-09-30", unit="U1", number=Fraction(10)),
)  # fmt: skip
U1, H1 = Subject(SubjectKind.UNIT, "U1"), Subject(SubjectKind.PERSON, "H1")


def trees(subject: Subject, what: str | None = None, facts: tuple[Fact, ...] = FACTS) -> list[Node]:
    bound, rows = program(RULES), book(facts, posts=[post("H1", "U1", "网点负责人")])
    return list(explain(bound, rows, assess(bound, rows), subject, what))


def flat(nodes: list[Node] | tuple[Node, ...]) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from flat(node.children)


def titles(nodes: list[Node]) -> list[str]:
    return [node.title for node in flat(nodes)]


def test_repeated_entry_shows_rule_fact_evidence_predecessor_and_factor() -> None:
    found = next(node for node in trees(U1, "again") if "f2" in node.key)

    assert (found.title, found.value, found.article) == ("再犯（逐件）", "-75元", "1")
    assert found.heading == "规则"
    assert found.text.startswith("依据1「再犯」：2025年8月1日检查扣分「f2」（U1网点，")
    shown = titles([found])
    assert "规则" in shown
    assert "佐证：照片" in shown
    assert "第2次，上一次：2025年2月1日检查扣分「f1」（U1网点）" in shown
    assert [node.value for node in flat([found]) if "×" in node.title] == ["-75元"]


def test_limit_shows_the_entries_it_holds() -> None:
    (found,) = [node for node in trees(U1, "least") if "limit" in node.key]

    assert found.value == "+7分"
    assert [node.value for node in found.children if node.title == "扣分"] == ["-8分", "-9分"]


def test_entry_by_its_number_is_the_one_in_the_result() -> None:
    bound, rows = program(RULES), book(FACTS)
    result = assess(bound, rows)
    mine = [entry for entry in result.entries if entry.subject == U1]

    assert trees(U1, "1")[0].key == mine[0].key
    assert trees(U1, str(len(mine)))[0].key == mine[-1].key
    assert trees(U1, "0") == []


def test_period_entry_shows_its_condition_and_the_numbers_of_others_without_names() -> None:
    (found,) = trees(U1, "worst")

    shown = titles([found])
    assert "件数不低于1" in shown
    (others,) = [node for node in found.children if "不具名" in node.title]
    assert others.title == "件数：其他3个对象（不具名）"
    assert others.value == "1、0、0"


def test_joint_entry_shows_the_entry_it_follows() -> None:
    (found,) = trees(H1, "worst")

    assert found.value == "-300元"
    assert any(node.value == "-600元" for node in found.children) or "U1" in found.text


def test_chosen_amount_shows_the_decision_and_its_grounds() -> None:
    (found,) = [node for node in trees(U1, "chosen") if node.value]

    assert found.value == "-200元"
    assert any(node.text == "情节较轻" for node in found.children)


def test_score_is_explained_down_to_facts() -> None:
    (found,) = trees(U1, "worth")

    assert found.value == "18"
    assert found.children[0].title == "得分"
    assert [node.value for node in found.children[0].children] == ["100", "-8分", "-9分", "+7分"]


def test_rank_shows_own_number_and_those_of_others() -> None:
    (found,) = trees(U1, "place")

    assert found.value == "4"
    assert (found.children[0].title, found.children[0].value) == (
        "件数：其他3个对象（不具名）",
        "0、0、1",
    )
    assert [node.key for node in found.children[1].children] == ["f2", "f3"]


def test_grade_shows_every_step_with_what_it_came_to() -> None:
    (found,) = trees(U1, "level")

    assert found.value == "良"
    assert [(node.title, node.value) for node in found.children] == [
        ("优：得分不低于99", "否"),
        ("良：得分不低于80", "是"),
    ]


def test_award_shows_conditions_and_the_bar_that_excludes_with_its_fact() -> None:
    (found,) = trees(U1, "best")

    assert found.value == "没有资格"
    assert ("分高：得分不低于90", "是") in [(node.title, node.value) for node in found.children]
    barred = next(node for node in found.children if node.title.startswith("没有被取消"))
    assert barred.value == "否"
    assert [node.title for node in flat(barred.children[0].children)] == [
        "2025年8月2日检查扣分「f3」（U1网点，类型纪律）"
    ]


def test_bar_tells_from_when_until_when() -> None:
    (found,) = trees(U1, "prizes")

    assert found.value == "2025年8月2日至2025年12月31日"
    assert found.text == "依据1「取消资格」。"


def test_target_and_duty_show_what_they_came_to() -> None:
    (target,), (duty,) = trees(U1, "goal"), trees(U1, "check")

    assert (target.value, target.children[0].value) == ("未达到", "否")
    assert duty.value == "应1次，已1次"
    assert [node.key for node in duty.children] == ["v1"]


def test_nothing_is_told_of_what_is_not_there() -> None:
    assert trees(U1, "nobody") == []


def test_without_a_word_everything_is_told_once() -> None:
    keys = [node.key for node in trees(U1)]

    assert len(keys) == len(set(keys))
    assert {"worth", "place", "level", "best", "goal", "check", "prizes"} <= set(keys)


@pytest.mark.differential
def test_trees_of_random_runs_show_every_row_and_name_nobody_else() -> None:
    for seed in range(12):
        scheme = make_scheme(seed)
        rows, moment = make_book(scheme), known_at(scheme)
        trace = traced(scheme.program, rows, moment, shipped_calendar())
        people = {one.id for one in rows.persons} | {one.person for one in rows.posts}
        for subject in everybody(trace)[::3]:
            told = Told.of(trace.result, scheme.program.run, rows)
            view = view_of(trace, subject, told)
            found = Explainer(view).everything()
            result = view.result
            parts = ["entries", "measures", "grades", "awards", "targets", "obligations", "bars"]
            assert len(found) == sum(len(getattr(result, part)) for part in parts)
            compared = [node.value for node in flat(found) if "不具名" in node.title]
            for code in people:
                pattern = rf"(?<![0-9A-Za-z]){code}(?![0-9A-Za-z])"
                assert not re.search(pattern, " ".join(compared)), (seed, subject.id, code)
