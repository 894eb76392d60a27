"""Facts for the benches: events of three years, the same for the same number, as Parquet.

Columns and words are those of a fact table filled in by hand, so that both the assessment and its
peers read what a bank would hand in. Everything is drawn from DuckDB's hash of the row number.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb


@dataclass(frozen=True, slots=True)
class Size:
    """How many events, outlets, people and regions."""

    rows: int
    outlets: int = 16_000
    people: int = 400_000
    regions: int = 36


def write_facts(connection: duckdb.DuckDBPyConnection, size: Size, folder: Path) -> None:
    """检查扣分, 投诉, 表扬, 机构 and 覆盖声明 as Parquet files in an empty folder."""
    connection.execute("DROP TABLE IF EXISTS drawn")
    connection.execute(_DRAWN, {"rows": size.rows, "people": size.people, "outlets": size.outlets})
    units = _UNITS.replace("{outlets}", str(size.outlets)).replace("{regions}", str(size.regions))
    for name, query in {**_FACTS, "机构": units, "覆盖声明": _COVERAGE}.items():
        path = folder / f"{name}.parquet"
        connection.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 122880)")
    connection.execute("DROP TABLE drawn")


_DRAWN = """
CREATE TEMPORARY TABLE drawn AS
SELECT printf('F%09d', i) AS 编号, printf('U%05d', (hash(person) % $outlets)::INTEGER) AS 机构号,
       printf('P%06d', person) AS 员工号,
       DATE '2023-01-01' + (i * 1096 // $rows)::INTEGER AS 发生日期,
       DATE '2023-01-01' + (i * 1096 // $rows)::INTEGER + INTERVAL 18 HOUR AS 登记时间,
       CASE WHEN hash(i, 5) % 20 = 0 THEN '待确认' ELSE '已确认' END AS 状态,
       (h2 % 100)::INTEGER AS kind, (hash(i, 3) % 100)::INTEGER AS odds,
       CAST(SQRT((hash(i, 4) % 1600)::INTEGER) AS INTEGER) % 40 AS draw
FROM (SELECT i, (hash(i, 1) % $people)::INTEGER AS person, hash(i, 2) AS h2
      FROM range($rows) AS r(i))
"""

# Of a hundred events eighty are findings, twelve complaints, eight praise; in the order of time.
_FACTS = {
    "检查扣分": """
        SELECT 编号, 机构号, 员工号, 发生日期, 登记时间, 状态, printf('类型%02d', draw + 1) AS 问题类型,
               CASE WHEN odds < 70 THEN '轻' WHEN odds < 95 THEN '中' ELSE '重' END AS 程度,
               draw // 10 + 1 AS 组
        FROM drawn WHERE kind < 80 ORDER BY 编号""",
    "投诉": """
        SELECT 编号, 机构号, 员工号, 发生日期, 登记时间, 状态, odds < 2 AS 有责
        FROM drawn WHERE kind >= 80 AND kind < 92 ORDER BY 编号""",
    "表扬": """
        SELECT 编号, 机构号, 员工号, 发生日期, 登记时间, 状态, odds % 3 + 1 AS 级别
        FROM drawn WHERE kind >= 92 ORDER BY 编号""",
}

_UNITS = """
SELECT printf('U%05d', n) AS 机构号, printf('网点%05d', n) AS 名称, 'B' AS 上级机构号,
       DATE '2020-01-01' AS 启用日期, printf('区域%02d', n % {regions} + 1) AS 区域,
       2000 + (hash(n, 7) % 30000)::INTEGER AS 客户数
FROM range({outlets}) AS r(n)
UNION ALL
SELECT 'B', '压测银行', NULL, DATE '2020-01-01', NULL, NULL
"""

_COVERAGE = """
SELECT UNNEST(['检查扣分', '投诉', '表扬']) AS 事项, NULL::VARCHAR AS 机构号,
       DATE '2023-01-01' AS 起, DATE '2025-12-31' AS 止
"""


def main(rows: int, folder: Path) -> None:
    """``python -m … ROWS FOLDER``: in a process of its own, for its memory stays with it."""
    with duckdb.connect() as connection:
        connection.execute("SET memory_limit = '1200MB'")
        write_facts(connection, Size(rows), folder)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
