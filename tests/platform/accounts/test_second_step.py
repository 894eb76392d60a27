"""The second step of signing in: codes once, locks, recovery, who must, who resets."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from tests.platform.factories import PASSWORD
from tests.platform.people import Cast
from wenyou.accounts import services
from wenyou.accounts.codes import address_of_secret, picture, secret_of, typed_secret
from wenyou.accounts.models import RecoveryCode, SecondStep, User
from wenyou.accounts.second_step import in_force
from wenyou.accounts.services import CodeRefused
from wenyou.audit.models import AuditRow
from wenyou.errors import NotAllowed
from wenyou.knobs.models import Setting
from wenyou.notices.models import Notice
from wenyou_core.errors import InputRefused

ClientOf = Callable[[User], Client]


def code_of(user: User, ahead: int = 0) -> str:
    """What the person's device shows now, or so many steps ahead."""
    totp = TOTP(secret_of(SecondStep.objects.get(user=user)), drift=ahead)
    return f"{totp.token():06d}"


def enroll(user: User) -> list[str]:
    """Set it up; the code of the present step is used by that."""
    services.begin_second_step(user, password=PASSWORD)
    return services.confirm_second_step(user, code=code_of(user))


def wrong_for(user: User) -> str:
    """A code that is none of those near now."""
    near = {code_of(user, step) for step in range(-3, 4)}
    return next(text for text in ("000000", "111111", "222222", "3" * 6) if text not in near)


def require_of(*roles: str) -> None:
    Setting.objects.create(name="second_step.roles", value=[*roles], set_at=timezone.now())


def rewind(user: User) -> None:
    """As if the last accepted code were long ago."""
    SecondStep.objects.filter(user=user).update(last_step=-1)


# -- services ---------------------------------------------------------------------------


def test_second_step_is_in_force_only_after_a_first_code(cast: Cast) -> None:
    services.begin_second_step(cast.lin, password=PASSWORD)
    assert not in_force(cast.lin)

    with pytest.raises(CodeRefused):
        services.confirm_second_step(cast.lin, code=wrong_for(cast.lin))
    shown = services.confirm_second_step(cast.lin, code=code_of(cast.lin))

    assert in_force(cast.lin)
    assert len(set(shown)) == 10
    assert AuditRow.objects.filter(action="accounts.second_step.on").exists()
    assert "已启用动态验证码" in Notice.objects.get(to=cast.lin).text


def test_setting_up_asks_for_the_password(cast: Cast) -> None:
    with pytest.raises(InputRefused, match="密码不对"):
        services.begin_second_step(cast.lin, password="wrong")

    assert not SecondStep.objects.exists()


def test_second_set_up_does_not_replace_one_in_force(cast: Cast) -> None:
    enroll(cast.lin)

    with pytest.raises(InputRefused, match="已经启用"):
        services.begin_second_step(cast.lin, password=PASSWORD)


def test_secret_is_sealed_and_bound_to_its_row(cast: Cast) -> None:
    services.begin_second_step(cast.lin, password=PASSWORD)
    services.begin_second_step(cast.wu, password=PASSWORD)
    mine, other = SecondStep.objects.get(user=cast.lin), SecondStep.objects.get(user=cast.wu)

    plain = secret_of(mine)
    assert plain.hex() not in mine.sealed
    other.sealed = mine.sealed
    with pytest.raises(Exception, match="已被改动或移位"):
        secret_of(other)


def test_code_is_accepted_once(cast: Cast) -> None:
    enroll(cast.lin)
    rewind(cast.lin)
    code = code_of(cast.lin)

    services.prove(cast.lin, code=f" {code[:3]} {code[3:]}")

    with pytest.raises(CodeRefused, match="已经用过"):
        services.prove(cast.lin, code=code)


@pytest.mark.parametrize(("drift", "ahead", "good"), [(1, -1, True), (1, 2, False), (0, 1, False), (3, 3, True)])  # fmt: skip
def test_clock_of_the_device_may_differ_by_the_setting(
    cast: Cast, drift: int, ahead: int, good: bool
) -> None:
    enroll(cast.lin)
    rewind(cast.lin)
    Setting.objects.create(name="second_step.drift", value=drift, set_at=timezone.now())

    with time_machine.travel(timezone.now(), tick=False):
        code = code_of(cast.lin, ahead)
        if good:
            services.prove(cast.lin, code=code)
            return
        with pytest.raises(CodeRefused):
            services.prove(cast.lin, code=code)


@pytest.mark.parametrize("text", ["", "12345", "1234567", "abcdef", "٣٣٣٣٣٣", "\x00"])
def test_what_is_no_code_is_refused(cast: Cast, text: str) -> None:
    enroll(cast.lin)

    with pytest.raises(CodeRefused):
        services.prove(cast.lin, code=text)


def test_recovery_code_works_once_in_any_writing_and_is_told(cast: Cast) -> None:
    shown = enroll(cast.lin)
    Notice.objects.all().delete()

    services.prove(cast.lin, code=shown[0].lower().replace("-", " "))

    with pytest.raises(CodeRefused):
        services.prove(cast.lin, code=shown[0])
    assert "还剩 9 个" in Notice.objects.get(to=cast.lin).text


def test_recovery_code_of_another_person_is_refused(cast: Cast) -> None:
    foreign = enroll(cast.wu)
    enroll(cast.lin)

    with pytest.raises(CodeRefused):
        services.prove(cast.lin, code=foreign[0])


def test_recovery_codes_are_kept_as_hashes_alone(cast: Cast) -> None:
    shown = enroll(cast.lin)

    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert len(kept) == 10
    assert not any(one.replace("-", "") in text for one in shown for text in kept)


def test_new_recovery_codes_end_the_old_ones(cast: Cast) -> None:
    old = enroll(cast.lin)
    rewind(cast.lin)

    fresh = services.renew_recovery_codes(cast.lin, code=code_of(cast.lin))

    with pytest.raises(CodeRefused):
        services.prove(cast.lin, code=old[0])
    services.prove(cast.lin, code=fresh[0])


def test_ending_asks_for_a_code(cast: Cast) -> None:
    enroll(cast.lin)
    with pytest.raises(CodeRefused):
        services.end_second_step(cast.lin, code=wrong_for(cast.lin))

    rewind(cast.lin)
    services.end_second_step(cast.lin, code=code_of(cast.lin))

    assert not in_force(cast.lin)
    assert not RecoveryCode.objects.exists()


def test_whose_role_requires_it_cannot_end_it(cast: Cast) -> None:
    enroll(cast.lin)
    require_of("outlet_head")
    rewind(cast.lin)

    with pytest.raises(InputRefused, match="必须使用动态验证码"):
        services.end_second_step(cast.lin, code=code_of(cast.lin))


def test_security_administrator_resets_with_the_ground_and_the_person_hears_of_it(
    cast: Cast, client_of: ClientOf
) -> None:
    enroll(cast.lin)
    Notice.objects.all().delete()
    inside = client_of(cast.lin)

    services.reset_second_step(cast.lin, reason="本人当面申请", by=cast.security_admin)

    assert not in_force(cast.lin)
    row = AuditRow.objects.get(action="accounts.second_step.reset")
    assert (row.actor, row.note) == (cast.security_admin, "本人当面申请")
    assert "本人当面申请" in Notice.objects.get(to=cast.lin).text
    assert inside.get("/me/").status_code == 302


def test_reset_is_refused_to_others_without_ground_for_oneself_and_for_nothing(cast: Cast) -> None:
    enroll(cast.lin)
    enroll(cast.security_admin)
    with pytest.raises(NotAllowed):
        services.reset_second_step(cast.lin, reason="x", by=cast.system_admin)
    with pytest.raises(InputRefused, match="依据"):
        services.reset_second_step(cast.lin, reason=" ", by=cast.security_admin)
    with pytest.raises(InputRefused, match="另一名安全管理员"):
        services.reset_second_step(cast.security_admin, reason="x", by=cast.security_admin)
    with pytest.raises(InputRefused, match="没有启用"):
        services.reset_second_step(cast.wu, reason="x", by=cast.security_admin)

    assert in_force(cast.lin)


def test_picture_says_the_address_of_the_secret(cast: Cast) -> None:
    services.begin_second_step(cast.lin, password=PASSWORD)
    row = SecondStep.objects.get(user=cast.lin)

    address = address_of_secret(row, cast.lin)
    side, path = picture(address)

    assert f"secret={typed_secret(row).replace(' ', '')}&" in address
    assert address.startswith("otpauth://totp/%E6%96%87%E4%BC%98%3A")
    # The finder of the upper left corner, seven modules wide inside a margin of four.
    assert all(f"M{x} 4h1v1h-1z" in path for x in range(4, 11))
    assert side >= 29


# -- pages ------------------------------------------------------------------------------


def half_in(client: Client, user: User, **fields: str) -> str:
    """The right password; the pass of the page that asks for the code."""
    answer = client.post("/sign-in/", {"number": user.number, "password": PASSWORD, **fields})
    assert answer.status_code == 200
    found = re.search(r'name="pass" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def inside(client: Client) -> bool:
    return client.get("/me/").status_code == 200


@pytest.mark.pages
def test_right_password_alone_opens_no_session(cast: Cast) -> None:
    enroll(cast.lin)
    client = Client()

    half_in(client, cast.lin)

    assert "wenyou_session" not in client.cookies
    assert not inside(client)
    assert not AuditRow.objects.filter(action="accounts.sign_in").exists()


@pytest.mark.pages
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


@pytest.mark.pages
def test_code_seen_over_the_shoulder_does_not_let_in_again(cast: Cast) -> None:
    enroll(cast.lin)
    rewind(cast.lin)
    code = code_of(cast.lin)
    first, second = Client(), Client()

    came = first.post("/sign-in/code/", {"pass": half_in(first, cast.lin), "code": code})
    again = second.post("/sign-in/code/", {"pass": half_in(second, cast.lin), "code": code})

    assert (came.status_code, again.status_code) == (302, 422)
    assert not inside(second)


@pytest.mark.pages
def test_recovery_code_lets_in(cast: Cast) -> None:
    shown = enroll(cast.lin)
    client = Client()

    client.post("/sign-in/code/", {"pass": half_in(client, cast.lin), "code": shown[3]})

    assert inside(client)


@pytest.mark.pages
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


@pytest.mark.pages
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


@pytest.mark.pages
def test_demo_account_gives_its_code_on_this_machine_only(cast: Cast) -> None:
    shown = enroll(cast.lin)
    client = Client(REMOTE_ADDR="10.0.0.9")
    token = half_in(client, cast.lin)
    User.objects.filter(pk=cast.lin.pk).update(loopback_only=True)

    answer = client.post("/sign-in/code/", {"pass": token, "code": shown[0]})

    assert answer["Location"] == "/sign-in/"


@pytest.mark.pages
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


@pytest.mark.pages
def test_wrong_codes_of_somebody_signed_in_lock_as_well(cast: Cast, client_of: ClientOf) -> None:
    enroll(cast.lin)
    client = client_of(cast.lin)

    said = {"code": wrong_for(cast.lin)}
    got = [client.post("/me/second-step/end/", said).status_code for _ in range(5)]

    assert got == [422] * 4 + [429]
    assert in_force(cast.lin)


@pytest.mark.pages
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


@pytest.mark.pages
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


@pytest.mark.pages
def test_administrator_resets_on_the_page_of_the_account(cast: Cast, client_of: ClientOf) -> None:
    enroll(cast.lin)
    client = client_of(cast.security_admin)
    address = f"/system/users/{cast.lin.pk}/second-step/"
    assert address in client.get(f"/system/users/{cast.lin.pk}/").content.decode()

    empty = client.post(address, {"reason": ""})
    done = client.post(address, {"reason": "本人当面申请"})

    assert (empty.status_code, done.status_code) == (422, 302)
    assert not in_force(cast.lin)


@pytest.mark.pages
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


@pytest.mark.pages
def test_program_with_a_token_is_asked_for_no_code(cast: Cast, client_of: ClientOf) -> None:
    enroll(cast.chen)
    require_of("service_office")
    page = client_of(cast.system_admin).post(
        "/system/tokens/new/",
        {"number": cast.chen.number, "title": "叫号机", "scopes": "read", "days": "30"},
    )
    found = re.search(r"wy_[\w-]+", page.content.decode())
    assert found is not None

    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {found[0]}"})

    assert answer.status_code == 200
