"""Days of the period in conditions on facts: what is open at its end, what came near its end."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.assess.make import day, fact
from tests.core.assess.play import checked, numbers, play, values
from wenyou_core.assess.facts import Fact
from wenyou_core.errors import SchemeError

OPEN = """
measures:
  open: {title: 期末未结, each: outlets, facts: filing, where: not exists ends or ends > period.end, window: all, period: month}
  begun: {title: 期初以后起的, each: outlets, facts: filing, how: sum, of: "days(period.start, starts)", where: starts >= period.start, period: month}
"""


def filings() -> list[Fact]:
    """Filed in June and closed in August; filed in July and still open; both before and after."""
    return [
        fact("filing", "f1", "2025-06-20", unit="U1", starts=day("2025-06-20"), ends=day("2025-08-03")),
        fact("filing", "f2", "2025-07-15", unit="U1", starts=day("2025-07-11")),
        fact("filing", "f3", "2025-07-01", unit="U1", starts=day("2025-06-30"), ends=day("2025-07-31")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("run", "still_open", "days"),
    [("2025-06", 1, 19), ("2025-07", 2, 10), ("2025-08", 1, 0)],
)
def test_measure_of_facts_reads_the_days_of_its_own_period(
    run: str, still_open: int, days: int
) -> None:
    result = play(OPEN, *filings(), run=run)
    assert values(result, "open")["U1"] == still_open
    assert values(result, "begun")["U1"] == days


LATE = """
rules:
  near_end: {title: 期末十天内, on: complaint, whom: unit, where: "days(happened, period.end) < 10", amount: {value: "-days(period.start, happened)", ledger: points}, period: month}
"""


def test_event_rule_reads_the_period_that_its_fact_counts_in() -> None:
    happened = ("2025-07-21", "2025-07-22", "2025-08-22", "2025-09-30")
    facts = [fact("complaint", one, one, unit="U1") for one in happened]
    assert numbers(play(LATE, *facts), "near_end") == {
        "2025-07-22": Fraction(-21),
        "2025-08-22": Fraction(-21),
        "2025-09-30": Fraction(-29),
    }


def test_event_rule_of_a_campaign_reads_the_days_of_the_run() -> None:
    facts = [fact("complaint", one, one, unit="U1") for one in ("2025-07-11", "2025-07-12")]
    body = LATE.replace("period: month", "period: campaign")
    found = numbers(play(body, *facts, run="2025-07-01..2025-07-21"), "near_end")
    assert found == {"2025-07-12": Fraction(-11)}


def test_rule_that_looks_back_on_earlier_facts_may_not_read_the_period() -> None:
    body = LATE.replace("period: month", "period: month, again: {window: all, factors: [1, 2]}")
    with pytest.raises(SchemeError) as caught:
        checked(body)
    assert {fault.code for fault in caught.value.faults} == {"no-period"}
    assert "again" in str(caught.value)
