"""A demo bank as files: read back whole, the same bytes, over nothing of others."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.desk.demo.assessed import AS_OF, SMALL, plan_of
from wenyou_core.assess.digest import canonical_lines
from wenyou_core.assess.facts import FactBook
from wenyou_core.assess.known import as_known, instant
from wenyou_core.errors import InputRefused
from wenyou_desk.demo import DemoBank, generate
from wenyou_desk.demo.doublestar import generate_double_star
from wenyou_desk.demo.folder import write_folder
from wenyou_desk.facts.load import load_book
from wenyou_desk.plans import find_adoption, open_adoption
from wenyou_desk.runs.command import assess_files

FILES = {
    "业务量.xlsx",
    "其他.xlsx",
    "投诉台账.csv",
    "机构.xlsx",
    "检查扣分台账.xlsx",
    "花名册与任职.xlsx",
    "表扬与通报.xlsx",
    "覆盖声明与期初余额.xlsx",
    "采用.yaml",
}


def small() -> DemoBank:
    return generate(AS_OF, 3, SMALL)


def county() -> DemoBank:
    return generate_double_star(AS_OF, 3)


def lines(book: FactBook) -> list[str]:
    return list(canonical_lines(as_known(book), sorted(book.facts)))


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("found", [small, county])
def test_the_files_read_back_as_the_bank_that_was_written(
    found: Callable[[], DemoBank], tmp_path: Path
) -> None:
    bank = found()
    write_folder(bank, tmp_path / "台账")
    loaded = load_book([tmp_path / "台账"], plan_of(bank.plan).plan)
    assert lines(loaded.book) == lines(bank.book)
    versions = sorted(
        (fact.id, instant(fact.recorded), fact.state.value)
        for facts in loaded.book.facts.values()
        for fact in facts
    )
    assert versions == sorted(
        (fact.id, instant(fact.recorded), fact.state.value)
        for facts in bank.facts.values()
        for fact in facts
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("台账")
    write_folder(small(), folder)
    return folder


def test_the_office_keeps_these_files(written: Path) -> None:
    assert {path.name for path in written.iterdir()} == FILES


def test_the_complaints_are_a_csv_in_the_encoding_of_chinese_excel(written: Path) -> None:
    text = (written / "投诉台账.csv").read_bytes().decode("gb18030")
    assert text.startswith("编号,机构号,员工号,发生日期")
    assert len(text.splitlines()) == 1 + len(small().facts["complaint"])


def test_reading_the_files_leaves_only_the_remark_on_the_name_of_the_csv(written: Path) -> None:
    loaded = load_book([written], plan_of("jsb_sub_branch").plan)
    assert [(one.place.file, one.code) for one in loaded.remarks] == [
        ("投诉台账.csv", "sheet_by_header")
    ]


def test_the_adoption_is_complete_and_fits_the_plan(written: Path, tmp_path: Path) -> None:
    write_folder(county(), tmp_path)
    for bank, folder in ((small(), written), (county(), tmp_path)):
        path = find_adoption(folder)
        assert path is not None
        adoption = open_adoption(path, plan_of(bank.plan)).adoption
        assert adoption.record.acknowledged_on is not None
        subs = {unit.id for unit in bank.units if unit.id in adoption.units}
        assert subs == set(adoption.units)


def test_the_tie_is_settled_by_the_row_that_the_story_tells_to_type(
    written: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "台账"
    shutil.copytree(written, folder)
    tie = small().story("tied")
    typed = {
        "编号": "JD-1",
        "规则": "高于平均的最后一名",
        "编号或期间": small().period.code,
        "对象": tie.units["small"],
        "结论": "选中",
        "决定人": "服务考核小组",
        "理由": "上一季也是最后一名",
        "决定日期": "2025-10-10",
        "登记时间": "2025-10-10 11:00",
        "状态": "已确认",
    }
    book = openpyxl.load_workbook(folder / "其他.xlsx")
    sheet = book["决定"]
    header = [str(cell.value) for cell in sheet[sheet.max_row]]
    assert typed.keys() <= set(header)
    sheet.append([typed.get(title) for title in header])
    book.save(folder / "其他.xlsx")
    _, record = assess_files("jsb_sub_branch", folder, period=small().period.code)
    assert record.result.waiting == ()
    (paid,) = [
        one.subject.id
        for one in record.result.entries
        if one.rule == "last_above_mean" and one.subject.id in tie.waiting
    ]
    assert paid == tie.units["small"]


def test_a_file_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "机构.xlsx").write_bytes(b"mine")
    with pytest.raises(InputRefused, match="已经存在"):
        write_folder(small(), tmp_path)
    assert (tmp_path / "机构.xlsx").read_bytes() == b"mine"
