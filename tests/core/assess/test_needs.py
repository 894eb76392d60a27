"""Which facts a run looks at: kinds and days, look-backs included."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.core.assess.test_bind import adoption, bound
from tests.core.scheme.plans import checked
from wenyou_core.assess.bind import bind
from wenyou_core.assess.needs import required_facts
from wenyou_core.assess.program import Program
from wenyou_core.worktime.periods import day_range

AGAIN = "again: {window: param.window, same"
PLAN = checked()
LINKED = "link: handler, window: cycle person.joined_on"


def days(program: Program, kind: str, rule: str) -> list[tuple[str, str]]:
    return [
        (need.since.isoformat(), need.till.isoformat())
        for need in required_facts(program)
        if need.kind == kind and rule in need.rules
    ]


def test_a_rule_needs_the_days_of_its_periods() -> None:
    assert days(bound(), "complaint", "shared") == [("2025-07-01", "2025-09-30")]
    assert days(bound(), "complaint", "monthly") == [("2025-07-01", "2025-09-30")]
    assert days(bound(), "volume", "volume_sum") == [("2025-07-01", "2025-09-30")]


def test_a_rule_over_the_year_needs_the_days_since_its_first_period() -> None:
    assert days(bound(), "complaint", "levelled") == [("2025-01-01", "2025-09-30")]


def test_earlier_periods_apart_from_the_run_are_needed_by_themselves() -> None:
    program = bound(
        "2025Q3",
        "streak: cases = 0",
        "streak: rate = 0",
        "against: previous, how",
        "against: last_year, how",
        "most: 4",
        "most: 1",
    )
    assert days(program, "complaint", "cases") == [
        ("2024-07-01", "2024-09-30"),
        ("2025-07-01", "2025-09-30"),
    ]


def test_a_repeat_count_needs_the_days_of_its_window() -> None:
    windows = {
        "12 months": "2024-01-01",
        "365 days": "2024-01-03",  # 2024 has a day more
        "year": "2025-01-01",
        "period": "2025-01-01",
        "cycle unit.opened_on": "2024-01-02",
        "all": "2024-01-01",
    }
    for window, since in windows.items():
        program = bound("2025Q3", AGAIN, AGAIN.replace("param.window", window))
        assert days(program, "complaint", "repeated") == [(since, "2025-09-30")], window


def test_the_longest_window_in_force_within_the_run_is_needed() -> None:
    values = "[{since: 2025-01-01, value: year}, {since: 2025-08-15, value: 24 months}]"
    program = bound(by=adoption(f"  values: {{window: {values}}}\n"))
    assert days(program, "complaint", "repeated") == [("2023-07-01", "2025-09-30")]


def test_a_window_over_all_days_begins_with_the_plan_or_its_adoption() -> None:
    every = (AGAIN, AGAIN.replace("param.window", "all"))
    by = adoption(start="2025-04-01")
    assert days(bound("2025Q3", *every, by=by), "complaint", "repeated")[0][0] == "2024-01-01"
    open_plan = (*every, "  valid_from: 2024-01-01\n", "")
    assert days(bound("2025Q3", *open_plan, by=by), "complaint", "repeated")[0][0] == "2025-01-01"
    late = adoption(start="2025-01-01")
    assert days(bound("2025Q3", *open_plan, by=late), "complaint", "repeated")[0][0] == "2025-01-01"


def test_a_measure_needs_the_days_of_its_window() -> None:
    windows = {
        "cycle person.joined_on": "2023-10-01",
        "12 months": "2024-10-01",
        "365 days": "2024-10-01",
        "year": "2025-01-01",
        "period": "2025-07-01",
        "all": "2024-01-01",
    }
    for window, since in windows.items():
        program = bound("2025Q3", LINKED, f"link: handler, window: {window}")
        assert days(program, "complaint", "person_cases") == [(since, "2025-09-30")], window


def test_a_deemed_kind_and_an_exempting_kind_are_needed_for_the_same_days() -> None:
    program = bound()
    for kind in ("visit", "filing"):
        assert days(program, kind, "levelled") == [("2025-01-01", "2025-09-30")]
        assert days(program, kind, "shared") == [("2025-07-01", "2025-09-30")]


def test_a_counted_obligation_needs_its_facts() -> None:
    assert days(bound(), "visit", "visits") == [("2025-07-01", "2025-09-30")]
    assert days(bound(), "complaint", "answer") == []


def test_decisions_are_not_needed() -> None:
    assert "decision" not in {need.kind for need in required_facts(bound())}


def test_a_run_that_computes_nothing_needs_nothing() -> None:
    assert required_facts(bound("2025-08-03..2025-08-05")) == ()


@given(st.dates(date(2024, 1, 1), date(2027, 6, 1)), st.integers(0, 400))
def test_needs_cover_every_cell_and_do_not_overlap(start: date, length: int) -> None:
    end = date.fromordinal(start.toordinal() + length)
    program = bind(PLAN, None, day_range(start, end))
    needs = required_facts(program)
    assert list(needs) == sorted(needs)
    for rule in program.events:
        found = [need for need in needs if need.kind == rule.on and rule.name in need.rules]
        for period in program.cells[rule.name]:
            holding = [one for one in found if one.since <= period.start and period.end <= one.till]
            assert len(holding) == 1
        for one, two in pairwise(found):
            assert one.till < two.since
