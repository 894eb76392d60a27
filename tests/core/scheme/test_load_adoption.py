"""Adoption files: what they set, kept untyped until the plan is known."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from wenyou_core.errors import Place, SchemeError
from wenyou_core.scheme.load import load_adoption
from wenyou_core.scheme.model import AdoptionRecord, Dated

FILE = "adoption.yaml"
HEAD = """adoption:
  id: demo
  plan: p
  version: 2025.1
  units: B001
  in_force_from: 2025-01-01
"""


def faults(text: str) -> list[tuple[int, str]]:
    with pytest.raises(SchemeError) as caught:
        load_adoption(text, FILE)
    assert all(one.place.file == FILE for one in caught.value.faults)
    return [(one.place.line, one.text) for one in caught.value.faults]


def test_the_least_adoption_loads() -> None:
    adoption = load_adoption(HEAD, FILE)
    assert (adoption.id, adoption.plan, adoption.version) == ("demo", "p", "2025.1")
    assert adoption.units == ("B001",)
    assert adoption.in_force_to is None
    assert not adoption.record.complete
    assert adoption.place == Place(file=FILE, line=2)


def test_a_single_value_holds_from_the_first_day_in_force() -> None:
    text = HEAD + "  values: {by: happened, fine: 600, rate: 12.5%, on: true, unset: }\n"
    values = load_adoption(text, FILE).values
    place = Place(file=FILE, line=7)
    first = date(2025, 1, 1)
    assert values["by"] == (Dated(since=first, value="happened", place=place),)
    assert [values[name][0].value for name in ("fine", "rate", "on")] == [
        Fraction(600),
        "12.5%",
        True,
    ]
    assert values["unset"] == ()


def test_dated_values_tables_roles_and_record_are_kept() -> None:
    adoption = load_adoption(
        HEAD
        + """  values:
    cap: [{since: 2025-07-01, value: 500}, {since: 2025-01-01, value: 400 元}]
  tables: {fine: {环境卫生: -50 元, 其他: 3}}
  roles: {head: [网点主任, 副主任], deputy: 内勤}
  record: {consulted_on: 2024-12-10, published_on: 2024-12-20, acknowledged_on: 2024-12-28, documents: 会议纪要1号}
""",
        FILE,
    )
    assert [(one.since.month, one.value) for one in adoption.values["cap"]] == [
        (1, "400 元"),
        (7, Fraction(500)),
    ]
    assert adoption.tables == {"fine": {"环境卫生": "-50 元", "其他": "3"}}
    assert adoption.roles == {"head": ("网点主任", "副主任"), "deputy": ("内勤",)}
    assert adoption.record == AdoptionRecord(
        consulted_on=date(2024, 12, 10),
        published_on=date(2024, 12, 20),
        acknowledged_on=date(2024, 12, 28),
        documents=("会议纪要1号",),
    )
    assert adoption.record.complete


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("plan: {}\n", 1, "这是方案，不是采用文件；这里请指明采用文件，方案另外给出。"),
        ("values: {}\n", 1, "缺少“adoption:”一节，请补上。"),
        (HEAD + "plan: {}\n", 7, "“plan”不是这里能写的键；这里可以写adoption。"),
        (HEAD.replace("units: B001", "unit: B001"), 2, "缺少“units”，请补上。"),
        (HEAD.replace("units: B001", "unit: B001"), 5, "“unit”不是这里能写的键；是否想写“units”？"),
        (HEAD.replace("2025-01-01", "2025年"), 6, "“in_force_from”：“2025年”不是日期，请写成“2025-03-01”的样子。"),
        (HEAD + "  in_force_to:\n", 7, "“in_force_to”不能空着，请填写或删去这个键。"),
        (HEAD + "  values: [1]\n", 7, "“values”应是“键: 值”的映射，现在是列表，请改正。"),
        (HEAD + "  values: {a: {x: 1}}\n", 7, "“a”应是一段文字，现在是映射，请改正。"),
        (HEAD + "  values: {a: [{value: 1}]}\n", 7, "缺少“since”，请补上。"),
        (HEAD + "  values:\n    a: [{since: 2025-01-01, value: 1}, {since: 2025-01-01, value: 2}]\n", 8, "2025-01-01起的值写了两次，请删去一个。"),
        (HEAD + "  record: {consulted: 2025-01-01}\n", 7, "“consulted”不是这里能写的键；是否想写“consulted_on”？"),
        (HEAD + "  roles: {head: {a: 1}}\n", 7, "“head”应是一段文字，现在是映射，请改正。"),
    ],
)  # fmt: skip
def test_a_bad_adoption_is_told_with_its_line(text: str, line: int, sentence: str) -> None:
    assert (line, sentence) in faults(text)
