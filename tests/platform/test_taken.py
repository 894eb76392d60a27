"""Two people who write the same at the same moment: one has it, the other is told what to do."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from tests.platform.factories import make_employee, make_holding, make_unit, make_user
from tests.platform.people import Cast, make_cast
from tests.platform.register.filled import entry, proposed
from tests.platform.schemes.adopted import adopted, drafted
from tests.platform.together import at_once
from wenyou.accounts.models import RoleCode, RoleHolding, User
from wenyou.accounts.services import create_user, end_role, set_active
from wenyou.accounts.services.accounts import NewUser
from wenyou.jobs.models import Due
from wenyou.knobs.models import Setting
from wenyou.org.models import Employee, Unit, UnitSpell
from wenyou.org.services import add_employee, move_unit, open_unit
from wenyou.org.services.people import NewEmployee
from wenyou.org.services.units import NewUnit
from wenyou.org.tree import chain_on
from wenyou.register.models import Fact
from wenyou.register.services import revise
from wenyou.schemes.models import Adoption
from wenyou.schemes.services import put_in_force
from wenyou.taken import TakenNow
from wenyou.web.errors import status_of
from wenyou_core.errors import WenyouError

DAY = date(2026, 3, 1)


@pytest.fixture
def people(transactional_db: None) -> Cast:
    if connection.vendor == "sqlite":
        pytest.skip("内存里的数据库没有第二个连接；这一项在 PostgreSQL 那一遍里测。")
    return make_cast()


# -- what the database refuses ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: make_unit(code="A01"), "机构号 A01 刚刚已由别人登记"),
        (lambda: make_employee(number="E01"), "员工号 E01 刚刚已由别人登记"),
        (lambda: make_user(number="U01"), "登录号 U01 刚刚已由别人开立"),
    ],
)
def test_code_saved_twice_is_told_by_its_code(db: None, make: object, words: str) -> None:
    assert callable(make)
    make()

    with pytest.raises(TakenNow, match=words) as told, transaction.atomic():
        make()

    assert "请刷新页面" in str(told.value)
    assert status_of(told.value) == 409


def test_code_in_another_case_is_the_same_code(db: None) -> None:
    make_unit(code="A01")

    with pytest.raises(TakenNow, match=r"(?i)机构号 a01 刚刚"), transaction.atomic():
        make_unit(code="a01")


def test_double_of_several_columns_is_told_by_its_constraint(cast: Cast) -> None:
    held = RoleHolding.objects.filter(user=cast.zhou).get()

    with pytest.raises(TakenNow, match="这项角色刚刚已由别人授予"), transaction.atomic():
        make_holding(cast.zhou, held.role, held.unit, from_on=held.from_on)
    with pytest.raises(TakenNow, match="同一天的变动"), transaction.atomic():
        UnitSpell.objects.create(unit=cast.jia, from_on=cast.jia.opened_on, name="甲")


def test_double_that_has_no_sentence_of_its_own_is_told_all_the_same(db: None) -> None:
    Due.objects.create(name="x", next_at=timezone.now())

    with pytest.raises(TakenNow, match="同样的内容刚刚已由别人保存"), transaction.atomic():
        Due.objects.create(name="x", next_at=timezone.now())


def test_what_is_no_double_stays_what_it_is(cast: Cast) -> None:
    with pytest.raises(IntegrityError) as told, transaction.atomic():
        RoleHolding.objects.filter(user=cast.zhou).update(until_on=date(1990, 1, 1))

    assert not isinstance(told.value, WenyouError)


def test_looking_or_making_still_finds_what_another_has_made(cast: Cast) -> None:
    values = {"value": 1, "set_at": cast.chen.created_at}
    Setting.objects.create(name="x", **values)

    found, made = Setting.objects.get_or_create(name="x", defaults=values)

    assert (found.name, made) == ("x", False)


# -- at once ------------------------------------------------------------------------------------


def test_codes_given_at_once_have_no_twins(people: Cast) -> None:
    told: list[str] = []

    def both(number: int) -> None:
        code = "A01" if number % 2 else "a01"
        for work in (
            lambda: open_unit(
                NewUnit(code=code, name="新网点", opened_on=DAY, parent=people.east), by=people.chen
            ),
            lambda: add_employee(NewEmployee(number=code, name="新人"), by=people.chen),
            lambda: create_user(NewUser(number=code, name="程序"), by=people.system_admin),
        ):
            try:
                work()
            except WenyouError as refused:
                told.append(refused.code)

    at_once(both, 4)

    assert len(told) == 9
    assert set(told) <= {"taken-now", "unit-code-twice", "person-twice", "user-twice"}
    assert Unit.objects.filter(code__iexact="A01").count() == 1
    assert Employee.objects.filter(number__iexact="A01").count() == 1
    assert User.objects.filter(number__iexact="A01").count() == 1


def test_moves_that_cross_make_no_circle(people: Cast) -> None:
    told: list[str] = []
    pairs = [(people.east, people.west), (people.west, people.east)]

    def cross(number: int) -> None:
        unit, parent = pairs[number % 2]
        try:
            move_unit(unit, parent=parent, on=DAY, by=people.he)
        except WenyouError as refused:
            told.append(refused.code)

    at_once(cross, 2)

    assert told == ["unit-circle"]
    for unit in Unit.objects.all():
        chain = chain_on(unit.pk, DAY)
        assert chain[-1] == people.head_office.pk
        assert unit.path == "/" + "".join(f"{one}/" for one in reversed(chain))


def test_two_security_administrators_who_end_each_other_leave_one(people: Cast) -> None:
    other = make_user(employee=make_employee("石磊"))
    make_holding(other, RoleCode.SECURITY_ADMIN, people.head_office)
    pair = [people.security_admin, other]
    told: list[str] = []

    def end(number: int) -> None:
        holding = RoleHolding.objects.get(user=pair[1 - number], role=RoleCode.SECURITY_ADMIN)
        try:
            # Until the end of today both may still do it.
            end_role(holding, on=timezone.localdate(), by=pair[number])
        except WenyouError as refused:
            told.append(refused.code)

    at_once(end, 2)

    assert told == ["role-last-security"]


def test_two_accounts_disabled_at_once_leave_a_security_administrator(people: Cast) -> None:
    other = make_user(employee=make_employee("石磊"))
    make_holding(other, RoleCode.SECURITY_ADMIN, people.head_office)
    pair = [people.security_admin, other]
    told: list[str] = []

    def disable(number: int) -> None:
        try:
            set_active(pair[number], active=False, reason="离岗", by=people.system_admin)
        except WenyouError as refused:
            told.append(refused.code)

    at_once(disable, 2)

    assert told == ["user-last-security"]
    assert User.objects.filter(pk__in=[one.pk for one in pair], is_active=True).count() == 1


def test_plan_put_in_force_by_two_at_once_is_in_force_once(people: Cast) -> None:
    drafts = [drafted(people), drafted(people)]
    told: list[str] = []

    def force(number: int) -> None:
        try:
            put_in_force(adoption=drafts[number], by=people.chen)
        except WenyouError as refused:
            told.append(refused.code)

    at_once(force, 2)

    assert told == ["adoption_overlap"]
    assert Adoption.objects.filter(state=Adoption.State.IN_FORCE).count() == 1


def test_fact_mended_by_several_at_once_keeps_one_latest_and_breaks_for_nobody(
    people: Cast,
) -> None:
    fact = proposed(people, adopted(people))
    told: list[str] = []

    def mend(_: int) -> None:
        try:
            revise(fact=fact, entry=entry(people), reason="核对后更正", by=people.chen)
        except WenyouError as refused:
            told.append(refused.code)

    at_once(mend, 3)

    # Whoever comes while another writes, or after him with what he saw before, is told.
    assert told == ["stale_fact"] * 2
    rows = Fact.objects.filter(key=fact.key)
    assert rows.count() == 2
    assert rows.filter(latest=True).count() == 1


# -- one after the other ------------------------------------------------------------------------


def test_account_of_the_last_security_administrator_is_not_disabled(cast: Cast) -> None:
    with pytest.raises(WenyouError, match="全行最后一名安全管理员"):
        set_active(cast.security_admin, active=False, reason="离岗", by=cast.system_admin)


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL 在小表上不用索引。")
@pytest.mark.parametrize(
    ("rows", "index"),
    [
        (User.objects.filter(number__upper="A01"), "user_number_any_case"),
        (Employee.objects.filter(number__upper="A01"), "person_number_any_case"),
        (Unit.objects.filter(code__upper="A01"), "unit_code_any_case"),
    ],
)
def test_number_in_any_case_is_looked_up_in_an_index(rows: QuerySet[Any], index: str) -> None:
    assert f"USING INDEX {index}" in rows.explain()


def test_no_number_is_looked_up_by_reading_the_whole_table(root: Path) -> None:
    found = [
        path.name
        for path in sorted((root / "src" / "wenyou").rglob("*.py"))
        if "__iexact" in path.read_text(encoding="utf-8")
    ]

    assert found == []
