"""Rules that compare names: a slice hides them, and still comes to the figures of the run."""

from __future__ import annotations

from fractions import Fraction as F
from random import Random, SystemRandom
from textwrap import indent
from typing import Any

import pytest

from tests.core.assess.make import fact, person, post, unit
from tests.core.assess.play import HEAD, book
from tests.core.assess.slices.cutting import disagreements, slices, traced
from tests.core.scheme.edits import under
from wenyou_core.assess.bind import bind
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.program import Program
from wenyou_core.assess.slices.trace import Trace
from wenyou_core.scheme.check import check
from wenyou_core.worktime.periods import parse_period

NAMED = HEAD.replace("DECIDING", "happened").replace(
    "fields:\n  joined:", "fields:\n  name: {title: 姓名}\n  joined:"
)
NAMED = NAMED.replace("unit_fields:\n", "unit_fields:\n  name: {title: 名称}\n")
MEN = tuple(person(f"P{n}") for n in range(1, 4))
UNITS = (unit("B", kind="支行"), *(unit(f"U{n}", "B", kind="网点") for n in range(1, 5)))
POSTS = (post("P1", "U1"), post("P2", "U2"), post("P3", "U3"), post("H1", "U1", "网点负责人"))
PAYS = 'whom: person, amount: {value: "-points", ledger: money}'
SHARES = "joint: [{whom: head up 1, percent: 50%, round: {digits: 2, mode: down}}]"
RULES = (
    "where: unit.name = 'U2网点'",
    "where: unit.name != 'U2网点'",
    """where: "unit.name in ['U2网点', 'U3网点']\"""",
    "where: unit.name = group",
    "where: not unit.name = group",
    "where: person.name = '员工P2'",
    "where: person.name = group",
    "where: not person.name = group",
    "where: exists person.name",
    "where: group = type",
    "where: group = id",
    "where: unit = group",
    "where: group = param.home",
    "where: group != param.home",
    "where: group = param.chief",
    "where: group = param.chosen",
    "again: {window: all, same: [group], factors: [1, 2, 3]}",
    "limit: {floor: -10 元, per: year, running: true, same: [group]}",
)
GROUPS = (
    *(f"U{n}网点" for n in range(1, 5)),
    *("员工P1", "员工P2", "环境", "x-U2-1", "x-U3-1", "某机构", "U2", "P3", "x-U4-f1"),
)


PARAMS = {
    "home": "{title: 重点网点, type: text, value: U2}",
    "chief": "{title: 重点员工, type: text, value: P3}",
    "chosen": "{title: 选定网点, type: choice, choices: [U2, 其他], value: U2}",
}
"""Of a plan that says somebody's id; a rule that reads none of them hides all ids."""

COUNTED = "again: {window: all, same: [type], factors: [1, 2, 3]}"
"""What somebody pays rests on the facts of others, too."""


def program(rule: str) -> Program:
    rule = f"{rule}, {COUNTED}" if rule.startswith("where") else rule
    read = [f"  {name}: {said}\n" for name, said in PARAMS.items() if f"param.{name}" in rule]
    params = "params:\n" + "".join(read) if read else ""
    more = (
        f"{params}rules:\n  late: {{title: 扣, on: finding, {PAYS}, {rule}, {SHARES}, also: true}}"
    )
    plan = check(under(NAMED, indent(more, "    "), "small.yaml"))
    return bind(plan, None, parse_period("2025Q3"))


def finding(id: str, home: str, who: str, group: str, **given: Any) -> Fact:
    values = {"unit": home, "person": who, "points": F(4), "type": "环境", "group": group}
    return fact("finding", id, "2025-07-02", **{**values, **given})


def run_of(rule: str, facts: list[Fact]) -> Trace:
    heads = (*POSTS, post("H", "B", "网点负责人"))
    return traced(program(rule), book(facts, units=UNITS, posts=heads, persons=MEN), None)


@pytest.mark.parametrize("rule", RULES)
def test_names_that_a_rule_compares_stay_apart_or_alike(rule: str) -> None:
    facts = [
        finding(f"f{n}-{own}", f"U{own}", f"P{own}", group)
        for n, group in enumerate(GROUPS)
        for own in (1, 2, 3)
    ]
    facts.append(finding("x-U4-f1", "U4", "P3", "x-U4-f1"))
    assert disagreements(run_of(rule, facts), None) == []


def _some(seed: int) -> None:
    rng = Random(f"names {seed}")
    facts = []
    for n in range(9):
        own, type_ = rng.choice("123"), rng.choice(["环境", "用语"])
        group = rng.choice(GROUPS)
        facts.append(finding(f"f{n}", f"U{own}", f"P{own}", group, type=type_))
    found = disagreements(run_of(rng.choice(RULES), facts), None)
    assert found == [], f"seed {seed}"


@pytest.mark.differential
def test_slices_of_random_facts_that_bear_names_give_the_same_figures() -> None:
    for seed in range(60):
        _some(seed)


@pytest.mark.long
def test_slices_of_fresh_facts_that_bear_names_give_the_same_figures() -> None:
    start = SystemRandom().randrange(10**6, 10**9)
    for seed in range(start, start + 600):
        _some(seed)


def test_name_of_another_stays_out_unless_the_plan_itself_says_it() -> None:
    facts = [
        finding("f1", "U1", "P1", "U3网点"),
        finding("f2", "U2", "P2", "U3网点"),
        finding("f3", "U3", "P3", "U2网点"),
    ]
    rule = "where: unit.name != 'U3网点' and person.name != group"
    told = {subject.id: repr(cut) for subject, cut, _ in slices(run_of(rule, facts))}
    for name in ("U2网点", "员工P2", "员工P3"):
        assert name not in told["P1"], name
        assert name not in told["U1"], name
    assert "f2" in told["H"]
