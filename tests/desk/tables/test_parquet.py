from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.desk.tables.make import GOOD_ROW, one, rows_of, said
from wenyou_desk.tables import Kind, ReadOptions

SELECT = """
    SELECT 'GD001' AS 工单编号, '0012' AS 机构号, TIMESTAMP '2025-03-01 09:30:00' AS 受理时间,
           600.00::DECIMAL(10, 2) AS 金额, '投诉' AS 类别, '等候太久' AS 诉求
"""


def parquet(path: Path, select: str) -> Path:
    name = str(path).replace("'", "''")
    duckdb.connect().execute(f"COPY ({select}) TO '{name}' (FORMAT parquet)")
    return path


@pytest.mark.parametrize(
    "select",
    [
        SELECT,
        SELECT.replace("600.00::DECIMAL(10, 2)", "600.0::DOUBLE"),
        SELECT.replace("600.00::DECIMAL(10, 2)", "600"),
        SELECT.replace("TIMESTAMP '", "'"),
        SELECT.replace("'投诉'", "'投诉'::ENUM('投诉', '意见')"),
        SELECT.replace("工单编号", "ticket").replace("诉求", "demand"),
    ],
    ids=["decimal", "double", "integer", "text", "enum", "names"],
)
def test_parquet_of_the_same_columns_gives_the_same_rows(tmp_path: Path, select: str) -> None:
    assert rows_of(parquet(tmp_path / "投诉.parquet", select)) == [GOOD_ROW]


def test_a_name_with_signs_of_a_pattern_is_one_file(tmp_path: Path) -> None:
    parquet(tmp_path / "投诉1.parquet", SELECT)
    path = parquet(tmp_path / "投诉[1]*?.parquet", SELECT.replace("GD001", "GD002"))

    assert [row[0] for row in rows_of(path)] == ["GD002"]


def test_a_bad_value_is_placed_by_its_record(tmp_path: Path) -> None:
    select = "SELECT i::VARCHAR AS 序号, if(i = 2, 'x', '1') AS 值 FROM range(1, 4) t(i)"

    assert said(parquet(tmp_path / "表.parquet", select), one(Kind.INT)) == [
        "表.parquet 第2行 「值」列：这里应填数，现在是「x」。请改为数。"
    ]


def test_a_value_that_is_no_finite_number_is_refused(tmp_path: Path) -> None:
    select = "SELECT '1' AS 序号, 'nan'::DOUBLE AS 值"

    assert said(parquet(tmp_path / "表.parquet", select), one(Kind.DECIMAL)) == [
        "表.parquet 第1行 「值」列：这里不是一个有限的数。请改为具体数值。"
    ]


def test_a_nested_column_is_refused(tmp_path: Path) -> None:
    path = parquet(tmp_path / "表.parquet", "SELECT '1' AS 序号, [1] AS 值")

    assert said(path, one(Kind.INT)) == [
        "表.parquet 「值」列：这一列的类型 INTEGER[] 不能读入。"
        "请改为文本、数、日期或时间后重新导出。"
    ]


def test_a_file_that_unfolds_to_too_many_rows_is_refused(tmp_path: Path) -> None:
    select = "SELECT '1' AS 序号, 1 AS 值 FROM range(5000)"

    options = ReadOptions(max_rows=1000)
    assert said(parquet(tmp_path / "表.parquet", select), one(Kind.INT), options=options) == [
        "表.parquet：共 5000 行 2 列，超过一次读入的上限（1000 行、30000000 格）。请拆成几个文件。"
    ]


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "表.parquet"
    path.write_bytes(b"PAR1 but no more")

    assert said(path, one(Kind.INT)) == [
        "表.parquet：不是可读的 Parquet 文件，或已损坏。请重新导出。"
    ]
