"""From members to their unit: whom they count for, which count, and the steps they stand on."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.assess.make import fact, post, unit
from tests.core.assess.play import play, program, values
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.result import Result
from wenyou_core.errors import SchemeError

TREE = (
    unit("B", kind="支行"),
    unit("A", "B", kind="支行"),
    unit("U1", "A", kind="网点"),
    unit("U2", "A", kind="网点"),
    unit("U3", "B", kind="网点"),
)
STAFF = tuple(
    post(name, where, "柜员")
    for name, where in (("P1", "U1"), ("P2", "U1"), ("P3", "U1"), ("P4", "U2"), ("P5", "A"))
)
HOURS = """
measures:
  hours: {title: 学时, each: staff, facts: training, how: sum, of: hours}
  latest: {title: 最近学时, each: staff, facts: training, how: latest, of: hours}
"""
SCORED = """
measures:
  points: {title: 扣分, each: units, facts: finding, how: sum, of: points}
"""


def trained(name: str, person: str, hours: int) -> Fact:
    return fact("training", name, "2025-08-01", person=person, hours=Fraction(hours))


def found(measure: str, *facts: Fact, over: str = HOURS) -> Result:
    body = over + f"  one: {{title: 汇总, {measure}}}\n"
    return play(body, *facts, units=TREE, posts=STAFF)


def test_share_of_members_counts_those_that_pass_among_all_of_them() -> None:
    facts = [trained("t1", "P1", 8), trained("t2", "P2", 3)]

    result = found(
        "members: hours, each: units, how: share, where: hours >= 8, empty: apart", *facts
    )

    row = next(one for one in result.measures if (one.measure, one.subject.id) == ("one", "U1"))
    assert (row.num, row.den) == (Fraction(1), Fraction(3))
    assert values(result, "one")["U2"] == 0
    assert values(result, "one")["U3"] is None  # nobody there: apart


@pytest.mark.parametrize(("empty", "expected"), [("zero", 0), ("full", 1), ("apart", None)])
def test_share_of_no_members_is_what_the_plan_says(empty: str, expected: int | None) -> None:
    share = f"members: hours, each: units, how: share, where: hours >= 8, empty: {empty}"
    assert values(found(share), "one")["U3"] == expected


def test_members_without_a_value_are_in_neither_part_of_the_share() -> None:
    share = "members: latest, each: units, how: share, where: latest >= 8, empty: apart"
    result = found(share, trained("t1", "P1", 8))
    assert values(result, "one") == {"A": None, "B": None, "U1": 1, "U2": None, "U3": None}


def test_where_narrows_the_members_of_any_statistic() -> None:
    facts = [trained("t1", "P1", 8), trained("t2", "P2", 3), trained("t3", "P3", 1)]
    mean = "members: hours, each: units, how: mean, where: hours >= 3"
    count = "members: hours, each: units, how: count, where: hours >= 3"
    assert values(found(mean, *facts), "one")["U1"] == Fraction(11, 2)
    assert values(found(count, *facts), "one")["U1"] == 2


def test_members_beneath_reach_up_the_tree() -> None:
    facts = [trained("t1", "P1", 8), trained("t4", "P4", 8), trained("t5", "P5", 8)]
    direct = found("members: hours, each: units, how: sum", *facts)
    beneath = found("members: hours, each: units, how: sum, beneath: true", *facts)
    whole = found("members: hours, each: whole, how: sum", *facts)
    assert values(direct, "one") == {"A": 8, "B": 0, "U1": 8, "U2": 8, "U3": 0}
    assert values(beneath, "one") == {"A": 24, "B": 24, "U1": 8, "U2": 8, "U3": 0}
    assert values(whole, "one") == {"B": 24}


def points(name: str, where: str, number: int) -> Fact:
    return fact("finding", name, "2025-08-01", unit=where, points=Fraction(number))


def test_units_are_members_of_the_unit_above_them() -> None:
    facts = [points("f1", "U1", 4), points("f2", "U2", 2), points("f3", "A", 9)]
    direct = found("members: points, each: units, how: sum", *facts, over=SCORED)
    beneath = found("members: points, each: units, how: sum, beneath: true", *facts, over=SCORED)
    assert values(direct, "one") == {"A": 6, "B": 9, "U1": 0, "U2": 0, "U3": 0}
    assert values(beneath, "one") == {"A": 6, "B": 15, "U1": 0, "U2": 0, "U3": 0}


LINKED = """
measures:
  points: {title: 扣分, each: outlets, facts: finding, how: sum, of: points}
  one: {title: 联系网点平均, members: points, each: units, how: mean, link: watched}
"""


def test_link_names_the_unit_that_a_member_counts_for() -> None:
    units = (
        unit("B", kind="支行"),
        unit("D", "B", kind="支行"),
        unit("U1", "B", kind="网点", watched="D"),
        unit("U2", "B", kind="网点", watched="D"),
        unit("U3", "B", kind="网点"),
    )
    facts = [points("f1", "U1", 4), points("f2", "U2", 1), points("f3", "U3", 9)]
    result = play(LINKED, *facts, units=units, posts=())
    assert values(result, "one") == {
        "B": None,
        "D": Fraction(5, 2),
        "U1": None,
        "U2": None,
        "U3": None,
    }


# -- steps -------------------------------------------------------------------------------

GRADED = """
measures:
  hours: {title: 学时, each: staff, facts: training, how: sum, of: hours}
  star_no: {title: 星级数, step: star}
  strong: {title: 二星以上占比, members: star_no, each: outlets, how: share, where: star_no >= 2, empty: apart}
grades:
  star: {title: 星级, each: staff, steps: [{name: 三星, when: hours >= 30}, {name: 二星, when: hours >= 20}, {name: 一星, when: hours >= 10}], otherwise: 无星}
  outlet_star: {title: 网点等级, each: outlets, steps: [{name: 甲等, when: strong >= 50%}], otherwise: 乙等}
"""


def graded(*hours: int) -> Result:
    facts = [trained(f"t{at}", f"P{at}", number) for at, number in enumerate(hours, 1)]
    return play(GRADED, *facts, units=TREE, posts=STAFF)


def test_steps_are_numbered_from_the_bottom() -> None:
    result = graded(30, 20, 10, 9)
    assert values(result, "star_no") == {"P1": 3, "P2": 2, "P3": 1, "P4": 0, "P5": 0}


def test_grades_of_members_decide_the_grade_of_their_unit() -> None:
    steps = {
        one.subject.id: one.step for one in graded(30, 20, 10).grades if one.grade == "outlet_star"
    }
    assert steps == {"U1": "甲等", "U2": "乙等", "U3": "乙等"}


CAPPED = """
rules:
  held: {title: 压级, on: finding, whom: unit, effects: [{cap: star, at_most: 一星}]}
measures:
  points: {title: 扣分, each: outlets, facts: finding, how: sum, of: points}
  step_no: {title: 级数, step: star}
  moved: {title: 升降级数, change: step_no, against: previous}
grades:
  star: {title: 星级, each: outlets, steps: [{name: 二星, when: points < 5}, {name: 一星, when: points < 9}]}
"""


def test_a_step_is_read_after_caps_and_in_earlier_periods() -> None:
    before = fact("finding", "f0", "2025-05-01", unit="U1", points=Fraction(6))
    result = play(CAPPED, before)
    assert values(result, "step_no") == {"U1": 2, "U2": 2, "U3": 2, "U4": 2}
    assert values(result, "moved") == {"U1": 1, "U2": 0, "U3": 0, "U4": 0}
    assert {one.period for one in result.grades} == {"2025Q3"}


def test_grades_that_read_each_other_through_steps_are_refused_by_name() -> None:
    circle = """
measures:
  step_no: {title: 级数, step: star}
grades:
  star: {title: 星级, each: outlets, steps: [{name: 二星, when: step_no > 0}]}
"""
    with pytest.raises(SchemeError) as caught:
        program(circle)
    assert [one.code for one in caught.value.faults] == ["circle"]
    assert "“step_no”→“star”→“step_no”" in caught.value.faults[0].text


def test_steps_and_shares_are_left_to_the_reference_with_a_reason() -> None:
    made = program(GRADED)
    assert set(made.sequential) >= {"star_no", "strong"}
    assert all(reason.endswith("。") for reason in made.sequential.values())
