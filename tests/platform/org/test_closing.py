"""What ends with a unit: posts and roles on its last day, told before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tests.platform.factories import (
    make_employee,
    make_holding,
    make_posting,
    make_unit,
    make_user,
)
from tests.platform.org.test_imports import UNITS, sheet
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.accounts.scope import scope
from wenyou.audit.models import AuditRow
from wenyou.org.imports import State, apply, dry_run
from wenyou.org.models import Posting, Unit
from wenyou.org.services import close_unit, ending_with, merge_unit
from wenyou_core.errors import InputRefused

ClientOf = Callable[[User], Client]
DAY = date(2026, 3, 1)
ONE = timedelta(days=1)


def test_nobody_is_relieved_who_was_not_shown(cast: Cast) -> None:
    ending = ending_with(cast.jia, DAY)

    with pytest.raises(InputRefused, match="在任人员"):
        close_unit(cast.jia, on=DAY, by=cast.chen)
    with pytest.raises(InputRefused, match="在任人员"):
        close_unit(cast.jia, on=DAY, by=cast.chen, agreed=f"{ending.digest}0")
    assert not RoleHolding.objects.exclude(until_on=None).exists()


def test_posts_and_roles_end_on_the_units_last_day(cast: Cast) -> None:
    ending = ending_with(cast.jia, DAY)
    assert {one.employee for one in ending.posts} == {
        cast.lin.employee, cast.zhou.employee, cast.nobody.employee,
    }  # fmt: skip
    assert {one.user for one in ending.roles} == {cast.lin, cast.zhou}

    close_unit(cast.jia, on=DAY, by=cast.chen, agreed=ending.digest)

    assert set(Posting.objects.filter(unit=cast.jia).values_list("until_on", flat=True)) == {DAY}
    assert set(cast.jia.holdings.values_list("until_on", flat=True)) == {DAY}
    lin = User.objects.get(pk=cast.lin.pk)
    assert scope(lin, DAY).covers(cast.jia.path, {RoleCode.OUTLET_HEAD})
    assert not scope(lin, DAY + ONE).held
    assert AuditRow.objects.filter(action="accounts.role.end").count() == 2
    assert AuditRow.objects.filter(action="org.posting.end").count() == 3


def test_a_role_that_would_begin_later_never_does(cast: Cast) -> None:
    empty = make_unit("空网点", parent=cast.east)
    make_holding(cast.zheng, RoleCode.INSPECTOR, empty, from_on=DAY + ONE)

    close_unit(empty, on=DAY, by=cast.chen, agreed=ending_with(empty, DAY).digest)

    assert not RoleHolding.objects.filter(unit=empty).exists()
    assert AuditRow.objects.filter(action="accounts.role.end").count() == 1


def test_a_post_that_begins_later_keeps_the_unit_open(cast: Cast) -> None:
    empty = make_unit("空网点", parent=cast.east)
    late = make_employee("迟到", unit=empty)
    Posting.objects.filter(employee=late).update(from_on=DAY + ONE)

    with pytest.raises(InputRefused, match="停业以后才到任"):
        close_unit(empty, on=DAY, by=cast.chen, agreed=ending_with(empty, DAY).digest)


def test_the_last_security_administrator_is_not_lost_with_a_unit(cast: Cast) -> None:
    top = Unit.objects.get(pk=cast.head_office.pk)
    RoleHolding.objects.filter(role=RoleCode.SECURITY_ADMIN).exclude(unit=top).delete()
    Unit.objects.exclude(pk=top.pk).update(closed_on=DAY - ONE)
    ending = ending_with(top, DAY)

    with pytest.raises(InputRefused):
        close_unit(top, on=DAY, by=None, agreed=ending.digest)
    assert RoleHolding.objects.filter(role=RoleCode.SECURITY_ADMIN, until_on=None).exists()


def test_the_staff_of_a_merged_unit_are_staff_of_the_other_one(cast: Cast) -> None:
    merge_unit(cast.jia, into=cast.yi, on=DAY, by=cast.chen)

    assert set(cast.jia.holdings.values_list("until_on", flat=True)) == {DAY - ONE}
    (kept,) = cast.yi.holdings.filter(user=cast.zhou)
    assert (kept.role, kept.from_on) == (RoleCode.STAFF, DAY)
    assert not cast.yi.holdings.filter(user=cast.lin).exists()


@pytest.mark.pages
def test_the_page_tells_what_ends_before_it_closes(cast: Cast, client_of: ClientOf) -> None:
    client, address = client_of(cast.chen), f"/units/{cast.jia.pk}/close/"
    today = timezone.localdate().isoformat()

    told = client.post(address, {"on": today, "note": "撤点"})

    page = told.content.decode()
    assert told.status_code == 200
    for word in (cast.lin.label, cast.zhou.label, "任职 3 段", "角色 2 项", "确认停业", "撤点"):
        assert word in page
    assert Unit.objects.get(pk=cast.jia.pk).closed_on is None
    newcomer = make_user(employee=make_employee("新来", unit=cast.jia))
    make_holding(newcomer, RoleCode.STAFF, cast.jia)
    agreed = ending_with(cast.jia, timezone.localdate())
    stale = dict(told.context["carried"])
    assert "新来" in client.post(address, stale).content.decode()

    done = client.post(address, {**stale, "agreed": agreed.digest}, follow=True)

    assert "已登记停业" in done.content.decode()
    assert Unit.objects.get(pk=cast.jia.pk).closed_on == timezone.localdate()


def closing_list(folder: Path, cast: Cast) -> Path:
    said = {"机构号": cast.jia.code, "名称": cast.jia.name, "停业日期": DAY.isoformat()}
    return sheet(folder, "机构", UNITS, tuple(said.get(title, "") for title in UNITS))


def test_a_list_closes_like_the_page_and_its_dry_run_tells_what_ends(
    cast: Cast, tmp_path: Path
) -> None:
    path = closing_list(tmp_path, cast)

    shown = dry_run(path, by=cast.chen, effective=DAY)

    (line,) = shown.of(State.CHANGED)
    for word in ("停业：2026年3月1日", "任职 3 段", cast.lin.label, "角色 2 项"):
        assert word in line.says
    assert Unit.objects.get(pk=cast.jia.pk).closed_on is None
    assert apply(path, by=cast.chen, effective=DAY, shown=shown.digest).applied
    assert Unit.objects.get(pk=cast.jia.pk).closed_on == DAY
    assert set(Posting.objects.filter(unit=cast.jia).values_list("until_on", flat=True)) == {DAY}
    assert set(cast.jia.holdings.values_list("until_on", flat=True)) == {DAY}


def test_a_list_relieves_nobody_whom_its_dry_run_did_not_tell(cast: Cast, tmp_path: Path) -> None:
    path = closing_list(tmp_path, cast)
    for number in range(9):
        make_employee(f"员工{number}", unit=cast.jia)
    shown = dry_run(path, by=cast.chen, effective=DAY)
    # As many posts as before, and none of those that were named.
    Posting.objects.filter(unit=cast.jia).latest("pk").delete()
    make_posting(make_employee("后来的人"), cast.jia)

    assert not apply(path, by=cast.chen, effective=DAY, shown=shown.digest).applied
    assert Unit.objects.get(pk=cast.jia.pk).closed_on is None


def test_a_list_closes_no_unit_to_which_somebody_comes_later(cast: Cast, tmp_path: Path) -> None:
    make_posting(make_employee("后来的人"), cast.jia, from_on=DAY + ONE)

    report = dry_run(closing_list(tmp_path, cast), by=cast.chen, effective=DAY)

    assert "停业以后才到任" in report.of(State.WRONG)[0].says
