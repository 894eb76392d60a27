"""The second step of signing in: codes once, locks, recovery, who must, who resets."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from tests.platform.accounts.devices import code_of, enroll, require_of, rewind, wrong_for
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
