"""A list reaches no further than whoever imports it, and tells nothing of people elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.platform.factories import make_employee, make_posting
from tests.platform.org.test_imports import PEOPLE, POSTS, sheet
from tests.platform.people import Cast
from wenyou.errors import NotAllowed
from wenyou.org.imports import Report, State, dry_run
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
