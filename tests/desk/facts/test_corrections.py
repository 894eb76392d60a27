"""A correction says when it was written down; two rows of one number that do not are a slip."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.desk.bank import complaint, good_rows, jsb, write_parquet, write_xlsx
from wenyou_core.errors import FactsError, Fault
from wenyou_desk.facts.load import load_book
from wenyou_desk.facts.parquetload import load_beside_parquet

Rows = dict[str, list[dict[str, str]]]


def twice(**second: str) -> Rows:
    """Two complaints of the same number; the second becomes known a day later."""
    rows = good_rows()
    other = complaint("TS-1", "U1", "", "2025-08-20", known="2025-08-21 09:00")
    rows["complaint"].append({**other, **second})
    return rows


def faults_of_book(tmp_path: Path, rows: Rows) -> tuple[Fault, ...]:
    try:
        load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan)
    except FactsError as error:
        return error.faults
    return ()


def faults_of_parquet(tmp_path: Path, rows: Rows) -> tuple[Fault, ...]:
    folder = tmp_path / "facts"
    folder.mkdir()
    write_parquet(folder, rows)
    try:
        with duckdb.connect() as connection:
            load_beside_parquet(folder, jsb().plan, connection)
    except FactsError as error:
        return error.faults
    return ()


@pytest.mark.parametrize("faults_of", [faults_of_book, faults_of_parquet])
def test_number_used_twice_without_a_moment_of_recording_is_refused(
    tmp_path: Path, faults_of: object
) -> None:
    assert callable(faults_of)
    (fault,) = faults_of(tmp_path, twice())

    assert fault.code == "double_key"
    assert fault.text.startswith("编号「TS-1」与")
    assert fault.text.endswith("重复。是更正的请填上新的记录时间，是另一件事的请另编编号。")


@pytest.mark.parametrize("faults_of", [faults_of_book, faults_of_parquet])
def test_correction_that_says_when_it_was_recorded_is_read(
    tmp_path: Path, faults_of: object
) -> None:
    assert callable(faults_of)
    assert faults_of(tmp_path, twice(recorded="2025-08-21 09:00")) == ()


def pasted(count: int) -> Rows:
    """Complaints, and the same numbers again with a later 登记时间."""
    rows = good_rows()
    days = ("2025-08-20 09:00", "2025-08-21 09:00")
    rows["complaint"] = [
        complaint(f"TS-{n}", "U1", "", "2025-08-20", known=known)
        for known in days
        for n in range(1, count + 1)
    ]
    return rows


@pytest.mark.parametrize("faults_of", [faults_of_book, faults_of_parquet])
def test_many_rows_pasted_again_with_a_later_time_are_told_in_one_sentence(
    tmp_path: Path, faults_of: object
) -> None:
    assert callable(faults_of)
    (fault,) = faults_of(tmp_path, pasted(30))

    assert (fault.code, fault.place.row, fault.place.column) == ("double_key", 0, "")
    assert fault.text.startswith("有30行与前面的重复：")
    assert fault.text.endswith(
        "，其余27行不逐一列出。像是同一段贴了两次，请去掉一份；是更正的请填上新的记录时间。"
    )


@pytest.mark.parametrize("known", ["2025-08-20 09:00", "2025-08-21 09:00"])
def test_number_used_in_another_file_is_told_with_the_name_of_that_file(
    tmp_path: Path, known: str
) -> None:
    rows = good_rows()
    first = complaint("TS-1", "U1", "", "2025-08-20", known="2025-08-20 09:00")
    again = complaint("TS-1", "U2", "", "2025-08-20", known=known)
    rows["complaint"] = [first]
    write_xlsx(tmp_path / "七月.xlsx", rows)
    write_xlsx(tmp_path / "八月.xlsx", {"complaint": [again]})

    with pytest.raises(FactsError) as refused:
        load_book([tmp_path], jsb().plan)

    (fault,) = refused.value.faults
    assert str(fault.place) == "八月.xlsx 工作表「投诉」 第2行 「编号」列"
    assert fault.text == (
        "编号「TS-1」与「七月.xlsx」里「投诉」第2行重复。"
        "是更正的请填上新的记录时间，是另一件事的请另编编号。"
    )


def declared(till: str, recorded: str) -> Rows:
    rows = good_rows()
    rows["coverage"] = [
        {"kind": "全部事项", "since": "2023-01-01", "till": till, "recorded": recorded}
    ]
    return rows


def test_days_to_come_are_not_declared_complete(tmp_path: Path) -> None:
    (fault,) = faults_of_book(tmp_path, declared("2025-12-31", "2025-10-10 09:00"))

    assert (fault.code, fault.place.column) == ("coverage_to_come", "止")
    assert fault.text == (
        "「止」2025-12-31晚于记录时间（2025-10-10 09:00）。"
        "还没有过完的日子不能声明填报齐全，请核对这两格。"
    )


def test_last_day_may_be_declared_complete_in_its_evening(tmp_path: Path) -> None:
    assert faults_of_book(tmp_path, declared("2025-10-10", "2025-10-10 18:00")) == ()
