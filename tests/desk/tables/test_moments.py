from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pytest

from tests.desk.tables.make import Cell, book, faults_of, one, refusal_of, remarks, value_of
from wenyou_desk.tables import Kind, read_tables, split_moment

FIRST = date(2025, 3, 1)


@pytest.mark.parametrize(
    "cell",
    [
        FIRST,
        45717,
        45717.0,
        20250301,
        "20250301",
        "2025-3-1",
        "2025/03/01",
        "2025.3.1",
        "2025年3月1日",
        "\uff12\uff10\uff12\uff15年\uff13月\uff11日",
        "2025\uff0f3\uff0f1",
        "\u30002025-03-01 ",
        "2025年3月1号",
        "\u200e2025/\u200e3/\u200e1",
        "\ufeff2025-03-01\u200b",
        "2025-03-01 00:00:00",
    ],
)
def test_a_date_is_read_however_written(tmp_path: Path, cell: Cell) -> None:
    assert value_of(tmp_path, cell, Kind.DATE) == FIRST


@pytest.mark.parametrize(
    "cell",
    [
        datetime.fromisoformat("2025-03-01 09:30"),
        45717.395833333336,
        "2025-03-01 09:30",
        "2025-03-01T09:30:00",
        "2025/3/1 9:30",
        "2025年3月1日 9时30分",
        "2025年3月1日9:30",
        "2025年3月1号9点30",
        "202503010930",
        "20250301093000",
        20250301093000,
    ],
)
def test_a_moment_is_read_however_written(tmp_path: Path, cell: Cell) -> None:
    assert value_of(tmp_path, cell, Kind.DATETIME) == datetime.fromisoformat("2025-03-01 09:30")


@pytest.mark.parametrize("cell", ["2025年3月1日9点", "2025-03-01 9时", "2025年3月1日 09点00分"])
def test_a_moment_may_be_a_full_hour_without_minutes(tmp_path: Path, cell: Cell) -> None:
    assert value_of(tmp_path, cell, Kind.DATETIME) == datetime.fromisoformat("2025-03-01 09:00")


@pytest.mark.parametrize("cell", [FIRST, "2025-03-01", "2025-03-01 00:00:00", 45717])
def test_a_moment_without_time_of_day_stays_a_date(tmp_path: Path, cell: Cell) -> None:
    found = value_of(tmp_path, cell, Kind.DATETIME)

    assert found == FIRST
    assert type(found) is date


def test_split_moment_tells_day_and_time() -> None:
    assert split_moment(FIRST) == (FIRST, None)
    assert split_moment(datetime.fromisoformat("2025-03-01 09:30")) == (FIRST, time(9, 30))


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("2025-02-30", "「2025-02-30」这一天不存在。请核对日期。"),
        ("20251301", "「20251301」这一天不存在。请核对日期。"),
        (
            "3/1/2025",
            "「3/1/2025」看不出年、月、日的次序。请写成 2025-03-01 的形式。",
        ),
        ("25-3-1", "「25-3-1」看不出年、月、日的次序。请写成 2025-03-01 的形式。"),
        ("三月一日", "「三月一日」不是日期。请写成 2025-03-01 的形式。"),
        (
            "2025-03-01 25:00",
            "「2025-03-01 25:00」里的时刻不存在。请核对。",
        ),
        (
            "2025-03-01 上午",
            "「2025-03-01 上午」里日期后面的「上午」看不懂。"
            "请写成 2025-03-01 的形式，有时刻的写成 2025-03-01 09:30。",
        ),
        (
            2025,
            "「2025」作为日期是 1905-07-17，早于 1930-01-01，多半是误填。"
            "请核对；确是这一天的，请以文本填写。",
        ),
        (12.0, "「12」不是日期。请写成 2025-03-01 的形式。"),
        (True, "这里应填日期，现在是逻辑值「TRUE」。请改为日期。"),
        (time(9, 30), "这里应填日期，现在只有时刻或时长「09:30:00」。请补上日期。"),
    ],
)
def test_what_is_no_date_is_refused(tmp_path: Path, cell: Cell, sentence: str) -> None:
    assert refusal_of(tmp_path, cell, Kind.DATE) == sentence


def test_days_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["序号", "值"], ["1", 44255], ["2", FIRST]]
    path = book(tmp_path / "mac.xlsx", {"表": rows}, options={"date_1904": True})

    table = read_tables(path, [one(Kind.DATE)]).tables[0]

    assert list(table.columns["value"]) == [FIRST, FIRST]


def test_day_first_dates_need_an_explicit_form(tmp_path: Path) -> None:
    assert value_of(tmp_path, "01/03/2025", Kind.DATE, date_format="%d/%m/%Y") == FIRST
    assert value_of(
        tmp_path, "01/03/2025 09:30", Kind.DATETIME, date_format="%d/%m/%Y %H:%M"
    ) == datetime.fromisoformat("2025-03-01 09:30")


@pytest.mark.parametrize("cell", ["2025-03-01", "31/02/2025"])
def test_with_an_explicit_form_no_other_text_is_a_date(tmp_path: Path, cell: str) -> None:
    sentence = refusal_of(tmp_path, cell, Kind.DATE, date_format="%d/%m/%Y")

    assert sentence == f"「{cell}」不是说好的日期形式「%d/%m/%Y」，或这一天不存在。请改正。"


def test_a_time_behind_a_date_is_left_out_with_a_remark(tmp_path: Path) -> None:
    rows = [["序号", "值"], ["1", "2025-03-01 09:30"], ["2", "2025-03-02"]]
    path = book(tmp_path / "a.xlsx", {"表": rows})

    loaded = read_tables(path, [one(Kind.DATE)])

    assert list(loaded.tables[0].columns["value"]) == [FIRST, date(2025, 3, 2)]
    assert remarks(loaded) == [
        "a.xlsx 工作表「表」 第2行 「值」列：有 1 格日期后面带有时刻，本列只取日期。（第2行）"
    ]


@pytest.mark.parametrize(
    "cell", [time(9, 30), "9:30", "9\uff1a30", "09:30:00", "9时30分", 0.3958333333333333]
)
def test_a_time_of_day_is_read_however_written(tmp_path: Path, cell: Cell) -> None:
    assert value_of(tmp_path, cell, Kind.TIME) == time(9, 30)


@pytest.mark.parametrize("cell", ["9点", "9时", "\uff19点", "09:00"])
def test_a_time_of_day_may_be_a_full_hour_without_minutes(tmp_path: Path, cell: str) -> None:
    assert value_of(tmp_path, cell, Kind.TIME) == time(9)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("24:00", "「24:00」里的时刻不存在。请核对。"),
        ("25点", "「25点」里的时刻不存在。请核对。"),
        ("9", "这里应填时刻，现在是「9」。请写成 09:30 的形式。"),
        ("上午", "这里应填时刻，现在是「上午」。请写成 09:30 的形式。"),
        (FIRST, "这里应填时刻，现在是「2025-03-01」。请写成 09:30 的形式。"),
    ],
)
def test_what_is_no_time_is_refused(tmp_path: Path, cell: Cell, sentence: str) -> None:
    assert refusal_of(tmp_path, cell, Kind.TIME) == sentence


def test_a_bare_number_in_a_csv_is_no_excel_date(tmp_path: Path) -> None:
    path = tmp_path / "表.csv"
    path.write_text("序号,值\n1,45717\n", encoding="utf-8")

    (fault,) = faults_of(path, one(Kind.DATE))

    assert str(fault) == (
        "表.csv 第2行 「值」列：「45717」不是日期，像是 Excel 的日期序列数（2025-03-01）。"
        "请在表格里把这一列设为日期格式再另存，或写成 2025-03-01 的形式。"
    )
