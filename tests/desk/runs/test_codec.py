"""Rows to JSON and back, exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenyou_core.assess.facts import Cell, Fact, Subject
from wenyou_core.assess.result import BarRow, Entry, EntryKind, MeasureValue
from wenyou_core.errors import Place
from wenyou_core.scheme.words import State, SubjectKind
from wenyou_desk.runs.amounts import amount_of, amount_text
from wenyou_desk.runs.codec import (
    Damaged,
    RowCodec,
    cell_json,
    cell_of,
    json_text,
    number_of,
    number_text,
    subject_of,
    subject_text,
)
from wenyou_desk.runs.factlines import fact_lines

U1 = Subject(SubjectKind.UNIT, "U1")
FRACTIONS = st.fractions(max_denominator=10**9)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    FRACTIONS, st.text(), st.booleans(), st.dates(), st.tuples(st.text(), st.text())
)
BAR = BarRow(
    what="annual_awards",
    subject=U1,
    since=date(2025, 7, 8),
    until=None,
    rule="responsible_bars",
    article="三.2(1)",
    period="2025Q3",
)


MOMENTS = st.datetimes()
FACTS = st.builds(
    Fact,
    kind=st.text(max_size=3),
    id=st.text(max_size=3),
    happened=st.dates(),
    known=MOMENTS,
    recorded=MOMENTS,
    state=st.sampled_from(State),
    at=st.none() | st.integers(0, 1439),
    unit=st.text(max_size=3),
    person=st.text(max_size=3),
    evidence=st.lists(st.text(max_size=3), max_size=2).map(tuple),
    values=st.dictionaries(st.sampled_from(["甲", "a", 'b"', "c"]), CELLS),
    place=st.builds(Place, file=st.just("甲.xlsx"), sheet=st.just("投诉"), row=st.integers(2, 9)),
)


def through_json(value: object) -> object:
    return json.loads(json.dumps(value, ensure_ascii=False))


@given(FRACTIONS)
def test_number_comes_back_exactly(number: Fraction) -> None:
    assert number_of(number_text(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(9783, 100), "97.83"),
        (Fraction(1, 3), "1/3"),
        (Fraction(-600), "-600"),
        (Fraction(0), "0"),
    ],
)
def test_number_is_a_decimal_where_one_says_it(number: Fraction, text: str) -> None:
    assert number_text(number) == text


@given(CELLS)
def test_free_value_comes_back_with_its_type(cell: Cell) -> None:
    found = cell_of(through_json(cell_json(cell)))

    assert found == cell
    assert type(found) is type(cell)


@given(st.integers(), st.integers(0, 6))
def test_amount_comes_back_exactly(amount: int, digits: int) -> None:
    assert amount_of(amount_text(amount, digits), digits) == amount


@pytest.mark.parametrize(
    ("amount", "digits", "text"),
    [(-60000, 2, "-600.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (3, 0, "3")],
)
def test_amount_shows_the_digits_of_its_ledger(amount: int, digits: int, text: str) -> None:
    assert amount_text(amount, digits) == text


def test_amount_with_other_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="2 decimals expected"):
        amount_of("1.5", 2)


@given(st.sampled_from(SubjectKind), st.text(min_size=1))
def test_subject_comes_back_whatever_its_number(kind: SubjectKind, code: str) -> None:
    found = subject_of(subject_text(Subject(kind, code)))

    assert (found.kind, found.id) == (kind, code)


def test_row_leaves_out_what_has_its_default() -> None:
    assert RowCodec(BarRow).encode(BAR) == {
        "article": "三.2(1)",
        "period": "2025Q3",
        "rule": "responsible_bars",
        "since": "2025-07-08",
        "subject": "unit:U1",
        "until": None,
        "what": "annual_awards",
    }


@given(FACTS)
def test_row_is_written_as_it_is_told(fact: Fact) -> None:
    codec = RowCodec(Fact)
    assert codec.write(fact) == json_text(codec.encode(fact))
    assert RowCodec(BarRow).write(BAR) == json_text(RowCodec(BarRow).encode(BAR))


@given(st.lists(FACTS, max_size=4))
def test_rows_are_written_together_as_each_by_itself(facts: list[Fact]) -> None:
    codec = RowCodec(Fact)
    rows = [*facts, *facts]

    assert codec.lines(rows) == [json_text(codec.encode(fact)) for fact in rows]


def test_rows_of_defaults_alone_are_empty_objects() -> None:
    assert RowCodec(Place).lines([Place(), Place()]) == ["{}", "{}"]
    assert RowCodec(Place).lines([]) == []


def test_column_can_be_told_otherwise_and_left_out_of_a_row() -> None:
    places = [Place(file="甲", row=1), Place(row=2)]

    assert RowCodec(Place).lines(places, {"file": ["", '"乙"']}) == [
        '{"row":1}',
        '{"file":"乙","row":2}',
    ]


@given(st.lists(FACTS, max_size=4))
def test_facts_are_written_as_other_rows_but_for_the_moment_said_twice(facts: list[Fact]) -> None:
    told = [RowCodec(Fact).encode(fact) for fact in facts]
    for row in told:
        if row["recorded"] == row["known"]:
            del row["recorded"]

    assert list(fact_lines(facts)) == [json_text(row) for row in told]


def test_row_has_its_keys_in_order() -> None:
    assert list(RowCodec(BarRow).encode(BAR)) == sorted(RowCodec(BarRow).encode(BAR))


@pytest.mark.parametrize("until", [None, date(2025, 12, 31)])
def test_row_comes_back(until: date | None) -> None:
    row = replace(BAR, until=until)

    assert RowCodec(BarRow).decode(through_json(RowCodec(BarRow).encode(row))) == row


@given(FRACTIONS, FRACTIONS, st.text())
def test_measure_comes_back(num: Fraction, den: Fraction, absent: str) -> None:
    row = MeasureValue(measure="rate", subject=U1, period="2025Q3", num=num, den=den, absent=absent)

    assert RowCodec(MeasureValue).decode(through_json(RowCodec(MeasureValue).encode(row))) == row


def test_entry_and_fact_come_back_with_everything_filled_in() -> None:
    entry = Entry(
        rule="repeat_unit",
        article="三.1",
        kind=EntryKind.EVENT,
        subject=U1,
        ledger="money",
        amount=-7500,
        period="2025Q3",
        day=date(2025, 7, 8),
        fact_kind="finding",
        fact="JC-2",
        base=-5000,
        factor=Fraction(3, 2),
        bound=True,
        count=2,
        earlier="JC-1",
        quantity=Fraction(1, 3),
        cause="x|y",
        part=1,
        decision="JD-1",
    )
    fact = Fact(
        kind="finding",
        id="JC-2",
        happened=date(2025, 7, 8),
        known=datetime.fromisoformat("2025-07-08T18:00"),
        recorded=datetime.fromisoformat("2025-07-09T00:00"),
        state=State.WITHDRAWN,
        at=0,
        unit="U1",
        person="0001",
        evidence=("照片.jpg", "录像"),
        values={"points": Fraction(5, 2), "counted": False, "who": ("0001", "0002")},
        place=Place(file="台账.xlsx", sheet="检查扣分", row=7),
    )

    for row in (entry, fact):
        found = RowCodec(type(row)).decode(through_json(RowCodec(type(row)).encode(row)))
        assert found == row
    assert RowCodec(Fact).decode(through_json(RowCodec(Fact).encode(fact))).place == fact.place


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"since": "2025-02-30"}, "BarRow.since"),
        ({"subject": "U1"}, "BarRow.subject: 'U1'"),
        ({"since": None}, "BarRow.since"),
        ({"rule": 3}, "BarRow.rule: 3"),
        ({"amount": "3"}, "unknown ['amount']"),
    ],
)
def test_damaged_row_is_refused_with_its_field(change: dict[str, object], text: str) -> None:
    row = {**RowCodec(BarRow).encode(BAR), **change}

    with pytest.raises(Damaged) as damaged:
        RowCodec(BarRow).decode(row)

    assert text in str(damaged.value)


def test_count_is_written_as_a_whole_number_or_not_at_all() -> None:
    entry = Entry(
        kind=EntryKind.EVENT,
        rule="slip",
        article="一",
        subject=U1,
        ledger="points",
        amount=True,
        period="2025Q3",
        day=date(2025, 7, 8),
    )
    codec = RowCodec(Entry)

    assert codec.decode(json.loads(codec.write(entry))).amount == 1
    half: Any = Fraction(1, 2)
    with pytest.raises(TypeError):
        codec.write(replace(entry, amount=half))


def test_row_without_a_needed_field_is_refused() -> None:
    row = RowCodec(BarRow).encode(BAR)
    del row["rule"]

    with pytest.raises(Damaged, match=r"BarRow\.rule is missing"):
        RowCodec(BarRow).decode(row)
