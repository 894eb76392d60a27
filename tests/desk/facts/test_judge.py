"""Rows that no cell tells to be wrong: each refused with its place and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.desk.bank import Rows, complaint, good_rows, happening, jsb, post, unit, write_xlsx
from wenyou_core.errors import FactsError, Fault
from wenyou_desk.facts.load import load_book


def faults_of(tmp_path: Path, rows: Rows) -> tuple[Fault, ...]:
    with pytest.raises(FactsError) as refused:
        load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan)
    return refused.value.faults


def decision(**given: str) -> dict[str, str]:
    return {
        **happening("JD-1", "2025-10-08"),
        "rule": "高于平均的最后一名",
        "subject": "U1",
        "choice": "选中",
        "by": "0001",
        "grounds": "集体研究",
        **given,
    }


def appeal(target: str) -> dict[str, str]:
    return {**happening("SS-1", "2025-08-01"), "unit": "U1", "target": target, "result": "支持"}


def set_cell(sheet: str, row: int, **cells: str) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows[sheet][row] |= cells

    return change


def add(sheet: str, row: dict[str, str]) -> Callable[[Rows], None]:
    def change(rows: Rows) -> None:
        rows.setdefault(sheet, []).append(row)

    return change


BAD = {
    "an unknown unit": (
        set_cell("complaint", 0, unit="U9"),
        "台账.xlsx 工作表「投诉」 第2行 「机构号」列",
        "机构号「U9」不在「机构」表里。请核对，或先在「机构」表里登记。",
    ),
    "an unknown person": (
        set_cell("complaint", 0, person="9999"),
        "台账.xlsx 工作表「投诉」 第2行 「员工号」列",
        "员工号「9999」不在「人员」表里。请核对，或先在「人员」表里登记。",
    ),
    "a person whose zeros were lost": (
        set_cell("complaint", 0, person="3"),
        "台账.xlsx 工作表「投诉」 第2行 「员工号」列",
        "员工号「3」不在「人员」表里。请核对，或先在「人员」表里登记。「人员」表里有「0003」，"
        "只差开头的零：多半是存成数字时丢了，请把这一列设成文本，补上零。",
    ),
    "a unit not yet open": (
        set_cell("org_units", 1, since="2025-08-01"),
        "台账.xlsx 工作表「投诉」 第2行 「机构号」列",
        "机构号「U1」在2025-07-08不在营业期间（2025-08-01起）。请核对日期和机构号。",
    ),
    "a person who had left": (
        set_cell("org_persons", 2, till="2025-06-30"),
        "台账.xlsx 工作表「投诉」 第2行 「员工号」列",
        "员工号「0003」在2025-07-08不在在职期间（2020-01-01至2025-06-30）。请核对日期和员工号。",
    ),
    "known before it happened": (
        set_cell("complaint", 0, known="2025-07-07 10:00"),
        "台账.xlsx 工作表「投诉」 第2行 「登记时间」列",
        "登记时间（2025-07-07 10:00）早于发生日期（2025-07-08）。"
        "还没有发生的事不能登记为事实，请核对这两格。",
    ),
    "recorded before it was known": (
        set_cell("complaint", 0, recorded="2025-07-08 09:00"),
        "台账.xlsx 工作表「投诉」 第2行 「记录时间」列",
        "记录时间早于登记时间（2025-07-08 18:00）。请核对这两格。",
    ),
    "one number for two facts": (
        add("complaint", complaint("TS-1", "U2", "", "2025-07-08")),
        "台账.xlsx 工作表「投诉」 第3行 「编号」列",
        "编号「TS-1」与「投诉」第2行重复。是更正的请填上新的记录时间，是另一件事的请另编编号。",
    ),
    "an appeal against nothing": (
        add("appeal", appeal("TS-8")),
        "台账.xlsx 工作表「申诉结果」 第2行 「原编号」列",
        "各张事实表里都没有编号「TS-8」。请核对，或补上那件事。",
    ),
    "an unknown parent": (
        set_cell("org_units", 1, parent="B9"),
        "台账.xlsx 工作表「机构」 第3行 「上级机构号」列",
        "上级机构号「B9」不在「机构」表里。请核对，或先在「机构」表里登记。",
    ),
    "a circle of units": (
        set_cell("org_units", 0, parent="U2"),
        "台账.xlsx 工作表「机构」 第2行 「上级机构号」列",
        "上级机构连成了一圈（B → U2 → B）。请改正其中一个上级机构号。",
    ),
    "a unit twice": (
        add("org_units", unit("U1", "甲网点", "B", "营业网点")),
        "台账.xlsx 工作表「机构」 第5行 「机构号」列",
        "机构号「U1」自2020-01-01起的资料与台账.xlsx 第3行重复。请删去一行，是更正的请填上记录时间。",
    ),
    "a span that ends before it begins": (
        set_cell("org_posts", 2, till="2019-12-31"),
        "台账.xlsx 工作表「任职」 第4行 「止」列",
        "「止」2019-12-31早于开始的日期2020-01-01。请核对这两格。",
    ),
    "a post in an unknown unit": (
        set_cell("org_posts", 2, unit="U9"),
        "台账.xlsx 工作表「任职」 第4行 「机构号」列",
        "机构号「U9」不在「机构」表里。请核对，或先在「机构」表里登记。",
    ),
    "the same post at two places at once": (
        add("org_posts", post("0003", "U2", "柜员", "2025-08-15")),
        "台账.xlsx 工作表「任职」 第6行 「起」列",
        "员工「0003」的「柜员」与台账.xlsx 第4行的任职日期重叠。请在前一段填上「止」。",
    ),
    "coverage of an unknown unit": (
        set_cell("coverage", 0, unit="U9"),
        "台账.xlsx 工作表「覆盖声明」 第2行 「机构号」列",
        "机构号「U9」不在「机构」表里。请核对，或先在「机构」表里登记。",
    ),
    "a decision that decides nothing": (
        add("decision", decision(choice="")),
        "台账.xlsx 工作表「决定」 第2行 「结论」列",
        "「结论」和「数值」都空着。请写明决定的内容。",
    ),
    "a decision on an unknown subject": (
        add("decision", decision(subject="U7")),
        "台账.xlsx 工作表「决定」 第2行 「对象」列",
        "「U7」不在「机构」表里，也不在「人员」表里。请核对。",
    ),
    "a decision on a person whose zeros were lost": (
        add("decision", decision(subject="3")),
        "台账.xlsx 工作表「决定」 第2行 「对象」列",
        "「3」不在「机构」表里，也不在「人员」表里。请核对。「人员」表里有「0003」，只差开头的零：",
    ),
    "a decision on an unknown fact": (
        add("decision", decision(target="TS-8")),
        "台账.xlsx 工作表「决定」 第2行 「编号或期间」列",
        "「TS-8」既不是事实表里的编号，也不是期间（如 2025Q3）。请核对。",
    ),
    "a decision without a person": (
        add("decision", decision(by="")),
        "台账.xlsx 工作表「决定」 第2行 「决定人」列",
        "「决定人」是必填项",
    ),
    "a decision without grounds": (
        add("decision", decision(grounds="")),
        "台账.xlsx 工作表「决定」 第2行 「理由」列",
        "「理由」是必填项",
    ),
    "an opening balance of nobody": (
        add("openings", {"ledger": "绩效金额", "number": "1", "on": "2024-12-31"}),
        "台账.xlsx 工作表「期初余额」 第2行 「机构号」列",
        "「机构号」和「员工号」要填一个，且只填一个。",
    ),
    "an opening balance of a tenth of a fen": (
        add(
            "openings", {"unit": "U1", "ledger": "绩效金额", "number": "1.234", "on": "2024-12-31"}
        ),
        "台账.xlsx 工作表「期初余额」 第2行 「余额」列",
        "「绩效金额」的余额最多2位小数。请改正。",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_row_is_refused_with_place_and_sentence(tmp_path: Path, case: str) -> None:
    change, place, text = BAD[case]
    rows = good_rows()
    change(rows)

    (fault,) = faults_of(tmp_path, rows)

    assert str(fault.place) == place
    assert fault.text.startswith(text)


def test_all_bad_rows_are_told_together(tmp_path: Path) -> None:
    rows = good_rows()
    for case in ("an unknown unit", "an appeal against nothing", "an unknown parent"):
        BAD[case][0](rows)

    codes = [fault.code for fault in faults_of(tmp_path, rows)]

    assert codes == ["unknown_机构", "unknown_机构", "unknown_fact"]


def test_file_handed_in_twice_is_told_in_one_sentence(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"] = [complaint(f"TS-{n}", "U1", "0003", "2025-07-08") for n in range(1, 1201)]
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(tmp_path / name, rows)

    with pytest.raises(FactsError) as refused:
        load_book([tmp_path], jsb().plan)

    (fault,) = refused.value.faults
    assert (str(fault.place), fault.code) == ("b.xlsx", "repeated_file")
    assert fault.text.startswith("这个文件的12")
    assert "与「a.xlsx」里的完全相同：" in fault.text
    assert fault.text.endswith("行不逐一列出。像是同一份表交了两次，请去掉一份。")


def test_many_double_rows_of_a_sheet_are_told_together(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"] = [complaint(f"TS-{n}", "U1", "0003", "2025-07-08") for n in range(1, 31)]
    write_xlsx(tmp_path / "a.xlsx", rows)
    late = [{**one, "ruling": "无责"} for one in rows["complaint"][:12]]
    write_xlsx(
        tmp_path / "b.xlsx", {"complaint": [*late, complaint("TS-99", "U1", "", "2025-07-08")]}
    )

    with pytest.raises(FactsError) as refused:
        load_book([tmp_path], jsb().plan)

    (fault,) = refused.value.faults
    assert str(fault.place) == "b.xlsx 工作表「投诉」"
    assert fault.text == (
        "有12行与「a.xlsx」的重复：第2行、第3行、第4行，"
        "其余9行不逐一列出。两张表像是同一张交了两次，请去掉一份；是更正的请填上新的记录时间。"
    )


def test_correction_with_a_later_time_of_record_is_a_version(tmp_path: Path) -> None:
    rows = good_rows()
    later = {**rows["complaint"][0], "ruling": "无责", "recorded": "2025-10-09 10:00"}
    rows["complaint"].append(later)

    book = load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan).book

    assert [fact.values["ruling"] for fact in book.facts["complaint"]] == ["有责", "无责"]


def test_unit_that_changed_its_parent_makes_no_circle(tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_units"][1] |= {"till": "2024-12-31", "parent": "U2"}
    rows["org_units"].append(unit("U1", "甲网点", "B", "营业网点") | {"since": "2025-01-01"})
    rows["org_units"][2] |= {"till": "2024-12-31"}
    rows["org_units"].append(unit("U2", "乙网点", "U1", "营业网点") | {"since": "2025-01-01"})

    load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan)


def test_person_may_stand_in_elsewhere_for_the_same_post(tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_posts"].append(post("0001", "U2", "网点负责人", "2025-08-01") | {"acting": "是"})

    load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan)


def test_decision_may_name_a_period(tmp_path: Path) -> None:
    rows = good_rows()
    rows["decision"] = [decision(target="2025Q3")]

    book = load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan).book

    assert book.facts["decision"][0].values == {
        "rule": "last_above_mean",
        "target": "2025Q3",
        "subject": "U1",
        "choice": "选中",
        "by": "0001",
        "grounds": "集体研究",
    }


@pytest.mark.parametrize(
    ("sheet", "text"),
    [
        ("org_units", "没有「机构」表，或表里还没有填，无法计算。请填写机构表。"),
        ("org_persons", "事实或任职里有员工号，却没有「人员」表。请补上人员表。"),
    ],
)
def test_facts_without_the_organization_are_refused(tmp_path: Path, sheet: str, text: str) -> None:
    rows = good_rows()
    del rows[sheet]

    assert text in [fault.text for fault in faults_of(tmp_path, rows)]


def test_file_checked_alone_only_remarks_on_the_missing_organization(tmp_path: Path) -> None:
    rows: Rows = {"complaint": good_rows()["complaint"]}

    loaded = load_book([write_xlsx(tmp_path / "台账.xlsx", rows)], jsb().plan, alone=True)

    assert [remark.text for remark in loaded.remarks] == [
        "没有「人员」表，员工号没有核对。",
        "没有「机构」表，或表里还没有填，机构号没有核对。",
    ]
