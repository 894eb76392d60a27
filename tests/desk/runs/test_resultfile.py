"""``result.json``: canonical bytes that say everything of a run."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.desk.bank import complaint, good_rows, happening, write_csvs
from tests.desk.made import Made, run_of
from wenyou_core.assess.bind import bind
from wenyou_core.assess.leftout import left_out
from wenyou_core.assess.reference import assess
from wenyou_core.errors import InputRefused
from wenyou_core.scheme.check import check
from wenyou_core.scheme.load import load_adoption, load_plan
from wenyou_desk.runs.command import assess_files
from wenyou_desk.runs.rebind import program_of_record
from wenyou_desk.runs.resultfile import read_result, result_bytes, result_of, write_result
from wenyou_desk.runs.sections import record_of


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    rows = good_rows()
    rows["complaint"][0] |= {"media": "是", "neglected": "是", "at": "09:30"}
    rows["complaint"].append(complaint("TS-2", "U2", "", "2025-07-01") | {"state": "待确认"})
    rows["finding"] = [
        {
            **happening("JC-1", "2025-07-10"),
            "unit": "U1",
            "type": "环境卫生",
            "points": "2.5",
            "counted": "是",
            "recorded": "2025-07-12 08:00",
        }
    ]
    rows["openings"] = [
        {"unit": "U1", "ledger": "绩效金额", "number": "-100.5", "on": "2024-12-31"}
    ]
    return run_of(tmp_path_factory.mktemp("facts"), rows, known_at="2025-10-08")


def test_run_comes_back_from_its_bytes_exactly(made: Made) -> None:
    record = made[1]

    found = result_of(result_bytes(record))

    assert found == record
    assert result_bytes(found) == result_bytes(record)


def test_file_is_read_back(made: Made, tmp_path: Path) -> None:
    write_result(made[1], tmp_path / "result.json")

    assert read_result(tmp_path / "result.json") == made[1]


def test_sections_and_keys_are_sorted_and_every_row_has_a_line(made: Made) -> None:
    text = result_bytes(made[1]).decode()

    whole = json.loads(text)
    assert list(whole) == sorted(whole)
    assert text.isascii() is False
    rows = [line for line in text.splitlines() if line.startswith('{"amount"')]
    assert len(rows) == len(whole["entries"]) == len(made[1].result.entries)
    assert all(list(row) == sorted(row) for row in whole["entries"])


def test_entries_are_told_in_exact_decimals_of_their_ledger(made: Made) -> None:
    entries = json.loads(result_bytes(made[1]))["entries"]

    assert {(row["rule"], row["amount"]) for row in entries if row["subject"] == "unit:U1"} == {
        ("deduction", "-2.5000"),
        ("last_above_mean", "-600.00"),
        ("media", "-400.00"),
        ("repeat_unit", "-50.00"),
        ("responsible", "-100.00"),
        ("responsible", "100.00"),
    }


def test_file_says_what_it_was_made_of(made: Made) -> None:
    whole = json.loads(result_bytes(made[1]))

    assert whole["schema"] == "wenyou-run/1"
    assert whole["run"]["known_at"] == "2025-10-08T23:59:59.999999"
    assert whole["run"]["days"] == {
        "end": "2025-09-30",
        "kind": "quarter",
        "label": "2025年第三季度",
        "start": "2025-07-01",
    }
    assert whole["names"]["units"] == {"B": "示范支行", "U1": "甲网点", "U2": "乙网点"}
    assert [file["name"] for file in whole["files"]] == ["台账.xlsx"]
    assert {
        "article": "三.2(1)",
        "name": "last_fine",
        "title": "最后一名扣罚额",
        "type": "amount",
        "unit": "元",
        "value": {"n": "-600"},
    } in whole["values"]


def test_result_can_be_computed_again_from_the_file_alone(made: Made) -> None:
    record = result_of(result_bytes(made[1]))

    checked = check(load_plan(record.plan_text, record.plan_file))
    adoption = load_adoption(record.adoption_text, record.adoption_file)
    program = bind(checked, adoption, record.period)

    assert assess(program, record.book, record.result.known_at) == record.result


def test_same_facts_in_other_files_differ_only_in_where_they_stood(tmp_path: Path) -> None:
    (tmp_path / "xlsx").mkdir()
    one = run_of(tmp_path / "xlsx")[1]
    folder = write_csvs(tmp_path / "csv", good_rows(), "gb18030")
    (folder / "采用.yaml").write_bytes((tmp_path / "xlsx" / "采用.yaml").read_bytes())

    other = assess_files("jsb_sub_branch", folder)[1]

    assert other.result == one.result
    assert other.book == one.book
    assert replace(other, files=one.files) == one


def test_text_that_looks_like_the_mark_between_rows_comes_back(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"][0]["demand"] = '},"\\u0000",{ "} , {'

    record = run_of(tmp_path / "facts", rows)[1]

    assert result_of(result_bytes(record)) == record


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text[:-20], "起读不下去，文件被截断或改动过"),
        (lambda text: text.replace('"schema":', '"schema"', 1), "行第"),
        (lambda text: "[]", "不是 JSON 对象"),
        (lambda text: text.replace("wenyou-run/1", "wenyou-run/9"), "是别的版本的程序写的"),
        (lambda text: text.replace('"schema":"wenyou-run/1"', '"schema":"x"'), "没有写明是测算结果"),
        (lambda text: text.replace('"amount":"-600.00"', '"amount":-600'), "text expected"),
        (lambda text: text.replace('"amount":"-600.00"', '"amount":"-600.0"'), "2 decimals"),
        (lambda text: text.replace('{"n":"0"}', '{"n":"1/0"}'), "ZeroDivisionError"),
        (lambda text: text.replace('"rule":"last_above_mean"', '"regel":"x"'), "Entry.rule is missing"),
    ],
)  # fmt: skip
def test_damaged_file_is_refused_with_the_reason(
    made: Made, tmp_path: Path, change: object, reason: str
) -> None:
    assert callable(change)
    path = tmp_path / "result.json"
    path.write_text(change(result_bytes(made[1]).decode()), encoding="utf-8")

    with pytest.raises(InputRefused, match=r"「result\.json」不是完好的测算结果") as refused:
        read_result(path)

    assert reason in str(refused.value)


def test_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match=r"找不到结果文件「result\.json」"):
        read_result(tmp_path / "result.json")


def test_folder_without_a_result_is_told_with_the_one_inside_it_that_has_one(
    made: Made, tmp_path: Path
) -> None:
    with pytest.raises(InputRefused, match="里没有。请指明测算时 --out 写到的文件夹。"):
        read_result(tmp_path / "result.json")

    (tmp_path / "测算结果").mkdir()
    write_result(made[1], tmp_path / "测算结果" / "result.json")
    with pytest.raises(InputRefused, match="是否指其中的「测算结果」？请指明"):
        read_result(tmp_path / "result.json")


def test_workbook_beside_the_result_leads_to_the_result(tmp_path: Path) -> None:
    (tmp_path / "测算结果.xlsx").write_bytes(b"PK")

    with pytest.raises(InputRefused) as refused:
        read_result(tmp_path / "测算结果.xlsx")

    assert "「测算结果.xlsx」不是测算结果的数据文件。请指明同一次测算的 result.json。" in str(
        refused.value
    )


def test_what_the_run_leaves_out_stands_in_the_file(tmp_path: Path) -> None:
    _, record = run_of(tmp_path / "facts", period="2025-07")

    section = json.loads(result_bytes(record))["leftout"]

    assert (section[0]["kind"], section[0]["first"]) == ("quarter", True)
    assert section[0]["days"] == [["2025-07-01", "2025-07-31"]]
    assert result_of(result_bytes(record)) == record
    assert record.leftout == left_out(program_of_record(record))
    older = json.loads(result_bytes(record))
    del older["leftout"]
    assert record_of(older) == replace(record, leftout=())
