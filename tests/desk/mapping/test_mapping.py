"""A mapping file says columns, keys, joins and forms; what does not fit is refused by name."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from wenyou_core.errors import FactsError, InputRefused, SchemeError
from wenyou_core.worktime.periods import parse_period
from wenyou_desk import cli
from wenyou_desk.mapping.book import MappedBook, mapped_book
from wenyou_desk.mapping.files import find_files
from wenyou_desk.mapping.model import load_mapping
from wenyou_desk.plans import find_plan, open_plan
from wenyou_desk.runs.outputs import REPLACED

MAP = """
map: {scheme: sf_food, period: 2016-01-01..2016-12-31, main: inspections}
files: {inspections: "*inspections*.csv", violations: "*violations*.csv"}
units: {file: inspections, id: 行号, name: business_id}
facts:
  violation:
    file: violations
    join: {business_id: business_id, date: date}
    happened: {column: date, form: "%Y%m%d"}
    fields:
      risk: {column: risk, words: {High: 高风险, Low: 低风险}}
reconcile: {measure: score}
"""
INSPECTIONS = "business_id,date,Score\n7,20160513,93\n7,20160601,100\n8,20160513,\n"
VIOLATIONS = (
    "business_id,date,risk\n7,20160513,High\n8,20160513,Low\n9,20160513,Low\n7,20160513,N/A\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a_inspections.csv").write_text(INSPECTIONS, "utf-8")
    (tmp_path / "a_violations.csv").write_text(VIOLATIONS, "utf-8")
    return tmp_path


def book(given: Path, text: str = MAP, column: str = "Score") -> MappedBook:
    mapped = load_mapping(text, "map.yaml")
    return mapped_book(
        mapped, open_plan("sf_food").plan, given, parse_period(mapped.map.period), column
    )


def test_rows_join_on_equal_columns_and_the_row_number_is_the_key(folder: Path) -> None:
    read = book(folder)

    facts = [
        (fact.id, fact.unit, fact.happened, dict(fact.values))
        for fact in read.book.facts["violation"]
    ]
    assert facts == [
        ("2-2", "2", date(2016, 5, 13), {"risk": "高风险"}),
        ("3-4", "4", date(2016, 5, 13), {"risk": "低风险"}),
        ("5-2", "2", date(2016, 5, 13), {}),
    ]
    assert dict(read.published) == {"2": "93", "3": "100", "4": ""}


def test_the_second_file_is_the_one_that_begins_like_the_first(folder: Path) -> None:
    (folder / "b_inspections.csv").write_text(INSPECTIONS, "utf-8")
    (folder / "b_violations.csv").write_text("business_id,date,risk\n", "utf-8")

    assert len(book(folder / "a_inspections.csv").book.facts["violation"]) == 3
    assert len(book(folder / "b_inspections.csv").book.facts["violation"]) == 0


def test_two_files_that_fit_are_refused_by_name(folder: Path) -> None:
    (folder / "b_inspections.csv").write_text(INSPECTIONS, "utf-8")

    with pytest.raises(InputRefused, match=r"a_inspections\.csv、b_inspections\.csv"):
        find_files(folder, {"inspections": "*inspections*.csv"}, "inspections")


def test_a_missing_second_file_is_refused_with_its_pattern(folder: Path) -> None:
    (folder / "a_violations.csv").unlink()

    with pytest.raises(InputRefused, match=r"没有文件符合「\*violations\*.csv」"):
        book(folder)


def test_a_key_that_is_not_unique_asks_for_the_row_number(folder: Path) -> None:
    with pytest.raises(InputRefused, match=r"「7」重复.*行号"):
        book(folder, MAP.replace("id: 行号", "id: business_id"))


def test_a_date_of_another_form_is_refused_with_the_form(folder: Path) -> None:
    with pytest.raises(InputRefused, match="%d/%m/%Y"):
        book(folder, MAP.replace("%Y%m%d", "%d/%m/%Y"))


FEES = """
map: {scheme: toll_window, period: 2016-01-01..2016-12-31, main: fees}
files: {fees: "*fees*.csv"}
units: {file: fees, id: 行号}
facts:
  KIND:
    file: fees
    happened: {column: date, form: "%Y%m%d"}
    fields:
      charged: {column: paid}
"""


def fees(folder: Path, paid: str) -> MappedBook:
    plan = open_plan("toll_window").plan
    (kind,) = (name for name, one in plan.facts.items() if "charged" in one.fields)
    (folder / "fees.csv").write_text(f"date,paid\n20160513,{paid}\n", "utf-8")
    mapped = load_mapping(FEES.replace("KIND", kind), "map.yaml")
    return mapped_book(mapped, plan, folder / "fees.csv", parse_period(mapped.map.period), "")


def test_money_is_read_in_yuan_as_in_a_workbook(tmp_path: Path) -> None:
    ((fact,),) = fees(tmp_path, "12.50").book.facts.values()

    assert fact.values["charged"] == Fraction("12.5")


def test_number_beyond_the_bounds_of_its_field_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(FactsError, match=r"fees.csv 第2行 「paid」列.*这里的数应不小于 0"):
        fees(tmp_path, "-12.50")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("violation:\n", "offence:\n", "没有「offence」这种事实"),
        ("risk: {column", "rank: {column", "没有「rank」这个字段"),
        ("file: violations", "file: offences", "offences”没有列在 files 里"),
        ("join: {business_id: business_id, date: date}", "when: x", "“when”不是这里能写的键"),
        ("reconcile: {measure: score}", "reconcile: {measure: a, grade: b}", "只能写一个"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(
    folder: Path, old: str, new: str, said: str
) -> None:
    assert old in MAP

    with pytest.raises((InputRefused, SchemeError), match=said):
        book(folder, MAP.replace(old, new))


def test_the_command_lists_disagreements_and_closes_with_the_counts(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = INSPECTIONS.replace("20160601,100", "20160601,98")
    (folder / "a_inspections.csv").write_text(text, "utf-8")
    (folder / "map.yaml").write_text(MAP, "utf-8")
    out = folder / "out"

    words = ["assess", "--scheme", "sf_food", "--facts", str(folder / "a_inspections.csv")]
    words += ["--map", str(folder / "map.yaml"), "--reconcile", "Score", "--out", str(out)]
    code = cli.main(words)

    printed = capsys.readouterr().out.splitlines()
    assert code == 0
    assert printed[-1] == "一致 1 条,不一致 1 条,未评级 1 条"
    assert printed[-2] == "第3行（7）：公布98，按规则100；记录为没有任何扣分记录，公布值低2。"
    assert (out / "核对.csv").read_text("utf-8-sig").count("\n") == 2


def test_strict_mapped_run_with_something_waiting_exits_with_three(folder: Path) -> None:
    plan = find_plan("sf_food").read_text("utf-8")
    judged = plan.replace(
        "amount: {table: deduction}}", "amount: {table: deduction}, decide: true}"
    )
    assert judged != plan
    (folder / "judged.yaml").write_text(judged, "utf-8")
    (folder / "map.yaml").write_text(MAP, "utf-8")
    words = ["--facts", str(folder / "a_inspections.csv"), "--map", str(folder / "map.yaml")]

    codes = [
        cli.main(["assess", "--scheme", str(scheme), *words, "--out", str(out), *strict])
        for scheme, out, strict in (
            (folder / "judged.yaml", folder / "a", []),
            (folder / "judged.yaml", folder / "b", ["--strict"]),
            ("sf_food", folder / "c", ["--strict"]),
        )
    ]

    assert codes == [0, 3, 0]


def test_adoption_beside_a_mapping_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["assess", "--scheme", "sf_food", "--facts", str(folder), "--map", "map.yaml"]

    assert cli.main([*words, "--adoption", "采用.yaml", "--out", str(folder / "out")]) == 2
    assert "--adoption 不能与 --map 合用" in capsys.readouterr().err


def test_reconcile_without_a_mapping_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["assess", "--scheme", "sf_food", "--facts", str(folder), "--reconcile", "Score"]

    code = cli.main([*words, "--out", str(folder / "out")])

    assert code == 2
    assert "--map" in capsys.readouterr().err
    assert not (folder / "out").exists()


def mapped_run(folder: Path, column: str, text: str = MAP) -> int:
    """``assess --map`` of the folder into its own folder of results."""
    (folder / "map.yaml").write_text(text, "utf-8")
    words = ["assess", "--scheme", "sf_food", "--facts", str(folder / "a_inspections.csv")]
    words += ["--map", str(folder / "map.yaml"), "--out", str(folder / "out")]
    return cli.main([*words, *(["--reconcile", column] if column else [])])


def test_mapped_run_into_the_folder_of_an_earlier_one_says_so_and_removes_only_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mapped_run(folder, "Score") == 0
    assert REPLACED not in capsys.readouterr().out
    assert cli.main(["statements", str(folder / "out"), "2", "--out", str(folder / "out")]) == 0
    (page,) = (folder / "out").glob("*.html")
    (folder / "out" / "笔记.txt").write_text("自己的", "utf-8")
    capsys.readouterr()

    assert mapped_run(folder, "") == 0

    last = f"  statements 命令写出的「{page.name}」没有动；其中出自原来的测算结果的，请重新写出。\n"
    assert capsys.readouterr().out.endswith(REPLACED + last)
    left = {one.name for one in (folder / "out").iterdir() if not one.name.startswith(".")}
    assert left == {"result.json", "测算结果.xlsx", page.name, "笔记.txt"}


def test_mapped_run_names_the_table_of_disagreements_and_counts_in_the_last_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mapped_run(folder, "Score")
    mapped_run(folder, "Score")

    printed = capsys.readouterr().out
    assert "：result.json、测算结果.xlsx、核对.csv。\n" in printed
    assert REPLACED in printed
    assert printed.splitlines()[-1].startswith("一致 ")


def test_a_column_that_the_file_lacks_is_refused_with_those_it_has(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert mapped_run(folder, "Scores") == 2
    said = "「a_inspections.csv」里没有「Scores」这一列，是否指「Score」？请核对 --reconcile。\n"
    assert capsys.readouterr().err == said

    assert mapped_run(folder, "Score", MAP.replace("column: risk", "column: risks")) == 2
    said = "「a_violations.csv」里没有「risks」这一列，是否指「risk」？请核对映射文件里的列名。\n"
    assert capsys.readouterr().err == said
    assert not (folder / "out").exists()


def test_a_column_with_nothing_to_compare_is_told_as_such(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = INSPECTIONS.replace("Score", "Score,Place")
    rows = [line + (",甲地" if number else "") for number, line in enumerate(text.splitlines())]
    (folder / "a_inspections.csv").write_text("\n".join(rows) + "\n", "utf-8")

    assert mapped_run(folder, "Place") == 0

    *_, said, counts = capsys.readouterr().out.splitlines()
    assert said == (
        "「Place」一列里没有能核对的值。请核对 --reconcile 的列名，和映射文件 reconcile 写的评级或指标。"
    )
    assert counts == "一致 0 条,不一致 0 条,未评级 3 条"
