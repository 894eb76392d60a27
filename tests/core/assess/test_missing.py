"""What nobody declared complete is missing, never zero."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import day, fact, moment, unit
from tests.core.assess.play import BRANCH, play, values
from wenyou_core.assess.facts import Coverage
from wenyou_core.assess.missing import gaps
from wenyou_core.assess.result import Missing, Result

COUNT = "measures:\n  cases: {title: 件数, each: outlets, facts: complaint}\n"
BACK = "measures:\n  cases: {title: 件数, each: outlets, facts: complaint, window: 12 months}\n"


def covered(since: str, till: str, unit: str = "", **given: str) -> Coverage:
    recorded = moment(given["recorded"]) if given else None
    return Coverage("complaint", day(since), day(till), unit, recorded)


def facts_missing(result: Result) -> list[tuple[str, str, str]]:
    rows: list[Missing] = [one for one in result.missing if one.what == "facts"]
    return [(one.unit, one.since.isoformat(), one.till.isoformat()) for one in rows]


def test_declared_period_misses_nothing() -> None:
    result = play(COUNT, coverage=[covered("2025-07-01", "2025-09-30")])
    assert (result.missing, result.provisional) == ((), False)


def test_undeclared_period_is_missing_and_still_shown_as_what_is_there() -> None:
    result = play(COUNT, fact("complaint", "c1", "2025-08-01", unit="U1"), coverage=[])
    (row,) = result.missing
    assert (row.kind, row.unit, row.rules) == ("complaint", "B", ("cases",))
    assert (row.since, row.till) == (day("2025-07-01"), day("2025-09-30"))
    assert row.text.endswith("。")
    assert result.provisional
    assert values(result, "cases")["U1"] == 1


def test_look_back_of_a_window_must_be_declared_too() -> None:
    result = play(BACK, coverage=[covered("2025-07-01", "2025-09-30")])
    assert facts_missing(result) == [("B", "2024-10-01", "2025-06-30")]


def test_number_of_the_unit_does_not_run_into_the_date() -> None:
    (row,) = play(COUNT, coverage=[covered("2025-07-01", "2025-09-20")]).missing
    assert row.text.startswith("机构B在")


def test_missing_days_of_an_earlier_year_say_their_year() -> None:
    """The look-back reaches from October 2024; the 1st of October alone could be taken for 2025."""
    (row,) = play(BACK, coverage=[covered("2024-10-02", "2025-09-30")]).missing
    assert row.text.startswith("机构B在2024年10月1日的“")


def test_hole_between_two_declarations_is_missing() -> None:
    declared = [covered("2025-07-01", "2025-07-31"), covered("2025-08-02", "2025-09-30")]
    assert facts_missing(play(COUNT, coverage=declared)) == [("B", "2025-08-01", "2025-08-01")]


def test_declaration_of_a_unit_covers_those_beneath() -> None:
    assert facts_missing(play(COUNT, coverage=[covered("2025-07-01", "2025-09-30", "B")])) == []


def test_only_the_units_that_did_not_declare_are_named() -> None:
    declared = [covered("2025-07-01", "2025-09-30", one) for one in ("U1", "U2", "U4")]
    found = facts_missing(play(COUNT, coverage=declared))
    assert {one[0] for one in found} == {"B", "U3"}


def test_unit_is_asked_only_for_the_days_it_was_open() -> None:
    units = (*BRANCH, unit("U5", "B", "2025-08-15", "2025-08-20", kind="网点"))
    declared = [covered("2025-07-01", "2025-09-30", one) for one in ("U1", "U2", "U3", "U4")]
    found = facts_missing(play(COUNT, units=units, coverage=declared))
    assert ("U5", "2025-08-15", "2025-08-20") in found


def test_declaration_recorded_later_counts_later() -> None:
    declared = [covered("2025-07-01", "2025-09-30", recorded="2025-10-09T09:00")]
    before = play(COUNT, coverage=declared, known_at=moment("2025-10-09T08:59"))
    after = play(COUNT, coverage=declared, known_at=moment("2025-10-09T09:00"))
    assert (len(before.missing), len(after.missing)) == (1, 0)


def test_kinds_that_nothing_looks_at_are_not_asked_for() -> None:
    declared = [covered("2025-07-01", "2025-09-30")]
    assert {one.kind for one in play(COUNT, coverage=declared).missing} == set()


FIRST = date(2025, 1, 1)
SPANS = st.lists(st.tuples(st.integers(-5, 25), st.integers(0, 12)), max_size=5)


@given(SPANS)
def test_gaps_are_exactly_the_days_that_no_declaration_holds(spans: list[tuple[int, int]]) -> None:
    rows = [
        Coverage("x", FIRST + timedelta(start), FIRST + timedelta(start + length))
        for start, length in spans
    ]
    days = [FIRST + timedelta(n) for n in range(20)]
    bare = {one for one in days if not any(row.since <= one <= row.till for row in rows)}
    found = gaps((days[0], days[-1]), rows)
    assert {one for one in days if any(first <= one <= last for first, last in found)} == bare


def test_replay_before_the_end_of_a_declaration_has_nothing_complete_after_that_day() -> None:
    declared = [covered("2025-07-01", "2025-09-30")]
    result = play(COUNT, coverage=declared, known_at=moment("2025-08-15T12:00"))
    (row,) = result.missing
    assert (row.since, row.till) == (day("2025-08-16"), day("2025-09-30"))
