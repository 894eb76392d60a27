"""What is filed in one adopting unit frees no facts of another; the head office frees everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact, post, unit
from tests.core.assess.play import book, checked, program
from tests.core.assess.slices.cutting import disagreements, traced
from wenyou_core.assess.bind import bind
from wenyou_core.assess.facts import Fact, FactBook, UnitSpan
from wenyou_core.assess.program import Program
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import Result
from wenyou_core.worktime.periods import parse_period

FILED = """
rules:
  filed: {title: 报备, exempt: finding, by: filing, same: {SAME}, within: {from: starts, to: ends}}
  fine: {title: 扣, on: finding, whom: unit, amount: -1 分}
"""
OUTSIDE = """
rules:
  refused: {title: 窗口外不受理, exempt: complaint, by: filing, same: {type: type}, within: {from: starts, to: ends}, outside: true}
  fine: {title: 扣, on: complaint, whom: unit, amount: -1 分}
"""
REFUSED = """
rules:
  refused: {title: 窗口外不受理, exempt: filing, by: finding, same: {type: type}, within: {from: ruled}, outside: true}
  filed: {title: 报备, exempt: complaint, by: filing, same: {type: type}, within: {from: starts, to: ends}}
  fine: {title: 扣, on: complaint, whom: unit, amount: -1 分}
"""
BANKS = (
    unit("H", kind="支行"),
    unit("B", "H", kind="支行"),
    unit("C", "H", kind="支行"),
    *(unit(one, "B", kind="网点") for one in ("U1", "U2")),
    *(unit(one, "C", kind="网点") for one in ("V1", "V2")),
)
OF_BANK = {"B": ("B", "U1", "U2"), "C": ("C", "V1", "V2")}
BY_TYPE = FILED.replace("SAME", "type: type")


def made(text: str, id: str, home: str, on: str = "2025-07-10", **given: Any) -> Fact:
    return fact(text, id, on, **{"unit": home, "type": "环境", **given})


def filing(id: str, home: str, on: str = "2025-07-01", **given: Any) -> Fact:
    return made("filing", id, home, on, **given)


FINDINGS = (made("finding", "u", "U1"), made("finding", "v", "V1"))


def freed(result: Result) -> dict[str, str]:
    return {one.fact: one.by_fact for one in result.uncounted if one.by_fact}


def agreed(bench: Bench, text: str | Program, facts: Sequence[Fact], **given: Any) -> Result:
    """The result, which both back ends and everybody's slice give."""
    held = book(facts, units=given.pop("units", BANKS), posts=given.pop("posts", ()))
    bound = program(text, adopters=("B", "C")) if isinstance(text, str) else text
    assert bench.difference(bound, held, None) == ""
    assert disagreements(traced(bound, held, None), None) == []
    return assess(bound, held)


@pytest.mark.parametrize("home", ["U2", "B"])
def test_filing_frees_only_facts_of_its_adopting_unit(bench: Bench, home: str) -> None:
    assert freed(agreed(bench, BY_TYPE, [*FINDINGS, filing("r", home)])) == {"u": "r"}


@pytest.mark.parametrize("home", ["H", "", "X9"])
def test_filing_of_no_adopting_unit_frees_everywhere(bench: Bench, home: str) -> None:
    assert freed(agreed(bench, BY_TYPE, [*FINDINGS, filing("r", home)])) == {"u": "r", "v": "r"}


def test_first_filing_that_reaches_a_fact_is_named(bench: Bench) -> None:
    facts = [filing("a", "V2"), filing("b", "U2", "2025-07-02"), filing("h", "H", "2025-07-03")]
    assert freed(agreed(bench, BY_TYPE, [*FINDINGS, *facts])) == {"u": "b", "v": "a"}


def test_fact_of_no_adopting_unit_is_freed_by_none_that_has_one(bench: Bench) -> None:
    facts = [made("finding", "x", "X9"), filing("r", "U1")]
    assert freed(agreed(bench, BY_TYPE, facts)) == {}
    assert freed(agreed(bench, BY_TYPE, [*facts, filing("h", "H")])) == {"x": "h"}


def test_filing_frees_by_where_its_unit_stood_on_its_own_day(bench: Bench) -> None:
    moved: tuple[UnitSpan, ...] = (
        *(one for one in BANKS if one.id != "U2"),
        unit("U2", "B", till="2025-07-05", kind="网点"),
        unit("U2", "C", since="2025-07-06", kind="网点"),
    )
    facts = [*FINDINGS, made("finding", "m", "U2")]
    early, late = filing("r", "U2"), filing("r", "U2", "2025-07-06")
    assert freed(agreed(bench, BY_TYPE, [*facts, early], units=moved)) == {"u": "r"}
    assert freed(agreed(bench, BY_TYPE, [*facts, late], units=moved)) == {"v": "r", "m": "r"}
    own = FILED.replace("SAME", "unit: unit")
    assert freed(agreed(bench, own, [*facts, early], units=moved)) == {"m": "r"}


def test_key_that_says_whose_fact_it_is_goes_along(bench: Bench) -> None:
    posts = (
        post("P", "U1", "柜员", "2024-01-01", "2025-07-31"),
        post("P", "V1", "柜员", "2025-08-01"),
    )
    moved = [
        made("finding", "p", "", "2025-08-02", person="P"),
        made("complaint", "c", "", "2025-07-02", person="P"),
    ]
    by_person = (
        "rules:\n  filed: {title: 说明, exempt: finding, by: complaint, same: {person: person}}\n"
    )
    assert freed(agreed(bench, by_person, moved, posts=posts)) == {"p": "c"}
    appeal = fact("appeal", "a", "2025-08-03", unit="V1", target="u", upheld=True)
    by_id = "rules:\n  upheld: {title: 申诉, exempt: finding, by: appeal, same: {id: target}}\n"
    assert freed(agreed(bench, by_id, [*FINDINGS, appeal])) == {"u": "a"}


def test_window_of_another_adopting_unit_neither_holds_nor_refuses(bench: Bench) -> None:
    facts = [
        made("complaint", "u", "U1"),
        made("complaint", "v", "V1"),
        filing("w", "U2", starts=day("2025-07-11")),
    ]
    assert freed(agreed(bench, OUTSIDE, facts)) == {"u": "w"}
    holding = filing("z", "V2", starts=day("2025-07-01"))
    assert freed(agreed(bench, OUTSIDE, [*facts, holding])) == {"u": "w"}
    of_all = filing("h", "H", starts=day("2025-07-01"))
    assert freed(agreed(bench, OUTSIDE, [*facts, of_all])) == {}


def test_what_the_head_office_filed_is_refused_by_no_adopting_unit(bench: Bench) -> None:
    facts = [
        made("finding", "w", "U1", "2025-07-01", ruled=day("2025-07-20")),
        filing("h", "H", "2025-07-02"),
        made("complaint", "v", "V1"),
    ]
    assert freed(agreed(bench, REFUSED, facts)) == {"v": "h"}


def test_without_an_adoption_it_ends_at_the_topmost_unit(bench: Bench) -> None:
    free = bind(checked(BY_TYPE), None, parse_period("2025Q3"))
    facts = [*FINDINGS, filing("r", "U2")]
    tops = {"B": unit("B", kind="支行"), "C": unit("C", kind="支行")}
    apart = tuple(tops.get(one.id, one) for one in BANKS if one.id != "H")
    assert freed(agreed(bench, free, facts)) == {"u": "r", "v": "r"}
    assert freed(agreed(bench, free, facts, units=apart)) == {"u": "r"}


@pytest.mark.parametrize("text", [BY_TYPE, OUTSIDE, REFUSED])
def test_run_of_one_adopting_unit_is_as_it_was(bench: Bench, text: str) -> None:
    alone = program(text, adopters=("B",))
    facts = [
        made("finding", "x", "X9", ruled=day("2025-07-20")),
        made("complaint", "y", "V1"),
        filing("r", "U1", starts=day("2025-07-01"), ends=day("2025-07-09")),
        filing("s", "V1", starts=day("2025-07-01")),
    ]
    expected = {BY_TYPE: {"x": "s"}, OUTSIDE: {}, REFUSED: {"r": "x", "s": "x"}}[text]
    assert freed(agreed(bench, alone, facts)) == expected


ROWS = st.tuples(
    st.sampled_from(["finding", "complaint", "filing"]),
    st.sampled_from(["U1", "B", "V1", "V2", "H", "X9"]),
    st.sampled_from(["2025-07-01", "2025-07-10", "2025-07-10", "2025-08-31"]),
    st.sampled_from([{}, {"starts": day("2025-07-05")}, {"ends": day("2025-07-20")}]),
)


def given_of(facts: Sequence[Fact], bank: str = "") -> FactBook:
    others = [one for name, units in OF_BANK.items() if name != bank for one in units]
    kept = [one for one in facts if not bank or one.unit not in others]
    return book(kept, units=BANKS, posts=())


@given(st.lists(ROWS, max_size=9), st.sampled_from([BY_TYPE, OUTSIDE, REFUSED]))
def test_no_bank_frees_facts_of_another_one(
    rows: list[tuple[str, str, str, dict[str, Any]]], text: str
) -> None:
    facts = []
    for n, (kind, home, on, ends) in enumerate(rows):
        more = {"filing": ends, "finding": dict.fromkeys(["ruled"] if ends else [], day(on))}
        facts.append(made(kind, f"f{n}", home, on, **more.get(kind, {})))
    both = program(text, adopters=("B", "C"))
    whole = assess(both, given_of(facts))
    for bank, units in OF_BANK.items():
        own = assess(both, given_of(facts, bank))
        mine = [one for one in whole.entries if one.subject.id in units]
        assert mine == [one for one in own.entries if one.subject.id in units]
