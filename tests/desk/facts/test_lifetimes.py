"""Many numbers with their days at once, and one by one."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.assess.facts import UnitSpan
from wenyou_desk.facts.lifetimes import Lifetimes

DAYS = st.dates(date(2025, 1, 1), date(2025, 1, 12))
CODES = st.sampled_from(["A", "B", "C"])
SPANS = st.builds(UnitSpan, id=CODES, name=st.just("甲"), since=DAYS, till=st.none() | DAYS)


@given(st.lists(SPANS, min_size=1, max_size=5), st.lists(st.tuples(CODES, DAYS), max_size=6))
def test_stands_are_held_together_as_they_are_one_by_one(
    spans: list[UnitSpan], stands: list[tuple[str, date]]
) -> None:
    lifetimes = Lifetimes(spans)

    assert lifetimes.holds(stands) == all(lifetimes.on(code, day) for code, day in stands)


def test_nothing_is_asked_of_an_empty_sheet() -> None:
    assert Lifetimes([]).holds([("A", date(2025, 1, 1))])
