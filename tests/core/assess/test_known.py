"""What was known at a moment."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import day, fact, moment, post, unit
from wenyou_core.assess.facts import Coverage, FactBook
from wenyou_core.assess.known import as_known, event_order, known_day
from wenyou_core.scheme.words import State

FIRST = fact("finding", "f1", "2025-07-01", recorded="2025-07-02T09:00", points=1)
APPEALED = fact("finding", "f1", "2025-07-01", recorded="2025-08-02T09:00", state="withdrawn")


def book_of(*facts: object) -> FactBook:
    return FactBook(facts={"finding": facts})  # type: ignore[dict-item]


def states(book: FactBook, at: str) -> list[State]:
    return [one.state for one in as_known(book, moment(at)).facts["finding"]]


def test_newest_version_recorded_by_the_moment_counts() -> None:
    book = book_of(FIRST, APPEALED)
    assert states(book, "2025-07-31T00:00") == [State.CONFIRMED]
    assert states(book, "2025-08-02T09:00") == [State.WITHDRAWN]
    assert as_known(book).facts["finding"] == (APPEALED,)


def test_fact_recorded_later_does_not_exist_before() -> None:
    assert states(book_of(FIRST), "2025-07-02T08:59") == []


def test_equal_moments_of_recording_go_by_the_order_of_rows() -> None:
    again = replace(APPEALED, recorded=FIRST.recorded)
    assert as_known(book_of(FIRST, again)).facts["finding"] == (again,)
    assert as_known(book_of(again, FIRST)).facts["finding"] == (FIRST,)


def test_one_id_in_two_kinds_is_two_facts() -> None:
    book = FactBook(
        facts={"a": (fact("a", "1", "2025-07-01"),), "b": (fact("b", "1", "2025-07-02"),)}
    )
    assert {kind: len(rows) for kind, rows in as_known(book).facts.items()} == {"a": 1, "b": 1}


def test_closing_of_a_unit_is_a_newer_version_of_its_span() -> None:
    opened = unit("U1", "B")
    closed = replace(opened, till=day("2025-06-30"), recorded=moment("2025-07-05T10:00"))
    book = FactBook(units=(opened, closed))
    assert as_known(book, moment("2025-07-01T00:00")).units == (opened,)
    assert as_known(book).units == (closed,)


def test_posts_of_different_first_days_both_stay() -> None:
    first, second = post("P1", "U1", till="2025-07-31"), post("P1", "U1", since="2025-08-01")
    assert as_known(FactBook(posts=(second, first))).posts == (first, second)


def test_coverage_recorded_later_is_not_declared_yet() -> None:
    row = Coverage("finding", day("2025-07-01"), day("2025-09-30"), "", moment("2025-10-09T09:00"))
    book = FactBook(coverage=(row,))
    assert as_known(book, moment("2025-10-08T00:00")).coverage == ()
    assert as_known(book).coverage == (row,)


def test_moments_with_and_without_a_time_zone_compare_by_the_clock_of_beijing() -> None:
    late = fact("finding", "x", "2025-07-01", known="2025-06-30T17:30:00+00:00")
    assert known_day(late) == day("2025-07-01")
    naive = fact("finding", "y", "2025-07-01", known="2025-07-01T01:29")
    assert event_order(naive) < event_order(late)


@given(st.permutations(range(6)))
def test_order_of_rows_leaves_no_trace(order: list[int]) -> None:
    facts = [
        fact("finding", "a", "2025-07-01", at=600),
        fact("finding", "b", "2025-07-01"),
        fact("finding", "c", "2025-07-01", at=0),
        fact("finding", "d", "2025-06-30", at=900),
        fact("finding", "e", "2025-07-01", known="2025-07-01T09:00"),
        fact("finding", "f", "2025-07-01", at=600),
    ]
    shuffled = as_known(book_of(*(facts[at] for at in order)))
    assert [one.id for one in shuffled.facts["finding"]] == ["d", "e", "b", "c", "a", "f"]
