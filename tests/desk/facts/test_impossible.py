"""First and last days that an exemption reads, the wrong way round: in sheets and in Parquet."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from wenyou_core.assess.facts import Cell, Fact, FactBook, UnitSpan
from wenyou_core.errors import Fault, Place
from wenyou_desk.facts.judge import judge
from wenyou_desk.facts.parquetfile import parquet_files
from wenyou_desk.facts.parquetjudge import ParquetJudge
from wenyou_desk.plans import open_plan

PLAN = "cib_coaching"
UNITS = (UnitSpan(id="U1", name="甲网点", since=date(2020, 1, 1)),)
LAST = {"2025-08-03": ["reversed_span"], "2025-08-04": [], "": []}


def filed(until: str) -> Fact:
    values: dict[str, Cell] = {"to": "总行", "item": "排队", "decided": True, "approved": True}
    values["covers_from"] = date(2025, 8, 4)
    if until:
        values["covers_to"] = date.fromisoformat(until)
    moment = datetime.fromisoformat("2025-08-01 18:00")
    return Fact(
        kind="filing",
        id="BB-1",
        happened=date(2025, 8, 1),
        known=moment,
        recorded=moment,
        unit="U1",
        values=values,
        place=Place("台账.xlsx", sheet="报备", row=2),
    )


@pytest.mark.parametrize("until", LAST)
def test_filing_that_ends_before_it_begins_is_refused_with_its_row(until: str) -> None:
    book = FactBook(facts={"filing": (filed(until),)}, units=UNITS)

    faults = judge(book, open_plan(PLAN).plan).faults

    assert [fault.code for fault in faults] == LAST[until]
    assert all(
        fault
        == Fault(
            Place("台账.xlsx", sheet="报备", row=2, column="豁免截止"),
            "reversed_span",
            "「豁免截止」2025-08-03早于「豁免开始」2025-08-04。请核对这两格。",
        )
        for fault in faults
    )


@pytest.mark.parametrize("until", LAST)
def test_filing_in_a_parquet_file_is_judged_alike(tmp_path: Path, until: str) -> None:
    plan = open_plan(PLAN).plan
    row = {
        "编号": "BB-1",
        "发生日期": "2025-08-01",
        "登记时间": "2025-08-01 18:00",
        "状态": "已确认",
        "机构号": "U1",
        "报备系统": "总行",
        "检查项": "排队",
        "已批复": "是",
        "已批准": "是",
        "豁免开始": "2025-08-04",
        "豁免截止": until,
    }
    told = ", ".join(f"'{cell}' AS \"{name}\"" for name, cell in row.items())
    path = tmp_path / "报备.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"COPY (SELECT {told}) TO '{path}' (FORMAT parquet)")
        files = parquet_files(tmp_path, plan, connection)
        faults = ParquetJudge(plan, FactBook(units=UNITS), connection).faults(files)

    assert [fault.code for fault in faults] == LAST[until]
    assert all(str(fault.place) == "报备.parquet 第1行 「豁免截止」列" for fault in faults)
    assert all(fault.text == "「豁免截止」早于「豁免开始」。请核对这两格。" for fault in faults)
