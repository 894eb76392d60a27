"""Steps 7 and 11: ranks, shares, change, streaks, roll-up, people and their units."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import fact, post, unit
from tests.core.assess.play import BRANCH, HEADS, play, values
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.notes import NO_EARLIER
from wenyou_core.assess.result import MeasureValue, Result

RATE = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
  base: {title: 基数, each: outlets, facts: volume, how: sum, of: number}
  rate: {title: 投诉率, ratio: [cases, base], empty: EMPTY}
"""


def complaint(id: str, unit: str = "U1", happened: str = "2025-08-01", **given: Any) -> Fact:
    return fact("complaint", id, happened, unit=unit, **given)


def volume(unit: str, number: int, happened: str = "2025-09-30") -> Fact:
    return fact("volume", f"v{unit}{happened}", happened, unit=unit, number=Fraction(number))


def row(result: Result, measure: str, subject: str) -> MeasureValue:
    (found,) = (
        one for one in result.measures if one.measure == measure and one.subject.id == subject
    )
    return found


RANKED = """
measures:
  cases: {title: 件数, each: peers, facts: complaint}
  place: {title: 名次, rank: cases, from: lowest}
  overall: {title: 总名次, rank: cases, from: lowest, whole: true}
  clean: {title: 无投诉占比, share: cases = 0, each: peers, empty: apart}
"""


def ranks(
    counts: dict[str, int], measure: str = "overall", **classes: str
) -> dict[str, Fraction | int | None]:
    units = [BRANCH[0]] + [
        unit(one, "B", kind="网点", **{"class": classes.get(one, "一类")}) for one in counts
    ]
    facts = [complaint(f"{one}{n}", one) for one, count in counts.items() for n in range(count)]
    return values(play(RANKED, *facts, units=units), measure)


def test_equal_values_share_the_better_place_and_the_next_is_left_out() -> None:
    assert ranks({"U1": 0, "U2": 2, "U3": 2, "U4": 5}) == {"U1": 1, "U2": 2, "U3": 2, "U4": 4}


def test_rank_is_taken_within_the_peer_group() -> None:
    counts = {"U1": 0, "U2": 1, "U3": 2, "U4": 3}
    assert ranks(counts, "place", U3="二类", U4="二类") == {"U1": 1, "U2": 2, "U3": 1, "U4": 2}
    assert ranks(counts, "clean", U3="二类", U4="二类") == {
        "U1": Fraction(1, 2),
        "U2": Fraction(1, 2),
        "U3": 0,
        "U4": 0,
    }


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_ranks_say_how_many_stand_before(counts: list[int]) -> None:
    found = ranks({f"U{n}": count for n, count in enumerate(counts)})
    for n, count in enumerate(counts):
        assert found[f"U{n}"] == 1 + sum(other < count for other in counts)


def test_absent_measure_has_no_rank() -> None:
    body = RATE.replace("EMPTY", "apart") + "  place: {title: 名次, rank: rate, from: lowest}\n"
    result = play(body, complaint("c1", "U1"), volume("U1", 10), volume("U2", 10))
    assert values(result, "place") == {"U1": 2, "U2": 1, "U3": None, "U4": None}


CHANGE = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
  more: {title: 环比, change: cases, against: previous}
  yearly: {title: 同比, change: cases, against: last_year, how: relative, empty: apart}
"""


def test_change_compares_with_the_period_before_and_the_same_of_last_year() -> None:
    facts = [complaint(f"a{n}", "U1", "2025-05-01") for n in range(3)]
    facts += [complaint(f"b{n}", "U1", "2024-08-01") for n in range(4)]
    facts += [complaint(f"c{n}", "U1", "2025-08-01") for n in range(5)]
    result = play(CHANGE, *facts)
    assert (values(result, "more")["U1"], values(result, "yearly")["U1"]) == (2, Fraction(1, 4))


def test_change_from_zero_is_not_applicable() -> None:
    result = play(CHANGE, complaint("c1"))
    assert (values(result, "more")["U1"], values(result, "yearly")["U1"]) == (1, None)


def test_new_unit_has_nothing_to_be_compared_with() -> None:
    units = (*BRANCH, unit("U5", "B", "2025-07-15", kind="网点"))
    found = row(play(CHANGE, units=units), "more", "U5")
    assert (found.value, found.absent) == (None, NO_EARLIER)


def test_streak_counts_back_to_the_first_period_that_fails() -> None:
    body = """
measures:
  cases: {title: 件数, each: outlets, facts: complaint}
  clean: {title: 连续无投诉, streak: cases = 0, each: outlets, most: 4}
"""
    units = (*BRANCH, unit("U5", "B", "2025-04-15", kind="网点"))
    facts = [
        complaint("c1", "U1", "2025-02-01"),
        complaint("c2", "U2"),
        complaint("c3", "U3", "2023-01-01"),
    ]
    result = play(body, *facts, units=units)
    assert values(result, "clean", "2025Q3") == {"U1": 2, "U2": 0, "U3": 4, "U4": 4, "U5": 2}


ROLL = """
measures:
  monthly: {title: 月件数, each: outlets, facts: complaint, period: month}
  mean: {title: 月均, roll: monthly, to: quarter, how: mean, round: {digits: 2, mode: half_up}}
  worst: {title: 最多, roll: monthly, to: quarter, how: max}
  newest: {title: 最后一月, roll: monthly, to: quarter, how: last}
"""


def test_roll_up_takes_the_parts_in_which_the_unit_was_there() -> None:
    units = (*BRANCH, unit("U5", "B", "2025-08-15", kind="网点"))
    facts = [
        complaint("c1", "U1", "2025-07-01"),
        complaint("c2", "U5", "2025-08-20"),
        complaint("c3", "U5", "2025-09-20"),
    ]
    result = play(ROLL, *facts, units=units)
    assert (values(result, "mean")["U1"], values(result, "mean")["U5"]) == (Fraction("0.33"), 1)
    assert (values(result, "worst")["U1"], values(result, "newest")["U1"]) == (1, 0)


MEMBERS = """
measures:
  hours: {title: 学时, each: staff, facts: training, how: sum, of: hours}
  of_unit: {title: 人均, members: hours, each: outlets, how: mean, round: {digits: 1, mode: half_up}}
  of_branch: {title: 全行, members: hours, each: whole, how: sum}
"""


def test_unit_gathers_the_people_who_are_there_on_the_last_day() -> None:
    posts = [*HEADS, post("P1", "U1", till="2025-08-14"), post("P1", "U2", since="2025-08-15")]
    facts = [
        fact("training", "t1", "2025-07-01", person="P1", hours=Fraction(4)),
        fact("training", "t2", "2025-07-01", person="H2", hours=Fraction(1)),
    ]
    result = play(MEMBERS, *facts, posts=posts)
    assert (values(result, "of_unit")["U1"], values(result, "of_unit")["U2"]) == (
        0,
        Fraction("2.5"),
    )
    assert values(result, "of_branch") == {"B": 5}


def test_formula_is_exact_and_absent_with_any_part() -> None:
    body = RATE.replace("EMPTY", "apart").replace("how: sum", "how: max")
    body += "  mixed: {title: 合成, each: outlets, value: cases * 20% + base * 0.5}\n"
    result = play(body, complaint("c1"), volume("U1", 3))
    assert (values(result, "mixed")["U1"], values(result, "mixed")["U2"]) == (Fraction("1.7"), None)


def test_measure_of_the_adopting_unit_is_read_upward() -> None:
    body = """
measures:
  all: {title: 全行, each: whole, facts: complaint}
  own: {title: 本网点, each: outlets, facts: complaint}
  part: {title: 占比, ratio: [own, all], empty: apart}
"""
    result = play(body, complaint("c1"), complaint("c2"), complaint("c3", "U2"))
    assert values(result, "part")["U1"] == Fraction(2, 3)
