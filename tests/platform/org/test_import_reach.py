"""A list reaches no further than whoever imports it, and tells nothing of people elsewhere."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from tests.platform.factories import make_employee, make_holding, make_posting
from tests.platform.org.test_imports import PEOPLE, POSTS, sheet
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode
from wenyou.errors import NotAllowed
from wenyou.org.imports import Report, State, apply, dry_run
from wenyou.org.models import Employee, Posting
from wenyou.org.queries import people_visible_to, with_same_identity
from wenyou.org.services import change_employee, leave_house
from wenyou_core.errors import InputRefused

DAY = date(2026, 3, 2)


@pytest.fixture
def sun(cast: Cast) -> Employee:
    """At 丙, under another sub-branch than 陈."""
    assert cast.sun.employee is not None
    return cast.sun.employee


def everything(report: Report) -> str:
    lines = [line for state in State for line in report.of(state)]
    return " ".join(f"{line.title} {line.says}" for line in lines)


def test_number_of_somebody_elsewhere_does_not_tell_his_name(
    cast: Cast, sun: Employee, tmp_path: Path
) -> None:
    posts = sheet(
        tmp_path,
        "任职",
        POSTS,
        (sun.number, "某人", "111001", "内训师", "2026-03-01", "", "", "是"),
    )
    people = sheet(tmp_path, "花名册", PEOPLE, (sun.number, "某人", *[""] * 7))

    for path in (posts, people):
        report = dry_run(path, by=cast.chen, effective=DAY)
        assert "不在您的管理范围内" in everything(report)
        assert sun.name not in everything(report)


def test_nobody_appoints_people_of_another_sub_branch(
    cast: Cast, sun: Employee, tmp_path: Path
) -> None:
    row = (sun.number, sun.name, "111001", "内训师", "2026-03-01", "", "", "是")

    report = dry_run(sheet(tmp_path, "任职", POSTS, row), by=cast.chen, effective=DAY)

    assert len(report.of(State.WRONG)) == 1
    assert dry_run(sheet(tmp_path, "任职", POSTS, row), by=cast.he, effective=DAY).of(State.NEW)


def test_posts_held_here_by_somebody_who_went_elsewhere_are_found_again(
    cast: Cast, sun: Employee, tmp_path: Path
) -> None:
    Posting.objects.filter(employee=sun).update(from_on=date(2025, 1, 1))
    make_posting(sun, cast.jia, from_on=date(2024, 1, 1), until_on=date(2024, 12, 31))
    row = (sun.number, sun.name, "111001", "柜员", "2024-01-01", "2024-12-31", "", "")

    report = dry_run(sheet(tmp_path, "任职", POSTS, row), by=cast.chen, effective=DAY)

    assert (report.wrong, len(report.of(State.SAME))) == (0, 1)


# -- identity numbers and people without a post ------------------------------------------------

IDENTITY = "11010519491231002X"
LISTED = (*PEOPLE, "身份证号")


def named(number: str, identity: str = "", **fields: str) -> tuple[str, ...]:
    """A row of 花名册 by its columns."""
    said = {"员工号": number, "姓名": "某人", "身份证号": identity, **fields}
    return tuple(said.get(title, "") for title in LISTED)


def test_identity_number_of_somebody_elsewhere_is_not_told_by_a_list(
    cast: Cast, sun: Employee, tmp_path: Path
) -> None:
    change_employee(sun, by=None, identity=IDENTITY)

    report = dry_run(
        sheet(tmp_path, "花名册", LISTED, named("N1", IDENTITY)), by=cast.chen, effective=DAY
    )

    assert (report.wrong, len(report.of(State.NEW))) == (0, 1)
    above = dry_run(
        sheet(tmp_path, "花名册", LISTED, named("N1", IDENTITY)), by=cast.he, effective=DAY
    )
    assert sun.number in everything(above)


def test_identity_number_of_somebody_elsewhere_is_not_told_by_the_form(
    cast: Cast, sun: Employee
) -> None:
    change_employee(sun, by=None, identity=IDENTITY)
    assert cast.zhou.employee is not None

    changed = change_employee(cast.zhou.employee, by=cast.chen, identity=IDENTITY)

    assert changed.identity_index == Employee.objects.get(pk=sun.pk).identity_index
    seen = people_visible_to(cast.chen)
    assert not seen.filter(with_same_identity(cast.chen)).exists()
    both = people_visible_to(cast.he).filter(with_same_identity(cast.he))
    assert set(both) == {changed, sun}
    assert cast.lin.employee is not None
    with pytest.raises(InputRefused, match="身份证号已登记在"):
        change_employee(cast.lin.employee, by=cast.chen, identity=IDENTITY)


def test_people_without_a_post_are_kept_by_those_who_keep_the_whole_house(
    cast: Cast, tmp_path: Path
) -> None:
    idle = make_employee("闲人")
    people = sheet(tmp_path, "花名册", LISTED, named(idle.number, 姓名="改名"))

    report = dry_run(people, by=cast.chen, effective=DAY)
    assert "不在您的管理范围内" in everything(report)
    assert dry_run(people, by=cast.system_admin, effective=DAY).of(State.CHANGED)

    posts = sheet(
        tmp_path, "任职", POSTS, (idle.number, "闲人", "111001", "柜员", "2026-03-01", "", "", "")
    )
    assert "不在您的管理范围内" in everything(dry_run(posts, by=cast.chen, effective=DAY))
    assert dry_run(posts, by=cast.system_admin, effective=DAY).of(State.NEW)
    with pytest.raises(NotAllowed):
        change_employee(idle, by=cast.chen, name="改名")
    with pytest.raises(NotAllowed):
        leave_house(idle, on=DAY, by=cast.chen)


# -- for which unit new people are registered ---------------------------------------------------


def imported(path: Path, cast: Cast) -> Report:
    report = dry_run(path, by=cast.chen, effective=DAY)
    return apply(path, by=cast.chen, effective=DAY, shown=report.digest)


def test_new_people_whose_posts_begin_later_are_seen_where_they_are_expected(
    cast: Cast, tmp_path: Path
) -> None:
    later = str(timezone.localdate() + timedelta(days=7))
    row = named("N1", 机构号="111001", 岗位="柜员", 任职日期=later)
    assert imported(sheet(tmp_path, "花名册", LISTED, row), cast).applied
    assert imported(sheet(tmp_path, "花名册", LISTED, named("N2")), cast).applied
    assert Employee.objects.get(number="N2").entered_for == cast.east
    post = ("N2", "某人", "111002", "柜员", later, "", "", "")
    assert imported(sheet(tmp_path, "任职", POSTS, post), cast).applied

    found = {one.number: one.entered_for for one in Employee.objects.filter(unit=None)}
    assert found == {"N1": cast.jia, "N2": cast.yi}
    assert people_visible_to(cast.lin).filter(number="N1").exists()
    assert not people_visible_to(cast.lin).filter(number="N2").exists()


def test_keeper_of_several_units_names_one_for_every_new_person_of_a_list(
    cast: Cast, tmp_path: Path
) -> None:
    make_holding(cast.chen, RoleCode.SERVICE_OFFICE, cast.west)
    rows = [
        named("N1"),
        named("N2", 机构号="112001"),
        named("N3", 机构号="111001", 岗位="柜员"),
        named("N4", 机构号="110000"),
        named("N5", 机构号="999999"),
    ]

    report = dry_run(sheet(tmp_path, "花名册", LISTED, *rows), by=cast.chen, effective=DAY)

    told = {line.key: line.says for line in report.of(State.WRONG)}
    assert set(told) == {"N1", "N4", "N5"}
    assert "先归哪个机构管理" in told["N1"]
    assert "不在您的管理范围内" in told["N4"]
    assert "没有机构号为 999999 的机构" in told["N5"]
    assert imported(sheet(tmp_path, "花名册", LISTED, *rows[1:3]), cast).applied
    assert Employee.objects.get(number="N2").entered_for == cast.bing
    assert Employee.objects.get(number="N3").unit == cast.jia
