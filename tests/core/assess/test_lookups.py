"""Numbers of tables in expressions, and days added to dates: the same in both back ends."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.core.assess.differ import Bench
from tests.core.assess.make import day, fact, person, post, unit
from tests.core.assess.play import book, numbers, play, program, told, values
from wenyou_core.assess.facts import Fact
from wenyou_core.errors import SchemeError

TABLE = """
tables:
  weight: {title: 类型系数, by: [type, unit.class], values: {环境/一类: 1.5, 用语/一类: 2, 环境/二类: 0.25}}
  line: {title: 分组目标, by: [unit.class], values: {一类: 3, 二类: 0.5}}
measures:
  points: {title: 折算扣分, each: outlets, facts: finding, how: sum, of: points * table.weight}
rules:
  weighed: {title: 按系数, on: finding, where: exists table.weight, whom: unit, amount: {value: -10 * table.weight, ledger: points}}
  over: {title: 超过目标, each: outlets, when: points > table.line, amount: -1 分}
"""
UNITS = (
    unit("B", kind="支行"),
    unit("U1", "B", kind="网点", **{"class": "一类"}),
    unit("U2", "B", kind="网点", **{"class": "二类"}),
    unit("U3", "B", kind="网点"),
)


def found(id: str, unit: str, type: str, points: int) -> Fact:
    return fact("finding", id, "2025-08-01", unit=unit, type=type, points=Fraction(points))


FINDINGS = [
    found("a", "U1", "环境", 2),
    found("b", "U1", "用语", 1),
    found("c", "U2", "环境", 2),
    found("d", "U2", "用语", 4),  # no row
    found("e", "U3", "环境", 4),  # no class
]


def test_a_number_of_a_table_is_read_for_the_words_of_the_fact() -> None:
    result = play(TABLE, *FINDINGS, units=UNITS)
    assert numbers(result, "weighed") == {"a": -15, "b": -20, "c": Fraction("-2.5")}
    assert values(result, "points") == {"U1": 5, "U2": Fraction("0.5"), "U3": 0}


def test_a_number_of_a_table_is_read_for_the_attributes_of_a_subject() -> None:
    result = play(TABLE, *FINDINGS, units=UNITS)
    assert told(result, "over") == [("over", "period", "U1", Fraction(-1))]


def test_both_back_ends_read_the_same_numbers(bench: Bench) -> None:
    assert bench.difference(program(TABLE), book(FINDINGS, units=UNITS), None) == ""


def test_a_table_that_is_unset_is_asked_for_before_a_run() -> None:
    body = TABLE.replace("values: {一类: 3, 二类: 0.5}", "values: {一类: 3, 二类: null}")
    with pytest.raises(SchemeError) as caught:
        program(body)
    assert [one.code for one in caught.value.faults] == ["unset"]


REFUSED = {
    "an unknown table": ("points > table.line", "points > table.lines", "unknown-name"),
    "a field of the fact for a subject": ("points > table.line", "points > table.weight", "no-fact"),
    "a word that the list does not have": ("{一类: 3,", "{三类: 3,", "unknown-word"),
    "amounts in an expression": ("{一类: 3, 二类: 0.5}", "{一类: 3 分, 二类: 1 分}", "wrong-type"),
    "numbers for an amount": ("amount: -1 分", "amount: {table: line}", "wrong-type"),
    "more decimals than the ledger": ("环境/一类: 1.5", "环境/一类: 1.5555", "too-many-digits"),
    "a date and a date": ("points > table.line", "period.end - period.start > 3", "wrong-type"),
    "a date and half a day": ("points > table.line", "period.end > period.start + 0.5", "wrong-type"),
    "a number and a date": ("points > table.line", "period.end > 1 + period.start", "wrong-type"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_a_lookup_that_means_nothing_is_refused(what: str) -> None:
    old, new, code = REFUSED[what]
    assert TABLE.count(old) == 1
    with pytest.raises(SchemeError) as caught:
        program(TABLE.replace(old, new))
    assert {one.code for one in caught.value.faults} == {code}
    assert all(one.text.endswith("。") for one in caught.value.faults)


# -- days added to dates ---------------------------------------------------------------------

DUE = """
rules:
  late: {title: 十五天内未办结, on: finding, where: "ruled > happened + 15", whom: unit, amount: -1 分}
  shifted: {title: 遇休息日顺延, on: finding, where: "workdays(happened + 14, ruled - 1) >= 1", whom: unit, amount: -2 分}
  working: {title: 工作日, on: finding, where: "workdays(happened - 1, happened) = 1", whom: unit, amount: -4 分}
"""
# 2025-05-23 plus 15 days is Saturday 2025-06-07: due on Monday 2025-06-09 when it moves on.
RULED = [
    fact("finding", f"f{at}", "2025-05-23", unit="U1", ruled=day(on))
    for at, on in enumerate(("2025-06-07", "2025-06-08", "2025-06-09", "2025-06-10"))
]


def test_a_due_day_moves_on_to_a_working_day(bench: Bench) -> None:
    result = play(DUE, *RULED, run="2025Q2", calendar=bench.calendar)
    assert set(numbers(result, "late")) == {"f1", "f2", "f3"}
    assert set(numbers(result, "shifted")) == {"f3"}
    assert set(numbers(result, "working")) == {"f0", "f1", "f2", "f3"}


def test_both_back_ends_add_the_same_days(bench: Bench) -> None:
    saturday = fact("finding", "f9", "2025-05-24", unit="U1", ruled=day("2025-06-09"))
    given = book([*RULED, saturday])
    assert bench.difference(program(DUE, "2025Q2"), given, None) == ""


def test_a_day_beyond_the_calendar_is_absent() -> None:
    last = fact("finding", "f", "2025-08-01", unit="U1", ruled=date.max)
    body = """
rules:
  one: {title: 加一天, on: finding, where: exists (ruled + 1), whom: unit, amount: -1 分}
  two: {title: 减一天, on: finding, where: exists (ruled - 1), whom: unit, amount: -1 分}
"""
    assert told(play(body, last)) == [("two", "event", "U1", Fraction(-1))]


def test_a_person_is_weighed_by_the_attribute_of_the_unit() -> None:
    body = """
tables:
  factor: {title: 网点系数, by: [unit.class], values: {一类: 1.2}}
measures:
  hours: {title: 学时, each: staff, facts: training, how: sum, of: hours * table.factor}
  base: {title: 折算基数, each: staff, value: 100 * table.factor}
"""
    taught = fact("training", "t", "2025-08-01", person="P1", hours=Fraction(5))
    posts = [post("P1", "U1"), post("P2", "U2")]
    result = play(body, taught, units=UNITS, posts=posts, persons=[person("P1"), person("P2")])
    assert values(result, "hours") == {"P1": 6, "P2": 0}
    assert values(result, "base") == {"P1": 120, "P2": None}
