"""What runs and what is counted ends at the adopting unit, whatever makes facts alike."""

from __future__ import annotations

from fractions import Fraction as F
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact, post, unit
from tests.core.assess.play import book, checked, play, program
from tests.core.assess.slices.cutting import disagreements, traced
from wenyou_core.assess.bind import bind
from wenyou_core.assess.facts import Fact, FactBook, PostSpan, UnitSpan
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result
from wenyou_core.worktime.periods import parse_period

TOTAL = """
rules:
  late: {title: 扣, on: finding, whom: WHOM, amount: {value: "-points", ledger: points}, limit: {floor: -10 分, PER running: true, same: [SAME]}, also: true}
"""
AGAIN = """
rules:
  late: {title: 扣, on: finding, whom: WHOM, amount: {value: "-points", ledger: points}, again: {window: PER, same: [SAME], factors: [1, 2, 3]}, also: true}
"""
OPENED = day("2020-02-29")
BANKS = (
    unit("B", kind="支行"),
    unit("C", kind="支行"),
    *(unit(one, "B", kind="网点", opened=OPENED) for one in ("U1", "U2")),
    *(unit(one, "C", kind="网点", opened=OPENED) for one in ("V1", "V2")),
)
OF_BANK = {"B": ("U1", "U2"), "C": ("V1", "V2")}


def body(text: str, same: str = "type", per: str = "", whom: str = "unit") -> str:
    return text.replace("SAME", same).replace("PER", per).replace("WHOM", whom)


BODIES = [
    body(TOTAL),
    body(TOTAL, "type, group", "per: year,"),
    *(body(AGAIN, per=per) for per in ("year", "period", "90 days", "2 months", "all")),
    body(AGAIN, per="cycle unit.opened"),
]


def finding(id: str, points: str, happened: str, home: str, **given: Any) -> Fact:
    values = {"unit": home, "points": F(points), "type": "环境", **given}
    return fact("finding", id, happened, **values)


FACTS = (
    finding("f1", "9", "2025-07-02", "V1"),
    finding("f2", "5", "2025-07-03", "U1"),
    finding("f3", "6", "2025-07-04", "V2"),
    finding("f4", "6", "2025-07-05", "U2"),
    finding("f5", "1", "2025-08-05", "U1"),
)


def amounts(result: Result) -> dict[str, int]:
    """What each fact comes to, in the smallest unit."""
    found: dict[str, int] = {}
    for one in result.entries:
        found[one.fact] = found.get(one.fact, 0) + one.amount
    return found


def of_bank(held: Result, bank: str) -> list[Any]:
    return [one for one in held.entries if one.subject.id in OF_BANK[bank]]


def given_of(facts: tuple[Fact, ...], bank: str = "") -> FactBook:
    kept = [one for one in facts if not bank or one.unit in OF_BANK[bank]]
    return book(kept, units=BANKS, posts=())


def test_total_of_a_key_ends_at_the_adopting_unit(bench: Bench) -> None:
    text = body(TOTAL)
    made, held = program(text, adopters=("B", "C")), given_of(FACTS)
    expected = {"f1": -900, "f2": -500, "f3": -100, "f4": -500, "f5": 0}
    assert amounts(assess(made, held)) == expected
    assert bench.difference(made, held, None) == ""


def test_repeats_of_a_key_end_at_the_adopting_unit(bench: Bench) -> None:
    text = body(AGAIN, per="year")
    made, held = program(text, adopters=("B", "C")), given_of(FACTS)
    counts = {one.fact: (one.count, one.earlier) for one in assess(made, held).entries}
    assert counts == {
        "f1": (1, ""),
        "f2": (1, ""),
        "f3": (2, "f1"),
        "f4": (2, "f2"),
        "f5": (3, "f4"),
    }
    assert bench.difference(made, held, None) == ""


@pytest.mark.parametrize("text", BODIES)
def test_bank_has_the_figures_that_it_has_alone(bench: Bench, text: str) -> None:
    both, held = program(text, adopters=("B", "C")), given_of(FACTS)
    result = assess(both, held)
    for bank in OF_BANK:
        alone = program(text, adopters=(bank,))
        assert of_bank(result, bank) == of_bank(assess(alone, given_of(FACTS, bank)), bank)
        assert bench.difference(alone, held, None) == ""
    assert bench.difference(both, held, None) == ""
    assert disagreements(traced(both, held, None), None) == []


@pytest.mark.parametrize("text", [body(TOTAL), body(AGAIN, per="all")])
def test_without_an_adoption_the_topmost_unit_ends_it(bench: Bench, text: str) -> None:
    whole = program(text, adopters=("B", "C"))
    free = bind(checked(text), None, parse_period("2025Q3"))
    held = given_of(FACTS)
    assert amounts(assess(free, held)) == amounts(assess(whole, held))
    assert bench.difference(free, held, None) == ""
    assert disagreements(traced(free, held, None), None) == []


def test_unit_that_changed_its_bank_runs_into_the_total_of_the_day(bench: Bench) -> None:
    moved: tuple[UnitSpan, ...] = (
        *(one for one in BANKS if one.id != "U1"),
        unit("U1", "B", till="2025-07-31", kind="网点"),
        unit("U1", "C", since="2025-08-01", kind="网点"),
    )
    held = book(FACTS, units=moved, posts=())
    made = program(body(AGAIN, per="year"), adopters=("B", "C"))
    found = {one.fact: one.earlier for one in assess(made, held).entries}
    assert found == {"f1": "", "f2": "", "f3": "f1", "f4": "f2", "f5": "f3"}
    assert bench.difference(made, held, None) == ""
    assert disagreements(traced(made, held, None), None) == []


STAFF: tuple[PostSpan, ...] = (
    post("P", "U1", "柜员", "2024-01-01", "2025-07-31"),
    post("P", "V1", "柜员", "2025-08-01"),
)


@pytest.mark.parametrize("text", [body(TOTAL, "person"), body(AGAIN, "person", "year")])
def test_key_of_a_person_goes_along_and_that_of_nobody_ends(bench: Bench, text: str) -> None:
    facts = (
        finding("p1", "6", "2025-07-01", "U1", person="P"),
        finding("p2", "6", "2025-08-02", "V1", person="P"),
        finding("n1", "6", "2025-07-01", "U2"),
        finding("n2", "6", "2025-07-02", "V2"),
    )
    held = book(facts, units=BANKS, posts=STAFF)
    made = program(text, adopters=("B", "C"))
    found = amounts(assess(made, held))
    assert found["n1"] == found["n2"] == found["p1"] == -600
    assert found["p2"] != -600
    assert bench.difference(made, held, None) == ""
    assert disagreements(traced(made, held, None), None) == []


def test_run_with_one_adopting_unit_is_as_it_was(bench: Bench) -> None:
    result = play(body(TOTAL), *FACTS, adopters=("B",), units=BANKS, posts=())
    assert amounts(result) == {"f2": -500, "f4": -500, "f5": 0}


ROWS = st.tuples(
    st.sampled_from(["U1", "U2", "V1", "V2"]),
    st.integers(1, 8),
    st.sampled_from(["2025-05-05", "2025-07-01", "2025-07-01", "2025-08-31"]),
)


@given(st.lists(ROWS, max_size=8), st.sampled_from(BODIES))
def test_no_bank_moves_another_one(rows: list[tuple[str, int, str]], text: str) -> None:
    facts = tuple(
        finding(f"f{n}", str(points), on, home) for n, (home, points, on) in enumerate(rows)
    )
    made = program(text, adopters=("B", "C"))
    result = assess(made, given_of(facts))
    for bank in OF_BANK:
        assert of_bank(result, bank) == of_bank(assess(made, given_of(facts, bank)), bank)
