"""Sums and counts that look beyond their own period: balances, years to date, rolling windows."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact, person, post
from tests.core.assess.play import book, play, program, told, values
from wenyou_core.assess.facts import Fact, Opening, Subject
from wenyou_core.assess.needs import required_facts
from wenyou_core.assess.result import Result
from wenyou_core.errors import SchemeError
from wenyou_core.scheme.words import SubjectKind

LOST = """
measures:
  lost: {title: 扣分, each: outlets, entries: [late], base: 0, WINDOW}
rules:
  late: {title: 每件扣一分, on: complaint, whom: unit, amount: -1 分}
"""
DAYS = ("2024-09-30", "2024-12-31", "2025-01-15", "2025-05-01", "2025-08-01")


def late(*days: str) -> list[Fact]:
    return [fact("complaint", f"c{at}", one, unit="U1") for at, one in enumerate(days)]


def lost(window: str, *facts: Fact, run: str = "2025Q3", openings: object = ()) -> Result:
    body = LOST.replace(", WINDOW", f", {window}" if window else "")
    return play(body, *facts, run=run, openings=openings)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("", -1),
        ("window: period", -1),
        ("window: year", -3),
        ("window: 12 months", -4),
        ("window: 365 days", -4),
        ("window: 366 days", -5),
        ("window: 9 months", -3),
        ("window: all", -5),
    ],
)
def test_entries_of_the_window_are_summed_up_to_the_end_of_the_period(
    window: str, expected: int
) -> None:
    result = lost(window, *late(*DAYS))
    assert values(result, "lost")["U1"] == expected
    assert {one.period for one in result.entries} == {"2025Q3"}


def test_a_rule_that_is_summed_over_a_window_is_computed_for_all_its_periods() -> None:
    made = program(LOST.replace("WINDOW", "window: 12 months"))
    assert [one.code for one in made.cells["late"]] == [
        "2024Q3", "2024Q4", "2025Q1", "2025Q2", "2025Q3",
    ]  # fmt: skip
    (need,) = required_facts(made)
    assert (need.since, need.till) == (day("2024-07-01"), day("2025-09-30"))


def opening(on: str, number: int) -> Opening:
    return Opening(Subject(SubjectKind.UNIT, "U1"), "points", Fraction(number), day(on))


@pytest.mark.parametrize(
    ("window", "on", "expected"),
    [
        ("window: year, opening: true", "2025-01-01", 12 - 3),
        ("window: year, opening: true", "2024-12-31", 12 - 3),
        ("window: year, opening: true", "2024-11-01", 12 - 3),
        ("window: year, opening: true", "2025-05-01", 12 - 2),
        ("window: year, opening: true", "2025-05-02", 12 - 1),
        ("window: all, opening: true", "2024-12-01", 12 - 4),
        ("opening: true", "2025-01-01", 12 - 1),
    ],
)
def test_a_balance_is_carried_on_from_the_day_of_the_opening(
    window: str, on: str, expected: int
) -> None:
    result = lost(window, *late(*DAYS), openings=[opening("2023-01-01", 99), opening(on, 12)])
    assert values(result, "lost")["U1"] == expected


def test_a_balance_that_is_not_there_is_missing() -> None:
    result = lost("window: year, opening: true", *late(*DAYS))
    assert values(result, "lost")["U1"] == -3
    assert {one.kind for one in result.missing} == {"points"}


CYCLED = """
measures:
  lost: {title: 扣分, each: staff, entries: [late], window: cycle person.joined}
rules:
  late: {title: 每件扣一分, on: complaint, whom: person, amount: -1 分}
"""


def test_entries_of_the_last_closed_personal_cycle_are_summed() -> None:
    facts = [
        fact("complaint", f"c{at}", one, unit="U1", person="P1")
        for at, one in enumerate(("2024-02-29", "2024-03-01", "2025-02-28", "2025-03-01"))
    ]
    people = [person("P1", joined=day("2020-03-01")), person("P2")]
    posts = [post("P1", "U1"), post("P2", "U1")]
    result = play(CYCLED, *facts, persons=people, posts=posts)
    assert values(result, "lost") == {"P1": -2, "P2": None}
    assert {one.what for one in result.missing} == {"attribute"}


@pytest.mark.parametrize(
    ("days", "lost", "lacking"),
    [
        (["2025-07-01"], -2, {"opening"}),
        (["2025-03-01"], -2, {"opening"}),
        (["2025-02-28", "2025-07-01"], 12 - 1, set()),
        (["2024-03-01", "2025-03-01"], 12 - 2, set()),
    ],
)
def test_a_balance_dated_after_the_end_of_a_closed_cycle_is_not_of_the_cycle(
    bench: Bench, days: list[str], lost: int, lacking: set[str]
) -> None:
    facts = [
        fact("complaint", f"c{at}", one, unit="U1", person="P1")
        for at, one in enumerate(("2024-03-01", "2025-02-28", "2025-03-01", "2025-08-01"))
    ]
    openings = [
        Opening(Subject(SubjectKind.PERSON, "P1"), "points", Fraction(12), day(one)) for one in days
    ]
    body = CYCLED.replace("person.joined}", "person.joined, opening: true}")
    given = {
        "persons": [person("P1", joined=day("2020-03-01"))],
        "posts": [post("P1", "U1")],
        "openings": openings,
    }
    result = play(body, *facts, **given)  # type: ignore[arg-type]
    assert values(result, "lost") == {"P1": lost}
    assert {one.what for one in result.missing} == lacking
    known = book(facts, **given)  # type: ignore[arg-type]
    assert bench.difference(program(body), known, None) == ""


def test_a_window_of_entries_may_not_be_a_parameter() -> None:
    body = LOST.replace("WINDOW", "window: param.w")
    with pytest.raises(SchemeError) as caught:
        program(f"params: {{w: {{title: 回看, type: window, value: 12 months}}}}\n{body}")
    assert [one.code for one in caught.value.faults] == ["bad-window"]


# -- obligations -------------------------------------------------------------------------

VISITS = """
params:
  often: {title: 检查次数, type: int, value: 1}
obligations:
  visit: {title: 两个月检查一次, who: 办公室, each: outlets, facts: filing, every: two_months, times: param.often, window: 2 months, period: month}
"""


def test_a_rolling_obligation_counts_the_facts_of_its_window() -> None:
    facts = [
        fact("filing", "f1", "2025-06-01", unit="U1"),
        fact("filing", "f2", "2025-07-31", unit="U2"),
        fact("filing", "f3", "2025-05-31", unit="U3"),
    ]
    result = play(VISITS, *facts)
    done = {
        (one.subject.id, one.period): f"{one.done}/{one.owed}"
        for one in result.obligations
        if one.subject.id in ("U1", "U2", "U3")
    }
    assert done == {
        ("U1", "2025-07"): "1/1",
        ("U1", "2025-08"): "0/1",
        ("U1", "2025-09"): "0/1",
        ("U2", "2025-07"): "1/1",
        ("U2", "2025-08"): "1/1",
        ("U2", "2025-09"): "0/1",
        ("U3", "2025-07"): "0/1",
        ("U3", "2025-08"): "0/1",
        ("U3", "2025-09"): "0/1",
    }


def test_the_look_back_of_a_rolling_obligation_must_be_covered() -> None:
    (need,) = required_facts(program(VISITS))
    assert (need.kind, need.since, need.till) == ("filing", day("2025-06-01"), day("2025-09-30"))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("window: 2 months, ", "", "bad-period"),
        ("window: 2 months", "window: cycle unit.closed", "bad-date"),
        ("each: outlets, facts: filing, ", "", "superfluous"),
    ],
)
def test_a_rolling_obligation_that_means_nothing_is_refused(old: str, new: str, code: str) -> None:
    with pytest.raises(SchemeError) as caught:
        program(VISITS.replace(old, new))
    assert [one.code for one in caught.value.faults] == [code]


# -- days of the period --------------------------------------------------------------------

PRO_RATA = """
measures:
  days_there: {title: 在岗天数, each: staff, value: "days(period.start, period.end) + 1 - first(max(0, days(period.start, person.joined)), 0)"}
  days_all: {title: 期间天数, each: staff, value: "days(period.start, period.end) + 1"}
  part: {title: 在岗比例, ratio: [days_there, days_all], empty: apart, round: {digits: 4, mode: half_up}}
rules:
  bonus: {title: 按在岗比例, each: staff, when: "days(person.joined, period.end) >= 30", amount: {value: 1000 * part, ledger: money, round: {digits: 2, mode: half_up}}}
"""


def test_the_days_of_the_period_give_a_share_for_people_who_came_in_it() -> None:
    joined = {"P1": "2020-01-01", "P2": "2025-08-16", "P3": "2025-09-15"}
    people = [person(name, joined=day(on)) for name, on in joined.items()]
    posts = [post(name, "U1") for name in joined]
    result = play(PRO_RATA, persons=people, posts=posts)
    assert values(result, "days_there") == {"P1": 92, "P2": 46, "P3": 16}
    assert told(result, "bonus") == [
        ("bonus", "period", "P1", Fraction(1000)),
        ("bonus", "period", "P2", Fraction(500)),
    ]


def test_a_fact_knows_no_other_days_of_its_period_than_the_first_and_the_last() -> None:
    body = LOST.replace(", WINDOW", "").replace(
        "whom: unit", "whom: unit, where: period.middle > happened"
    )
    with pytest.raises(SchemeError) as caught:
        program(body)
    assert [one.code for one in caught.value.faults] == ["unknown-name"]


def test_a_day_that_a_period_does_not_have_is_refused() -> None:
    with pytest.raises(SchemeError) as caught:
        program(PRO_RATA.replace("person.joined, period.end", "person.joined, period.ends"))
    assert [one.code for one in caught.value.faults] == ["unknown-name"]
    assert "period.end" in caught.value.faults[0].text
