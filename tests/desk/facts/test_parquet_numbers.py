"""Numbers in a Parquet file that are larger than what can be kept are refused with their row."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.desk.bank import good_rows, jsb, write_csvs, write_parquet
from wenyou_core.errors import FactsError
from wenyou_desk.facts.parquetload import load_beside_parquet
from wenyou_desk.facts.parquetsql import Column, number

BEYOND = {
    "VARCHAR": "20000000000000000000",
    "UBIGINT": "10000000000000000000",
    "HUGEINT": "20000000000000000000",
    "DECIMAL(38, 0)": "99999999999999999999999999999999",
    "DECIMAL(25, 2)": "20000000000000000000.00",
    "DOUBLE": "2e19",
}


@pytest.mark.parametrize("kind", BEYOND)
def test_number_beyond_what_can_be_kept_is_refused_in_a_file_too(tmp_path: Path, kind: str) -> None:
    rows = good_rows()
    rows["volume"][1]["number"] = "77"
    folder = tmp_path / "facts"
    write_csvs(folder, {name: held for name, held in rows.items() if name != "volume"}, "utf-8")
    write_parquet(folder, {"volume": rows["volume"]})
    path, new = folder / "业务量.parquet", folder / "新.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT * REPLACE (CAST(CASE number WHEN '77' THEN '{BEYOND[kind]}' ELSE number"
            f" END AS {kind}) AS number) FROM READ_PARQUET('{path}')) TO '{new}' (FORMAT parquet)"
        )
        new.replace(path)
        with pytest.raises(FactsError) as refused:
            load_beside_parquet(folder, jsb().plan, connection)

    (fault,) = refused.value.faults
    assert str(fault.place) == "业务量.parquet 第2行 「数量」列"
    assert "读不出来" in fault.text


@pytest.mark.parametrize("kind", ["BIGINT", "UBIGINT", "HUGEINT", "DECIMAL(38, 0)", "VARCHAR"])
@pytest.mark.parametrize(("digits", "beyond"), [(0, 2**63), (2, 92233720368547759)])
def test_whole_number_up_to_what_can_be_kept_is_read_from_a_file(
    kind: str, digits: int, beyond: int
) -> None:
    with duckdb.connect() as connection:
        for text in (str(beyond - 1), str(1 - beyond), str(beyond)):
            if (kind == "UBIGINT" and text[0] == "-") or (kind == "BIGINT" and int(text) >= 2**63):
                continue
            cell = number(Column("n", kind), digits)
            query = f"SELECT {cell.value} FROM (SELECT CAST('{text}' AS {kind}) AS n)"
            kept = None if int(text) == beyond else int(text) * 10**digits
            assert connection.execute(query).fetchone() == (kept,)
