"""Pages of accounts, roles, locks and settings."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import wenyou.urls  # noqa: F401 -- every slice has registered its settings then
from tests.platform.factories import PASSWORD, make_employee, make_holding, make_user
from tests.platform.people import Cast
from wenyou.accounts.models import RoleHolding, User
from wenyou.audit.models import AuditRow
from wenyou.knobs.services import secret, setting
from wenyou.knobs.table import known_knobs

pytestmark = pytest.mark.pages

ClientOf = Callable[[User], Client]
USERS = "/system/users/"


def page(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def sent(client: Client, goal: str, /, **fields: object) -> int:
    return client.post(goal, fields).status_code


def test_list_of_accounts_shows_roles_in_force_and_filters_by_role(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.security_admin)

    assert "服务办公室（城东支行）" in page(client, USERS)
    found = page(client, f"{USERS}?role=outlet_head")
    assert "林岚" in found
    assert "陈静" not in found


def test_list_of_accounts_takes_the_same_number_of_queries_for_one_and_three_rows(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.system_admin)

    def row() -> None:
        user = make_user(employee=make_employee(unit=cast.jia))
        make_holding(user, "staff", cast.jia)

    row()
    page(client, USERS)
    with CaptureQueriesContext(connection) as one:
        page(client, USERS)
    row()
    row()
    with CaptureQueriesContext(connection) as three:
        page(client, USERS)

    assert len(one) == len(three)


def test_account_goes_from_the_form_over_a_link_and_a_role_to_signing_in(
    cast: Cast, client_of: ClientOf
) -> None:
    system, security = client_of(cast.system_admin), client_of(cast.security_admin)
    employee = make_employee("新来", unit=cast.jia)
    assert sent(system, f"{USERS}new/", employee=employee.number) == 302
    user = User.objects.get(employee=employee)

    shown = system.post(f"{USERS}{user.pk}/link/").content.decode()
    link = shown.split("<code>http://testserver")[1].split("</code>")[0]
    assert sent(Client(), link, new="Qingfeng-8812-hu", again="Qingfeng-8812-hu") == 302
    assert sent(
        security, f"{USERS}{user.pk}/grant/", role="staff", unit="111001", from_on="2026-01-01",
        reason="人字〔2026〕1号",
    ) == 302  # fmt: skip

    assert sent(
        Client(), "/sign-in/", number=employee.number, password="Qingfeng-8812-hu"
    ) == 302  # fmt: skip
    holding = RoleHolding.objects.get(user=user)
    assert sent(security, f"/system/roles/{holding.pk}/end/", on="2026-06-30") == 302
    assert str(RoleHolding.objects.get(pk=holding.pk).until_on) == "2026-06-30"


def test_reset_asks_once_more_and_shows_the_link_on_that_answer_alone(
    cast: Cast, client_of: ClientOf
) -> None:
    client, address = client_of(cast.system_admin), f"{USERS}{cast.lin.pk}/reset/"

    asked = client.post(address).content.decode()
    assert "立即失效" in asked
    assert User.objects.get(pk=cast.lin.pk).check_password(PASSWORD)

    assert "/link/" in client.post(address, {"confirmed": "1"}).content.decode()
    assert not User.objects.get(pk=cast.lin.pk).check_password(PASSWORD)
    assert "/link/" not in page(client, f"{USERS}{cast.lin.pk}/").replace(
        f"{cast.lin.pk}/link/", ""
    )


def test_account_is_switched_off_with_a_reason_and_its_sessions_end(
    cast: Cast, client_of: ClientOf
) -> None:
    theirs, admin = client_of(cast.lin), client_of(cast.system_admin)

    assert sent(admin, f"{USERS}{cast.lin.pk}/switch/", reason="") == 422
    assert sent(admin, f"{USERS}{cast.lin.pk}/switch/", reason="调离") == 302
    assert theirs.get("/me/").status_code == 302

    assert sent(admin, f"{USERS}{cast.wu.pk}/sign-out/") == 302
    assert sent(admin, f"{USERS}{cast.system_admin.pk}/switch/", reason="试试") == 422


def test_each_administrator_does_his_own_part_only(cast: Cast, client_of: ClientOf) -> None:
    system, security = client_of(cast.system_admin), client_of(cast.security_admin)
    at = f"{USERS}{cast.lin.pk}/"

    assert page(system, f"{at}grant/", 403)
    assert page(security, f"{at}switch/", 403)
    assert sent(security, f"{at}reset/", confirmed="1") == 403
    assert page(security, f"{USERS}new/", 403)
    assert page(client_of(cast.audit_admin), at)
    assert page(client_of(cast.chen), USERS, 403)
    assert page(system, "/system/locks/", 403)


def test_security_administrator_of_one_branch_sees_and_grants_nothing_elsewhere(
    cast: Cast, client_of: ClientOf
) -> None:
    make_holding(cast.nobody, "security_admin", cast.east)
    client = client_of(cast.nobody)

    assert page(client, f"{USERS}{cast.lin.pk}/")
    assert page(client, f"{USERS}{cast.sun.pk}/", 404)
    assert sent(
        client, f"{USERS}{cast.lin.pk}/grant/", role="staff", unit="112001",
        from_on="2026-01-01", reason="越权",
    ) == 422  # fmt: skip


def test_lock_is_listed_and_lifted_on_the_page(cast: Cast, client_of: ClientOf) -> None:
    for _ in range(5):
        sent(Client(), "/sign-in/", number=cast.lin.number, password="wrong")
    client = client_of(cast.security_admin)
    number = cast.lin.number.upper()
    assert number in page(client, "/system/locks/")

    assert sent(client, "/system/locks/lift/", number=number, address="127.0.0.1") == 302
    assert sent(client, "/system/locks/lift/", number=number, address="127.0.0.1") == 400
    assert "没有被锁定" in page(client, "/system/locks/")


def test_settings_are_shown_to_all_administrators_and_set_by_the_one_named(
    cast: Cast, client_of: ClientOf
) -> None:
    address = "/system/settings/session.idle_minutes/"
    security = client_of(cast.security_admin)
    assert "多久不操作自动退出" in page(client_of(cast.system_admin), "/system/settings/")
    assert page(client_of(cast.system_admin), address, 403)
    assert page(security, "/system/settings/no.such/", 404)

    assert sent(security, address, value="1") == 422
    assert sent(security, address, value="45") == 302

    assert setting("session.idle_minutes") == 45


@pytest.mark.parametrize("name", sorted(known_knobs()))
def test_every_setting_has_a_page_that_saves_its_default(
    cast: Cast, client_of: ClientOf, name: str
) -> None:
    knob = known_knobs()[name]
    keeper = make_user()
    make_holding(keeper, knob.who, cast.head_office)
    client = client_of(keeper)
    assert knob.title in page(client, f"/system/settings/{name}/")

    value = knob.default
    said = {"value": value} if value is not False else {}

    assert sent(client, f"/system/settings/{name}/", **said) == 302
    assert setting(name) == knob.default


def test_secret_is_shown_on_no_page_and_in_no_row_of_the_log(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.system_admin)
    address = "/system/settings/sms.secret/"

    assert client.post(address, {"value": "s3cret-of-the-gateway"}).status_code == 302
    pages = [client.get(one).content.decode() for one in (address, "/system/settings/")]
    row = AuditRow.objects.get(action="knobs.set")
    assert client.post(address, {"value": ""}).status_code == 302

    assert "已设置，不显示" in pages[1]
    assert not [text for text in (*pages, str(row.old), str(row.new)) if "s3cret" in text]
    assert secret("sms.secret") == ""
