"""An import reaches no further than the person who imports: tickets, people, units of others."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.platform.factories import make_holding, make_user
from tests.platform.matters.made import MONDAY
from tests.platform.matters.test_tickets import HEADS, ROW, other, write
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode, User
from wenyou.audit.models import AuditRow
from wenyou.matters.models import Matter
from wenyou.matters.tickets import Imported, import_tickets
from wenyou.org.models import Unit


@pytest.fixture
def stranger(cast: Cast) -> User:
    """A complaint handler of 城西支行."""
    user = make_user("西支行处理岗")
    make_holding(user, RoleCode.COMPLAINT_HANDLER, cast.west)
    return user


def taken(folder: Path, by: User, unit: Unit, *rows: object, at: datetime = MONDAY) -> Imported:
    path = folder / "工单.xlsx"
    write(path, HEADS, rows)  # type: ignore[arg-type]
    return import_tickets(path, by=by, unit=unit, at=at)


def close(matter: Matter) -> None:
    Matter.objects.filter(pk=matter.pk).update(closed=True, state="closed", due_at=None)


@pytest.mark.parametrize("closed", [False, True])
def test_ticket_of_another_sub_branch_is_neither_changed_nor_told_of(
    tmp_path: Path, cast: Cast, stranger: User, closed: bool
) -> None:
    taken(tmp_path, cast.handler, cast.east, ROW)
    before = Matter.objects.get()
    if closed:
        close(before)
    changed = other("W1", 被投诉机构="丙网点", 要求回复时间="2026-03-09 12:00", 状态="已回复")
    same = other("W1", 被投诉机构="丙网点")

    for row in (changed, same):
        done = taken(tmp_path, stranger, cast.west, row, at=MONDAY + timedelta(hours=1))
        assert (done.added, done.updated, done.same) == ([], [], 0)
        assert done.refused[0].ticket == "W1"
        assert "管辖范围" in done.refused[0].text

    after = Matter.objects.get()
    assert (after.data, after.turn) == (before.data, before.turn)


def test_what_head_office_says_of_a_closed_ticket_leaves_a_row_in_the_log(
    tmp_path: Path, cast: Cast
) -> None:
    taken(tmp_path, cast.handler, cast.east, ROW)
    close(Matter.objects.get())

    done = taken(tmp_path, cast.handler, cast.east, other("W1", 状态="已回复"))

    assert len(done.updated) == 1
    row = AuditRow.objects.get(action="tickets.noted")
    assert row.object_id == str(done.updated[0].pk)
    assert row.unit_id == cast.jia.pk


def test_person_out_of_reach_is_not_named_by_his_number(tmp_path: Path, cast: Cast) -> None:
    assert cast.sun.employee is not None
    taken(tmp_path, cast.handler, cast.east, other("W2", 被投诉人=cast.sun.employee.number))

    assert Matter.objects.get().about is None


def test_ticket_of_an_outlet_that_has_closed_is_refused(tmp_path: Path, cast: Cast) -> None:
    Unit.objects.filter(pk=cast.jia.pk).update(closed_on=date(2026, 2, 27))

    done = taken(tmp_path, cast.handler, cast.east, ROW)

    assert done.added == []
    assert "停业" in done.refused[0].text
