"""Large Parquet files go to DuckDB without Python objects, and give the same result."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from tests.desk.bank import (
    ADOPTION,
    Rows,
    complaint,
    good_rows,
    happening,
    jsb,
    write_csvs,
    write_parquet,
)
from tests.desk.made import Made
from wenyou_core.errors import FactsError, InputRefused
from wenyou_desk.cli import main
from wenyou_desk.facts.parquetfile import parquet_files
from wenyou_desk.facts.parquetkeys import ParquetKeys
from wenyou_desk.facts.parquetload import load_beside_parquet
from wenyou_desk.facts.parquetsource import ParquetSource
from wenyou_desk.runs.command import assess_files
from wenyou_desk.runs.record import RunRecord
from wenyou_desk.runs.resultfile import read_result

LARGE = ("complaint", "finding", "praise", "volume", "customer_loss", "appeal")


def many_rows(seed: int) -> Rows:
    """Two years of random findings, complaints, losses, corrections and appeals."""
    draw = random.Random(seed)
    rows = good_rows()
    rows["finding"], rows["customer_loss"], rows["appeal"] = [], [], []

    def day() -> str:
        return str(date(2024, 1, 1) + timedelta(days=draw.randrange(638)))

    for number in range(300):
        unit, person = draw.choice((("U1", "0003"), ("U2", "0004"), ("U1", ""), ("U2", "0002")))
        rows["finding"].append(
            {
                **happening(f"JC-{draw.randrange(10**6):06}-{number}", day()),
                "unit": unit,
                "person": person,
                "at": draw.choice(("", "09:30", "16:00")),
                "type": draw.choice(("环境卫生", "服务用语", "服务纪律")),
                "points": draw.choice(("0.5", "1", "2.5")),
                "counted": draw.choice(("是", "是", "否")),
                "evidence": draw.choice(("", "照片1.jpg", "照片1.jpg、录像；照片1.jpg")),
            }
        )
    for number in range(80):
        ruling, media = draw.choice(("有责", "无责")), draw.choice(("是", "否", "否"))
        rows["complaint"].append(
            complaint(f"TS-{number + 10}", draw.choice(("U1", "U2")), "", day(), ruling=ruling)
            | {"media": media, "neglected": draw.choice(("是", "否")), "evidence": "录音"}
            | {"state": draw.choice(("已确认", "已确认", "待确认", "已撤销"))}
        )
    for row in draw.sample(rows["complaint"], 12):
        later = str(date.fromisoformat(row["happened"]) + timedelta(days=90))
        rows["complaint"].append({**row, "ruling": "无责", "recorded": f"{later} 09:00"})
    for number, row in enumerate(draw.sample(rows["finding"], 10)):
        rows["appeal"].append(
            {
                **happening(f"SS-{number}", "2025-09-20"),
                "unit": row["unit"],
                "target": row["id"],
                "result": "支持",
            }
        )
    for number in range(5):
        rows["customer_loss"].append(
            {
                **happening(f"LS-{number}", day()),
                "unit": "U1",
                "important": "是",
                "by_fault": draw.choice(("是", "否")),
            }
        )
    return rows


def folder_of(tmp_path: Path, rows: Rows) -> Path:
    """Large kinds as Parquet, everything else as CSV, and the adoption."""
    folder = tmp_path / "facts"
    write_csvs(folder, {name: held for name, held in rows.items() if name not in LARGE}, "utf-8")
    write_parquet(folder, {name: held for name, held in rows.items() if name in LARGE and held})
    (folder / "采用.yaml").write_text(ADOPTION, encoding="utf-8")
    return folder


def both(folder: Path, known_at: str = "") -> tuple[RunRecord, RunRecord]:
    return (
        assess_files("jsb_sub_branch", folder, known_at=known_at)[1],
        assess_files("jsb_sub_branch", folder, known_at=known_at, engine="duckdb")[1],
    )


def in_files(folder: Path) -> RunRecord:
    return assess_files("jsb_sub_branch", folder, engine="duckdb")[1]


@pytest.mark.parametrize(("seed", "known_at"), [(1, ""), (2, ""), (3, "2025-08-15 12:00")])
def test_result_of_files_is_that_of_the_book(tmp_path: Path, seed: int, known_at: str) -> None:
    one, other = both(folder_of(tmp_path, many_rows(seed)), known_at)

    assert replace(other.result, facts_digest=one.result.facts_digest) == one.result
    assert len(one.result.entries) > 20


def test_record_keeps_the_facts_that_the_result_names(tmp_path: Path) -> None:
    one, other = both(folder_of(tmp_path, many_rows(4)))

    assert (one.whole, other.whole) == (True, False)
    named = {entry.fact for entry in other.result.entries if entry.fact_kind == "finding"}
    kept = {fact.id: fact for fact in other.book.facts["finding"]}
    assert named <= kept.keys()
    assert len(kept) < len(one.book.facts["finding"])
    assert [fact for fact in one.book.facts["finding"] if fact.id in kept] == sorted(
        kept.values(), key=one.book.facts["finding"].index
    )


def test_digest_changes_with_the_bytes_of_a_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, good_rows())
    before = in_files(folder).result.facts_digest
    rows = good_rows()
    rows["volume"][0]["number"] = "1001"
    write_parquet(folder, {"volume": rows["volume"]})

    assert in_files(folder).result.facts_digest != before


@pytest.mark.parametrize(
    ("ids", "counted"),
    [
        ([f"TS-{number}" for number in (29, *range(10, 29))], True),
        ([f"TS-{number}" for number in range(8, 28)], False),
        ([f"TS-{number}-{number}" for number in range(10, 30)], False),
    ],
)
def test_keys_of_ids_that_nothing_compares_come_from_their_rows(
    tmp_path: Path, ids: list[str], counted: bool
) -> None:
    ids = ids if counted else sorted(ids)
    rows: Rows = {"complaint": [complaint(one, "U1", "", "2025-07-01") for one in ids]}
    folder = write_parquet(tmp_path / "facts", rows)
    plan = jsb().plan
    plain = replace(plan, facts={"complaint": plan.facts["complaint"]})

    with duckdb.connect() as connection:
        files = parquet_files(folder, plan, connection)
        program, record = _small_run(tmp_path)
        alone = replace(program, plan=plain, deems=(), exempts=())
        source = ParquetSource(replace(record.book, facts={}), alone, files, connection)

        assert isinstance(source.keys, ParquetKeys)
        assert source.keys.rows is not None
        assert (source.keys.rows["complaint"].form is not None) is counted
        assert [source.keys.fact_id(key) for key in range(1, 21)] == sorted(ids)


def _small_run(tmp_path: Path) -> Made:
    folder = tmp_path / "small"
    write_csvs(folder, good_rows(), "utf-8")
    (folder / "采用.yaml").write_text(ADOPTION, encoding="utf-8")
    return assess_files("jsb_sub_branch", folder)


BAD = {
    "unknown unit": ({"unit": "U9"}, "机构号", "机构号「U9」不在「机构」表里。"),
    "unknown person": ({"person": "9999"}, "员工号", "员工号「9999」不在「人员」表里。"),
    "zeros lost": (
        {"person": "2"},
        "员工号",
        "员工号「2」不在「人员」表里。请核对，或先在「人员」表里登记。「人员」表里有「0002」，",
    ),
    "closed unit": (
        {"happened": "2019-07-08"},
        "机构号",
        "机构号「U1」在「2019-07-08」那天不在营业期间。",
    ),
    "known too early": ({"known": "2025-07-07 10:00"}, "登记时间", "登记时间早于发生日期。"),
    "recorded too early": (
        {"recorded": "2025-07-08 10:00"},
        "记录时间",
        "记录时间早于登记时间。",
    ),
    "no such day": ({"happened": "2025-02-30"}, "发生日期", "「2025-02-30」读不出来，"),
    "no such word": ({"ruling": "大概"}, "责任认定", "「大概」不在可填的词里。可填：待认定、"),
    "no such state": ({"state": "也许"}, "状态", "「也许」不在可填的词里。"),
    "neither yes nor no": ({"media": "可能"}, "见诸媒体", "「可能」读不出来，这里应填是 或 否。"),
    "blank": ({"ruling": ""}, "责任认定", "「责任认定」是必填项，这里是空白。请补填。"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_row_of_a_file_is_refused_with_place_and_sentence(tmp_path: Path, case: str) -> None:
    change, column, text = BAD[case]
    rows = good_rows()
    rows["complaint"].insert(0, complaint("TS-0", "U2", "", "2025-07-01"))
    rows["complaint"][1] |= change
    folder = folder_of(tmp_path, rows)

    with duckdb.connect() as connection, pytest.raises(FactsError) as refused:
        load_beside_parquet(folder, jsb().plan, connection)

    places = {str(fault.place): fault.text for fault in refused.value.faults}
    assert places[f"投诉.parquet 第2行 「{column}」列"].startswith(text)


@pytest.mark.parametrize("number", ["-1", "-1000"])
def test_number_beyond_its_bounds_is_refused_in_a_file_too(tmp_path: Path, number: str) -> None:
    rows = good_rows()
    rows["volume"][1]["number"] = number
    folder = folder_of(tmp_path, rows)

    with duckdb.connect() as connection, pytest.raises(FactsError) as refused:
        load_beside_parquet(folder, jsb().plan, connection)

    (fault,) = refused.value.faults
    assert str(fault.place) == "业务量.parquet 第2行 「数量」列"
    assert fault.text == f"这里的数应不小于 0，现在是「{number}」。请核对后重填。"


def test_double_numbers_and_appeals_against_nothing_are_refused(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"].append(dict(rows["complaint"][0]))
    rows["appeal"] = [
        {**happening("SS-1", "2025-08-01"), "unit": "U1", "target": "TS-8", "result": "支持"}
    ]
    folder = folder_of(tmp_path, rows)

    with duckdb.connect() as connection, pytest.raises(FactsError) as refused:
        load_beside_parquet(folder, jsb().plan, connection)

    assert [fault.code for fault in refused.value.faults] == ["double_key", "unknown_fact"]


def test_many_double_rows_of_a_file_are_told_together_as_those_of_a_sheet(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"] = [complaint(f"TS-{n}", "U1", "", "2025-07-08") for n in range(1, 13)] * 2
    folder = folder_of(tmp_path, rows)

    with duckdb.connect() as connection, pytest.raises(FactsError) as refused:
        load_beside_parquet(folder, jsb().plan, connection)

    (fault,) = refused.value.faults
    assert (str(fault.place), fault.code) == ("投诉.parquet", "double_key")
    assert fault.text == (
        "有12行与前面的重复：第13行、第14行、第15行，其余9行不逐一列出。"
        "像是同一段贴了两次，请去掉一份；是更正的请填上新的记录时间。"
    )


def test_somebody_named_in_a_file_needs_the_sheet_of_people(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"].append(complaint("TS-77", "U1", "0003", "2025-07-08"))
    rows["org_persons"], rows["org_posts"] = [], []
    rows["finding"] = []
    folder = folder_of(tmp_path, rows)

    with duckdb.connect() as connection, pytest.raises(FactsError) as refused:
        load_beside_parquet(folder, jsb().plan, connection)

    told = {fault.place.file: fault for fault in refused.value.faults}
    assert {fault.code for fault in told.values()} == {"no_persons"}
    assert told["投诉.parquet"].text == "事实或任职里有员工号，却没有「人员」表。请补上人员表。"


def test_wrong_column_is_told_by_its_first_rows_and_the_number_of_all(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"] = [
        complaint(f"TS-{number}", "U9", "", "2025-07-01") for number in range(100, 150)
    ]
    folder = folder_of(tmp_path, rows)

    with duckdb.connect() as connection, pytest.raises(FactsError) as refused:
        load_beside_parquet(folder, jsb().plan, connection)

    faults = refused.value.faults
    assert len(faults) == 21
    assert faults[0].text == "这一列共有 50 行同样的问题，只列出前 20 行。"
    assert str(faults[1].place) == "投诉.parquet 第1行 「机构号」列"


def test_columns_may_have_types_of_their_own(tmp_path: Path) -> None:
    rows = good_rows()
    folder = folder_of(tmp_path, rows)
    expected = in_files(folder).result
    with duckdb.connect() as connection:
        connection.execute(
            f"""COPY (SELECT "编号", "机构号", CAST("员工号" AS VARCHAR) AS "员工号",
                 CAST("发生日期" AS DATE) AS "发生日期", CAST("登记时间" AS TIMESTAMP) AS "登记时间",
                 CAST("状态" AS ENUM ('已确认', '待确认')) AS "状态", "口径",
                 CAST("数量" AS DOUBLE) AS "数量"
                 FROM (SELECT id AS "编号", unit AS "机构号", NULL AS "员工号",
                   happened AS "发生日期", known AS "登记时间", state AS "状态", basis AS "口径",
                   number AS "数量" FROM READ_PARQUET('{folder / "业务量.parquet"}')))
                TO '{folder / "新.parquet"}' (FORMAT parquet)"""
        )
    (folder / "新.parquet").replace(folder / "业务量.parquet")

    found = in_files(folder).result

    assert replace(found, facts_digest=expected.facts_digest) == expected


@pytest.mark.parametrize(
    ("column", "kind", "text"),
    [
        ("known", "INTEGER", "这一列的类型 INTEGER 不合，这里应是日期和时刻"),
        ("number", "BOOLEAN", "这一列的类型 BOOLEAN 不合，这里应是整数"),
    ],
)
def test_column_of_a_wrong_type_is_refused(
    tmp_path: Path, column: str, kind: str, text: str
) -> None:
    folder = folder_of(tmp_path, good_rows())
    with duckdb.connect() as connection:
        source = f"READ_PARQUET('{folder / '业务量.parquet'}')"
        connection.execute(
            f"COPY (SELECT * REPLACE (CAST(1 AS {kind}) AS {column}) FROM {source})"
            f" TO '{folder / '新.parquet'}' (FORMAT parquet)"
        )
        (folder / "新.parquet").replace(folder / "业务量.parquet")

        with pytest.raises(FactsError) as refused:
            load_beside_parquet(folder, jsb().plan, connection)

    (fault,) = refused.value.faults
    assert fault.text.startswith(text)


def test_file_without_a_needed_column_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, good_rows())
    with duckdb.connect() as connection:
        source = f"READ_PARQUET('{folder / '业务量.parquet'}')"
        connection.execute(
            f"COPY (SELECT * EXCLUDE (state) FROM {source}) TO '{folder / '新.parquet'}'"
            " (FORMAT parquet)"
        )
        (folder / "新.parquet").replace(folder / "业务量.parquet")

        with pytest.raises(FactsError) as refused:
            parquet_files(folder, jsb().plan, connection)

    assert [fault.text for fault in refused.value.faults] == [
        "缺少必填的列「状态」。请补上后重新导出。"
    ]


def test_two_files_of_one_kind_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, good_rows())
    (folder / "投诉(2).parquet").write_bytes((folder / "投诉.parquet").read_bytes())

    with (
        duckdb.connect() as connection,
        pytest.raises(InputRefused, match="只能有一个 Parquet 文件"),
    ):
        parquet_files(folder, jsb().plan, connection)


def test_command_takes_the_files_and_writes_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = good_rows()
    rows["complaint"].append(complaint("TS-9", "U1", "", "2025-10-03"))
    folder, out = folder_of(tmp_path, rows), tmp_path / "out"
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(folder), "--out", str(out)]

    assert main([*words, "--engine", "duckdb"]) == 0

    record = read_result(out / "result.json")
    assert record.whole is False
    assert "投诉.parquet" in {file.name for file in record.files}
    assert "有 1 行不在本次测算所看的2025-07-01至2025-09-30之内" in capsys.readouterr().out
