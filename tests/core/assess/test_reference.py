"""The engine as a whole: order leaves no trace, causes reach only what follows from them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.assess.make import fact, moment
from tests.core.assess.play import COMPLETE, OUTLETS, book, play, program, total, values
from tests.core.worktime.shipped import shipped_calendar
from wenyou_core.assess.collect import ENGINE
from wenyou_core.assess.facts import Fact
from wenyou_core.assess.reference import assess
from wenyou_core.assess.result import EntryKind, Result

BODY = """
sets:
  one: {title: 择一, choose: highest}
tables:
  fines: {title: 标准, by: [type], values: {环境: -50 元, 用语: -80 元}}
measures:
  cases: {title: 件数, each: outlets, facts: finding}
  money_of_all: {title: 金额, each: outlets, ledger: money}
  place: {title: 名次, rank: cases, from: highest}
rules:
  fine: {title: 罚, on: finding, whom: unit, amount: {table: fines}, again: {window: 12 months, same: [unit, type], factors: [1, 1.5, 2]}, together: one, joint: [{whom: head, percent: 10%}]}
  flat: {title: 平, on: finding, where: points >= 3, whom: unit, amount: -70 元, together: one, limit: {floor: -200 元}}
  worst: {title: 最多, each: outlets, when: cases > 1, pick: {by: [cases], from: highest, take: 1, tie: decide}, amount: -600 元}
  appealed: {title: 申诉, exempt: finding, by: appeal, where: upheld = true, same: {id: target}}
"""
DAYS = [f"2025-0{month}-{day:02d}" for month in (3, 7, 8, 9) for day in (1, 2, 15)]
FACTS = st.lists(
    st.builds(
        lambda where, type_, points, day_: (where, type_, points, day_),
        st.sampled_from(OUTLETS[:3]),
        st.sampled_from(["环境", "用语", "纪律"]),
        st.integers(1, 5),
        st.sampled_from(DAYS),
    ),
    max_size=9,
)
Row = tuple[str, str, int, str]


def findings(rows: list[Row]) -> list[Fact]:
    return [
        fact("finding", f"f{n}", day, unit=where, type=type_, points=Fraction(points))
        for n, (where, type_, points, day) in enumerate(rows)
    ]


def appeal(target: str) -> Fact:
    return fact("appeal", f"a-{target}", "2025-09-20", unit="U1", target=target, upheld=True)


@given(FACTS, st.randoms(use_true_random=False))
def test_order_of_the_rows_leaves_no_trace(rows: list[Row], shuffle: Any) -> None:
    facts = findings(rows)
    moved = list(facts)
    shuffle.shuffle(moved)
    made = program(BODY)
    assert assess(made, book(moved)) == assess(made, book(facts))


@given(FACTS)
@settings(max_examples=25)
def test_running_twice_gives_equal_results(rows: list[Row]) -> None:
    made, given_ = program(BODY), book(findings(rows))
    assert assess(made, given_) == assess(made, given_)


@given(FACTS)
def test_entries_add_up_to_the_ledger_of_every_subject(rows: list[Row]) -> None:
    result = play(BODY, *findings(rows))
    for outlet in OUTLETS:
        assert values(result, "money_of_all")[outlet] == total(result, outlet)


@given(FACTS)
def test_adjusting_entry_names_an_entry_that_is_there(rows: list[Row]) -> None:
    result = play(BODY, *findings(rows))
    keys = {one.key for one in result.entries}
    assert len(keys) == len(result.entries)
    assert all(one.cause in keys for one in result.entries if one.cause)


@given(FACTS, st.integers(0, 8))
def test_exemption_reaches_others_only_through_counts_and_ranks(rows: list[Row], at: int) -> None:
    facts = findings(rows)
    target = f"f{at % max(len(rows), 1)}"
    before = {one.key: one for one in play(BODY, *facts).entries if one.fact != target}
    after = {one.key: one for one in play(BODY, *facts, appeal(target)).entries}
    assert not any(one.fact == target for one in after.values())
    for key, entry in before.items():
        if entry.kind is EntryKind.EVENT:
            now = after[key]
            assert (now.subject, now.base, now.day) == (entry.subject, entry.base, entry.day)
            assert now == entry or entry.count > now.count


@given(FACTS)
def test_fact_of_a_later_period_changes_nothing(rows: list[Row]) -> None:
    later = fact("finding", "later", "2025-10-01", unit="U1", type="环境", points=Fraction(5))
    before, after = play(BODY, *findings(rows)), play(BODY, *findings(rows), later)
    assert before.entries == after.entries
    assert before.measures == after.measures


@given(FACTS)
def test_withdrawn_fact_is_as_if_it_had_never_been(rows: list[Row]) -> None:
    facts = findings(rows)
    gone = fact("finding", "gone", "2025-08-01", unit="U1", type="环境", state="withdrawn")
    assert play(BODY, *facts, gone).entries == play(BODY, *facts).entries


def test_correction_is_not_there_when_replayed_as_known_before() -> None:
    (first,) = findings([("U1", "环境", 4, "2025-08-01")])
    corrected = replace(
        first, recorded=moment("2025-10-20T09:00"), values={**first.values, "type": "用语"}
    )
    first_run = play(BODY, first)
    replayed = play(BODY, first, corrected, known_at=moment("2025-10-19T00:00"))
    assert replace(replayed, known_at=None) == first_run
    fines = [one.base for one in play(BODY, first, corrected).entries if one.rule == "fine"]
    assert fines[0] == -8000


def test_result_names_plan_engine_period_and_facts() -> None:
    one, other = play(BODY), play(BODY, *findings([("U1", "环境", 4, "2025-08-01")]))
    assert (one.plan, one.version, one.engine, one.period) == ("small", "1", ENGINE, "2025Q3")
    assert len(one.facts_digest) == 64
    assert one.facts_digest != other.facts_digest
    assert one.plan_digest == other.plan_digest


def test_digest_of_the_facts_depends_neither_on_order_nor_on_kinds_not_looked_at() -> None:
    facts = findings([("U1", "环境", 4, "2025-08-01"), ("U2", "环境", 4, "2025-08-01")])
    training = fact("training", "t1", "2025-08-01", person="H1", hours=Fraction(1))
    digests = {
        play(BODY, *given_).facts_digest for given_ in (facts, facts[::-1], [*facts, training])
    }
    assert len(digests) == 1


def test_money_without_the_adoption_record_is_not_lawful_yet() -> None:
    assert not play(BODY).lawful


def test_result_lists_the_members_of_every_population() -> None:
    found = play(BODY).subjects
    assert [one.id for one in found["outlets"]] == list(OUTLETS)
    assert [one.id for one in found["whole"]] == ["B"]


WORKDAYS = """
rules:
  slow: {title: 迟, on: finding, where: "workdays(happened, ruled) > 3", whom: unit, amount: -1 元, also: true}
"""


def slow(happened: str, ruled: str, **given_: Any) -> Result:
    one = fact("finding", "f1", happened, unit="U1", ruled=moment(ruled).date())
    return play(WORKDAYS, one, **given_)


def test_working_days_are_counted_by_the_calendar() -> None:
    calendar = shipped_calendar()
    # Friday to Wednesday: three; to Thursday: four
    assert slow("2025-07-04", "2025-07-09", calendar=calendar).entries == ()
    assert len(slow("2025-07-04", "2025-07-10", calendar=calendar).entries) == 1


def test_working_days_without_a_calendar_are_missing_and_never_guessed() -> None:
    result = slow("2025-07-04", "2025-07-10")
    assert result.entries == ()
    assert [one.what for one in result.missing] == ["calendar"]


def test_person_and_unit_of_one_number_are_two_subjects() -> None:
    body = "rules:\n  both: {title: 罚, on: finding, whom: [unit, person], amount: -5 元, limit: {floor: -8 元}, also: true}\n"
    given_ = [fact("finding", f"f{n}", "2025-08-01", unit="U1", person="U1") for n in range(2)]
    result = play(body, *given_, coverage=COMPLETE)
    limits = [one for one in result.entries if one.kind is EntryKind.LIMIT]
    assert [(one.subject.kind.value, one.amount) for one in limits] == [
        ("unit", 200),
        ("person", 200),
    ]
