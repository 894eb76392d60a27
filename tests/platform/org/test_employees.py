"""People are registered once, change, leave; their numbers are sealed, masked and found."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.platform.factories import make_holding
from tests.platform.people import Cast
from wenyou.accounts.models import RoleCode
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.org import private
from wenyou.org.models import Employee, Posting
from wenyou.org.queries import people_visible_to, units_visible_to
from wenyou.org.services import (
    add_employee,
    appoint,
    change_employee,
    end_posting,
    leave_house,
    unmask,
)
from wenyou.org.services.people import NewEmployee
from wenyou.org.services.posts import NewPosting, refresh_people
from wenyou_core.errors import InputRefused

PHONE, IDENTITY = "13812345678", "11010519491231002X"
DAY = date(2026, 3, 2)


def add(cast: Cast, **fields: str) -> Employee:
    said = {"number": "N1", "name": "新人", "phone": PHONE, "identity": IDENTITY, **fields}
    return add_employee(NewEmployee(**said), by=cast.chen)  # type: ignore[arg-type]


def test_numbers_are_sealed_in_the_row_and_masked_on_screen(cast: Cast) -> None:
    employee = Employee.objects.get(pk=add(cast).pk)

    assert PHONE not in employee.phone_sealed
    assert private.masked(employee, "phone") == "138****5678"
    assert private.masked(employee, "identity") == "1101**********002X"


def test_person_is_found_by_the_exact_number_however_it_was_typed(cast: Cast) -> None:
    employee = add(cast)

    digest = private.index_for("phone", "138 1234-5678")
    assert Employee.objects.get(phone_index=digest) == employee
    assert digest != private.index_for("identity", PHONE)


def test_sealed_number_copied_into_another_row_does_not_open_there(cast: Cast) -> None:
    one, other = add(cast), add(cast, number="N2", identity="")
    other.phone_sealed = one.phone_sealed

    assert private.masked(other, "phone") == private.UNREADABLE


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"number": "N 1"}, "员工号"),
        ({"name": ""}, "姓名没有填写"),
        ({"phone": "12345"}, "手机号"),
        ({"identity": "110105194912310021"}, "校验位"),
    ],
)
def test_person_that_cannot_be_is_refused_and_nothing_is_saved(
    cast: Cast, fields: dict[str, str], text: str
) -> None:
    before = Employee.objects.count()

    with pytest.raises(InputRefused, match=text):
        add(cast, **fields)
    assert Employee.objects.count() == before


def test_number_and_identity_belong_to_one_person(cast: Cast) -> None:
    appoint(add(cast), cast.jia, NewPosting(post="柜员", from_on=DAY), by=cast.chen)

    with pytest.raises(InputRefused, match="员工号 n1 已经登记过"):
        add(cast, number="n1")
    with pytest.raises(InputRefused, match="员工号 N1 名下"):
        add(cast, number="N2")


def test_log_of_a_change_names_the_field_and_never_the_number(cast: Cast) -> None:
    employee = add(cast)

    change_employee(employee, phone="13900000000", name="新名", by=cast.system_admin)

    row = AuditRow.objects.get(action="org.person.change")
    assert row.new == {"name": "新名", "phone": "已更改"}
    assert private.masked(Employee.objects.get(pk=employee.pk), "phone") == "139****0000"


def test_unmasking_needs_a_reason_and_a_role_and_leaves_a_row(cast: Cast) -> None:
    assert cast.zhou.employee is not None
    employee = change_employee(cast.zhou.employee, phone=PHONE, by=cast.chen)

    with pytest.raises(InputRefused, match="查看原因"):
        unmask(employee, "phone", reason="看", by=cast.lin)
    with pytest.raises(NotAllowed):
        unmask(employee, "phone", reason="联系客户投诉事宜", by=cast.wu)
    assert not AuditRow.objects.filter(action="org.person.unmask").exists()

    assert unmask(employee, "phone", reason="联系客户投诉事宜", by=cast.lin) == PHONE
    row = AuditRow.objects.get(action="org.person.unmask")
    assert (row.actor, row.note) == (cast.lin, "联系客户投诉事宜")
    assert PHONE not in str(row.new)


def test_leaving_ends_every_post_and_is_refused_before_joining(cast: Cast) -> None:
    assert cast.zhou.employee is not None
    with pytest.raises(InputRefused, match="才入职"):
        leave_house(cast.zhou.employee, on=date(2019, 1, 1), by=cast.chen)

    leave_house(cast.zhou.employee, on=DAY, by=cast.chen)

    assert Posting.objects.get(employee=cast.zhou.employee).until_on == DAY
    assert Employee.objects.get(pk=cast.zhou.employee.pk).unit is None


def test_only_keepers_register_people(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        add_employee(NewEmployee(number="N9", name="新人"), by=cast.lin)


# -- who sees whom ----------------------------------------------------------------------


def seen(cast: Cast, name: str) -> set[str]:
    return {one.name for one in people_visible_to(cast.people()[name])}


def test_head_sees_his_own_people_staff_sees_himself_the_office_all_of_its_units(
    cast: Cast,
) -> None:
    assert seen(cast, "lin") == {"林岚", "周宁", "尤佳"}
    assert seen(cast, "zhou") == {"周宁"}
    assert seen(cast, "nobody") == {"尤佳"}
    assert "吴迪" in seen(cast, "chen")
    assert "孙悦" not in seen(cast, "chen")
    assert "孙悦" in seen(cast, "he")


def test_person_without_a_post_is_seen_by_those_who_cover_the_whole_house(cast: Cast) -> None:
    employee = add(cast)
    appoint(employee, cast.jia, NewPosting(post="柜员", from_on=DAY), by=cast.chen)
    end_posting(Posting.objects.get(employee=employee), on=date(2026, 3, 31), by=cast.chen)

    assert "新人" in seen(cast, "system_admin")
    assert not {name for name in ("he", "chen", "lin") if "新人" in seen(cast, name)}


def test_person_before_the_first_post_is_seen_and_kept_where_he_was_registered(
    cast: Cast,
) -> None:
    employee = add(cast)

    assert {name for name in cast.people() if "新人" in seen(cast, name)} >= {"chen", "he"}
    assert not {name for name in ("lin", "sun", "zhou") if "新人" in seen(cast, name)}
    change_employee(employee, by=cast.chen, name="新名")
    with pytest.raises(NotAllowed):
        change_employee(employee, by=cast.lin, name="别名")


def test_first_post_that_begins_later_shows_a_person_to_the_head_who_expects_him(
    cast: Cast,
) -> None:
    later = timezone.localdate() + timedelta(days=7)
    employee = add(cast)
    appoint(employee, cast.jia, NewPosting(post="柜员", from_on=later), by=cast.chen)
    first = (cast.yi, NewPosting(post="柜员", from_on=later))
    new = NewEmployee(number="N2", name="另一新人")
    other = add_employee(new, by=cast.system_admin, first=first)

    assert {"新人"} <= seen(cast, "lin")
    assert {"新人", "另一新人"} <= seen(cast, "chen")
    assert "新人" not in seen(cast, "wu")
    assert "另一新人" in seen(cast, "wu")
    refresh_people(later)
    refreshed = Employee.objects.filter(pk__in=[employee.pk, other.pk]).order_by("number")
    assert [(one.unit, one.entered_for) for one in refreshed] == [
        (cast.jia, None), (cast.yi, None),
    ]  # fmt: skip


def test_post_to_come_of_somebody_who_has_worked_here_does_not_show_him_before(
    cast: Cast,
) -> None:
    employee = add(cast)
    appoint(employee, cast.jia, NewPosting(post="柜员", from_on=DAY), by=cast.chen)
    end_posting(Posting.objects.get(employee=employee), on=date(2026, 3, 31), by=cast.chen)
    later = timezone.localdate() + timedelta(days=7)

    appoint(employee, cast.yi, NewPosting(post="柜员", from_on=later), by=cast.chen)

    assert Employee.objects.get(pk=employee.pk).entered_for is None
    assert "新人" not in seen(cast, "wu")


def test_keeper_of_several_units_names_the_one_for_which_he_registers(cast: Cast) -> None:
    make_holding(cast.chen, RoleCode.SERVICE_OFFICE, cast.west)
    new = NewEmployee(number="N1", name="新人")

    with pytest.raises(InputRefused, match="先归哪个机构管理"):
        add_employee(new, by=cast.chen)
    with pytest.raises(NotAllowed):
        add_employee(new, by=cast.chen, place=cast.branch)
    assert not Employee.objects.filter(number="N1").exists()
    assert add_employee(new, by=cast.chen, place=cast.bing).entered_for == cast.bing
    assert "新人" in seen(cast, "sun")
    assert "新人" not in seen(cast, "lin")


def test_units_are_seen_from_those_a_role_is_held_for_downwards(cast: Cast) -> None:
    def units(name: str) -> set[str]:
        return {one.name for one in units_visible_to(cast.people()[name])}

    assert units("wu") == {"乙网点"}
    assert units("chen") == {"城东支行", "甲网点", "乙网点"}
    assert units("nobody") == {"甲网点"}
    assert len(units("auditor")) == 7
