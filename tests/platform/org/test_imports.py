"""Lists from Excel: a dry run that changes nothing, then all or nothing."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.platform.factories import make_employee
from tests.platform.people import Cast
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.org import private
from wenyou.org.imports import Report, State, apply, dry_run, forget_old, keep, kept
from wenyou.org.models import Employee, Posting, Unit, UnitSpell
from wenyou.org.queries import spell_on
from wenyou_core.errors import InputRefused

DAY = date(2026, 3, 2)
UNITS = ("机构号", "名称", "上级机构号", "层级", "地区类别", "开业日期", "生效日期", "停业日期")
PEOPLE = (
    "员工号",
    "姓名",
    "入职日期",
    "离职日期",
    "手机号",
    "机构号",
    "岗位",
    "任职日期",
    "负责人",
)
POSTS = ("员工号", "姓名", "机构号", "岗位", "起", "止", "负责人", "兼职")
NAMES = Path(__file__).resolve().parents[4] / "shared" / "data" / "outlet_names_cn"


def sheet(
    folder: Path, name: str, head: Sequence[str], *rows: Sequence[str], code: str = "utf-8"
) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", encoding=code, newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def told(report: Report, state: State) -> list[tuple[int, str]]:
    return [(line.place.row, line.says) for line in report.of(state)]


def load(path: Path, cast: Cast, by: User | None = None) -> Report:
    who = by or cast.he
    shown = dry_run(path, by=who, effective=DAY)
    return apply(path, by=who, effective=DAY, shown=shown.digest)


# -- units ------------------------------------------------------------------------------


@pytest.fixture
def units_csv(tmp_path: Path) -> Path:
    """One new sub-branch with a new outlet above it in the file, a new name, one unchanged."""
    return sheet(
        tmp_path, "机构", UNITS,
        ("113001", "丁网点", "113000", "网点", "农村", "2026-03-01", "", ""),
        ("113000", "城南支行", "110000", "一级支行", "", "2026-03-01", "", ""),
        ("111001", "甲一网点", "111000", "", "", "", "2026-03-05", ""),
        ("111002", "乙网点", "111000", "", "", "", "", ""),
    )  # fmt: skip


def test_dry_run_shows_what_would_change_and_changes_nothing(cast: Cast, units_csv: Path) -> None:
    rows_before = AuditRow.objects.count()

    report = dry_run(units_csv, by=cast.he, effective=DAY)

    assert told(report, State.NEW) == [(2, "上级：城南支行"), (3, "上级：江州分行")]
    assert told(report, State.CHANGED) == [(4, "名称：甲网点 → 甲一网点")]
    assert told(report, State.SAME) == [(5, "")]
    assert report.wrong == 0
    assert not Unit.objects.filter(code__startswith="113").exists()
    assert Unit.objects.get(code="111001").name == "甲网点"
    assert AuditRow.objects.count() == rows_before


def test_applied_list_does_what_was_shown_and_a_second_time_nothing(
    cast: Cast, units_csv: Path
) -> None:
    assert load(units_csv, cast).applied

    outlet = Unit.objects.get(code="113001")
    assert outlet.path == f"{cast.branch.path}{outlet.parent_id}/{outlet.pk}/"
    assert UnitSpell.objects.get(unit=outlet).from_on == date(2026, 3, 1)
    spell = spell_on(cast.jia, date(2026, 3, 4))
    assert spell is not None
    assert spell.name == "甲网点"
    assert AuditRow.objects.get(action="org.import").new["new"] == ["113001", "113000"]

    again = load(units_csv, cast)
    assert (again.applied, again.changes, len(again.of(State.SAME))) == (True, 0, 4)
    assert AuditRow.objects.filter(action="org.import").count() == 1


def test_wrong_rows_are_named_with_row_column_and_reason_and_nothing_is_loaded(
    cast: Cast, tmp_path: Path
) -> None:
    path = sheet(
        tmp_path, "机构", UNITS,
        ("113000", "城南支行", "110000", "一级支行", "", "2026-03-01", "", ""),
        ("113001", "丁网点", "999999", "网点", "", "2026-03-01", "", ""),
        ("113002", "戊网点", "110000", "网点", "", "", "", ""),
        ("113000", "城南支行二", "110000", "一级支行", "", "2026-03-01", "", ""),
        ("113003", "己网点", "113004", "网点", "", "2026-03-01", "", ""),
        ("113004", "庚网点", "113003", "网点", "", "2026-03-01", "", ""),
        ("11 005", "辛网点", "110000", "网点", "", "2026-03-01", "", ""),
    )  # fmt: skip

    report = load(path, cast)

    wrong = {line.place.row: (line.place.column, line.says) for line in report.of(State.WRONG)}
    assert set(wrong) == {3, 4, 5, 6, 7, 8}
    assert wrong[3][0] == "上级机构号"
    assert "999999" in wrong[3][1]
    assert wrong[4] == ("开业日期", "这是新机构，请填写开业日期。")
    assert "第2行已经写过" in wrong[5][1]
    assert "成了一圈" in wrong[6][1]
    assert not report.applied
    assert not Unit.objects.filter(code="113000").exists()


def test_cells_that_cannot_be_read_are_all_told_together(cast: Cast, tmp_path: Path) -> None:
    path = sheet(
        tmp_path, "机构", UNITS,
        ("113000", "城南支行", "110000", "支店", "", "昨天", "", ""),
        ("", "丁网点", "110000", "网点", "", "2026-03-01", "", ""),
    )  # fmt: skip

    report = dry_run(path, by=cast.he, effective=DAY)

    assert {(line.place.row, line.place.column) for line in report.of(State.WRONG)} == {
        (2, "层级"), (2, "开业日期"), (3, "机构号"),
    }  # fmt: skip


def test_service_refuses_a_change_with_its_own_sentence(cast: Cast, tmp_path: Path) -> None:
    path = sheet(
        tmp_path, "机构", UNITS,
        ("111000", "城东支行", "111001", "", "", "", "", ""),
        ("112000", "城西支行", "", "", "", "", "", "2026-03-31"),
    )  # fmt: skip

    wrong = told(dry_run(path, by=cast.he, effective=DAY), State.WRONG)

    assert "本身就在" in wrong[0][1]
    assert "下级机构：丙网点" in wrong[1][1]


def test_importer_sets_up_only_what_lies_beneath_him(cast: Cast, tmp_path: Path) -> None:
    path = sheet(tmp_path, "机构", UNITS, ("1", "新", "112000", "网点", "", "2026-03-01", "", ""))

    wrong = told(dry_run(path, by=cast.chen, effective=DAY), State.WRONG)

    assert "不在您的管理范围内" in wrong[0][1]
    with pytest.raises(NotAllowed):
        dry_run(path, by=cast.lin, effective=DAY)


def test_house_that_changed_since_the_dry_run_is_shown_anew_instead(
    cast: Cast, units_csv: Path
) -> None:
    shown = dry_run(units_csv, by=cast.he, effective=DAY)
    Unit.objects.filter(pk=cast.jia.pk).update(name="甲一网点")
    UnitSpell.objects.filter(unit=cast.jia).update(name="甲一网点")

    report = apply(units_csv, by=cast.he, effective=DAY, shown=shown.digest)

    assert not report.applied
    assert report.digest != shown.digest
    assert not Unit.objects.filter(code="113000").exists()


# -- people and posts -------------------------------------------------------------------


def people_csv(folder: Path, *rows: Sequence[str]) -> Path:
    return sheet(folder, "花名册", PEOPLE, *rows, code="gb18030")


def test_new_people_come_with_sealed_numbers_and_their_first_post(
    cast: Cast, tmp_path: Path
) -> None:
    path = people_csv(
        tmp_path,
        ("００８１", "高一", "2026-01-05", "", "13812345678", "111001", "柜员", "2026-01-05", ""),
        ("0082", "高二", "2026-01-05", "", "", "", "", "", ""),
    )

    assert load(path, cast).applied

    one = Employee.objects.get(number="0081")
    assert (one.unit, one.post) == (cast.jia, "柜员")
    assert private.masked(one, "phone") == "138****5678"
    assert Posting.objects.get(employee=one).from_on == date(2026, 1, 5)
    assert load(path, cast).changes == 0


def test_person_in_another_unit_is_transferred_and_leaving_ends_the_post(
    cast: Cast, tmp_path: Path
) -> None:
    assert cast.zhou.employee is not None
    assert cast.sun.employee is not None
    zhou, sun = cast.zhou.employee.number, cast.sun.employee.number
    path = people_csv(
        tmp_path,
        (zhou, "周宁", "", "", "", "111002", "大堂经理", "2026-03-09", ""),
        (sun, "孙悦", "", "2026-03-31", "", "", "", "", ""),
    )

    report = load(path, cast)

    assert [state for _, state in told(report, State.CHANGED)] == [
        "自2026年3月9日起任“乙网点”大堂经理", "离职：2026年3月31日",
    ]  # fmt: skip
    ends = dict(
        Posting.objects.filter(until_on__isnull=False).values_list("employee__name", "until_on")
    )
    assert ends == {"周宁": date(2026, 3, 8), "孙悦": date(2026, 3, 31)}
    assert load(path, cast).changes == 0


def test_people_that_cannot_be_are_told_with_their_reason(cast: Cast, tmp_path: Path) -> None:
    path = people_csv(
        tmp_path,
        ("0081", "高一", "2026-01-05", "2025-01-05", "", "", "", "", ""),
        ("0082", "高二", "", "", "12", "", "", "", ""),
        ("0083", "高三", "", "", "", "111001", "", "", ""),
        ("0084", "高四", "", "", "", "888888", "柜员", "", ""),
        ("0085", "高五", "2026-01-05", "", "", "111001", "柜员", "2025-01-05", ""),
    )

    report = load(path, cast)

    text = dict(told(report, State.WRONG))
    assert [text[row] for row in (2, 3, 4, 5, 6)] == [
        "离职日期早于入职日期，请改正。",
        "手机号应为 7 至 15 位数字，请核对。",
        "机构号和岗位要一起填，或都空着。",
        "没有机构号为 888888 的机构，请核对或一并导入。",
        "高五（0085）2026年1月5日才入职，任职不能更早，请改日期。",
    ]
    assert not Employee.objects.filter(number__startswith="008").exists()


def test_posts_are_appointed_ended_and_found_again(cast: Cast, tmp_path: Path) -> None:
    new = make_employee("高一")
    assert cast.zhou.employee is not None
    zhou = cast.zhou.employee.number
    path = sheet(
        tmp_path, "任职", POSTS,
        (new.number, "高一", "111001", "柜员", "2026-01-01", "", "", ""),
        (zhou, "周宁", "111001", "柜员", "2020-01-01", "2026-03-31", "", ""),
        (zhou, "", "111002", "理财经理", "2026-04-01", "", "", ""),
        (zhou, "", "111002", "内训师", "2026-01-01", "", "", "是"),
    )  # fmt: skip

    assert load(path, cast, cast.system_admin).applied

    held = Posting.objects.filter(employee=cast.zhou.employee).order_by("from_on")
    assert [(row.post, row.main, row.until_on) for row in held] == [
        ("柜员", True, date(2026, 3, 31)), ("内训师", False, None), ("理财经理", True, None),
    ]  # fmt: skip
    assert Employee.objects.get(pk=new.pk).unit == cast.jia
    assert load(path, cast, cast.system_admin).changes == 0


def test_posts_that_overlap_or_name_somebody_else_are_refused(cast: Cast, tmp_path: Path) -> None:
    assert cast.zhou.employee is not None
    zhou = cast.zhou.employee.number
    path = sheet(
        tmp_path, "任职", POSTS,
        (zhou, "周宁", "111002", "理财经理", "2026-03-01", "", "", ""),
        (zhou, "周静", "111002", "内训师", "2026-03-01", "", "", "是"),
        ("0099", "", "111002", "内训师", "2026-03-01", "", "", ""),
    )  # fmt: skip

    wrong = [says for _, says in told(load(path, cast), State.WRONG)]

    assert "不能有两个主岗" in wrong[0]
    assert "登记的姓名是周宁" in wrong[1]
    assert "没有员工号为 0099" in wrong[2]


# -- files ------------------------------------------------------------------------------


def test_upload_belongs_to_who_made_it_and_is_forgotten_after_a_day(cast: Cast) -> None:
    token = keep("../../etc/花名册.csv", [b"x"], by=cast.chen)

    path = kept(token, by=cast.chen)
    assert path.name == "花名册.csv"
    for by, said in ((cast.he, token), (cast.chen, token + "x"), (cast.chen, "")):
        with pytest.raises(InputRefused, match="已过期或不是您上传的"):
            kept(said, by=by)

    assert forget_old(time.time()) == 0
    assert forget_old(time.time() + 2 * 86_400) >= 1
    with pytest.raises(InputRefused):
        kept(token, by=cast.chen)


def test_file_without_a_known_table_or_without_rows_is_refused(cast: Cast, tmp_path: Path) -> None:
    other = sheet(tmp_path, "别的", ("苹果", "梨"), ("1", "2"))
    empty = sheet(tmp_path, "机构", UNITS)

    assert dry_run(other, by=cast.he, effective=DAY).wrong == 1
    with pytest.raises(InputRefused, match="没有机构、花名册或任职的数据"):
        dry_run(empty, by=cast.he, effective=DAY)


@pytest.mark.parametrize(
    ("name", "content"), [("表.xlsx", b"PK\x03\x04broken"), ("表.exe", b"MZ"), ("机构.csv", b"")]
)
def test_broken_file_is_told_as_a_wrong_line(
    cast: Cast, tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    report = dry_run(path, by=cast.he, effective=DAY)

    assert report.wrong == 1


# -- the real list ----------------------------------------------------------------------


@pytest.mark.pages
def test_real_list_of_outlet_names_is_imported_searched_and_paged_with_few_queries(
    cast: Cast, tmp_path: Path, client_of: Callable[[User], Client]
) -> None:
    source = NAMES / "outlet_names.csv"
    if not source.exists():
        pytest.skip("项目旁边没有真实网点名单（outlet_names_cn），这一项没有测。")
    names = source.read_text("utf-8").split("\n")[1:]
    rows = [
        (f"N{number:05d}", name.strip(), "112000", "网点", "", "2020-01-01", "", "")
        for number, name in enumerate(names)
        if name.strip()
    ]
    path = sheet(tmp_path, "机构", UNITS, *rows)

    shown = dry_run(path, by=cast.he, effective=DAY)
    with CaptureQueriesContext(connection) as asked:
        report = apply(path, by=cast.he, effective=DAY, shown=shown.digest)

    assert report.applied
    assert Unit.objects.filter(path__startswith=cast.west.path).count() == len(rows) + 2
    assert len(asked) < len(rows) / 30

    client = client_of(cast.he)
    client.get("/units/?q=信用社")
    with CaptureQueriesContext(connection) as searched:
        found = client.get("/units/?q=信用社&page=3").content.decode()
    assert "信用社" in found.split("<tbody")[1]
    with CaptureQueriesContext(connection) as paged:
        assert client.get("/units/?page=100").status_code == 200
    assert max(len(searched), len(paged)) < 12
