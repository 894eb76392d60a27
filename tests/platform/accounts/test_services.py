"""Accounts, roles, links and settings: what is done and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.platform.factories import PASSWORD, make_employee, make_unit, make_user
from tests.platform.people import Cast
from wenyou.accounts import services
from wenyou.accounts.models import PasswordUsed, RoleCode, RoleHolding, SignInLink, User
from wenyou.accounts.passwords import PasswordRefused, classes_of, refuse_weak
from wenyou.accounts.queries import holders_of, users_visible_to
from wenyou.accounts.scope import scope
from wenyou.accounts.services.accounts import NewUser
from wenyou.accounts.services.roles import Grant
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.house.first import first_administrator_link
from wenyou.knobs.services import setting
from wenyou.org.models import Unit
from wenyou.org.services import open_unit
from wenyou.org.services.units import NewUnit
from wenyou_core.errors import InputRefused

TODAY = date(2026, 11, 2)
GOOD = "Qingfeng-8812-hu"


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


# -- accounts ---------------------------------------------------------------------------


def test_account_of_a_person_bears_number_and_name_and_opens_by_a_link_only(cast: Cast) -> None:
    employee = make_employee("新来", unit=cast.jia)

    user = services.create_user(NewUser(employee=employee), by=cast.system_admin)

    assert (user.number, user.name) == (employee.number, "新来")
    assert not user.has_usable_password()
    assert AuditRow.objects.get(action="accounts.create").object_id == str(user.pk)


def test_second_account_and_one_for_somebody_who_left_are_refused(cast: Cast) -> None:
    left = make_employee("走了", left_on=TODAY)

    with pytest.raises(InputRefused, match="已有账号"):
        services.create_user(NewUser(employee=cast.lin.employee), by=cast.system_admin)
    with pytest.raises(InputRefused, match="离职"):
        services.create_user(NewUser(employee=left), by=cast.system_admin)
    with pytest.raises(InputRefused, match="登录号应为"):
        services.create_user(NewUser(number="a b", name="机器"), by=cast.system_admin)


def test_only_a_system_administrator_above_opens_and_disables_accounts(cast: Cast) -> None:
    employee = make_employee("新来", unit=cast.jia)

    for by in (cast.chen, cast.security_admin, cast.auditor):
        with pytest.raises(NotAllowed):
            services.create_user(NewUser(employee=employee), by=by)
    with pytest.raises(NotAllowed):
        services.set_active(cast.wu, active=False, reason="", by=cast.chen)


def test_disabled_account_has_no_role_any_more_and_nobody_disables_himself(cast: Cast) -> None:
    services.set_active(cast.lin, active=False, reason="调离", by=cast.system_admin)

    assert scope(fresh(cast.lin)).held == ()
    with pytest.raises(InputRefused, match="不能停用自己"):
        services.set_active(cast.system_admin, active=False, reason="", by=cast.system_admin)


# -- roles ------------------------------------------------------------------------------


def grant(cast: Cast, **fields: object) -> Grant:
    said = {"role": RoleCode.INSPECTOR, "unit": cast.east, "from_on": TODAY, **fields}
    return Grant(**said)  # type: ignore[arg-type]


def test_granted_role_covers_the_units_beneath_and_is_told_in_the_log(cast: Cast) -> None:
    services.grant_role(cast.nobody, grant(cast), by=cast.security_admin)

    assert scope(fresh(cast.nobody), TODAY).covers(cast.jia.path)
    assert AuditRow.objects.get(action="accounts.role.grant").new["role"] == "检查人员"


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"role": "emperor"}, "没有这个角色"),
        ({"until_on": TODAY - timedelta(days=1)}, "不能早于开始日期"),
    ],
)
def test_role_that_cannot_be_is_refused(cast: Cast, fields: dict[str, object], text: str) -> None:
    with pytest.raises(InputRefused, match=text):
        services.grant_role(cast.nobody, grant(cast, **fields), by=cast.security_admin)


def test_role_is_not_held_twice_at_the_same_time(cast: Cast) -> None:
    services.grant_role(cast.nobody, grant(cast), by=cast.security_admin)

    with pytest.raises(InputRefused, match="不用再授予"):
        services.grant_role(cast.nobody, grant(cast), by=cast.security_admin)


def test_nobody_grants_himself_and_the_watcher_is_no_administrator(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="不能给自己"):
        services.grant_role(cast.security_admin, grant(cast), by=cast.security_admin)
    with pytest.raises(InputRefused, match="三员分立"):
        services.grant_role(
            cast.audit_admin, grant(cast, role=RoleCode.SYSTEM_ADMIN), by=cast.security_admin
        )
    with pytest.raises(NotAllowed):
        services.grant_role(cast.nobody, grant(cast), by=cast.system_admin)


def test_last_security_administrator_of_the_house_cannot_be_ended(cast: Cast) -> None:
    holding = RoleHolding.objects.get(user=cast.security_admin)
    with pytest.raises(InputRefused, match="最后一名安全管理员"):
        services.end_role(holding, on=TODAY, by=cast.security_admin)

    services.grant_role(
        cast.nobody,
        grant(cast, role=RoleCode.SECURITY_ADMIN, unit=cast.head_office),
        by=cast.security_admin,
    )
    assert services.end_role(holding, on=TODAY, by=cast.security_admin).until_on == TODAY


def test_ended_role_no_longer_counts_the_day_after(cast: Cast) -> None:
    holding = RoleHolding.objects.get(user=cast.lin)

    services.end_role(holding, on=TODAY, by=cast.security_admin)

    lin = fresh(cast.lin)
    assert scope(lin, TODAY).covers(cast.jia.path)
    assert not scope(lin, TODAY + timedelta(days=1)).covers(cast.jia.path)
    with pytest.raises(InputRefused, match="已经结束"):
        services.end_role(holding, on=TODAY, by=cast.security_admin)


def test_holders_of_a_role_are_found_at_the_unit_and_above(cast: Cast) -> None:
    assert list(holders_of(RoleCode.SERVICE_OFFICE, cast.jia.path)) == sorted(
        [cast.chen, cast.he], key=lambda user: user.number
    )
    assert list(holders_of(RoleCode.SERVICE_OFFICE, cast.bing.path)) == [cast.he]


def test_accounts_are_seen_by_administrators_over_their_units(cast: Cast) -> None:
    branch_admin = make_user(employee=make_employee("支行管理员", unit=cast.west))
    RoleHolding.objects.create(
        user=branch_admin, role=RoleCode.SYSTEM_ADMIN, unit=cast.west, from_on=date(2020, 1, 1)
    )

    assert set(users_visible_to(branch_admin)) == {branch_admin, cast.sun}
    assert list(users_visible_to(cast.lin)) == [cast.lin]
    assert users_visible_to(cast.auditor).count() == User.objects.count()


# -- passwords --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "rule"),
    [
        ("Aa1!", "至少要 8 个字符"),
        ("abcdefgh", "3 种"),
        ("Password123", "常见密码"),
        ("Aa1-" + "x" * 130, "最长 128"),
        ("Aa1-\x00bcdefg", "控制字符"),
    ],
)
def test_weak_password_is_refused_with_the_rule_it_breaks(
    cast: Cast, password: str, rule: str
) -> None:
    with pytest.raises(PasswordRefused, match=rule):
        refuse_weak(password, cast.lin)


def test_password_with_the_own_number_is_refused_and_all_rules_are_told_together(
    cast: Cast,
) -> None:
    with pytest.raises(PasswordRefused) as refused:
        refuse_weak(cast.lin.number.lower(), cast.lin)

    assert len(refused.value.faults) == 3


def test_classes_count_capital_small_digit_and_other() -> None:
    assert [classes_of(text) for text in ("", "a", "aB", "aB3", "aB3-", "密码")] == [
        0, 1, 2, 3, 4, 1,
    ]  # fmt: skip


def test_changed_password_ends_other_sessions_and_is_not_taken_again_soon(cast: Cast) -> None:
    epoch = cast.lin.session_epoch

    services.change_password(cast.lin, old=PASSWORD, new=GOOD)

    assert fresh(cast.lin).session_epoch == epoch + 1
    with pytest.raises(PasswordRefused, match="最近用过的 5 个"):
        services.change_password(cast.lin, old=GOOD, new=GOOD)
    assert AuditRow.objects.filter(action="accounts.password").count() == 1


def test_wrong_old_password_changes_nothing(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="原密码不对"):
        services.change_password(cast.lin, old="wrong", new=GOOD)
    assert fresh(cast.lin).check_password(PASSWORD)


def test_no_more_hashes_are_kept_than_the_setting_asks_for(cast: Cast) -> None:
    services.change_setting("password.history", 2, by=cast.security_admin)

    for number in range(4):
        services.set_password(cast.lin, f"{GOOD}{number}")

    assert PasswordUsed.objects.filter(user=cast.lin).count() == 2


# -- links ------------------------------------------------------------------------------


def token_of(link: str) -> str:
    return link.removeprefix("/link/").rstrip("/")


def test_reset_makes_the_password_useless_and_gives_a_link_that_works_once(cast: Cast) -> None:
    link = services.reset_password(cast.lin, by=cast.system_admin)
    assert not fresh(cast.lin).check_password(PASSWORD)

    services.use_link(token_of(link), password=GOOD)

    assert fresh(cast.lin).check_password(GOOD)
    assert token_of(link) not in SignInLink.objects.get().digest
    with pytest.raises(InputRefused, match="已用过"):
        services.use_link(token_of(link), password=GOOD + "2")


def test_new_link_kills_the_old_one_and_an_old_one_dies_by_itself(cast: Cast) -> None:
    first = services.make_link(cast.lin, by=cast.system_admin)
    second = services.make_link(cast.lin, by=cast.system_admin)

    with pytest.raises(InputRefused):
        services.user_of_link(token_of(first))
    assert services.user_of_link(token_of(second)) == cast.lin
    SignInLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    with pytest.raises(InputRefused, match="已过期"):
        services.user_of_link(token_of(second))


def test_link_with_a_weak_password_stays_usable(cast: Cast) -> None:
    link = services.make_link(cast.lin, by=cast.system_admin)

    with pytest.raises(PasswordRefused):
        services.use_link(token_of(link), password="short")
    assert services.use_link(token_of(link), password=GOOD) == cast.lin


def test_nobody_resets_himself_and_only_administrators_reset_others(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="不能重置自己"):
        services.reset_password(cast.system_admin, by=cast.system_admin)
    with pytest.raises(NotAllowed):
        services.reset_password(cast.zhou, by=cast.lin)


def test_first_administrator_of_an_empty_house_may_open_units_accounts_and_roles(
    db: None,
) -> None:
    link = first_administrator_link()

    admin = services.use_link(token_of(link), password=GOOD)
    root = Unit.objects.get()
    unit = open_unit(
        NewUnit(code="1", name="一网点", opened_on=timezone.localdate(), parent=root), by=admin
    )
    head = services.create_user(NewUser(employee=make_employee(unit=unit)), by=admin)
    services.grant_role(
        head,
        Grant(role=RoleCode.OUTLET_HEAD, unit=unit, from_on=timezone.localdate()),
        by=admin,
    )
    assert scope(head).covers(unit.path)
    assert first_administrator_link() != link
    assert User.objects.filter(number="admin").count() == 1


# -- settings ---------------------------------------------------------------------------


def test_setting_is_changed_by_whom_the_table_names_and_told_with_old_and_new(
    cast: Cast,
) -> None:
    with pytest.raises(NotAllowed, match="安全管理员"):
        services.change_setting("session.idle_minutes", "45", by=cast.system_admin)

    services.change_setting("session.idle_minutes", "45", by=cast.security_admin)
    services.change_setting("session.idle_minutes", "45", by=cast.security_admin)

    row = AuditRow.objects.get(action="knobs.set")
    assert (setting("session.idle_minutes"), row.old, row.new) == (
        45,
        {"多久不操作自动退出": 30},
        {"多久不操作自动退出": 45},
    )


def test_administrator_of_a_branch_sets_nothing_for_the_house(cast: Cast) -> None:
    RoleHolding.objects.create(
        user=cast.nobody, role=RoleCode.SECURITY_ADMIN, unit=cast.east, from_on=date(2020, 1, 1)
    )
    make_unit("另一家")

    with pytest.raises(NotAllowed):
        services.change_setting("session.idle_minutes", "45", by=cast.nobody)
