"""What a run leaves open, as it is told at the end: names beside numbers, alike things together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.desk.made import run_of
from wenyou_core.assess.facts import Subject
from wenyou_core.assess.result import Missing, Waiting
from wenyou_core.scheme.words import SubjectKind
from wenyou_desk.runs.openlines import open_lines
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.telling import named

UNITS = tuple(f"U{number}" for number in range(1, 14))
REST = "2025年7月1日至9月30日的“检查扣分”没有声明填报完整，请补录后声明，或声明当期没有发生。"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> RunRecord:
    _, found = run_of(tmp_path_factory.mktemp("facts"))
    names = {"U1": "甲网点", "U2": "乙网点", "U3": "丙网点"}
    return replace(found, unit_names=names, person_names={"0001": "陈甲"}, remarks=(), leftout=())


def missing(unit: str, text: str) -> Missing:
    days = (date(2025, 7, 1), date(2025, 9, 30))
    return Missing(
        what="facts",
        kind="finding",
        unit=unit,
        since=days[0],
        till=days[1],
        rules=("a",),
        text=text,
    )


def lines(record: RunRecord, *rows: Missing | Waiting) -> list[str]:
    lacking = tuple(one for one in rows if isinstance(one, Missing))
    waits = tuple(one for one in rows if isinstance(one, Waiting))
    return open_lines(
        replace(record, result=replace(record.result, missing=lacking, waiting=waits))
    )


def test_what_one_unit_lacks_is_told_with_its_name(record: RunRecord) -> None:
    rows = [missing("U1", f"机构U1在{REST}"), missing("U9", f"机构U9在{REST.replace('7', '8')}")]

    assert lines(record, *rows, rows[0]) == [
        "  缺失 2 项：",
        f"    甲网点（U1）在{REST}",
        f"    机构U9在{REST.replace('7', '8')}",
    ]


def test_what_many_units_lack_alike_is_one_line_and_counts_each_of_them(record: RunRecord) -> None:
    found = lines(record, *(missing(unit, f"机构{unit}在{REST}") for unit in UNITS))

    assert found == [
        "  缺失 13 项：",
        f"    甲网点（U1）、乙网点（U2）、丙网点（U3）等13个机构在{REST}",
    ]


def test_items_beyond_the_tenth_line_are_counted_one_by_one(record: RunRecord) -> None:
    rows = [
        missing(unit, f"机构{unit}在{REST.replace('检查扣分', f'台账{number}')}")
        for number in range(12)
        for unit in ("U1", "U2")
    ]

    found = lines(record, *rows)

    assert found[0] == "  缺失 24 项："
    assert len(found) == 12
    assert found[-1] == "    其余 4 项见工作簿。"


def test_missing_post_and_waiting_decision_are_told_with_names(record: RunRecord) -> None:
    post = missing("U2", "2025年8月1日U2没有网点负责人。")
    waits = Waiting(
        what="tie",
        rule="last",
        article="1",
        period="2025Q3",
        subjects=(Subject(SubjectKind.UNIT, "U1"), Subject(SubjectKind.PERSON, "0001")),
        text="并列：U1、0001。请决定。",
    )

    assert lines(record, post, waits) == [
        "  缺失 1 项：",
        "    2025年8月1日乙网点（U2）没有网点负责人。",
        "  待定 1 项：",
        "    并列：甲网点（U1）、陈甲（0001）。请决定。",
    ]


@pytest.mark.parametrize(
    ("text", "names", "told"),
    [
        ("事实JC-U1-003等U1。", {"U1": "甲网点"}, "事实JC-U1-003等甲网点（U1）。"),
        ("2025-08-01机构2025没有人", {"2025": "二〇网点"}, "2025-08-01机构二〇网点（2025）没有人"),
        ("2025年8月1日机构2025", {"2025": "二〇网点"}, "2025年8月1日机构二〇网点（2025）"),
        (
            "台账/1.csv、U_1、1，2",
            {"1": "第2网点", "2": "乙"},
            "台账/1.csv、U_1、第2网点（1），乙（2）",
        ),
        ("A、A-1、A-12", {"A": "甲", "A-1": "乙"}, "甲（A）、乙（A-1）、A-12"),
        ("A、B", {"A": "\\1", "B": "B", "": "丙"}, "\\1（A）、B"),
    ],
)
def test_number_is_named_once_and_only_where_it_stands_alone(
    text: str, names: dict[str, str], told: str
) -> None:
    assert named(text, names) == told
