"""The door: sign-in, lock-out, idle time, demo accounts, links, the own page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, make_password
from django.test import Client
from django.utils import timezone

from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.accounts import services
from wenyou.accounts.locks import locks_now
from wenyou.accounts.models import User
from wenyou.audit.models import AuditRow
from wenyou.settings import PASSWORD_HASHERS
from wenyou_core.errors import InputRefused

pytestmark = pytest.mark.pages

ClientOf = Callable[[User], Client]
SIGN_IN = "/sign-in/"
GOOD = "Qingfeng-8812-hu"


def enter(client: Client, number: str, password: str, **fields: str) -> int:
    data = {"number": number, "password": password, **fields}
    return client.post(SIGN_IN, data).status_code


def inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_person_signs_in_with_number_in_any_case_and_lands_where_he_wanted(cast: Cast) -> None:
    client = Client()
    answer = client.post(
        SIGN_IN, {"number": cast.lin.number.lower(), "password": PASSWORD, "next": "/me/"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert AuditRow.objects.get(action="accounts.sign_in").address == "127.0.0.1"


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "/\\x", "me"]
)
def test_sign_in_leads_to_no_other_house(cast: Cast, target: str) -> None:
    answer = Client().post(
        SIGN_IN, {"number": cast.lin.number, "password": PASSWORD, "next": target}
    )

    assert answer["Location"] == "/"


@pytest.mark.parametrize("number", ["", "nobody-has-it", "林", "\x00"])
def test_wrong_number_is_told_without_saying_which_half_is_wrong(cast: Cast, number: str) -> None:
    assert enter(Client(), number, PASSWORD) == 422


def test_five_wrong_passwords_lock_number_and_address_until_an_administrator_lifts_it(
    cast: Cast,
) -> None:
    client = Client()
    codes = [enter(client, cast.lin.number, "wrong") for _ in range(5)]
    assert codes == [422] * 4 + [429]

    locked = client.post(SIGN_IN, {"number": cast.lin.number, "password": PASSWORD})
    assert locked.status_code == 429
    assert "已锁定 30 分钟" in locked.content.decode()
    assert enter(Client(REMOTE_ADDR="10.0.0.9"), cast.lin.number, PASSWORD) == 302
    assert enter(Client(), cast.wu.number, PASSWORD) == 302

    lock = locks_now()[0]
    assert (lock.number, lock.failures) == (cast.lin.number.upper(), 5)
    services.lift_lock(lock.number, lock.address, by=cast.security_admin)
    assert enter(Client(), cast.lin.number, PASSWORD) == 302
    with pytest.raises(InputRefused, match="没有被锁定"):
        services.lift_lock(lock.number, lock.address, by=cast.security_admin)


def test_case_and_browser_open_no_second_count(cast: Cast) -> None:
    number = cast.lin.number
    for tried in (number, number.lower(), f" {number} "):
        enter(Client(HTTP_USER_AGENT=f"browser {tried}"), tried, "wrong")
    enter(Client(), number, "wrong")

    assert enter(Client(HTTP_USER_AGENT="another"), number, "wrong") == 429


def test_right_password_forgets_earlier_slips(cast: Cast) -> None:
    for _ in range(4):
        enter(Client(), cast.lin.number, "wrong")
    assert enter(Client(), cast.lin.number, PASSWORD) == 302

    assert enter(Client(), cast.lin.number, "wrong") == 422


def test_disabled_account_does_not_come_in_and_is_put_out(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    services.set_active(cast.lin, active=False, reason="调离", by=cast.system_admin)

    assert not inside(client)
    assert enter(Client(), cast.lin.number, PASSWORD) == 422


def test_idle_session_ends_and_says_why(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    assert inside(client)

    session = client.session
    session["seen_at"] -= 31 * 60
    session.save()

    assert client.get("/me/")["Location"] == "/sign-in/?next=/me/"
    assert "自动退出" in client.get(SIGN_IN).content.decode()


def test_demo_account_works_from_this_machine_only(cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.lin.pk).update(loopback_only=True)
    away = Client(REMOTE_ADDR="10.0.0.9")
    proxied = Client(HTTP_X_FORWARDED_FOR="10.0.0.9")

    answer = away.post(SIGN_IN, {"number": cast.lin.number, "password": PASSWORD})
    assert answer.status_code == 422
    assert "只能在安装文优的这台电脑上登录" in answer.content.decode()
    assert enter(proxied, cast.lin.number, PASSWORD) == 422
    assert enter(Client(), cast.lin.number, PASSWORD) == 302
    carried = client_of(User.objects.get(pk=cast.lin.pk))
    assert carried.get("/me/", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_signing_out_everywhere_ends_every_session(cast: Cast, client_of: ClientOf) -> None:
    here, there = client_of(cast.lin), client_of(cast.lin)

    here.post("/me/sign-out-everywhere/")

    assert not inside(here)
    assert not inside(there)
    assert inside(client_of(cast.wu))


def test_own_page_tells_when_one_came_in_last(cast: Cast) -> None:
    User.objects.filter(pk=cast.lin.pk).update(last_login=timezone.now() - timedelta(hours=1))
    client = Client()
    enter(client, cast.lin.number, PASSWORD)

    text = client.get("/me/").content.decode()

    assert "今天" in text or "昨天" in text
    assert "网点负责人" in text


def test_password_that_must_be_changed_comes_before_every_page(
    cast: Cast, client_of: ClientOf
) -> None:
    User.objects.filter(pk=cast.lin.pk).update(must_change=True)
    client = client_of(User.objects.get(pk=cast.lin.pk))
    assert client.get("/")["Location"] == "/me/password/"

    wrong = client.post("/me/password/", {"old": PASSWORD, "new": "short", "again": "short"})
    right = client.post("/me/password/", {"old": PASSWORD, "new": GOOD, "again": GOOD})

    assert (wrong.status_code, right.status_code) == (422, 302)
    assert inside(client)


def test_old_password_cannot_be_tried_without_end(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    said = {"old": "wrong", "new": GOOD, "again": GOOD}

    codes = [client.post("/me/password/", said).status_code for _ in range(5)]
    right = client.post("/me/password/", {**said, "old": PASSWORD})

    assert codes == [422] * 4 + [429]
    assert right.status_code == 429


def test_password_past_its_age_must_be_changed(cast: Cast, client_of: ClientOf) -> None:
    User.objects.filter(pk=cast.lin.pk).update(password_at=timezone.now() - timedelta(days=91))

    client = client_of(User.objects.get(pk=cast.lin.pk))

    assert client.get("/")["Location"] == "/me/password/"


def test_link_sets_a_password_once_and_a_dead_one_says_whom_to_ask(cast: Cast) -> None:
    link = services.make_link(cast.lin, by=cast.system_admin)
    client = Client()
    assert client.get(link).status_code == 200
    unequal = client.post(link, {"new": GOOD, "again": GOOD + "x"})
    assert unequal.status_code == 422

    assert client.post(link, {"new": GOOD, "again": GOOD}).status_code == 302
    dead = client.get(link)
    assert dead.status_code == 400
    assert "请联系系统管理员" in dead.content.decode()
    assert enter(Client(), cast.lin.number, GOOD) == 302


def test_form_without_its_token_is_refused(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)

    assert enter(client, cast.lin.number, PASSWORD) == 403


def test_passwords_are_kept_by_argon2() -> None:
    assert PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    assert make_password("x", hasher=Argon2PasswordHasher()).startswith("argon2$argon2id$")
