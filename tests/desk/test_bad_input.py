"""Bad input at the command line: a Chinese sentence with the place, exit code 2, nothing touched."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from xlsxwriter import Workbook

from tests.desk.bank import ADOPTION, facts_folder, good_rows, tables_of
from wenyou_desk.cli import main
from wenyou_desk.plans import find_plan
from wenyou_desk.runs.resultfile import read_result

LEDGER, ADOPTED = "台账.xlsx", "采用.yaml"
NUMBER = "数量"
Spoil = Callable[[Path], None]


def assess(folder: Path, out: Path, scheme: str = "jsb_sub_branch") -> int:
    return main(["assess", "--scheme", scheme, "--facts", str(folder), "--out", str(out)])


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def in_sheet(title: str, change: Callable[[Worksheet], None]) -> Spoil:
    def spoil(folder: Path) -> None:
        book = openpyxl.load_workbook(folder / LEDGER)
        change(book[title])
        book.save(folder / LEDGER)

    return spoil


def put(cell: str, value: str | float | None, title: str = "投诉") -> Spoil:
    def change(sheet: Worksheet) -> None:
        sheet[cell].value = value

    return in_sheet(title, change)


def column_of(folder: Path, title: str, name: str) -> str:
    sheet = openpyxl.load_workbook(folder / LEDGER)[title]
    (at,) = (at for at, one in enumerate(sheet[1], 1) if str(one.value).startswith(name))
    return get_column_letter(at)


def put_in(title: str, name: str, value: str | float) -> Spoil:
    return lambda folder: put(f"{column_of(folder, title, name)}2", value, title)(folder)


def merge(folder: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:B1")

    in_sheet("投诉", change)(folder)


def part(name: str, data: bytes) -> Spoil:
    def spoil(folder: Path) -> None:
        with zipfile.ZipFile(folder / LEDGER, "a", zipfile.ZIP_DEFLATED) as opened:
            opened.writestr(name, data)

    return spoil


def huge(folder: Path) -> None:
    with (folder / LEDGER).open("ab") as file:
        file.truncate(212_000_000)


def adoption(old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        assert ADOPTION.count(old) == 1
        (folder / ADOPTED).write_text(ADOPTION.replace(old, new), "utf-8")

    return spoil


REFUSED: dict[str, tuple[Spoil, str, str]] = {
    "an unknown outlet": (
        put_in("投诉", "机构号", "U9"),
        "台账.xlsx 工作表「投诉」 第2行 「机构号」列",
        "机构号「U9」不在「机构」表里。",
    ),
    "an unknown word": (
        put_in("投诉", "责任认定", "大概"),
        "台账.xlsx 工作表「投诉」 第2行 「责任认定」列",
        "不在可填的词里",
    ),
    "a date that is none": (
        put_in("投诉", "发生日期", "2025-02-30"),
        "台账.xlsx 工作表「投诉」 第2行 「发生日期」列",
        "日期",
    ),
    "a merged header cell": (merge, "台账.xlsx 工作表「投诉」", "表头有合并单元格"),
    "a blank header cell": (put("B1", None), "台账.xlsx 工作表「投诉」", "表头"),
    "a formula that was never computed": (
        put_in("业务量", NUMBER, "=500+500"),
        "台账.xlsx 工作表「业务量」 第2行",
        "公式",
    ),
    "a file of 212 MB": (huge, "台账.xlsx", "文件有 212 MB，超过一次读入的上限 200 MB。"),
    "a zip bomb": (part("xl/media/a.bin", bytes(60_000_000)), "台账.xlsx", "为安全起见没有打开"),
    "macros": (part("xl/vbaProject.bin", b"x"), "台账.xlsx", "文件含有宏，不能读入"),
    "a number below its least": (
        put_in("业务量", NUMBER, "-1000"),
        "台账.xlsx 工作表「业务量」 第2行 「数量」列",
        "这里的数应不小于 0，现在是「-1000」。",
    ),
    "a broken adoption file": (
        adoption("units: [B]", "units: [B"),
        "采用.yaml 第5行",
        "方括号“[”没有对应的“]”",
    ),
    "an adoption of an unknown parameter": (
        adoption("complaint_basis: 客户数", "complaint_base: 客户数"),
        "采用.yaml 第",
        "没有参数“complaint_base”；是不是“complaint_basis”",
    ),
    "an adoption that says a word that is no choice": (
        adoption("complaint_basis: 客户数", "complaint_basis: 客户"),
        "采用.yaml 第",
        "“客户”不在可选的词里",
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Good facts and their result, made once."""
    home = tmp_path_factory.mktemp("sound")
    assert assess(facts_folder(home / "facts"), home / "out") == 0
    return home


@pytest.mark.parametrize("case", REFUSED)
def test_bad_facts_are_refused_with_the_place_and_touch_nothing(
    case: str, sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, place, sentence = REFUSED[case]
    shutil.copytree(sound, tmp_path, dirs_exist_ok=True)
    folder, out = tmp_path / "facts", tmp_path / "out"
    before = contents(out)
    spoil(folder)
    capsys.readouterr()

    code = assess(folder, out)

    said = capsys.readouterr()
    assert (code, said.out) == (2, "")
    lines = [line for line in said.err.splitlines() if place in line]
    assert any(sentence in line for line in lines), said.err
    assert contents(out) == before


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("plan:\n", "plan: [\n", "方括号“[”没有对应的“]”，或项目之间缺少半角逗号，请补上。"),
        ("  issuer:", "  isuer:", "“isuer”不是这里能写的键；是否想写“issuer”"),
        ("articles:\n", "article:\n", "“article”不是这里能写的键；是否想写“articles”"),
    ],
)
def test_broken_plan_is_refused_with_its_line(
    old: str, new: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = find_plan("jsb_sub_branch").read_text("utf-8")
    assert old in text
    (tmp_path / "方案.yaml").write_text(text.replace(old, new, 1), "utf-8")

    code = assess(facts_folder(tmp_path / "facts"), tmp_path / "out", str(tmp_path / "方案.yaml"))

    said = capsys.readouterr().err
    assert code == 2
    assert "方案.yaml 第" in said
    assert sentence in said
    assert not (tmp_path / "out").exists()


# -- odd but good ----------------------------------------------------------------------------


def values_of(out: Path, name: str) -> list[str]:
    rows = read_result(out / "result.json").result.measures
    return sorted(str(row.value) for row in rows if row.measure == name and not row.absent)


@pytest.mark.parametrize("value", ["1000", "１０００", "1,000", 1000, 1000.0])
def test_text_numbers_and_full_width_digits_count_as_the_number(
    value: str | float, sound: Path, tmp_path: Path
) -> None:
    folder = facts_folder(tmp_path / "facts")
    put_in("业务量", NUMBER, value)(folder)

    assert assess(folder, tmp_path / "b") == 0

    assert values_of(tmp_path / "b", "complaint_base") == ["1000", "2000"]
    outs = (sound / "out", tmp_path / "b")
    entries = [read_result(out / "result.json").result.entries for out in outs]
    assert entries[0] == entries[1]


@pytest.mark.parametrize("value", [45846, "２０２５年７月８日", "2025/7/8"])
def test_day_is_the_day_however_it_is_written(value: str | float, tmp_path: Path) -> None:
    folder = facts_folder(tmp_path / "facts")
    put_in("投诉", "发生日期", value)(folder)

    assert assess(folder, tmp_path / "out") == 0

    entries = read_result(tmp_path / "out" / "result.json").result.entries
    assert any(one.fact == "TS-1" and one.day.isoformat() == "2025-07-08" for one in entries)


def test_saved_value_of_a_formula_counts_and_is_listed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, tables = facts_folder(tmp_path / "facts"), tables_of(good_rows())
    column = tables["业务量"][0].index(next(one for one in tables["业务量"][0] if NUMBER in one))
    with Workbook(folder / LEDGER) as book:
        for title, lines in tables.items():
            sheet = book.add_worksheet(title)
            for row, line in enumerate(lines):
                sheet.write_row(row, 0, line)
            if title == "业务量":
                sheet.write_formula(1, column, "=500+500", None, 1000)

    assert assess(folder, tmp_path / "out") == 0

    assert values_of(tmp_path / "out", "complaint_base") == ["1000", "2000"]
    assert "公式" in capsys.readouterr().out


def test_date_outside_the_period_is_told_with_its_rows_and_not_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = facts_folder(tmp_path / "facts")
    put_in("表扬", "发生日期", "2021-01-05")(folder)
    put_in("表扬", "登记时间", "2021-01-05 10:00")(folder)

    assert assess(folder, tmp_path / "out") == 0

    said = capsys.readouterr().out
    assert "台账.xlsx 工作表「表扬」：有 1 行不在本次测算所看的" in said
    entries = read_result(tmp_path / "out" / "result.json").result.entries
    assert "BY-1" not in {one.fact for one in entries}


@pytest.mark.parametrize("period", ["2025-09", "2025-07-02..2025-09-30"])
def test_period_without_a_whole_quarter_is_told_to_leave_the_quarterly_rules_out(
    period: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, out = facts_folder(tmp_path / "facts"), tmp_path / "out"
    words = ["assess", "--scheme", "jsb_sub_branch", "--facts", str(folder), "--out", str(out)]

    assert main([*words, "--period", period]) == 0

    said = "本次考核期间不满一个完整的季度，方案里按季度计算的"
    assert said in capsys.readouterr().out
    pages = list((out / "告知单").iterdir())
    assert len(pages) == 7
    assert all(said in page.read_text("utf-8") for page in pages)
    assert main(["verify", str(out), "--run", str(out)]) == 0


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_cell_text_that_would_compute_is_written_out_inert(text: str, tmp_path: Path) -> None:
    rows = good_rows()
    rows["org_units"][1]["name"] = text
    rows["complaint"][0]["evidence"] = text
    folder = facts_folder(tmp_path / "facts", rows)

    assert assess(folder, tmp_path / "out") == 0

    book = openpyxl.load_workbook(tmp_path / "out" / "测算结果.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    assert any(text in str(cell.value) for cell in cells)
