"""What a run tells of facts that it does not look at: only of those that truly count for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.bank import (
    ADOPTION,
    Rows,
    complaint,
    facts_folder,
    good_rows,
    happening,
    write_parquet,
)
from wenyou_core.worktime.periods import parse_period
from wenyou_desk.plans import open_adoption, open_plan
from wenyou_desk.runs.bulk import run_parquet
from wenyou_desk.runs.command import assess_files

OUTSIDE = "outside_period"


def remarks(folder: Path, period: str = "2025Q3") -> list[str]:
    _, record = assess_files("jsb_sub_branch", folder, period=period)
    return [str(one) for one in record.remarks if one.code == OUTSIDE]


def large_remarks(folder: Path) -> list[str]:
    plan = open_plan("jsb_sub_branch")
    adoption = open_adoption(folder / "采用.yaml", plan)
    _, record = run_parquet(plan, adoption, folder, parse_period("2025Q3"))
    return [str(one) for one in record.remarks if one.code == OUTSIDE]


def finding(code: str, day: str) -> dict[str, str]:
    given = {"unit": "U1", "person": "0003", "type": "环境卫生", "points": "2", "counted": "是"}
    return {**happening(code, day), **given}


def appealed() -> Rows:
    """A finding of the quarter, and the appeal against it that was upheld after its end."""
    rows = good_rows()
    rows["finding"] = [finding("JC-1", "2025-08-01")]
    rows["appeal"] = [
        {**happening("SS-1", "2025-10-09"), "unit": "U1", "target": "JC-1", "result": "支持"}
    ]
    return rows


def test_appeal_upheld_after_the_quarter_is_not_told_to_count_for_nothing(tmp_path: Path) -> None:
    folder = facts_folder(tmp_path / "facts", appealed())

    _, record = assess_files("jsb_sub_branch", folder, period="2025Q3")

    assert [one.fact for one in record.result.uncounted] == ["JC-1"]
    assert remarks(folder) == []


def test_complaint_counted_by_the_day_of_its_ruling_is_not_told_to_count_for_nothing(
    tmp_path: Path,
) -> None:
    rows = good_rows()
    rows["complaint"] = [
        complaint("TS-1", "U1", "0003", "2025-06-02", ruling="有责", ruled_on="2025-07-05"),
        complaint("TS-2", "U1", "0003", "2025-06-03", ruling="有责", ruled_on="2025-06-05"),
    ]
    chosen = ADOPTION.replace("客户数}", "客户数, complaint_date: 认定日期, head_day: 认定日期}")
    folder = facts_folder(tmp_path / "facts", rows, chosen)

    _, record = assess_files("jsb_sub_branch", folder, period="2025Q3")

    assert {one.fact for one in record.result.entries} & {"TS-1", "TS-2"} == {"TS-1"}
    (said,) = remarks(folder)
    assert "工作表「投诉」：有 1 行不在本次测算所看的2025-07-01至2025-09-30之内" in said
    assert "第3行" in said


def test_look_back_over_all_days_leaves_no_earlier_fact_outside(tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [finding("JC-1", "2022-03-01"), finding("JC-2", "2025-08-01")]
    chosen = ADOPTION.replace("客户数}", "客户数, same_type_window: all}")
    folder = facts_folder(tmp_path / "facts", rows, chosen)

    _, record = assess_files("jsb_sub_branch", folder, period="2025Q3")

    (again,) = (one for one in record.result.entries if one.rule == "repeat_unit")
    assert (again.count, again.earlier) == (2, "JC-1")
    assert remarks(folder) == []


def test_appeals_in_a_large_file_are_told_alike(tmp_path: Path) -> None:
    folder, rows = facts_folder(tmp_path / "facts", appealed()), appealed()
    held = {name: rows.pop(name) for name in ("finding", "appeal")}
    facts_folder(folder, rows)
    write_parquet(folder, held)

    assert large_remarks(folder) == []


@pytest.mark.parametrize("day", ["2024-06-30", "2025-10-01"])
def test_fact_of_other_days_is_told_with_its_row(day: str, tmp_path: Path) -> None:
    rows = good_rows()
    rows["finding"] = [finding("JC-1", day)]

    (said,) = remarks(facts_folder(tmp_path / "facts", rows))

    assert "工作表「检查扣分」：有 1 行不在本次测算所看的2024-07-01至2025-09-30之内" in said
    assert "不参与计算（第2行）" in said


def balances(*days: str) -> Rows:
    rows = good_rows()
    rows["openings"] = [
        {"unit": code, "ledger": "绩效金额", "number": "-300", "on": day}
        for code, day in zip(("U1", "U2"), days, strict=False)
    ]
    return rows


def test_opening_balance_that_no_figure_begins_with_is_told(tmp_path: Path) -> None:
    folder = facts_folder(tmp_path / "facts", balances("2025-01-01", "2025-01-01"))

    _, record = assess_files("jsb_sub_branch", folder, period="2025Q3")

    (said,) = (str(one) for one in record.remarks)
    assert said == (
        "台账.xlsx 工作表「期初余额」：有 2 行没有用到（第2至3行）：方案里没有从这个台账的期初余额起算的数。"
    )


def test_opening_balance_is_told_only_when_it_begins_after_the_period(tmp_path: Path) -> None:
    text = open_plan("jsb_sub_branch").text
    money = "unit_money: {title: 单位加扣金额合计, each: units, ledger: money"
    assert text.count(money) == 1
    plan = tmp_path / "方案.yaml"
    plan.write_text(text.replace(money, f"{money}, opening: true"), "utf-8")
    folder = facts_folder(tmp_path / "facts", balances("2025-07-01", "2025-07-02"))

    _, record = assess_files(str(plan), folder, period="2025Q3")

    values = {one.subject.id: one for one in record.result.measures if one.measure == "unit_money"}
    assert values["U1"].value == -1000
    (said,) = (str(one) for one in record.remarks)
    assert said == (
        "台账.xlsx 工作表「期初余额」：有 1 行没有用到（第3行）：余额日期晚于本期的第一天2025-07-01。"
    )
