"""A small bank for the desk's tests: two outlets, four people, one quarter, as real files."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import duckdb
import openpyxl

from wenyou_core.scheme.model import Plan
from wenyou_desk.facts.sheets import sheets_of
from wenyou_desk.plans import PlanFile, open_plan

Rows = dict[str, list[dict[str, str]]]  # sheet → rows, column → what is typed into the cell

ADOPTION = """\
adoption:
  id: demo-2025
  plan: jsb_sub_branch
  version: "2025.1"
  units: [B]
  in_force_from: 2025-01-01
  values: {complaint_basis: 客户数}
  tables:
    inspection_fine:
      环境卫生: -50 元
      仪容仪表: -50 元
      服务用语: -50 元
      服务纪律: -100 元
      设施设备: -50 元
      大堂管理: -50 元
      柜面效率: -50 元
      首问负责: -50 元
      负责人缺位: -100 元
  record: {consulted_on: 2024-12-10, published_on: 2024-12-20, acknowledged_on: 2024-12-28}
"""


@cache
def jsb() -> PlanFile:
    """The first plan; loaded once, because nothing of it can be changed."""
    return open_plan("jsb_sub_branch")


def good_rows() -> Rows:
    """Everything the third quarter of 2025 needs."""
    rows: Rows = {
        "org_units": [
            unit("B", "示范支行", "", "支行"),
            unit("U1", "甲网点", "B", "营业网点"),
            unit("U2", "乙网点", "B", "营业网点"),
        ],
        "org_persons": [
            {"id": code, "name": name, "since": "2020-01-01", "staff_type": "柜员"}
            for code, name in (
                ("0001", "陈甲"),
                ("0002", "林乙"),
                ("0003", "周丙"),
                ("0004", "吴丁"),
            )
        ],
        "org_posts": [
            post("0001", "U1", "网点负责人"),
            post("0002", "U2", "网点负责人"),
            post("0003", "U1", "柜员"),
            post("0004", "U2", "柜员"),
        ],
        "coverage": [{"kind": "全部事项", "since": "2023-01-01", "till": "2025-09-30"}],
        "complaint": [complaint("TS-1", "U1", "0003", "2025-07-08", ruling="有责")],
        "praise": [
            {
                **happening("BY-1", "2025-08-01"),
                "unit": "U2",
                "person": "0004",
                "evidence": "锦旗.jpg",
                "source": "分行级",
                "concrete": "是",
                "merit": "是",
            }
        ],
        "volume": [
            {
                **happening(f"YW-{code}", "2025-09-30"),
                "unit": code,
                "basis": "客户数",
                "number": base,
            }
            for code, base in (("U1", "1000"), ("U2", "2000"))
        ],
    }
    return rows


def unit(code: str, name: str, parent: str, kind: str) -> dict[str, str]:
    return {"id": code, "name": name, "parent": parent, "since": "2020-01-01", "kind": kind}


def post(person: str, code: str, name: str, since: str = "2020-01-01") -> dict[str, str]:
    return {"person": person, "unit": code, "post": name, "since": since}


def happening(code: str, day: str) -> dict[str, str]:
    return {"id": code, "happened": day, "known": f"{day} 18:00", "state": "已确认"}


def complaint(code: str, unit: str, person: str, day: str, **given: str) -> dict[str, str]:
    return {
        **happening(code, day),
        "unit": unit,
        "person": person,
        "channel": "客服热线",
        "ruling": "无责",
        "excluded": "否",
        "media": "否",
        "neglected": "否",
        "perfunctory": "否",
        **given,
    }


def tables_of(
    rows: Mapping[str, list[dict[str, str]]], plan: Plan | None = None
) -> dict[str, list[list[str]]]:
    """Per sheet title the header and the cells."""
    found = {}
    for spec in sheets_of(plan or jsb().plan):
        if spec.name in rows:
            body = [[row.get(one.name, "") for one in spec.columns] for row in rows[spec.name]]
            found[spec.title] = [[one.label for one in spec.columns], *body]
    return found


def write_xlsx(path: Path, rows: Rows, plan: Plan | None = None) -> Path:
    book = openpyxl.Workbook()
    for title, lines in tables_of(rows, plan).items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
        for row in sheet.iter_rows():
            for cell in row:
                cell.data_type = "s"  # openpyxl takes =1+1 for a formula
    book.remove(book["Sheet"])
    book.save(path)
    return path


def write_csvs(folder: Path, rows: Rows, encoding: str) -> Path:
    folder.mkdir(exist_ok=True)
    for title, lines in tables_of(rows).items():
        with (folder / f"{title}.csv").open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows(lines)
    return folder


def write_parquet(folder: Path, rows: Rows) -> Path:
    """Text columns, named as the program names them."""
    folder.mkdir(exist_ok=True)
    for spec in sheets_of(jsb().plan):
        if spec.name not in rows:
            continue
        names = [one.name for one in spec.columns]
        cells = [[row.get(name) or None for row in rows[spec.name]] for name in names]
        columns = ", ".join(f'UNNEST(?::VARCHAR[]) AS "{name}"' for name in names)
        with duckdb.connect() as base:
            base.execute(f"CREATE TABLE t AS SELECT {columns}", cells)
            base.execute(f"COPY t TO '{folder / spec.title}.parquet' (FORMAT parquet)")
    return folder


def facts_folder(folder: Path, rows: Rows | None = None, adoption: str = ADOPTION) -> Path:
    """A folder as an office keeps it: one workbook, and the adoption file."""
    folder.mkdir(exist_ok=True)
    write_xlsx(folder / "台账.xlsx", good_rows() if rows is None else rows)
    if adoption:
        (folder / "采用.yaml").write_text(adoption, encoding="utf-8")
    return folder
