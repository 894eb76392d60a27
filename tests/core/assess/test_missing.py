"""What nobody declared complete is missing, never zero."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.make import day, fact, moment, unit
from tests.core.assess.play import BRANCH, book, play, program, values
from wenyou_core.assess.facts import Coverage, UnitSpan
from wenyou_core.assess.missing import gaps
from wenyou_core.assess.org import Org
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


MOVED = (
    unit("B"),
    unit("C", since="2025-08-15"),
    unit("U1", "B", kind="网点"),
    unit("U3", "B", till="2025-08-14", kind="网点"),
    unit("U3", "C", since="2025-08-15", kind="网点"),
)


def test_unit_that_changes_its_adopting_unit_is_asked_where_it_stood_each_day() -> None:
    """U3 stood under B until the 14th of August; what C declares does not reach back there."""
    declared = [covered("2025-07-01", "2025-09-30", one) for one in ("U1", "C")]
    declared.append(covered("2025-08-15", "2025-09-30", "B"))
    found = facts_missing(play(COUNT, adopters=("B", "C"), units=MOVED, coverage=declared))
    assert found == [("B", "2025-07-01", "2025-08-14"), ("U3", "2025-07-01", "2025-08-14")]


def test_declaration_of_the_former_unit_covers_the_days_that_were_spent_under_it() -> None:
    declared = [
        covered("2025-07-01", "2025-09-30", "B"),
        covered("2025-08-15", "2025-09-30", "C"),
    ]
    assert facts_missing(play(COUNT, adopters=("B", "C"), units=MOVED, coverage=declared)) == []


def test_same_days_of_a_kind_are_told_once_with_all_rules_that_look_at_them() -> None:
    back = BACK.replace("measures:\n", "").replace("cases", "back")
    (row,) = play(COUNT + back, coverage=[]).missing
    assert (row.unit, row.rules) == ("B", ("back", "cases"))
    assert (row.since, row.till) == (day("2024-10-01"), day("2025-09-30"))


def test_rules_that_look_at_other_days_do_not_stand_beside_those_that_are_missing() -> None:
    back = BACK.replace("measures:\n", "").replace("cases", "back")
    (row,) = play(COUNT + back, coverage=[covered("2025-07-01", "2025-09-30")]).missing
    assert (row.till, row.rules) == (day("2025-06-30"), ("back",))


START = day("2025-07-01")
MONTH = [START + timedelta(number) for number in range(31)]
DAYS = st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted)
PLACES = st.lists(st.tuples(st.integers(1, 30), st.sampled_from(["A", "B", "C"])), max_size=3)
ROWS = st.lists(st.tuples(st.sampled_from(["", "A", "B", "C", "U", "V"]), DAYS), max_size=6)
MONTHLY = COUNT.replace("facts: complaint", "facts: complaint, period: month")


def moving(name: str, places: list[tuple[int, str]]) -> list[UnitSpan]:
    """A unit that stands under B and then moves; C adopts nothing."""
    moves = sorted({0: "B", **dict(places)}.items())
    ends = [number - 1 for number, _ in moves[1:]] + [30]
    return [
        unit(name, parent, MONTH[first].isoformat(), MONTH[last].isoformat(), kind="网点")
        for (first, parent), last in zip(moves, ends, strict=True)
    ]


@given(PLACES, PLACES, ROWS)
def test_every_open_day_that_nobody_declared_is_told_and_no_other_and_none_twice(
    one: list[tuple[int, str]], other: list[tuple[int, str]], rows: list[tuple[str, list[int]]]
) -> None:
    units = [unit("A"), unit("B"), unit("C"), *moving("U", one), *moving("V", other)]
    declared = [Coverage("complaint", MONTH[first], MONTH[last], of) for of, (first, last) in rows]
    two = ("A", "B")
    result = play(MONTHLY, run="2025-07", adopters=two, units=units, coverage=declared)
    org = Org(book([], units=units), program(MONTHLY, "2025-07", adopters=two))
    told = [row for row in result.missing if row.what == "facts"]

    for today in MONTH:
        said = {row.unit for row in told if row.since <= today <= row.till}
        covers = {row.unit for row in declared if row.since <= today <= row.till}
        adopters = {name: org.adopter_of(name, today) for name in "ABCUV"}
        lacks = {name for name in "ABUV" if not covers & {"", *org.chain(name, today)}}
        for name in filter(adopters.get, adopters):
            alike = {one for one in adopters if adopters[one] == adopters[name]}
            for_all = adopters[name] in said and alike <= lacks
            assert (name in lacks) == (name in said or for_all), (name, today)
        assert said <= {name for name in adopters if adopters[name]}
    for unit_of in {row.unit for row in told}:
        spans = sorted((row.since, row.till) for row in told if row.unit == unit_of)
        assert all(before[1] < after[0] for before, after in pairwise(spans))
