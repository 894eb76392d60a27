"""测算结果.xlsx: what a service office reads."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.desk.bank import ADOPTION, Rows, good_rows, happening
from tests.desk.made import run_of
from wenyou_core.assess.notes import NOT_CONFIRMED
from wenyou_core.scheme.words import State
from wenyou_desk.runs.ledgersheets import entries_sheets
from wenyou_desk.runs.telling import Teller
from wenyou_desk.runs.workbook import write_run_workbook

Sheet = list[tuple[object, ...]]


def written(folder: Path, rows: Rows | None = None, **given: str) -> dict[str, Sheet]:
    program, record = run_of(folder / "facts", rows, **given)
    path = folder / "测算结果.xlsx"
    write_run_workbook(program, record, path)
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def table(sheet: Sheet, title: str) -> list[dict[str, object]]:
    """The rows below the header that begins with ``title``."""
    at = next(number for number, row in enumerate(sheet) if row[0] == title)
    header = [str(cell) for cell in sheet[at]]
    return [dict(zip(header, row, strict=True)) for row in sheet[at + 1 :]]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Sheet]:
    rows = good_rows()
    rows["complaint"].append(
        {**rows["complaint"][0], "id": "TS-2", "state": "待确认", "demand": "=1+1"}
    )
    return written(tmp_path_factory.mktemp("run"), rows)


def test_what_is_open_stands_on_top_and_the_values_at_the_end(book: dict[str, Sheet]) -> None:
    assert list(book) == [
        "缺失与待定",
        "各部门和营业部测算表",
        "营业部（网点）测算表",
        "全体员工测算表",
        "分录",
        "机构汇总",
        "个人汇总",
        "兑现表",
        "限制",
        "频次",
        "未计入事实",
        "参数与口径",
        "条款与算法",
    ]


def test_nothing_open_is_said_plainly(book: dict[str, Sheet]) -> None:
    assert book["缺失与待定"][0][0] == "2025年第三季度　没有缺失，也没有待定事项。"


def test_standing_has_measures_rules_and_the_total_as_columns(book: dict[str, Sheet]) -> None:
    first, second = table(book["各部门和营业部测算表"], "机构号")

    assert first["名称"] == "甲网点"
    assert (first["投诉率（分数）"], first["投诉率"]) == ("1/1000", 0.001)
    assert first["全行投诉率（合并平均）"] == 0.00033333
    assert first["高于平均的最后一名（元）"] == -600
    assert first["责任性投诉（元）"] == -100
    assert first["绩效金额合计（元）"] == -700
    assert second["表扬奖励（元）"] == second["绩效金额合计（元）"] == 500
    assert second["责任性投诉（元）"] is None


def test_months_of_a_measure_stand_side_by_side(book: dict[str, Sheet]) -> None:
    first = table(book["营业部（网点）测算表"], "机构号")[0]

    assert [first[f"月度检查得分 2025-0{month}"] for month in (7, 8, 9)] == [100, 100, 100]
    assert first["管理类得分（折算后）"] == 20


def test_people_stand_with_their_unit(book: dict[str, Sheet]) -> None:
    assert [(row["员工号"], row["姓名"], row["机构号"]) for row in table(book["全体员工测算表"], "员工号")] == [
        ("0001", "陈甲", "U1"),
        ("0002", "林乙", "U2"),
        ("0003", "周丙", "U1"),
        ("0004", "吴丁", "U2"),
    ]  # fmt: skip


def test_entries_add_up_to_the_sums(book: dict[str, Sheet]) -> None:
    entries = table(book["分录"], "期间")
    sums = {row["机构号"]: row["绩效金额合计（元）"] for row in table(book["机构汇总"], "机构号")}

    found: dict[object, float] = {}
    for entry in entries:
        assert isinstance(entry["金额或分值"], int | float)
        found[entry["编号"]] = found.get(entry["编号"], 0) + entry["金额或分值"]

    assert found == sums == {"U1": -700, "U2": 500}


def test_every_entry_is_told(book: dict[str, Sheet]) -> None:
    entries = table(book["分录"], "期间")

    assert len(entries) == 3
    assert all(str(entry["说明"]).startswith(f"依据{entry['条款']}") for entry in entries)


def test_payment_sheet_is_for_the_month_after(book: dict[str, Sheet]) -> None:
    rows = table(book["兑现表"], "员工号")

    assert [(row["机构号"], row["项目"], row["条款"], row["金额（元）"]) for row in rows] == [
        ("U1", "高于平均的最后一名", "三.2(1)", -600),
        ("U1", "责任性投诉", "三.2(1)", -100),
        ("U2", "表扬奖励", "三.2(3)", 500),
    ]
    assert {row["兑现月份"] for row in rows} == {"2025-10"}


def test_uncounted_facts_say_why(book: dict[str, Sheet]) -> None:
    assert table(book["未计入事实"], "事项") == [
        {
            "事项": "投诉",
            "事项编号": "TS-2",
            "原因": NOT_CONFIRMED[State.PROPOSED],
            "条款": None,
            "依据规则": None,
            "依据事实": None,
        }
    ]


def test_every_column_of_figures_is_found_with_its_article_and_how_it_is_got(
    book: dict[str, Sheet],
) -> None:
    told = {row["名称"]: row for row in table(book["条款与算法"], "名称")}

    assert told["投诉率"]["条款"] == "三.2(1)"
    assert "分母为零的不适用、另列" in str(told["投诉率"]["怎样计算"])
    assert told["责任性投诉"]["类别"] == "规则"
    head = next(row for row in book["各部门和营业部测算表"] if row[0] == "机构号")
    figures = [str(title).split(" 20")[0].split("（")[0] for title in head[2:] if title != "备注"]
    known = {str(name).split("（")[0] for name in told}
    sums = {"绩效金额合计", "服务管理积分合计"}
    assert [title for title in figures if title not in known | sums] == []


def test_values_are_told_in_words(book: dict[str, Sheet]) -> None:
    values = {row["名称"]: row["取值"] for row in table(book["参数与口径"], "条款")}

    assert values["same_type_window"] == "12个月内"
    assert values["last_fine"] == "-600"
    assert values["complaint_basis"] == "客户数"


def test_missing_and_waiting_things_are_listed_first(tmp_path: Path) -> None:
    rows = good_rows()
    rows["coverage"][0]["till"] = "2025-08-31"
    rows["complaint"].append({**rows["complaint"][0], "id": "TS-2", "unit": "U2", "person": ""})
    rows["volume"][1]["number"] = "1000"

    sheets = written(tmp_path, rows, period="2025Q3")
    listed = table(sheets["缺失与待定"], "类别")

    assert sheets["缺失与待定"][0][0] == "2025年第三季度　初步结果：补齐以下各项后再测算。"
    assert {row["类别"] for row in listed} == {"缺少事实"}
    assert "投诉" in {row["事项"] for row in listed}
    assert all(row["条款"] for row in listed)
    assert "三.2(1)" in {
        article
        for row in listed
        for article in str(row["条款"]).split("、")
        if row["事项"] == "投诉"
    }
    assert "初步结果：还有缺失或待定事项，见第一张表，不得兑现。" in [
        row[0] for row in sheets["兑现表"][:3]
    ]


def test_run_without_procedure_says_so_on_the_payment_sheet(tmp_path: Path) -> None:
    sheets = written(tmp_path, adoption=ADOPTION.replace("consulted_on: 2024-12-10, ", ""))

    assert sheets["兑现表"][1][0] == "未经通过程序：采用记录不全，金额只供测算，不得兑现。"
    assert str(sheets["缺失与待定"][1][0]).startswith("未经通过程序")


def test_text_that_looks_like_a_formula_is_written_inert(tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_units"][1]["name"] = "=HYPERLINK(1)"
    rows["complaint"][0]["evidence"] = "@SUM(1)"
    rows["praise"].append(
        {**rows["praise"][0], "id": "+1", "evidence": "-1"} | happening("+1", "2025-08-02")
    )

    program, record = run_of(tmp_path / "facts", rows)
    write_run_workbook(program, record, tmp_path / "r.xlsx")

    cells = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / "r.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value[:1] in "=+-@"
    ]
    risky = [cell for cell in cells if cell.value in ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)")]
    assert {str(cell.value) for cell in risky} == {"=HYPERLINK(1)", "+1"}
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_entries_that_fill_a_sheet_go_on_in_another(tmp_path: Path) -> None:
    program, record = run_of(tmp_path / "facts")

    sheets = list(entries_sheets(program, record, Teller(program.plan, record), most=2))

    assert [len(list(sheet.rows)) for sheet in sheets] == [2, 1]
    assert {sheet.spec.title for sheet in sheets} == {"分录"}


def test_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    program, record = run_of(tmp_path / "facts")

    for name in ("a.xlsx", "b.xlsx"):
        write_run_workbook(program, record, tmp_path / name)

    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_what_is_not_computed_for_this_period_is_told_on_top(tmp_path: Path) -> None:
    sheet = written(tmp_path, period="2025-07")["缺失与待定"]

    assert str(sheet[1][0]).startswith("本次考核期间不满一个完整的季度，方案里按季度计算的")
