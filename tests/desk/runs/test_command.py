"""``./wenyou assess`` as a person types it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk.bank import ADOPTION, facts_folder, good_rows, happening
from wenyou_desk.cli import main
from wenyou_desk.runs.files import RESULT_FILE, WORKBOOK_FILE
from wenyou_desk.runs.resultfile import read_result


def assess(facts: Path, out: Path, *more: str) -> int:
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(facts), "--out", str(out)]
    return main([*words, *more])


def test_run_writes_result_and_workbook_and_says_what_came_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "结果"

    assert assess(facts_folder(tmp_path / "facts"), out) == 0

    assert (out / WORKBOOK_FILE).is_file()
    assert read_result(out / RESULT_FILE).result.period == "2025Q3"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == ("支行文明优质服务考核方案（jsb_sub_branch 2025.1）2025年第三季度测算结果")
    assert "  考核对象 7 个，分录 3 条" in lines
    assert "  绩效金额合计 -200元" in lines
    assert lines[-1].startswith(f"  结果在「{out}」：result.json、测算结果.xlsx")


def test_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    facts = facts_folder(tmp_path / "facts")

    for name in ("a", "b"):
        assess(facts, tmp_path / name)

    for file in (RESULT_FILE, WORKBOOK_FILE):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_both_engines_write_the_same_bytes(tmp_path: Path) -> None:
    rows = good_rows()
    rows["complaint"][0] |= {"media": "是", "neglected": "是"}
    rows["complaint"].append({**rows["complaint"][0], "id": "TS-2", "state": "待确认"})
    facts = facts_folder(tmp_path / "facts", rows)

    for engine in ("reference", "duckdb"):
        assess(facts, tmp_path / engine, "--engine", engine)

    for file in (RESULT_FILE, WORKBOOK_FILE):
        one, other = (tmp_path / engine / file for engine in ("reference", "duckdb"))
        assert one.read_bytes() == other.read_bytes()


def test_provisional_run_succeeds_but_says_so_and_strict_exits_with_three(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = good_rows()
    rows["coverage"][0]["since"] = "2025-07-01"
    facts = facts_folder(tmp_path / "facts", rows)

    assert assess(facts, tmp_path / "a") == 0
    out = capsys.readouterr().out
    assert "测算初步结果" in out.splitlines()[0]
    assert "  缺失 " in out
    assert "没有声明填报完整" in out
    assert assess(facts, tmp_path / "b", "--strict") == 3


def test_run_without_procedure_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    adoption = ADOPTION.replace(", published_on: 2024-12-20", "")
    facts = facts_folder(tmp_path / "facts", adoption=adoption)

    assert assess(facts, tmp_path / "out") == 0
    assert "未经通过程序：采用记录不全" in capsys.readouterr().out


def test_unset_values_are_asked_for_with_their_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    adoption = ADOPTION.replace("values: {complaint_basis: 客户数}", "values: {}")
    facts = facts_folder(tmp_path / "facts", adoption=adoption)

    assert assess(facts, tmp_path / "out") == 2
    assert "“总投诉率”是每客户、每笔交易还是每名员工的投诉？" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_run_without_an_adoption_is_led_to_one_where_values_are_unset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = facts_folder(tmp_path / "facts")
    (facts / "采用.yaml").unlink()

    assert assess(facts, tmp_path / "out") == 2
    first, *asked = capsys.readouterr().err.splitlines()
    assert asked
    assert first.startswith("事实旁边没有采用文件。请用 ./wenyou scheme adopt jsb_sub_branch 写出")


@pytest.mark.parametrize("beside", ["", "甲,乙\n1,2\n"])
def test_folder_whose_tables_lie_one_deeper_leads_to_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], beside: str
) -> None:
    bank = tmp_path / "银行"
    (bank / "别的").mkdir(parents=True)
    facts_folder(bank / "台账")
    assert assess(bank / "台账", bank / "结果") == 0
    if beside:
        (bank / "休假.csv").write_text(beside, encoding="utf-8")

    assert assess(bank, tmp_path / "out") == 2
    said = capsys.readouterr().err
    assert "只读「银行」这一层的文件；事实表若在其中的「台账」里，请把 --facts 指到那里。" in said


def test_run_into_the_folder_of_an_earlier_one_says_that_it_took_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = facts_folder(tmp_path / "facts")
    last = "  文件夹里原来的测算结果已由这一次的代替；要两次都留，请给 --out 另指一个文件夹。"

    assert assess(facts, tmp_path / "out") == 0
    assert last not in capsys.readouterr().out
    assert assess(facts, tmp_path / "out") == 0
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_run_again_leaves_the_statements_that_were_added_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts, out = facts_folder(tmp_path / "facts"), tmp_path / "out"
    assert assess(facts, out) == 0
    code = next(one.subject.id for one in read_result(out / RESULT_FILE).result.entries)
    assert main(["statements", str(out), code, "--out", str(out)]) == 0
    (page,) = out.glob("*.html")
    capsys.readouterr()

    assert assess(facts, out) == 0

    assert page.is_file()
    assert capsys.readouterr().out.splitlines()[-1] == (
        f"  statements 命令写出的「{page.name}」没有动；其中出自原来的测算结果的，请重新写出。"
    )


def test_bad_facts_write_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = good_rows()
    rows["complaint"][0]["unit"] = "U9"
    facts = facts_folder(tmp_path / "facts", rows)

    assert assess(facts, tmp_path / "out") == 2
    assert "台账.xlsx 工作表「投诉」 第2行 「机构号」列" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_adopting_unit_that_nobody_knows_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = facts_folder(tmp_path / "facts", adoption=ADOPTION.replace("units: [B]", "units: [B9]"))

    assert assess(facts, tmp_path / "out") == 2
    err = capsys.readouterr().err
    assert "采用.yaml" in err
    assert "采用单位「B9」不在「机构」表里。请核对机构号。" in err


def test_folder_with_files_of_others_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "年终总结.docx").write_bytes(b"mine")
    facts = facts_folder(tmp_path / "facts")

    assert assess(facts, out) == 2
    assert "年终总结.docx" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["年终总结.docx"]
    assert assess(facts, out, "--force") == 0


def test_second_run_replaces_the_first(tmp_path: Path) -> None:
    facts = facts_folder(tmp_path / "facts")
    out = tmp_path / "out"
    assess(facts, out)
    assess(facts, out, "--period", "2025Q2")

    assert read_result(out / RESULT_FILE).result.period == "2025Q2"


def test_adoption_may_be_named(tmp_path: Path) -> None:
    facts = facts_folder(tmp_path / "facts", adoption="")
    adoption = tmp_path / "某支行.yaml"
    adoption.write_text(ADOPTION, encoding="utf-8")

    assert assess(facts, tmp_path / "out", "--adoption", str(adoption)) == 0
    assert read_result(tmp_path / "out" / RESULT_FILE).adoption_file == "某支行.yaml"


def test_two_adoptions_beside_the_facts_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = facts_folder(tmp_path / "facts")
    (facts / "adoption.yaml").write_text(ADOPTION, encoding="utf-8")

    assert assess(facts, tmp_path / "out") == 2
    assert "事实文件旁边有几个采用文件：「采用.yaml」、「adoption.yaml」" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--period", "三季度"), "期间“三季度”认不出来"),
        (("--known-at", "昨天"), "数据截止时点「昨天」认不出来"),
        (("--period", "2022Q4"), "不全在方案的施行期内"),
        (("--adoption", "没有.yaml"), "找不到采用文件「没有.yaml」"),
        (("--adoption", __file__), "「test_command.py」不是采用文件。采用文件以 .yaml 结尾"),
    ],
)
def test_argument_that_cannot_be_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], text: str
) -> None:
    assert assess(facts_folder(tmp_path / "facts"), tmp_path / "out", *words) == 2
    assert text in capsys.readouterr().err


def test_totals_are_said_alike_by_assess_and_explain_without_idle_zeros(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = good_rows()
    seen = {**happening("JC-1", "2025-07-08"), "unit": "U1", "type": "环境卫生"}
    rows["finding"] = [{**seen, "points": "1.5", "counted": "是"}]

    assess(facts_folder(tmp_path / "facts", rows), tmp_path / "out")
    told = capsys.readouterr().out
    main(["explain", str(tmp_path / "out"), "U1"])

    assert "  服务管理积分合计 -1.5分\n" in told
    assert "  服务管理积分合计 -1.5分，由 1 条分录相加。\n" in capsys.readouterr().out
