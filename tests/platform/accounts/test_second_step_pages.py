"""Pages of the second step: no session before it, locks, setting up, who must, tokens."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from tests.platform.accounts.devices import code_of, enroll, require_of, rewind, wrong_for
from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.accounts import services
from wenyou.accounts.codes import typed_secret
from wenyou.accounts.models import AccessToken, SecondStep, User
from wenyou.accounts.second_step import in_force
from wenyou.api.tokens import answer_token
from wenyou.audit.models import AuditRow

ClientOf = Callable[[User], Client]

pytestmark = pytest.mark.pages


def half_in(client: Client, user: User, **fields: str) -> str:
    """The right password; the pass of the page that asks for the code."""
    answer = client.post("/sign-in/", {"number": user.number, "password": PASSWORD, **fields})
    assert answer.status_code == 200
    found = re.search(r'name="pass" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_right_password_alone_opens_no_session(cast: Cast) -> None:
    enroll(cast.lin)
    client = Client()

    half_in(client, cast.lin)

    assert "wenyou_session" not in client.cookies
    assert not inside(client)
    assert not AuditRow.objects.filter(action="accounts.sign_in").exists()


def test_code_after_the_password_lets_in_where_one_wanted(cast: Cast) -> None:
    enroll(cast.lin)
    rewind(cast.lin)
    client = Client()
    said = {"pass": half_in(client, cast.lin, next="/inbox/"), "next": "/inbox/"}

    wrong = client.post("/sign-in/code/", {**said, "code": wrong_for(cast.lin)})
    empty = client.post("/sign-in/code/", said)
    right = client.post("/sign-in/code/", {**said, "code": code_of(cast.lin)})

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert (right.status_code, right["Location"]) == (302, "/inbox/")
    assert inside(client)


def test_code_seen_over_the_shoulder_does_not_let_in_again(cast: Cast) -> None:
    enroll(cast.lin)
    rewind(cast.lin)
    code = code_of(cast.lin)
    first, second = Client(), Client()

    came = first.post("/sign-in/code/", {"pass": half_in(first, cast.lin), "code": code})
    again = second.post("/sign-in/code/", {"pass": half_in(second, cast.lin), "code": code})

    assert (came.status_code, again.status_code) == (302, 422)
    assert not inside(second)


def test_recovery_code_lets_in(cast: Cast) -> None:
    shown = enroll(cast.lin)
    client = Client()

    client.post("/sign-in/code/", {"pass": half_in(client, cast.lin), "code": shown[3]})

    assert inside(client)


def test_wrong_codes_lock_together_with_wrong_passwords(cast: Cast) -> None:
    enroll(cast.lin)
    rewind(cast.lin)
    client = Client()
    for _ in range(2):
        client.post("/sign-in/", {"number": cast.lin.number, "password": "wrong"})
    token = half_in(client, cast.lin)
    wrong = {"pass": token, "code": wrong_for(cast.lin)}

    codes = [client.post("/sign-in/code/", wrong).status_code for _ in range(3)]
    locked = client.post("/sign-in/code/", {"pass": token, "code": code_of(cast.lin)})

    assert codes == [422, 422, 429]
    assert locked.status_code == 429
    assert not inside(client)
    other = Client(REMOTE_ADDR="10.0.0.9")
    answer = other.post("/sign-in/code/", {"pass": half_in(other, cast.lin), "code": code_of(cast.lin)})  # fmt: skip
    assert answer.status_code == 302


def test_pass_is_refused_late_elsewhere_forged_and_after_a_new_password(cast: Cast) -> None:
    enroll(cast.lin)
    shown = services.renew_recovery_codes(cast.lin, code=code_of(cast.lin, 1))
    client = Client()
    token = half_in(client, cast.lin)

    def tried(text: str, **extra: str) -> str:
        said = {"pass": text, "code": shown[0]}
        return str(client.post("/sign-in/code/", said, **extra).headers.get("Location", ""))  # type: ignore[arg-type]

    assert tried("") == tried(token + "x") == tried(token, REMOTE_ADDR="10.0.0.9") == "/sign-in/"
    services.set_password(User.objects.get(pk=cast.lin.pk), "Another-8812-hu")
    assert tried(token) == "/sign-in/"
    assert "重新登录" in client.get("/sign-in/").content.decode()
    assert client.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_demo_account_gives_its_code_on_this_machine_only(cast: Cast) -> None:
    shown = enroll(cast.lin)
    client = Client(REMOTE_ADDR="10.0.0.9")
    token = half_in(client, cast.lin)
    User.objects.filter(pk=cast.lin.pk).update(loopback_only=True)

    answer = client.post("/sign-in/code/", {"pass": token, "code": shown[0]})

    assert answer["Location"] == "/sign-in/"


def test_person_sets_it_up_by_himself(cast: Cast, client_of: ClientOf) -> None:
    client = client_of(cast.lin)
    assert "未启用" in client.get("/me/").content.decode()

    bad = client.post("/me/second-step/begin/", {"password": "wrong"})
    good = client.post("/me/second-step/begin/", {"password": PASSWORD})
    page = client.get(good["Location"]).content.decode()
    refused = client.post(good["Location"], {"code": wrong_for(cast.lin)})
    done = client.post(good["Location"], {"code": code_of(cast.lin)})

    assert (bad.status_code, refused.status_code, done.status_code) == (422, 422, 200)
    assert typed_secret(SecondStep.objects.get()) in page
    assert "<svg" in page
    assert done.content.decode().count("<li><code>") == 10
    assert "还剩 10 个" in client.get("/me/second-step/").content.decode()
    assert "<li><code>" not in client.get("/me/second-step/").content.decode()


def test_wrong_codes_of_somebody_signed_in_lock_as_well(cast: Cast, client_of: ClientOf) -> None:
    enroll(cast.lin)
    client = client_of(cast.lin)

    said = {"code": wrong_for(cast.lin)}
    got = [client.post("/me/second-step/end/", said).status_code for _ in range(5)]

    assert got == [422] * 4 + [429]
    assert in_force(cast.lin)


def test_whose_role_requires_it_sets_it_up_before_anything_else(
    cast: Cast, client_of: ClientOf
) -> None:
    require_of("outlet_head")
    client = client_of(cast.lin)
    assert client.get("/")["Location"] == "/me/second-step/"
    assert client.get("/", headers={"HX-Request": "true"})["HX-Redirect"] == "/me/second-step/"
    assert client.get("/me/second-step/").status_code == 200

    services.begin_second_step(cast.lin, password=PASSWORD)
    client.post("/me/second-step/confirm/", {"code": code_of(cast.lin)})

    assert client.get("/").status_code == 200
    assert client_of(cast.zhou).get("/").status_code == 200


def test_requirement_set_meanwhile_reaches_open_sessions_within_a_minute(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.lin)
    assert client.get("/").status_code == 200
    require_of("outlet_head")

    session = client.session
    session["seen_at"] -= timedelta(minutes=1).seconds
    session.save()

    assert client.get("/")["Location"] == "/me/second-step/"


def test_administrator_resets_on_the_page_of_the_account(cast: Cast, client_of: ClientOf) -> None:
    enroll(cast.lin)
    client = client_of(cast.security_admin)
    address = f"/system/users/{cast.lin.pk}/second-step/"
    assert address in client.get(f"/system/users/{cast.lin.pk}/").content.decode()

    empty = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "本人当面申请"})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert not in_force(cast.lin)


def test_token_of_a_program_asks_for_a_fresh_code_of_who_has_them(
    cast: Cast, client_of: ClientOf
) -> None:
    enroll(cast.system_admin)
    rewind(cast.system_admin)
    client = client_of(cast.system_admin)
    said = {"number": cast.chen.number, "title": "叫号机", "scopes": "read", "days": "30"}
    assert 'name="code"' in client.get("/system/tokens/new/").content.decode()

    none = client.post("/system/tokens/new/", said)
    wrong = client.post("/system/tokens/new/", {**said, "code": wrong_for(cast.system_admin)})
    right = client.post("/system/tokens/new/", {**said, "code": code_of(cast.system_admin)})

    assert (none.status_code, wrong.status_code, right.status_code) == (422, 422, 200)
    assert cast.chen.tokens.count() == 1


def test_program_with_a_token_is_asked_for_no_code(cast: Cast, client_of: ClientOf) -> None:
    enroll(cast.chen)
    require_of("service_office")
    page = client_of(cast.system_admin).post(
        "/system/tokens/new/",
        {"number": cast.chen.number, "title": "叫号机", "scopes": "read", "days": "30"},
    )
    found = re.search(r"wy_[\w-]+", page.content.decode())
    assert found is not None
    answer_token(AccessToken.objects.get(), agreed=True, by=cast.chen)

    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {found[0]}"})

    assert answer.status_code == 200


def test_wrong_passwords_of_somebody_signed_in_lock_as_well(
    cast: Cast, client_of: ClientOf
) -> None:
    client = client_of(cast.lin)

    said = {"password": "wrong"}
    got = [client.post("/me/second-step/begin/", said).status_code for _ in range(5)]
    right = client.post("/me/second-step/begin/", {"password": PASSWORD})

    assert got == [422] * 4 + [429]
    assert right.status_code == 429
    assert not SecondStep.objects.exists()
