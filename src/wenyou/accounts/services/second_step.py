"""The second step of signing in: set up, proved by a code, ended, reset by an administrator."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from wenyou.accounts import codes
from wenyou.accounts.actions import path_of
from wenyou.accounts.hooks import tell_person
from wenyou.accounts.models import RecoveryCode, RoleCode, SecondStep, User
from wenyou.accounts.scope import require
from wenyou.accounts.second_step import in_force, required_of
from wenyou.audit.services import Change, record
from wenyou.knobs.services import setting
from wenyou_core.errors import InputRefused

ON, OWN = "已经启用动态验证码。要换手机，请先用验证码停用，再重新启用。", "/me/second-step/"
OFF = "还没有启用动态验证码，请先在“我的”页面启用。"
WRONG = "验证码不对，或者已经用过。请等验证器显示下一个再输入；手机时间不准时请先校准。"


class CodeRefused(InputRefused):
    """A code was wrong, too old, or used before: it counts as a failed try to sign in."""

    def __init__(self) -> None:
        super().__init__("code-wrong", WRONG)


@transaction.atomic
def begin_second_step(user: User, *, password: str) -> SecondStep:
    """A fresh secret, not in force until a first code comes back; asks for the password."""
    if in_force(user):
        raise InputRefused("second-step-on", ON)
    if not user.check_password(password):
        raise InputRefused("password-old", "密码不对，没有开始启用。请重新输入登录密码。")
    row, _ = SecondStep.objects.get_or_create(user=user, defaults={"begun_at": timezone.now()})
    row.begun_at, row.last_step = timezone.now(), -1
    codes.seal_fresh(row, str(setting("vault.cipher")))
    row.save()
    return row


@transaction.atomic
def confirm_second_step(user: User, *, code: str) -> list[str]:
    """Put it into force by a first code; the recovery codes, to be shown once."""
    row = SecondStep.objects.select_for_update().filter(user=user).first()
    if row is None or not row.sealed:
        raise InputRefused("second-step-off", OFF)
    if row.confirmed_at is not None:
        raise InputRefused("second-step-on", ON)
    if not _accepted(row, code):
        raise CodeRefused
    row.confirmed_at = timezone.now()
    row.save(update_fields=["confirmed_at"])
    record("accounts.second_step.on", by=user, change=Change(subject=user))
    tell_person(user, "您的账号已启用动态验证码。不是您本人操作的，请立即联系安全管理员。", OWN)
    return _fresh_codes(user)


@transaction.atomic
def prove(user: User, *, code: str) -> None:
    """Accept a code of the device or a recovery code, each once. Raises CodeRefused.

    A recovery code that was used is told to the person and stands in the log.
    """
    row = SecondStep.objects.filter(user=user, confirmed_at__isnull=False).first()
    if row is None:
        raise InputRefused("second-step-off", OFF)
    if _accepted(row, code):
        return
    unused = RecoveryCode.objects.filter(user=user, used_at=None)
    if len(codes.one_form_of(code)) != codes.RECOVERY_SIGNS or not unused.filter(
        digest=codes.digest_of(user, code)
    ).update(used_at=timezone.now()):
        raise CodeRefused
    left = unused.count()
    record(
        "accounts.second_step.recovery", by=user, change=Change(subject=user, new={"left": left})
    )
    tell_person(
        user, f"您的账号刚用掉一个恢复码，还剩 {left} 个。不是您本人的，请联系安全管理员。", OWN
    )


@transaction.atomic
def renew_recovery_codes(user: User, *, code: str) -> list[str]:
    """New recovery codes in the place of all earlier ones; asks for a fresh code."""
    prove(user, code=code)
    record("accounts.second_step.codes", by=user, change=Change(subject=user))
    return _fresh_codes(user)


@transaction.atomic
def end_second_step(user: User, *, code: str) -> None:
    """Do without it again; refused where a role of the person requires it."""
    if required_of(user):
        raise InputRefused(
            "second-step-required",
            "您的角色必须使用动态验证码，不能停用。换手机请联系安全管理员重置。",
        )
    prove(user, code=code)
    _forget(user)
    record("accounts.second_step.off", by=user, change=Change(subject=user))
    tell_person(user, "您的账号已停用动态验证码。不是您本人操作的，请立即联系安全管理员。", OWN)


@transaction.atomic
def reset_second_step(user: User, *, reason: str, by: User) -> None:
    """Take the second step off an account whose person lost the device, with the ground for it.

    By a security administrator, while passwords are a system administrator's: neither gets into
    an account alone. All sessions end.
    """
    require(by, path_of(user), RoleCode.SECURITY_ADMIN, doing="重置动态验证码")
    if by.pk == user.pk:
        raise InputRefused(
            "second-step-self", "不能重置自己的动态验证码，请由另一名安全管理员办理。"
        )
    if not reason.strip():
        raise InputRefused("second-step-reason", "请写明重置的依据，例如本人当面核对身份后申请。")
    if not in_force(user):
        raise InputRefused("second-step-off", f"{user.label}没有启用动态验证码，不用重置。")
    _forget(user)
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
    note = reason.strip()[:200]
    record("accounts.second_step.reset", by=by, change=Change(subject=user, note=note))
    tell_person(user, f"{by.label}重置了您的动态验证码，依据：{note}。请重新启用。"[:300], OWN)


def _accepted(row: SecondStep, code: str) -> bool:
    """Whether the code is right and was not used; of two that send it at once one succeeds."""
    plain, drift = codes.one_form_of(code), int(setting("second_step.drift"))
    step = codes.step_of(row, plain, now=timezone.now().timestamp(), drift=drift)
    if step is None:
        return False
    fresh = SecondStep.objects.filter(pk=row.pk, last_step__lt=step)
    return fresh.update(last_step=step) == 1


def _fresh_codes(user: User) -> list[str]:
    count = int(setting("second_step.recovery_codes"))
    shown = [codes.fresh_recovery() for _ in range(count)]
    RecoveryCode.objects.filter(user=user).delete()
    rows = [RecoveryCode(user=user, digest=codes.digest_of(user, one)) for one in shown]
    RecoveryCode.objects.bulk_create(rows)
    return shown


def _forget(user: User) -> None:
    SecondStep.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()
