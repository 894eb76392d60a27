"""From the short rows of a case to the book an assessment reads."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.core.assess.make import moment
from wenyou_core.assess.casebook import adoption_of, fact_book, units_of_plan
from wenyou_core.assess.facts import Cell, FactBook, Subject
from wenyou_core.errors import FactsError
from wenyou_core.scheme.cases import Case, load_cases
from wenyou_core.scheme.load import load_plan
from wenyou_core.scheme.texts import parse_sum
from wenyou_core.scheme.words import State, SubjectKind

FILE = "cases.yaml"
PLAN = load_plan(
    """plan: {id: p, version: "1", title: 方案, issuer: 支行, valid_from: 2024-01-01}
lists: {levels: [甲级, 乙级]}
ledgers: {points: {title: 积分, unit: 分, digits: 1}, money: {title: 绩效, unit: 元, digits: 2}}
unit_fields: {class: {title: 类别, type: choice, choices: levels}, kind: {title: 类型}}
person_fields: {joined_on: {title: 入职日期, type: date}}
facts:
  finding:
    title: 检查
    subjects: [unit, person]
    fields:
      level: {title: 级别, type: choice, choices: levels, required: true}
      points: {title: 扣分, type: decimal, digits: 1}
      loss: {title: 损失, type: money}
      times: {title: 次数, type: int}
      counted: {title: 列入考核, type: bool}
      ruled_on: {title: 认定日期, type: date}
      began: {title: 开始时间, type: time}
      people: {title: 在场人员, type: persons}
  training: {title: 培训, subjects: [person], fields: {}}
  filing: {title: 报备, subjects: [unit], fields: {starts: {title: 起, type: date}, ends: {title: 止, type: date}}}
articles:
  - no: 一
    title: 报备
    kinds: [rule]
    rules:
      filed: {exempt: finding, by: filing, same: {unit: unit}, within: {from: starts, to: ends}}
""",
    "scheme.yaml",
)
LEAST = "cases:\n  - {name: 某例, article: 一, period: 2025Q3, expect: {entries: []}}\n"
HEAD = """cases:
  - name: 某例
    article: 一
    period: 2025Q3
    expect: {entries: []}
    units: [{id: U1, name: 甲网点, parent: B, kind: 网点, class: 甲级}]
"""


def case(more: str = "") -> Case:
    return load_cases(HEAD + more, FILE)[0]


def book(more: str = "") -> FactBook:
    return fact_book(case(more), PLAN)


def fact_values(cells: str) -> dict[str, Cell]:
    row = f"{{kind: finding, id: f1, unit: U1, happened: 2025-08-01, level: 甲级, {cells}}}"
    return dict(book(f"    facts: [{row}]\n").facts["finding"][0].values)


def faults(more: str) -> list[tuple[int, str]]:
    with pytest.raises(FactsError) as caught:
        book(more)
    assert {one.place.file for one in caught.value.faults} == {FILE}
    assert {one.place.article for one in caught.value.faults} == {"一"}
    return [(one.place.line, one.text) for one in caught.value.faults]


def test_the_adopting_unit_need_not_be_listed() -> None:
    units = {unit.id: unit for unit in book().units}
    assert set(units) == {"B", "U1"}
    assert units["B"].since == date(2000, 1, 1)
    assert (units["U1"].parent, units["U1"].name) == ("B", "甲网点")
    assert units["U1"].values == {"kind": "网点", "class": "甲级"}


def test_a_listed_adopting_unit_stays_as_it_is_listed() -> None:
    listed = load_cases(HEAD.replace("id: U1", "id: B").replace("parent: B, ", ""), FILE)[0]
    assert [unit.name for unit in fact_book(listed, PLAN).units] == ["甲网点"]


def test_the_adopters_of_an_own_adoption_are_declared() -> None:
    adoption = "{id: a, plan: p, version: 1, units: [B1, B2], in_force_from: 2025-01-01}"
    own = case(f"    adoption: {adoption}\n")
    assert adoption_of(own, PLAN) is own.adoption
    assert [unit.id for unit in fact_book(own, PLAN).units] == ["B1", "B2", "U1"]


def test_an_implied_adoption_carries_values_and_tables() -> None:
    adoption = adoption_of(case("    values: {base: 5}\n    tables: {t: {甲: -1 元}}\n"), PLAN)
    assert (adoption.plan, adoption.version, adoption.units) == ("p", "1", ("B",))
    assert adoption.in_force_from == date(2024, 1, 1)
    assert adoption.values["base"][0].value == Fraction(5)
    assert adoption.tables == {"t": {"甲": "-1 元"}}


def test_a_fact_is_confirmed_and_known_at_six_unless_it_says_otherwise() -> None:
    short, full = book(
        """    facts:
      - {kind: finding, id: f1, unit: U1, happened: 2025-08-01, level: 甲级}
      - {kind: finding, id: f2, unit: U1, person: P1, happened: 2025-08-01, at: 09:05, known: 2025-08-02 08:30, recorded: 2025-08-03, state: withdrawn, evidence: [a.jpg, b.jpg], level: 乙级}
"""
    ).facts["finding"]
    assert short.known == short.recorded == moment("2025-08-01T18:00")
    assert (short.state, short.at, short.person) == (State.CONFIRMED, None, "")
    assert short.place.line == 8
    assert (full.known, full.recorded) == (
        moment("2025-08-02T08:30"),
        moment("2025-08-03T18:00"),
    )
    assert (full.state, full.at, full.person) == (State.WITHDRAWN, 545, "P1")
    assert full.evidence == ("a.jpg", "b.jpg")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("points: 0.5", Fraction(1, 2)),
        ("points: 2", Fraction(2)),
        ("loss: 10000.50", Fraction(20001, 2)),
        ("times: 3", Fraction(3)),
        ("counted: true", True),
        ("counted: 否", False),
        ("ruled_on: 2025-08-03", date(2025, 8, 3)),
        ("began: 08:30", Fraction(510)),
        ("people: [P1, P2]", ("P1", "P2")),
        ("people: P1\u3001P2", ("P1", "P2")),
    ],
)
def test_a_cell_gets_the_type_of_its_field(cell: str, value: Cell) -> None:
    assert fact_values(cell) == {"level": "甲级", cell.split(":")[0]: value}


def test_an_empty_cell_is_absent() -> None:
    assert fact_values("points: null, people: , loss: ") == {"level": "甲级"}


def test_a_decision_names_somebody_and_grounds_even_when_short() -> None:
    (decision,) = book(
        "    facts: [{kind: decision, id: d1, happened: 2025-08-01, rule: r, choice: 成立, value: -3.5}]\n"
    ).facts["decision"]
    assert decision.values == {
        "by": "考核小组",
        "grounds": "案例",
        "rule": "r",
        "choice": "成立",
        "value": Fraction(-7, 2),
    }


def test_people_with_posts_need_not_be_listed() -> None:
    found = book(
        """    persons: [{id: P1, name: 甲某, joined_on: 2020-02-29}]
    posts:
      - {person: P1, unit: U1, post: 负责人}
      - {person: P2, unit: U1, post: 柜员, since: 2025-01-01, till: 2025-06-30, acting: true}
"""
    )
    assert [(one.id, one.name) for one in found.persons] == [("P1", "甲某"), ("P2", "P2")]
    assert found.persons[0].values == {"joined_on": date(2020, 2, 29)}
    assert [(one.person, one.since, one.till, one.acting) for one in found.posts] == [
        ("P1", date(2000, 1, 1), None, False),
        ("P2", date(2025, 1, 1), date(2025, 6, 30), True),
    ]


def test_everything_is_complete_unless_coverage_is_given() -> None:
    assert {one.kind for one in book().coverage} == {"finding", "training", "filing"}
    assert all(one.since.year == 1900 and one.till.year == 2199 for one in book().coverage)
    given = book(
        "    coverage: [{kind: finding, unit: U1, since: 2025-07-01, till: 2025-09-30}, {till: 2025-01-01}]\n"
    ).coverage
    assert [(one.kind, one.unit, one.till) for one in given] == [
        ("finding", "U1", date(2025, 9, 30)),
        ("finding", "", date(2025, 1, 1)),
        ("training", "", date(2025, 1, 1)),
        ("filing", "", date(2025, 1, 1)),
    ]
    assert book("    coverage: []\n").coverage == ()


def test_an_opening_balance_names_its_ledger() -> None:
    unit, person = book(
        "    openings: [{unit: U1, amount: -12 分, on: 2025-01-01}, {person: P1, amount: 3 points, on: 2025-01-01, note: 上年}]\n"
    ).openings
    assert (unit.subject, unit.ledger, unit.number) == (
        Subject(SubjectKind.UNIT, "U1"),
        "points",
        Fraction(-12),
    )
    assert (person.subject.kind, person.note) == (SubjectKind.PERSON, "上年")


def test_an_expected_amount_is_read_with_the_plans_units() -> None:
    assert parse_sum("-600 元", units_of_plan(PLAN)).ledger == "money"


FACT = "    facts: [{kind: finding, id: f1, unit: U1, happened: 2025-08-01, level: 甲级%s}]\n"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (FACT.replace("finding", "findng") % "", "方案里没有“findng”这种事实；是否想写“finding”？"),
        (FACT % ", point: 3", "没有“point”这一列；是否想写“points”？"),
        (FACT % ", points: 多", "“points”：“多”不是数，请写成“600”“1.5”或“20%”的样子（半角）。"),
        (FACT % ", points: 0.25", "“points”至多1位小数，现在是“0.25”，请改正。"),
        (
            FACT % ", times: 10000000000000000000",
            "“times”现在是“10000000000000000000”，超出了能记的范围，请核对后改小。",
        ),
        (
            FACT % ", points: 922337203685477580.8",
            "“points”现在是“922337203685477580.8”，超出了能记的范围，请核对后改小。",
        ),
        (FACT % ", points: [1]", "“points”应是一个值，不能是列表。"),
        (FACT % ", times: 1.5", "“times”：“1.5”应是整数，请改正。"),
        (FACT % ", counted: yes", "“counted”：“yes”不是是非值，请写 true 或 false。"),
        (FACT % ", state: 已确认", "“state”不能写“已确认”；可用的有proposed、confirmed、withdrawn。"),
        (FACT % ", at: 9点", "“at”：“9点”不是时刻，请写成“08:30”的样子。"),
        (FACT % ", known: 昨天", "“昨天”不是时间，请写成“2025-08-01 18:00”的样子。"),
        (FACT.replace("甲级", "丙级") % "", "“level”：“丙级”不在可选的词里；可选的有甲级、乙级。"),
        (FACT.replace(", level: 甲级", "") % "", "缺少“level”（级别），请补上。"),
        (FACT.replace("unit: U1, ", "") % "", "“检查”缺少“unit”（机构号），请补上。"),
        (FACT.replace("U1", "U9") % "", "没有机构“U9”；请在 units 里写出。"),
        (FACT.replace("id: f1, ", "") % "", "缺少“id”，请补上。"),
        (FACT.replace("happened: 2025-08-01, ", "") % "", "缺少“happened”，请补上。"),
        (FACT.replace("2025-08-01", "2025-8-1") % "", "“happened”：“2025-8-1”不是日期，请写成“2025-03-01”的样子。"),
        ("    facts: [{kind: training, id: t, happened: 2025-08-01}]\n", "“培训”缺少“person”（员工号），请补上。"),
        ("    facts: [{kind: decision, id: d, happened: 2025-08-01}]\n", "缺少“rule”（规则），请补上。"),
        ("    posts: [{person: P1, unit: U2, post: 柜员}]\n", "没有机构“U2”；请在 units 里写出。"),
        ("    persons: [{id: P1, joined: 2025-01-01}]\n", "没有“joined”这一列；是否想写“joined_on”？"),
        ("    coverage: [{kind: check}]\n", "方案里没有“check”这种事实；请先在方案的 facts 里写出。"),
        ("    openings: [{amount: 1 分, on: 2025-01-01}]\n", "期初余额要写“unit”或“person”之一。"),
        (
            "    openings: [{unit: U1, amount: 1 星, on: 2025-01-01}]\n",
            "“amount”：“1 星”的单位“星”不属于任何台账；本方案的单位有分、元、points、money。",
        ),
    ],
)  # fmt: skip
def test_a_bad_row_is_told_with_its_line(more: str, sentence: str) -> None:
    assert faults(more) == [(7, sentence)]


def test_all_faults_of_a_case_are_told_together() -> None:
    found = faults(
        FACT % ", points: 多, x: 1" + "    posts: [{person: P1, unit: U9, post: 柜员}]\n"
    )
    assert [line for line, _ in found] == [7, 7, 8]


def test_the_least_case_gives_an_empty_book_with_the_adopter() -> None:
    (least,) = load_cases(LEAST, FILE)
    assert [unit.id for unit in fact_book(least, PLAN).units] == ["B"]


DECIDED = "    facts: [{kind: decision, id: d, happened: 2025-08-01, rule: r%s}]\n"
FILED = "    facts: [{kind: filing, id: b1, unit: U1, happened: 2025-08-01, starts: 2025-08-%s, ends: 2025-08-%s}]\n"
POSTED = "    posts: [{person: P1, unit: U1, post: 柜员, since: 2025-08-%s, till: 2025-08-%s}]\n"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (
            FACT % ", known: 2025-07-31 18:00",
            "“known”（2025-07-31）早于“happened”（2025-08-01）："
            "还没有发生的事不能登记为事实，请核对这两处。",
        ),
        (
            FACT % ", recorded: 2025-08-01 09:00",
            "“recorded”（2025-08-01 09:00:00）早于“known”（2025-08-01 18:00:00），请核对这两处。",
        ),
        (FILED % ("09", "08"), "“ends”（2025-08-08）早于“starts”（2025-08-09），请核对这两处。"),
        (POSTED % ("02", "01"), "“till”（2025-08-01）早于“since”（2025-08-02），请核对这两处。"),
        (
            "    persons: [{id: P1, since: 2025-08-02, till: 2025-08-01}]\n",
            "“till”（2025-08-01）早于“since”（2025-08-02），请核对这两处。",
        ),
        (
            "    coverage: [{since: 2025-08-02, till: 2025-08-01}]\n",
            "“till”（2025-08-01）早于“since”（2025-08-02），请核对这两处。",
        ),
        (
            FACT.replace("}]", "}, {kind: finding, id: f1, unit: U1, level: 甲级, happened: 2025-08-02, recorded: 2025-08-01 18:00}]")
            % ", recorded: 2025-08-01 18:00",
            "“recorded”（2025-08-01 18:00:00）早于“known”（2025-08-02 18:00:00），请核对这两处。",
        ),
        (DECIDED % "", "“choice”和“value”都没有写，请写明决定的内容。"),
    ],
)  # fmt: skip
def test_cells_that_cannot_stand_together_are_told_with_their_line(
    more: str, sentence: str
) -> None:
    assert (7, sentence) in faults(more)


@pytest.mark.parametrize(
    "more",
    [
        FACT % ", known: 2025-08-01 00:00",
        FACT % ", known: 2025-08-01 09:00, recorded: 2025-08-01 09:00",
        FILED % ("08", "08"),
        POSTED % ("01", "01"),
        DECIDED % ", value: 1",
        "    facts: [{kind: filing, id: b1, unit: U1, happened: 2025-08-01, ends: 2025-07-01}]\n",
    ],
)
def test_cells_that_are_only_odd_are_taken(more: str) -> None:
    found = fact_book(case(more), PLAN)
    assert found.facts or found.posts


def test_number_said_twice_for_one_moment_is_told_once() -> None:
    more = (FACT % "").replace(
        "}]", "}, {kind: finding, id: f1, unit: U1, level: 乙级, happened: 2025-08-01}]"
    )
    assert faults(more) == [(7, "编号“f1”写了两次；请改编号，是更正的请写不同的 recorded。")]
