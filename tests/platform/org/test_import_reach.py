"""A list reaches no further than whoever imports it, and tells nothing of people elsewhere."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.platform.factories import make_posting
from tests.platform.org.test_imports import PEOPLE, POSTS, sheet
from tests.platform.people import Cast
from wenyou.org.imports import Report, State, dry_run
from wenyou.org.models import Employee, Posting

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
